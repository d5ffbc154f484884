"""Muse on the loopback Discord as servers come and go."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.discord import words
from bot.models import SpaceRef
from bot.storage import keys
from bot.storage.client import Store
from bot.storage.spaces import first_community_id
from bot.wording import en
from tests.e2e.discord_table import Room, discord_table, votes
from tests.fakes.discord_message import Message
from tests.fakes.discord_permissions import May
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_state import Channel


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as made:
        yield made


def welcomes(server: DiscordServer, channel: Channel) -> list[Message]:
    return [m for m in server.messages(channel) if en.WELCOME_HEADING in m.text]


async def test_a_new_server_is_welcomed_once_where_muse_may_write(
    server: DiscordServer, store: Store
) -> None:
    async with discord_table(server, store) as table:
        assert welcomes(server, table.channel) == []  # Muse has been there for a year
        guild = server.world.add_guild("The Attic")
        closed = server.channel(guild, "rules")
        server.deny(closed, May.SEND_MESSAGES)
        open_ = server.channel(guild, "talk")
        server.arrive(guild)
        await server.until(lambda: welcomes(server, open_), "the welcome")
        (welcome,) = welcomes(server, open_)
        assert not welcome.pinged
        assert welcomes(server, closed) == []
        boss = server.member(guild, "Boss", May.MANAGE_GUILD)
        begun = await server.click(boss, welcome, en.WELCOME_EXAMPLE)
        await table.whole(await begun.message())
        setup = await (await server.click(boss, welcome, en.WELCOME_CHALLENGE)).message()
        assert setup.ephemeral
        assert en.PLAN_HEADING in setup.text
        server.kick(guild)
        server.arrive(guild)
        await table.muse.settle()
    # At a start Muse looks whether it came to a server meanwhile.
    async with discord_table(server, store) as table:
        await table.ask(table.people[0], "a lighthouse")
        await table.muse.settle()
    assert welcomes(server, open_) == [welcome]
    assert server.broken == []


async def test_a_server_that_came_while_muse_was_away_is_welcomed_at_the_start(
    server: DiscordServer, store: Store
) -> None:
    guild = server.world.add_guild("The Attic", since=60.0)
    talk = server.channel(guild, "talk")
    async with discord_table(server, store):
        await server.until(lambda: welcomes(server, talk), "the welcome")


async def test_what_muse_keeps_of_a_server_goes_thirty_days_after_it_was_removed(
    server: DiscordServer, store: Store
) -> None:
    async with discord_table(server, store) as table:
        ana, *_ = table.people
        await table.ask(ana, "a lighthouse")
        guild = table.channel.guild
        assert guild is not None
        space = SpaceRef("discord", str(guild.id))
        gone = keys.community(first_community_id(space)).gone
        server.outage(guild)  # which is no removal
        await (await server.dm(ana, "@help")).answer()
        assert await store.call("HKEYS", gone) == []
        server.kick(guild)
        await (await server.dm(ana, "@help")).answer()
    assert await store.call("HKEYS", gone) == [str(space)]
    async with discord_table(server, store) as table:
        server.arrive(guild)
        await (await server.dm(ana, "@help")).answer()
    assert await store.call("HKEYS", gone) == []


async def test_shards_are_spread_over_processes(server: DiscordServer, store: Store) -> None:
    server.gateway.shards = 2
    rooms: dict[int, Room] = {}
    while len(rooms) < 2:
        guild = server.guild()
        channel = server.channel(guild)
        rooms[(guild.id >> 22) % 2] = Room(server, channel, [server.member(guild, "Ana")])
    async with (
        discord_table(server, store, shards=((0,), 2)),
        discord_table(server, store, shards=((1,), 2)),
    ):
        await server.connected(2)
        for room in rooms.values():
            card = await room.ask(room.people[0], "a lighthouse")
            assert len(votes(card)) == 4
        sessions = server.gateway.sessions.values()
        assert [len(each.received("INTERACTION_CREATE")) for each in sessions] == [1, 1]
    assert {each.shard for each in server.gateway.sessions.values()} == {(0, 2), (1, 2)}
    assert server.broken == []


async def test_an_outage_of_discords_at_the_start_is_waited_out(
    server: DiscordServer, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail("GET /users/@me", 503)
    server.fail("GET /gateway/bot", 503)
    async with discord_table(server, store) as table:
        await table.ask(table.people[0], "a lighthouse")
    told = [m for m in caplog.messages if m.startswith(words.UNREACHED)]
    assert told == [
        f"{words.UNREACHED} It is tried again in {pause:g} s." for pause in (0.01, 0.02)
    ]


async def test_the_gateway_that_is_named_goes_before_the_one_that_is_told(
    server: DiscordServer, store: Store
) -> None:
    server.gateway.told = "ws://127.0.0.1:9/nobody-is-there"
    async with discord_table(server, store) as table:
        await table.ask(table.people[0], "a lighthouse")
