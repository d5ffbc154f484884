"""What the tests share: real servers, a clock to move, a stage that remembers, commands."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import socket
import subprocess
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.brief import Brief
from bot.cards import Answer, Bar, Block, Card, FormCard, Line, Person, Ranked
from bot.commands import spec_of
from bot.errors import StageFailed, WriterFailed
from bot.game.composing import Composers
from bot.models import (
    Address,
    Draft,
    Image,
    MessageRef,
    Origin,
    Round,
    RoundRef,
    SpaceRef,
    Tenure,
    UserRef,
)
from bot.ports import Clock, Stage
from bot.requests import Command, Compose, Request
from bot.settings import LimitSettings
from bot.storage.client import Store
from bot.storage.connect import is_cluster, make_client
from bot.storage.engine import find_engine
from bot.storage.rounds import Opening, Rounds
from bot.storage.spaces import Community, Spaces
from bot.wiring import Muse, compose
from bot.writing.engine import Context
from bot.writing.outcomes import Outcome

ROOT = Path(__file__).parents[1]
NAMED = os.environ.get("MUSE_TEST_REDIS")
ON_CLUSTER = bool(os.environ.get("MUSE_TEST_CLUSTER"))
#: For what is about one server: its connection, its socket, its configuration.
one_server = pytest.mark.skipif(ON_CLUSTER, reason="it is about a server of its own")
START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
SPACE = SpaceRef("test", "space")
ADDRESS = Address(SPACE, "room")
UNKNOWN = Tenure()
_events = itertools.count(1)


def engine_path() -> Path:
    """The server the whole suite runs on: `MUSE_TEST_REDIS`, else Muse's own choice."""
    return find_engine(Path(NAMED) if NAMED else None).path


# --- Servers.

# The server ends when the standard input of its shell does: whatever becomes of the tests,
# none is left behind.
_WATCHED = '"$@" >&2 & pid=$!; echo $pid; read -r _; kill -9 $pid 2>/dev/null; wait $pid'


class Server:
    """A Redis server of a test's own, ended with it."""

    def __init__(self, folder: Path, url: str, command: Sequence[str]) -> None:
        self.folder = folder
        self.url = url
        self._log = (folder / "test-redis.log").open("ab")
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _WATCHED, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=folder,
        )
        assert self._shell.stdout is not None
        self.pid = int(self._shell.stdout.readline())

    def stop(self) -> None:
        """End it; when this returns it is gone."""
        self._shell.communicate(timeout=20)
        self._log.close()


def _answers(where: str | tuple[str, int]) -> bool:
    family = socket.AF_UNIX if isinstance(where, str) else socket.AF_INET
    with contextlib.suppress(OSError), socket.socket(family) as probe:
        probe.settimeout(1)
        probe.connect(where)
        probe.sendall(b"PING\r\n")
        # A server with a password answers too, if only to ask for it.
        return probe.recv(64)[:5] in (b"+PONG", b"-NOAU")
    return False


@contextlib.contextmanager
def running(server: Server, where: str | tuple[str, int]) -> Iterator[Server]:
    """The server once it answers, until the block ends."""
    try:
        wait_until(lambda: _answers(where), 20, what="the server to answer")
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def redis_server(folder: Path, *options: str) -> Iterator[Server]:
    """A server on a unix socket, without persistence."""
    folder.mkdir(parents=True, exist_ok=True)
    path = str(folder / "s")
    command = [str(engine_path()), "--port", "0", "--unixsocket", path, "--save", "", *options]
    with running(Server(folder, f"unix://{path}", command), path) as server:
        yield server


@contextlib.contextmanager
def redis_on_port(folder: Path, *options: str) -> Iterator[tuple[Server, int]]:
    """A server on a free port of 127.0.0.1, without persistence, and the port."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = [str(engine_path()), "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
    server = Server(folder, f"redis://127.0.0.1:{port}/0", [*command, *options])
    with running(server, ("127.0.0.1", port)) as started:
        yield started, port


def free_port() -> int:
    """A port that nobody listens on, nor on the one a cluster's bus would take."""
    while True:
        with socket.socket() as probe, socket.socket() as bus:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
            if port < 55_000:
                with contextlib.suppress(OSError):
                    bus.bind(("127.0.0.1", port + 10_000))
                    return port


