"""A challenge from its set-up to the verdict on Slack, by the real client."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.challenge import Side
from bot.models import SpaceRef, UserRef
from bot.storage.client import Store
from bot.wording import en
from tests.blind import from_log, from_slack
from tests.e2e.slack_table import SlackTable, slack_table
from tests.e2e.week import (
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
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_state import Channel, Member, Message, View

GROUP = "S0READERS"
SIDES = {Side.LEFT: en.BALLOT_LEFT, Side.RIGHT: en.BALLOT_RIGHT}


@pytest.fixture(params=["socket", "http"])
async def table(
    request: pytest.FixtureRequest, store: Store
) -> AsyncIterator[tuple[SlackTable, OpenAIServer]]:
    async with (
        model() as (service, composers),
        slack_table(store, socket=request.param == "socket", composers=composers) as made,
    ):
        made.slack.unhurried()
        yield made, service


def elements(part: Any) -> Iterator[dict[str, Any]]:
    """Everything that can be pressed or chosen in blocks."""
    if isinstance(part, list):
        for each in part:
            yield from elements(each)
    elif isinstance(part, dict):
        if "action_id" in part:
            yield part
        for each in part.values():
            yield from elements(each)


def pressed(place: Message | View, label: str) -> str:
    """The id of the button that reads so."""
    for each in elements(place.blocks):
        if each["type"] == "button" and each["text"]["text"] == label:
            return str(each["action_id"])
    raise LookupError(label)


def menu(place: Message | View, part: str) -> str:
    """The id of the menu of that."""
    (found,) = [e["action_id"] for e in elements(place.blocks) if part in e["action_id"]]
    return str(found)


async def told(slack: SlackServer, who: Member, room: Channel, typed: str, text: str) -> str:
    """What a member alone is told for a command."""
    return (await (await slack.slash(who, room, typed)).ephemeral(text)).says


def announced(room: Channel, text: str) -> Message:
    """The one message for all that says so."""
    (found,) = [each for each in room.visible if text in each.says]
    return found


async def chosen(slack: SlackServer, who: Member, card: Message, what: str, value: str) -> Message:
    """Choose on the card of the set-up."""
    acted = await slack.choose(who, card, menu(card, f"plan.{what}"), value)
    return await acted.ephemeral(f"Set: {en.PLAN[what][0]}")


async def enter(slack: SlackServer, who: Member, card: Message, text: str) -> None:
    """Enter by the announcement's button; it is shown as voters will see it."""
    acted = await slack.click(who, card, pressed(card, en.CHALLENGE_ENTER))
    form = await acted.view(en.FORM_CHALLENGE_TEXT)
    (field,) = [b["block_id"] for b in form.blocks if "plain_text_input" in str(b)]
    sent = await slack.submit(who, form, {field: text})
    assert not sent.errors
    shown = await slack.ephemeral_to(who, en.ENTERED)
    assert text in shown.says


async def ballots(slack: SlackServer, week: Week, people: list[Member], card: Message) -> None:
    """Everybody votes at the same time, each in a window that changes with every pick."""
    pool = (await week.pool()).values()

    async def begin(who: Member) -> View:
        acted = await slack.click(who, card, pressed(card, en.CHALLENGE_VOTE))
        return await acted.view("pick 1 of 7")

    async def pick(who: Member, shown: View, number: int) -> View:
        side = SIDES[liked(shown.says, pool)]
        acted = await slack.click(who, shown, pressed(shown, side))
        return await acted.view(f"pick {number + 1} of 7")

    shown = await asyncio.gather(*map(begin, people))
    windows = [each.id for each in shown]
    for number in range(1, PICKS + 1):
        week.clock.shift(READING)
        picked = (pick(*each, number) for each in zip(people, shown, strict=True))
        shown = await asyncio.gather(*picked)
    assert [each.id for each in shown] == windows
    assert all(each.open for each in shown)


