"""What is registered on platforms: notes on the native commands, one for each scope."""

from __future__ import annotations

from bot.ports import KeptForDiscord
from bot.storage import keys
from bot.storage.client import Store


class Installed(KeptForDiscord):
    """The repository of what the platforms were told."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def commands(self, scope: str) -> str:
        """What was noted of the commands last registered in a scope; '' where nothing was."""
        return str(await self._store.call("GET", keys.commands("discord", scope)) or "")

    async def note_commands(self, scope: str, note: str) -> None:
        """Keep a note of the commands that are registered in a scope."""
        await self._store.call("SET", keys.commands("discord", scope), note)
