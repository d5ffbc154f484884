"""What a community has told Muse, shown to its organisers."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import Action, encode
from bot.brief import Angles, LoreLine
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Field,
    FieldKind,
    FormCard,
    Heading,
    Line,
    Literal,
    Note,
    Paragraph,
    Plain,
    Strong,
)
from bot.present.lines import joined, naming
from bot.requests import Blank
from bot.wording import en
from bot.writing.lenses import LENSES


def lore_card(lines: Sequence[LoreLine], said: str = "", gone: str = "") -> Card:
    """The community's lore; `said` tells what was just done, `gone` what a removed line was."""
    blocks: list[Block] = [Heading((Plain(en.LORE_HEADING),))]
    if said:
        blocks.append(Paragraph((Strong(said), *((Plain(" "), Literal(gone)) if gone else ()))))
    if lines:
        rows = [(Strong(f"{line.number} "), Literal(line.text)) for line in lines]
        blocks.append(Paragraph(joined(rows)))
    else:
        blocks.append(Paragraph((Plain(en.LORE_NONE),)))
    blocks.append(Note((Plain(en.LORE_HOW),)))
    add = Button(
        encode(Action("compose", argument=Blank.LORE)),
        en.LORE_ADD,
        typed="muse-admin lore-add …",
    )
    remove = Button(
        encode(Action("lore")),
        en.SHOW_ANEW,
        typed=f"muse-admin lore-remove {lines[0].number}" if lines else "",
    )
    blocks.append(Buttons((add, remove)))
    return Card(tuple(blocks), said or en.LORE_HEADING)


def angles_card(angles: Angles, said: str = "") -> Card:
    """Every angle; what is hidden is told apart."""
    blocks: list[Block] = [Heading((Plain(en.ANGLES_HEADING),))]
    if said:
        blocks.append(Paragraph(naming(said, quoting=True)))
    own: list[Line] = [
        (Literal(lens.label), Plain(" — "), Literal(lens.line), *_hidden(lens.name, angles))
        for lens in angles.own
    ]
    if own:
        blocks.append(Paragraph((Strong(en.ANGLES_OWN), Plain("\n"), *joined(own))))
    built_in: list[Line] = [
        (Strong(lens.label), Plain(f" — {lens.line}"), *_hidden(lens.name, angles))
        for lens in LENSES
    ]
    blocks.append(Paragraph(joined(built_in)))
    blocks.append(Note((Plain(en.ANGLES_HOW),)))
    blocks.append(
        Buttons(
            (
                Button(
                    encode(Action("compose", argument=Blank.ANGLE)),
                    en.ANGLE_ADD,
                    typed="muse-admin angle-add …: …",
                ),
                Button(encode(Action("angles")), en.SHOW_ANEW, typed="muse-admin angle-hide …"),
            )
        )
    )
    return Card(tuple(blocks), said or en.ANGLES_HEADING)


def _hidden(name: str, angles: Angles) -> Line:
    return (Plain(f" ({en.HIDDEN})"),) if name in angles.hidden else ()


def lore_form(limit: int) -> FormCard:
    """The form for a line of lore."""
    text = Field("text", en.FORM_LORE, FieldKind.LINE, max_length=limit, hint=en.FORM_LORE_HINT)
    return FormCard(en.LORE_ADD, encode(Action("loreadd")), (text,), en.FORM_LORE_SUBMIT)


def angle_form(name: int, instruction: int) -> FormCard:
    """The form for an angle; its limits are in characters."""
    return FormCard(
        en.ANGLE_ADD,
        encode(Action("angle")),
        (
            Field("name", en.FORM_ANGLE_NAME, FieldKind.LINE, max_length=name),
            Field(
                "instruction",
                en.FORM_ANGLE_DOES,
                FieldKind.PARAGRAPH,
                max_length=instruction,
                hint=en.FORM_ANGLE_HINT,
            ),
        ),
        en.FORM_ANGLE_SUBMIT,
    )
