"""The commands that open a round, put something into it, vote in it and end it."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import Answer
from bot.commands.spec import (
    BOLD,
    FACETS,
    FORM,
    WITHOUT,
    CommandSpec,
    Kind,
    Param,
    Values,
    given,
    nothing,
    number,
    numbers,
    several,
    text,
)
from bot.models import Facet
from bot.requests import (
    Add,
    Again,
    Ask,
    Close,
    Invite,
    LetMuse,
    Refine,
    Remix,
    Request,
    Show,
    Spark,
    Unvote,
    Vote,
    Withdraw,
)
from bot.wording import en
from bot.writing.forms import DECK_FORMS


def _facets(values: Values) -> tuple[Facet, ...]:
    return tuple(Facet(each) for each in several(values, "why"))


def _vote_values(request: Request) -> Values:
    assert isinstance(request, Vote | Unvote)
    return given(pieces=request.entries, why=tuple(f.value for f in request.facets))


def _form(name: str) -> str:
    return "" if name == "free" else name


def _ask_values(request: Request) -> Values:
    assert isinstance(request, Ask)
    return given(
        prompt=request.prompt,
        form=_form(request.form),
        without=request.without,
        bold=request.bold,
    )


def _again_values(request: Request) -> Values:
    assert isinstance(request, Again)
    return given(form=request.form, without=request.without, bold=request.bold)


def _refine_values(request: Request) -> Values:
    assert isinstance(request, Refine)
    return given(
        pieces=request.pieces,
        twist=request.twist,
        form=request.form,
        without=request.without,
        bold=request.bold,
    )


def _remix_values(request: Request) -> Values:
    assert isinstance(request, Remix)
    return given(piece=request.piece, twist=request.twist)


def _add_values(request: Request) -> Values:
    assert isinstance(request, Add)
    return {"text": request.text, **given(**{"from": request.parent})}


def _invite_values(request: Request) -> Values:
    assert isinstance(request, Invite)
    return given(theme=request.theme, form=_form(request.form))


def _spark_values(request: Request) -> Values:
    assert isinstance(request, Spark)
    return given(theme=request.theme)


def _withdraw_values(request: Request) -> Values:
    assert isinstance(request, Withdraw)
    return given(piece=request.entry)


_PIECES = Param("pieces", Kind.NUMBERS, en.PARAM_PIECES, required=True)
_WHY = Param("why", Kind.CHOICES, en.PARAM_WHY, choices=FACETS)
_THEME = Param("theme", Kind.TEXT, en.PARAM_THEME)
#: People answer in words.
_WRITTEN_FORM = replace(FORM, choices=tuple(form.name for form in DECK_FORMS))

MUSE = CommandSpec(
    "muse",
    en.HELP_MUSE,
    (
        "a lighthouse afraid of the dark",
        "the last bookshop on Mars --form haiku",
        "the sea in winter --without grey,gulls --bold",
    ),
    Answer.POST,
    (Param("prompt", Kind.TEXT, en.PARAM_PROMPT, required=True), FORM, WITHOUT, BOLD),
    lambda v: Ask(
        text(v, "prompt"), text(v, "form", "free"), several(v, "without"), bool(v.get("bold"))
    ),
    _ask_values,
    Ask,
)

ROUND_COMMANDS: tuple[CommandSpec, ...] = (
    MUSE,
    CommandSpec(
        "vote",
        en.HELP_VOTE,
        ("vote 2", "vote 1 3", "vote 2 moved"),
        Answer.PRIVATE,
        (_PIECES, _WHY),
        lambda v: Vote(numbers(v, "pieces"), _facets(v)),
        _vote_values,
        Vote,
        by_button=True,
    ),
    CommandSpec(
        "unvote",
        en.HELP_UNVOTE,
        ("unvote 2", "unvote 2 deep"),
        Answer.PRIVATE,
        (_PIECES, _WHY),
        lambda v: Unvote(numbers(v, "pieces"), _facets(v)),
        _vote_values,
        Unvote,
        by_button=True,
    ),
    CommandSpec(
        "add",
        en.HELP_ADD,
        (
            "add The keeper sings to it until the ships come home.",
            "add The same night, but the moth tells it. --from 2",
        ),
        Answer.PRIVATE,
        (
            Param("text", Kind.TEXT, en.PARAM_OWN, required=True),
            Param("from", Kind.NUMBER, en.PARAM_FROM, flag=True),
        ),
        lambda v: Add(text(v, "text"), number(v, "from")),
        _add_values,
        Add,
        by_button=True,
    ),
    CommandSpec(
        "remix",
        en.HELP_REMIX,
        ("remix 2 the same night, told by the moth",),
        Answer.PRIVATE,
        (
            Param("piece", Kind.NUMBER, en.PARAM_PARENT, required=True),
            Param("twist", Kind.TEXT, en.PARAM_TWIST, required=True),
        ),
        lambda v: Remix(number(v, "piece"), text(v, "twist")),
        _remix_values,
        Remix,
        by_button=True,
    ),
    CommandSpec(
        "refine",
        en.HELP_REFINE,
        ("refine 2 fewer words, and a dog", "refine make them all funnier --without rain"),
        Answer.POST,
        (
            Param("pieces", Kind.NUMBERS, en.PARAM_REFINED),
            Param("twist", Kind.TEXT, en.PARAM_CHANGE, required=True),
            FORM,
            WITHOUT,
            BOLD,
        ),
        lambda v: Refine(
            text(v, "twist"),
            numbers(v, "pieces"),
            text(v, "form"),
            several(v, "without"),
            bool(v.get("bold")),
        ),
        _refine_values,
        Refine,
        by_button=True,
    ),
    CommandSpec(
        "again",
        en.HELP_AGAIN,
        ("again", "again --form haiku", "again --without moon,tide --bold"),
        Answer.POST,
        (FORM, WITHOUT, BOLD),
        lambda v: Again(None, text(v, "form"), several(v, "without"), bool(v.get("bold"))),
        _again_values,
        Again,
        by_button=True,
    ),
    CommandSpec(
        "prompt",
        en.HELP_PROMPT,
        ("prompt", "prompt small kindnesses", "prompt the sea --form six-words"),
        Answer.POST,
        (_THEME, _WRITTEN_FORM),
        lambda v: Invite(text(v, "theme"), text(v, "form", "free")),
        _invite_values,
        Invite,
    ),
    CommandSpec(
        "answer",
        en.HELP_ANSWER,
        ("answer",),
        Answer.PRIVATE,
        (),
        lambda _: LetMuse(),
        nothing,
        LetMuse,
        by_button=True,
    ),
    CommandSpec(
        "spark",
        en.HELP_SPARK,
        ("spark", "spark a lost umbrella"),
        Answer.PRIVATE,
        (_THEME,),
        lambda v: Spark(text(v, "theme")),
        _spark_values,
        Spark,
    ),
    CommandSpec(
        "show",
        en.HELP_SHOW,
        ("show",),
        Answer.PRIVATE,
        (),
        lambda _: Show(),
        nothing,
        Show,
        by_button=True,
    ),
    CommandSpec(
        "close",
        en.HELP_CLOSE,
        ("close",),
        Answer.PRIVATE,
        (),
        lambda _: Close(),
        nothing,
        Close,
        by_button=True,
    ),
    CommandSpec(
        "withdraw",
        en.HELP_WITHDRAW,
        ("withdraw 5", "withdraw"),
        Answer.PRIVATE,
        (Param("piece", Kind.NUMBER, en.PARAM_WITHDRAW),),
        lambda v: Withdraw(number(v, "piece")),
        _withdraw_values,
        Withdraw,
        by_button=True,
    ),
)
