"""Muse on the loopback Discord, by the real discord.py: what people do, and what they see."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from adapters.discord import words
from bot.game.delivery import REFRESH_PAUSE
from bot.storage.client import Store
from bot.wording import en
from tests.e2e.discord_table import (
    DiscordTable,
    Notes,
    add,
    close,
    discord_table,
    vote,
    votes,
)
from tests.fakes.discord_message import Message
from tests.fakes.discord_permissions import May
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_state import User

EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
HOUR = 3_600.0  # seconds
COMMANDS = "PUT /applications/{application_id}/commands"


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as made:
        yield made


@pytest.fixture
async def table(server: DiscordServer, store: Store) -> AsyncIterator[DiscordTable]:
    async with discord_table(server, store) as made:
        yield made


async def test_an_evening_from_a_prompt_to_the_boards(table: DiscordTable) -> None:
    server, (ana, bea, *others) = table.server, table.people
    table.writer.gate.clear()
    asked = await server.slash(ana, table.channel, "muse", prompt="a lighthouse")
    assert (await asked.acknowledged()).kind == "defer"
    card = await asked.message()
    assert card.text.count("…") >= 4
    table.writer.gate.set()
    await table.whole(card)
    assert ("a lighthouse" in card.text, f"<@{ana.id}>" in card.text) == (True, True)
    assert len(votes(card)) == 4
    first_vote = votes(card)[0]
    assert not card.pinged

    assert "as 5" in (await add(table, bea, card, "The keeper’s radio.")).text
    for who in (ana, *others):
        receipt = await (await vote(table, who, card, 5)).private()
        assert "You voted for 5." in receipt.text
        assert receipt.ephemeral
    await server.until(lambda: "4 people have voted" in card.text, "the number of voters")
    why = await server.click(ana, await _receipt(table, ana), "5: moved me")
    assert "moved me 1" in (await why.updated()).text

    # A remix opens from the receipt, and keeps the credit.
    form = await (await server.click(ana, await _receipt(table, ana), "Remix 5")).modal()
    sent = await server.submit(ana, form, {en.FORM_TEXT: "The radio’s keeper."})
    assert f"stays with <@{bea.id}>" in (await sent.private()).text
    await server.until(lambda: "The radio’s keeper." in card.text, "the remix on the card")

    shown = await (await server.click(ana, card, en.SHOW)).private()
    assert "└ 6" in shown.text
    assert "The keeper’s radio." in (await close(table, ana, card)).text
    await server.until(lambda: "Closed <t:" in card.text and not votes(card), "the end")

    top = await (await server.slash(bea, table.channel, "top")).private()
    assert "The keeper’s radio." in top.text
    people = await (await server.click(bea, top, "people")).updated()
    assert f"<@{bea.id}>" in people.text
    late = await server.click(others[0], card, first_vote, stale=True)
    assert en.ROUND_IS_CLOSED in (await late.private()).text
    assert server.broken == []


async def _receipt(table: DiscordTable, who: User) -> Message:
    """A member's receipt, as they see it."""
    private = [m for m in table.server.messages(table.channel, who) if m.only_for == who.id]
    return next(m for m in private if "You voted" in m.text)


async def test_a_member_has_one_receipt_a_round(table: DiscordTable) -> None:
    ana, bea, *_ = table.people
    card = await table.ask(ana, "a lighthouse")
    first = await (await vote(table, bea, card, 1)).private()
    for number in (2, 3, 4):
        again = await vote(table, bea, card, number)
        assert (await again.acknowledged()).kind == "defer update"
        await table.server.until(lambda n=number: f"{n}." in first.text, "the receipt to change")  # type: ignore[misc]  # a default binds it
    assert "You voted for 1, 2, 3 and 4." in first.text
    other = await table.ask(ana, "a second one")
    second = await (await vote(table, bea, other, 1)).private()
    assert second is not first
    table.server.advance(16 * 60)  # the first receipt's token is no good any more
    third = await (await table.server.click(bea, card, votes(card)[0])).private()
    assert third is not first
    assert "You voted for 1, 2, 3 and 4." in third.text


async def test_every_interaction_delivered_twice_counts_once(
    server: DiscordServer, table: DiscordTable
) -> None:
    server.deliveries = 2
    ana, bea, cem, *_ = table.people
    card = await table.ask(ana, "a lighthouse")
    assert "as 5" in (await add(table, bea, card, "The keeper’s radio.")).text
    for who in (ana, cem):
        assert "You voted for 5." in (await (await vote(table, who, card, 5)).private()).text
    result = await close(table, ana, card)
    assert "2 of 2" in result.text
    await table.muse.settle()
    assert sum("keeper’s radio" in m.text for m in server.messages(table.channel)) == 2
    assert {each.rule for each in server.broken} <= {"ack_once"}


