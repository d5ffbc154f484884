"""The verdict: people, AI and both together over all counted challenges.

Worked out off the event loop, once for what it is worked out from: until another challenge is
counted, or an entry struck or restored, what was found is kept in memory.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.cards import Card, Illustration
from bot.challenge_requests import ChallengeRef, ShowVerdict
from bot.challenge_results import Told
from bot.charts import Week, history_picture
from bot.community.context import Context
from bot.game.challenges.counting import duels_of, out_of
from bot.models import Origin
from bot.present.challenges.verdict import no_verdict_card, verdict_card
from bot.stats.duels import Duel, EntryInfo, Guess
from bot.stats.guessing import guessed
from bot.stats.seeding import seeded
from bot.stats.verdict import history, verdict
from bot.stats.win_shares import Side
from bot.storage.results import Material, ResultStore

KEPT = 64  # verdicts
_VERDICT, _WEEKS, _GUESSES = 1, 2, 3  # what each stream of draws is for

Basis = tuple[tuple[str, ...], ...]
"""What a verdict is worked out from: the community; each challenge with what is out of it."""


@dataclass(frozen=True, slots=True)
class _Found:
    told: Told
    picture: Illustration | None


class Verdicts:
    """The use case of the verdict."""

    def __init__(self, results: ResultStore) -> None:
        self._results = results
        self._known: OrderedDict[Basis, asyncio.Task[_Found]] = OrderedDict()

    async def show(self, context: Context, _: ShowVerdict) -> Card:
        """What there is to say, and how surely."""
        community = context.community.id
        closed = [each for each in await self._results.closed(community) if not each.quiet]
        if not closed:
            return no_verdict_card()
        refs = [ChallengeRef(community, each.id) for each in closed]
        outs = await asyncio.gather(*(self._results.out(ref) for ref in refs))
        basis: Basis = (
            (community,),
            *((ref.challenge, *sorted(out)) for ref, out in zip(refs, outs, strict=True)),
        )
        task = self._known.get(basis)
        if task is None or (task.done() and task.exception() is not None):
            task = self._known[basis] = asyncio.create_task(self._work_out(refs))
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(basis)
        found = await asyncio.shield(task)  # others may be waiting for the same
        return replace(verdict_card(found.told), illustration=found.picture)

    async def _work_out(self, refs: Sequence[ChallengeRef]) -> _Found:
        read = await asyncio.gather(*(self._results.material(ref) for ref in refs))
        return await asyncio.to_thread(_found, [each for each in read if each is not None])


def _found(materials: Sequence[Material]) -> _Found:
    told = tell(materials)
    weeks = [Week(number, week) for number, week in zip(told.numbers, told.weeks, strict=True)]
    return _Found(told, history_picture(weeks))


def tell(materials: Sequence[Material]) -> Told:
    """What challenges come to, in the order in which they closed. Takes a while, and numpy."""
    duels: list[Duel] = []
    entries: list[EntryInfo] = []
    guesses: list[Guess] = []
    for material in materials:
        challenge, pool = material.challenge.id, material.pool
        prefix = f"{challenge}/"
        out = out_of(pool, material.counted)
        standing = [alias for alias in pool if alias not in out]
        entries += [
            EntryInfo(prefix + alias, challenge, pool[alias].origin, pool[alias].family)
            for alias in standing
        ]
        duels += duels_of(material.picks, standing, challenge, prefix)
        guesses += [
            Guess(prefix + each.alias, each.origin, str(each.member))
            for each in material.guesses
            if each.origin is not None and each.alias in pool and each.alias not in out
        ]
    names = [material.challenge.id for material in materials]
    origins = {entry.name: entry.origin for entry in entries}
    crossing = [d for d in duels if not d.final and origins[d.left] is not origins[d.right]]
    seed = len(materials), materials[-1].challenge.seed if materials else 0
    return Told(
        verdict=verdict(duels, entries, names, seeded(*seed, _VERDICT)),
        numbers=tuple(material.challenge.number for material in materials),
        weeks=history(
            duels, entries, names, (Side(Origin.HUMAN), Side(Origin.AI)), seeded(*seed, _WEEKS)
        ),
        voters=len({duel.voter for duel in crossing}),
        picks=len(crossing),
        guessed=guessed(guesses, entries, seeded(*seed, _GUESSES)),
    )
