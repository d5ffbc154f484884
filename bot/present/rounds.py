"""A round as everyone sees it: while it is written, while it is open, and when it has ended."""

from __future__ import annotations

from bot.actions import Action, encode
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Line,
    Note,
    Pending,
    Piece,
    Plain,
    Style,
    When,
)
from bot.models import Entry, Origin, Round, RoundState
from bot.present.lines import (
    angle,
    count_people,
    count_votes,
    excerpt,
    fill,
    origin,
    person,
    quote,
    words,
)
from bot.wording import en
from bot.writing.forms import form

VERY_NEW = 0.8  # novelty of about one text in ten (`benchmarks/guard.py`)
NAMED_ANCESTORS = 3  # a long lineage would fill the card


def round_card(round_: Round, *, tallies: bool = False, hidden: bool = False) -> Card:
    """The public message of a round.

    `tallies` shows the votes before the close; `hidden` says that nobody sees them till then.
    """
    ended = round_.state is RoundState.CLOSED
    if round_.state is RoundState.WITHDRAWN:
        line = fill(en.ROUND_WITHDRAWN, who=person(round_.people.get(round_.asker)))
        return Card((Note(line),), en.ROUND_IS_WITHDRAWN)
    blocks: list[Block] = [Heading(quote(round_.prompt)), Note(_asked(round_))]
    blocks += [piece(round_, entry, tallies=tallies or ended) for entry in round_.standing]
    busy = round_.state is RoundState.WRITING
    if busy:
        written = {entry.number for entry in round_.entries}
        blocks += [Pending(n) for n in range(1, round_.wanted + 1) if n not in written]
        blocks.append(Note((Plain(en.ROUND_WRITING),)))
    else:
        blocks += _notes(round_, tallies=tallies, hidden=hidden)
    if not ended:
        blocks.append(_buttons(round_))
    return Card(tuple(blocks), _summary(round_), busy=busy)


def piece(round_: Round, entry: Entry, *, tallies: bool = False, votable: bool = True) -> Piece:
    """One entry with who made it and, while votes are taken, its button."""
    line = byline(round_, entry)
    if tallies:
        votes = count_votes(_approvals(round_, entry))
        line = fill(en.BYLINE_VOTES, byline=line, votes=votes)
    button = None
    if votable and round_.taking:
        button = Button(
            encode(Action("vote", round_.community, round_.id, entry.number)),
            en.VOTE,
            typed=f"vote {entry.number}",
            style=Style.MAIN,
        )
    return Piece(entry.number, entry.text, line, button)


def byline(round_: Round, entry: Entry) -> Line:
    """Who made an entry and from what: the nearest ancestors are named, the nearest first."""
    if entry.author == 0:
        line = fill(en.BYLINE_WRITTEN, lens=angle(entry.lens), origin=origin(entry.origin))
        if entry.novelty is not None and entry.novelty >= VERY_NEW:
            line = (*line, Plain(f" · {en.UNLIKE_ANYTHING}"))
        return line
    who = person(round_.people.get(entry.author))
    made = origin(entry.origin)
    if not entry.parent:
        return fill(en.BYLINE_PERSON, who=who, origin=made)
    return fill(en.BYLINE_REMIX, who=who, origin=made, chain=_lineage(round_, entry))


def _lineage(round_: Round, entry: Entry) -> Line:
    by_number = {other.number: other for other in round_.entries}
    line: list[Line] = []
    more: Line = ()
    parent = by_number.get(entry.parent)
    while parent is not None:
        if len(line) == NAMED_ANCESTORS:
            more = (Plain(en.LINEAGE_MORE),)
            break
        if parent.author:
            maker = person(round_.people.get(parent.author))
            line.append(fill(en.LINEAGE_PERSON, number=parent.number, who=maker))
        else:
            line.append(fill(en.LINEAGE_MUSE, number=parent.number))
        parent = by_number.get(parent.parent)
    joined: Line = ()
    for step in line:
        joined += (Plain(en.LINEAGE_JOIN), *step) if joined else step
    return joined + more


def _approvals(round_: Round, entry: Entry) -> int:
    tally = round_.tallies.get(entry.number)
    return tally.approvals if tally else 0


def _asked(round_: Round) -> Line:
    who = person(round_.people.get(round_.asker))
    asked = fill(en.ROUND_AGAIN if round_.parent else en.ROUND_ASKED, who=who)
    if round_.form != "free":
        asked = (*asked, Plain(f" · {form(round_.form).label}"))
    if round_.taking:
        asked = (*asked, Plain(" · "), *fill(en.ROUND_CLOSES, when=When(round_.closes)))
    return asked


def _notes(round_: Round, *, tallies: bool, hidden: bool) -> list[Block]:
    notes: list[Block] = []
    written = [entry for entry in round_.entries if entry.author == 0]
    if not written and round_.taking:
        notes.append(Note((Plain(en.ROUND_UNWRITTEN),)))
    elif 0 < len(written) < round_.wanted:
        notes.append(Note((Plain(words(en.ROUND_SHORT, count=len(written))),)))
    if round_.state is RoundState.CLOSED and round_.closed:
        closed = When(round_.closed)
        if round_.voters:
            voters = count_people(round_.voters)
            notes.append(Note(fill(en.ROUND_CLOSED, when=closed, voters=voters)))
        else:
            notes.append(Note(fill(en.ROUND_CLOSED_UNVOTED, when=closed)))
    else:
        voted = _voted(round_.voters)
        if hidden:
            voted = f"{voted} {en.RECEIPT_TALLY_HIDDEN}"
        elif not tallies:
            voted = words(en.ROUND_VOTE_TO_SEE, voted=voted)
        notes.append(Note((Plain(voted),)))
    from_deck = [entry.number for entry in written if entry.origin is Origin.DECK]
    if from_deck:
        notes.append(Note((Plain(_why_the_deck(round_.filled, from_deck)),)))
    return notes


def _why_the_deck(reason: str, numbers: list[int]) -> str:
    """Why Muse's deck wrote these. Rounds without a reason had no model."""
    if reason in en.ROUND_FILLED:
        return words(en.ROUND_FILLED[reason], numbers=en.numbers(numbers))
    return en.ROUND_DECK


def _voted(count: int) -> str:
    if count <= 1:
        return en.ROUND_ONE_VOTER if count else en.ROUND_NO_VOTES
    return words(en.ROUND_VOTERS, count=count)


def _buttons(round_: Round) -> Buttons:
    def to(verb: str) -> str:
        return encode(Action(verb, round_.community, round_.id))

    return Buttons(
        (
            Button(to("compose"), en.ADD, typed="add …"),
            Button(to("again"), en.AGAIN, typed="again"),
            Button(to("show"), en.SHOW, typed="show"),
        )
    )


def _summary(round_: Round) -> str:
    """The accessible text: the prompt and the pieces, plainly."""
    pieces = " ".join(f"{e.number}: {excerpt(e.text, 200)}" for e in round_.standing)
    return words(en.ROUND_SUMMARY, prompt=excerpt(round_.prompt), pieces=pieces).strip()
