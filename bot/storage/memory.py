"""What a community's past says to its next round: texts not to repeat, pieces it loved, prompts
it was given, and what lenses taught.
"""

from __future__ import annotations

import json

from bot.brief import Kept
from bot.stats.lens_choice import LensRecord
from bot.storage import keys
from bot.storage.client import Store, script
from bot.storage.votes import pairs


class Memory:
    """The repository of a community's past. It only reads: other scripts write it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def past(self, community: str, hall: int) -> tuple[list[str], list[Kept]]:
        """The latest texts and the `hall` best of all time, each once; and those best, whole."""
        shared = keys.community(community)
        latest, pieces = await self._store.run(
            script("past_read"),
            (shared.past, shared.board("entries", "all"), shared.pieces),
            (hall,),
        )
        best = [_kept(piece.partition(" ")[2]) for piece in pieces if piece]
        best = [kept for kept in best if kept.text]  # else its author has been forgotten
        texts = [text.partition(" ")[2] for text in latest]
        texts += [kept.text for kept in best]
        return list(dict.fromkeys(texts)), best

    async def prompts(self, community: str) -> list[str]:
        """The prompts that Muse gave people, the newest first."""
        kept = await self._store.call("LRANGE", keys.community(community).prompts, 0, -1)
        return list(kept)

    async def lenses(self, community: str) -> dict[str, LensRecord]:
        """What each lens's entries have taught so far; lenses that never played are not in it."""
        flat = await self._store.call("HGETALL", keys.community(community).lenses)
        kept = pairs(flat)
        return {lens: LensRecord(*map(float, record.split())) for lens, record in kept.items()}


def _kept(text: str) -> Kept:
    """A piece as ``round_close.lua`` keeps it."""
    fields = json.loads(text)
    return Kept(fields["t"], fields["f"], fields["l"], fields["a"])