def wait_until(true: Callable[[], bool], seconds: float, what: str = "it") -> None:
    """Wait until it is so; fail where it is not within the time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(done.stdout.strip()) and not done.stdout.strip().startswith("Z")


class Proxy:
    """Between a client and a server's unix socket: counts what is sent, and may hold it up."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self.chunks = 0
        self.open = asyncio.Event()
        self.open.set()
        self._tasks: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def at(self, path: Path) -> AsyncIterator[Proxy]:
        """Listen at `path` until the block ends."""
        server = await asyncio.start_unix_server(self._serve, path)
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        up_reader, up_writer = await asyncio.open_unix_connection(self._upstream)
        back = asyncio.create_task(self._copy(up_reader, writer))
        try:
            while data := await reader.read(1 << 22):
                self.chunks += 1
                await self.open.wait()
                up_writer.write(data)
                await up_writer.drain()
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            back.cancel()
            writer.close()
            up_writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await asyncio.gather(back, return_exceptions=True)
                await up_writer.wait_closed()
                await writer.wait_closed()
            self._tasks.discard(task)

    @staticmethod
    async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(1 << 20):
                writer.write(data)
                await writer.drain()
        writer.close()


#: What a cluster is asked node by node.
EVERYWHERE = ("KEYS", "FLUSHALL", "DBSIZE", "SCRIPT", "CLIENT")


async def everywhere(client: Any, *command: Any) -> Any:
    """A command to each node of a cluster; lists and counts are put together."""
    await client.initialize()
    bare = [await node.execute_command(*command) for node in client.get_primaries()]
    if all(isinstance(each, list) for each in bare):
        return [part for each in bare for part in each]
    return sum(bare) if all(type(each) is int for each in bare) else bare[0]


class ClusterStore(Store):
    """A store of whose cluster tests may ask everything."""

    def call(self, *command: Any) -> Awaitable[Any]:
        if command[0] in EVERYWHERE:
            return everywhere(self._client, *command)
        if command[0] == "MEMORY":  # its key is not where a store looks for one
            found: Awaitable[Any] = self._client.execute_command(
                " ".join(command[:2]), *command[2:]
            )
            return found
        return super().call(*command)


@contextlib.asynccontextmanager
async def raw(url: str) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    """Redis itself, for what the store has no words for: ``await ask("CLIENT", …)``."""
    client = make_client(url)

    async def ask(*command: Any) -> Any:
        if is_cluster(client) and command[0] in EVERYWHERE:
            return await everywhere(client, *command)
        return await client.execute_command(*command)

    try:
        yield ask
    finally:
        await client.aclose()


# --- Stand-ins for the ports.


class FakeClock(Clock):
    """A clock that stands until it is shifted."""

    def __init__(self, at: datetime = START) -> None:
        self._now = at

    def now(self) -> datetime:
        return self._now

    def shift(self, delta: timedelta) -> None:
        self._now += delta


