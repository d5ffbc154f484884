"""Fitting a card's parts into messages. Pure.

A message for everyone is shortened where it must be, visibly, with the way to the whole; a
private one is cut into pages, each of which holds its parts whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from adapters.discord import limits, words
from adapters.discord.parts import Entry, Part, Row, Rule, Words
from bot.actions import Action, decode, encode
from bot.cards import Button
from bot.errors import BadInput

CONTAINER = 1
NAVIGATION = 3  # a row with two buttons, or a file
_SIGN = 120  # characters kept for saying what is left out
_LEAST = 60  # characters of an entry, below which it says nothing
_WHOLE = frozenset({"show", "resultsof"})  # the ways to all of a round, or of a challenge's results


def fits(parts: Sequence[Part], components: int = 0, text: int = 0) -> bool:
    """Whether the parts, and so much besides, are one message."""
    return (
        CONTAINER + components + sum(part.components for part in parts) <= limits.MESSAGE_COMPONENTS
        and text + sum(part.length for part in parts) <= limits.MESSAGE_TEXT
    )


def shorten(parts: Sequence[Part]) -> list[Part]:
    """The parts as one message for everyone, shortened with the way to the whole if need be."""
    if fits(parts):
        return list(parts)
    parts = _without_rules(parts)
    if fits(parts):
        return parts
    kept = with_see_all(parts)
    kept, dropped = _fewer(kept)
    kept = _narrower(kept)
    line = f"-# {_sign(dropped, leads=any(a.verb in _WHOLE for a in _actions(kept)))}"
    at = max((i for i, part in enumerate(kept) if isinstance(part, Entry)), default=0) + 1
    if at < len(kept) and isinstance(following := kept[at], Words):
        kept[at] = Words((line, *following.lines))
    else:
        kept.insert(at, Words((line,)))
    return kept


def pages(parts: Sequence[Part], besides: int = 0) -> list[list[Part]]:
    """The parts as one message, or as several, each with room for the way to the others.

    `besides` are components that a single message has besides.
    """
    if fits(parts, besides):
        return [list(parts)]
    parts = _without_rules(parts)
    if fits(parts, besides):
        return [parts]
    room = limits.MESSAGE_TEXT
    made: list[list[Part]] = [[]]
    for part in parts:
        for piece in _divided(part, room):
            if made[-1] and not fits([*made[-1], piece], NAVIGATION):
                made.append([])
            made[-1].append(piece)
    return made


def _without_rules(parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if not isinstance(part, Rule)]


def _divided(part: Part, room: int) -> Iterator[Part]:
    """A part as parts that each fit a page."""
    if isinstance(part, Words) and part.length > room // 2:
        # In halves, so that a page is not left nearly empty for a long text's sake.
        yield from (Words((text,)) for text in chunks("\n".join(part.lines), room // 2))
    elif isinstance(part, Entry) and part.length > room:
        text = part.text
        first, *rest = chunks(text.removesuffix(part.foot), room - len(part.foot))
        yield _Drawn(part.number, first, "", part.button, part.picture)
        yield from (Words((more,)) for more in rest[:-1])
        yield Words((rest[-1] + part.foot,))
    else:
        yield part


class _Drawn(Entry):
    """An entry whose text is markdown already: the beginning of one that is divided."""

    __slots__ = ()

    @property
    def text(self) -> str:
        """The markdown."""
        return self.source


def chunks(text: str, size: int) -> list[str]:
    """The text in pieces of up to `size` characters, cut at lines, words, or between marks."""
    found: list[str] = []
    while len(text) > size:
        cut = text.rfind("\n", size // 2, size)
        if cut < 0:
            cut = text.rfind(" ", size // 2, size)
        if cut < 0:
            cut = size
            while text[cut - 1] == "\\" and cut > 1:
                cut -= 1  # a backslash stays with what it escapes
        found.append(text[:cut].rstrip("\n"))
        text = text[cut:].lstrip("\n")
    return [*found, text] if text else found


def with_see_all(parts: Sequence[Part]) -> list[Part]:
    """The parts with a button to the whole of their round, where they name one."""
    actions = list(_actions(parts))
    ref = next((action.ref for action in actions if action.round), None)
    if ref is None or any(action.verb in _WHOLE for action in actions):
        return list(parts)
    button = Button(encode(Action("show", ref.community, ref.round)), words.SEE_ALL, typed="show")
    kept = list(parts)
    last = kept[-1] if kept else None
    if isinstance(last, Row) and len(last.buttons) < limits.ROW_BUTTONS:
        kept[-1] = Row((*last.buttons, button))
    else:
        kept.append(Row((button,)))
    return kept


def _actions(parts: Sequence[Part]) -> Iterator[Action]:
    """What the parts' buttons do."""
    buttons = [button for part in parts if isinstance(part, Row) for button in part.buttons]
    buttons += [part.button for part in parts if isinstance(part, Entry) and part.button]
    for button in buttons:
        try:
            yield decode(button.action)
        except BadInput:
            continue


