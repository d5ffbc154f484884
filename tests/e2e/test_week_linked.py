"""One challenge of a place on Discord and one on Slack that are one community, each platform served
by a process of its own, on one Redis.
"""

from __future__ import annotations

import logging
import re

import pytest

from bot.challenge import Side
from bot.models import SpaceRef, UserRef
from bot.storage.ballots import Ballots
from bot.storage.client import Store
from bot.wording import en
from tests.blind import from_discord, from_log, from_slack
from tests.e2e import test_week_discord as on_discord
from tests.e2e import test_week_slack as on_slack
from tests.e2e.discord_table import DiscordTable, discord_table
from tests.e2e.slack_table import SlackTable, slack_table
from tests.e2e.week import PICKS, PIECES, READING, THEME, VOTERS, Week, model, told_verdict
from tests.fakes.discord_permissions import May
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_state import User
from tests.fakes.slack_state import Channel, Member
from tests.support import FakeClock

HALF = VOTERS // 2
CODE = re.compile(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}\b")


def code(text: str) -> str:
    """The code that a card shows."""
    found = CODE.search(text)
    assert found
    return found[0]


class Both:
    """The two tables, with the people at each."""

    def __init__(self, discord: DiscordTable, slack: SlackTable) -> None:
        self.discord, self.slack = discord, slack
        assert discord.channel.guild is not None
        self.guild = discord.channel.guild
        self.room: Channel = slack.slack.channel("general")
        far = on_discord.LONG_AGO
        self.boss = discord.server.member(self.guild, "Boss", May.MANAGE_GUILD, age=far, since=far)
        self.chief = slack.slack.member("chief", is_admin=True)
        self.here: list[User] = [
            discord.server.member(self.guild, f"Voter {n}", age=far, since=far) for n in range(HALF)
        ]
        self.there: list[Member] = [slack.slack.member(f"voter{n}") for n in range(HALF)]
        for who in (self.chief, *self.there):
            self.room.members.add(who.id)

    async def settle(self) -> None:
        for _ in range(2):
            await self.discord.muse.settle()
            await self.slack.settle()

    async def here_told(self, who: User, command: str, **options: object) -> str:
        """What one is told on Discord for a command."""
        asked = await self.discord.server.slash(who, self.discord.channel, command, **options)
        return (await asked.private()).text

    async def there_told(self, who: Member, typed: str, text: str) -> str:
        """The same on Slack."""
        return await on_slack.told(self.slack.slack, who, self.room, typed, text)


async def test_a_week_on_both_platforms(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    async with (
        model() as (_, composers),
        DiscordServer() as server,
        discord_table(server, store, clock=clock, composers=composers) as discord,
        slack_table(store, socket=True, clock=clock, composers=composers) as slack,
    ):
        server.world.ack_window = 60.0  # a busy machine is not slow
        slack.slack.unhurried()
        both = Both(discord, slack)
        with caplog.at_level(logging.INFO):
            await play(both, store, clock, caplog)


async def play(
    both: Both, store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    discord, slack = both.discord, both.slack.slack
    week = Week(store, clock, SpaceRef("discord", str(both.guild.id)), both.settle)
    # The places become one community, and two identities one member.
    joined = code(await both.here_told(both.boss, "muse-admin link"))
    await both.there_told(both.chief, f"muse-admin link {joined} yes", "")
    await both.settle()
    twin_here, twin_there = both.here[-1], both.there[-1]
    own = code(await both.here_told(twin_here, "mine", what="link"))
    await both.there_told(twin_there, f"mine link {own}", "")
    await both.settle()
    # It is set up on both: where it is announced is each place's own.
    await both.there_told(both.chief, "muse-admin challenge-set channel here", en.PLAN_HEADING)
    await both.here_told(both.boss, "muse-admin challenge set", what="channel", value="here")
    await both.here_told(both.boss, "muse-admin challenge now", theme=THEME)
    await both.settle()
    opened = on_discord.announced(discord, en.CHALLENGE_BLIND)
    opened_there = on_slack.announced(both.room, en.CHALLENGE_BLIND)
    assert THEME in opened.text
    assert THEME in opened_there.says
    assert opened.pinned_at
    assert not opened.pinged
    assert "<!" not in opened_there.says.replace("<!date", "")
    for n, text in enumerate(PIECES):
        if n % 2:
            await on_slack.enter(slack, both.there[n], opened_there, text)
        else:
            await on_discord.enter(discord, both.here[n], opened, text)
    # One pool, sealed alike on both.
    await week.voting()
    voting = on_discord.announced(discord, en.CHALLENGE_SEALS)
    voting_there = on_slack.announced(both.room, en.CHALLENGE_SEALS)
    for entry in (await week.pool()).values():
        assert entry.commitment in voting.text
        assert entry.commitment in voting_there.says
    await resumed(both, week, twin_here, twin_there)
    await on_discord.ballots(discord, week, both.here[:-1], voting, PICKS)
    await on_slack.ballots(slack, week, both.there[:-1], voting_there)
    await both.settle()
    voters = VOTERS - 1  # two of them are one
    assert await week.voters() == voters
    seen = [*from_discord(discord.server), *from_slack(slack), *from_log(caplog.records)]
    users = [
        UserRef("slack", both.there[n].id) if n % 2 else UserRef("discord", str(both.here[n].id))
        for n in range(len(PIECES))
    ]
    assert await week.leaks(seen, users) == []
    # One result, told on both, with a breakdown.
    await week.closed()
    result = on_discord.announced(discord, en.RESULTS_HEADING.partition("{")[0])
    result_there = on_slack.announced(both.room, en.RESULTS_HEADING.partition("{")[0])
    for said in (result.text, result_there.says):
        assert f"{voters} people picked" in said
        assert "In the Discord server" in said
        assert "In the Slack workspace" in said
        assert said.index(PIECES[0]) < said.index(PIECES[1])
    here = await both.here_told(both.boss, "challenge verdict")
    there = await both.there_told(both.chief, "challenge verdict", "One challenge")
    assert told_verdict(here)
    assert told_verdict(there)
    assert discord.server.broken == []
    assert not slack.refusals


async def resumed(both: Both, week: Week, here: User, there: Member) -> None:
    """A ballot is begun on Discord and goes on, where it was, on Slack."""
    pool = (await week.pool()).values()

    def shown(text: str) -> set[str]:
        return {each.alias for each in pool if each.text in text}

    server, slack = both.discord.server, both.slack.slack
    asked = await server.slash(here, both.discord.channel, "challenge vote")
    card = await asked.private()
    first = shown(card.text)
    week.clock.shift(READING)
    second = await (await server.click(here, card, en.BALLOT_LEFT)).updated()
    assert "pick 2 of 7" in second.text
    acted = await slack.slash(there, both.room, "challenge vote")
    window = await acted.view("pick 2 of 7")
    assert shown(window.says) == shown(second.text) != first
    for number in (3, 4):
        week.clock.shift(READING)
        acted = await slack.click(there, window, on_slack.pressed(window, en.BALLOT_RIGHT))
        window = await acted.view(f"pick {number} of 7")
    late = await (await server.click(here, second, en.BALLOT_LEFT)).updated()
    assert en.BALLOT_LATE in late.text
    assert shown(late.text) == shown(window.says)
    picks = await Ballots(week.store).picks(await week.ref())
    assert [each.side for each in picks] == [Side.LEFT, Side.RIGHT, Side.RIGHT]
    assert len({each.member for each in picks}) == 1
