"""What a community tells Muse: its lore, and the lenses that it makes, hides and describes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.brief import Angles, Lens, LoreLine
from bot.models import SpaceRef
from bot.storage import keys
from bot.storage.audit import Deed
from bot.storage.client import Store, script
from bot.storage.refusals import refuse
from bot.storage.votes import pairs

MOST_LORE = 200  # lines
MOST_ANGLES = 20  # of a community's own
FEWEST_ANGLES = 6  # fewer, and rounds would look alike


class Knowledge:
    """The repository of lore and of a community's own lenses."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def lore(self, community: str) -> tuple[LoreLine, ...]:
        """Every line, the oldest first."""
        lines = await self._hash(keys.community(community).lore)
        found = [
            LoreLine(int(number), line.partition(" ")[2])
            for number, line in lines.items()
            if number != "next"
        ]
        return tuple(sorted(found, key=lambda line: line.number))

    async def add_lore(
        self, community: str, event: str, space: SpaceRef, text: str, deed: Deed
    ) -> int:
        """Keep a line; its number. Raises `LimitReached`, `Refusal`, `ForeignSpace`."""
        shared = keys.community(community)
        reply = await self._store.run(
            script("lore_add"),
            (shared.lore, shared.spaces, *deed.keys(community)),
            (str(space), text, MOST_LORE, event, *deed.args()),
        )
        if reply[0] != "ok":
            refuse(reply)
        return int(reply[1])

    async def remove_lore(self, community: str, space: SpaceRef, number: int, deed: Deed) -> str:
        """Forget a line; what it said, or nothing where it was gone. Raises `NotFound`."""
        shared = keys.community(community)
        reply = await self._store.run(
            script("lore_remove"),
            (shared.lore, shared.spaces, *deed.keys(community)),
            (str(space), number, *deed.args()),
        )
        if reply[0] != "ok":
            refuse(reply)
        return str(reply[1])

    async def angles(self, community: str) -> Angles:
        """The community's own lenses, by name, and what it hides."""
        kept = await self._hash(keys.community(community).angles)
        own = [
            _lens(name.partition(":")[2], json.loads(text))
            for name, text in sorted(kept.items())
            if name.startswith("own:")
        ]
        hidden = [name.partition(":")[2] for name in kept if name.startswith("hidden:")]
        return Angles(tuple(own), frozenset(hidden))

    async def put_angle(self, community: str, space: SpaceRef, lens: Lens, deed: Deed) -> bool:
        """Keep a lens of the community's own; whether it is new. Raises `LimitReached`."""
        shared = keys.community(community)
        text = json.dumps({"label": lens.label, "line": lens.line, "does": lens.instruction})
        reply = await self._store.run(
            script("angle_put"),
            (shared.angles, shared.spaces, *deed.keys(community)),
            (str(space), lens.name, text, MOST_ANGLES, *deed.args()),
        )
        if reply[0] != "ok":
            refuse(reply)
        return bool(reply[1])

    async def change_angle(
        self,
        community: str,
        space: SpaceRef,
        name: str,
        change: str,
        built_in: int,
        deed: Deed,
    ) -> None:
        """``hide`` or ``show`` a lens, or ``remove`` one of the community's own.

        `built_in` is how many there are without those. Raises `LimitReached`, `ForeignSpace`.
        """
        shared = keys.community(community)
        reply = await self._store.run(
            script("angle_hide"),
            (shared.angles, shared.spaces, *deed.keys(community)),
            (str(space), name, change, built_in, FEWEST_ANGLES, *deed.args()),
        )
        if reply[0] != "ok":
            refuse(reply)

    async def _hash(self, key: str) -> Mapping[str, str]:
        flat = await self._store.call("HGETALL", key)
        return pairs(flat)


def _lens(name: str, kept: Mapping[str, Any]) -> Lens:
    return Lens(name, kept["label"], kept["line"], kept["does"])
