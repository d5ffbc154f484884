"""The address that adds Muse to a server, with exactly the permissions it uses.

https://docs.discord.com/developers/topics/oauth2#bot-authorization-flow
"""

from __future__ import annotations

import discord

from adapters.discord.failures import signing_in
from adapters.discord.rest import INTENTS, point_at

#: Each call that needs a permission, and what it needs.
#: https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
NEEDED: dict[str, discord.Permissions] = {
    "post a round or a result in a channel": discord.Permissions(
        view_channel=True, send_messages=True
    ),
    "post them in a thread": discord.Permissions(send_messages_in_threads=True),
    "attach a picture that Muse painted or drew": discord.Permissions(attach_files=True),
    "reply to a message, and look for its own after a failure": discord.Permissions(
        read_message_history=True
    ),
    "pin an announcement": discord.Permissions(pin_messages=True),
    "begin a thread about it": discord.Permissions(create_public_threads=True),
    "put a challenge among the server’s events": discord.Permissions(create_events=True),
    "give the winner’s role": discord.Permissions(manage_roles=True),
}
SCOPES = ("bot", "applications.commands")


async def invitation(token: str, api_url: str | None = None) -> str:
    """The address for the application that a token belongs to. Raises `SetupError`, `StageFailed`.

    Discord is asked which that is: an old application's id is not its bot's.
    """
    point_at(api_url, None)
    client = discord.Client(intents=INTENTS)
    try:
        with signing_in():
            await client.login(token)
        return invite_url(client.application_id or 0)
    finally:
        await client.close()


def permissions() -> discord.Permissions:
    """All that Muse uses, and nothing else."""
    value = 0
    for each in NEEDED.values():
        value |= each.value
    return discord.Permissions(value)


def invite_url(application: int) -> str:
    """The address for an application's id."""
    return discord.utils.oauth_url(application, permissions=permissions(), scopes=SCOPES)
