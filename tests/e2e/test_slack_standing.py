"""Who is a guest on Slack, and who joined when: where a gate needs to know, and only there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.slack.people import KEPT_SECONDS, People
from bot.challenge import Electorate, Plan
from bot.errors import StoreUnavailable
from bot.models import SpaceRef, UserRef
from bot.storage import keys
from bot.storage.client import Store
from bot.storage.spaces import first_community_id
from bot.wording import en
from tests.challenging import pool_of, voting_challenge
from tests.e2e.slack_table import SlackTable, button, slack_table, votes
from tests.e2e.slowly import Slow
from tests.fakes.slack_state import Channel, Member

DAY = timedelta(days=1)


@pytest.fixture
async def table(store: Store) -> AsyncIterator[SlackTable]:
    async with slack_table(store, socket=False) as made:
        made.slack.unhurried()
        yield made


async def gate(table: SlackTable, boss: Member, room: Channel, days: int) -> None:
    acted = await table.slack.slash(boss, room, f"muse-admin set member-days {days}")
    await acted.ephemeral(str(days))
    await table.settle()


async def test_a_gate_is_closed_to_guests_and_to_who_has_just_joined(table: SlackTable) -> None:
    slack = table.slack
    settled, boss = slack.member("settled"), slack.member("boss", is_admin=True)
    guest = slack.member("guest", is_restricted=True)
    once = slack.member("once", is_ultra_restricted=True)
    early = await slack.arrive("early")
    room = slack.channel("room", members=[settled, boss, guest, once, early])
    message = await table.round(boss, room, "a lighthouse afraid of the dark")
    await gate(table, boss, room, 7)
    said = ((guest, en.GATE_GUESTS), (once, en.GATE_GUESTS), (early, "7 days"))
    for who, why in said:
        refused = await slack.click(who, message, votes(message)[0])
        await refused.ephemeral(why)
    added = await slack.click(guest, message, button(message, "Add yours"))
    form = await added.view(lambda view: bool(view.body.get("submit")))
    sent = await slack.submit(guest, form, {"text": "It only ever wanted a night light."})
    assert list(sent.errors.values()) == [en.GATE_GUESTS]
    voted = await slack.click(settled, message, votes(message)[0])
    await voted.ephemeral("You voted for 1")
    table.clock.shift(7 * DAY)
    later = await table.round(boss, room, "a moth who collects lamps")
    voted = await slack.click(early, later, votes(later)[0])
    await voted.ephemeral("You voted for 1")
    assert slack.refusals == []


async def test_a_vote_asks_slack_only_where_there_is_a_gate_and_once(table: SlackTable) -> None:
    slack = table.slack
    ana, boss = slack.member("ana"), slack.member("boss", is_admin=True)
    room = slack.channel("room", members=[ana, boss])
    message = await table.round(boss, room, "a lighthouse afraid of the dark")

    def asked() -> int:
        return sum(call.args.get("user") == ana.id for call in slack.called("users.info"))

    for place in (1, 2):
        voted = await slack.click(ana, message, votes(message)[place])
        await voted.ephemeral("You voted for")
        await table.settle()
    assert asked() == 0
    await gate(table, boss, room, 7)
    for place in (0, 3):
        voted = await slack.click(ana, message, votes(message)[place])
        await voted.ephemeral("You voted for")
        await table.settle()
    assert asked() == 1


async def test_who_may_vote_in_a_challenge(table: SlackTable, store: Store) -> None:
    slack = table.slack
    settled, early = slack.member("settled"), await slack.arrive("early")
    guest = slack.member("guest", is_restricted=True)
    table.clock.shift(4 * DAY)
    plan = Plan(electorate=Electorate.SETTLED)
    space = SpaceRef("slack", slack.workspace.id)
    voting = await voting_challenge(store, table.clock, pool_of(6, 2), space=space, plan=plan)
    assert voting is not None
    late = await slack.arrive("late")
    room = slack.channel("room", members=[settled, early, guest, late])
    said = {guest.id: en.VOTERS_GUESTS, late.id: en.VOTERS_JOINED}
    for who in (guest, late, settled, early):
        acted = await slack.slash(who, room, "challenge vote")
        await acted.view(said.get(who.id, "pick 1 of 7"))
    assert slack.refusals == []


async def test_what_slack_does_not_say_in_time_counts_for_the_member(
    table: SlackTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.people.PATIENCE", 0.05)
    slack = table.slack
    guest, boss = slack.member("guest", is_restricted=True), slack.member("boss", is_admin=True)
    room = slack.channel("room", members=[guest, boss])
    message = await table.round(boss, room, "a lighthouse afraid of the dark")
    await gate(table, boss, room, 7)
    slack.faults.hang("users.info")
    voted = await slack.click(guest, message, votes(message)[0])
    await voted.ephemeral("You voted for 1")
    slack.faults.release()
    await table.settle()


async def test_who_is_a_full_member(table: SlackTable) -> None:
    slack, team = table.slack, table.slack.workspace.id
    elsewhere = slack.add_workspace("Another space")
    stranger = slack.member("stranger", elsewhere)
    members = (
        (slack.member("full"), True),
        (slack.member("owner", is_owner=True), True),
        (slack.member("guest", is_restricted=True), False),
        (slack.member("single", is_ultra_restricted=True), False),
        (slack.member("robot", is_bot=True), False),
        (slack.member("gone", deleted=True), False),
        (stranger, False),
    )
    slack.channel("shared", members=[stranger])
    people: People = table.platform.stage.people
    for who, full in members:
        assert (await people.tenure(team, who.id)).full is full, who.name
    assert KEPT_SECONDS == 300.0


async def test_a_joining_date_names_nobody_and_goes_with_the_workspace(
    table: SlackTable, store: Store
) -> None:
    slack = table.slack
    space = SpaceRef("slack", slack.workspace.id)
    early = await slack.arrive("early")
    robot = await slack.arrive("robot", is_bot=True)
    await table.settle()
    joined = keys.community(first_community_id(space)).joined
    kept = await store.call("ZRANGE", joined, 0, -1)
    assert len(kept) == 1, "robots don't vote"
    assert not any(who.id in text for who in (early, robot) for text in kept)
    room = slack.channel("room", members=[early])
    await table.round(early, room, "a lighthouse")
    await table.muse.app.left(space)
    table.clock.shift(31 * DAY)
    await table.settle()
    assert await store.call("EXISTS", joined) == 0


class Away(Slow):
    """A game whose Redis is not there when somebody joins, at first."""

    joined_at: int = 0

    async def joined(self, space: SpaceRef, user: UserRef) -> None:
        self.joined_at += 1
        if self.joined_at == 1:
            raise StoreUnavailable(en.STORE_DOWN)
        await super().joined(space, user)


@pytest.mark.parametrize("socket", [False, True], ids=["http", "socket"])
async def test_that_somebody_joined_is_acknowledged_only_once_it_is_on_record(
    store: Store, socket: bool
) -> None:
    """Slack tells it again until then, and never after."""
    away = Away()
    away.gate.set()
    async with slack_table(store, socket=socket, slow=away) as table:
        early = await table.slack.arrive("early")
        told = table.slack.deliveries.sent[-1]
        assert [answer.ok for answer in told.answers] == [False, True]
        space = SpaceRef("slack", early.team)
        community = first_community_id(space)
        assert await store.call("ZCARD", keys.community(community).joined) == 1
