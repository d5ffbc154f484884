"""Themes that members propose and vote for, and those that challenges had."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.challenge import Challenge, Proposal
from bot.models import SpaceRef, UserRef
from bot.storage import keys
from bot.storage.audit import Deed
from bot.storage.client import Reply, Store, script
from bot.storage.refusals import refuse
from bot.storage.votes import milliseconds, pairs

MOST = 100  # proposals of a community
MOST_OWN = 5  # of one member


@dataclass(frozen=True, slots=True)
class Themes:
    """What there is to draw from: proposals by number, the winner's own, and those had before."""

    proposals: tuple[Proposal, ...] = ()
    named: Proposal | None = None
    before: tuple[str, ...] = ()  #: the newest first


class ThemeStore:
    """The repository of themes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self, community: str) -> Themes:
        """All that there is to draw from."""
        shared = keys.community(community)
        flat = await self._store.call("HGETALL", shared.themes)
        kept = flat if isinstance(flat, dict) else pairs(flat)
        before = await self._store.call("LRANGE", shared.themed, 0, -1)
        votes: dict[str, set[int]] = defaultdict(set)
        for name in kept:
            if name[0] == "v":
                of, _, member = name[1:].partition(".")
                votes[of].add(int(member))
        proposals = [
            _proposal(name, text, frozenset(votes[name]))
            for name, text in kept.items()
            if name.isdecimal()
        ]
        named = _proposal("next", kept["next"]) if "next" in kept else None
        return Themes(tuple(sorted(proposals, key=lambda each: int(each.id))), named, tuple(before))

    async def put(
        self, community: str, space: SpaceRef, user: UserRef, theme: str, now: datetime
    ) -> tuple[str, str]:
        """Put a theme on the list; its number, and that of the one which gave way, where it was
        full. Raises `LimitReached`, `Refusal`, `ForeignSpace`.
        """
        shared = keys.community(community)
        reply = await self._store.run(
            script("theme_put"),
            (shared.themes, shared.spaces, shared.record, shared.ids, shared.people),
            (str(space), str(user), milliseconds(now), theme, MOST, MOST_OWN),
        )
        _, number, _, gave_way = _ok(reply)
        return str(number), str(gave_way)

    async def withdraw(self, community: str, space: SpaceRef, user: UserRef, proposal: str) -> None:
        """Take a theme of one's own off the list. Raises `NotFound`, `NotAllowed`,
        `ForeignSpace`.
        """
        shared = keys.community(community)
        reply = await self._store.run(
            script("theme_withdraw"),
            (shared.themes, shared.spaces, shared.ids),
            (str(space), str(user), proposal),
        )
        _ok(reply)

    async def remove(self, community: str, space: SpaceRef, proposal: str, deed: Deed) -> None:
        """Take anybody's theme off the list. Raises `NotFound`, `ForeignSpace`."""
        shared = keys.community(community)
        reply = await self._store.run(
            script("theme_remove"),
            (shared.themes, shared.spaces, *deed.keys(community)),
            (str(space), proposal, *deed.args()),
        )
        _ok(reply)

    async def vote(
        self,
        community: str,
        space: SpaceRef,
        user: UserRef,
        proposal: str,
        now: datetime,
        *,
        on: bool,
    ) -> None:
        """Vote a theme up, or no more. Raises `NotFound`, `ForeignSpace`."""
        shared = keys.community(community)
        reply = await self._store.run(
            script("theme_vote"),
            (shared.themes, shared.spaces, shared.record, shared.ids, shared.people),
            (str(space), str(user), milliseconds(now), proposal, "1" if on else ""),
        )
        _ok(reply)

    async def name(
        self, won: Challenge, space: SpaceRef, user: UserRef, theme: str, winners: Sequence[int]
    ) -> None:
        """Name the next theme, as a winner of the latest challenge may. Raises `NotAllowed`,
        `Refusal`, `TooLate`, `ForeignSpace`.
        """
        shared = keys.community(won.community)
        reply = await self._store.run(
            script("theme_name"),
            (shared.themes, shared.spaces, shared.ids, shared.plan),
            (str(space), str(user), theme, won.id, won.links, *winners),
        )
        _ok(reply)


def _proposal(ident: str, text: str, votes: frozenset[int] = frozenset()) -> Proposal:
    member, _, theme = text.partition(" ")
    return Proposal(ident, int(member), theme, votes)


def _ok(reply: Reply) -> Reply:
    if reply[0] != "ok":
        refuse(reply)
    return reply
