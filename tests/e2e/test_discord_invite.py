"""`python -m bot invite`: the address that adds Muse to a server, as a process of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.discord.invite import permissions
from bot.cards import Announcement, Card, Event, Note, Plain
from bot.errors import StageFailed
from bot.models import Address, Image, SpaceRef, UserRef
from bot.storage.client import Store
from tests.e2e.discord_table import close, discord_table, vote
from tests.e2e.driving import environment
from tests.fakes.discord_permissions import May
from tests.fakes.discord_server import DiscordServer
from tests.support import ROOT


async def invite(told: Mapping[str, str]) -> tuple[int, str, str]:
    """The exit status, what is printed, and what is said beside it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "invite"),
        env={**environment(), **told},
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


async def test_it_asks_for_what_muse_uses_and_for_nothing_else(store: Store) -> None:
    """Muse, with exactly these permissions, does all that it does; each is one that it needed."""
    async with DiscordServer() as server, discord_table(server, store) as table:
        guild, channel, stage = table.channel.guild, table.channel, table.platform.stage
        assert guild is not None
        asked = May(permissions().value)
        ana, bea, *_ = table.people
        laureate = server.role(guild, "Laureate", below=True)
        server.grant(guild, asked)
        server.deny(channel, ~asked)  # whatever everyone may do there, Muse may not

        card = await table.ask(ana, "a lighthouse")
        await (await vote(table, bea, card, 1)).private()
        await close(table, ana, card)
        help_ = await (await server.mention(ana, channel, "")).answer()
        assert help_.reference is not None

        where = Address(SpaceRef("discord", str(guild.id)), str(channel.id))
        starts = datetime.now(UTC) + timedelta(hours=1)
        wants = Announcement(
            pin=True,
            unpin=str(card.id),
            thread="Talk",
            event=Event("The weekly challenge", starts, starts + timedelta(days=5)),
            honour=str(laureate.id),
            honours=(UserRef("discord", str(ana.id)),),
            honoured=(UserRef("discord", str(bea.id)),),
        )
        told = Card((Note((Plain("The weekly challenge"),)),), "x", announce=wants)
        server.drop_reply("POST /channels/{channel_id}/messages")
        with pytest.raises(StageFailed):
            await stage.post(where, told, "open:c1")
        posted = await stage.post(where, told, "open:c1")  # it looks for its own
        await stage.keep(posted, Image(b"\x89PNG", "image/png"), "r1-1")
        thread = channel.messages[int(posted.id)].thread
        assert thread is not None
        inside = replace(where, thread=str(thread.id))
        spoken = await stage.post(inside, replace(told, announce=None), "k")
        await stage.edit(spoken, Card((Note((Plain("more"),)),), "x"))
        assert server.broken == []
        assert server.world.used == asked
