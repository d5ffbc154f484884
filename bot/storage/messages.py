"""Which round a message on a platform shows: so that a reply to the message finds the round."""

from __future__ import annotations

from bot.models import RoundRef
from bot.storage import keys
from bot.storage.client import Store


class Messages:
    """The repository of rounds' messages. A message is let go with its round."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def note(self, ref: RoundRef, message: str) -> None:
        """Note that `message` shows a round; noting it again changes nothing."""
        await self._store.call(
            "HSET", keys.community(ref.community).channels, _field(message), ref.round
        )

    async def round_of(self, community: str, message: str) -> RoundRef | None:
        """The round that a message shows, if it shows one of this community's."""
        ident = await self._store.call("HGET", keys.community(community).channels, _field(message))
        return RoundRef(community, ident) if ident else None


def _field(message: str) -> str:
    return f"m:{message}"
