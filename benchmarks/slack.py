"""Clicks from Slack: signed, over HTTP, each to a vote that is acknowledged once Redis has it.

Against Bolt's defaults with a handler that does nothing but acknowledge: the same machine, the same
requests, and for both the event loop and the memory's settings of `muse run`. Muse's side also
draws each member's receipt and sends it to the click's `response_url`; the second row's block ends
with the last of them, which in a crowd go after the clicks.

Redis is as `compose.yaml` runs it, writing to disk every second. Muse's own server does so before
each answer: the last rows are on that. A disk takes a millisecond or more for it, which a lone
click waits for whole and a crowd shares.

Undisturbed, a crowd's click takes Muse 0.35 ms of processor and Bolt 0.65: half of Bolt's is urllib
over a percent-encoded body, much of the rest what it makes ready for listeners. Muse's is aiohttp
and the wire for a quarter, the body read and its signature checked for a fifth, then the game.
Alone, with nothing left in the processor's caches, each part takes twice that, and Redis is 0.3 ms
away; Bolt waits besides, since it looks for the acknowledgement every 10 ms. On a machine that
others use both of Muse's processes wait for their turn, and a lone click for both of them: what it
takes then says more of the others. orjson would save 0.03 ms, and is not worth a dependency.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import uvloop
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.clicks import Clicks
from adapters.slack.dispatch import Dispatch
from adapters.slack.grants import Grant, Grants
from adapters.slack.listeners import bolt_app
from adapters.slack.options import EVENTS_PATH, SlackOptions
from adapters.slack.stage import SlackStage
from adapters.slack.transports import Door
from adapters.slack.ways_in import WaysIn
from benchmarks.electorate import ENTRIES, play
from benchmarks.harness import (
    Compared,
    Goal,
    Row,
    a_second,
    interleave,
    milliseconds,
    scaled,
    server,
    store,
)
from benchmarks.slack_crowd import BOT, SECRET, TEAM, Crowd
from benchmarks.slack_wire import Line, Sink, Taker
from bot.clock import SystemClock
from bot.metrics import PrometheusMeter
from bot.models import Address, Draft, Origin, RoundRef, SpaceRef, UserRef
from bot.storage.client import Store
from bot.storage.rounds import Opening, Rounds
from bot.storage.spaces import Spaces
from bot.watching import web_server

PAIRS, SAFE_PAIRS, AT_ONCE, EACH, ALONE = 10, 4, 32, 20, 60
GOAL, ALONE_GOAL = Goal(1.5, least=True), Goal(0.1)
SPACE = SpaceRef("slack", TEAM)


def measure(size: float = 1.0) -> list[Row]:
    """The rows of this benchmark."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_compare(size))


class OneTeam(Grants):
    """A workspace that needs no asking."""

    async def grant(self, team: str, enterprise: str = "") -> Grant:  # noqa: ARG002 - the port's
        """The same for all."""
        return Grant(team, "xoxb-1", BOT)

    async def spoilt(self, team: str) -> None:
        """It never is."""

    async def withdrawn(self, team: str) -> bool:  # noqa: ARG002 - the port's
        """It never is."""
        return False

    @property
    def only(self) -> str:
        """The one there is."""
        return TEAM


async def _compare(size: float) -> list[Row]:
    pairs = scaled(PAIRS, size, 2)
    at_once, one_by_one = AT_ONCE * scaled(EACH, size, 2), scaled(ALONE, size, 10)
    meter = PrometheusMeter()  # nothing traces: OpenTelemetry is not among what Muse installs
    async with AsyncExitStack() as stack:
        embedded = await stack.enter_async_context(server())
        ours = await stack.enter_async_context(store(embedded, meter))
        await ours.call("CONFIG", "SET", "appendfsync", "everysec")
        sides = await Sides.open(stack, ours, meter, embedded.socket.parent)
        gc.freeze()
        acked, with_receipts, empty = await interleave(
            pairs,
            partial(sides.muse, at_once),
            partial(sides.muse, at_once, receipts_too=True),
            partial(sides.bolt, at_once),
        )
        one, bolts_one = await interleave(
            pairs, partial(sides.alone, one_by_one, muse=True), partial(sides.alone, one_by_one)
        )
        await ours.call("CONFIG", "SET", "appendfsync", "always")
        safe, empty_then = await interleave(
            scaled(SAFE_PAIRS, size, 2), partial(sides.muse, at_once), partial(sides.bolt, at_once)
        )
        safe_one, bolts_then = await interleave(
            scaled(SAFE_PAIRS, size, 2),
            partial(sides.alone, one_by_one, muse=True),
            partial(sides.alone, one_by_one),
        )
    many, single, plain = f"signed clicks, {AT_ONCE} at once", "a signed click alone", "Bolt, empty"
    on_disk = "on disk at once"
    return [
        Compared(acked, empty).row(f"{many}, acknowledged", a_second, plain, GOAL),
        Compared(with_receipts, empty).row(f"{many}, and receipts sent", a_second, plain, None),
        Compared(one, bolts_one).row(f"{single}, p50", milliseconds, plain, ALONE_GOAL),
        Compared(safe, empty_then).row(f"{many}, {on_disk}", a_second, plain, None),
        Compared(safe_one, bolts_then).row(f"{single}, {on_disk}", milliseconds, plain, None),
    ]


