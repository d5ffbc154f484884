"""A Muse of its own, people who play on it, and a Redis behind a wire."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Self

from bot.models import Round, RoundState, SpaceRef
from bot.requests import RoundRef
from bot.storage import keys
from bot.storage.client import Store
from bot.storage.connect import make_client
from bot.storage.rounds import Rounds
from bot.storage.spaces import first_community_id
from bot.wording import en
from tests.e2e.discord_table import Room, votes
from tests.e2e.running import Running, muse, on_discord
from tests.fakes.discord_asked import NeverShown
from tests.fakes.discord_message import Message
from tests.fakes.discord_modals import CannotAct
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_state import User
from tests.fakes.openai_server import MODEL, OpenAIServer
from tests.faults.ledger import RESULT, Ledger, Town, Verdict, judge
from tests.faults.wire import Wire
from tests.support import Server, engine_path, redis_on_port, running

PEOPLE = 24
ANSWERED = 25.0  # seconds that somebody waits for an answer
SETTLED = 90.0  # seconds after which whoever still waits is left waiting
LEASES = 60  # seconds by which the clock goes on after a fault, so that no lease is left
DURABLE = ("--appendonly", "yes", "--appendfsync", "always")


class Bench:
    """All of it. `async with Bench(folder)`; then `start`, `play`, a fault, `verdict`."""

    def __init__(self, folder: Path, *, model: bool = False, embedded: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.ledger = Ledger()
        self.discord = DiscordServer()
        self.openai = OpenAIServer() if model else None
        self.wire = Wire(0)
        self.redis: Server | None = None
        self.redis_port = 0
        self.env: dict[str, str] = {}
        self.process: Running | None = None
        self._embedded = embedded
        self._stack = AsyncExitStack()
        self._processes = AsyncExitStack()
        self._acts: set[asyncio.Task[None]] = set()
        self._number = itertools.count(1)
        self._playing = False
        self.cards: list[Message] = []
        self._verdict: Verdict | None = None
        self.clock = folder / "clock"
        self.clock.write_text("0")

    async def __aenter__(self) -> Self:
        stack = self._stack
        await stack.enter_async_context(self.discord)
        guild = self.discord.guild()
        channel = self.discord.channel(guild)
        people = [self.discord.member(guild, f"Member {n}") for n in range(PEOPLE)]
        self.room = Room(self.discord, channel, people)
        self.space = SpaceRef("discord", str(guild.id))
        self.env = on_discord(self.discord) | {"MUSE_CLOCK_FILE": str(self.clock)}
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
        await self.stop_playing()
        await self._processes.aclose()
        await self._stack.aclose()

    # --- Muse and Redis.

    async def start(self) -> None:
        """Begin a Muse, and wait until it plays."""
        data = self.folder / "data"
        started = muse("run", "--data", str(data), log=self.folder / "log", **self.env)
        self.process = await self._processes.enter_async_context(started)
        await self.discord.connected(patience=60)
        await self.process.until_ready(60)

    async def kill(self) -> None:
        """`kill -9`, and a new one."""
        assert self.process is not None
        await self.process.kill()
        await self.discord.until(lambda: not self.discord.gateway.live, "the end of it", 30)

    def shift(self, seconds: float) -> None:
        """Move Muse's clock to so many seconds ahead."""
        self.clock.write_text(str(seconds))

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

    # --- People.

    def play(self) -> None:
        """Let people ask, vote, add and close, until `stop_playing`."""
        self._playing = True
        self._do(self._evening())

    async def stop_playing(self) -> None:
        """Begin nothing new, and wait until each act has had its answer, or long enough."""
        self._playing = False
        while self._acts:
            await asyncio.gather(*self._acts, return_exceptions=True)

    def _do(self, act: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(act)
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)

    async def _evening(self) -> None:
        while self._playing:
            number = next(self._number)
            self._do(self._round(self.room.people[number % PEOPLE], f"fault number {number:04}"))
            await asyncio.sleep(0.4)

    async def _round(self, who: User, prompt: str) -> None:
        card = await self.asked(who, prompt)
        if card is None:
            return
        others = [each for each in self.room.people if each is not who]
        for n, each in enumerate(others[:10]):
            self._do(self._vote(each, card, prompt, n % 4 + 1))
            await asyncio.sleep(0.05)
        self._do(self._add(others[10], card, prompt, f"{prompt} said the keeper, twice"))
        if int(prompt[-1]) % 2:
            await asyncio.sleep(0.5)
            self._do(self._close(who, card, prompt))

    async def asked(self, who: User, prompt: str) -> Message | None:
        """Ask for a round; its card once it is whole, None where nobody answered."""
        with self._trying():
            asked = await self.discord.slash(who, self.room.channel, "muse", prompt=prompt)
            card = await asked.message(ANSWERED)
            if card.ephemeral or prompt not in card.text:
                self.ledger.refused += 1
                return None
            self.ledger.note("rounds", prompt)
            self.cards.append(card)
            await self.discord.until(lambda: len(votes(card)) >= 4, "it to be whole", SETTLED)
            return card
        return None

    async def _vote(self, who: User, card: Message, prompt: str, number: int) -> None:
        with self._trying():
            asked = await self.discord.click(who, card, votes(card)[number - 1])
            told = await asked.private(ANSWERED)
            if told.text.startswith("You voted for") or f"You voted for {number}." in told.text:
                self.ledger.note("votes", (prompt, f"discord:{who.id}", number))
            else:
                self.ledger.refused += 1

    async def _add(self, who: User, card: Message, prompt: str, text: str) -> None:
        with self._trying():
            form = await (await self.discord.click(who, card, en.ADD)).modal(ANSWERED)
            asked = await self.discord.submit(who, form, {en.FORM_TEXT: text})
            told = await asked.private(ANSWERED)
            if " as " in told.text and "reach its memory" not in told.text:
                self.ledger.note("entries", (prompt, text))
            else:
                self.ledger.refused += 1

    async def _close(self, who: User, card: Message, prompt: str) -> None:
        with self._trying():
            shown = await (await self.discord.click(who, card, en.SHOW)).private(ANSWERED)
            closed = await self.discord.click(who, shown, en.CLOSE)
            told = await closed.private(ANSWERED)
            if en.CLOSED_BY_YOU in told.text:
                self.ledger.note("announcements", prompt)
            else:
                self.ledger.refused += 1

    @contextlib.contextmanager
    def _trying(self) -> Any:
        """Somebody tries: where Muse is gone, nobody answers them."""
        try:
            yield
        except (NeverShown, CannotAct, TimeoutError, AssertionError, LookupError, IndexError):
            self.ledger.silent += 1

    # --- Afterwards.

    async def verdict(self) -> Verdict:
        """Let everything come to its end, and compare, once."""
        if self._verdict is None:
            self._verdict = await self._judged()
        return self._verdict

    async def _judged(self) -> Verdict:
        await self.stop_playing()
        self.shift(float(self.clock.read_text()) + LEASES)
        async with self._store() as store:
            end = time.monotonic() + SETTLED
            while True:
                rounds = await self._rounds(store)
                town = Town(store, self.discord, self.room.channel, rounds)
                waiting = self._waiting(rounds)
                if not waiting or time.monotonic() > end:
                    break
                await asyncio.sleep(0.3)
            return await judge(self.ledger, town, waiting)

    @contextlib.asynccontextmanager
    async def _store(self) -> AsyncIterator[Store]:
        url = f"redis://127.0.0.1:{self.wire.target}/0"
        if self._embedded:
            _, _, path = (self.folder / "data" / "redis.lock").read_text().strip().partition("\n")
            url = f"unix://{path}"
        store = Store(make_client(url))
        try:
            yield store
        finally:
            await store.close()

    async def _rounds(self, store: Store) -> list[Round]:
        community = first_community_id(self.space)
        ids = await store.call("ZRANGE", keys.community(community).rounds, 0, -1)
        kept = Rounds(store)
        return [(await kept.read(RoundRef(community, each))).round for each in ids]

    def _waiting(self, rounds: list[Round]) -> list[str]:
        """Rounds that are on record and have not come to their end on the platform: not whole, not
        shown as they stand, closed and not told; and why.
        """
        shown = {str(each.id): each for each in self.discord.messages(self.room.channel)}
        left = []
        for each in rounds:
            card, told = shown.get(each.message), shown.get(each.result)
            if each.state is RoundState.WRITING or len(each.entries) < 4:
                left.append(f"{each.prompt}: {each.state}, {len(each.entries)} pieces")
            elif card is None:
                left.append(f"{each.prompt}: its message {each.message} is not there")
            elif each.state is RoundState.CLOSED:
                if told is None or not told.text.startswith(RESULT):
                    left.append(f"{each.prompt}: its result is not told ({each.result})")
            elif len(votes(card)) < len(each.entries):
                left.append(f"{each.prompt}: it shows {len(votes(card))} of {len(each.entries)}")
        return left
