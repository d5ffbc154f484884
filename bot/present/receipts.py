"""What one member is told in private: their votes with the tally, and what became of a wish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.actions import Action, encode, more_sparks
from bot.cards import (
    Bar,
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Line,
    Literal,
    Note,
    Paragraph,
    Plain,
    Style,
)
from bot.models import Choice, Facet, RoundRef, RoundState, Standing, View
from bot.present.guarding import report_select
from bot.present.lineage import lineage
from bot.present.lines import count_people, count_votes, fill, naming, person, words
from bot.present.rounds import round_card
from bot.wording import en


def said(text: str, *buttons: Button) -> Card:
    """A sentence to one member, with what they may do next."""
    blocks: tuple[Block, ...] = (Paragraph(naming(text)),)
    if buttons:
        blocks += (Buttons(buttons),)
    return Card(blocks, text)


def receipt(ref: RoundRef, standing: Standing, *, hidden: bool = False) -> Card:
    """A member's votes as Redis holds them, the tally if it is not `hidden`, and ways to change.

    Every vote is answered with one: the parts that recur are made once and kept.
    """
    choices = standing.choices
    closed = standing.state not in (RoundState.WRITING, RoundState.OPEN)
    summary, first, changes = _own(ref.community, ref.round, choices)
    blocks: list[Block] = [first]
    if closed:
        blocks.append(Note((Plain(en.RECEIPT_CLOSED),)))
    if hidden:
        blocks.append(Note((Plain(en.RECEIPT_TALLY_HIDDEN),)))
    elif choices:
        blocks += tally(standing)
    if not closed:
        blocks += changes
    return Card(tuple(blocks), summary)


_MOST_ROWS = 4  # rows of buttons that every platform bears on one card
_KEPT = 1024  # parts of receipts kept in memory, of each kind


@lru_cache(_KEPT)
def _own(
    community: str, round_id: str, choices: tuple[Choice, ...]
) -> tuple[str, Paragraph, tuple[Buttons, ...]]:
    """What is the reader's own on a receipt: a summary, the same as a block, ways to change."""
    chosen = [choice.entry for choice in choices]
    summary = words(en.RECEIPT_VOTED, numbers=en.numbers(chosen)) if chosen else en.RECEIPT_NONE
    ref, rows = RoundRef(community, round_id), choices[-_MOST_ROWS:]
    changes = tuple(_changes(ref, choice, hint=choice is rows[0]) for choice in rows)
    return summary, Paragraph((Plain(summary),)), changes


def tally(standing: Standing) -> list[Block]:
    """The votes of a round, most first, the reader's own marked."""
    mine = {choice.entry: choice.facets for choice in standing.choices}
    tallies, voters = standing.tallies, standing.voters
    counted = [(-given.approvals, entry) for entry, given in tallies.items() if given.approvals]
    rows: list[Block] = []
    for less, entry in sorted(counted):
        facets = tallies[entry].facets
        reasons = _reasons(facets, mine.get(entry, _NO_FACETS)) if facets else ""
        rows.append(Bar(_number(entry), -less, voters, _value(-less, reasons), entry in mine))
    if rows:
        rows.append(_thanks(standing.voters))
    return rows


_NO_FACETS: frozenset[Facet] = frozenset()


@lru_cache(_KEPT)
def _number(entry: int) -> Line:
    return (Plain(str(entry)),)


@lru_cache(_KEPT)
def _value(approvals: int, reasons: str) -> Line:
    value = count_votes(approvals)
    return (Plain(f"{value} · {reasons}" if reasons else value),)


@lru_cache(_KEPT)
def _thanks(voters: int) -> Note:
    return Note((Plain(words(en.RESULT_THANKS, voters=count_people(voters))),))


def _reasons(counts: Mapping[Facet, int], mine: frozenset[Facet]) -> str:
    said_why = []
    for facet in Facet:
        if counts.get(facet):
            yours = en.YOURS if counts[facet] == 1 else en.YOURS_TOO
            own = f" ({yours})" if facet in mine else ""
            said_why.append(f"{en.LABELS[facet]} {counts[facet]}{own}")
    return ", ".join(said_why)


