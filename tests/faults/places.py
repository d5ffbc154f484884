"""Rooms on the loopback platforms, and what people do in them, each until they are told.

An act gives True where somebody was told that it is done, False where they were told that it is
not. Where nobody tells them anything it raises one of `SILENCE`; where they were told only after
the platform’s three seconds, `Late`; where there is nothing to press, one of `NOT_OFFERED`.
Whatever else it raises is a mistake, of Muse’s or of these tests.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from bot.actions import decode
from bot.models import SpaceRef
from bot.wording import en
from tests.e2e import discord_table, slack_table
from tests.fakes import discord_state, slack_state
from tests.fakes.discord_asked import Asked, NeverShown
from tests.fakes.discord_message import Message as DiscordMessage
from tests.fakes.discord_modals import CannotAct
from tests.fakes.discord_server import DiscordServer
from tests.fakes.slack_acted import Acted, CannotDo
from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_state import NeverSaid

ANSWERED = 25.0  # seconds that somebody waits for an answer
WHOLE = 90.0  # seconds that they wait for a round to be whole
PIECES = 4


class Late(Exception):
    """Muse answered, when the platform had already told the member that it does not."""


class Unheard(Exception):
    """The platform told the member that Muse did not answer as it should."""


class NotThere(Exception):
    """There is no such button: the round is closed."""


T = TypeVar("T")
SILENCE = (NeverShown, NeverSaid, Unheard)
NOT_OFFERED = (CannotAct, CannotDo, NotThere)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long somebody waited for an acknowledgement, or until they gave up, in seconds."""

    began: float  #: by `time.monotonic`
    seconds: float
    told: bool


async def patiently(gone: Callable[[float], bool], look: Callable[[float], Awaitable[T]]) -> T:
    """What somebody is to be told, by `look(seconds)`. Where Muse was there all the time, whoever
    waits in vain waits on: a busy machine is slow, and not silent.
    """
    began = time.monotonic()
    try:
        return await look(ANSWERED)
    except SILENCE:
        if gone(began):
            raise
    return await look(WHOLE)


def never(began: float) -> bool:
    """Muse was never gone."""
    del began
    return False


@contextlib.contextmanager
def waited(waits: list[Wait]) -> Iterator[None]:
    """Somebody waits for an acknowledgement; it is noted whether it comes or not."""
    began, told, acted = time.monotonic(), False, True
    try:
        yield
        told = True
    except NOT_OFFERED:
        acted = False
        raise
    finally:
        if acted:
            waits.append(Wait(began, time.monotonic() - began, told))


@dataclass(frozen=True, slots=True)
class Said:
    """A message of Muse's for all, as it stands."""

    id: str
    text: str
    votes: int  #: buttons

    @property
    def voters(self) -> int | None:
        """How many it says have voted in a round; None where it does not say."""
        if en.ROUND_NO_VOTES in self.text or _UNVOTED in self.text:
            return 0
        if en.ROUND_ONE_VOTER in self.text or _ONE_VOTED in self.text:
            return 1
        found = _VOTERS.search(self.text)
        return int(found[1].replace(",", "")) if found else None


_CLOSED = en.ROUND_CLOSED.partition("{")[0]
_UNVOTED = en.ROUND_CLOSED_UNVOTED.rpartition("{when}")[2]
_ONE_VOTED = en.ROUND_CLOSED.rpartition("{when}")[2].replace("{voters}", en.PEOPLE_ONE)
_RECEIPT = re.compile(re.escape(en.RECEIPT_VOTED.partition("{")[0]) + "[^.]*")
_VOTERS = re.compile(r"([\d,]+) people(?: have)? voted\.")


def _voted(number: int, receipt: str) -> bool:
    """Whether a receipt says that its member voted for this piece."""
    said = _RECEIPT.search(receipt)
    return said is not None and str(number) in re.findall(r"\d+", said[0])


def _over(text: str) -> bool:
    """Whether a round says that it is closed, or that it was lost: nobody waits for it."""
    return _CLOSED in text or en.ROUND_LOST in text


def tells_result(text: str, prompt: str) -> bool:
    """Whether a message tells the result of the round on a prompt."""
    heads = (en.RESULT_HEADING, en.RESULT_HEADING_UNVOTED)
    starts = "|".join(re.escape(head.partition("{")[0]) for head in heads)
    return re.search(f"(?:{starts}).{{0,4}}{re.escape(prompt)}", text) is not None


