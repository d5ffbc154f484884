"""Rooms on the loopback platforms, and what people do in them, each until they are told.

An act gives True where somebody was told that it is done, False where they were told that it is
not; where nobody tells them anything it raises one of `SILENCE`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.models import SpaceRef
from bot.wording import en
from tests.e2e import discord_table, slack_table
from tests.fakes import discord_state, slack_state
from tests.fakes.discord_asked import NeverShown
from tests.fakes.discord_message import Message as DiscordMessage
from tests.fakes.discord_modals import CannotAct
from tests.fakes.discord_server import DiscordServer
from tests.fakes.slack_acted import CannotDo
from tests.fakes.slack_server import SlackServer

ANSWERED = 25.0  # seconds that somebody waits for an answer
WHOLE = 90.0  # seconds that they wait for a round to be whole
SILENCE = (NeverShown, CannotAct, CannotDo, TimeoutError, AssertionError, LookupError)
PIECES = 4


@dataclass(frozen=True, slots=True)
class Said:
    """A message of Muse's for all, as it stands."""

    id: str
    text: str
    votes: int  #: buttons


def tells_result(text: str, prompt: str) -> bool:
    """Whether a message tells the result of the round on a prompt."""
    heads = (en.RESULT_HEADING, en.RESULT_HEADING_UNVOTED)
    starts = "|".join(re.escape(head.partition("{")[0]) for head in heads)
    return re.search(f"(?:{starts}).{{0,4}}{re.escape(prompt)}", text) is not None


class Place(Protocol):
    """One room, with people in it who go by numbers."""

    @property
    def space(self) -> SpaceRef:
        """Where it is."""
        ...

    def identity(self, who: int) -> str:
        """What a person goes by in Redis."""
        ...

    def said(self) -> Sequence[Said]:
        """What Muse has said there for all."""
        ...

    @property
    def acknowledged(self) -> Sequence[float]:
        """How many seconds each vote took to be acknowledged."""
        ...

    @property
    def pace(self) -> float:
        """Seconds between two rounds that are asked for here: what the platform has posted."""
        ...

    async def ask(self, who: int, prompt: str) -> Any:
        """Ask for a round; its message, None where it was refused."""
        ...

    async def whole(self, card: Any) -> None:
        """Wait until a round’s message has all that was to be written."""
        ...

    async def vote(self, who: int, card: Any, number: int) -> bool:
        """Vote for an entry, by its button."""
        ...

    async def add(self, who: int, card: Any, text: str) -> bool:
        """Put in a piece of one’s own."""
        ...

    async def close(self, who: int, card: Any) -> bool:
        """Close one’s round."""
        ...


@dataclass
class DiscordPlace:
    """A room on the loopback Discord."""

    server: DiscordServer
    channel: discord_state.Channel
    people: Sequence[discord_state.User]
    acknowledged: list[float] = field(default_factory=list)  #: seconds, of each vote
    pace: float = 0.4

    @property
    def space(self) -> SpaceRef:
        assert self.channel.guild is not None
        return SpaceRef("discord", str(self.channel.guild.id))

    def identity(self, who: int) -> str:
        return f"discord:{self.people[who].id}"

    def said(self) -> Sequence[Said]:
        return [
            Said(str(each.id), each.text, len(discord_table.votes(each)))
            for each in self.server.messages(self.channel)
            if each.author is self.server.world.bot
        ]

    async def ask(self, who: int, prompt: str) -> DiscordMessage | None:
        asked = await self.server.slash(self.people[who], self.channel, "muse", prompt=prompt)
        card = await asked.message(ANSWERED)
        return None if card.ephemeral or prompt not in card.text else card

    async def whole(self, card: DiscordMessage) -> None:
        enough = lambda: len(discord_table.votes(card)) >= PIECES  # noqa: E731 - one look
        await self.server.until(enough, "it to be whole", WHOLE)

    async def vote(self, who: int, card: DiscordMessage, number: int) -> bool:
        button, began = discord_table.votes(card)[number - 1], time.monotonic()
        asked = await self.server.click(self.people[who], card, button)
        await asked.acknowledged(ANSWERED)
        self.acknowledged.append(time.monotonic() - began)
        return "You voted for" in (await asked.private(ANSWERED)).text

    async def add(self, who: int, card: DiscordMessage, text: str) -> bool:
        user = self.people[who]
        form = await (await self.server.click(user, card, en.ADD)).modal(ANSWERED)
        asked = await self.server.submit(user, form, {en.FORM_TEXT: text})
        return en.ADDED.partition("{")[0] in (await asked.private(ANSWERED)).text

    async def close(self, who: int, card: DiscordMessage) -> bool:
        user = self.people[who]
        shown = await (await self.server.click(user, card, en.SHOW)).private(ANSWERED)
        closed = await self.server.click(user, shown, en.CLOSE)
        return en.CLOSED_BY_YOU in (await closed.private(ANSWERED)).text

    async def told(
        self, who: discord_state.User, command: str, **options: object
    ) -> DiscordMessage:
        """What somebody is told for a command."""
        asked = await self.server.slash(who, self.channel, command, **options)
        return await asked.private(ANSWERED)


