"""`python -m bot run` on Discord and Slack: what its imports take, and its memory at rest.

Against a Python that imports the four client libraries as anything on asyncio must: discord,
slack_bolt.async_app, openai and redis.asyncio. What `run` imports is noted by Python itself, from a
Muse that is connected to both platforms on loopback; those modules are then imported by a Python of
their own. The second row of each has a model, too, whose library Muse leaves alone where there is
none.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.harness import Compared, Goal, Row, compiling, interleave, scaled, server
from tests.e2e.running import Running, muse, on_discord, on_slack
from tests.fakes.discord_server import DiscordServer
from tests.fakes.openai_server import MODEL, OpenAIServer
from tests.fakes.slack_server import SlackServer

PAIRS, MEMORY_PAIRS = 12, 3
IMPORTS_GOAL, MEMORY_GOAL = Goal(0.7), Goal(1.2)
FOUR = "import discord, slack_bolt.async_app, openai, redis.asyncio"
PLAIN = "importing all four libraries"
_AT_REST = 2.0  # seconds after it is ready
_STATUS = "/proc/{}/status"
_NOTED = re.compile(r"^import time: +\d+ \| +\d+ \| (\S+)$", re.MULTILINE)  # not those within one


def measure(size: float = 1.0) -> list[Row]:
    """The rows of this benchmark."""
    return asyncio.run(_compare(size))


async def _compare(size: float) -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="muse-bench-") as folder:
        for name, model in (("both platforms", False), ("both, and a model", True)):
            scene = _Scene(Path(folder, "log"), compiling(Path(folder, "compiled")), model)
            rows += await scene.imports(name, scaled(PAIRS, size, 2))
            rows += await scene.memory(name, scaled(MEMORY_PAIRS, size, 1))
    return rows


@dataclass(frozen=True)
class _Scene:
    """Where Muse plays, and in which surroundings the others run."""

    log: Path
    surroundings: Mapping[str, str]
    model: bool

    async def imports(self, name: str, pairs: int) -> list[Row]:
        """What the imports take."""
        async with self._muse(PYTHONPROFILEIMPORTTIME="1") as running:
            modules = ["bot.__main__", *_NOTED.findall(running.log)]
        # Some are looked for and are not there, which takes its time as well.
        ours = (
            "import contextlib, importlib\n"
            f"for name in {modules!r}:\n"
            "    with contextlib.suppress(ImportError):\n"
            "        importlib.import_module(name)\n"
        )
        figures = Compared(
            *await interleave(
                pairs,
                partial(asyncio.to_thread, self._until_done, ours),
                partial(asyncio.to_thread, self._until_done, FOUR),
            )
        )
        goal = None if self.model else IMPORTS_GOAL
        return [figures.row(f"imports of `run`, {name}", _seconds, PLAIN, goal)]

    async def memory(self, name: str, pairs: int) -> list[Row]:
        """What stays in memory."""
        what, goal = f"memory of `run`, {name}", None if self.model else MEMORY_GOAL
        if not sys.platform.startswith("linux"):
            return [Row(what, "this system has no /proc", PLAIN, goal=goal)]
        figures = Compared(*await interleave(pairs, self._muse_at_rest, self._four_at_rest))
        return [figures.row(what, _mebibytes, PLAIN, goal)]

    def _until_done(self, code: str) -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], env=self.surroundings, check=True)
        return time.perf_counter() - begun

    async def _muse_at_rest(self) -> float:
        async with self._muse() as running:
            await asyncio.sleep(_AT_REST)
            return _resident(running.pid)

    async def _four_at_rest(self) -> float:
        running = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", f"{FOUR}; print(flush=True); input()"),
            env=self.surroundings,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert running.stdout is not None
        await running.stdout.readline()
        found = _resident(running.pid)
        await running.communicate(b"\n")
        return found

    @asynccontextmanager
    async def _muse(self, **more: str) -> AsyncIterator[Running]:
        """Muse, connected to both platforms on loopback."""
        async with AsyncExitStack() as stack:
            embedded = await stack.enter_async_context(server())
            discord = await stack.enter_async_context(DiscordServer())
            slack = await stack.enter_async_context(SlackServer())
            told = on_discord(discord) | on_slack(slack) | {"REDIS_URL": embedded.url}
            if self.model:
                model = await stack.enter_async_context(OpenAIServer())
                told |= {"OPENAI_API_KEY": "sk-bench", "OPENAI_BASE_URL": model.url}
                told |= {"OPENAI_MODEL": MODEL}
            discord.guild()
            cache = {"PYTHONPYCACHEPREFIX": self.surroundings["PYTHONPYCACHEPREFIX"]}
            data = str(embedded.socket.parent / "muse")
            running = await stack.enter_async_context(
                muse("run", "--data", data, log=self.log, **told, **cache, **more)
            )
            await discord.connected(patience=60.0)
            await slack.socket.connected(within=60.0)
            await running.until_ready()
            yield running
            await running.end()


def _resident(pid: int) -> float:
    """The bytes of memory that a process has in RAM."""
    lines: Sequence[str] = Path(_STATUS.format(pid)).read_text("ascii").splitlines()
    [found] = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return float(found) * 1024


def _mebibytes(size: float) -> str:
    return f"{size / 2**20:.1f} MiB"


def _seconds(taken: float) -> str:
    return f"{taken:.2f} s"
