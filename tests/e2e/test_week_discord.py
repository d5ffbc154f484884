"""A challenge from its set-up to the verdict on Discord, by the real client."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from bot.challenge import Side
from bot.models import SpaceRef, UserRef
from bot.storage.client import Store
from bot.wording import en
from tests.blind import from_discord, from_log
from tests.e2e.discord_table import DiscordTable, Room, discord_table
from tests.e2e.week import (
    OTHER_THEME,
    PICKS,
    PIECES,
    READING,
    THEME,
    VOTERS,
    Week,
    liked,
    model,
    told_verdict,
    written_blind,
)
from tests.fakes.discord_message import Message
from tests.fakes.discord_permissions import May
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_state import User
from tests.fakes.openai_server import OpenAIServer

LONG_AGO = 5 * 365 * 86_400.0
SIDES = {Side.LEFT: en.BALLOT_LEFT, Side.RIGHT: en.BALLOT_RIGHT}


@pytest.fixture
async def table(store: Store) -> AsyncIterator[tuple[DiscordTable, OpenAIServer]]:
    async with (
        model() as (service, composers),
        DiscordServer() as server,
        discord_table(server, store, composers=composers) as made,
    ):
        server.world.ack_window = 60.0  # a busy machine is not slow
        yield made, service


async def chosen(room: Room, who: User, card: Message, what: str, value: str) -> Message:
    """Choose on the card of the set-up."""
    (ident,) = [s["custom_id"] for s in card.selects if f"plan.{what}" in s["custom_id"]]
    return await (await room.server.select(who, card, ident, [value])).updated()


async def propose(room: Room, who: User, theme: str) -> None:
    told = await room.server.slash(who, room.channel, "challenge propose", theme=theme)
    assert theme in (await told.private()).text


def announced(room: Room, text: str) -> Message:
    """The one message for all that says so, as it was first."""
    (found,) = [m for m in room.server.messages(room.channel) if text in m.text]
    return found


async def enter(room: Room, who: User, card: Message, text: str) -> None:
    """Enter by the announcement's button; it is shown as voters will see it."""
    form = await (await room.server.click(who, card, en.CHALLENGE_ENTER)).modal()
    told = await room.server.submit(who, form, {en.FORM_CHALLENGE_TEXT: text})
    shown = (await told.private()).text
    assert en.ENTERED in shown
    assert text in shown


async def ballots(room: Room, week: Week, people: list[User], card: Message, picks: int) -> None:
    """Everybody votes at the same time."""
    pool = (await week.pool()).values()

    async def begin(who: User) -> Message:
        return await (await room.server.click(who, card, en.CHALLENGE_VOTE)).private()

    async def pick(who: User, shown: Message) -> Message:
        side = SIDES[liked(shown.text, pool)]
        return await (await room.server.click(who, shown, side)).updated()

    shown = await asyncio.gather(*map(begin, people))
    for _ in range(picks):
        week.clock.shift(READING)
        shown = await asyncio.gather(*map(pick, people, shown))


async def whole_ballot(room: Room, week: Week, who: User, card: Message) -> None:
    """One goes through all of it: seven picks, the guesses, a praise."""
    shown = await (await room.server.click(who, card, en.CHALLENGE_VOTE)).private()
    while en.BALLOT_HEADING in shown.text:
        week.clock.shift(READING)
        shown = await (await room.server.click(who, shown, en.BALLOT_SKIP)).updated()
    for label in (en.GUESS_AI, en.GUESS_PERSON, en.GUESS_TOGETHER):
        assert "who wrote this?" in shown.text
        shown = await (await room.server.click(who, shown, label)).updated()
    assert en.PRAISE_ASK in shown.text
    menu = shown.selects[0]
    value = menu["options"][0]["value"]
    shown = await (await room.server.select(who, shown, menu["custom_id"], [value])).updated()
    assert "Thank you" in shown.text