@dataclass
class SlackPlace:
    """A room on the loopback Slack."""

    slack: SlackServer
    channel: slack_state.Channel
    people: Sequence[slack_state.Member]
    acknowledged: list[float] = field(default_factory=list)  #: seconds, of each vote
    pace: float = 3.0  # a channel takes one message a second, and a round has two

    @property
    def space(self) -> SpaceRef:
        return SpaceRef("slack", self.channel.team)

    def identity(self, who: int) -> str:
        return f"slack:{self.people[who].id}"

    def said(self) -> Sequence[Said]:
        return [
            Said(each.ts, each.says, len(slack_table.votes(each)))
            for each in self.channel.visible
            if each.body.get("app_id") == self.slack.app_id
        ]

    async def ask(self, who: int, prompt: str) -> slack_state.Message | None:
        asked = await self.slack.slash(self.people[who], self.channel, prompt)
        self._heard(asked.seen_error)
        return await asked.message(lambda each: prompt in each.says, ANSWERED)

    async def whole(self, card: slack_state.Message) -> None:
        enough = lambda: len(slack_table.votes(card)) >= PIECES or None  # noqa: E731 - one look
        await self.slack.world.until(enough, "it to be whole", WHOLE)

    async def vote(self, who: int, card: slack_state.Message, number: int) -> bool:
        button, began = slack_table.votes(card)[number - 1], time.monotonic()
        acted = await self.slack.click(self.people[who], card, button)
        self._heard(acted.seen_error)
        self.acknowledged.append(time.monotonic() - began)
        return "You voted for" in (await acted.ephemeral(within=ANSWERED)).says

    async def add(self, who: int, card: slack_state.Message, text: str) -> bool:
        member = self.people[who]
        opened = await self.slack.click(member, card, slack_table.button(card, en.ADD))
        self._heard(opened.seen_error)
        form = await opened.view(lambda view: bool(view.body.get("submit")), ANSWERED)
        sent = await self.slack.submit(member, form, {"text": text})
        self._heard(sent.seen_error)
        if sent.errors:
            return False
        said = await opened.ephemeral(within=ANSWERED)
        return en.ADDED.partition("{")[0] in said.says

    async def close(self, who: int, card: slack_state.Message) -> bool:
        member = self.people[who]
        acted = await self.slack.click(member, card, slack_table.button(card, en.SHOW))
        self._heard(acted.seen_error)
        shown = await acted.ephemeral(lambda each: en.CLOSE in str(each.body), ANSWERED)
        closed = await self.slack.click(member, shown, slack_table.button(shown, en.CLOSE))
        self._heard(closed.seen_error)
        return en.CLOSED_BY_YOU in (await closed.ephemeral(within=ANSWERED)).says

    @staticmethod
    def _heard(error: str | None) -> None:
        if error is not None:
            raise TimeoutError(error)
