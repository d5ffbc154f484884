"""What the agenda gave up of one community, and putting it on the agenda again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from bot.listings import GivenUp
from bot.models import SpaceRef
from bot.references import short_id
from bot.storage import agenda_items, keys
from bot.storage.audit import Deed
from bot.storage.client import Store, script
from bot.storage.refusals import refuse
from bot.storage.round_records import moment
from bot.storage.votes import milliseconds, pairs

_CODE = 8  # letters


class GivenUpStore:
    """The repository of work that was tried so often that nobody tries it any more."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, community: str) -> tuple[GivenUp, ...]:
        """What was given up of a community, the latest first."""
        dead = keys.agenda_dead(keys.shard(community))
        if not await self._store.call("HLEN", dead):  # nearly always
            return ()
        found = pairs(await self._store.call("HGETALL", dead))
        rows = [
            _read(item, json.loads(note))
            for item, note in found.items()
            if agenda_items.read(item)[1].community == community
        ]
        return tuple(sorted(rows, key=lambda row: (row.at, row.item), reverse=True))

    async def again(
        self, community: str, space: SpaceRef, items: Sequence[str], now: datetime, deed: Deed
    ) -> int:
        """Put items that were given up on the agenda again; how many of them still were."""
        number, shared = keys.shard(community), keys.community(community)
        reply = await self._store.run(
            script("agenda_again"),
            (
                *(keys.agenda(number), keys.agenda_tries(number), keys.agenda_dead(number)),
                *(shared.spaces, *deed.keys(community)),
            ),
            (str(space), milliseconds(now), len(items), *items, *deed.args()),
        )
        if reply[0] != "ok":
            refuse(reply)
        return int(reply[1])


def _read(item: str, note: dict[str, object]) -> GivenUp:
    head = item.partition(":")[0]
    verb, _, platform = head.partition("@")
    return GivenUp(
        item,
        short_id("given up", item, _CODE),
        verb,
        platform,
        moment(str(note.get("at") or 0)),
        str(note.get("said") or ""),
    )