class Place(Protocol):
    """One room, with people in it who go by numbers."""

    def watch(self, gone: Callable[[float], bool]) -> None:
        """Know from now on whether Muse was gone at any time since a moment."""
        ...

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
    def waits(self) -> Sequence[Wait]:
        """How long people waited for each acknowledgement."""
        ...

    @property
    def pace(self) -> float:
        """Seconds between two rounds that are asked for here: what the platform has posted."""
        ...

    async def ask(self, who: int, prompt: str) -> Any:
        """Ask for a round; its message, None where it was refused."""
        ...

    async def whole(self, card: Any) -> None:
        """Wait until a round’s message has all that was to be written, or the round is closed."""
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
    waits: list[Wait] = field(default_factory=list)
    pace: float = 0.4
    gone: Callable[[float], bool] = field(default=never)  #: whether Muse was, since then
    _receipts: dict[tuple[int, int], list[DiscordMessage]] = field(default_factory=dict)

    def watch(self, gone: Callable[[float], bool]) -> None:
        self.gone = gone

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
        await self._heard(asked)
        held = asked.interaction
        card = await self._answer(
            asked, lambda: None if held.original is None or held.original.loading else held.original
        )
        return None if card.ephemeral or prompt not in card.text else card

    async def whole(self, card: DiscordMessage) -> None:
        def enough() -> bool:
            return len(discord_table.votes(card)) >= PIECES or _over(card.text)

        await self.server.until(enough, "it to be whole", WHOLE)

    async def vote(self, who: int, card: DiscordMessage, number: int) -> bool:
        button = _button(discord_table.votes(card), number)
        asked = await self.server.click(self.people[who], card, button)
        await self._heard(asked)
        return _voted(number, (await self._receipt(who, card, asked)).text)

    async def _receipt(self, who: int, card: DiscordMessage, asked: Asked) -> DiscordMessage:
        """What a voter is told: on a receipt that they have of that round, or on a new one."""
        held, earlier = asked.interaction, self._receipts.setdefault((who, card.id), [])

        def told() -> DiscordMessage | None:
            new = [each for each in (held.original, *held.followups) if each and each is not card]
            earlier.extend(
                each for each in new if each.ephemeral and not each.loading and each not in earlier
            )
            return next((m for m in earlier if (m.edited_at or m.at) >= held.at), None)

        return await patiently(
            self.gone, lambda s: self.server.until(told, f"no receipt after {held.ack}", s)
        )

    async def add(self, who: int, card: DiscordMessage, text: str) -> bool:
        user = self.people[who]
        opened = await self.server.click(user, card, en.ADD)
        await self._heard(opened)
        ack = opened.interaction.ack
        if ack is None or ack.kind != "modal":
            await patiently(self.gone, opened.private)  # why not
            return False
        asked = await self.server.submit(user, await opened.modal(), {en.FORM_TEXT: text})
        await self._heard(asked)
        return en.ADDED.partition("{")[0] in (await patiently(self.gone, asked.private)).text

    async def close(self, who: int, card: DiscordMessage) -> bool:
        user = self.people[who]
        asked = await self.server.click(user, card, en.SHOW)
        await self._heard(asked)
        closed = await self.server.click(user, await patiently(self.gone, asked.private), en.CLOSE)
        await self._heard(closed)
        return en.CLOSED_BY_YOU in (await patiently(self.gone, closed.private)).text

    async def pick(self, user: discord_state.User, shown: DiscordMessage, side: str) -> None:
        """Pick one of two, on a ballot; it then shows what came of it."""
        asked = await self.server.click(user, shown, side)
        await self._heard(asked)
        at = asked.interaction.at
        await self._answer(asked, lambda: shown if (shown.edited_at or 0.0) >= at else None)

    async def _answer(
        self, asked: Asked, wanted: Callable[[], DiscordMessage | None]
    ) -> DiscordMessage:
        """What is wanted, or what somebody is told in private instead."""
        held = asked.interaction

        def seen() -> DiscordMessage | None:
            for each in (held.original, *held.followups):
                mine = each is not None and each is not held.source
                if each is not None and mine and each.ephemeral and not each.loading:
                    return wanted() or each
            return wanted()

        return await patiently(
            self.gone, lambda s: self.server.until(seen, f"no answer after {held.ack}", s)
        )

    async def _heard(self, asked: Asked) -> None:
        """Wait for the acknowledgement."""
        held = asked.interaction
        with waited(self.waits):
            await self.server.until(lambda: held.ack or held.late, "no acknowledgement", ANSWERED)
            if held.ack is None:
                raise Late

    async def told(
        self, who: discord_state.User, command: str, **options: object
    ) -> DiscordMessage:
        """What somebody is told for a command."""
        asked = await self.server.slash(who, self.channel, command, **options)
        await self._heard(asked)
        return await patiently(self.gone, asked.private)


