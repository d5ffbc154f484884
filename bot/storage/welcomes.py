"""The welcome of a new place: where it is said, and that it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.models import Address
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.client import Store, script
from bot.storage.round_records import read_address, write_address
from bot.storage.votes import milliseconds


class Welcomes:
    """The repository of welcomes. `community` is the one that a space began with."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def ask(self, community: str, address: Address, now: datetime) -> bool:
        """Have the welcome said at `address`, once for each place; whether it was not yet."""
        shared = keys.community(community)
        item = items.welcome(community, address.space.platform)
        reply = await self._store.run(
            script("welcome_ask"),
            (shared.record, shared.agenda),
            (write_address(replace(address, token="")), item, milliseconds(now)),
        )
        return bool(reply)

    async def due(self, community: str) -> Address | None:
        """Where it is to be said still; None where it was, or was never asked for."""
        record = keys.community(community).record
        kept, said = await self._store.call("HMGET", record, "welcome", "welcomed")
        return read_address(kept) if kept and not said else None

    async def note(self, community: str, message: str) -> None:
        """Note that it was said."""
        await self._store.call("HSET", keys.community(community).record, "welcomed", message)
