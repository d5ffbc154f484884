"""The adapter's own forms: a round asked for where nothing can be typed. Pure.

Their fields are the arguments of the core's command, whatever those are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.models.blocks import ConversationFilter, ConversationSelectElement, InputBlock

from adapters.slack import words
from adapters.slack.forms import form_view
from adapters.slack.limits import INPUT_LENGTH
from adapters.slack.spans import plain_text
from bot.cards import Field, FieldKind, FormCard, Option
from bot.commands import MUSE, Kind, Param, Value
from bot.requests import Ask, Request

Json = dict[str, Any]

ASK = "slack~ask"  # the callback ids of the forms
REMIX = "slack~remix"
WHERE = "where"  # the field that says in which channel
_TWIST, _SOURCE = "twist", "source"


def ask_view(kept: Mapping[str, str]) -> Json:
    """The form for a round; where nobody knows the channel yet, it asks for that too."""
    form = FormCard(words.SHORTCUT_ASK, ASK, tuple(map(_field, MUSE.params)), words.SEND)
    return form_view(form, kept, before=() if kept.get("channel") else (_where(),))


def remix_view(text: str, kept: Mapping[str, str]) -> Json:
    """The form that says what to make of a message."""
    fitting = text[:INPUT_LENGTH]
    fields = (
        Field(_TWIST, words.MAKE_OF_IT, max_length=INPUT_LENGTH),
        Field(
            _SOURCE,
            words.BEGIN_FROM if fitting == text else f"{words.BEGIN_FROM}. {words.CUT_TO_FIT}",
            max_length=INPUT_LENGTH,
            value=fitting,
        ),
    )
    return form_view(FormCard(words.SHORTCUT_REMIX, REMIX, fields, words.SEND), kept)


def asked(callback: str, fields: Mapping[str, str]) -> Request:
    """What such a form asks for. Raises KeyError for a form that is none of these."""
    if callback == REMIX:
        return Ask(fields.get(_TWIST, ""), source=fields.get(_SOURCE, ""))
    if callback != ASK:
        raise KeyError(callback)
    return MUSE.build(dict(_values(fields)))


def _values(fields: Mapping[str, str]) -> Iterator[tuple[str, Value]]:
    for param in MUSE.params:
        text = fields.get(param.name, "").strip()
        if not text:
            continue
        if param.kind is Kind.SWITCH:
            yield param.name, text == words.YES
        elif param.kind is Kind.WORDS:
            parts = (" ".join(part.split()) for part in re.split(r"[,;\n]", text))
            yield param.name, tuple(dict.fromkeys(part for part in parts if part))
        else:
            yield param.name, text


def _field(param: Param) -> Field:
    label = param.name.capitalize()
    if param.kind is Kind.SWITCH:
        ways = (Option(words.NO, words.NO), Option(words.YES, words.YES))
        return Field(param.name, label, FieldKind.SELECT, value=words.NO, options=ways)
    if param.choices:
        options = tuple(Option(choice, choice) for choice in param.choices)
        return Field(
            param.name,
            label,
            FieldKind.SELECT,
            required=param.required,
            hint=param.line,
            options=options,
        )
    kind = FieldKind.PARAGRAPH if param.kind is Kind.TEXT else FieldKind.LINE
    return Field(param.name, label, kind, INPUT_LENGTH, param.required, hint=param.line)


def _where() -> Json:
    return InputBlock(
        block_id=WHERE,
        label=plain_text(words.WHERE),
        hint=plain_text(words.WHERE_HINT),
        element=ConversationSelectElement(
            action_id="input",
            default_to_current_conversation=True,
            filter=ConversationFilter(
                include=["public", "private"], exclude_external_shared_channels=False
            ),
        ),
    ).to_dict()
