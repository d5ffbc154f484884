"""What a community's past says to its next round: texts not to repeat, and what lenses taught."""

from __future__ import annotations

import json

from bot.stats.lens_choice import LensRecord
from bot.storage import keys
from bot.storage.client import Store, script
from bot.storage.votes import pairs


class Memory:
    """The repository of a community's past. It only reads: other scripts write it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def texts(self, community: str, hall: int) -> list[str]:
        """The latest texts and the `hall` best of all time, each once."""
        shared = keys.community(community)
        latest, pieces = await self._store.run(
            script("past_read"),
            (shared.past, shared.board("entries", "all"), shared.pieces),
            (hall,),
        )
        texts = [text.partition(" ")[2] for text in latest]
        texts += [json.loads(kept.partition(" ")[2])["t"] for kept in pieces if kept]
        return list(dict.fromkeys(texts))

    async def lenses(self, community: str) -> dict[str, LensRecord]:
        """What each lens's entries have taught so far; lenses that never played are not in it."""
        flat = await self._store.call("HGETALL", keys.community(community).lenses)
        kept = flat if isinstance(flat, dict) else pairs(flat)
        return {lens: LensRecord(*map(float, record.split())) for lens, record in kept.items()}
