"""What is worth a cheer beside the order: pieces that stood out, a disguise, a good guesser."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import Line, Plain
from bot.challenge_results import Closed, Guesser, Placed
from bot.models import Facet
from bot.present.challenges.makers import hundred, named, shown
from bot.present.lines import fill, joined, person, words
from bot.wording import en

FEW_GUESSES = 10  # below which their share says nothing
_NAMED = 2  # people, or pieces, that a line names


def celebrated(closed: Closed) -> list[Line]:
    """What else is worth a cheer: most original, most moving, deepest, best disguise, guesser."""
    counted = closed.counted
    lines: list[Line] = []
    for facet in Facet:
        best = counted.most(facet)
        if best:
            lines.append(
                fill(en.RESULTS_MOST, most=en.MOST[facet], pieces=_level(closed, best, facet))
            )
    if counted.fooled_most:
        lines.append(_disguise(closed, counted.fooled_most))
    if counted.best_guessers:
        lines.append(_guesser(closed, counted.best_guessers))
    return lines


def _level(closed: Closed, best: Sequence[Placed], facet: Facet) -> Line:
    """The pieces that most found so. Where more are level than a line names, none is named."""
    if len(best) <= _NAMED:
        return joined([named(closed, each.alias) for each in best], ", ")
    often = shown(best[0].facets[facet])
    return (Plain(words(en.PIECES_LEVEL, count=len(best), often=often)),)


def _disguise(closed: Closed, best: Sequence[Placed]) -> Line:
    fooled, of = best[0].fooled, best[0].guessed
    if len(best) > _NAMED:
        return fill(en.RESULTS_FOOLED_MANY, count=len(best), fooled=fooled, of=of)
    piece = joined([named(closed, each.alias) for each in best], ", ")
    if len(best) > 1:
        return fill(en.RESULTS_FOOLED_BOTH, pieces=piece, fooled=fooled, of=of)
    if of < FEW_GUESSES:
        return fill(en.RESULTS_FOOLED_FEW, piece=piece, fooled=fooled, of=of)
    return fill(en.RESULTS_FOOLED, piece=piece, share=hundred(fooled / of))


def _guesser(closed: Closed, best: Sequence[Guesser]) -> Line:
    right, of = best[0].right, best[0].of
    people: list[Line] = [(person(closed.people.get(each.member)),) for each in best]
    if len(people) == 1:
        return fill(en.RESULTS_GUESSER, who=people[0], right=right, of=of)
    if len(people) > _NAMED:
        return fill(en.RESULTS_GUESSERS_MANY, count=len(people), right=right, of=of)
    return fill(en.RESULTS_GUESSERS, people=joined(people, ", "), right=right, of=of)
