"""Muse is removed from a space: thirty days of grace, then not a key is left."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.community_requests import AddLore, Block, SetRule
from bot.errors import NotFound
from bot.models import Address, SpaceRef
from bot.requests import Add, Ask, Close, Invite, Top, Vote
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.departures import Departures
from bot.storage.spaces import first_community_id
from tests.support import SPACE, Table, command, member, words
from tests.traces import Held, held, traces

OTHER = SpaceRef("test", "elsewhere")
DAY = timedelta(days=1)


async def lively(table: Table) -> str:
    """A community with a bit of everything; its id."""
    await table.do(AddLore("the lift is Gerald"), manages=True)
    await table.do(SetRule("hours", "24"), manages=True)
    await table.do(Block("mallory"), manages=True)
    await table.do(Ask("a lighthouse"))
    await table.do(Add("the keeper sings"), "ben")
    await table.do(Vote((5, 1)), "cy")
    await table.do(Close())
    await table.do(Ask("a bridge"), "ben")
    await table.do(Invite("on bread"), "cy")
    return (await table.community()).id


async def neighbour(table: Table) -> Held:
    """Another community of the same shard, which must not change; what it holds."""
    reply = await table.muse.app.handle(command(Ask("next door"), "dan", space=OTHER))
    assert reply
    await table.muse.settle()
    return {}


def of(everything: Held, community: str) -> Held:
    """What is kept of a community, and the agenda's items of it."""
    return {
        key: content for key, content in everything.items() if traces({key: content}, community)
    }


async def test_nothing_is_left_after_thirty_days(table: Table, empty_url: str) -> None:
    community = await lively(table)
    await neighbour(table)
    next_door = first_community_id(OTHER)
    await table.muse.app.left(SPACE)
    await table.muse.app.left(SPACE)  # a platform may say it twice
    table.clock.shift(29 * DAY)
    await table.muse.settle()
    everything = await held(empty_url)
    assert f"space:{SPACE}" in everything
    assert keys.community(community).pieces in everything
    table.clock.shift(2 * DAY)
    before = of(await held(empty_url), next_door)
    await table.muse.settle()
    everything = await held(empty_url)
    assert traces(everything, community) == []
    assert traces(everything, str(SPACE)) == []
    assert traces(everything, "keeper sings", "Gerald") == []
    assert of(everything, next_door).keys() == before.keys()


async def test_what_is_within_a_space_goes_with_it(table: Table, empty_url: str) -> None:
    """A workspace's direct messages; another workspace's stay."""
    await lively(table)
    within = SpaceRef(SPACE.platform, f"{SPACE.id}:D1")
    apart = SpaceRef(OTHER.platform, f"{OTHER.id}:D1")
    for place, prompt in ((within, "between us"), (apart, "next door")):
        await table.muse.app.handle(command(Ask(prompt), "ben", space=place))
    await table.muse.settle()
    left, kept = first_community_id(within), first_community_id(apart)
    await table.muse.app.left(SPACE)
    table.clock.shift(20 * DAY)
    await table.muse.app.returned(SPACE)
    table.clock.shift(20 * DAY)
    await table.muse.settle()
    assert keys.community(left).record in await held(empty_url)
    await table.muse.app.left(SPACE)
    table.clock.shift(31 * DAY)
    await table.muse.settle()
    everything = await held(empty_url)
    assert traces(everything, left) == []
    assert traces(everything, str(SPACE)) == []
    assert keys.community(kept).record in everything


async def test_who_joined_a_workspace_that_asked_for_nothing_is_kept_no_longer_than_muse_is_there(
    table: Table, empty_url: str
) -> None:
    app, direct = table.muse.app, SpaceRef(SPACE.platform, f"{SPACE.id}:D1")
    await app.handle(command(Ask("a lighthouse"), space=direct))
    await app.joined(SPACE, member("ana"))
    joined = keys.community(first_community_id(SPACE)).joined
    assert joined in await held(empty_url)
    await app.left(SPACE)
    assert joined not in await held(empty_url)
    table.clock.shift(31 * DAY)
    await table.muse.settle()
    assert traces(await held(empty_url), str(SPACE), first_community_id(SPACE)) == []


async def test_an_organisations_spaces_go_with_it_but_those_that_have_muse_themselves(
    table: Table, empty_url: str
) -> None:
    whole = SpaceRef(SPACE.platform, "whole")
    await lively(table)
    await neighbour(table)
    unused = SpaceRef(SPACE.platform, "unused")
    for space in (SPACE, OTHER, unused):
        await table.muse.app.came_with(space, whole)
    await table.muse.app.returned(OTHER)  # installed there by itself
    await table.muse.app.left(whole)
    await table.muse.app.returned(whole)
    table.clock.shift(31 * DAY)
    await table.muse.settle()
    assert f"space:{SPACE}" in await held(empty_url)
    await table.muse.app.left(whole)
    await table.muse.app.came_with(SPACE, whole)  # an event that comes by it says it is back
    table.clock.shift(31 * DAY)
    await table.muse.settle()
    assert f"space:{SPACE}" in await held(empty_url)
    await table.muse.app.left(whole)
    table.clock.shift(31 * DAY)
    await table.muse.settle()
    everything = await held(empty_url)
    assert traces(everything, str(SPACE)) == []
    assert traces(everything, str(whole), str(unused)) == []
    assert f"space:{OTHER}" in everything


