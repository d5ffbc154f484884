"""Clicks from Slack: signed, over HTTP, each to a vote that is acknowledged once Redis has it.

Against Bolt's defaults with a handler that does nothing but acknowledge, on the same machine, the
same requests, the same event loop. Muse's side also draws each member's receipt and sends it to
the click's `response_url`, at the same time; the second row's block ends with the last of them.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.clicks import Clicks
from adapters.slack.dispatch import Dispatch
from adapters.slack.fitting import fit
from adapters.slack.grants import Grant, Grants
from adapters.slack.listeners import bolt_app
from adapters.slack.options import EVENTS_PATH, SlackOptions
from adapters.slack.stage import SlackStage
from adapters.slack.text import Pen
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
from benchmarks.slack_wire import Line, Sink, Taker
from bot.actions import Action, encode
from bot.cards import Button, Buttons, Card, Heading, Piece, Plain, Style
from bot.models import Address, Draft, Origin, SpaceRef, UserRef
from bot.requests import RoundRef
from bot.storage.client import Store
from bot.storage.rounds import Opening, Rounds
from bot.storage.spaces import Spaces

PAIRS, AT_ONCE, EACH, ALONE = 10, 32, 20, 60
GOAL, ALONE_GOAL = Goal(1.5, least=True), Goal(0.1)
SECRET = "a signing secret"
TEAM, BOT = "T0000000001", "U0000000002"
SPACE = SpaceRef("slack", TEAM)


def measure(size: float = 1.0) -> list[Row]:
    """The rows of this benchmark."""
    return asyncio.run(_compare(size))


class OneTeam(Grants):
    """A workspace that needs no asking."""

    async def grant(self, team: str, enterprise: str = "") -> Grant:  # noqa: ARG002 - the port's
        """The same for all."""
        return Grant(team, "xoxb-1", BOT)

    async def spoilt(self, team: str) -> None:
        """It never is."""

    @property
    def only(self) -> str:
        """The one there is."""
        return TEAM


class Crowd:
    """Makes members' clicks on a round's message."""

    def __init__(self, port: int, respond: str) -> None:
        self._host = f"127.0.0.1:{port}"
        self._respond = respond
        self._numbers = itertools.count(10**9)

    def clicks(self, ref: RoundRef, count: int) -> list[bytes]:
        """First votes in a round."""
        message = _message(ref)
        return [self._click(ref, next(self._numbers), message) for _ in range(count)]

    def _click(self, ref: RoundRef, number: int, message: dict[str, Any]) -> bytes:
        entry = 1 + number % ENTRIES
        ident = encode(Action("vote", ref.community, ref.round, entry))
        payload: dict[str, Any] = {
            "type": "block_actions",
            "user": {"id": f"U{number}", "username": "m", "name": "m", "team_id": TEAM},
            "api_app_id": "A1",
            "token": "of-old",
            "container": {
                "type": "message",
                "message_ts": "1700000000.000100",
                "channel_id": "C0000000001",
                "is_ephemeral": False,
            },
            "trigger_id": f"{number}.{number}.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "team": {"id": TEAM, "domain": "bench"},
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": "C0000000001", "name": "room"},
            "message": message,
            "state": {"values": {}},
            "response_url": f"{self._respond}/{number}",
            "actions": [
                {
                    "action_id": ident,
                    "block_id": "b1",
                    "text": {"type": "plain_text", "text": "Vote", "emoji": False},
                    "style": "primary",
                    "type": "button",
                    "action_ts": "1700000001.000100",
                }
            ],
        }
        return self._signed(urlencode({"payload": json.dumps(payload)}).encode())

    def _signed(self, body: bytes) -> bytes:
        stamp = str(int(time.time()))
        base = b"v0:" + stamp.encode() + b":" + body
        signature = hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
        head = (
            f"POST {EVENTS_PATH} HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={signature}\r\n\r\n"
        )
        return head.encode() + body


def _message(ref: RoundRef) -> dict[str, Any]:
    """A round's message, as Slack sends it along with every click on it."""
    pieces = tuple(
        Piece(
            number,
            "It leaves the light on for itself, and tells nobody. " * 4,
            (Plain("the night shift · AI"),),
            Button(
                encode(Action("vote", ref.community, ref.round, number)), "Vote", "", Style.MAIN
            ),
        )
        for number in range(1, ENTRIES + 1)
    )
    ways = Buttons((Button(encode(Action("show", ref.community, ref.round)), "See all"),))
    card = Card((Heading((Plain("a lighthouse"),)), *pieces, ways), "a lighthouse")
    return {
        "type": "message",
        "user": BOT,
        "bot_id": "B1",
        "app_id": "A1",
        "ts": "1700000000.000100",
        "text": card.summary,
        "team": TEAM,
        "blocks": fit(card, Pen(str)).blocks,
    }


