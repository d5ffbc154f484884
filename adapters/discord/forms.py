"""Form cards as modals, and what was filled in. https://docs.discord.com/developers/components/reference#label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from adapters.discord import limits, words
from adapters.discord.draw import options
from adapters.discord.text import clean, shortened
from bot.actions import decode, encode
from bot.cards import Field, FieldKind, FormCard, Option

TWIST = "twist"  #: the id of Discord's own form: a text of somebody's, and what to make of it
TWIST_FIELD, SOURCE_FIELD = "twist", "source"
OF_PIECE = "of"  #: begins the id of a form that asks which piece it is about
PIECE_FIELD = "piece"
TWIST_LENGTH = 500


def modal(form: FormCard) -> ui.Modal:
    """A form as a modal. It is finished when it is made: nothing of it is kept here."""
    made = ui.Modal(title=shortened(form.title, limits.MODAL_TITLE), custom_id=form.action)
    for field in form.fields:
        made.add_item(_label(field))
    made.stop()
    return made


def twist_form(source: str) -> ui.Modal:
    """Discord's own form for *Remix* on any message: the text comes along, to be trimmed."""
    fields = (
        Field(
            TWIST_FIELD,
            words.TWIST_LABEL,
            FieldKind.LINE,
            max_length=TWIST_LENGTH,
            hint=words.TWIST_HINT,
        ),
        Field(
            SOURCE_FIELD,
            words.SOURCE_LABEL,
            max_length=limits.INPUT_LENGTH,
            value=shortened(clean(source), limits.INPUT_LENGTH),
        ),
    )
    return modal(FormCard(words.TWIST_TITLE, TWIST, fields, words.REMIX))


def with_pieces(form: FormCard, pieces: Mapping[int, str]) -> FormCard:
    """A form about one piece as one that asks which: `pieces` are their beginnings by number."""
    options = tuple(Option(str(n), f"{n}: {said}") for n, said in sorted(pieces.items()))
    which = Field(
        PIECE_FIELD,
        words.PIECE_LABEL,
        FieldKind.SELECT,
        value=options[0].value,
        options=options[: limits.SELECT_OPTIONS],
    )
    return replace(
        form,
        title=words.TWIST_TITLE,
        action=f"{OF_PIECE}~{form.action}",
        fields=(which, *form.fields),
    )


def piece_chosen(ident: str, fields: Mapping[str, str]) -> str:
    """The action of a form made by `with_pieces`, on the piece that was chosen.

    Raises `BadInput` where it is none.
    """
    action, chosen = decode(ident.removeprefix(f"{OF_PIECE}~")), fields.get(PIECE_FIELD, "")
    return encode(replace(action, entry=int(chosen) if chosen.isdecimal() else action.entry))


def filled(components: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What a member filled in, by field; several values with commas between them."""
    return dict(_filled(components))


def values(component: Mapping[str, Any]) -> str:
    """The values of one component, with commas between them."""
    if "values" in component:
        return ",".join(str(value) for value in component["values"])
    return str(component.get("value") or "")


def _filled(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for component in components:
        inner = component.get("component")
        if inner is not None:
            yield from _filled([inner])
        elif "components" in component:
            yield from _filled(component["components"])
        elif "custom_id" in component:
            yield str(component["custom_id"]), values(component)


def _label(field: Field) -> ui.Label[Any]:
    fits = len(field.label) <= limits.FIELD_LABEL
    description = None if fits else shortened(field.label, limits.FIELD_DESCRIPTION)
    return ui.Label(
        text=shortened(field.label, limits.FIELD_LABEL),
        description=description,
        component=_select(field) if field.kind is FieldKind.SELECT else _input(field),
    )


def _input(field: Field) -> ui.TextInput[Any]:
    paragraph = field.kind is FieldKind.PARAGRAPH
    length = min(field.max_length, limits.INPUT_LENGTH)
    return ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if paragraph else discord.TextStyle.short,
        placeholder=shortened(field.hint, limits.INPUT_PLACEHOLDER) or None,
        default=field.value[:length] or None,
        required=field.required,
        max_length=length,
    )


def _select(field: Field) -> ui.Select[Any]:
    offered = field.options[: limits.SELECT_OPTIONS]
    return ui.Select(
        custom_id=field.name,
        placeholder=shortened(field.hint, limits.SELECT_PLACEHOLDER) or None,
        min_values=1 if field.required else 0,
        max_values=min(max(field.most, 1), len(offered)),
        options=options(offered, field.value.split(",")),
        required=field.required,
    )