class Sides:
    """Both sides, served, and crowds that are connected to them."""

    def __init__(
        self, dispatch: Dispatch, sink: Sink, people: Table, muse: Caller, bolt: Caller
    ) -> None:
        self._dispatch = dispatch
        self._sink = sink
        self._people = people
        self._muse = muse
        self._bolt = bolt

    @classmethod
    async def open(
        cls, stack: AsyncExitStack, ours: Store, meter: PrometheusMeter, folder: Path
    ) -> Sides:
        """Serve both until `stack` ends."""
        sink = Sink()
        loop = asyncio.get_running_loop()
        receipts = await loop.create_server(lambda: Taker(sink), "127.0.0.1", 0)
        stack.callback(receipts.close)
        api = f"http://127.0.0.1:{receipts.sockets[0].getsockname()[1]}/"
        muse_port, dispatch = await stack.enter_async_context(_muse(ours, meter, folder, api))
        bolt_port = await stack.enter_async_context(_bolt())
        muse, bolt = [await Caller.open(stack, port, api) for port in (muse_port, bolt_port)]
        return cls(dispatch, sink, await Table.lay(ours), muse, bolt)

    async def muse(self, count: int, *, receipts_too: bool = False) -> float:
        """Clicks a second that Muse acknowledges, or answers with all receipts."""
        clicks = self._muse.crowd.clicks(await self._people.round(), count)
        before = self._sink.taken
        begun = time.perf_counter()
        await _all(self._muse.lines, clicks)
        acknowledged = time.perf_counter() - begun
        await self._sink.until(before + count)
        taken = time.perf_counter() - begun
        await self._dispatch.settle()
        return count / (taken if receipts_too else acknowledged)

    async def bolt(self, count: int) -> float:
        """Clicks a second that Bolt acknowledges."""
        clicks = self._bolt.crowd.clicks(await self._people.round(), count)
        begun = time.perf_counter()
        await _all(self._bolt.lines, clicks)
        return count / (time.perf_counter() - begun)

    async def alone(self, count: int, *, muse: bool = False) -> float:
        """The median time of clicks of which each is answered before the next one comes."""
        caller, times = self._muse if muse else self._bolt, []
        for click in caller.crowd.clicks(await self._people.round(), count):
            begun = time.perf_counter()
            await caller.lines[0].send(click)
            times.append(time.perf_counter() - begun)
            await self._dispatch.settle()
        return median(times)


@dataclass(frozen=True, slots=True)
class Caller:
    """A crowd and the connections over which it clicks."""

    crowd: Crowd
    lines: list[Line]

    @classmethod
    async def open(cls, stack: AsyncExitStack, port: int, api: str) -> Caller:
        """As many connections as click at once; receipts go below `api`."""
        lines = [await Line.open(port) for _ in range(AT_ONCE)]
        for line in lines:
            stack.callback(line.close)
        return cls(Crowd(port, f"{api}respond"), lines)


async def _all(lines: Sequence[Line], clicks: Sequence[bytes]) -> None:
    left = iter(clicks)

    async def one(line: Line) -> None:
        for click in left:
            await line.send(click)

    await asyncio.gather(*map(one, lines))


class Table:
    """Rounds to be voted in, in the workspace's community."""

    def __init__(self, rounds: Rounds, community: str) -> None:
        self._rounds = rounds
        self._community = community
        self._events = itertools.count(1)

    @classmethod
    async def lay(cls, ours: Store) -> Table:
        """The community, made."""
        community = await Spaces(ours, "UTC").community(SPACE, datetime.now(UTC))
        return cls(Rounds(ours), community.id)

    async def round(self) -> RoundRef:
        """A new round of four entries."""
        now, event = datetime.now(UTC), f"slack:{next(self._events)}"
        opening = Opening("a lighthouse", "free", ENTRIES, 1, now + timedelta(days=1))
        asker, where = UserRef("slack", "asker"), Address(SPACE, "C0000000001")
        ref = await self._rounds.open(self._community, event, asker, where, opening, now)
        for number in range(1, ENTRIES + 1):
            draft = Draft(f"{event}, entry {number}", "a letter", Origin.DECK)
            await self._rounds.place(ref, number, draft)
        return ref


@asynccontextmanager
async def _muse(
    ours: Store, meter: PrometheusMeter, folder: Path, api: str
) -> AsyncIterator[tuple[int, Dispatch]]:
    """Muse's door behind its own web server, watched, as `muse run` has it; Slack is where the
    answers go, as they must.
    """
    options = SlackOptions(bot_token="xoxb-1", signing_secret=SECRET, api_url=api)
    grants = OneTeam()
    stage = SlackStage(options, grants)
    muse = play(ours, folder, meter)
    dispatch, door = Dispatch(muse.app, stage, meter), Door(options, meter)
    ways = WaysIn(dispatch, stage, grants)
    clicks = Clicks(dispatch)
    door.open(bolt_app(options, grants, dispatch, clicks, ways, None), clicks)
    clock, able = SystemClock(folder / "clock"), muse.agenda.able
    served = web_server("127.0.0.1", 0, meter, ours, clock, able, (), door.routes())
    async with served:
        yield served.port, dispatch
    await stage.close()


@asynccontextmanager
async def _bolt() -> AsyncIterator[int]:
    """Bolt as it comes."""

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=TEAM, bot_user_id=BOT, bot_token="xoxb-1"
        )

    async def empty(ack: Any) -> None:
        await ack()

    app = AsyncApp(
        name="bench", signing_secret=SECRET, authorize=authorize, client=AsyncWebClient()
    )
    app.action(re.compile(".*"))(empty)
    async with _served(app.web_app(path=EVENTS_PATH)) as port:
        yield port


@asynccontextmanager
async def _served(app: web.Application) -> AsyncIterator[int]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
