"""`python -m bot invite`: the address that adds Muse to a server, as a process of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from adapters.discord.invite import permissions
from tests.e2e.driving import environment
from tests.fakes.discord_server import DiscordServer
from tests.support import ROOT


async def invite(told: Mapping[str, str]) -> tuple[int, str, str]:
    """The exit status, what is printed, and what is said beside it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "invite"),
        env=environment() | told,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, said = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), said.decode()


async def test_it_prints_the_address_and_nothing_else() -> None:
    async with DiscordServer() as server:
        there = {"DISCORD_TOKEN": server.token, "DISCORD_API_URL": server.api_url}
        status, out, said = await invite(there)
        assert server.broken == []
        assert server.gateway.sessions == {}
    assert (status, said) == (0, "")
    address = urlsplit(out.strip())
    asked = parse_qs(address.query)
    assert (address.hostname, address.path) == ("discord.com", "/oauth2/authorize")
    assert asked["client_id"] == [str(server.world.application_id)]
    assert asked["scope"] == ["bot applications.commands"]
    assert asked["permissions"] == [str(permissions().value)]


async def test_what_is_wrong_is_one_sentence() -> None:
    status, out, said = await invite({})
    assert (status, out) == (2, "")
    assert said.startswith("muse: DISCORD_TOKEN is not set")
    async with DiscordServer() as server:
        wrong = {"DISCORD_TOKEN": "not.the.one", "DISCORD_API_URL": server.api_url}
        status, out, said = await invite(wrong)
    assert (status, out, said.count("\n")) == (2, "", 1)
    assert "Discord does not accept DISCORD_TOKEN" in said
    gone = {"DISCORD_TOKEN": "a.b.c", "DISCORD_API_URL": server.api_url}
    status, out, said = await invite(gone)
    assert (status, out, said) == (1, "", "muse: Discord can’t be reached right now.\n")