@dataclass
class MemoryStage(Stage):
    """A platform in memory: keeps every state of every message. Like a real one it posts once for
    each key that it has posted itself, and looks for what another may have posted only where it is
    told to: else that is there twice.
    """

    posts: dict[str, Card] = field(default_factory=dict)  #: by message id, as first posted
    states: dict[str, list[Card]] = field(default_factory=dict)  #: every card it showed
    addresses: dict[str, Address] = field(default_factory=dict)
    edited: dict[str, Address] = field(default_factory=dict)  #: where a message was last edited
    asked: list[str] = field(default_factory=list)  #: the key of every call of `post`
    looked_for: list[str] = field(default_factory=list)  #: what another may have posted
    kept: dict[str, Image] = field(default_factory=dict)  #: pictures, by what `keep` returned
    failing: bool = False
    own: set[str] = field(default_factory=set)  #: the keys that this process knows it posted

    async def post(
        self, address: Address, card: Card, key: str, *, doubtful: bool = False
    ) -> MessageRef:
        await asyncio.sleep(0)
        if self.failing:
            raise StageFailed("the platform is down")
        if doubtful:
            self.looked_for.append(key)
        self.asked.append(key)
        ident = f"m-{key}"
        if ident in self.posts and key not in self.own and not doubtful:
            ident = f"m-{key}#twice"
        self.own.add(key)
        if ident not in self.posts:
            self.posts[ident], self.addresses[ident] = card, address
            self.states[ident] = [card]
        return MessageRef(address, ident)

    async def edit(self, message: MessageRef, card: Card) -> None:
        await asyncio.sleep(0)
        if self.failing:
            raise StageFailed("the platform is down")
        self.states[message.id].append(card)
        self.edited[message.id] = message.address

    async def keep(self, message: MessageRef, image: Image, name: str) -> str:
        await asyncio.sleep(0)
        if self.failing:
            raise StageFailed("the platform is down")
        assert message.id in self.posts
        kept = f"{message.id}/{name}"
        self.kept.setdefault(kept, image)
        return kept

    async def display_name(self, user: UserRef) -> str:
        return user.id

    def now_showing(self, kind: str, round_: RoundRef) -> Card:
        """What a round's message shows now; `kind` is ``round`` or ``result``."""
        return self.states[f"m-{kind}:{round_.round}"][-1]


class ScriptedWriter:
    """Writes what it is told to, or one plain line for each lens; may stop, fail or wait."""

    def __init__(self, origin: Origin = Origin.AI, tag: str = "") -> None:
        """`tag` begins every word, so that two writers never write the same."""
        self.briefs: list[Brief] = []
        self.contexts: list[Context] = []
        self.texts: list[str] = []
        self.tag = tag
        self.origin = origin
        self.fails_after: int | None = None
        self.gate = asyncio.Event()  # clear it and the writer waits before each draft
        self.gate.set()

    def begin(self, brief: Brief, context: Context) -> ScriptedRound:
        self.contexts.append(context)
        return ScriptedRound(self, brief)

    async def write(self, brief: Brief) -> AsyncGenerator[Draft, None]:
        self.briefs.append(brief)
        for index, lens in enumerate(brief.lenses):
            await self.gate.wait()
            if self.fails_after is not None and index >= self.fails_after:
                raise WriterFailed("the model is tired")
            word = f"{self.tag}{lens}{len(self.briefs)}"
            unlike = " ".join(f"{word}x{n}" for n in range(8))
            text = self.texts[index] if index < len(self.texts) else unlike
            yield Draft(text, lens, self.origin, model="scripted")


class ScriptedRound:
    """One round of a `ScriptedWriter`: nothing is guarded, nothing filled."""

    outcome = Outcome()

    def __init__(self, writer: ScriptedWriter, brief: Brief) -> None:
        self._writer = writer
        self._brief = brief

    def drafts(self) -> AsyncGenerator[Draft, None]:
        return self._writer.write(self._brief)


# --- Commands.


def member(name: str) -> UserRef:
    """A member of the test's own platform."""
    return UserRef("test", name)


def event() -> str:
    """The id of an event that never was before."""
    return f"ev-{next(_events)}"


def command(
    request: Request,
    who: str = "ana",
    *,
    at: str | None = None,
    space: SpaceRef = SPACE,
    channel: str = "room",
    manages: bool = False,
    standing: Tenure = UNKNOWN,
) -> Command:
    """A command as an adapter would make it. `at` is its event's id."""
    return Command(
        event=at or event(),
        space=space,
        user=member(who),
        address=Address(space, channel),
        request=request,
        answer=_answer(request),
        manages=manages,
        standing=standing,
    )


def _answer(request: Request) -> Answer:
    """How a request is answered; what has no command of its own is a press on a private card."""
    if isinstance(request, Compose):
        return Answer.FORM
    try:
        return spec_of(request).answer
    except KeyError:
        return Answer.UPDATE


