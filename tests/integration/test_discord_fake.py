"""The loopback Discord, driven by the real discord.py: what people do, and what a bot does."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import discord
import pytest

from tests.fakes.discord_message import EPHEMERAL
from tests.fakes.discord_modals import CannotAct
from tests.fakes.discord_permissions import May
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_state import Channel, Guild, User
from tests.integration.discord_bot import Bot, running


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as made:
        yield made


@pytest.fixture
def guild(server: DiscordServer) -> Guild:
    return server.guild()


@pytest.fixture
def channel(server: DiscordServer, guild: Guild) -> Channel:
    return server.channel(guild)


@pytest.fixture
def ada(server: DiscordServer, guild: Guild) -> User:
    return server.member(guild, "Ada")


@pytest.fixture
async def bot(server: DiscordServer, channel: Channel) -> AsyncIterator[Bot]:
    assert channel
    async with running(server, Bot()) as made:
        yield made


async def test_a_whole_evening(
    server: DiscordServer, channel: Channel, ada: User, bot: Bot
) -> None:
    asked = await server.slash(ada, channel, "muse", prompt="the last lighthouse")
    assert (await asked.acknowledged()).kind == "defer"
    card = await asked.message()
    assert card.v2
    assert "Salt, then light." in card.text
    assert [each.custom_id for each in card.buttons] == ["v:0", "v:1"]

    voted = await server.click(ada, card, "v:1")
    assert (await voted.acknowledged()).kind == "defer update"
    receipt = await voted.private()
    assert (receipt.text, receipt.flags & EPHEMERAL) == ("Counted.", EPHEMERAL)
    assert "1 voted" in (await voted.updated()).text
    assert receipt not in server.messages(channel)
    assert receipt in server.messages(channel, ada)

    form = await (await server.click(ada, card, "v:0")).modal()
    assert (form.title, [each.label for each in form.fields]) == ("Add yours", ["Your entry"])
    added = await server.submit(ada, form, {"Your entry": "The keeper's radio."})
    assert (await added.private()).text == "Added: The keeper's radio."

    server.gateway.drop()
    await server.until(lambda: not server.gateway.live, "the drop")
    missed = await server.click(ada, card, "v:1")
    await bot.resumed.wait()
    await missed.private()
    assert "2 voted" in (await missed.updated()).text
    assert [each.resumed for each in server.gateway.sessions.values()] == [1]
    assert server.broken == []


async def test_commands_menus_and_completion(
    server: DiscordServer, channel: Channel, ada: User, bot: Bot
) -> None:
    assert bot.application_id == server.world.application_id
    typed = await server.autocomplete(ada, channel, "muse", "form", prompt="x", form="ha")
    assert await typed.choices() == ["haiku"]
    words = (await server.say(ada, channel, "a lamp left on")).message
    remixed = await server.context_menu(ada, words, "Remix")
    assert (await remixed.message()).text == "Remixing: a lamp left on"


async def test_what_a_bot_hears(
    server: DiscordServer, channel: Channel, ada: User, bot: Bot
) -> None:
    await server.say(ada, channel, "not for it")
    spoken = await server.mention(ada, channel, "is it late?")
    answer = await spoken.answer()
    assert (answer.text, answer.reference, answer.pinged.users) == ("Yes.", spoken.message, set())
    await server.reply(ada, answer, "refine it")
    await server.reply(ada, answer, "without a ping", ping=False)
    await server.dm(ada, "in private")
    await server.until(lambda: len(bot.heard) == 5, "five messages")
    mention = server.world.bot.mention
    assert bot.heard == ["", f"{mention} is it late?", "refine it", "", "in private"]


async def test_joining_and_leaving(server: DiscordServer, channel: Channel, bot: Bot) -> None:
    second = server.guild("The Second")
    there = server.channel(second)
    await server.until(lambda: bot.guilds_seen, "a join")
    where = bot.get_channel(there.id)
    assert isinstance(where, discord.TextChannel)
    server.outage(second)
    server.kick(second)
    await server.until(lambda: bot.get_guild(second.id) is None, "a removal")
    # discord.py tells of it only for a guild that was not away; Discord sends it either way.
    assert bot.guilds_seen[0] == "+The Second"
    with pytest.raises(discord.Forbidden) as refused:
        await where.send("x")
    assert refused.value.code == 50001
    assert channel.guild is not None
    server.kick(channel.guild)
    await server.until(lambda: "-The Reading Room" in bot.guilds_seen, "the other removal")


async def test_messages_files_pins_threads_events_and_roles(
    server: DiscordServer, guild: Guild, channel: Channel, ada: User, bot: Bot
) -> None:
    role = server.role(guild, "winner", below=True)
    where = bot.get_channel(channel.id)
    assert isinstance(where, discord.TextChannel)
    async with where.typing():
        sent = await where.send("one", file=discord.File(io.BytesIO(b"PNG"), "a.png"), nonce=7)
    kept = channel.messages[sent.id]
    assert (kept.pictures(), sent.attachments[0].size) == (["a.png"], 3)
    await sent.edit(content="two", attachments=[])
    assert (kept.pictures(), kept.versions) == ([], ["one", "two"])
    assert (await where.fetch_message(sent.id)).content == "two"

    await sent.pin()
    assert [each.id async for each in where.pins()] == [sent.id]
    await sent.unpin()
    assert kept.pinned_at is None
    thread = await sent.create_thread(name="talk")
    await thread.send("in it")
    assert [each.text for each in server.messages(server.world.channels[thread.id])] == ["in it"]
    alone = await where.create_thread(name="alone", type=discord.ChannelType.public_thread)
    assert server.world.channels[alone.id].parent is channel
    assert [each.content async for each in where.history(limit=10)][-1] == "two"

    place = bot.get_guild(guild.id)
    assert place is not None
    start = datetime(2030, 1, 1, tzinfo=UTC)
    await place.create_scheduled_event(
        name="The weekly challenge",
        start_time=start,
        end_time=start + timedelta(days=1),
        entity_type=discord.EntityType.external,
        privacy_level=discord.PrivacyLevel.guild_only,
        location="#prompts",
    )
    assert [each["name"] for each in guild.events.values()] == ["The weekly challenge"]
    member = await place.fetch_member(ada.id)
    assert (member.global_name, member.created_at.year < start.year) == ("Ada", True)
    await member.add_roles(discord.Object(role.id))
    assert role.id in guild.members[ada.id].roles
    dm = await member.create_dm()
    await dm.send("privately")
    assert [each.text for each in server.messages(server.world.dm(ada))] == ["privately"]
    await sent.delete()
    assert kept.deleted
    assert server.broken == []


async def test_permissions_are_the_client_s_too(
    server: DiscordServer, channel: Channel, bot: Bot
) -> None:
    where = bot.get_channel(channel.id)
    assert isinstance(where, discord.TextChannel)
    assert where.permissions_for(where.guild.me).send_messages
    server.deny(channel, May.SEND_MESSAGES)
    with pytest.raises(discord.Forbidden) as refused:
        await where.send("x")
    assert refused.value.code == 50013
    assert not where.permissions_for(where.guild.me).send_messages
    server.delete(channel)
    with pytest.raises(discord.NotFound) as gone:
        await where.send("x")
    assert gone.value.code == 10003


async def test_what_a_member_s_client_prevents(
    server: DiscordServer, guild: Guild, channel: Channel, ada: User, bot: Bot
) -> None:
    assert bot.is_ready()
    bea = server.member(guild, "Bea")
    card = await (await server.slash(ada, channel, "muse", prompt="x")).message()
    receipt = await (await server.click(ada, card, "v:1")).private()
    form = await (await server.click(ada, card, "v:0")).modal()
    impossible = [
        server.slash(ada, channel, "nothing"),
        server.slash(ada, channel, "muse"),
        server.slash(ada, channel, "muse", prompt="x", colour="red"),
        server.slash(ada, channel, "muse now", prompt="x"),
        server.slash(ada, channel, "muse", prompt="x" * 6001),
        server.autocomplete(ada, channel, "muse", "prompt", prompt="x"),
        server.context_menu(ada, card, "Translate"),
        server.click(ada, card, "v:9"),
        server.click(bea, receipt, "x"),
        server.select(ada, card, "v:1", ["x"]),
        server.submit(bea, form, {"text": "x"}),
        server.submit(ada, form, {}),
        server.submit(ada, form, {"text": "x" * 401}),
        server.submit(ada, form, {"Title": "x"}),
    ]
    for each in impossible:
        with pytest.raises(CannotAct):
            await each
    server.world.commands[None][0]["default_member_permissions"] = str(int(May.MANAGE_GUILD))
    with pytest.raises(CannotAct):
        await server.slash(ada, channel, "muse", prompt="x")
    mod = server.member(guild, "Mod", May.MANAGE_GUILD)
    assert await (await server.slash(mod, channel, "muse", prompt="x")).message()
    server.delete(card)
    with pytest.raises(CannotAct):
        await server.click(ada, card, "v:1")


async def test_interactions_may_come_twice(
    server: DiscordServer, channel: Channel, ada: User, bot: Bot
) -> None:
    card = await (await server.slash(ada, channel, "muse", prompt="x")).message()
    server.deliveries = 2
    pressed = await server.click(ada, card, "v:1")
    await server.until(lambda: pressed.interaction.tries == 2, "two answers")
    assert [each.rule for each in server.broken] == ["ack_once"]
    assert bot.votes == 2