async def test_a_week_on_slack(
    table: tuple[SlackTable, OpenAIServer], store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    made, service = table
    slack = made.slack
    room = slack.channel("general")
    week = Week(store, made.clock, SpaceRef("slack", slack.workspace.id), made.settle)
    boss = slack.member("boss", is_admin=True)
    people = [slack.member(f"voter{n}") for n in range(VOTERS)]
    for who in (boss, *people):
        room.members.add(who.id)
    writers = people[: len(PIECES)]
    slack.workspace.groups = {GROUP: "readers", "S0WRITERS": "writers"}
    with caplog.at_level(logging.INFO):
        # The set-up, and themes.
        acted = await slack.slash(boss, room, "muse-admin challenge-setup")
        card = await acted.ephemeral(en.PLAN_NOT_RUNNING)
        slack.workspace.groups = {GROUP: "readers", "S0WRITERS": "writers"}
        for what, value in (("weekday", "2"), ("time", "18:00"), ("zone", "UTC")):
            card = await chosen(slack, boss, card, what, value)
        acted = await slack.click(boss, card, pressed(card, en.PLAN_PARTS["how"]))
        card = await acted.ephemeral(en.PLAN["mention"][0])
        card = await chosen(slack, boss, card, "mention", GROUP)
        acted = await slack.click(boss, card, pressed(card, en.PLAN_RUN))
        card = await acted.ephemeral("Every Wednesday at 18:00 (UTC)")
        await told(slack, people[0], room, f"challenge propose {THEME}", THEME)
        for who in people[1:4]:
            shown = await (await slack.slash(who, room, "challenge propose")).ephemeral(THEME)
            await (await slack.click(who, shown, pressed(shown, "Vote for 1"))).ephemeral(
                en.THEME_YOURS
            )
        # Open.
        await week.until(await week.next())
        assert (await week.now()).theme == THEME
        opened = announced(room, en.CHALLENGE_BLIND)
        assert THEME in opened.says
        assert f"<!subteam^{GROUP}>" in opened.says
        assert room.pins == [opened.ts]
        for who, text in zip(writers, PIECES, strict=True):
            await enter(slack, who, opened, text)
        # Voting.
        forms = len(slack.called("views.open"))
        await week.voting()
        voting = announced(room, en.CHALLENGE_SEALS)
        assert f"<!subteam^{GROUP}>" in voting.says
        assert room.pins == [voting.ts]
        assert en.CHALLENGE_CLOSED_TO_ENTRIES in opened.says
        assert all(each.commitment in voting.says for each in (await week.pool()).values())
        await ballots(slack, week, people, voting)
        await made.settle()
        assert len(slack.called("views.open")) == forms + VOTERS
        assert len(slack.called("views.update")) >= VOTERS * PICKS
        assert await week.voters() == VOTERS
        seen = [*from_slack(slack), *from_log(caplog.records)]
    users = [UserRef("slack", who.id) for who in writers]
    assert await week.leaks(seen, users) == []
    assert written_blind(service)

    # The results.
    await week.closed()
    result = announced(room, en.RESULTS_HEADING.partition("{")[0])
    assert f"{VOTERS} people picked" in result.says
    assert f"<!subteam^{GROUP}>" in result.says
    assert result.says.index(PIECES[0]) < result.says.index(PIECES[1])
    assert room.pins == [result.ts]
    assert [m.says for m in room.visible if m.thread_ts == result.ts] == [f"Results: {THEME}"]
    assert [b for b in result.blocks if b["type"] == "image"]
    pages = ""
    for page in (1, 2, 3):
        typed = f"challenge results {page}"
        pages += await told(slack, writers[0], room, typed, f" of {len(PIECES) + 2}")
    for who, text in zip(writers, PIECES, strict=True):
        assert text in pages
        assert who.name in pages
    assert pages.count("Muse, with") >= 2
    await told(slack, writers[1], room, "challenge mine", PIECES[1])
    assert told_verdict(await told(slack, boss, room, "challenge verdict", "One challenge"))
    await made.settle()
    assert slack.refusals == []
