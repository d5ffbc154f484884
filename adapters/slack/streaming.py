"""Slack's own streaming, where there is a thread and the workspace has it.

A stream only grows (https://docs.slack.dev/reference/methods/chat.appendStream): the card's
heading begins it, each entry is added as it comes, and once all is there the message is made the
card whole, in the card's order and with its buttons.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from slack_sdk.models.messages.chunk import BlocksChunk

from adapters.slack.blocks import parts
from adapters.slack.limits import STREAM_BLOCKS
from adapters.slack.payloads import team_of_space
from adapters.slack.text import Pen
from adapters.slack.troubles import OutcomeUnknown, RateLimited, SlackRefused
from adapters.slack.web import Web
from bot.cards import Card, Heading, Piece
from bot.models import Address, MessageRef

log = logging.getLogger(__name__)

ASKED_AGAIN = 3600.0  # seconds after which a workspace that has no streaming is tried again


@dataclass(slots=True)
class _Stream:
    """A message that grows: the numbers of the entries in it, and how many blocks it has."""

    shown: set[int] = field(default_factory=set)
    blocks: int = 0


class Streams:
    """The messages that are streaming from this process."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._running: dict[tuple[str, str], _Stream] = {}
        self._without: dict[str, float] = {}

    def wanted(self, address: Address, card: Card) -> bool:
        """Whether a card is one to stream, at a place where that can be."""
        team = team_of_space(address.space)
        direct = address.channel.startswith("D")
        reader = bool(address.token) or direct
        later = self._without.get(team, 0.0)
        has_it = asyncio.get_running_loop().time() >= later
        return card.busy and bool(address.thread) and reader and has_it

    async def start(self, address: Address, card: Card, pen: Pen) -> str | None:
        """Begin a stream with what there is of a card; its id, None where there is no streaming.

        Raises `OutcomeUnknown` and `RateLimited`.
        """
        team = team_of_space(address.space)
        stream = _Stream()
        begun = Card(tuple(b for b in card.blocks if isinstance(b, Heading)), card.summary)
        blocks = [block for part in parts(begun, pen) for block in part.blocks]
        blocks += self._grown(stream, card, pen)
        stream.blocks = len(blocks)
        try:
            async with self._web.calling(team, "chat.startStream") as client:
                said = await client.chat_startStream(
                    channel=address.channel,
                    thread_ts=address.thread,
                    recipient_user_id=address.token or None,
                    recipient_team_id=team if address.token else None,
                    chunks=[BlocksChunk(blocks=blocks)],
                )
        except (OutcomeUnknown, RateLimited):
            raise
        except SlackRefused as refused:
            log.info("workspace %s does not stream (%s)", team, refused.code)
            self._without[team] = asyncio.get_running_loop().time() + ASKED_AGAIN
            return None
        ts = str(said["ts"])
        self._running[address.channel, ts] = stream
        return ts

    def running(self, message: MessageRef) -> bool:
        """Whether a message streams from here."""
        return (message.address.channel, message.id) in self._running

    async def grow(self, message: MessageRef, card: Card, pen: Pen) -> None:
        """Add the entries of a card that the stream has not yet. Raises `StageFailed`."""
        stream = self._running[message.address.channel, message.id]
        before = set(stream.shown)
        blocks = self._grown(stream, card, pen)
        if not blocks:
            return
        team = team_of_space(message.address.space)
        try:
            async with self._web.calling(team, "chat.appendStream") as client:
                await client.chat_appendStream(
                    channel=message.address.channel,
                    ts=message.id,
                    chunks=[BlocksChunk(blocks=blocks)],
                )
        except BaseException:
            stream.shown = before
            raise
        stream.blocks += len(blocks)

    async def stop(self, message: MessageRef) -> None:
        """End a stream, also one that another process began. Raises `StageFailed`."""
        team = team_of_space(message.address.space)
        try:
            async with self._web.calling(team, "chat.stopStream") as client:
                await client.chat_stopStream(channel=message.address.channel, ts=message.id)
        except SlackRefused as refused:
            if refused.code != "message_not_in_streaming_state":
                raise
        self._running.pop((message.address.channel, message.id), None)

    def _grown(self, stream: _Stream, card: Card, pen: Pen) -> list[dict[str, object]]:
        """The blocks of the entries that are new, and that a stream has room for."""
        made: list[dict[str, object]] = []
        for block in card.blocks:
            if isinstance(block, Piece) and block.number not in stream.shown:
                drawn = [b for part in parts(Card((block,), ""), pen) for b in part.blocks]
                if stream.blocks + len(made) + len(drawn) > STREAM_BLOCKS:
                    break
                made += drawn
                stream.shown.add(block.number)
        return made
