"""What of challenges is one member's own, on the card of what is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cards import Block, Line, Note, Paragraph, Plain, Strong, When
from bot.challenge import ChallengeState
from bot.present.lines import excerpt, fill, joined, quote, words
from bot.wording import en

EXCERPT = 120  # characters of an entry, to know it by


@dataclass(frozen=True, slots=True)
class ChallengeRow:
    """A member's part in one challenge: what they wrote, and how many picks they made so far."""

    number: int
    state: ChallengeState
    theme: str
    text: str
    picks: int
    until: datetime  #: when the stage that it is in ends, or ended


def own_challenges(rows: Sequence[ChallengeRow]) -> list[Block]:
    """A member's entries and picks in challenges; nothing where there are none."""
    if not rows:
        return []
    lines: list[Line] = [(Strong(en.MINE_CHALLENGES),)]
    for row in rows:
        lines += _row(row)
    blocks: list[Block] = [Paragraph(joined(lines))]
    if any(row.state is ChallengeState.OPEN and row.text for row in rows):
        blocks.append(Note((Plain(en.MINE_ENTRY_OPEN),)))
    return blocks


def _row(row: ChallengeRow) -> list[Line]:
    theme: Line = (Plain(words(en.MINE_CHALLENGE_NUMBER, number=row.number)),)
    if row.theme:
        theme = quote(excerpt(row.theme, EXCERPT))
    match row.state:
        case ChallengeState.OPEN:
            heading = fill(en.MINE_CHALLENGE_OPEN, theme=theme, when=When(row.until))
        case ChallengeState.VOTING:
            heading = fill(en.MINE_CHALLENGE_VOTING, theme=theme, when=When(row.until))
        case _:
            heading = fill(en.MINE_CHALLENGE_OVER, theme=theme, when=When(row.until))
    lines = [heading]
    if row.text:
        lines.append(fill(en.MINE_ENTRY, text=quote(excerpt(row.text, EXCERPT))))
    so_far = row.state is ChallengeState.VOTING
    if row.picks == 1:
        lines.append((Plain(en.MINE_PICKS_ONE if so_far else en.MINE_PICKED_ONE),))
    elif row.picks:
        lines.append(fill(en.MINE_PICKS if so_far else en.MINE_PICKED, count=row.picks))
    return lines
