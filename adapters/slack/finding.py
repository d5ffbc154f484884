"""How Muse knows its own messages again: by a key in their metadata.

https://docs.slack.dev/messaging/message-metadata
"""

from __future__ import annotations

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.payloads import team_of_space
from adapters.slack.web import Web
from bot.models import Address

EVENT_TYPE = "muse_message"
_PAGE = 200  # messages, as many as Slack recommends to ask for at once
#: Pages looked at: of a channel its latest messages; a thread begins with its oldest.
_OF_CHANNEL, _OF_THREAD = 1, 10


def marked(key: str) -> dict[str, Any]:
    """The metadata of a message of that key."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


class Finder:
    """Looks for messages of Muse's own where they would be."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def find(self, address: Address, key: str) -> str:
        """The message with this key among the latest of a channel or the first 2,000 of a thread;
        empty where there is none. Raises `StageFailed` where Muse may not look.
        """
        team, channel = team_of_space(address.space), address.channel
        if channel.startswith("@"):  # a member's id names the conversation for posts alone
            async with self._web.calling(team, "conversations.open") as client:
                opened = await client.conversations_open(users=channel.removeprefix("@"))
            channel = str(opened["channel"]["id"])
        cursor, method = "", "conversations.replies" if address.thread else "conversations.history"
        for _ in range(_OF_THREAD if address.thread else _OF_CHANNEL):
            async with self._web.calling(team, method) as client:
                said = await _page(client, channel, address.thread, cursor)
            for each in said.get("messages") or []:
                if _key(each) == key:
                    return str(each["ts"])
            cursor = (said.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return ""


async def _page(
    client: AsyncWebClient, channel: str, thread: str, cursor: str
) -> AsyncSlackResponse:
    if thread:
        return await client.conversations_replies(
            channel=channel, ts=thread, limit=_PAGE, cursor=cursor, include_all_metadata=True
        )
    return await client.conversations_history(
        channel=channel, limit=_PAGE, cursor=cursor, include_all_metadata=True
    )


def _key(message: dict[str, Any]) -> str:
    """The key of a message of Muse's; empty for any other."""
    held = message.get("metadata") or {}
    if held.get("event_type") != EVENT_TYPE:
        return ""
    return str((held.get("event_payload") or {}).get("key") or "")
