"""Spaces that Muse was removed from, and communities that are erased when the last is let go."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from bot.models import SpaceRef
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.client import Store, script
from bot.storage.round_records import moment
from bot.storage.spaces import first_community_id, pointed_at
from bot.storage.votes import milliseconds

_STEP = 50  # rounds, days or items erased at once
_SCAN = 500  # agenda items looked at in a step
_SHARED = ("agenda", "tries", "board_root", "usage_root")  # no keys of its own alone


@dataclass(frozen=True, slots=True)
class Parting:
    """What becomes of a community: `erased` from now on, else when to look at it `again`."""

    erased: bool = False
    again: datetime | None = None


class Departures:
    """The repository of what Muse was removed from. Every step may be run again."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def places(self, space: SpaceRef) -> list[SpaceRef]:
        """A space and all that are within it, however deep."""
        found = await self._store.call("SMEMBERS", keys.within(space))
        deeper = [await self.places(_space(each)) for each in found]
        return [space, *(each for all_of_one in deeper for each in all_of_one)]

    async def put_under(self, space: SpaceRef, whole: SpaceRef) -> None:
        """Note that Muse is in a space by the installation of an organisation."""
        await self._store.call("SADD", keys.within(whole), str(space))
        await self._store.call("SET", keys.under(space), str(whole))

    async def apart(self, space: SpaceRef) -> bool:
        """Note that no organisation's installation brings Muse to a space; whether one did."""
        whole = await self._store.call("GET", keys.under(space))
        if whole is None:
            return False
        await self._store.call("SREM", keys.within(_space(whole)), str(space))
        await self._store.call("DEL", keys.under(space))
        return True

    async def let_go(self, space: SpaceRef) -> None:
        """Keep nothing of how Muse came to a space by an organisation that removed it."""
        if await self.apart(space):
            await self._store.call("DEL", keys.installation(space))

    async def left(self, space: SpaceRef, now: datetime, erases: datetime) -> bool:
        """Note that Muse was removed from a space; whether it kept anything of it."""
        pointer = await self._store.call("GET", keys.space(space))
        if pointer is None:  # then no community's end takes along who joined the space
            await self._store.call("UNLINK", keys.community(first_community_id(space)).joined)
            return False
        community = pointed_at(pointer)
        shared = keys.community(community)
        reply = await self._store.run(
            script("space_left"),
            (shared.spaces, shared.gone, shared.agenda),
            (str(space), milliseconds(now), items.erase(community), milliseconds(erases)),
        )
        return bool(reply[0] == "ok")

    async def back(self, space: SpaceRef) -> bool:
        """Note that Muse is in a space again; whether it had been away."""
        pointer = await self._store.call("GET", keys.space(space))
        if pointer is None:
            return False
        community = pointed_at(pointer)
        shared = keys.community(community)
        reply = await self._store.run(
            script("space_back"), (shared.spaces, shared.gone), (str(space),)
        )
        return bool(reply[0] == "ok" and reply[1])

    async def part(self, community: str, now: datetime, kept: timedelta) -> Parting:
        """Let go the spaces that Muse has been away from for `kept`."""
        shared = keys.community(community)
        latest = await self._store.call("ZREVRANGE", shared.rounds, 0, _STEP - 1)
        reply = await self._store.run(
            script("erase_begin"),
            (
                *(shared.record, shared.spaces, shared.gone),
                *(keys.round_keys(community, round_id).record for round_id in latest),
            ),
            (milliseconds(now), int(kept.total_seconds() * 1000)),
        )
        if reply[0] == "gone":
            return Parting()
        _, later, let_go = reply
        for space in let_go:
            ref = _space(space)
            await self._free(ref, community, now)
            if ref.outer is not None:
                await self._store.call("SREM", keys.within(ref.outer), space)
            await self.let_go(ref)
            await self._store.run(script("space_drop"), (keys.space(ref),), (community,))
            await self._store.call("HDEL", shared.gone, f"!{space}")
        return Parting(reply[0] == "erase", moment(later) if later else None)

    async def _free(self, space: SpaceRef, community: str, now: datetime) -> None:
        """Have what a space left behind erased too, where it had joined this community."""
        first = first_community_id(space)
        own = keys.community(first)
        await self._store.run(
            script("space_free"),
            (own.record, own.agenda),
            (community, items.erase(first), milliseconds(now)),
        )

    async def erase(self, community: str, now: datetime) -> bool:
        """Erase a community whose last space was let go; False where it came back meanwhile.

        Rounds go whole, one by one, so that what is left if it does come back fits together.
        """
        shared = keys.community(community)
        while rounds := await self._store.call("ZREVRANGE", shared.rounds, 0, _STEP - 1):
            done = await asyncio.gather(*(self._round(community, each) for each in rounds))
            if not all(done):
                return False
        challenges = await self._store.call("ZRANGE", shared.challenges, 0, -1)
        for start in range(0, len(challenges), _STEP):
            own = [keys.challenge_keys(community, x) for x in challenges[start : start + _STEP]]
            all_own = [getattr(each, f.name) for each in own for f in fields(each)]
            if not await self._keys(community, all_own):
                return False
        for scanned, key in (
            ("ZSCAN", shared.agenda),
            ("HSCAN", shared.tries),
            ("HSCAN", keys.agenda_dead(keys.shard(community))),
        ):
            if not await self._sweep(community, scanned, key):
                return False
        made = await self._store.call("HGET", shared.record, "made")
        first = moment(made) if made else now
        days = [first + timedelta(days=n) for n in range(-1, (now - first).days + 2)]
        for start in range(0, len(days), _STEP):
            spent = [
                shared.usage(str(day.astimezone(UTC).date())) for day in days[start : start + _STEP]
            ]
            if not await self._keys(community, spent):
                return False
        boards = [shared.board(board, "all") for board in ("entries", "people", "lenses")]
        names = [each.name for each in fields(shared) if each.name not in _SHARED]
        kept = [getattr(shared, name) for name in names]
        return await self._keys(community, [*boards, *kept], whole=True)

    async def _round(self, community: str, round_id: str) -> bool:
        shared, own = keys.community(community), keys.round_keys(community, round_id)
        periods = await self._store.call("HMGET", own.record, "month", "week")
        boards = [
            shared.board(board, period)
            for period in periods
            if period
            for board in ("entries", "people", "lenses")
        ]
        all_own = [getattr(own, each.name) for each in fields(own)]
        return await self._keys(community, [*all_own, *boards], round_id=round_id)

    async def _sweep(self, community: str, scan: str, key: str) -> bool:
        """Strike everything on the agenda but the erasing itself, which is under way."""
        shared, dead = keys.community(community), keys.agenda_dead(keys.shard(community))
        cursor = "0"
        while True:
            cursor, found = await self._store.run(
                script("names_scan"), (key,), (scan, cursor, f"*:{community}:*", _SCAN, "")
            )
            struck = [item for item in found if item != items.erase(community)]
            if struck:
                reply = await self._store.run(
                    script("erase_items"), (shared.gone, shared.agenda, shared.tries, dead), struck
                )
                if reply[0] != "ok":
                    return False
            if cursor == "0":
                return True

    async def _keys(
        self, community: str, erased: Sequence[str], *, round_id: str = "", whole: bool = False
    ) -> bool:
        shared = keys.community(community)
        reply = await self._store.run(
            script("erase_keys"),
            (
                *(shared.gone, shared.rounds, keys.communities(keys.shard(community))),
                *(key for key in erased if key not in (shared.gone, shared.rounds)),
            ),
            (round_id, community if whole else ""),
        )
        return bool(reply[0] == "ok")


def _space(text: str) -> SpaceRef:
    platform, _, ident = text.partition(":")
    return SpaceRef(platform, ident)
