"""What of a card fits into a message or onto a page of a view. Pure.

A message that can't hold all of a card keeps its beginning, its end and its buttons, and says
how much it leaves out; everything is on the pages of a modal. Nothing goes missing silently.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.slack import words
from adapters.slack.blocks import Part, measure, parts
from adapters.slack.limits import (
    MESSAGE_BLOCKS,
    MESSAGE_TEXT,
    VIEW_BLOCKS,
    VIEW_BYTES,
)
from adapters.slack.spans import context
from adapters.slack.text import Pen
from bot.cards import Card, Plain

Json = dict[str, Any]

_NAVIGATION = 3  # blocks of a page that say where one is and lead on


@dataclass(frozen=True, slots=True)
class Fitted:
    """The blocks of a message; `left` counts the card's blocks that it has no room for."""

    blocks: list[Json]
    left: int = 0


def fit(card: Card, pen: Pen, *, besides: int = 0) -> Fitted:
    """As much of a card as one message holds that has so many blocks besides."""
    made, most = parts(card, pen), MESSAGE_BLOCKS - besides
    if _fits(made, most):
        return Fitted(checked(_blocks(made)))
    room = list(made)
    gone = 0
    while not _fits([*room, _more(gone, pen)], most):
        last = next((i for i in reversed(range(len(room))) if not room[i].kept), None)
        if last is None:  # nothing but what is always kept: its end goes
            last = max((i for i, each in enumerate(room) if not _pressed(each)), default=-1)
        gone += room.pop(last).counts
    position = next((i for i in reversed(range(len(room))) if not room[i].kept), -1) + 1
    room.insert(position, _more(gone, pen))
    return Fitted(checked(_blocks(room)), gone)


def pages(card: Card, pen: Pen) -> list[list[Json]]:
    """All of a card, page by page as a view holds it."""
    made: list[list[Json]] = [[]]
    size = 0
    for block in _blocks(parts(card, pen)):
        length = len(json.dumps(block))
        if made[-1] and (len(made[-1]) >= VIEW_BLOCKS - _NAVIGATION or size + length > VIEW_BYTES):
            made.append([])
            size = 0
        made[-1].append(block)
        size += length
    return [checked(page) for page in made]


def checked(blocks: list[Json]) -> list[Json]:
    """The blocks, once no two elements of one have the same id, which slack_sdk doesn't check.

    Raises ValueError.
    """
    for block in blocks:
        ids = [each["action_id"] for each in _elements(block) if "action_id" in each]
        if len(set(ids)) < len(ids):
            raise ValueError(f"elements of one block share an action id: {sorted(ids)}")
    return blocks


def _elements(block: Json) -> Iterator[Json]:
    for each in (*block.get("elements", ()), block.get("accessory"), block.get("element")):
        if isinstance(each, dict):
            yield each


def _blocks(made: Sequence[Part]) -> list[Json]:
    return [block for part in made for block in part.blocks]


def _fits(made: Sequence[Part], most: int) -> bool:
    count = sum(len(part.blocks) for part in made)
    return count <= most and sum(part.size for part in made) <= MESSAGE_TEXT


def _more(count: int, pen: Pen) -> Part:
    blocks = tuple(context((Plain(words.more(max(1, count))),), pen))
    return Part(blocks, measure(blocks), 0, kept=True)


def _pressed(part: Part) -> bool:
    return any(block["type"] == "actions" or "accessory" in block for block in part.blocks)
