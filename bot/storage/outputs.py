"""What Muse wrote lately in rounds, so that a challenge knows it again."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass

from bot.models import Origin
from bot.storage import keys
from bot.storage.client import Store
from bot.storage.round_records import read_entry


@dataclass(frozen=True, slots=True)
class Output:
    """A piece that Muse wrote: what it is called, with its text and who wrote it."""

    name: str
    text: str
    origin: Origin
    model: str = ""
    lens: str = ""


class Outputs:
    """The repository of Muse's own pieces. It only reads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def latest(self, community: str) -> list[Output]:
        """Muse's pieces among the community's latest texts, and those it made with people."""
        texts = await self._store.call("LRANGE", keys.community(community).past, 0, -1)
        numbers: dict[str, list[str]] = defaultdict(list)
        for text in texts:
            round_id, _, number = text.partition(" ")[0].partition("/")
            numbers[round_id].append(number)
        found = await asyncio.gather(
            *(self._of(community, round_id, of) for round_id, of in numbers.items())
        )
        return [output for outputs in found for output in outputs]

    async def _of(self, community: str, round_id: str, numbers: list[str]) -> list[Output]:
        key = keys.round_keys(community, round_id).entries
        kept = await self._store.call("HMGET", key, *numbers)
        entries = [
            read_entry(number, text) for number, text in zip(numbers, kept, strict=True) if text
        ]
        return [
            Output(f"{round_id}/{each.number}", each.text, each.origin, each.model, each.lens)
            for each in entries
            if each.text and each.origin is not Origin.HUMAN
        ]