class Table:
    """A game on a memory stage, and quick ways to play it."""

    @classmethod
    def of(
        cls,
        store: Store,
        composers: Composers,
        *,
        limits: LimitSettings | None = None,
        writer: ScriptedWriter | None = None,
        seed: int = 1,
    ) -> Table:
        """A game of its own, whatever writes in it."""
        clock, stage, rng = FakeClock(), MemoryStage(), Random(seed)
        muse = compose(
            store,
            clock,
            composers,
            limits or LimitSettings(),
            "UTC",
            {"test": stage},
            lambda: rng.getrandbits(32),
            refresh_pause=0.0,
        )
        return cls(muse, clock, stage, writer or ScriptedWriter())

    def __init__(
        self, muse: Muse, clock: FakeClock, stage: MemoryStage, writer: ScriptedWriter
    ) -> None:
        self.muse, self.clock, self.stage, self.writer = muse, clock, stage, writer
        self.rounds = Rounds(muse.store)
        self.spaces = Spaces(muse.store, "UTC")

    async def do(
        self,
        request: Request,
        who: str = "ana",
        *,
        at: str | None = None,
        manages: bool = False,
        space: SpaceRef = SPACE,
    ) -> Card:
        """Serve a request and everything that follows from it; its card."""
        card = await self.quick(request, who, at=at, manages=manages, space=space)
        await self.muse.settle()
        return card

    async def quick(
        self,
        request: Request,
        who: str = "ana",
        *,
        at: str | None = None,
        manages: bool = False,
        space: SpaceRef = SPACE,
    ) -> Card:
        """Serve a request, and nothing besides."""
        reply = await self.muse.app.handle(
            command(request, who, at=at, manages=manages, space=space)
        )
        assert isinstance(reply.card, Card)
        return reply.card

    async def community(self, space: SpaceRef = SPACE) -> Community:
        return await self.spaces.community(space, self.clock.now())

    async def here(self, space: SpaceRef = SPACE) -> RoundRef:
        """The latest round."""
        community = await self.community(space)
        ref = await self.rounds.latest(community.id, Address(space, ADDRESS.channel))
        assert ref is not None
        return ref

    async def round(self, ref: RoundRef | None = None) -> Round:
        """A round as it stands, the latest where none is named."""
        return (await self.rounds.read(ref or await self.here())).round

    def shown(self, ref: RoundRef) -> str:
        """All that a round's message says now."""
        return words(self.stage.now_showing("round", ref))


def opening(now: datetime, *, wanted: int = 4, prompt: str = "a lighthouse") -> Opening:
    """What an ordinary round is opened with."""
    return Opening(prompt, "free", wanted, 1, now + timedelta(hours=24))


def draft(text: str, lens: str = "letter", origin: Origin = Origin.DECK) -> Draft:
    """A draft as a writer gives it."""
    return Draft(text, lens, origin, "m" if origin is Origin.AI else "")


# --- Cards as text.


def words(card: Card | FormCard) -> str:
    """All that a card says, a block a line."""
    assert isinstance(card, Card)
    return "\n".join(_block(block) for block in card.blocks)


def _block(block: Block) -> str:
    parts: list[str] = []
    if isinstance(block, Ranked):
        parts.append(f"{block.rank}.")
    if isinstance(block, Bar):
        parts += [line_text(block.label), f"{block.count}/{block.of}"]
    for name in ("line", "value", "text", "byline"):
        held = getattr(block, name, None)
        if held is not None:
            parts.append(held if isinstance(held, str) else line_text(held))
    return " ".join(parts)


def line_text(line: Line) -> str:
    """A line's words; a person is ``@id``."""
    said = []
    for span in line:
        if isinstance(span, Person):
            said.append(f"@{span.user.id}" if span.user else "@-")
        else:
            said.append(str(getattr(span, "text", "") or getattr(span, "typed", "")))
    return "".join(said)
