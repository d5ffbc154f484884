"""Form cards as modals, and what was filled in read back. Pure.

A field is an input block whose `block_id` is the field's name, so that an error finds it:
https://docs.slack.dev/surfaces/modals#displaying_errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    InputBlock,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from adapters.slack import words
from adapters.slack.controls import options
from adapters.slack.limits import INPUT_LABEL, INPUT_LENGTH, VIEW_TITLE
from adapters.slack.payloads import carry
from adapters.slack.spans import context, plain_text, rich
from adapters.slack.text import Pen, clip, tidy
from bot.cards import Field, FieldKind, FormCard, Plain

Json = dict[str, Any]

INPUT = "input"  # the action_id of every field; its block has its name


def form_view(
    form: FormCard, kept: Mapping[str, str], before: Sequence[Json] = (), submit: str = ""
) -> Json:
    """A form as a modal, with `before` above its fields."""
    fields = [_input(field).to_dict() for field in form.fields]
    return _modal(
        form.title,
        [*before, *fields],
        callback=form.action,
        kept=kept,
        submit=submit or form.submit,
    )


def card_view(
    title: str, blocks: Sequence[Json], kept: Mapping[str, str], *, callback: str = ""
) -> Json:
    """Blocks to be read and pressed, as a modal."""
    return _modal(title, list(blocks), callback=callback, kept=kept)


def waiting_view(title: str = words.APP) -> Json:
    """What a modal shows until there is something to show."""
    pen = Pen(str)
    return _modal(title, context((Plain(words.LOADING),), pen), kept={})


def telling_view(text: str, kept: Mapping[str, str] | None = None) -> Json:
    """A modal that says one thing."""
    return _modal(words.APP, rich([(Plain(text),)], Pen(str)), kept=kept or {})


def home_view(blocks: Sequence[Json]) -> Json:
    """The Home tab."""
    return View(type="home", blocks=list(blocks)).to_dict()


def filled(view: Mapping[str, Any]) -> dict[str, str]:
    """What the fields of a view hold, by their names; several choices with spaces between."""
    values = (view.get("state") or {}).get("values") or {}
    return {
        str(name): _value(element)
        for name, elements in values.items()
        for element in list(elements.values())[:1]
    }


def errors_on(view: Mapping[str, Any], text: str) -> Json:
    """The answer that shows an error on a view's first field of text, or on its first."""
    fields = [block for block in view.get("blocks", []) if block.get("type") == "input"]
    typed = [f for f in fields if f["element"]["type"] == "plain_text_input"]
    name = (typed or fields)[0]["block_id"]
    return {"response_action": "errors", "errors": {name: text}}


def chosen(action: Mapping[str, Any]) -> tuple[str, ...]:
    """The values that a click or a choice carries; none where it is a button."""
    return tuple(_value(action).split()) if action.get("type") != "button" else ()


def _value(element: Mapping[str, Any]) -> str:
    for key in ("selected_option", "selected_options"):
        if key in element:
            held = element[key] or []
            several = held if isinstance(held, list) else [held]
            return " ".join(str(option["value"]) for option in several)
    for key in (
        "selected_conversation",
        "selected_conversations",
        "selected_channel",
        "selected_user",
        "selected_users",
    ):
        if key in element:
            held = element[key] or ""
            return " ".join(held) if isinstance(held, list) else str(held)
    return str(element.get("value") or "")


def _input(field: Field) -> InputBlock:
    element = _select(field) if field.kind is FieldKind.SELECT else _typed(field)
    hint = field.hint if field.kind is FieldKind.SELECT else ""
    return InputBlock(
        block_id=field.name,
        label=plain_text(clip(field.label, INPUT_LABEL)),
        element=element,
        optional=not field.required,
        hint=plain_text(clip(hint, INPUT_LABEL)) if hint else None,
    )


def _typed(field: Field) -> PlainTextInputElement:
    most = max(1, min(field.max_length, INPUT_LENGTH))
    return PlainTextInputElement(
        action_id=INPUT,
        multiline=field.kind is FieldKind.PARAGRAPH,
        max_length=most,
        initial_value=tidy(field.value)[:most] or None,
        placeholder=plain_text(clip(field.hint, 150)) if field.hint else None,
    )


def _select(field: Field) -> StaticSelectElement | StaticMultiSelectElement:
    offered = options(field.options)
    standing = [option for option in offered if option.value in field.value.split()]
    if field.most > 1:
        return StaticMultiSelectElement(
            action_id=INPUT,
            options=offered,
            initial_options=standing or None,
            max_selected_items=field.most,
        )
    return StaticSelectElement(
        action_id=INPUT, options=offered, initial_option=standing[0] if standing else None
    )


def _modal(
    title: str,
    blocks: list[Json],
    *,
    kept: Mapping[str, str],
    callback: str = "",
    submit: str = "",
) -> Json:
    return View(
        type="modal",
        title=plain_text(clip(title, VIEW_TITLE)),
        close=plain_text(words.CLOSE),
        submit=plain_text(clip(submit, VIEW_TITLE)) if submit else None,
        blocks=blocks,
        callback_id=callback or None,
        private_metadata=carry(kept) or None,
    ).to_dict()
