"""Buttons and selects as Block Kit has them. Pure.

An action's id is the element's `action_id`, whole. Where two of one block would be the same,
the later ones get a number behind a bar, which no action's id holds: `told` takes it off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ConversationFilter,
    ConversationMultiSelectElement,
    ConversationSelectElement,
    Option,
    SectionBlock,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserMultiSelectElement,
    UserSelectElement,
)

from adapters.slack import words
from adapters.slack.limits import (
    ACTIONS_ELEMENTS,
    BUTTON_TEXT,
    OPTION_TEXT,
    OPTIONS,
    PLACEHOLDER,
    SECTION_TEXT,
)
from adapters.slack.spans import plain_text
from adapters.slack.text import clip
from bot.cards import Button, Buttons, Pool, Select, Style
from bot.cards import Option as Choice

Json = dict[str, Any]

_STYLES = {Style.MAIN: "primary", Style.DANGER: "danger", Style.PLAIN: None}
_NUMBERED = re.compile(r"\|\d+\Z")
_KEPT = 1024  # rows of buttons kept in memory: every receipt repeats them


def told(action_id: str) -> str:
    """The action that an element's id names."""
    return _NUMBERED.sub("", action_id)


def unlike(ids: Iterable[str]) -> list[str]:
    """Ids of one block, each its own."""
    seen: dict[str, int] = {}
    made = []
    for each in ids:
        seen[each] = seen.get(each, 0) + 1
        made.append(each if seen[each] == 1 else f"{each}|{seen[each]}")
    return made


def button(what: Button, action_id: str = "", about: str = "") -> ButtonElement:
    """A button. Slack has none that can't be pressed; one that leads to where one is has a tick.

    `about` says what it is the button of to those who hear it without what stands beside it.
    """
    label = f"✓ {what.label}" if what.disabled else what.label
    return ButtonElement(
        text=plain_text(clip(label, BUTTON_TEXT)),
        action_id=action_id or what.action,
        style=None if what.disabled else _STYLES[what.style],
        accessibility_label=clip(f"{label} {about}", BUTTON_TEXT) if about else None,
    )


@lru_cache(_KEPT)
def actions(row: Buttons) -> tuple[Json, ...]:
    """A row of buttons; two where one block can't hold them."""
    ids = unlike(each.action for each in row.buttons)
    made = [button(each, ident) for each, ident in zip(row.buttons, ids, strict=True)]
    return tuple(
        ActionsBlock(elements=made[first : first + ACTIONS_ELEMENTS]).to_dict()
        for first in range(0, len(made), ACTIONS_ELEMENTS)
    )


def select(what: Select, groups: Sequence[tuple[str, str]] = ()) -> list[Json]:
    """A choice beside its label. Slack has no menu of user groups, so they are options."""
    if what.pool is Pool.ROLES:
        offered = (*what.options, *(Choice(ident, f"@{handle}") for ident, handle in groups))
        what = replace(what, pool=Pool.OPTIONS, options=offered)
    if what.pool is Pool.OPTIONS and not what.options:
        text = clip(f"{what.label}: {words.NO_CHOICES}", SECTION_TEXT)
        return [SectionBlock(text=plain_text(text)).to_dict()]
    element = _several(what) if what.most > 1 else _one(what)
    return [
        SectionBlock(text=plain_text(clip(what.label, SECTION_TEXT)), accessory=element).to_dict()
    ]


def options(choices: Sequence[Choice]) -> list[Option]:
    """What may be chosen, as far as a menu holds it."""
    return [
        Option(value=each.value, text=plain_text(clip(each.label, OPTION_TEXT)))
        for each in choices[:OPTIONS]
    ]


def _chosen(offered: Sequence[Option], values: Iterable[str]) -> list[Option]:
    standing = set(values)
    return [option for option in offered if option.value in standing]


def _one(what: Select) -> Any:
    first = what.chosen[0] if what.chosen else None
    label = plain_text(clip(what.label, PLACEHOLDER))
    match what.pool:
        case Pool.PEOPLE:
            return UserSelectElement(action_id=what.action, placeholder=label, initial_user=first)
        case Pool.CHANNELS:
            return ConversationSelectElement(
                action_id=what.action,
                placeholder=label,
                initial_conversation=first,
                filter=_channels(),
            )
        case _:
            offered = options(what.options)
            return StaticSelectElement(
                action_id=what.action,
                placeholder=label,
                options=offered,
                initial_option=next(iter(_chosen(offered, what.chosen)), None),
            )


def _several(what: Select) -> Any:
    chosen = list(what.chosen) or None
    label = plain_text(clip(what.label, PLACEHOLDER))
    match what.pool:
        case Pool.PEOPLE:
            return UserMultiSelectElement(
                action_id=what.action,
                placeholder=label,
                initial_users=chosen,
                max_selected_items=what.most,
            )
        case Pool.CHANNELS:
            return ConversationMultiSelectElement(
                action_id=what.action,
                placeholder=label,
                initial_conversations=chosen,
                max_selected_items=what.most,
                filter=_channels(),
            )
        case _:
            offered = options(what.options)
            return StaticMultiSelectElement(
                action_id=what.action,
                placeholder=label,
                options=offered,
                initial_options=_chosen(offered, what.chosen) or None,
                max_selected_items=what.most,
            )


def _channels() -> ConversationFilter:
    return ConversationFilter(include=["public", "private"], exclude_bot_users=True)
