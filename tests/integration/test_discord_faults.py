"""The loopback Discord's faults and limits, as the real discord.py meets them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.fakes.discord_client import pointed_at
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_state import Channel, User
from tests.integration.discord_bot import Bot, running

CREATE = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
ORIGINAL = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as made:
        yield made


@pytest.fixture
def channel(server: DiscordServer) -> Channel:
    return server.channel(server.guild())


@pytest.fixture
def ada(server: DiscordServer, channel: Channel) -> User:
    assert channel.guild is not None
    return server.member(channel.guild, "Ada")


async def first(server: DiscordServer, bot: Bot, channel: Channel) -> discord.Message:
    where = bot.get_channel(channel.id)
    assert isinstance(where, discord.TextChannel)
    assert server.gateway.live
    return await where.send("first")


def statuses(server: DiscordServer, route: str) -> list[int]:
    return [each.status for each in server.requests(route)]


async def test_a_wrong_token(server: DiscordServer) -> None:
    bot = Bot()
    with pointed_at(server), pytest.raises(discord.LoginFailure):
        await bot.start("nobody")
    await bot.close()


async def test_an_intent_that_is_not_granted(server: DiscordServer) -> None:
    bot = Bot(intents=discord.Intents(guilds=True, message_content=True))
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(server, bot):
            await server.until(bot.is_closed, "its end")


async def test_asked_to_reconnect(server: DiscordServer, channel: Channel, ada: User) -> None:
    async with running(server, Bot()) as bot:
        server.gateway.reconnect()
        await bot.resumed.wait()
        bot.resumed.clear()
        server.gateway.invalidate(resumable=True)
        await bot.resumed.wait()
        bot.resumed.clear()
        server.gateway.drop(4000)
        await bot.resumed.wait()
        await server.mention(ada, channel, "still there")
        await server.until(lambda: bot.heard, "a message")
        assert len(server.gateway.sessions) == 1


async def test_an_invalid_session(server: DiscordServer, channel: Channel, ada: User) -> None:
    async with running(server, Bot()) as bot:
        before = set(server.gateway.sessions)
        server.gateway.invalidate(resumable=False)
        await server.until(lambda: set(server.gateway.sessions) - before, "a new session")
        await server.mention(ada, channel, "hello again")
        await server.until(lambda: bot.heard, "a message")
        assert not bot.resumed.is_set()


async def test_heartbeats_without_answers(server: DiscordServer) -> None:
    server.gateway.heartbeat_ms = 40
    async with running(server, Bot(heartbeat_timeout=0.4)) as bot:
        server.gateway.acking = False
        await bot.resumed.wait()
        server.gateway.acking = True


async def test_shards(server: DiscordServer) -> None:
    server.gateway.shards = 2
    guilds = [server.guild("A"), server.guild("B")]
    guilds += [server.guild(f"{n}") for n in range(6)]
    async with running(server, Bot(), shards=2) as bot:
        assert {each.id for each in bot.guilds} == {each.id for each in guilds}
        told = {each.shard: each for each in server.gateway.sessions.values()}
        assert set(told) == {(0, 2), (1, 2)}
        for each in bot.guilds:
            assert told[each.shard_id, 2].covers(each.id)


async def test_one_of_many_processes(server: DiscordServer, channel: Channel) -> None:
    assert channel.guild is not None
    mine = (channel.guild.id >> 22) % 2
    async with running(server, Bot(shard_ids=[1 - mine], shard_count=2)) as bot:
        assert list(bot.guilds) == []
        assert [each.shard for each in server.gateway.live] == [(1 - mine, 2)]


async def test_rate_limits(server: DiscordServer, channel: Channel, ada: User) -> None:
    async with running(server, Bot()) as bot:
        sent = await first(server, bot, channel)
        server.limit_next(EDIT)
        await sent.edit(content="late, but there")
        assert statuses(server, EDIT) == [429, 200]
        server.limit_next(EDIT, scope="global")
        await sent.edit(content="again")
        server.limit_globally(0.05)
        await sent.edit(content="and again")
        assert statuses(server, EDIT)[2:] == [429, 200, 429, 200]
        assert channel.messages[sent.id].text == "and again"

        server.limit_next(ORIGINAL)
        card = await (await server.slash(ada, channel, "muse", prompt="x")).message()
        pressed = await server.click(ada, card, "v:1")
        await pressed.private()
        assert "1 voted" in card.text
        assert statuses(server, ORIGINAL) == [429, 200]
        assert server.broken == []


async def test_a_bucket_is_waited_for(server: DiscordServer, channel: Channel) -> None:
    server.limit(CREATE, 1, per=0.05)
    async with running(server, Bot()) as bot:
        for _ in range(3):
            await first(server, bot, channel)
        # discord.py reads the headers and waits by itself.
        assert statuses(server, CREATE) == [200, 200, 200]


@pytest.mark.parametrize("status", [500, 503])
async def test_an_outage(server: DiscordServer, channel: Channel, status: int) -> None:
    async with running(server, Bot()) as bot:
        server.fail(CREATE, status)
        if status == 503:  # which discord.py does not try again
            with pytest.raises(discord.DiscordServerError):
                await first(server, bot, channel)
            assert server.messages(channel) == []
        else:
            await first(server, bot, channel)
            assert statuses(server, CREATE) == [status, 200]


async def test_a_lost_reply(server: DiscordServer, channel: Channel) -> None:
    async with running(server, Bot()) as bot:
        server.drop_reply(CREATE)
        with pytest.raises(aiohttp.ClientError):
            await first(server, bot, channel)
        assert [each.text for each in server.messages(channel)] == ["first"]


async def test_a_slow_edit(server: DiscordServer, channel: Channel) -> None:
    async with running(server, Bot()) as bot:
        sent = await first(server, bot, channel)
        held = server.hold(EDIT)
        edit = asyncio.create_task(sent.edit(content="second"))
        await server.until(lambda: held.waiting, "the edit")
        assert channel.messages[sent.id].text == "first"
        held.release()
        await edit
        assert channel.messages[sent.id].text == "second"


async def test_too_late(server: DiscordServer, channel: Channel, ada: User) -> None:
    async with running(server, Bot()):
        held = server.hold(CALLBACK)
        asked = await server.slash(ada, channel, "muse", prompt="x")
        await server.until(lambda: held.waiting, "the answer")
        server.advance(4)
        held.release()
        await server.until(lambda: server.broken, "a refusal")
        assert [each.rule for each in server.broken] == ["ack_in_time"]
        assert asked.interaction.ack is None


async def test_a_token_s_end(server: DiscordServer, channel: Channel, ada: User) -> None:
    async with running(server, Bot()) as bot:
        asked = await server.slash(ada, channel, "muse", prompt="x")
        await asked.message()
        server.advance(15 * 60 + 1)
        hook = discord.Webhook.partial(
            server.world.application_id, asked.interaction.token, client=bot
        )
        with pytest.raises(discord.HTTPException) as refused:
            await hook.send("too late")
        assert refused.value.code == 50027


async def test_a_route_that_is_none(server: DiscordServer) -> None:
    with pytest.raises(LookupError):
        server.fail("PATCH /channels/{channel}/messages")
