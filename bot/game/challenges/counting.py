"""The count: what a challenge's picks come to, worked out off the event loop and kept once.

It draws nothing but from the challenge's own seed, so that two processes that count the same
challenge come to the same. Where an entry is struck or restored after the close, it is counted
anew: whoever is out is out of the order, and of the picks.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import takewhile

from bot.challenge import ChallengeState, Contender, GuessMade, PickMade, Side
from bot.challenge_requests import ChallengeRef
from bot.challenge_results import (
    Counted,
    Guesser,
    Out,
    Placed,
    ResultNote,
    Turnout,
    Unlike,
)
from bot.models import Facet, Origin, RoundRef
from bot.ports import Clock
from bot.stats.duels import Duel, EntryInfo, Guess, Outcome, picks
from bot.stats.guessing import guessed
from bot.stats.intervals import Standing, ranking
from bot.stats.seeding import seeded
from bot.stats.unlike import likenesses
from bot.storage.charters import Charters
from bot.storage.results import Material, ResultStore

log = logging.getLogger(__name__)

_OUTCOMES = {Side.LEFT: Outcome.LEFT, Side.RIGHT: Outcome.RIGHT, Side.BOTH: Outcome.BOTH}
_ORDER, _GUESSES, _SPACE = 1, 2, 3  # what each stream of the seed's draws is for
_ROUNDS = 100  # of a space's bootstrap, of which only who may be first is told
_FIRSTS = 3  # entries that a space's voters would have first, more than which says nothing

Tells = Callable[[ChallengeRef, Sequence[str]], Sequence[str]]
"""The items that tell a challenge's results in each of these spaces."""


class Counting:
    """The agenda's work of counting, and results that are as the pool stands."""

    def __init__(
        self,
        results: ResultStore,
        charters: Charters,
        clock: Clock,
        nudge: Callable[[str], None],
        tells: Tells,
    ) -> None:
        self._results = results
        self._charters = charters
        self._clock = clock
        self._nudge = nudge
        self._tells = tells

    async def count(self, ref: RoundRef) -> datetime | None:
        """Count a closed challenge, once; `ref` names it for a round."""
        named = ChallengeRef(ref.community, ref.round)
        material = await self._results.material(named)
        if material is None or material.challenge.state is not ChallengeState.CLOSED:
            return None
        if material.challenge.counted:
            return None
        counted = await asyncio.to_thread(count, material)
        tell = self._tells(named, material.spaces)
        told = notes(material, counted)
        if await self._results.put(named, counted, tell, told, self._clock.now()):
            log.info("challenge %s of %s is counted", named.challenge, named.community)
            self._charters.forget(named.community)  # who is to be told something
            self._nudge(named.community)
        return None

    async def standing(
        self, ref: ChallengeRef, pool: Mapping[str, Contender], counted: Counted
    ) -> Counted:
        """The results as the pool stands now: counted anew where other entries are out of it."""
        if out_of(pool, counted) == counted.out:
            return counted
        material = await self._results.material(ref)
        if material is None:
            return counted
        anew = await asyncio.to_thread(count, material)
        await self._results.put(ref, anew, (), {}, self._clock.now(), anew=True)
        return anew


def out_of(pool: Mapping[str, Contender], before: Counted | None = None) -> dict[str, Out]:
    """Which entries are not in the order, and why.

    Whoever is forgotten once it was counted (`before`) stays in the order, without their text.
    """
    out: dict[str, Out] = {}
    for alias, entry in pool.items():
        gone = not entry.text if before is None else before.out.get(alias) is Out.GONE
        if gone:
            out[alias] = Out.GONE
        elif entry.struck:
            out[alias] = Out.STRUCK
        elif entry.hidden:
            out[alias] = Out.HIDDEN
    return out


def count(material: Material) -> Counted:
    """What the picks come to. Takes a while, and numpy."""
    seed, pool = material.challenge.seed, material.pool
    out = out_of(pool, material.counted)
    standing = [alias for alias in pool if alias not in out]
    infos = [EntryInfo(a, "", pool[a].origin, pool[a].family) for a in standing]
    duels = duels_of(material.picks, standing)
    columns = picks(duels, standing)
    order = ranking(columns, seeded(seed, _ORDER))
    said = [
        Guess(each.alias, each.origin, f"{each.member}")
        for each in material.guesses
        if each.origin is not None and each.alias in pool and each.alias not in out
    ]
    likely = [each for each in likenesses(columns) if each.unlike]
    odd = {each.voter for each in likely}
    changes = False
    if odd:
        others = picks([duel for duel in duels if duel.voter not in odd], standing)
        without = ranking(others, seeded(seed, _ORDER))
        changes = _podium(order) != _podium(without)
    return Counted(
        order=_placed(order, material, duels, said),
        out=out,
        voters=len({duel.voter for duel in duels}),
        picks=len(duels),
        guessed=guessed(said, infos, seeded(seed, _GUESSES)),
        guessers=_guessers(material.guesses, pool, out),
        unlike=tuple(Unlike(int(e.voter), e.picks, e.own_taste) for e in likely),
        podium_changes=changes,
        turnouts=_turnouts(material, duels, standing),
    )


