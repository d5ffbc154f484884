"""A Muse of its own, people who play on it, and a Redis behind a wire."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from bot.challenge import Contender, Electorate, Plan
from bot.challenge_requests import ChallengeRef
from bot.clock import SystemClock
from bot.models import Address, Round, RoundRef, RoundState
from bot.storage import agenda_items, keys
from bot.storage.agenda import AgendaStore
from bot.storage.client import Store
from bot.storage.connect import make_client
from bot.storage.rounds import Rounds
from bot.storage.spaces import first_community_id
from bot.storage.votes import milliseconds
from tests.challenging import VOTING, pool_of, voting_challenge
from tests.e2e.running import Running, muse, on_discord, on_slack
from tests.fakes.discord_permissions import May
from tests.fakes.discord_server import DiscordServer
from tests.fakes.openai_server import MODEL, OpenAIServer
from tests.fakes.slack_server import SlackServer
from tests.faults.evening import Evening
from tests.faults.ledger import Ledger, Town, Verdict, judge
from tests.faults.places import DiscordPlace, Place, SlackPlace, tells_result
from tests.faults.wire import Wire
from tests.support import Server, engine_path, free_port, redis_on_port, running

PEOPLE = 24
SETTLED = 90.0  # seconds after which whoever still waits is left waiting
LEASES = 60  # seconds by which the clock goes on after a fault, so that no lease is left
UNDER_WAY = 15_000  # ms that what somebody does now may be due ahead
DURABLE = ("--appendonly", "yes", "--appendfsync", "always")


class Bench:
    """All of it. `async with Bench(folder)`; then `start`, `play`, a fault, `verdict`."""

    def __init__(
        self,
        folder: Path,
        *,
        model: bool = False,
        embedded: bool = False,
        slack: bool = False,
        http: bool = False,
        voting: bool = True,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """`slack`: there it is played, not on Discord, and by `http` without a socket;
        `voting`: a challenge is at its ballots.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.ledger = Ledger()
        self.discord = DiscordServer()
        self.slack = SlackServer() if slack else None
        self.openai = OpenAIServer() if model else None
        self.wire = Wire(0)
        self.redis: Server | None = None
        self.redis_port = 0
        self.env: dict[str, str] = dict(env or {})
        self.process: Running | None = None
        self._embedded = embedded
        self._voting = voting and not slack
        self._stack = AsyncExitStack()
        self._processes = AsyncExitStack()
        self._verdict: Verdict | None = None
        self._door = free_port() if http else 0
        self.wrong: list[str] = []  #: what a fault demands besides, and did not find
        self.clock = folder / "clock"
        self.clock.write_text("0")
        self.place: Place
        self.evening: Evening
        self.challenge = ChallengeRef("", "")
        self.theme = ""
        self.pool: dict[str, Contender] = {}

    async def __aenter__(self) -> Self:
        stack = self._stack
        await stack.enter_async_context(self.discord)
        guild = self.discord.guild()
        channel = self.discord.channel(guild)
        people = [self.discord.member(guild, f"Member {n}") for n in range(PEOPLE)]
        self.boss = self.discord.member(guild, "Boss", May.MANAGE_GUILD)
        self.room = DiscordPlace(self.discord, channel, people)
        self.place = self.room
        self.env |= on_discord(self.discord) | {"MUSE_CLOCK_FILE": str(self.clock)}
        if self.slack is not None:
            await stack.enter_async_context(self.slack)
            members = [self.slack.member(f"member{n}") for n in range(PEOPLE)]
            room = self.slack.channel("room", members)
            self.place = SlackPlace(self.slack, room, members)
            self.env |= on_slack(self.slack, socket=not self._door)
            if self._door:
                self.env["MUSE_HTTP_PORT"] = str(self._door)
                self.slack.use_http(f"http://127.0.0.1:{self._door}/slack/events")
        self.place.watch(self.ledger.gone_since)
        self.evening = Evening(self.place, PEOPLE, self.ledger)
        if not self._embedded:
            self.redis, self.redis_port = stack.enter_context(
                redis_on_port(self.folder / "redis", *DURABLE)
            )
            self.wire.target = self.redis_port
            await stack.enter_async_context(self.wire.up())
            self.env["REDIS_URL"] = f"redis://127.0.0.1:{self.wire.port}/0"
        if self.openai is not None:
            await stack.enter_async_context(self.openai)
            self.env |= {
                "OPENAI_API_KEY": "sk-of-the-bench",
                "OPENAI_BASE_URL": self.openai.url,
                "OPENAI_MODEL": MODEL,
                "MUSE_MODERATION": "off",
            }
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.evening.stop()
        await self._processes.aclose()
        await self._stack.aclose()

    # --- Muse and Redis.

    async def launch(self) -> None:
        """Begin a Muse, and wait for nothing."""
        data = self.folder / "data"
        started = muse("run", "--data", str(data), log=self.folder / "log", **self.env)
        self.process = await self._processes.enter_async_context(started)

    async def playing(self) -> None:
        """Wait until it plays."""
        assert self.process is not None
        await self.discord.connected(patience=60)
        if self.slack is not None and not self._door:
            await self.slack.socket.connected(within=60)
        await self.process.until_ready(60)
        self.ledger.come_back()

    async def start(self) -> None:
        """Begin a Muse, and wait until it plays."""
        await self.launch()
        await self.playing()
        if self._voting and not self.challenge.challenge:
            await self._begin_voting()

    async def kill(self) -> None:
        """`kill -9`."""
        assert self.process is not None
        self.ledger.leave()
        await self.process.kill()
        await self.discord.until(lambda: not self.discord.gateway.live, "the end of it", 30)

    async def end(self) -> int:
        """SIGTERM; its exit status."""
        assert self.process is not None
        self.ledger.leave()
        status = await self.process.end()
        await self.discord.until(lambda: not self.discord.gateway.live, "the end of it", 30)
        return status

    def demand(self, holds: bool, otherwise: str) -> None:
        """What must hold besides."""
        if not holds:
            self.wrong.append(otherwise)

    def shift(self, seconds: float) -> None:
        """Move Muse's clock to so many seconds ahead."""
        self.clock.write_text(str(seconds))

    def later(self, seconds: float = LEASES) -> None:
        """Let so many seconds pass for Muse."""
        self.shift(float(self.clock.read_text()) + seconds)

    def bring_redis_back(self) -> None:
        """Start Redis again, on what it had on disk."""
        folder = self.folder / "redis"
        assert self.redis is not None
        command = [str(engine_path()), "--bind", "127.0.0.1", "--port", str(self.redis_port)]
        again = Server(folder, self.redis.url, [*command, "--save", "", *DURABLE])
        self.redis = self._stack.enter_context(running(again, ("127.0.0.1", self.redis_port)))

    async def ask_redis(self, *command: Any, port: int | None = None) -> Any:
        """One command, past the wire."""
        client = make_client(f"redis://127.0.0.1:{port or self.redis_port}/0")
        try:
            return await client.execute_command(*command)
        finally:
            await client.aclose()

    @contextlib.asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        """What is in Redis, past the wire."""
        url = f"redis://127.0.0.1:{self.wire.target}/0"
        if self._embedded:
            _, _, path = (self.folder / "data" / "redis.lock").read_text().strip().partition("\n")
            url = f"unix://{path}"
        store = Store(make_client(url))
        try:
            yield store
        finally:
            await store.close()

    @property
    def community(self) -> str:
        """Where people play."""
        return first_community_id(self.place.space)

    async def _begin_voting(self) -> None:
        """A challenge that has come to its ballots, and ends when its time is over."""
        address = Address(self.place.space, str(self.room.channel.id))
        plan = Plan((address,), electorate=Electorate.ANYONE)
        async with self.store() as store:
            made = await voting_challenge(
                store, SystemClock(self.clock), pool_of(6, 2), space=self.place.space, plan=plan
            )
            self.challenge = made.ref
            ends = made.challenge.closes
            await AgendaStore(store).add(agenda_items.advance(made.ref), ends)
        self.theme, self.pool = made.challenge.theme, dict(made.pool)
        self.evening = Evening(self.place, PEOPLE, self.ledger, made.ref.challenge)

    def end_voting(self) -> None:
        """Its time is over: its results are to be told."""
        self.ledger.note("announcements", (self.theme, "results"))
        self.later(VOTING.total_seconds() + LEASES)

    # --- People.

    def play(self) -> None:
        """Let people play, until the verdict."""
        self.evening.play()

    async def warmed(self) -> None:
        """Wait until somebody was told of each thing that people do all the time."""
        kinds = ("rounds", "votes", "duels") if self.challenge.challenge else ("rounds", "votes")
        for kind in kinds:
            end = time.monotonic() + SETTLED
            while not self.ledger.told[kind]:
                if time.monotonic() > end:
                    break
                await asyncio.sleep(0.1)
            self.demand(bool(self.ledger.told[kind]), f"no {kind} at all")

    async def plays_on(self) -> None:
        """Wait until somebody has got a round that they asked for since; where people play yet."""
        since = time.monotonic()
        while self.evening.playing and time.monotonic() < since + SETTLED:
            if any(began >= since for began in self.evening.begun):
                return
            await asyncio.sleep(0.1)
        self.demand(not self.evening.playing, "nobody has got a round since")

    # --- Afterwards.

    async def verdict(self) -> Verdict:
        """Let everything come to its end, and compare, once."""
        if self._verdict is None:
            self._verdict = await self._judged()
        return replace(self._verdict, wrong=(*self._verdict.wrong, *self.wrong))

    async def _judged(self) -> Verdict:
        await self.evening.stop()
        self.later()
        async with self.store() as store:
            end = time.monotonic() + SETTLED
            while True:
                rounds = await self.rounds(store)
                waiting = self._waiting(rounds) + await self._due(store)
                if not waiting or time.monotonic() > end:
                    break
                await asyncio.sleep(0.3)
            said = self.place.said()
            return await judge(Town(store, self.community, rounds, said, self.ledger), waiting)

    async def let_go(self) -> None:
        """Wait until no round is on record any more and nothing is due; demand it."""
        async with self.store() as store:
            end = time.monotonic() + SETTLED
            while True:
                kept = [each.prompt for each in await self.rounds(store)]
                left = [f"kept: {prompt}" for prompt in kept] + await self._due(store)
                if not left or time.monotonic() > end:
                    break
                await asyncio.sleep(0.3)
        for each in left:
            self.demand(False, each)

    async def rounds(self, store: Store) -> list[Round]:
        """All that are on record where people play."""
        ids = await store.call("ZRANGE", keys.community(self.community).rounds, 0, -1)
        kept = Rounds(store)
        return [(await kept.read(RoundRef(self.community, each))).round for each in ids]

    async def _due(self, store: Store) -> list[str]:
        """What is due and not done, or was given up."""
        soon = milliseconds(SystemClock(self.clock).now() + timedelta(milliseconds=UNDER_WAY))
        left = [
            f"given up: {item}: {why}" for item, why in (await AgendaStore(store).dead()).items()
        ]
        for shard in range(keys.SHARDS):
            due = await store.call("ZRANGEBYSCORE", keys.agenda(shard), "-inf", soon)
            left += [f"on the agenda: {item}" for item in due]
        return left

    def _waiting(self, rounds: list[Round]) -> list[str]:
        """Rounds that are on record and have not come to their end on the platform: not whole, not
        shown as they stand, closed and not told; and why.
        """
        shown = {each.id: each for each in self.place.said()}
        left = []
        for each in rounds:
            card, told = shown.get(each.message), shown.get(each.result)
            if each.for_people and not each.entries and card is not None:
                continue  # people are to begin
            whole = len(each.entries) >= each.wanted or each.state is RoundState.CLOSED
            if each.state is RoundState.WRITING or not whole:
                left.append(f"{each.prompt}: {each.state}, {len(each.entries)} pieces")
            elif card is None:
                left.append(f"{each.prompt}: its message {each.message} is not there")
            elif each.state is RoundState.CLOSED:
                if told is None or not tells_result(told.text, each.prompt):
                    left.append(f"{each.prompt}: its result is not told ({each.result})")
            elif card.votes < len(each.standing):
                left.append(f"{each.prompt}: it shows {card.votes} of {len(each.standing)}")
            if card is not None and card.voters != each.voters:
                left.append(f"{each.prompt}: it says {card.voters} voted, not {each.voters}")
        return left
