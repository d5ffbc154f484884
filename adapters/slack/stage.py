"""Slack as a stage: rounds posted and kept true over the Web API alone, also by a worker."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from typing import Any

from adapters.slack.announcing import Announcer, mention
from adapters.slack.files import PAUSE, TRIES, Files
from adapters.slack.finding import Finder, marked
from adapters.slack.fitting import fit
from adapters.slack.grants import Grants
from adapters.slack.options import SlackOptions
from adapters.slack.pacing import Latest
from adapters.slack.payloads import team_of_space
from adapters.slack.people import People
from adapters.slack.streaming import Streams
from adapters.slack.text import fallback
from adapters.slack.troubles import OUTSIDE, REMEDIES, OutcomeUnknown, SlackRefused
from adapters.slack.web import Web
from bot.cards import Card
from bot.errors import StageFailed
from bot.models import Address, Image, MessageRef, UserRef
from bot.ports import Stage

log = logging.getLogger(__name__)

_REMEMBERED = 2_000  # keys and channels kept in memory


class SlackStage(Stage):
    """Posts and changes messages. A change is done once it, or a later one, is shown; while a
    card is busy nobody waits for that.
    """

    def __init__(
        self,
        options: SlackOptions,
        grants: Grants,
        web: Web | None = None,
        *,
        picture_pause: float = PAUSE,
    ) -> None:
        self._web = web or Web(options, grants)
        self.people = People(self._web, options.command)
        self._streams = Streams(self._web)
        self._latest = Latest()
        self.files = Files(self._web, picture_pause)
        self._finder = Finder(self._web)
        self._announcer = Announcer(self._web, self._finder)
        self._posted: OrderedDict[str, MessageRef] = OrderedDict()
        self._in_doubt: OrderedDict[str, None] = OrderedDict()
        self._reached: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def post(
        self, address: Address, card: Card, key: str, *, doubtful: bool = False
    ) -> MessageRef:
        """Post `card`, once for each `key`. Raises `StageFailed`.

        Where it is not known whether an earlier try got through, Muse looks for its own message.
        """
        if key in self._posted:
            return self._posted[key]
        ts = await self._own(address, key) if doubtful or key in self._in_doubt else ""
        found = bool(ts)
        if not ts:
            ts = await self._post(address, card, key)
        if card.announce is not None:
            await self._announcer.follow(address, ts, card.announce, key, again=found)
        self._in_doubt.pop(key, None)
        message = MessageRef(address, ts)
        _remember(self._posted, key, message)
        return message

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Make `message` show `card`, or a later one. Raises `StageFailed`."""

        async def show(latest: Card) -> None:
            await self._show(message, latest)

        place = (message.address.space, message.address.channel, message.id)
        shown = self._latest.show(place, card, show)
        if not card.busy:
            await asyncio.shield(shown)

    async def keep(self, message: MessageRef, image: Image, name: str) -> str:
        """Upload a picture, once for each name in this process. Raises `StageFailed`.

        The file belongs to Muse alone until a message shows it.
        """
        return await self.files.keep(team_of_space(message.address.space), image, name)

    async def display_name(self, user: UserRef) -> str:
        """A member's name on Slack; where it can't be had, what to call them instead."""
        return await self.people.display_name(user)

    async def reach(self, address: Address) -> None:
        """See to it that Muse can write there: a public channel is joined.

        Raises `StageFailed` with the remedy where it can't.
        """
        team, channel = team_of_space(address.space), address.channel
        if (team, channel) in self._reached:
            return
        async with self._web.calling(team, "conversations.info") as client:
            said = (await client.conversations_info(channel=channel))["channel"]
        if said.get("is_archived"):
            raise StageFailed(REMEDIES["is_archived"])
        # A private place that Muse sees is one that it is in.
        if said.get("is_channel") and not said.get("is_private") and not said.get("is_member"):
            async with self._web.calling(team, "conversations.join") as client:
                await client.conversations_join(channel=channel)
        _remember(self._reached, (team, channel), None)

    async def settle(self) -> None:
        """Wait until every message shows its last card."""
        await self._latest.settle()

    async def close(self) -> None:
        """Let go of connections; what is not shown yet is left to the agenda."""
        await self._latest.close()
        await self._web.close()

    @property
    def web(self) -> Web:
        """The way to the Web API, which the adapter's other parts share."""
        return self._web

    async def _post(self, address: Address, card: Card, key: str) -> str:
        team = team_of_space(address.space)
        card = await self.files.illustrated(team, card)
        pen = await self.people.pen(team, card)
        if self._streams.wanted(address, card):
            ts = await self._streams.start(address, card, pen)
            if ts is not None:
                return ts
        called = mention(card.announce)
        said = _said(card, [*called, *fit(card, pen, besides=len(called)).blocks])
        try:
            return await self._send(team, address, said, key)
        except SlackRefused as refused:
            if refused.code != OUTSIDE:
                raise
            self._reached.pop((team, address.channel), None)
            await self.reach(address)
            return await self._send(team, address, said, key)
        except OutcomeUnknown:
            _remember(self._in_doubt, key, None)
            log.warning("it is not known whether a message was posted; Muse looks for it")
            if ts := await self._own(address, key):
                return ts
            raise

    async def _send(self, team: str, address: Address, said: dict[str, Any], key: str) -> str:
        for left in reversed(range(TRIES)):
            try:
                async with self._web.calling(team, "chat.postMessage") as client:
                    answer = await client.chat_postMessage(
                        # A member's id is the conversation that Muse has with them alone.
                        channel=address.channel.removeprefix("@"),
                        thread_ts=address.thread or None,
                        metadata=marked(key),
                        mrkdwn=False,
                        unfurl_links=False,
                        unfurl_media=False,
                        **said,
                    )
                return str(answer["ts"])
            except SlackRefused as refused:
                await self.files.wait(refused, left)
        raise AssertionError("the last try raises")

    async def _show(self, message: MessageRef, card: Card) -> None:
        """One change of a message; a stream grows first, and ends once all is there."""
        team = team_of_space(message.address.space)
        card = await self.files.illustrated(team, card)
        pen = await self.people.pen(team, card)
        if self._streams.running(message):
            if card.busy:
                await self._streams.grow(message, card, pen)
                return
            await self._streams.stop(message)
        said = _said(card, fit(card, pen).blocks)
        for left in reversed(range(TRIES)):
            try:
                async with self._web.calling(team, "chat.update") as client:
                    await client.chat_update(channel=message.address.channel, ts=message.id, **said)
            except SlackRefused as refused:
                if refused.code == "streaming_state_conflict":  # another process began it
                    await self._streams.stop(message)
                else:
                    await self.files.wait(refused, left)
            else:
                return

    async def _own(self, address: Address, key: str) -> str:
        """Muse's own message with this key; empty where there is none, or Muse may not look."""
        try:
            return await self._finder.find(address, key)
        except StageFailed as failure:
            log.warning("Muse can’t look for its own message, and may post it twice: %s", failure)
            return ""


def _said(card: Card, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {"text": fallback(card.summary), "blocks": blocks}


def _remember(kept: OrderedDict[Any, Any], key: object, value: object) -> None:
    kept[key] = value
    while len(kept) > _REMEMBERED:
        kept.popitem(last=False)
