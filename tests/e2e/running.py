"""`muse run` and `muse worker` as processes of their own: begun, watched, killed, ended."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.e2e.driving import environment
from tests.fakes.discord_server import DiscordServer
from tests.fakes.slack_server import SlackServer
from tests.support import ROOT

STARTING = 40.0  # seconds a busy machine may take to start Python


class Running:
    """One process of Muse's. Its log is a file, which others may write to as well."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path, at: int) -> None:
        self._process = process
        self._log = log
        self._at = at

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.returncode is not None

    @property
    def log(self) -> str:
        """What was logged since it began."""
        return self._log.read_bytes()[self._at :].decode()

    async def says(self, pattern: str, seconds: float = STARTING) -> re.Match[str]:
        """Wait until its log matches."""
        end = time.monotonic() + seconds
        while (found := re.search(pattern, self.log)) is None:
            assert not self.ended, f"it ended: {self.log[-2000:]}"
            assert time.monotonic() < end, f"waited for {pattern}: {self.log[-2000:]}"
            await asyncio.sleep(0.02)
        return found

    async def url(self) -> str:
        """Where its web server listens."""
        found = await self.says(r"listens on 127.0.0.1, port (\d+)")
        return f"http://127.0.0.1:{found[1]}"

    async def get(self, path: str) -> tuple[int, str]:
        """What its web server answers."""
        async with aiohttp.ClientSession() as session, session.get(await self.url() + path) as said:
            return said.status, await said.text()

    async def until_ready(self, seconds: float = STARTING) -> None:
        """Wait until it says that it can play."""
        end = time.monotonic() + seconds
        while (said := await self.get("/readyz"))[0] != 200:
            assert time.monotonic() < end, said
            await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """`kill -9`."""
        if not self.ended:
            self._process.kill()
        await self._process.wait()

    def signal(self, which: signal.Signals) -> None:
        self._process.send_signal(which)

    async def end(self) -> int:
        """Ask it to end; its exit status."""
        self._process.terminate()
        return await self._process.wait()

    async def wait(self) -> int:
        return await self._process.wait()


@asynccontextmanager
async def muse(*arguments: str, log: Path, **env: str) -> AsyncIterator[Running]:
    """`python -m bot …`, ended with the block whatever happens."""
    with log.open("ab") as sink:
        at = sink.tell()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *arguments),
            env=environment() | {"MUSE_HTTP_PORT": "0"} | env,
            cwd=ROOT,
            stderr=sink,
        )
    running = Running(process, log, at)
    try:
        yield running
    finally:
        await running.kill()


def on_discord(server: DiscordServer) -> dict[str, str]:
    """The settings that lead to a loopback Discord."""
    return {
        "DISCORD_TOKEN": server.token,
        "DISCORD_API_URL": server.api_url,
        "DISCORD_GATEWAY_URL": server.gateway_url,
    }


def on_slack(slack: SlackServer, *, socket: bool = True) -> dict[str, str]:
    """The settings that lead to a loopback Slack."""
    way = (
        {"SLACK_APP_TOKEN": slack.app_token}
        if socket
        else {"SLACK_SIGNING_SECRET": slack.http.signing_secret}
    )
    return way | {"SLACK_BOT_TOKEN": slack.workspace.bot_token, "SLACK_API_URL": slack.api_url}


def figures(text: str) -> Mapping[str, float]:
    """The samples of `/metrics`, by their names and labels as they stand there."""
    found: dict[str, Any] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            found[name] = float(value)
    return found
