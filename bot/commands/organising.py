"""The organisers' commands: what Muse knows of the community, and how it looks at things."""

from __future__ import annotations

from bot.cards import Answer
from bot.commands.spec import (
    ORGANISERS,
    CommandSpec,
    Kind,
    Param,
    Values,
    given,
    nothing,
    number,
    text,
)
from bot.community_requests import (
    AddLore,
    DescribeAngle,
    HideAngle,
    Lore,
    RemoveAngle,
    RemoveLore,
    ShowAngles,
)
from bot.requests import Request
from bot.wording import en

_NAME = Param("name", Kind.TEXT, en.PARAM_ANGLE, required=True)


def _lore_values(request: Request) -> Values:
    assert isinstance(request, AddLore)
    return given(text=request.text)


def _number_values(request: Request) -> Values:
    assert isinstance(request, RemoveLore)
    return given(number=request.number)


def _describe_values(request: Request) -> Values:
    assert isinstance(request, DescribeAngle)
    return given(name=request.name, instruction=request.instruction)


def _name_values(request: Request) -> Values:
    assert isinstance(request, HideAngle | RemoveAngle)
    return given(name=request.name)


ORGANISING_COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec(
        f"{ORGANISERS} lore",
        en.HELP_LORE,
        ("muse-admin lore",),
        Answer.PRIVATE,
        (),
        lambda _: Lore(),
        nothing,
        Lore,
    ),
    CommandSpec(
        f"{ORGANISERS} lore-add",
        en.HELP_LORE_ADD,
        ("muse-admin lore-add Every Friday the lift breaks, and we call it Gerald.",),
        Answer.PRIVATE,
        (Param("text", Kind.TEXT, en.PARAM_LORE, required=True),),
        lambda v: AddLore(text(v, "text")),
        _lore_values,
        AddLore,
    ),
    CommandSpec(
        f"{ORGANISERS} lore-remove",
        en.HELP_LORE_REMOVE,
        ("muse-admin lore-remove 3",),
        Answer.PRIVATE,
        (Param("number", Kind.NUMBER, en.PARAM_LORE_NUMBER, required=True),),
        lambda v: RemoveLore(number(v, "number")),
        _number_values,
        RemoveLore,
    ),
    CommandSpec(
        f"{ORGANISERS} angles",
        en.HELP_ANGLES,
        ("muse-admin angles",),
        Answer.PRIVATE,
        (),
        lambda _: ShowAngles(),
        nothing,
        ShowAngles,
    ),
    CommandSpec(
        f"{ORGANISERS} angle-add",
        en.HELP_ANGLE_ADD,
        ("muse-admin angle-add the last bus: As the driver of the last bus, who has seen us all.",),
        Answer.PRIVATE,
        (
            Param("name", Kind.NAME, en.PARAM_ANGLE, required=True),
            Param("instruction", Kind.TEXT, en.PARAM_INSTRUCTION, required=True),
        ),
        lambda v: DescribeAngle(text(v, "name"), text(v, "instruction")),
        _describe_values,
        DescribeAngle,
    ),
    CommandSpec(
        f"{ORGANISERS} angle-hide",
        en.HELP_ANGLE_HIDE,
        ("muse-admin angle-hide a weather report",),
        Answer.PRIVATE,
        (_NAME,),
        lambda v: HideAngle(text(v, "name")),
        _name_values,
        HideAngle,
    ),
    CommandSpec(
        f"{ORGANISERS} angle-show",
        en.HELP_ANGLE_SHOW,
        ("muse-admin angle-show a weather report",),
        Answer.PRIVATE,
        (_NAME,),
        lambda v: HideAngle(text(v, "name"), hidden=False),
        _name_values,
        HideAngle,
    ),
    CommandSpec(
        f"{ORGANISERS} angle-remove",
        en.HELP_ANGLE_REMOVE,
        ("muse-admin angle-remove the last bus",),
        Answer.PRIVATE,
        (_NAME,),
        lambda v: RemoveAngle(text(v, "name")),
        _name_values,
        RemoveAngle,
    ),
)
