"""A challenge and the places it is played in: joined, parted, left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import pytest

from bot.cards import Card
from bot.challenge_requests import (
    CancelChallenge,
    ProposeTheme,
    Remind,
    RunChallenges,
    SetPlan,
    ShowPlan,
    StartChallenge,
)
from bot.community_requests import LinkSpace, Mine, UnlinkSpace
from bot.errors import MuseError, Refusal
from bot.models import Address, SpaceRef, Tenure
from bot.requests import Request
from bot.storage import keys
from bot.storage.client import Arg, Reply, Script, Store
from bot.storage.plans import PlanStore
from bot.storage.spaces import first_community_id
from bot.wording import en
from tests.places import SERVER, WORKSPACE, Places
from tests.support import (
    ADDRESS,
    SPACE,
    FakeClock,
    command,
    words,
)
from tests.traces import held, traces
from tests.weeks import DAY, Week


async def test_places_are_not_joined_nor_parted_while_a_challenge_runs(
    store: Store, clock: FakeClock
) -> None:
    places = Places(store, clock)
    code = await places.code()
    await places.do(StartChallenge("what the rain keeps"), SERVER)
    with pytest.raises(Refusal, match="A challenge is running"):
        await places.do(LinkSpace(code, sure=True), WORKSPACE)
    await places.do(CancelChallenge("to join"), SERVER)
    await places.do(StartChallenge("what the snow keeps"), WORKSPACE)
    code = await places.code()
    with pytest.raises(Refusal, match="A challenge is running"):
        await places.do(LinkSpace(code, sure=True), WORKSPACE)
    await places.do(CancelChallenge("to join"), WORKSPACE)
    await places.do(LinkSpace(code, sure=True), WORKSPACE)
    await places.do(StartChallenge("a door that opens on Tuesdays"), SERVER)
    with pytest.raises(Refusal, match="A challenge is running"):
        await places.do(UnlinkSpace(str(WORKSPACE)), SERVER)


def told(places: Places, space: SpaceRef, sort: str) -> list[tuple[Card, str]]:
    """What is posted of a sort in a place, and in which of its channels."""
    stage = places.stages[space.platform]
    return [
        (card, stage.addresses[ident].channel)
        for ident, card in stage.posts.items()
        if sort in ident and stage.addresses[ident].space == space
    ]


async def test_a_place_that_joins_is_told_of_challenges_where_it_used_the_code(
    store: Store, clock: FakeClock
) -> None:
    places = Places(store, clock)
    await places.do(RunChallenges(), SERVER)
    plans = PlanStore(store)
    due = (await plans.read(first_community_id(SERVER))).next
    said = words(await places.join())
    assert "Challenges are announced in this channel too" in said
    await places.settle()
    ((card, channel),) = told(places, WORKSPACE, "link:")
    assert "Challenges are announced in this channel too" in words(card)
    assert channel == "room"
    now = await plans.read(first_community_id(SERVER))
    assert now.weekly.at(WORKSPACE) == Address(WORKSPACE, "room")
    assert now.next == due, "and nothing else is changed"
    await places.do(SetPlan("channel", "C0PARLOUR"), WORKSPACE)
    await places.do(StartChallenge("what the rain keeps"), SERVER)
    await places.settle()
    ((_, channel),) = told(places, WORKSPACE, ".opened.")
    assert channel == "C0PARLOUR"
    assert len(told(places, SERVER, ".opened.")) == 1


async def test_a_place_that_joins_where_nothing_is_planned_hears_how_and_is_reminded_anyway(
    store: Store, clock: FakeClock
) -> None:
    places = Places(store, clock)
    said = words(await places.join())
    assert "once an organiser here chooses a channel" in said
    await places.settle()
    await places.do(StartChallenge("what the rain keeps"), SERVER)
    await places.settle()
    assert not told(places, WORKSPACE, ".opened.")
    await places.do(Remind(), WORKSPACE, "ana")
    clock.shift(2 * DAY)
    await places.settle()
    ((_, channel),) = told(places, WORKSPACE, "remind:")
    assert channel == "@ana"


async def test_what_is_still_to_be_told_goes_where_the_plan_says_by_then(week: Week) -> None:
    """As where the channel was deleted in which it was opened."""
    challenge = await week.begin()
    await week.enter("ana", "ben", "cy")
    await week.boss(SetPlan("channel", "C0ELSEWHERE"))
    await week.until(challenge.deadline)
    await week.until((await week.now()).closes)
    stage = week.table.stage
    there = {
        step: (ident, stage.addresses[ident].channel)
        for step in ("opened", "voting", "results")
        for ident in stage.posts
        if f".{step}." in ident
    }
    opened, voting, results = there["opened"], there["voting"], there["results"]
    assert (opened[1], voting[1], results[1]) == (ADDRESS.channel, *2 * ("C0ELSEWHERE",))
    # Each is edited where it is, and what holds a pin in another channel is not looked for here.
    assert len(stage.states[opened[0]]) == 2, "it says that entries are over"
    edited = stage.edited[opened[0]]
    assert edited.channel == ADDRESS.channel
    for (ident, _), unpinned in ((voting, ""), (results, voting[0])):
        announced = stage.posts[ident].announce
        assert announced is not None
        assert announced.unpin == unpinned
    before = {ident: len(stage.states[ident]) for ident, _ in there.values()}
    await week.table.do(Mine("forget", sure=True), "ana")
    await week.table.muse.settle()
    assert len(stage.states[results[0]]) > before[results[0]]
    for ident, channel in there.values():
        assert stage.edited.get(ident, Address(SPACE, channel)).channel == channel


async def test_an_example_stays_where_it_began(week: Week) -> None:
    await week.boss(RunChallenges())
    await week.boss(SetPlan("channel", "C0ELSEWHERE"))
    await week.boss(StartChallenge(example=True))
    (ident,) = [ident for ident in week.table.stage.posts if ".opened." in ident]
    assert week.table.stage.addresses[ident].channel == ADDRESS.channel


class Meanwhile(Store):
    """A store in which something happens just before its `left`-th script."""

    def __init__(self, store: Store, left: int, then: Callable[[], Awaitable[object]]) -> None:
        self._through, self._left, self._then = store, left, then

    async def run(
        self, which: Script, keys_: Sequence[str] = (), args: Sequence[Arg] = ()
    ) -> Reply:
        self._left -= 1
        if self._left < 0:
            then, self._left = self._then, 1_000_000
            await then()
        return await self._through.run(which, keys_, args)

    async def call(self, *command: Arg) -> Reply:
        return await self._through.call(*command)


@pytest.mark.parametrize("joins", [True, False])
@pytest.mark.parametrize("left", range(12))
async def test_no_place_moves_in_a_challenge_that_begins_at_the_same_moment(
    store: Store, clock: FakeClock, left: int, joins: bool
) -> None:
    """Wherever a start slips in between a move's steps, one of the two comes to nothing."""
    places = Places(store, clock)
    if not joins:
        await places.join()
    code = await places.code() if joins else ""
    home = first_community_id(WORKSPACE if joins else SERVER)
    there: list[str] = []  # who was of the community when it began

    async def start() -> None:
        try:
            await places.do(StartChallenge("what the rain keeps"), WORKSPACE if joins else SERVER)
        except MuseError:
            return
        there.extend(await store.call("SMEMBERS", keys.community(home).spaces))

    places.processes[1] = places.process(Meanwhile(store, left, start))
    move: Request = LinkSpace(code, sure=True) if joins else UnlinkSpace(str(WORKSPACE))
    refused = ""
    try:
        await places.do(move, WORKSPACE, process=1)
    except Refusal as failure:
        refused = str(failure)
    await places.settle()
    runs = await store.call("HGET", keys.community(home).plan, "current")
    spaces = await store.call("SMEMBERS", keys.community(home).spaces)
    if refused:
        assert refused == en.PLACE_IN_CHALLENGE
        assert runs
        assert str(WORKSPACE) in spaces, "it stays for the challenge"
    else:
        assert str(WORKSPACE) not in spaces
        assert not runs or str(WORKSPACE) not in there, "it had left before"
    # Neither is kept from anything later.
    for place in (SERVER, WORKSPACE):
        if await store.call("HGET", keys.community(first_community_id(place)).plan, "current"):
            await places.do(CancelChallenge("to try again"), place)
    await places.do(StartChallenge("a door that opens on Tuesdays"), SERVER)


async def test_nothing_of_challenges_is_left_where_muse_is_gone(week: Week, empty_url: str) -> None:
    table = week.table
    await table.do(ProposeTheme("what the lift hears at night"), "ana")
    await week.boss(RunChallenges())
    await week.boss(SetPlan("running", "on", daily=True))
    challenge = await week.begin()
    await table.do(Remind(), "dee")
    await week.enter("ana", "ben", "cy")
    await week.until(challenge.deadline)
    await table.muse.app.left(SPACE)
    await week.until(challenge.deadline + 31 * DAY)
    await week.until(challenge.deadline + 62 * DAY)
    assert traces(await held(empty_url), challenge.community) == []


async def test_a_plan_begins_in_the_zone_of_who_sets_it_up_where_that_is_told(week: Week) -> None:
    for zone, wanted in (("Asia/Tokyo", "Asia/Tokyo"), ("Mars/Olympus", "UTC"), ("", "UTC")):
        asked = command(ShowPlan(), "boss", manages=True, standing=Tenure(zone=zone))
        reply = await week.table.muse.app.handle(asked)
        assert isinstance(reply.card, Card)
        assert f"({wanted})" in words(reply.card)