def _changes(ref: RoundRef, choice: Choice, *, hint: bool) -> Buttons:
    """The row for one entry: why, and taking the vote back. `hint`: say how they are typed."""
    entry, facets = choice.entry, choice.facets
    buttons = [
        Button(
            encode(
                Action(
                    "unwhy" if facet in facets else "why", ref.community, ref.round, entry, facet
                )
            ),
            words(en.RECEIPT_WHY_ON if facet in facets else en.RECEIPT_WHY, number=entry)
            + en.LABELS[facet],
            typed=f"vote {entry} {facet}" if hint and not facets else "",
            style=Style.MAIN if facet in facets else Style.PLAIN,
        )
        for facet in Facet
    ]
    buttons.append(
        Button(
            encode(Action("compose", ref.community, ref.round, entry)),
            words(en.REMIX_NUMBER, number=entry),
            typed=f"remix {entry} …" if hint else "",
        )
    )
    buttons.append(
        Button(
            encode(Action("back", ref.community, ref.round, entry)),
            words(en.TAKE_BACK, number=entry),
            typed=f"unvote {entry}" if hint else "",
            style=Style.DANGER,
        )
    )
    return Buttons(tuple(buttons))


def added(view: View, number: int, *, unaided: bool = False) -> Card:
    """Thanks for an entry, naming the ancestor who keeps credit.

    `unaided`: Muse was to write it, and there is no model, so the member's words stand.
    """
    round_ = view.round
    entry = next(e for e in round_.entries if e.number == number)
    summary = words(en.REMIXED_MUSE, number=number, parent=entry.parent)
    if not entry.parent:
        summary = words(en.ADDED, number=number)
        line = fill(en.ADDED, number=number)
    elif entry.parent_author and entry.parent_author != entry.author:
        ancestor = person(round_.people.get(entry.parent_author))
        line = fill(en.REMIXED, number=number, parent=entry.parent, ancestor=ancestor)
    else:
        line = fill(en.REMIXED_MUSE, number=number, parent=entry.parent)
    take_back = Button(
        encode(Action("withdraw", round_.community, round_.id, number)),
        words(en.WITHDRAW_PIECE, number=number),
        typed=f"withdraw {number}",
    )
    aside = (Note((Plain(en.REMIXED_UNAIDED),)),) if unaided else ()
    return Card((Paragraph(line), *aside, Buttons((take_back,))), summary)


def shown(view: View, *, tallies: bool, may_close: bool) -> Card:
    """A round for one member: all of it, their votes and, where it is theirs, its end."""
    round_ = view.round
    card = round_card(round_, tallies=tallies)
    blocks: list[Block] = [block for block in card.blocks if not isinstance(block, Buttons)]
    chosen = [choice.entry for choice in view.choices]
    family = lineage(round_)
    if family is not None:
        blocks += [Note((Plain(en.LINEAGE_HEADING),)), family]
    if chosen:
        line = words(en.RECEIPT_VOTED, numbers=en.numbers(chosen))
        blocks.append(Note((Plain(line),)))
    if round_.taking:
        blocks.append(Buttons(tuple(_own_ways(view, may_close))))
    select = report_select(view)
    if select is not None:
        blocks.append(select)
    return Card(tuple(blocks), card.summary)


def _own_ways(view: View, may_close: bool) -> list[Button]:
    round_ = view.round
    ways = [Button(encode(Action("compose", round_.community, round_.id)), en.ADD, typed="add …")]
    own = [e for e in round_.placed if view.reader and e.author == view.reader]
    ways += [
        Button(
            encode(Action("withdraw", round_.community, round_.id, entry.number)),
            words(en.WITHDRAW_PIECE, number=entry.number),
            typed=f"withdraw {entry.number}",
        )
        for entry in own[:3]
    ]
    if may_close:
        ways.append(
            Button(
                encode(Action("close", round_.community, round_.id)),
                en.CLOSE,
                typed="close",
                style=Style.DANGER,
            )
        )
    return ways


def twist_taken(view: View, number: int) -> Card:
    """Thanks for a twist: what will come of it, and whose credit it keeps."""
    round_ = view.round
    parent = next((e for e in round_.entries if e.number == number), None)
    if parent is not None and parent.author and parent.author != view.reader:
        ancestor = person(round_.people.get(parent.author))
        line = fill(en.TWIST_TAKEN, number=number, ancestor=ancestor)
    else:
        line = fill(en.TWIST_TAKEN_MUSE, number=number)
    return Card((Paragraph(line),), words(en.TWIST_TAKEN_MUSE, number=number))


def sparked(questions: Sequence[str], theme: str, seed: int, page: int) -> Card:
    """Questions to a member, whose answers are theirs."""
    heading = (
        fill(en.SPARK_HEADING_ON, theme=Literal(theme)) if theme else (Plain(en.SPARK_HEADING),)
    )
    blocks: list[Block] = [Heading(heading)]
    blocks += [Paragraph((Literal(question),)) for question in questions]
    blocks.append(Note((Plain(en.SPARK_HOW),)))
    if more := more_sparks(seed, page + 1, theme):
        typed = f"spark {theme}".strip()
        blocks.append(Buttons((Button(more, en.SPARK_MORE, typed=typed),)))
    return Card(tuple(blocks), " ".join(questions))