async def _compare(size: float) -> list[Row]:
    pairs, at_once, one_by_one = (
        scaled(PAIRS, size, 2),
        AT_ONCE * scaled(EACH, size, 2),
        scaled(ALONE, size, 10),
    )
    async with AsyncExitStack() as stack:
        embedded = await stack.enter_async_context(server())
        ours = await stack.enter_async_context(store(embedded))
        sink = Sink()
        loop = asyncio.get_running_loop()
        receipts = await loop.create_server(lambda: Taker(sink), "127.0.0.1", 0)
        stack.callback(receipts.close)
        api = f"http://127.0.0.1:{receipts.sockets[0].getsockname()[1]}/"
        respond = f"{api}respond"
        muse_port, dispatch = await stack.enter_async_context(
            _muse(ours, embedded.socket.parent, api)
        )
        bolt_port = await stack.enter_async_context(_bolt())
        people = await Table.lay(ours)
        muse_lines = [await Line.open(muse_port) for _ in range(AT_ONCE)]
        bolt_lines = [await Line.open(bolt_port) for _ in range(AT_ONCE)]
        for line in (*muse_lines, *bolt_lines):
            stack.callback(line.close)
        muse, bolt = Crowd(muse_port, respond), Crowd(bolt_port, respond)

        async def by_muse(*, receipts_too: bool) -> float:
            clicks = muse.clicks(await people.round(), at_once)
            before = sink.taken
            begun = time.perf_counter()
            await _all(muse_lines, clicks)
            acknowledged = time.perf_counter() - begun
            await sink.until(before + len(clicks))
            taken = time.perf_counter() - begun
            await dispatch.settle()
            return len(clicks) / (taken if receipts_too else acknowledged)

        async def by_bolt() -> float:
            clicks = bolt.clicks(await people.round(), at_once)
            begun = time.perf_counter()
            await _all(bolt_lines, clicks)
            return len(clicks) / (time.perf_counter() - begun)

        async def alone(crowd: Crowd, line: Line) -> float:
            times = []
            for click in crowd.clicks(await people.round(), one_by_one):
                begun = time.perf_counter()
                await line.send(click)
                times.append(time.perf_counter() - begun)
                await dispatch.settle()
            return median(times)

        acked, with_receipts, empty = await interleave(
            pairs,
            partial(by_muse, receipts_too=False),
            partial(by_muse, receipts_too=True),
            by_bolt,
        )
        one = Compared(
            *await interleave(
                pairs, partial(alone, muse, muse_lines[0]), partial(alone, bolt, bolt_lines[0])
            )
        )
    name, plain = f"signed clicks, {AT_ONCE} at once", "Bolt, empty"
    return [
        Compared(acked, empty).row(f"{name}, acknowledged", a_second, plain, GOAL),
        Compared(with_receipts, empty).row(f"{name}, and receipts sent", a_second, plain, None),
        one.row("a signed click alone, p50", milliseconds, plain, ALONE_GOAL),
    ]


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
async def _muse(ours: Store, folder: Any, api: str) -> AsyncIterator[tuple[int, Dispatch]]:
    """Muse's door, as its web server has it; Slack is where the answers go, as they must."""
    options = SlackOptions(bot_token="xoxb-1", signing_secret=SECRET, api_url=api)
    grants = OneTeam()
    stage = SlackStage(options, grants)
    dispatch, door = Dispatch(play(ours, folder), stage), Door(options)
    ways = WaysIn(dispatch, stage, grants)
    clicks = Clicks(grants, dispatch)
    door.open(bolt_app(options, grants, dispatch, clicks, ways, None), clicks)
    app = web.Application()
    app.add_routes(door.routes())
    async with _served(app) as port:
        yield port, dispatch
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