async def test_coming_back_undoes_it(table: Table, empty_url: str) -> None:
    community = await lively(table)
    await table.muse.app.left(SPACE)
    table.clock.shift(20 * DAY)
    await table.muse.settle()
    await table.muse.app.returned(SPACE)
    before = of(await held(empty_url), community)
    table.clock.shift(20 * DAY)
    await table.muse.settle()
    after = of(await held(empty_url), community)
    assert before.keys() - after.keys() <= {keys.community(community).gone}
    assert "the keeper sings" in words(await table.do(Top(period="all")))
    await table.muse.app.returned(SPACE)  # it may be said at every start
    await table.muse.app.returned(SpaceRef("test", "never seen"))


async def test_leaving_again_begins_the_thirty_days_anew(table: Table, empty_url: str) -> None:
    community = await lively(table)
    await table.muse.app.left(SPACE)
    table.clock.shift(20 * DAY)
    await table.muse.app.returned(SPACE)
    await table.muse.app.left(SPACE)
    table.clock.shift(20 * DAY)
    await table.muse.settle()
    assert keys.community(community).record in await held(empty_url)
    table.clock.shift(11 * DAY)
    await table.muse.settle()
    assert traces(await held(empty_url), community) == []


async def test_a_round_shows_that_muse_is_back(table: Table, empty_url: str) -> None:
    """Where the platform's word of it was missed."""
    community = await lively(table)
    await table.muse.app.left(SPACE)
    table.clock.shift(5 * DAY)
    await table.do(Ask("we are here"))
    table.clock.shift(40 * DAY)
    await table.muse.settle()
    everything = await held(empty_url)
    assert keys.community(community).record in everything
    assert keys.community(community).gone not in everything


async def test_a_community_of_two_spaces_keeps_the_other(table: Table, empty_url: str) -> None:
    community = await lively(table)
    shared = keys.community(community)
    store = table.muse.store
    await store.call("SADD", shared.spaces, str(OTHER))
    await store.call("SET", keys.space(OTHER), community)
    await table.muse.app.left(SPACE)
    table.clock.shift(31 * DAY)
    await table.muse.settle()
    everything = await held(empty_url)
    assert f"space:{SPACE}" not in everything
    assert everything[shared.spaces] == ("set", [str(OTHER)])
    assert shared.pieces in everything
    assert shared.gone not in everything
    await table.muse.app.left(OTHER)
    table.clock.shift(31 * DAY)
    await table.muse.settle()
    assert traces(await held(empty_url), community) == []


async def test_a_space_that_moved_keeps_its_pointer(table: Table, empty_url: str) -> None:
    community = await lively(table)
    await table.muse.app.left(SPACE)
    table.clock.shift(31 * DAY)
    await table.muse.store.call("SET", keys.space(SPACE), "another")
    await table.muse.settle()
    assert (await held(empty_url))[f"space:{SPACE}"] == ("string", "another")
    assert community


@pytest.mark.parametrize("again", [1, 3])
async def test_killed_at_any_step(table: Table, empty_url: str, again: int) -> None:
    community = await lively(table)
    await table.muse.app.left(SPACE)
    table.clock.shift(31 * DAY)
    departures, now = Departures(table.muse.store), table.clock.now()
    for _ in range(again):
        parting = await departures.part(community, now, 30 * DAY)
        if not parting.erased:
            break  # it was quick
        killed = asyncio.create_task(departures.erase(community, now))
        for _ in range(20 * again):
            await asyncio.sleep(0)
        killed.cancel()
        await asyncio.gather(killed, return_exceptions=True)
    await table.muse.settle()
    assert traces(await held(empty_url), community) == []
    assert (await departures.part(community, now, 30 * DAY)).erased is False


async def test_coming_back_in_the_middle_of_it(table: Table, empty_url: str) -> None:
    community = await lively(table)
    await table.muse.app.left(SPACE)
    table.clock.shift(31 * DAY)
    departures, now = Departures(table.muse.store), table.clock.now()
    assert (await departures.part(community, now, 30 * DAY)).erased
    await table.do(Ask("we are back"))  # by the same process, which remembers the community
    assert await departures.erase(community, now) is False
    await table.muse.settle()
    assert (await table.rounds.read(await table.here())).round.prompt == "we are back"
    assert keys.community(community).gone not in await held(empty_url)


async def test_after_it_everything_begins_anew(table: Table) -> None:
    await lively(table)
    old = await table.here()
    await table.muse.app.left(SPACE)
    table.clock.shift(31 * DAY)
    await table.muse.settle()
    with pytest.raises(NotFound):
        await table.do(Vote((1,), round=old), "cy")
    await table.do(Ask("a lighthouse"))
    await table.do(Vote((1,)), "cy")
    assert (await table.rounds.latest(old.community, Address(SPACE, "room"))) != old
    assert items.erase(old.community) == f"erase:{old.community}:all"
