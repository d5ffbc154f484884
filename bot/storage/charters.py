"""What a community has settled: its rules, its organisers, its words and whom it blocks.

Every command needs it, so a process keeps it for a moment. A change made in this process holds
at once; one made in another, within `KEPT` seconds.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.models import SpaceRef, UserRef
from bot.storage import keys
from bot.storage.audit import Deed
from bot.storage.client import Store, script
from bot.storage.refusals import refuse
from bot.storage.votes import pairs

KEPT = 2.0  # seconds
_REMEMBERED = 20_000  # communities
MOST_ORGANISERS, MOST_WORDS, MOST_BLOCKED = 50, 500, 5_000


@dataclass(frozen=True, slots=True)
class Charter:
    """What a community has settled. `blocked` holds marks (`mark`), never who it is.

    `told` are the identities of those who are to be told something, `reported` is how many
    entries wait for an organiser to decide.
    """

    rules: Mapping[str, str] = field(default_factory=dict)
    organisers: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    blocked: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    reported: int = 0


class Charters:
    """The repository of charters."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[float, Charter]] = {}

    async def of(self, community: str) -> Charter:
        """What the community has settled, at most `KEPT` seconds old."""
        now = asyncio.get_running_loop().time()
        known = self._known.get(community)
        if known is not None and now < known[0]:
            return known[1]
        shared = keys.community(community)
        rules, organisers, words, blocked, notices, reported = await asyncio.gather(
            self._hash(shared.rules),
            self._hash(shared.organisers),
            self._hash(shared.words),
            self._hash(shared.blocked),
            self._store.call("HKEYS", shared.notices),
            self._store.call("ZCARD", shared.reported),
        )
        charter = Charter(
            rules,
            frozenset(organisers),
            tuple(sorted(words)),
            frozenset(blocked),
            frozenset(name.rpartition(" ")[0] for name in notices),
            int(reported),
        )
        if len(self._known) >= _REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[community] = (now + KEPT, charter)
        return charter

    def forget(self, community: str) -> None:
        """Read it anew next time: something else of it was changed in this process."""
        self._known.pop(community, None)

    async def set_rule(
        self, community: str, space: SpaceRef, name: str, value: str, deed: Deed
    ) -> str:
        """Set a rule, '' to unset it; the value before. The log tells which, and what it was."""
        (changed,) = await self._set(community, space, "one", {name: value}, deed)
        return changed[2]

    async def set_rules(
        self, community: str, space: SpaceRef, values: Mapping[str, str], deed: Deed
    ) -> None:
        """Set several rules, which `set_back` can undo as one."""
        await self._set(community, space, "several", values, deed)

    async def set_back(self, community: str, space: SpaceRef, deed: Deed) -> None:
        """Undo the latest `set_rules`. Raises `NotFound` where there was none."""
        await self._set(community, space, "back", {}, deed)

    async def _set(
        self, community: str, space: SpaceRef, how: str, values: Mapping[str, str], deed: Deed
    ) -> list[tuple[str, str, str]]:
        shared = keys.community(community)
        flat = [part for pair in values.items() for part in pair]
        reply = await self._store.run(
            script("rule_set"),
            (shared.rules, shared.spaces, *deed.keys(community)),
            (str(space), how, len(values), *flat, *deed.args()),
        )
        self._known.pop(community, None)
        if reply[0] != "ok":
            refuse(reply)
        parts = [str(part) for part in reply[1:]]
        return list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))

    async def set_organiser(
        self, community: str, space: SpaceRef, user: UserRef, deed: Deed, *, on: bool
    ) -> bool:
        """Name an organiser, or not any more; whether that changed anything."""
        key, names = keys.community(community).organisers, {str(user): "1" if on else ""}
        return await self._change(community, key, space, names, MOST_ORGANISERS, deed)

    async def set_word(
        self, community: str, space: SpaceRef, word: str, deed: Deed, *, on: bool
    ) -> bool:
        """Add a word that no text may hold here, or take it off."""
        key, names = keys.community(community).words, {word: "1" if on else ""}
        return await self._change(community, key, space, names, MOST_WORDS, deed)

    async def set_blocked(
        self, community: str, space: SpaceRef, users: Iterable[UserRef], deed: Deed, *, on: bool
    ) -> bool:
        """Block a member from Muse here, whom all `users` are, or let them in again."""
        key = keys.community(community).blocked
        names = {mark(community, user): str(user) if on else "" for user in users}
        return await self._change(community, key, space, names, MOST_BLOCKED, deed)

    async def _change(
        self,
        community: str,
        key: str,
        space: SpaceRef,
        names: Mapping[str, str],
        most: int,
        deed: Deed,
    ) -> bool:
        flat = [part for pair in names.items() for part in pair]
        reply = await self._store.run(
            script("set_change"),
            (key, keys.community(community).spaces, *deed.keys(community)),
            (str(space), most, len(names), *flat, *deed.args()),
        )
        self._known.pop(community, None)
        if reply[0] != "ok":
            refuse(reply)
        return bool(reply[1])

    async def _hash(self, key: str) -> Mapping[str, str]:
        flat: Mapping[str, str] | Sequence[str] = await self._store.call("HGETALL", key)
        return flat if isinstance(flat, Mapping) else pairs(flat)


def mark(community: str, user: UserRef) -> str:
    """What stands for a member among the blocked: a keyed hash, which outlives forgetting them.

    It is keyed by the community, so that no list can be held against another's.
    """
    digest = hmac.new(community.encode(), str(user).encode(), hashlib.sha256).hexdigest()
    return digest[:24]