async def test_edits_held_up_by_429s_still_show_the_last_state(
    server: DiscordServer, table: DiscordTable
) -> None:
    ana, *others = table.people
    server.limit_next(EDIT, 0.03, times=3)
    card = await table.ask(ana, "a lighthouse")
    server.limit_next(EDIT, 0.03, times=2)
    await asyncio.gather(*(vote(table, who, card, 1) for who in others))
    await server.until(lambda: "4 people have voted" in card.text, "the last state")


async def test_a_dropped_gateway_loses_nothing(server: DiscordServer, table: DiscordTable) -> None:
    ana, bea, *_ = table.people
    table.writer.gate.clear()
    asked = await server.slash(ana, table.channel, "muse", prompt="a lighthouse")
    card = await asked.message()
    server.gateway.drop()
    await server.until(lambda: not server.gateway.live, "the drop")
    table.writer.gate.set()
    await table.whole(card)
    missed = await vote(table, bea, card, 2)
    assert "You voted for 2." in (await missed.private()).text
    assert [each.resumed for each in server.gateway.sessions.values()] == [1]


async def test_a_mention_a_dm_and_a_reply_are_prompts(
    server: DiscordServer, table: DiscordTable
) -> None:
    ana, bea, *_ = table.people
    spoken = await server.mention(ana, table.channel, "a lighthouse <:moth:12345>")
    card = await spoken.answer()
    await table.whole(card)
    assert "“a lighthouse :moth:”" in card.text

    private = await (await server.dm(bea, "a bell buoy")).answer()
    await table.whole(private)
    assert "“a bell buoy”" in private.text

    refined = await (await server.reply(bea, card, "fewer words")).answer()
    await table.whole(refined)
    assert f"Refined by <@{bea.id}>" in refined.text
    assert "fewer words" in refined.text

    await server.reply(bea, card, "this comes without its text", ping=False)
    await server.say(bea, table.channel, "nothing to do with Muse")
    last = await (await server.mention(bea, table.channel, "")).answer()
    assert "what you can type" in last.text
    ours = [m for m in server.messages(table.channel) if m.author is server.world.bot]
    assert ours == [card, refined, last]
    assert not any(m.pinged for m in ours)


async def test_what_can_not_be_done_is_said_in_private(
    server: DiscordServer, table: DiscordTable
) -> None:
    ana, bea, *_ = table.people
    long = await server.slash(ana, table.channel, "muse", prompt="x" * 600)
    assert "500 is the most" in (await long.private()).text
    card = await table.ask(ana, "a lighthouse")
    await add(table, bea, card, "mine alone")
    own = await vote(table, bea, card, 5)
    assert "your own" in (await own.private()).text
    odd = await server.click(bea, card, "0~what~is~this", stale=True)
    assert en.BUTTON_UNKNOWN in (await odd.private()).text
    server.deny(table.channel, May.SEND_MESSAGES)
    spoken = await server.mention(ana, table.channel, "@help")
    assert spoken.message.channel is table.channel
    everyone = [m for m in server.messages(table.channel) if m.author is server.world.bot]
    assert everyone == [card]


async def test_any_message_can_be_a_prompt_or_be_remixed(
    server: DiscordServer, table: DiscordTable
) -> None:
    ana, bea, *_ = table.people
    said = (await server.say(ana, table.channel, "The ferry was **late** again.")).message
    asked = await server.context_menu(bea, said, words.ON_THIS)
    card = await asked.message()
    await table.whole(card)
    assert "The ferry was \\*\\*late\\*\\* again." in card.text

    form = await (await server.context_menu(bea, said, words.REMIX)).modal()
    assert form.field(words.SOURCE_LABEL).value == "The ferry was **late** again."
    sent = await server.submit(bea, form, {words.TWIST_LABEL: "as a shipping forecast"})
    remixed = await sent.message()
    await table.whole(remixed)
    assert "as a shipping forecast" in remixed.text
    assert "The ferry was" in remixed.text

    entry = await (await server.context_menu(bea, card, words.REMIX)).modal()
    assert [each.label for each in entry.fields] == [words.PIECE_LABEL, en.FORM_TEXT]
    assert entry.title == words.REMIX
    sent = await server.submit(bea, entry, {words.PIECE_LABEL: "3", en.FORM_TEXT: "My *ferry*."})
    assert "beside 3 that it came from" in (await sent.private()).text
    await server.until(lambda: "from 3 by" in card.text, "the remix on the card")
    again = await (await server.context_menu(ana, card, words.REMIX)).modal()
    select = again.data["components"][0]["component"]
    offered = {each["value"]: each["label"] for each in select["options"]}
    assert list(offered) == ["1", "2", "3", "4", "5"]
    assert offered["5"] == "5: My *ferry*."
    picture = (await server.say(ana, table.channel, " ")).message
    nothing = await server.context_menu(bea, picture, words.ON_THIS)
    assert words.NO_TEXT in (await nothing.private()).text


