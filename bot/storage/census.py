"""How much of everything there is, and what it takes of memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.storage.connect import Client
from bot.storage.kinds import kind
from bot.storage.scanning import ask, every_key

SAMPLE = 400  # keys of a kind that are weighed; the others are taken to be like them
_AT_ONCE = 50


@dataclass(slots=True)
class Kind:
    """All keys of one kind. `bytes` is a sum where all were weighed, else an estimate."""

    keys: int = 0
    weighed: int = 0
    weight: int = 0

    @property
    def bytes(self) -> int:
        """What all of them take."""
        return round(self.weight * self.keys / self.weighed) if self.weighed else 0


@dataclass(slots=True)
class Census:
    """What there is."""

    kinds: dict[str, Kind] = field(default_factory=dict)

    def count(self, kind_: str) -> int:
        """How many keys of a kind there are."""
        found = self.kinds.get(kind_)
        return found.keys if found else 0

    @property
    def bytes(self) -> int:
        """What everything takes, about."""
        return sum(each.bytes for each in self.kinds.values())


async def take_census(client: Client) -> Census:
    """Count everything, and weigh some of each kind. Raises `SetupError`."""
    census, ahead = Census(), list[tuple[Kind, str]]()

    async def weigh() -> None:
        weights = await asyncio.gather(*(_weight(client, key) for _, key in ahead))
        for (which, _), weight in zip(ahead, weights, strict=True):
            which.weight += weight
        ahead.clear()

    async for key in every_key(client):
        named = kind(key)
        assert named is not None
        which = census.kinds.setdefault(named, Kind())
        which.keys += 1
        # The first, and then ever fewer: whatever SCAN gives first must not decide.
        if which.keys <= SAMPLE or which.keys % (1 + which.keys // SAMPLE) == 0:
            which.weighed += 1
            ahead.append((which, key))
        if len(ahead) == _AT_ONCE:
            await weigh()
    await weigh()
    return census


async def _weight(client: Client, key: str) -> int:
    """What a key takes, the long ones by five of their parts; 0 where it has gone."""
    name = key.encode("utf-8", "surrogateescape")
    return int(await ask(client, "MEMORY USAGE", name, "SAMPLES", 5) or 0)