async def test_a_week_on_discord(
    table: tuple[DiscordTable, OpenAIServer], store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    room, service = table
    server, guild = room.server, room.channel.guild
    assert guild is not None
    week = Week(store, room.clock, SpaceRef("discord", str(guild.id)), room.muse.settle)
    boss = server.member(guild, "Boss", May.MANAGE_GUILD, age=LONG_AGO, since=LONG_AGO)
    people = [
        server.member(guild, f"Voter {n}", age=LONG_AGO, since=LONG_AGO) for n in range(VOTERS)
    ]
    writers = people[: len(PIECES)]
    told, honour = server.role(guild, "Readers"), server.role(guild, "Laureate", below=True)
    told.mentionable = True
    with caplog.at_level(logging.INFO):
        # The set-up, and themes.
        setup = await server.slash(boss, room.channel, "muse-admin challenge setup")
        card = await setup.private()
        assert en.PLAN_NOT_RUNNING in card.text
        card = await chosen(room, boss, card, "weekday", "2")
        card = await chosen(room, boss, card, "time", "18:00")
        card = await (await server.click(boss, card, en.PLAN_PARTS["how"])).updated()
        card = await chosen(room, boss, card, "mention", str(told.id))
        card = await chosen(room, boss, card, "winner-role", str(honour.id))
        card = await chosen(room, boss, card, "event", "on")
        card = await (await server.click(boss, card, en.PLAN_RUN)).updated()
        assert "Every Wednesday at 18:00 (UTC)" in card.text
        await propose(room, people[0], THEME)
        for who in people[1:4]:
            shown = await (await server.slash(who, room.channel, "challenge propose")).private()
            await (await server.click(who, shown, "Vote for 1")).updated()
        # Open.
        await week.until(await week.next())
        assert (await week.now()).theme == THEME
        opened = announced(room, en.CHALLENGE_BLIND)
        assert THEME in opened.text
        assert opened.pinned_at
        assert opened.pinged.roles == {told.id}
        assert [each["name"] for each in guild.events.values()] == [f"Challenge: {THEME}"]
        for who, text in zip(writers, PIECES, strict=True):
            await enter(room, who, opened, text)
        # Voting.
        await week.voting()
        voting = announced(room, en.CHALLENGE_SEALS)
        assert voting.pinned_at
        assert not opened.pinned_at
        assert voting.pinged.roles == {told.id}
        assert en.CHALLENGE_CLOSED_TO_ENTRIES in opened.text
        assert all(each.commitment in voting.text for each in (await week.pool()).values())
        await ballots(room, week, people, voting, PICKS)
        await whole_ballot(room, week, people[-1], voting)
        assert await week.voters() == VOTERS
        await propose(room, people[5], OTHER_THEME)
        seen = [*from_discord(server), *from_log(caplog.records)]
    users = [UserRef("discord", str(who.id)) for who in writers]
    assert await week.leaks(seen, users) == []
    assert written_blind(service)

    # The results.
    await week.closed()
    result = announced(room, en.RESULTS_HEADING.partition("{")[0])
    assert f"{VOTERS} people picked" in result.text
    assert result.pictures()
    assert result.pinned_at
    assert not voting.pinned_at
    assert result.thread is not None
    assert result.thread.name == f"Results: {THEME}"
    assert result.pinged.roles == {told.id}
    assert result.text.index(PIECES[0]) < result.text.index(PIECES[1])
    first = await week.winners()
    assert writers[0].id in first
    assert {m.user.id for m in guild.members.values() if honour.id in m.roles} == first
    pages = ""
    for page in (1, 2, 3):
        asked = await server.slash(writers[0], room.channel, "challenge results", page=page)
        pages += (await asked.private()).text
    for who, text in zip(writers, PIECES, strict=True):
        assert text in pages
        assert who.mention in pages
    assert pages.count("Muse, with") >= 2
    mine = await (await server.slash(writers[1], room.channel, "challenge mine")).private()
    assert PIECES[1] in mine.text
    verdict = await (await server.slash(boss, room.channel, "challenge verdict")).private()
    assert told_verdict(verdict.text)
    assert server.broken == []
    # Nothing but the role was pinged, ever, and that only by announcements.
    for message in server.messages(room.channel):
        assert not message.pinged.users
        assert message in (opened, voting, result) or not message.pinged
