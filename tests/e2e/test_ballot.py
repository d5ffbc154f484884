"""A ballot by the real client libraries: on Discord, on Slack, in the terminal; and that nothing
which any of them was sent tells who made what.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.challenge import Contender, Side
from bot.models import SpaceRef
from bot.storage.ballots import Ballots
from bot.storage.client import Store
from bot.wording import en
from tests.blind import Seen, from_discord, from_log, from_slack, from_text, leaks
from tests.challenging import VotingChallenge, pool_of, voting_challenge
from tests.e2e.discord_table import DiscordTable, discord_table
from tests.e2e.driving import environment, play
from tests.e2e.slack_table import SlackTable, slack_table
from tests.fakes.discord_server import DiscordServer
from tests.fakes.slack_acted import Acted
from tests.fakes.slack_state import Message, View
from tests.support import FakeClock

READING = timedelta(seconds=3)


@pytest.fixture
async def discord(store: Store) -> AsyncIterator[DiscordTable]:
    async with DiscordServer() as server, discord_table(server, store) as made:
        yield made


@pytest.fixture(params=[True, False], ids=["socket", "http"])
async def slack(store: Store, request: pytest.FixtureRequest) -> AsyncIterator[SlackTable]:
    async with slack_table(store, socket=request.param) as made:
        yield made


def told(voting: VotingChallenge, seen: list[Seen]) -> list[str]:
    people = {number: (user.id,) for user, number in voting.numbers.items()}
    return leaks(seen, voting.pool, people)


def left_of(pool: Mapping[str, Contender], text: str) -> str:
    """The text of the entry that a ballot has on the left."""
    by_place = {text.find(each.text): each.text for each in pool.values() if each.text in text}
    return by_place[min(by_place)]


async def test_a_ballot_on_discord(
    discord: DiscordTable, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    server, (ana, bea, *_) = discord.server, discord.people
    space = SpaceRef("discord", str(discord.channel.guild.id if discord.channel.guild else 0))
    voting = await voting_challenge(store, discord.clock, pool_of(6, 2), space=space)
    with caplog.at_level(logging.INFO):
        card = await (await server.slash(ana, discord.channel, "challenge vote")).private()
        assert "pick 1 of 7" in card.text
        left = left_of(voting.pool, card.text)
        quick = await (await server.click(ana, card, en.BALLOT_LEFT)).updated()
        assert en.BALLOT_QUICK in quick.text
        second = await (await server.click(ana, quick, en.BALLOT_LEFT)).updated()
        assert "pick 2 of 7" in second.text
        back = await (await server.click(ana, second, en.BALLOT_UNDO)).updated()
        assert left_of(voting.pool, back.text) == left
        card = await (await server.click(ana, back, en.BALLOT_LEFT)).updated()
        # A card that was left open elsewhere: late, and it shows where they are.
        other = await (await server.slash(ana, discord.channel, "challenge vote")).private()
        for label in (en.BALLOT_BOTH, en.BALLOT_RIGHT, en.BALLOT_SKIP, en.BALLOT_LEFT):
            discord.clock.shift(READING)
            card = await (await server.click(ana, card, label)).updated()
        late = await (await server.click(ana, other, en.BALLOT_LEFT)).updated()
        assert en.BALLOT_LATE in late.text
        which = await (await server.click(ana, card, en.BALLOT_REPORT)).updated()
        card = await (await server.click(ana, which, en.BALLOT_REPORT_RIGHT)).updated()
        assert en.REPORTED in card.text
        discord.clock.shift(READING)
        card = await (await server.click(ana, card, en.BALLOT_BOTH)).updated()
        for label in (en.GUESS_AI, en.GUESS_PERSON, en.GUESS_PASS):
            assert "who wrote this?" in card.text
            card = await (await server.click(ana, card, label)).updated()
        assert en.PRAISE_ASK in card.text
        card = await (await server.click(ana, card, en.BALLOT_MORE)).updated()
        assert "pick 8 of 20" in card.text
        await (await server.slash(bea, discord.channel, "challenge vote")).private()
    picks = await Ballots(store).picks(voting.ref)
    assert [pick.side for pick in picks] == [
        *(Side.LEFT, Side.BOTH, Side.RIGHT, Side.SKIP, Side.LEFT, Side.SKIP, Side.BOTH)
    ]
    assert voting.pool[picks[0].left].text == left
    assert told(voting, [*from_discord(server), *from_log(caplog.records)]) == []
    assert not server.broken


async def test_a_ballot_on_slack(
    slack: SlackTable, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    server, clock = slack.slack, slack.clock
    ana, room = server.member("ana"), server.channel("general")
    space = SpaceRef("slack", server.workspace.id)
    made = pool_of(6, 2)
    voting = await voting_challenge(store, clock, made, space=space)
    with caplog.at_level(logging.INFO):
        acted = await server.slash(ana, room, "challenge vote")
        place = await shown(acted, "pick 1 of 7")
        clock.shift(READING)
        acted = await server.click(ana, place, press(place, en.BALLOT_RIGHT))
        place = await shown(acted, "pick 2 of 7")
        acted = await server.click(ana, place, press(place, en.BALLOT_SKIP))
        place = await shown(acted, "pick 3 of 7")
        await slack.settle()
    picks = await Ballots(store).picks(voting.ref)
    assert [pick.side for pick in picks] == [Side.RIGHT, Side.SKIP]
    assert told(voting, [*from_slack(server), *from_log(caplog.records)]) == []
    assert not server.refusals


async def shown(acted: Acted, text: str) -> Message | View:
    """Where a ballot is shown that says so: in a window of its own, or to the member alone."""
    looks: set[asyncio.Task[Message | View]] = {
        asyncio.create_task(acted.ephemeral(text)),
        asyncio.create_task(acted.view(text)),
    }
    done, others = await asyncio.wait(looks, return_when=asyncio.FIRST_COMPLETED)
    for each in others:
        each.cancel()
    return done.pop().result()


def press(place: Message | View, label: str) -> str:
    """The id of the button that reads so."""
    for block in place.body["blocks"]:
        for element in block.get("elements") or []:
            if isinstance(element.get("text"), dict) and element["text"]["text"] == label:
                return str(element["action_id"])
    raise LookupError(label)


async def test_a_ballot_in_the_terminal(tmp_path: Path, empty_url: str, store: Store) -> None:
    """The terminal's own process, on a Redis in which voting is on."""
    clock = FakeClock(datetime.now(UTC))
    voting = await voting_challenge(
        store, clock, pool_of(6, 2), space=SpaceRef("console", "terminal")
    )
    lines = ["/challenge vote", "/challenge pick skip", "/challenge flag left rude"]
    lines += ["/challenge pick skip"] * 5 + ["/challenge guess ai 1", "/challenge more"]
    played = await asyncio.to_thread(
        play, tmp_path, *lines, env={**environment(), "REDIS_URL": empty_url}
    )
    assert played.status == 0, played.log
    first, second, *_ = played.outcomes
    assert "pick 1 of 7" in first
    assert "pick 2 of 7" in second
    assert en.REPORTED in played.outcomes[2]
    assert "(2 of 3): who wrote this?" in played.outcomes[8]
    assert "pick 8 of 20" in played.outcomes[9]
    picks = await Ballots(store).picks(voting.ref)
    assert [pick.side for pick in picks] == [Side.SKIP] * 7
    seen = [part for outcome in played.outcomes for part in from_text(outcome)]
    assert told(voting, [*seen, *from_text(played.log, "the log")]) == []
