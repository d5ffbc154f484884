"""What an announcement wants besides its message: whom it mentions, its pin, its thread.

Slack has no calendar that an app may write to, and only admins may change who is in a user group,
so that events and honours are left to the card's own words.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import Any

from slack_sdk.models.blocks import MarkdownTextObject, SectionBlock

from adapters.slack.finding import Finder, marked
from adapters.slack.payloads import team_of_space
from adapters.slack.text import fallback
from adapters.slack.web import Web
from bot.cards import Announcement
from bot.errors import StageFailed
from bot.models import Address

log = logging.getLogger(__name__)

Json = dict[str, Any]

_GROUP = re.compile(r"S[A-Z0-9]{2,30}")


def mention(announcement: Announcement | None) -> list[Json]:
    """The one user group that an announcement may ping, as a block; none where there is none.

    https://docs.slack.dev/messaging/formatting-message-text#mentioning-groups
    """
    if announcement is None or not _GROUP.fullmatch(announcement.mention):
        return []
    text = MarkdownTextObject(text=f"<!subteam^{announcement.mention}>")
    return [SectionBlock(text=text).to_dict()]


class Announcer:
    """Does what follows an announcement's message. What can't be done is told to the log alone:
    the announcement stands without.
    """

    def __init__(self, web: Web, finder: Finder) -> None:
        self._web = web
        self._finder = finder

    async def follow(
        self, address: Address, ts: str, wanted: Announcement, key: str, *, again: bool = False
    ) -> None:
        """Pin the message of that key in place of an earlier one, and open its thread.

        `again` where another process may have done so: a pin does no harm, a thread is looked for.
        """
        if wanted.unpin:
            await self._tried("unpinned", self._unpin(address, wanted.unpin))
        if wanted.pin:
            await self._tried("pinned", self._pin(address, ts))
        if wanted.thread:
            await self._tried("given a thread", self._open(address, ts, wanted.thread, key, again))

    async def _tried(self, what: str, doing: Any) -> None:
        try:
            await doing
        except StageFailed as failure:
            log.info("an announcement could not be %s: %s", what, failure)

    async def _pin(self, address: Address, ts: str) -> None:
        async with self._web.calling(team_of_space(address.space), "pins.add") as client:
            await client.pins_add(channel=address.channel, timestamp=ts)

    async def _unpin(self, address: Address, ts: str) -> None:
        async with self._web.calling(team_of_space(address.space), "pins.remove") as client:
            await client.pins_remove(channel=address.channel, timestamp=ts)

    async def _open(self, address: Address, ts: str, title: str, key: str, again: bool) -> None:
        thread, own = replace(address, thread=address.thread or ts), f"{key}:talk"
        if again and await self._finder.find(thread, own):
            return
        async with self._web.calling(team_of_space(address.space), "chat.postMessage") as client:
            await client.chat_postMessage(
                channel=address.channel,
                thread_ts=thread.thread,
                metadata=marked(own),
                text=fallback(title),
                mrkdwn=False,
                unfurl_links=False,
                unfurl_media=False,
            )
