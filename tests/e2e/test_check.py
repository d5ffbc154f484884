"""`python -m bot check` as a process: all well, each thing wrong by itself, and no secret said."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.manifest import bot_scopes
from tests.e2e.driving import environment
from tests.fakes.discord_server import DiscordServer
from tests.fakes.openai_server import MODEL, OpenAIServer
from tests.fakes.slack_server import SlackServer
from tests.support import ROOT, free_port, raw, redis_on_port

PASSWORD = "hunter2-of-redis"
KEY = "sk-very-secret-0123456789"


@dataclass(frozen=True)
class Checked:
    """What a check came to."""

    status: int
    out: str
    log: str

    @property
    def bad(self) -> list[str]:
        """What was wrong, or should be looked at."""
        return [line.split("  ")[0] for line in self.out.splitlines() if line[:1] in ("✗", "!")]


@dataclass(frozen=True)
class Town:
    """Everything that Muse speaks to, and the environment of a process that is to reach it."""

    env: dict[str, str]
    poor: str  #: a Slack token without its scopes
    taken: int  #: a port that somebody has


async def checked(env: Mapping[str, str], data: Path, *options: str) -> Checked:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "check", "--data", str(data), *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**environment(), **env},
    )
    out, log = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return Checked(process.returncode, out.decode(), log.decode())


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    options = ("--requirepass", PASSWORD, "--appendonly", "yes")
    with redis_on_port(tmp_path / "redis", *options) as (_, port):
        async with (
            DiscordServer() as discord,
            SlackServer() as slack,
            OpenAIServer() as openai,
        ):
            slack.world.tokens[slack.workspace.bot_token].scopes = frozenset(bot_scopes())
            poor = slack.add_workspace("Another", scopes=["commands"])
            stranger = await asyncio.start_server(_mute, "127.0.0.1", 0)
            web = free_port()
            env = {
                "REDIS_URL": f"redis://:{PASSWORD}@127.0.0.1:{port}/0",
                "DISCORD_TOKEN": discord.token,
                "DISCORD_API_URL": discord.api_url,
                **slack.socket_env(),
                "OPENAI_API_KEY": KEY,
                "OPENAI_BASE_URL": openai.url,
                "OPENAI_MODEL": MODEL,
                "MUSE_HTTP_PORT": str(web),
                "MUSE_PUBLIC_URL": f"http://127.0.0.1:{web}",
            }
            yield Town(env, poor.bot_token, stranger.sockets[0].getsockname()[1])
            stranger.close()


async def _mute(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


def held_back(env: Mapping[str, str], done: Checked) -> None:
    """Nothing that is said, in the table or the log, holds a secret of these surroundings."""
    secrets = [value for name, value in env.items() if name.endswith(("_TOKEN", "_KEY", "_SECRET"))]
    for secret in (*secrets, PASSWORD):
        assert secret not in done.out + done.log
    assert "Traceback" not in done.out + done.log


async def test_everything_is_right(town: Town, tmp_path: Path) -> None:
    as_table, as_object = await asyncio.gather(
        checked(town.env, tmp_path / "one"),
        # Not the same port: each listens on its own for a moment.
        checked(
            town.env | {"MUSE_HTTP_PORT": "0", "MUSE_PUBLIC_URL": ""}, tmp_path / "two", "--json"
        ),
    )
    assert as_table.status == 0, as_table
    assert as_table.bad == []
    assert as_table.log == ""
    assert as_table.out.endswith("Everything that is set up works.\n")
    for about in ("Redis", "Discord", "Slack", "model", "moderation", "web server", "public"):
        assert f"✓ {about}" in as_table.out
    assert as_object.status == 0
    told: dict[str, Any] = json.loads(as_object.out)
    assert told["ok"] is True
    assert {each["state"] for each in told["checks"]} == {"fine", "note"}
    for done in (as_table, as_object):
        held_back(town.env, done)


async def test_what_is_wrong_is_told_each_with_its_remedy(town: Town, tmp_path: Path) -> None:
    """Several at once, none of which hides another; one by one they are in the tests of
    integration.
    """
    nowhere = f"127.0.0.1:{free_port()}"
    wrong: list[tuple[dict[str, str], list[str]]] = [
        (
            {
                "REDIS_URL": f"redis://:{PASSWORD}@{nowhere}",
                "DISCORD_TOKEN": "stale.bot.token",
                "SLACK_BOT_TOKEN": "xoxb-stale-token",
                "OPENAI_MODEL": "none-of-these",
                "MUSE_HTTP_PORT": str(town.taken),
                "MUSE_PUBLIC_URL": f"http://{nowhere}",
            },
            ["✗ Redis", "✗ Discord", "✗ Slack", "✗ model", "✗ web server", "! public address"],
        ),
        (
            {
                "REDIS_URL": town.env["REDIS_URL"].replace(PASSWORD, "wrong-password"),
                "DISCORD_API_URL": f"http://{nowhere}/api/v10",
                "SLACK_BOT_TOKEN": town.poor,
                "SLACK_APP_TOKEN": "xapp-stale-token",
                "OPENAI_BASE_URL": f"http://{nowhere}/v1",
                "MUSE_HTTP_PORT": "0",
                "MUSE_PUBLIC_URL": "",
            },
            ["✗ Redis", "✗ Discord", "✗ Slack scopes", "✗ Slack events", "✗ model", "! moderation"],
        ),
        ({"MUSE_LOG_LEVEL": "loud", "MUSE_PROT": "1"}, ["✗ settings", "✗ settings"]),
    ]
    found = await asyncio.gather(
        *(
            checked(town.env | changed, tmp_path / str(number))
            for number, (changed, _) in enumerate(wrong)
        )
    )
    for (changed, bad), done in zip(wrong, found, strict=True):
        assert [each.rstrip() for each in done.bad] == bad, done
        assert done.status == 1
        assert done.out.count("→") >= len(bad), "for each, the one thing to do"
        held_back(town.env | changed, done)


async def test_redis_that_throws_data_away(town: Town, tmp_path: Path) -> None:
    async with raw(town.env["REDIS_URL"]) as ask:
        await ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    bare = {"REDIS_URL": town.env["REDIS_URL"], "MUSE_HTTP_PORT": "0"}
    done = await checked(bare, tmp_path / "data")
    assert done.status == 1
    assert [each.rstrip() for each in done.bad] == ["✗ Redis"]
    assert "maxmemory-policy noeviction" in " ".join(done.out.split())
    held_back(bare, done)
