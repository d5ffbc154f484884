"""Registering the commands, only when they have changed.

What was registered is kept as a note: the tree's hash, then ``name:id`` for each command, so
that any process can draw a command that can be clicked. A server for development is a scope
of its own: its commands are there at once.
https://docs.discord.com/developers/interactions/application-commands#bulk-overwrite-global-application-commands
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import discord

from adapters.discord.failures import translated
from adapters.discord.tree import command_hash, commands
from bot.ports import KeptForDiscord

log = logging.getLogger(__name__)


def _scope(application: int, guild: int | None) -> str:
    return f"{application}:{guild}" if guild else str(application)


async def recalled(
    kept: KeptForDiscord, application: int, guild: int | None = None
) -> dict[str, str]:
    """The ids of the commands as last registered, by name."""
    return _ids(await kept.commands(_scope(application, guild)))


async def synced(
    client: discord.Client, kept: KeptForDiscord, guild: int | None = None
) -> Mapping[str, str]:
    """Register the commands if they are not what was registered last; their ids by name.

    Raises `StageFailed`, and the store's errors.
    """
    application = client.application_id or 0
    tree = commands()
    now = command_hash(tree)
    note = await kept.commands(_scope(application, guild))
    if note.partition(" ")[0] == now:
        return _ids(note)
    with translated():
        registered = await _register(client, application, guild, tree)
    note = " ".join([now, *(f"{each['name']}:{each['id']}" for each in registered if _chat(each))])
    await kept.note_commands(_scope(application, guild), note)
    log.info("Discord has %d commands of Muse’s now", len(registered))
    return _ids(note)


async def _register(
    client: discord.Client, application: int, guild: int | None, tree: Sequence[Any]
) -> Sequence[Mapping[str, Any]]:
    if guild:
        return await client.http.bulk_upsert_guild_commands(application, guild, list(tree))
    return await client.http.bulk_upsert_global_commands(application, list(tree))


def _chat(command: Mapping[str, Any]) -> bool:
    return int(command.get("type", 1)) == 1


def _ids(note: str) -> dict[str, str]:
    pairs = (pair.rpartition(":") for pair in note.split()[1:])
    return {name: ident for name, _, ident in pairs}
