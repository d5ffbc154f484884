"""What is one member's own: their pieces and votes, what Muse keeps, and being forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions import Action, encode
from bot.cards import (
    Attachment,
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Line,
    Note,
    Paragraph,
    Piece,
    Plain,
    Strong,
    Style,
    When,
)
from bot.models import Entry, RoundRef, Tally, UserRef
from bot.present.challenges.mine import ChallengeRow, own_challenges
from bot.present.lines import count_votes, excerpt, fill, joined, person, quote, words
from bot.present.receipts import said
from bot.present.rounds import text_of
from bot.wording import en

PROMPT = 60  # characters of a prompt, to know it by
MOST_VOTES = 10  # rounds whose votes are listed


@dataclass(frozen=True, slots=True)
class PieceRow:
    """One of a member's entries. `ended` is None while its round is open; `tally` is None where
    they may not see it yet. `latest`: it is of the latest round where they are.
    """

    ref: RoundRef
    prompt: str
    entry: Entry
    closes: datetime
    ended: datetime | None
    tally: Tally | None
    latest: bool = False


@dataclass(frozen=True, slots=True)
class VoteRow:
    """A member's standing votes in an open round."""

    prompt: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """A page of what is a member's own. `known`: Muse keeps something of them; `linked` are the
    identities that count as one with theirs; `joined` is when they joined the places here, where
    Muse keeps that.
    """

    pieces: Sequence[PieceRow]
    votes: Sequence[VoteRow]
    challenges: Sequence[ChallengeRow]
    page: int
    more: bool
    known: bool
    organiser: bool
    keep_days: int
    linked: Sequence[UserRef] = ()
    joined: Sequence[datetime] = ()


def mine_card(own: Own) -> Card:
    """What is a member's own, and what they can do with it."""
    blocks: list[Block] = [Heading((Plain(en.MINE_HEADING),))]
    if own.pieces:
        blocks += [_piece(row) for row in own.pieces]
    else:
        none = en.MINE_NO_PIECES if own.page == 1 else en.MINE_NO_MORE
        blocks.append(Paragraph((Plain(none),)))
    turns = []
    if own.page > 1:
        turns.append(_to(own.page - 1, en.MINE_NEWER))
    if own.more:
        turns.append(_to(own.page + 1, en.MINE_OLDER))
    if turns:
        blocks.append(Buttons(tuple(turns)))
    if own.page == 1:
        blocks += _votes(own.votes)
        blocks += own_challenges(own.challenges)
        blocks += _kept(own)
    if own.known or own.joined:
        blocks.append(Buttons((_export(), _forget())))
    return Card(tuple(blocks), en.MINE_HEADING)


def exported(name: str, text: str) -> Card:
    """Everything that Muse keeps of a member, as a file of JSON."""
    blocks = (Paragraph((Plain(en.EXPORTED),)),)
    return Card(blocks, en.EXPORTED, file=Attachment(name, "application/json", text))


def forget_card() -> Card:
    """What goes and what stays, before it does."""
    yes = Button(
        encode(Action("mine", argument="yes")),
        en.FORGET_YES,
        typed="mine forget yes",
        style=Style.DANGER,
    )
    no = Button(encode(Action("mine", argument="1")), en.FORGET_NO, typed="mine")
    return Card(
        (
            Heading((Plain(en.FORGET_HEADING),)),
            Paragraph((Plain(en.FORGET_GOES),)),
            Paragraph((Plain(en.FORGET_STAYS),)),
            Note((Plain(en.FORGET_AFTER),)),
            Buttons((yes, no)),
        ),
        f"{en.FORGET_HEADING} {en.FORGET_GOES} {en.FORGET_STAYS}",
    )


def forgotten_card(*, known: bool, whole: bool) -> Card:
    """What was done. `whole`: nothing of it goes on in the background."""
    if not known:
        return said(en.FORGOTTEN_BEFORE)
    return said(en.FORGOTTEN_NOW if whole else en.FORGOTTEN_SOON)


def _piece(row: PieceRow) -> Piece:
    if row.ended is None:
        line = fill(en.MINE_PIECE_OPEN, prompt=_prompt(row.prompt), when=When(row.closes))
    else:
        line = fill(en.MINE_PIECE_CLOSED, prompt=_prompt(row.prompt), when=When(row.ended))
    if row.tally is not None:
        votes = count_votes(row.tally.approvals)
        if row.tally.seen_by:
            line = fill(en.MINE_PIECE_SEEN, piece=line, votes=votes, seen=row.tally.seen_by)
        else:
            line = fill(en.MINE_PIECE_VOTES, piece=line, votes=votes)
    if row.entry.hidden or row.entry.struck:
        state = en.MINE_PIECE_HIDDEN if row.entry.hidden else en.PIECE_STRUCK
        line = (*line, Plain(f" · {state}"))
    button = None
    if row.ended is None:
        number = row.entry.number
        button = Button(
            encode(Action("withdraw", row.ref.community, row.ref.round, number)),
            words(en.WITHDRAW_PIECE, number=number),
            typed=f"withdraw {number}" if row.latest else "",
        )
    return Piece(row.entry.number, text_of(row.entry), line, button)


def _prompt(prompt: str) -> Line:
    return quote(excerpt(prompt, PROMPT)) if prompt else (Plain(en.PROMPT_TAKEN_BACK),)


def _votes(rows: Sequence[VoteRow]) -> list[Block]:
    if not rows:
        return [Note((Plain(en.MINE_NO_VOTES),))]
    lines: list[Line] = [(Strong(en.MINE_VOTES),)]
    lines += [
        fill(en.MINE_VOTED, prompt=_prompt(row.prompt), numbers=en.numbers(row.numbers))
        for row in rows[:MOST_VOTES]
    ]
    if len(rows) > MOST_VOTES:
        lines.append(fill(en.MINE_MORE_VOTES, count=len(rows) - MOST_VOTES))
    return [Paragraph(joined(lines))]


def _kept(own: Own) -> list[Block]:
    dates = [fill(en.MINE_KEEPS_JOINED, when=When(since)) for since in own.joined]
    if not own.known:
        kept = dates or [(Plain(en.MINE_KEEPS_NOTHING),)]
        return [Paragraph(joined([(Strong(en.MINE_KEPT),), *kept]))]
    lines: list[Line] = [(Strong(en.MINE_KEPT),), fill(en.MINE_KEEPS, days=own.keep_days), *dates]
    if own.linked:
        people = joined([(person(user),) for user in own.linked], ", ")
        lines.append(fill(en.MINE_KEEPS_LINKED, people=people))
    if own.organiser:
        lines.append((Plain(en.MINE_KEEPS_ORGANISER),))
    return [Paragraph(joined(lines))]


def _to(page: int, label: str) -> Button:
    typed = words("mine {page}", page=page)
    return Button(encode(Action("mine", argument=str(page))), label, typed)


def _export() -> Button:
    return Button(encode(Action("export")), en.MINE_EXPORT, typed="mine export")


def _forget() -> Button:
    action = encode(Action("mine", argument="forget"))
    return Button(action, en.MINE_FORGET, typed="mine forget", style=Style.DANGER)
