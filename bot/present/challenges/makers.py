"""Who made a piece, and how it did, in one line each."""

from __future__ import annotations

from bot.cards import Line, Literal, Plain
from bot.challenge import Contender
from bot.challenge_results import Closed, Placed
from bot.models import Facet, Origin
from bot.present.lines import excerpt, fill, origin, person, quote, words
from bot.wording import en

THEME = 120  # characters of a theme
_EXCERPT = 40  # characters of a piece, to know it by
_MODEL = 40  # characters of a model’s name


def hundred(share: float) -> int:
    """A share as times in 100."""
    return round(100 * share)


def theme_of(closed: Closed) -> Line:
    """A theme as a quotation, or its challenge's number where who thought of it is forgotten."""
    challenge = closed.challenge
    if not challenge.theme:
        return (Plain(words(en.UNTHEMED, number=challenge.number)),)
    return quote(excerpt(challenge.theme, THEME))


def maker(closed: Closed, entry: Contender) -> Line:
    """Who made a piece: a member, Muse with its model, or both, with the credit of its parent."""
    if entry.muses:
        model = _model(entry)
        template = en.PIECE_MUSE_MODEL if model else en.PIECE_MUSE
        return fill(template, model=Literal(model), origin=origin(entry.origin))
    who = person(closed.maker(entry.alias))
    if entry.origin is Origin.TOGETHER:
        model = _model(entry)
        template = en.PIECE_TOGETHER_MODEL if model else en.PIECE_TOGETHER
        return fill(template, who=who, model=Literal(model), credit=_credit(closed, entry.alias))
    return fill(en.PIECE_PERSON, who=who, origin=origin(entry.origin))


def _model(entry: Contender) -> str:
    name = entry.model or entry.family
    return name if len(name) <= _MODEL else f"{name[: _MODEL - 1]}…"


def _credit(closed: Closed, alias: str) -> Line:
    credit = closed.credits.get(alias)
    if credit is None:
        return ()
    if credit.muse:
        return (Plain(en.PIECE_FROM_MUSE),)
    return fill(en.PIECE_FROM_PERSON, who=person(credit.by))


def named(closed: Closed, alias: str) -> Line:
    """A piece in a sentence: how it begins, and by whom."""
    entry = closed.pool[alias]
    text = quote(excerpt(entry.text, _EXCERPT)) if entry.text else (Plain(en.PIECE_GONE),)
    if not entry.text:
        return text
    who = Plain(en.PIECE_MUSES) if entry.muses else person(closed.maker(alias))
    return fill(en.PIECE_BY, text=text, who=who)


def place(closed: Closed, placed: Placed) -> Line:
    """A piece's place and who made it: where nobody picked, only that."""
    line = maker(closed, closed.pool[placed.alias])
    if not closed.counted.picks:
        return line
    return fill(en.PIECE_PLACED, place=en.ordinal(placed.place), maker=line)


def figures(closed: Closed, placed: Placed) -> Line:
    """Everything that is known of a piece: place, maker, chance with its range, and the rest."""
    line = place(closed, placed)
    if not closed.counted.picks:
        return line
    line = fill(
        en.PIECE_CHANCE,
        line=line,
        chance=hundred(placed.chance),
        low=hundred(placed.low),
        high=hundred(placed.high),
        shown=shown(placed.appearances),
    )
    if placed.close:
        line = fill(en.PIECE_CLOSE, line=line)
    if said := facets(placed):
        line = fill(en.PIECE_FACETS, line=line, facets=said)
    if placed.guessed:
        line = fill(en.PIECE_FOOLED, line=line, fooled=placed.fooled, of=placed.guessed)
    return line


def facets(placed: Placed) -> str:
    """What people said of a piece, and how many."""
    said = [
        words(en.PIECE_FACET, label=en.LABELS[facet], count=placed.facets[facet])
        for facet in Facet
        if placed.facets.get(facet)
    ]
    return en.listed(said) if said else ""


def shown(times: int) -> str:
    """How often a piece was shown."""
    return en.SHOWN_ONCE if times == 1 else words(en.SHOWN_OFTEN, count=times)
