"""How Muse answers on Discord when things are slow, or are about to end."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord import words
from bot.errors import SetupError
from bot.storage.client import Store
from bot.wording import en
from tests.e2e.discord_table import DiscordTable, discord_table, vote
from tests.e2e.slowly import Slow
from tests.fakes.discord_message import Message
from tests.fakes.discord_permissions import May
from tests.fakes.discord_server import DiscordServer


async def _asked(table: DiscordTable, slow: Slow) -> Message:
    slow.gate.set()
    card = await table.ask(table.people[0], "a lighthouse")
    slow.gate.clear()
    return card


async def test_what_takes_long_is_told_to_wait_and_answered_in_its_place(store: Store) -> None:
    slow = Slow()
    async with DiscordServer() as server, discord_table(server, store, slow=slow) as table:
        card = await _asked(table, slow)
        bea = table.people[1]
        voted = await vote(table, bea, card, 1)
        ack = await voted.acknowledged()
        assert (ack.kind, ack.ephemeral) == ("defer", True)
        slow.gate.set()
        receipt = await voted.private()
        assert "You voted for 1." in receipt.text

        slow.gate.clear()
        why = await server.click(bea, receipt, "1: deep")
        assert (await why.acknowledged()).kind == "defer update"
        slow.gate.set()
        assert "deep 1" in (await why.updated()).text

        slow.gate.clear()
        again = await vote(table, bea, card, 2)
        assert (await again.acknowledged()).kind == "defer update"
        slow.gate.set()
        await server.until(lambda: "1 and 2" in receipt.text, "the receipt to change")
        assert server.broken == []


async def test_a_refusal_that_took_long_changes_no_message(store: Store) -> None:
    slow = Slow()
    async with DiscordServer() as server, discord_table(server, store, slow=slow) as table:
        card = await _asked(table, slow)
        ana, bea = table.people[:2]
        slow.gate.set()
        receipt = await (await vote(table, bea, card, 1)).private()
        shown = await (await server.click(ana, card, en.SHOW)).private()
        await (await server.click(ana, shown, en.CLOSE)).private()
        before = receipt.text
        slow.gate.clear()
        late = await server.click(bea, receipt, en.TAKE_BACK.format(number=1))
        await late.acknowledged()
        slow.gate.set()
        assert en.ROUND_IS_CLOSED in (await late.private()).text
        assert receipt.text == before


async def test_a_refused_prompt_leaves_nothing_for_everyone(store: Store) -> None:
    async with DiscordServer() as server, discord_table(server, store) as table:
        ana = table.people[0]
        asked = await server.slash(ana, table.channel, "muse", prompt="x" * 600)
        assert not (await asked.acknowledged()).ephemeral
        assert "500 is the most" in (await asked.private()).text
        assert server.messages(table.channel) == []
        assert server.broken == []


async def test_a_form_that_comes_too_late_is_said_so(store: Store) -> None:
    slow = Slow()
    async with DiscordServer() as server, discord_table(server, store, slow=slow) as table:
        card = await _asked(table, slow)
        opened = await server.click(table.people[1], card, en.ADD)
        assert words.FORM_LATE in (await opened.private()).text


async def test_the_end_waits_for_what_is_in_hand(store: Store) -> None:
    slow = Slow()
    async with DiscordServer() as server, discord_table(server, store, slow=slow) as table:
        card = await _asked(table, slow)
        voted = await vote(table, table.people[1], card, 1)
        await voted.acknowledged()
        table.stop.set()
        await server.until(lambda: not server.gateway.live, "the gateway to be left")
        slow.gate.set()
        assert "You voted for 1." in (await voted.private()).text


async def test_shards_are_this_processs_own(store: Store) -> None:
    async with DiscordServer() as server, discord_table(server, store, shards=((0,), 1)) as table:
        assert len(server.gateway.live) == 1
        assert not server.requests("GET /gateway/bot")  # nobody was asked how many there are
        card = await table.ask(table.people[0], "a lighthouse")
        voted = await vote(table, table.people[1], card, 1)
        assert "You voted for 1." in (await voted.private()).text


async def test_a_refused_token_ends_the_start(store: Store) -> None:
    async with DiscordServer() as server:
        with pytest.raises(SetupError, match="DISCORD_TOKEN"):
            async with discord_table(server, store, token="wrong"):
                pass


async def test_words_are_completed_as_they_are_typed(store: Store) -> None:
    async with DiscordServer() as server, discord_table(server, store) as table:
        offered = [
            (each["name"], option["name"])
            for each in server.world.commands[None]
            for option in each.get("options", [])
            if option.get("autocomplete")
        ]
        for name, option in offered:
            asked = await server.autocomplete(
                table.people[0], table.channel, name, option, **{option: "v"}
            )
            assert "vote" in await asked.choices()
        assert ("help", "command") in offered


async def test_a_server_comes_and_goes(store: Store) -> None:
    async with DiscordServer() as server, discord_table(server, store) as table:
        other = server.guild("Another")
        channel = server.channel(other)
        cem = server.member(other, "Cem", May.MANAGE_GUILD)
        await server.until(lambda: channel.id in server.world.channels, "the channel")
        asked = await server.slash(cem, channel, "muse", prompt="a bell buoy")
        card = await asked.message()
        await table.whole(card)
        server.kick(other)
        await asyncio.sleep(0)
        again = await table.ask(table.people[0], "a lighthouse")
        assert again.channel is table.channel


async def test_where_muse_may_not_write_a_mention_is_answered_in_private(store: Store) -> None:
    async with DiscordServer() as server, discord_table(server, store) as table:
        ana = table.people[0]
        server.deny(table.channel, May.SEND_MESSAGES)
        await server.mention(ana, table.channel, "a lighthouse")
        private = server.world.dm(ana)
        told = await server.until(
            lambda: next(iter(server.messages(private)), None), "the private sentence"
        )
        assert words.NO_PERMISSION in told.text
        await table.muse.settle()
        assert not any(m.author is server.world.bot for m in server.messages(table.channel))


async def test_a_round_is_not_begun_where_its_result_could_not_be_told(store: Store) -> None:
    async with DiscordServer() as server, discord_table(server, store) as table:
        ana, bea, *_ = table.people
        card = await table.ask(ana, "a lighthouse")
        begun = server.thread(table.channel)
        server.deny(table.channel, May.SEND_MESSAGES)
        asked = await server.slash(ana, table.channel, "muse", prompt="another")
        assert words.NO_PERMISSION in (await asked.private()).text
        again = await server.click(bea, card, en.AGAIN)
        assert words.NO_PERMISSION in (await again.private()).text
        inside = await server.slash(ana, begun, "muse", prompt="in here")
        await table.whole(await inside.message())
        server.deny(table.channel, May.SEND_MESSAGES_IN_THREADS)
        closed = await server.slash(ana, begun, "muse", prompt="in here")
        assert words.NO_PERMISSION_THREAD in (await closed.private()).text
        # What is private goes on, and so does voting.
        assert "You voted for 1." in (await (await vote(table, bea, card, 1)).private()).text
        assert server.broken == []