def duels_of(
    made: Iterable[PickMade], standing: Iterable[str], challenge: str = "", prefix: str = ""
) -> list[Duel]:
    """The picks between entries that stand, for the statistics. `prefix` goes before aliases."""
    there = frozenset(standing)
    return [
        Duel(
            challenge,
            prefix + pick.left,
            prefix + pick.right,
            _OUTCOMES[pick.side],
            str(pick.member),
            pick.final,
        )
        for pick in made
        if pick.side is not Side.SKIP and pick.left in there and pick.right in there
    ]


def notes(material: Material, counted: Counted) -> dict[int, ResultNote]:
    """What each who entered or guessed is told, by their number; of several entries, the best."""
    challenge = material.challenge
    guessers = {each.member: each for each in counted.guessers}
    entries: dict[int, Placed] = {}
    for placed in reversed(counted.order):
        entries[material.pool[placed.alias].author] = placed
    out = {
        material.pool[alias].author: why.value
        for alias, why in counted.out.items()
        if why is not Out.GONE
    }
    places = Counter(placed.place for placed in counted.order)
    members = dict.fromkeys((*sorted({*entries, *out}), *sorted(guessers)))  # makers first
    members.pop(0, None)
    return {
        member: ResultNote(
            challenge=challenge.id,
            number=challenge.number,
            theme=challenge.theme,
            entry=entries.get(member) if counted.picks else None,
            entries=len(counted.order) if counted.picks and member in entries else 0,
            shared=bool(counted.picks) and member in entries and places[entries[member].place] > 1,
            guesses=guessers.get(member),
            out=out.get(member, ""),
            example=challenge.example,
        )
        for member in members
    }


def _placed(
    order: Sequence[Standing], material: Material, duels: Sequence[Duel], said: Sequence[Guess]
) -> tuple[Placed, ...]:
    won: dict[str, float] = defaultdict(float)
    for duel in duels:
        won[duel.left] += duel.outcome.value
        won[duel.right] += 1.0 - duel.outcome.value
    facets: dict[str, Counter[Facet]] = defaultdict(Counter)
    for praise in material.praises:
        facets[praise.alias][praise.facet] += 1
    guesses: dict[str, Counter[Origin]] = defaultdict(Counter)
    for guess in said:
        guesses[guess.entry][guess.origin] += 1
    return tuple(
        Placed(
            each.entry,
            each.place,
            each.strength,
            *each.chance,
            each.appearances,
            won[each.entry],
            each.close,
            material.pool[each.entry].origin,
            material.pool[each.entry].family,
            dict(facets[each.entry]),
            dict(guesses[each.entry]),
        )
        for each in order
    )


def _podium(order: Sequence[Standing]) -> list[tuple[str, int]]:
    """Who stands on the podium, and on which step."""
    return [(e.entry, e.place) for e in takewhile(lambda each: each.place <= 3, order)]


def _guessers(
    guesses: Iterable[GuessMade], pool: Mapping[str, Contender], out: Mapping[str, Out]
) -> tuple[Guesser, ...]:
    """All who guessed, whoever got most right first."""
    right: Counter[int] = Counter()
    made: Counter[int] = Counter()
    for guess in guesses:
        entry = pool.get(guess.alias)
        if guess.origin is None or entry is None or guess.alias in out:
            continue
        made[guess.member] += 1
        right[guess.member] += guess.origin is entry.origin.guessed_as
    found = [Guesser(member, right[member], of) for member, of in made.items()]
    return tuple(sorted(found, key=lambda each: (-each.right, each.of, each.member)))


def _turnouts(
    material: Material, duels: Sequence[Duel], standing: Sequence[str]
) -> tuple[Turnout, ...]:
    """How the spaces of a linked community voted, each for itself."""
    if len(material.spaces) < 2:
        return ()
    found = []
    for number, space in enumerate(material.spaces):
        own = [duel for duel in duels if material.voted_from.get(int(duel.voter)) == space]
        rng = seeded(material.challenge.seed, _SPACE, number)
        order = ranking(picks(own, standing), rng, _ROUNDS) if own else ()
        first = tuple(each.entry for each in order if each.place == 1)
        voters = len({duel.voter for duel in own})
        found.append(Turnout(space, voters, len(own), first if len(first) <= _FIRSTS else ()))
    return tuple(found)
