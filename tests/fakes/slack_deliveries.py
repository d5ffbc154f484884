"""Sending to the app: what is delivered, how it was answered, and when it is sent again.

An event that is not answered with 200 (or not acknowledged) within three seconds is sent up to
three times more; a command or an interaction is not, its member sees an error instead.
https://docs.slack.dev/apis/events-api#retries.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from tests.fakes.slack_rules import Refused
from tests.fakes.slack_state import Json

if TYPE_CHECKING:
    from tests.fakes.slack_core import SlackCore

Kind = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True, slots=True)
class Retry:
    """The how-manieth repetition, and what was wrong before."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Ack:
    """How the app answered. `error` is None where it did so in time, and with 200.

    `payload` is what it said: a dict, a text, or None. `status` is HTTP's; 200 on a socket.
    """

    payload: Any = None
    status: int = 200
    error: str | None = None
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        return self.error is None


@dataclass(frozen=True, slots=True)
class Forgery:
    """What is wrong with the signatures of HTTP requests: another secret's, or an old one."""

    signature: str | None = None
    secret: str | None = None
    age: float = 0.0


@dataclass(slots=True)
class Delivery:
    """One thing that was sent to the app, with all its answers, the first first."""

    kind: Kind
    payload: Json
    answers: list[Ack] = field(default_factory=list)

    @property
    def accepts_payload(self) -> bool:
        return self.kind != "events_api"


class Transport(Protocol):
    """A way to the app: one attempt, answered within the window or not."""

    async def attempt(self, delivery: Delivery, retry: Retry | None) -> Ack: ...


class Deliveries:
    """Everything that goes to the app goes through here.

    `copies` sends everything that often, as a Slack that believes it was not heard.
    """

    def __init__(self, slack: SlackCore) -> None:
        self.slack = slack
        #: Seconds that the app has to answer; Slack gives three.
        self.window = 3.0
        #: Seconds before each repetition of an event; Slack waits none, a minute, five minutes.
        self.pauses: tuple[float, ...] = (0.0, 0.05, 0.1)
        self.copies = 1
        self.sent: list[Delivery] = []
        self.forgery: Forgery | None = None
        self._running: set[asyncio.Task[object]] = set()

    async def send(self, kind: Kind, payload: Json) -> Delivery:
        """Delivers, repeats where Slack would, and gives it with its answers."""
        delivery = Delivery(kind, payload)
        self.sent.append(delivery)
        await self._attempt(delivery, None)
        if kind == "events_api":
            await self._repeat(delivery)
        for number in range(1, self.copies):
            await self.replay(delivery, number)
        return delivery

    async def replay(self, delivery: Delivery, number: int = 1) -> Ack:
        """Sends the very same once more, as a repetition that nobody needed."""
        return await self._attempt(delivery, Retry(number, "http_timeout"))

    def later(self, kind: Kind, payload: Json) -> None:
        """Delivers in the background; what goes wrong there is an error of the fake's."""
        task = asyncio.create_task(self.send(kind, payload))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def settle(self) -> None:
        """Waits until what is delivered in the background has been."""
        while self._running:
            await asyncio.gather(*self._running)

    async def close(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    @contextmanager
    def forging(
        self, *, signature: str | None = None, secret: str | None = None, age: float = 0.0
    ) -> Iterator[None]:
        """Within it HTTP requests are signed badly: with a text, another secret, `age` s ago."""
        self.forgery = Forgery(signature, secret, age)
        try:
            yield
        finally:
            self.forgery = None

    async def _attempt(self, delivery: Delivery, retry: Retry | None) -> Ack:
        ack = await self.slack.transport.attempt(delivery, retry)
        delivery.answers.append(ack)
        if not ack.ok and self.forgery is None:
            late = "event-answer" if ack.error == "http_timeout" else "event-status"
            rule = late if delivery.kind == "events_api" else "action-answer"
            self.slack.world.refuse(Refused(rule), delivery.kind)
        self.slack.world.touch()
        return ack

    async def _repeat(self, delivery: Delivery) -> None:
        number = 0
        while number < len(self.pauses):  # which may be none from now on: the app has ended
            last = delivery.answers[-1]
            if last.ok or last.no_retry:
                return
            number += 1
            await asyncio.sleep(self.pauses[number - 1])
            await self._attempt(delivery, Retry(number, last.error or ""))
