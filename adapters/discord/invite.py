"""The address that adds Muse to a server, with exactly the permissions it uses.

https://docs.discord.com/developers/topics/oauth2#bot-authorization-flow
"""

from __future__ import annotations

import discord

#: Each call that needs a permission, and what it needs.
#: https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
NEEDED: dict[str, discord.Permissions] = {
    "post a round or a result in a channel": discord.Permissions(
        view_channel=True, send_messages=True
    ),
    "post them in a thread": discord.Permissions(send_messages_in_threads=True),
    "attach a picture that Muse painted": discord.Permissions(attach_files=True),
    "reply to a message, and look for its own after a failure": discord.Permissions(
        read_message_history=True
    ),
}
SCOPES = ("bot", "applications.commands")


def permissions() -> discord.Permissions:
    """All that Muse uses, and nothing else."""
    value = 0
    for each in NEEDED.values():
        value |= each.value
    return discord.Permissions(value)


def invite_url(application: int) -> str:
    """The address for an application's id."""
    return discord.utils.oauth_url(application, permissions=permissions(), scopes=SCOPES)