def _button(buttons: Sequence[Any], number: int) -> Any:
    """The button of a piece. Raises `NotThere`."""
    if len(buttons) < number:
        raise NotThere
    return buttons[number - 1]


@dataclass
class SlackPlace:
    """A room on the loopback Slack."""

    slack: SlackServer
    channel: slack_state.Channel
    people: Sequence[slack_state.Member]
    waits: list[Wait] = field(default_factory=list)
    pace: float = 3.0  # a channel takes one message a second, and a round has two
    voting: int = 0  #: votes that are under way
    gone: Callable[[float], bool] = field(default=never)  #: whether Muse was, since then

    def watch(self, gone: Callable[[float], bool]) -> None:
        self.gone = gone

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
        with self._acting():
            asked = await self.slack.slash(self.people[who], self.channel, prompt)
            self._heard(asked)
        with contextlib.suppress(NeverSaid):
            return await patiently(
                self.gone, lambda s: asked.message(lambda each: prompt in each.says, s)
            )
        await asked.ephemeral(_refuses, within=0.1)
        return None

    async def whole(self, card: slack_state.Message) -> None:
        def enough() -> bool | None:
            return len(slack_table.votes(card)) >= PIECES or _over(card.says) or None

        await self.slack.world.until(enough, "it to be whole", WHOLE)

    async def vote(self, who: int, card: slack_state.Message, number: int) -> bool:
        button = _button(slack_table.votes(card), number)
        self.voting += 1
        try:
            with self._acting():
                acted = await self.slack.click(self.people[who], card, button)
                self._heard(acted)
            # Of several that this member waits for, the one on this round, or a no to any.
            round_ = decode(button).round

            def mine(each: slack_state.Message) -> bool:
                return round_ in str(each.body) or _refuses(each)

            said = await patiently(self.gone, lambda s: acted.ephemeral(mine, s))
            return _voted(number, said.says)
        finally:
            self.voting -= 1

    async def add(self, who: int, card: slack_state.Message, text: str) -> bool:
        member = self.people[who]
        with self._acting():
            opened = await self.slack.click(member, card, _labelled(card, en.ADD))
            self._heard(opened, form=True)
        try:
            form = await patiently(
                self.gone, lambda s: opened.view(lambda view: bool(view.body.get("submit")), s)
            )
        except NeverSaid:
            await opened.ephemeral(_refuses, within=0.1)
            return False
        with self._acting():
            sent = await self.slack.submit(member, form, {"text": text})
            self._heard(sent)
        if sent.delivery is not None and sent.delivery.answers and sent.errors:
            return False
        said = await patiently(self.gone, lambda s: opened.ephemeral(within=s))
        return en.ADDED.partition("{")[0] in said.says

    async def close(self, who: int, card: slack_state.Message) -> bool:
        member = self.people[who]
        with self._acting():
            acted = await self.slack.click(member, card, _labelled(card, en.SHOW))
            self._heard(acted)
        try:
            shown = await patiently(
                self.gone, lambda s: acted.ephemeral(lambda each: en.CLOSE in str(each.body), s)
            )
        except NeverSaid:
            await acted.ephemeral(_refuses, within=0.1)
            return False
        with self._acting():
            closed = await self.slack.click(member, shown, _labelled(shown, en.CLOSE))
            self._heard(closed)
        return (
            en.CLOSED_BY_YOU
            in (await patiently(self.gone, lambda s: closed.ephemeral(within=s))).says
        )

    @contextlib.contextmanager
    def _acting(self) -> Iterator[None]:
        """Somebody acts, which lasts until it is acknowledged. Who gets their answer after Slack’s
        three seconds is not told the less: what they are to be told is waited for all the same.
        """
        with contextlib.suppress(_Timeout), waited(self.waits):
            yield

    @staticmethod
    def _heard(acted: Acted, *, form: bool = False) -> None:
        """`form`: it can’t be opened any more after the three seconds."""
        if acted.seen_error is None:
            return
        if acted.seen_error == "operation_timeout":
            raise Late if form else _Timeout
        raise Unheard(acted.seen_error)


def _labelled(message: slack_state.Message, label: str) -> str:
    """The button that reads so. Raises `NotThere`."""
    try:
        return slack_table.button(message, label)
    except LookupError:
        raise NotThere from None


class _Timeout(Exception):
    """Slack has said that it took too long."""


def _refuses(each: slack_state.Message) -> bool:
    """Whether a message for one member is no receipt."""
    done = ("You voted for", en.ADDED.partition("{")[0], en.CLOSED_BY_YOU, en.CLOSE)
    return not any(said in str(each.body) for said in done)
