"""A round as everyone sees it: while it is written, while it is open, and when it has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

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
    Picture,
    Piece,
    Plain,
    Style,
)
from bot.durations import say_duration
from bot.models import Entry, Round, RoundState
from bot.present.lines import (
    angle,
    count_votes,
    excerpt,
    fill,
    origin,
    person,
    words,
)
from bot.present.round_notes import asked, heading, notes
from bot.requests import Blank
from bot.wording import en

VERY_NEW = 0.8  # novelty of about one text in ten (`benchmarks/guard.py`)
NAMED_ANCESTORS = 3  # a long lineage would fill the card


def round_card(round_: Round, *, tallies: bool = False, wait: int = 0) -> Card:
    """The public message of a round. `tallies` shows the votes to a reader who may see them;
    `wait` is for how many seconds it will not be written yet.
    """
    tallies = tallies or round_.tallies_for == "always"
    ended = round_.state is RoundState.CLOSED
    if round_.state is RoundState.WITHDRAWN:
        return removed_card(round_)
    blocks: list[Block] = [Heading(heading(round_)), Note(asked(round_))]
    blocks += [placed(round_, entry, tallies=tallies or ended) for entry in round_.placed]
    busy = round_.state is RoundState.WRITING
    if busy:
        written = {entry.number for entry in round_.entries}
        places = range(round_.first, round_.first + round_.wanted)
        blocks += [Pending(n) for n in places if n not in written]
        coming = en.ROUND_WRITING if round_.prompt else en.ROUND_FINDING
        if wait:
            coming = words(en.ROUND_BUSY, length=say_duration(timedelta(seconds=wait)))
        blocks.append(Note((Plain(coming),)))
    else:
        blocks += notes(round_, tallies=tallies, hidden=round_.tallies_for == "close")
    if not ended:
        blocks.append(_buttons(round_))
    return Card(tuple(blocks), _summary(round_), busy=busy)


def removed_card(round_: Round) -> Card:
    """What is left of a round that was taken back, or that an organiser removed."""
    who = person(round_.people.get(round_.asker))
    line = (Plain(en.ROUND_REMOVED),) if round_.removed else fill(en.ROUND_WITHDRAWN, who=who)
    return Card((Note(line),), en.ROUND_IS_WITHDRAWN)


def lost_card(round_: Round) -> Card:
    """What is left of a round that Redis lost: the prompt, so that it can be asked again."""
    note = Note((Plain(en.ROUND_LOST),))
    return Card((Heading(heading(round_)), note), en.ROUND_IS_LOST)


def placed(round_: Round, entry: Entry, *, tallies: bool = False) -> Block:
    """One entry in its place, or why nothing can be read there."""
    if entry.hidden:
        return Note((Plain(words(en.PIECE_HIDDEN, number=entry.number)),))
    return piece(round_, entry, tallies=tallies)


def text_of(entry: Entry) -> str:
    """What people read of an entry: its text, or that its author has been forgotten."""
    return entry.text or en.FORGOTTEN_PIECE


def piece(round_: Round, entry: Entry, *, tallies: bool = False, votable: bool = True) -> Piece:
    """One entry with who made it and, while votes are taken, its button."""
    line = byline(round_, entry)
    if tallies:
        votes = count_votes(_approvals(round_, entry))
        line = fill(en.BYLINE_VOTES, byline=line, votes=votes)
    if entry.struck:
        line = (*line, Plain(f" · {en.PIECE_STRUCK}"))
    button = None
    if votable and round_.taking and not entry.struck:
        button = Button(
            encode(Action("vote", round_.community, round_.id, entry.number)),
            en.VOTE,
            typed=f"vote {entry.number}",
            style=Style.MAIN,
        )
    picture = Picture(entry.picture, entry.text) if entry.picture else None
    return Piece(entry.number, text_of(entry), line, button, picture)


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
    if entry.model:
        chain = _lineage(round_, entry)
        return fill(en.BYLINE_TOGETHER, who=who, origin=made, chain=chain)
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


def _buttons(round_: Round) -> Buttons:
    def to(verb: str) -> str:
        return encode(Action(verb, round_.community, round_.id))

    add = Button(to("compose"), en.ADD, typed="add …", style=Style.MAIN)
    show = Button(to("show"), en.SHOW, typed="show")
    if round_.for_people and not round_.wanted:
        if not round_.prompt:
            return Buttons((show,))
        return Buttons((add, Button(to("answer"), en.LET_MUSE, typed="answer"), show))
    if not round_.prompt:  # it was taken back, so nothing can go on from it
        return Buttons((replace(add, style=Style.PLAIN), show))
    if not round_.standing:
        return Buttons(
            (replace(add, style=Style.PLAIN), Button(to("again"), en.AGAIN, typed="again"), show)
        )
    refine = Button(
        encode(Action("compose", round_.community, round_.id, argument=Blank.REFINE)),
        en.REFINE,
        typed="refine …",
    )
    again = Button(to("again"), en.AGAIN, typed="again")
    return Buttons((replace(add, style=Style.PLAIN), again, refine, show))


def _summary(round_: Round) -> str:
    """The accessible text: the prompt and the pieces, plainly."""
    pieces = " ".join(f"{e.number}: {excerpt(text_of(e), 200)}" for e in round_.standing)
    if not round_.prompt:
        return en.ROUND_FINDING if round_.taking else en.ROUND_NO_PROMPT
    return words(en.ROUND_SUMMARY, prompt=excerpt(round_.prompt), pieces=pieces).strip()
