"""Putting together what a writer is told: the round's wish, and what its community knows."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Protocol

from bot.brief import Brief, Lens
from bot.community.angles import offered
from bot.community.budgets import Budgets, Purse
from bot.community.moderation import Moderation
from bot.community.rules import Rules, channel_of, effective
from bot.errors import NotFound
from bot.models import Address, Entry, Round, RoundRef, Twist
from bot.storage.charters import Charters
from bot.storage.knowledge import Knowledge
from bot.storage.memory import Memory
from bot.storage.rounds import Rounds
from bot.wording import en
from bot.writing import briefs
from bot.writing.calls import SPARE
from bot.writing.engine import Context
from bot.writing.guard import Past
from bot.writing.lenses import LENSES
from bot.writing.remembering import loved, relevant_lore

HALL = 100  # how many of the all-time best belong to a community's past
LANGUAGES = dict(en.LANGUAGES)
GENERATIONS = 5  # how far back a round asked once more keeps away from
_BUILT_IN = frozenset(lens.name for lens in LENSES)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known besides the brief, and told to no model."""

    context: Context
    past: Past
    purse: Purse


class Placed(Protocol):
    """What is written for a community at a place: a round, a challenge."""

    @property
    def community(self) -> str:
        """Whose it is."""
        ...

    @property
    def address(self) -> Address:
        """Where it is shown: that channel's rules hold."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """A community and a place of it."""

    community: str
    address: Address


class Briefing:
    """Makes briefs. All that people wrote in them is data to the model (`bot.writing.briefs`)."""

    def __init__(
        self,
        rounds: Rounds,
        memory: Memory,
        knowledge: Knowledge,
        charters: Charters,
        moderation: Moderation,
        budgets: Budgets,
        defaults: Rules,
    ) -> None:
        self._rounds = rounds
        self._memory = memory
        self._knowledge = knowledge
        self._charters = charters
        self._moderation = moderation
        self._budgets = budgets
        self._defaults = defaults

    async def of(self, round_: Round, lenses: Sequence[str]) -> tuple[Brief, Known]:
        """The brief for those places of a round that have these lenses."""
        earlier = await self._earlier(round_)
        parents = await self._parents(round_)
        avoid = [entry.text for entry in round_.standing if entry.text] + earlier
        brief = Brief(
            prompt=round_.prompt,
            form=round_.form,
            lenses=tuple(lenses),
            avoid=tuple(text for text in avoid if text not in parents),
            seed=round_.seed,
            without=round_.wish.without,
            parents=parents,
            twist=round_.wish.twist,
            bold=round_.wish.bold,
            theme=round_.theme,
            language=LANGUAGES.get(round_.language, ""),
        )
        return await self.filled(round_, round_.asker, brief)

    async def remix(
        self, round_: Round, parent: Entry, twist: Twist, count: int
    ) -> tuple[Brief, Known]:
        """The brief for versions of an entry: its own lens first, then others."""
        rng = Random(f"{round_.seed} {twist.key}")
        angles = await self._knowledge.angles(round_.community)
        names = [lens.name for lens in offered(angles) if lens.name != parent.lens]
        rng.shuffle(names)
        first = [parent.lens] if parent.lens else []
        brief = Brief(
            prompt=round_.prompt,
            form=round_.form,
            lenses=tuple([*first, *names][:count]),
            avoid=tuple(e.text for e in round_.standing if e.number != parent.number),
            seed=rng.getrandbits(32),
            parents=(parent.text,),
            twist=twist.text,
            language=LANGUAGES.get(round_.language, ""),
        )
        return await self.filled(round_, twist.member, brief)

    async def purse(self, round_: Placed, member: int, brief: Brief, past: Past) -> Known:
        """What is known besides a brief; what it costs is the member's."""
        charter = await self._charters.of(round_.community)
        rules = effective(charter.rules, self._defaults, channel_of(round_.address))
        size = briefs.size(brief, len(brief.lenses) + SPARE)
        purse = await self._budgets.purse(round_.community, member, rules, size)
        allowed = partial(self._moderation.allows, round_.community)
        return Known(Context(past.repeats, allowed, purse.may_call), past, purse)

    async def filled(self, round_: Placed, member: int, brief: Brief) -> tuple[Brief, Known]:
        """The brief with what the community knows, loves and has seen; its cost is a member's."""
        community = round_.community
        (texts, best), lore, angles = await asyncio.gather(
            self._memory.past(community, HALL),
            self._knowledge.lore(community),
            self._knowledge.angles(community),
        )
        spare = {*brief.avoid, *brief.parents}
        past = await asyncio.to_thread(Past, [t for t in texts if t not in brief.parents])
        own = {lens.name: lens for lens in angles.own}
        # One that was removed meanwhile has still a place in its rounds, and its name says most.
        gone = [name for name in brief.lenses if name not in own and name not in _BUILT_IN]
        own |= {name: Lens(name, name, name, name) for name in gone}
        whole = replace(
            brief,
            own_lenses=brief.own_lenses or tuple(own[name] for name in brief.lenses if name in own),
            lore=relevant_lore(
                [line.text for line in lore], f"{brief.prompt} {brief.twist}", brief.seed
            ),
            loved=loved(best, brief.form, brief.lenses, brief.seed, spare),
        )
        return whole, await self.purse(round_, member, whole, past)

    async def _parents(self, round_: Round) -> tuple[str, ...]:
        """The texts that the round goes on from."""
        wish = round_.wish
        if wish.source:
            return (wish.source,)
        if not wish.pieces or not round_.parent:
            return ()
        try:
            earlier = (await self._rounds.read(RoundRef(round_.community, round_.parent))).round
        except NotFound:
            return ()
        return tuple(e.text for e in earlier.standing if e.text and e.number in wish.pieces)

    async def _earlier(self, round_: Round) -> list[str]:
        """The texts of the rounds this one was asked after."""
        texts: list[str] = []
        parent = round_.parent
        for _ in range(GENERATIONS):
            if not parent:
                break
            try:
                earlier = (await self._rounds.read(RoundRef(round_.community, parent))).round
            except NotFound:
                break
            texts += [entry.text for entry in earlier.standing if entry.text]
            parent = earlier.parent
        return texts