async def test_a_long_round_is_whole_in_private_page_by_page(
    server: DiscordServer, table: DiscordTable
) -> None:
    ana, *others = table.people
    card = await table.ask(ana, "a lighthouse")
    for n in range(12):
        who = others[n % len(others)]
        form = await (await server.click(who, card, en.ADD)).modal()
        await (
            await server.submit(who, form, {en.FORM_TEXT: f"piece {n} " + "long " * 150})
        ).private()
    await server.until(lambda: "more under" in card.text, "the card to say there is more")
    assert len(votes(card)) < 16
    page = await (await server.click(ana, card, en.SHOW)).private()
    seen = set(votes(page))
    turned = 1
    while any(each.label.startswith("More") for each in page.buttons):
        page = await (await server.click(ana, page, page.button("More").custom_id)).updated()
        seen |= set(votes(page))
        turned += 1
    assert turned > 1
    assert len(seen) == 16
    last = await server.click(ana, page, votes(page)[-1])
    assert "You voted for 16." in (await last.private()).text


async def test_commands_are_registered_when_they_have_changed_and_only_then(
    server: DiscordServer, store: Store
) -> None:
    notes = Notes()
    for _ in range(2):
        async with discord_table(server, store, notes=notes) as table:
            card = await table.ask(table.people[0], "a lighthouse")
            shown = await (await server.slash(table.people[0], table.channel, "help")).private()
            assert "</muse:" in shown.text
            assert card.v2
    assert len(server.requests(COMMANDS)) == 1
    notes.held = {scope: f"old {note}" for scope, note in notes.held.items()}
    async with discord_table(server, store, notes=notes):
        assert len(server.requests(COMMANDS)) == 2
    assert any(each["name"] == "muse-admin" for each in server.world.commands[None])


async def test_a_server_for_development_has_the_commands_to_itself(
    server: DiscordServer, store: Store
) -> None:
    async with discord_table(server, store, dev=True) as table:
        guild = table.channel.guild
        assert guild is not None
        (own,) = [each for each in server.world.commands[guild.id] if each["name"] == "muse"]
        assert None not in server.world.commands
        shown = await (await server.slash(table.people[0], table.channel, "help")).private()
        assert f"</muse:{own['id']}>" in shown.text
        await table.ask(table.people[0], "a lighthouse")


async def test_organisers_set_things_and_members_do_not_see_how(
    server: DiscordServer, table: DiscordTable
) -> None:
    boss = server.member(next(iter(server.world.guilds.values())), "Boss", May.MANAGE_GUILD)
    card = await (
        await server.slash(boss, table.channel, "muse-admin lore add", text="The lift is Gerald.")
    ).private()
    assert "Gerald" in card.text
    with pytest.raises(Exception, match="may not use"):
        await server.slash(table.people[0], table.channel, "muse-admin lore show")
    rules = await (await server.slash(boss, table.channel, "muse-admin settings")).private()
    select = next(each for each in rules.selects if each["type"] == 3)
    wanted = next(o["value"] for o in select["options"] if not o.get("default"))
    changed = await server.select(boss, rules, select["custom_id"], [wanted])
    after = await changed.updated()
    kept = after.component(select["custom_id"])
    assert kept is not None
    assert [o["value"] for o in kept["options"] if o.get("default")] == [wanted]


async def test_a_gate_is_closed_to_a_young_account_and_to_who_has_just_joined(
    server: DiscordServer, table: DiscordTable
) -> None:
    world, guild = server.world, next(iter(server.world.guilds.values()))
    boss = server.member(guild, "Boss", May.MANAGE_GUILD)
    young, newcomer = world.add_user("Young", age=HOUR), world.add_user("Newcomer")
    world.add_member(guild, young)
    world.add_member(guild, newcomer, since=HOUR)
    card = await table.ask(table.people[0], "a lighthouse")
    await table.whole(card)
    gates = (("account-days", young, table.people[1]), ("member-days", newcomer, table.people[2]))
    for rule, early, settled in gates:
        made = {"rule": rule, "value": "7"}
        await (await server.slash(boss, table.channel, "muse-admin set", **made)).private()
        refused = await (await vote(table, early, card, 1)).private()
        assert "7 days" in refused.text
        await (await vote(table, settled, card, 1)).private()
    await server.until(lambda: "2 people have voted" in card.text, "the votes that count")


async def test_a_crowd_of_clicks_is_few_edits(server: DiscordServer, store: Store) -> None:
    assert REFRESH_PAUSE >= 2.0  # seconds, where nobody sets another
    pause, server.world.ack_window = 0.2, 60.0  # a busy machine is not slow
    async with discord_table(server, store, pause=pause, people=40) as table:
        card = await table.ask(table.people[0], "a lighthouse")
        before, begun = len(server.requests(EDIT)), time.monotonic()
        asked = await asyncio.gather(*(vote(table, who, card, 1) for who in table.people))
        await asyncio.gather(*(each.private() for each in asked))
        await server.until(lambda: "40 people have voted" in card.text, "the last state")
        took = time.monotonic() - begun
        assert 1 <= len(server.requests(EDIT)) - before <= took / pause + 2
