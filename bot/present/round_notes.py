"""What stands around the pieces of a round: who asked for what, and how it goes."""

from __future__ import annotations

from bot.cards import Block, Line, Literal, Note, Plain, When
from bot.models import Origin, Round, RoundState
from bot.present.lines import count_people, excerpt, fill, person, quote, words
from bot.wording import en
from bot.writing.forms import form
from bot.writing.outcomes import Reason


def heading(round_: Round) -> Line:
    """What a round answers."""
    if round_.prompt:
        return quote(round_.prompt)
    if round_.theme:
        return quote(round_.theme)
    gone = round_.asker and round_.asker not in round_.people  # who wrote it was forgotten
    if not round_.for_people or gone:
        return (Plain(en.PROMPT_TAKEN_BACK),)
    return (Plain(en.ROUND_FOR_PEOPLE if round_.taking else en.ROUND_NO_PROMPT),)


def asked(round_: Round) -> Line:
    """Who asked, how, and until when."""
    line, wish = _asked_by(round_), round_.wish
    if wish.without:
        left_out = fill(en.ROUND_WITHOUT, words=Literal(", ".join(wish.without)))
        line = (*line, Plain(" · "), *left_out)
    if wish.bold:
        line = (*line, Plain(f" · {en.ROUND_BOLD}"))
    if round_.form != "free":
        line = (*line, Plain(f" · {form(round_.form).label}"))
    if round_.taking:
        line = (*line, Plain(" · "), *fill(en.ROUND_CLOSES, when=When(round_.closes)))
    return line


def _asked_by(round_: Round) -> Line:
    who = person(round_.people.get(round_.asker))
    wish = round_.wish
    if round_.for_people and not round_.asker:
        return (Plain(en.ROUND_DAILY),)
    if round_.for_people:
        return fill(en.ROUND_INVITED, who=who)
    if wish.source:
        return fill(en.ROUND_FROM_TEXT, who=who, text=quote(excerpt(wish.source)))
    if wish.pieces:
        line = fill(en.ROUND_REFINED, who=who, numbers=en.numbers(wish.pieces))
        return (*line, Plain(": "), *quote(wish.twist)) if wish.twist else line
    return fill(en.ROUND_AGAIN if round_.parent else en.ROUND_ASKED, who=who)


def notes(round_: Round, *, tallies: bool, hidden: bool) -> list[Block]:
    """The small print below the pieces."""
    written = [entry for entry in round_.entries if entry.author == 0]
    from_deck = [entry.number for entry in written if entry.origin is Origin.DECK]
    lines = _how_many(round_, len(written))
    if round_.standing or not round_.taking:
        lines.append(_votes(round_, tallies=tallies, hidden=hidden))
    lines += _remixes(round_)
    if from_deck:
        lines.append((Plain(_why_the_deck(round_.filled, from_deck)),))
    if from_deck or len(written) < round_.wanted:
        if round_.filled == Reason.UNREADY:
            lines.append((Plain(en.ROUND_UNREADY),))
        if round_.renews:
            lines.append(fill(en.ROUND_RENEWS, when=When(round_.renews)))
    if from_deck and (round_.wish.twist or round_.wish.pieces or round_.wish.source):
        lines.append((Plain(en.ROUND_DECK_UNREFINED),))
    return [Note(line) for line in lines]


def _how_many(round_: Round, written: int) -> list[Line]:
    """Where there is less than was wanted, or nothing yet."""
    if round_.for_people and not round_.wanted:
        begun = bool(round_.entries) or not round_.taking
        return [] if begun else [(Plain(en.ROUND_OVER_TO_YOU),)]
    why = en.ROUND_WHY.get(round_.filled, "")
    if not written:
        none = words(en.ROUND_UNWRITTEN_WHY, why=why) if why else en.ROUND_UNWRITTEN
        return [(Plain(none),)] if round_.taking else []
    if written < round_.wanted:
        if not why or round_.filled == Reason.DULL:
            return [(Plain(words(en.ROUND_SHORT, count=written)),)]
        return [(Plain(words(en.ROUND_CAME, why=why, count=written)),)]
    return []


def _votes(round_: Round, *, tallies: bool, hidden: bool) -> Line:
    if round_.state is RoundState.CLOSED and round_.closed:
        closed = When(round_.closed)
        if not round_.voters:
            return fill(en.ROUND_CLOSED_UNVOTED, when=closed)
        return fill(en.ROUND_CLOSED, when=closed, voters=count_people(round_.voters))
    voted = _voted(round_.voters)
    if hidden:
        voted = f"{voted} {en.RECEIPT_TALLY_HIDDEN}"
    elif not tallies:
        voted = words(en.ROUND_VOTE_TO_SEE, voted=voted)
    return (Plain(voted),)


def _remixes(round_: Round) -> list[Line]:
    """Remixes that are being written, and what became of the last one if it failed."""
    if not round_.taking:
        return []
    lines = [
        fill(en.ROUND_REMIXING, who=person(twist.user), number=twist.entry)
        for twist in round_.twists
    ]
    if round_.unwritten:
        lines.append(fill(en.ROUND_UNREMIXED, why=Literal(round_.unwritten)))
    return lines


def _why_the_deck(reason: str, numbers: list[int]) -> str:
    """Why Muse's deck wrote these. Rounds without a reason had no model."""
    if reason in en.ROUND_WHY:
        return words(en.ROUND_FILLED, why=en.ROUND_WHY[reason], numbers=en.numbers(numbers))
    return en.ROUND_DECK


def _voted(count: int) -> str:
    if count <= 1:
        return en.ROUND_ONE_VOTER if count else en.ROUND_NO_VOTES
    return words(en.ROUND_VOTERS, count=count)