def _sign(dropped: int, *, leads: bool) -> str:
    """What says that something is not shown; `leads` that a button shows the whole."""
    see_all = f"**{words.SEE_ALL}**"
    if leads:
        sign = words.LEFT_OUT if dropped else words.SHORTENED
    else:
        sign = words.LEFT_OUT_HERE if dropped else words.SHORTENED_HERE
    return sign.format(count=dropped, see_all=see_all)


def _fewer(parts: list[Part]) -> tuple[list[Part], int]:
    """The parts without the last entries, until the components suffice; how many went.

    Where there are none, whatever stands last goes.
    """
    kept, dropped = list(parts), 0
    sign = 1  # the line that says so
    while (
        CONTAINER + sign + sum(part.components for part in kept) > limits.MESSAGE_COMPONENTS
        or _least(kept) > limits.MESSAGE_TEXT - _SIGN
    ):
        at = max((i for i, part in enumerate(kept) if isinstance(part, Entry)), default=0)
        at = at or len(kept) - 1
        if at < 1:
            break
        del kept[at]
        dropped += 1
    return kept, dropped


def _least(parts: Sequence[Part]) -> int:
    """How short the text can be made without losing an entry."""
    return sum(
        min(part.length, part.around + _LEAST) if isinstance(part, Entry) else min(part.length, 700)
        for part in parts
    )


def _narrower(parts: list[Part]) -> list[Part]:
    """The parts with the longest texts cut to one length, so that all are within the limit."""
    budget = limits.MESSAGE_TEXT - _SIGN
    texts = sorted(part.length for part in parts if part.length)
    cap, left = budget, budget
    for index, length in enumerate(texts):
        cap = left // (len(texts) - index)
        if length > cap:
            break
        left -= length
    else:
        return parts
    return [_cut(part, cap) if part.length > cap else part for part in parts]


def _cut(part: Part, cap: int) -> Part:
    if isinstance(part, Entry):
        return replace(part, room=max(1, cap - part.around))
    assert isinstance(part, Words)
    lines = [line if len(line) <= cap // 2 else _begun(line, cap // 2) for line in part.lines]
    kept: list[str] = []
    left = cap
    for at, line in enumerate(lines):
        more = words.LEFT_OUT_LINES.format(count=len(lines) - at)
        rest = sum(map(len, lines[at:])) + len(lines) - at
        if rest > left and len(line) + len(more) + 2 > left:
            return Words((*kept, more))
        kept.append(line)
        left -= len(line) + 1
    return Words(tuple(kept))


def _begun(line: str, cap: int) -> str:
    """The beginning of a line of markdown, at most `cap` characters, with an ellipsis."""
    return f"{chunks(line, max(cap - 1, 1))[0].rstrip()}…"
