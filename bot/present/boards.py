"""The boards, drawn: who and what is on top, and the figure behind every row."""

from __future__ import annotations

from collections.abc import Mapping

from bot.actions import Action, encode
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Line,
    Note,
    Paragraph,
    Plain,
    Ranked,
    Style,
)
from bot.commands import BOARDS, PERIODS
from bot.listings import EntryRow, LensRow, Page, PersonRow
from bot.present.lines import angle, excerpt, fill, origin, person, quote, words
from bot.stats.approval import score
from bot.stats.lens_choice import LensRecord, settled
from bot.wording import en


def entries_board(page: Page[EntryRow], period: str, first: int, size: int) -> Card:
    """Entries by approval score."""
    rows = tuple(
        Ranked(row.rank, _prompt(row.prompt), _entry_value(row), row.text or en.FORGOTTEN_PIECE)
        for row in page.rows
    )
    return _board("entries", period, rows, page.total, first, size, en.BOARD_HOW_ENTRIES)


def _prompt(prompt: str) -> Line:
    return quote(excerpt(prompt, 60)) if prompt else (Plain(en.PROMPT_TAKEN_BACK),)


def people_board(page: Page[PersonRow], period: str, first: int, size: int) -> Card:
    """People by points."""
    rows = tuple(
        Ranked(row.rank, (person(row.user),), (Plain(_points(row.points)),)) for row in page.rows
    )
    return _board("people", period, rows, page.total, first, size, en.BOARD_HOW_PEOPLE)


def lenses_board(
    lenses: tuple[LensRow, ...],
    prior: float,
    period: str,
    first: int,
    size: int,
    records: Mapping[str, LensRecord] | None = None,
) -> Card:
    """Lenses by approval, those with few chances drawn towards the community's average.

    `records` is what AI entries have taught of them: a lens that has one is told as settled or
    still exploring.
    """

    def key(row: LensRow) -> float:
        return round(score(row.approvals, row.chances, prior), 6)

    order = sorted(lenses, key=lambda row: (-key(row), row.lens))
    rows = []
    for row in order[first : first + size]:
        rank = 1 + sum(key(other) > key(row) for other in lenses)
        value = _lens_value(row)
        if records and row.lens in records:
            known = settled(records[row.lens])
            value = f"{value} · {en.LENS_SETTLED if known else en.LENS_EXPLORING}"
        rows.append(Ranked(rank, (angle(row.lens),), (Plain(value),)))
    return _board("lenses", period, tuple(rows), len(lenses), first, size, en.BOARD_HOW_LENSES)


def _entry_value(row: EntryRow) -> Line:
    if row.written:
        return fill(
            en.BOARD_ENTRY_MUSE,
            approvals=row.approvals,
            seen=row.seen_by,
            lens=angle(row.lens),
            origin=origin(row.origin),
        )
    return fill(en.BOARD_ENTRY, approvals=row.approvals, seen=row.seen_by, who=person(row.author))


def _lens_value(row: LensRow) -> str:
    rounds = en.ROUNDS_ONE if row.rounds == 1 else words(en.ROUNDS_MANY, count=row.rounds)
    if not row.chances:
        return words(en.BOARD_LENS_UNSEEN, rounds=rounds)
    rate = round(100 * row.approvals / row.chances)
    return words(en.BOARD_LENS, rate=rate, approvals=row.approvals, seen=row.chances, rounds=rounds)


def _points(points: float) -> str:
    whole, half = divmod(round(points * 2), 2)
    count = f"{whole or ('' if half else 0)}{'½' if half else ''}"
    return words(en.BOARD_POINTS if points > 1 or not points else en.BOARD_POINT, points=count)


def _board(
    board: str, period: str, rows: tuple[Ranked, ...], total: int, first: int, size: int, how: str
) -> Card:
    title = words(en.BOARD_HEADING, board=en.LABELS[board], period=en.LABELS[period])
    blocks: list[Block] = [Heading((Plain(title),))]
    if not total:
        empty = en.BOARD_EMPTY_PEOPLE if board == "people" else en.BOARD_EMPTY
        blocks.append(Paragraph((Plain(empty),)))
    elif not rows:
        blocks.append(Paragraph((Plain(words(en.BOARD_PAST_END, total=total)),)))
    else:
        blocks += rows
        if total > len(rows):
            place = words(en.BOARD_PAGE, first=first + 1, last=first + len(rows), total=total)
            blocks.append(Note((Plain(place),)))
        blocks.append(Note((Plain(how),)))
    blocks += _ways(board, period, first, size, total)
    return Card(tuple(blocks), title)


def _ways(board: str, period: str, first: int, size: int, total: int) -> list[Block]:
    """Other pages, other boards and other times."""
    page = first // size + 1
    rows = []
    turns = []
    if page > 1 and total:
        last = (total - 1) // size + 1
        turns.append(_to(board, period, min(page - 1, last), en.PREVIOUS))
    if first + size < total:
        turns.append(_to(board, period, page + 1, en.NEXT))
    if turns:
        rows.append(Buttons(tuple(turns)))
    rows.append(Buttons(tuple(_to(b, period, 1, en.LABELS[b], "b", b == board) for b in BOARDS)))
    rows.append(Buttons(tuple(_to(board, p, 1, en.LABELS[p], "p", p == period) for p in PERIODS)))
    return list(rows)


def _to(
    board: str, period: str, page: int, label: str, row: str = "", here: bool = False
) -> Button:
    """A button to a board's page. `row` tells it from others of the card that lead there too."""
    typed = f"top {en.LABELS[board]} {period}" + (f" {page}" if page > 1 else "")
    argument = f"{board}.{period}.{page}" + (f".{row}" if row else "")
    action = encode(Action("top", argument=argument))
    return Button(action, label, typed, Style.MAIN if here else Style.PLAIN, disabled=here)
