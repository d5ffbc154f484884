"""Places that join one community and part again, on a real Redis."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.actions import decode, request
from bot.cards import Buttons, Card
from bot.community_requests import (
    AddLore,
    Block,
    LinkSpace,
    Lore,
    NameOrganiser,
    SetRule,
    ShowLog,
    UnlinkSpace,
)
from bot.errors import LimitReached, MuseError, NotAllowed, NotFound, Refusal
from bot.models import RoundRef, RoundState, SpaceRef
from bot.requests import Ask, Close, Show, Top, Vote
from bot.storage import keys, spaces
from bot.storage.client import Store
from bot.storage.departures import Departures
from bot.storage.links import Kind, Links
from bot.storage.spaces import pointed_at
from bot.wording import en
from tests.dying import Dying, Killed
from tests.places import SERVER, TERMINAL, WORKSPACE, Places, first, user
from tests.support import FakeClock, raw, words


@pytest.fixture
def places(store: Store, clock: FakeClock) -> Places:
    return Places(store, clock)


async def community_of(places: Places, space: SpaceRef) -> str:
    """Where a place's pointer points."""
    return pointed_at(await places.store.call("GET", keys.space(space)))


async def members_of(places: Places, space: SpaceRef) -> set[str]:
    """The places of the community that a place began with."""
    return set(await places.store.call("SMEMBERS", keys.community(first(space)).spaces))


async def log(places: Places, space: SpaceRef) -> str:
    return words(await places.do(ShowLog(), space))


def buttons(card: Card) -> list[str]:
    return [b.action for block in card.blocks if isinstance(block, Buttons) for b in block.buttons]


# --- Before and after.


async def test_a_code_and_a_yes_make_two_places_one(places: Places) -> None:
    ours = await places.begin_round(first(SERVER), SERVER)
    theirs = await places.begin_round(first(WORKSPACE), WORKSPACE)
    await places.do(Vote((1,), (), theirs), WORKSPACE, "ben")
    code = await places.code()
    before = await places.do(LinkSpace(code), WORKSPACE)
    assert "the Discord server 100" in words(before)
    assert "top shows the other community’s boards" in words(before)
    assert "muse-admin unlink" in words(before)
    assert await community_of(places, WORKSPACE) == first(WORKSPACE)  # nothing was done yet
    (yes,) = buttons(before)
    after = await places.do(request(decode(yes)), WORKSPACE)
    assert "one community now" in words(after)
    await places.settle()
    assert await community_of(places, WORKSPACE) == first(SERVER)
    told = [
        card
        for stage in places.stages.values()
        for key, card in stage.posts.items()
        if "link:" in key
    ]
    assert sorted(words(card).split(".")[0] for card in told) == [
        (
            "The Slack workspace T200 has joined this community: its members play here now, and "
            "its organisers organise here too"
        ),
        "This place and the Discord server 100 are one community now",
    ]
    # What was open goes on where it was, also by its place's members alone.
    await places.do(Vote((2,), (), theirs), WORKSPACE, "cy")
    assert (await places.rounds.read(theirs)).round.voters == 2
    await places.do(Show(theirs), WORKSPACE, "cy")
    with pytest.raises(NotAllowed):
        await places.do(Vote((2,), (), theirs), SERVER, "cy")
    await places.do(Close(theirs), WORKSPACE)
    assert (await places.rounds.read(theirs)).round.state is RoundState.CLOSED
    # What begins now is the community's, for both.
    new = await places.begin_round(first(SERVER), WORKSPACE, "cy")
    await places.do(Vote((1,), (), new), SERVER, "dot")
    await places.do(Vote((1,), (), ours), WORKSPACE, "cy")
    assert (await places.rounds.read(new)).round.voters == 1
    await places.do(Close(new), SERVER)
    board = words(await places.do(Top(), WORKSPACE, "cy"))
    assert "1 " in board
    assert board == words(await places.do(Top(), SERVER, "dot"))


async def test_parting_brings_back_what_rested(places: Places) -> None:
    old = await places.begin_round(first(WORKSPACE), WORKSPACE)
    await places.do(Vote((1,), (), old), WORKSPACE, "ben")
    await places.do(Close(old), WORKSPACE)
    await places.do(SetRule("hours", "48"), WORKSPACE)
    await places.do(NameOrganiser("ben"), WORKSPACE)
    await places.settle()
    board = words(await places.do(Top(), WORKSPACE))
    await places.join()
    assert words(await places.do(Top(), WORKSPACE)) != board
    with pytest.raises(NotAllowed):  # the organisers are those of the community
        await places.do(ShowLog(), WORKSPACE, "ben")
    shared = await places.begin_round(first(SERVER), WORKSPACE)
    parted = await places.part()
    assert "has left this community" in words(parted)
    await places.settle()
    assert await community_of(places, WORKSPACE) == first(WORKSPACE)
    assert words(await places.do(Top(), WORKSPACE)) == board
    await places.do(ShowLog(), WORKSPACE, "ben")
    await places.do(Vote((1,), (), shared), WORKSPACE, "ben")  # where it was opened
    with pytest.raises(NotAllowed):
        await places.do(AddLore("they left"), WORKSPACE, "cy")
    assert await members_of(places, SERVER) == {str(SERVER)}
    assert await members_of(places, WORKSPACE) == {str(WORKSPACE)}
    told = places.stages["slack"].posts
    assert any("a community of its own again" in words(card) for card in told.values())


async def test_the_log_tells_who_asked_for_a_code_and_never_the_code(places: Places) -> None:
    codes = [await places.code() for _ in range(2)]
    told = await log(places, SERVER)
    assert told.count("asked for a code with which another place can join") == 2
    assert not any(code in told for code in codes)


async def test_an_asking_that_comes_once_more_is_logged_once(places: Places) -> None:
    await places.do(LinkSpace(""), at="asks")
    await places.do(AddLore("the gull"))
    places.clock.shift(timedelta(seconds=4))
    await places.do(LinkSpace(""), at="asks")
    assert (await log(places, SERVER)).count("asked for a code") == 1


async def test_both_logs_tell_of_it(places: Places) -> None:
    await places.join()
    assert "brought slack T200 into this community" in await log(places, SERVER)
    await places.part(by=WORKSPACE)
    assert "separated slack T200 from this community" in await log(places, SERVER)
    theirs = await log(places, WORKSPACE)
    assert "joined this place to discord 100" in theirs
    assert "separated this place from discord 100" in theirs
    assert (await log(places, SERVER)).count("slack T200") == 2


async def test_settings_start_from_the_community(places: Places) -> None:
    await places.do(SetRule("hours", "6"), SERVER)
    await places.do(SetRule("hours", "1", here=True), WORKSPACE)
    await places.join()
    ref = await places.begin_round(first(SERVER), WORKSPACE)
    round_ = (await places.rounds.read(ref)).round
    assert round_.closes - round_.opened == timedelta(hours=6)


async def test_a_terminal_can_join_too(places: Places) -> None:
    await places.join()
    await places.join(TERMINAL, WORKSPACE)  # a code from any place of the community
    assert await community_of(places, TERMINAL) == first(SERVER)
    listed = words(await places.do(UnlinkSpace(), SERVER))
    assert "the Discord server 100, with which the community began" in listed
    assert "the terminal terminal" in listed
    await places.part(TERMINAL, TERMINAL)
    assert await community_of(places, WORKSPACE) == first(SERVER)


async def test_what_was_latest_in_a_channel_is_still_found(places: Places) -> None:
    await places.begin_round(first(WORKSPACE), WORKSPACE)
    await places.join()
    await places.do(Vote((1,)), WORKSPACE, "ben")
    await places.begin_round(first(SERVER), WORKSPACE)
    await places.do(Vote((1,)), WORKSPACE, "ben")
    refs = await places.store.call("ZRANGE", keys.community(first(SERVER)).rounds, 0, -1)
    assert len(refs) == 1


# --- Codes.

_READ: dict[str, tuple[str | int, ...]] = {
    "hash": ("HGETALL",),
    "string": ("GET",),
    "set": ("SMEMBERS",),
    "zset": ("ZRANGE", 0, -1),
    "list": ("LRANGE", 0, -1),
}


async def test_codes_are_refused_alike(places: Places) -> None:
    used, over = await places.code(), await places.code()
    await places.do(LinkSpace(used, sure=True), WORKSPACE)
    with pytest.raises(NotFound) as after_use:
        await places.do(LinkSpace(used, sure=True), TERMINAL)
    places.clock.shift(timedelta(minutes=15))
    with pytest.raises(NotFound) as after_its_end:
        await places.do(LinkSpace(over), TERMINAL)
    with pytest.raises(NotFound) as wrong:
        await places.do(LinkSpace("BCDFG-HJKMN"), TERMINAL)
    assert {str(e.value) for e in (after_use, after_its_end, wrong)} == {en.CODE_WRONG}


async def test_a_code_is_good_until_its_end_however_it_is_typed(places: Places) -> None:
    code = await places.code()
    places.clock.shift(timedelta(minutes=14, seconds=59))
    card = await places.do(LinkSpace(code.lower().replace("-", "–")), WORKSPACE)
    assert "Join the Discord server 100?" in words(card)


async def test_five_tries_an_hour(places: Places) -> None:
    code = await places.code()
    for _ in range(5):
        with pytest.raises(NotFound):
            await places.do(LinkSpace("BCDFG-HJKMN"), WORKSPACE)
        places.clock.shift(timedelta(minutes=1))
    with pytest.raises(LimitReached, match="in 55 minutes"):
        await places.do(LinkSpace(code), WORKSPACE)
    await places.do(LinkSpace(code), TERMINAL)  # another place has tries of its own
    places.clock.shift(timedelta(minutes=55))
    for _ in range(12):  # who has the code right is not counted
        await places.do(LinkSpace(await places.code()), WORKSPACE)


async def test_many_tries_at_once_count_as_many(places: Places) -> None:
    tries = (places.do(LinkSpace("BCDFG-HJKMN"), WORKSPACE, process=n % 2) for n in range(40))
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, NotFound) for each in done) == 5
    assert sum(isinstance(each, LimitReached) for each in done) == 35


async def test_a_code_is_nowhere_in_redis(places: Places, redis_url: str) -> None:
    codes = [await places.code(), await places.own_code(WORKSPACE, "ben")]
    async with raw(redis_url) as ask:
        for key in await ask("KEYS", "*"):
            read, *rest = _READ[await ask("TYPE", key)]
            kept = f"{key} {await ask(read, key, *rest)}"
            assert not any(c in kept or c.replace("-", "") in kept for c in codes)


async def test_a_code_is_not_for_its_own_community(places: Places) -> None:
    with pytest.raises(NotAllowed, match="from this very community"):
        await places.do(LinkSpace(await places.code()), SERVER)


# --- Who may, and where.


async def test_only_organisers(places: Places) -> None:
    code = await places.code()
    for asked in (LinkSpace(), LinkSpace(code), LinkSpace(code, sure=True), UnlinkSpace()):
        with pytest.raises(NotAllowed):
            await places.do(asked, WORKSPACE, "ben")
    await places.do(LinkSpace(code, sure=True), WORKSPACE)
    for forged in (UnlinkSpace(str(WORKSPACE)), LinkSpace(code, sure=True)):
        with pytest.raises(NotAllowed):
            await places.do(forged, SERVER, "ben")
    await places.do(Block("eve"), SERVER)
    with pytest.raises(NotAllowed, match="blocked"):
        await places.do(UnlinkSpace(str(WORKSPACE)), SERVER, "eve", manages=True)
    with pytest.raises(NotFound):  # an organiser of another community
        await places.do(UnlinkSpace(str(WORKSPACE)), TERMINAL)
    assert await community_of(places, WORKSPACE) == first(SERVER)


async def test_who_is_parted_by_whom(places: Places) -> None:
    with pytest.raises(NotFound, match="No other place"):
        await places.do(UnlinkSpace(), SERVER)
    await places.join()
    await places.join(TERMINAL)
    with pytest.raises(NotAllowed, match="began with that place"):
        await places.part(SERVER, SERVER)
    with pytest.raises(NotAllowed, match="can separate it"):
        await places.part(TERMINAL, WORKSPACE)
    with pytest.raises(NotFound):
        await places.part(SpaceRef("discord", "404"), SERVER)
    assert len(buttons(await places.do(UnlinkSpace(), SERVER))) == 2
    (own,) = buttons(await places.do(UnlinkSpace(), WORKSPACE))
    assert request(decode(own)) == UnlinkSpace(str(WORKSPACE))


async def test_a_place_joins_once_and_alone(places: Places) -> None:
    await places.join()
    with pytest.raises(NotAllowed, match="joined another community already"):
        await places.join(WORKSPACE, TERMINAL)
    with pytest.raises(Refusal, match="Other places have joined"):
        await places.join(SERVER, TERMINAL)
    await places.part()
    await places.join(SERVER, WORKSPACE)
    assert await community_of(places, SERVER) == first(WORKSPACE)


async def test_two_places_that_join_each_other(places: Places) -> None:
    for _ in range(5):
        ours, theirs = await places.code(SERVER), await places.code(WORKSPACE)
        done = await asyncio.gather(
            places.do(LinkSpace(ours, sure=True), WORKSPACE, process=0),
            places.do(LinkSpace(theirs, sure=True), SERVER, process=1),
            return_exceptions=True,
        )
        assert all(isinstance(each, Card | Refusal) for each in done)
        await places.settle()
        joined = [
            space
            for space in (SERVER, WORKSPACE)
            if await community_of(places, space) != first(space)
        ]
        assert len(joined) == sum(isinstance(each, Card) for each in done) <= 1
        for space in (SERVER, WORKSPACE):  # whoever is where can play there
            await places.do(Ask("fog"), space)
        for space in joined:
            await places.part(space, space)
        for space in (SERVER, WORKSPACE):
            assert await members_of(places, space) == {str(space)}


async def test_a_community_has_so_many_places(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.links.MOST_PLACES", 2)
    await places.join()
    with pytest.raises(LimitReached):
        await places.join(TERMINAL)
    assert await community_of(places, TERMINAL) == first(TERMINAL)
    await places.do(Ask("fog"), TERMINAL)


async def test_a_code_is_used_once_by_two_at_once(places: Places) -> None:
    code = await places.code()
    done = await asyncio.gather(
        places.do(LinkSpace(code, sure=True), WORKSPACE, process=0),
        places.do(LinkSpace(code, sure=True), TERMINAL, process=1),
        return_exceptions=True,
    )
    assert [type(each) for each in done].count(Card) == 1
    (refused,) = [each for each in done if isinstance(each, MuseError)]
    assert str(refused) == en.CODE_WRONG
    assert len(await members_of(places, SERVER)) == 2


# --- What is remembered, lost and late.


async def test_a_process_that_remembers_the_old_community(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spaces, "KEPT", 3600.0)  # nothing is read anew but by "foreign"
    old = await places.begin_round(first(WORKSPACE), WORKSPACE)
    await places.do(Show(), WORKSPACE, process=1)
    await places.join()
    await places.do(Vote((1,), (), old), WORKSPACE, "ben", process=1)
    await places.do(Ask("snow"), WORKSPACE, "ben", process=1, at="snow")
    rounds = await places.store.call("ZCARD", keys.community(first(SERVER)).rounds)
    assert rounds == 1
    await places.part()
    await places.do(SetRule("hours", "6"), WORKSPACE, process=1)
    assert await places.store.call("HGET", keys.community(first(WORKSPACE)).rules, "hours") == "6"
    assert not await places.store.call("EXISTS", keys.community(first(SERVER)).rules)


async def test_reads_are_stale_for_moments_only(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spaces, "KEPT", 0.0)
    await places.do(AddLore("the lift is called Gerald"), SERVER)
    assert "Gerald" not in words(await places.do(Lore(), WORKSPACE, process=1))
    await places.join()
    assert "Gerald" in words(await places.do(Lore(), WORKSPACE, process=1))


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("after", [False, True])
async def test_killed_at_each_step(places: Places, store: Store, kind: Kind, after: bool) -> None:
    old = await places.begin_round(first(WORKSPACE), WORKSPACE)
    if kind is Kind.PART:
        await places.join()
    killed = 0
    for left in range(20):
        asked = (
            LinkSpace(await places.code(), sure=True)
            if kind is Kind.JOIN
            else UnlinkSpace(str(WORKSPACE))
        )
        places.processes[1] = places.process(Dying(store, left, after=after))
        try:
            await places.do(asked, WORKSPACE, process=1)
        except Killed:
            killed += 1
        # Whatever is half done, everybody can play on, and no vote is lost.
        await places.do(Vote((1,), (), old), WORKSPACE, f"voter{left}", process=0)
        await places.do(Ask("fog"), WORKSPACE, process=0)
        places.processes[1] = places.process(store)
        await places.settle()
        move = await places.store.call("HGET", keys.community(first(WORKSPACE)).move, "state")
        assert move in (None, "done")
        done = (await community_of(places, WORKSPACE) == first(SERVER)) is (kind is Kind.JOIN)
        if done:
            names = {str(SERVER), str(WORKSPACE)}
            joined = kind is Kind.JOIN
            assert await members_of(places, SERVER) == (names if joined else {str(SERVER)})
            assert await members_of(places, WORKSPACE) == (set() if joined else {str(WORKSPACE)})
            if joined:
                await places.part()
            else:
                await places.join()
    # Both ways were recorded as often as they were done.
    ours, theirs = [
        [
            deed
            for deed in await store.call("LRANGE", keys.community(first(s)).log, 0, -1)
            if "place-" in deed and "place-code" not in deed
        ]
        for s in (SERVER, WORKSPACE)
    ]
    assert len(ours) == len(theirs) >= 20
    for told in ("place-joined", "place-parted"):
        assert abs(2 * sum(f'"{told}"' in deed for deed in ours) - len(ours)) <= 1
    assert killed == (6 if kind is Kind.PART else 10)
    assert (await places.rounds.read(old)).round.voters == 20


async def test_a_step_that_comes_too_late_does_nothing(places: Places, store: Store) -> None:
    await places.do(Ask("fog"), WORKSPACE)
    code = await places.code()
    links = Links(store)
    places.processes[1] = places.process(Dying(store, 4, after=False))
    with pytest.raises(Killed):
        await places.do(LinkSpace(code, sure=True), WORKSPACE, process=1)
    (number,) = [await store.call("HGET", keys.community(first(WORKSPACE)).move, "number")]
    late = await links.read(RoundRef(first(WORKSPACE), number))
    assert late is not None
    places.processes[1] = places.process(store)
    await places.settle()
    assert await community_of(places, WORKSPACE) == first(SERVER)
    await places.part()
    # The process was only stopped: it wakes up, and goes on where it was.
    await links.carry_out(late, places.clock.now())
    assert await community_of(places, WORKSPACE) == first(WORKSPACE)
    assert await members_of(places, SERVER) == {str(SERVER)}
    assert await members_of(places, WORKSPACE) == {str(WORKSPACE)}
    assert not await store.call("HEXISTS", keys.community(first(WORKSPACE)).record, "away")


async def test_a_move_told_twice_is_one(places: Places) -> None:
    code = await places.code()
    await asyncio.gather(
        *(
            places.do(LinkSpace(code, sure=True), WORKSPACE, at="joins", process=n % 2)
            for n in range(6)
        ),
        return_exceptions=True,
    )
    await places.settle()
    assert await community_of(places, WORKSPACE) == first(SERVER)
    assert (await log(places, SERVER)).count("brought") == 1


# --- With what is erased.


async def test_what_a_joined_place_left_behind_goes_with_it(
    places: Places, store: Store, clock: FakeClock
) -> None:
    await places.begin_round(first(WORKSPACE), WORKSPACE)
    await places.begin_round(first(SERVER), SERVER)
    departures = Departures(store)
    month = timedelta(days=31)
    await departures.left(WORKSPACE, clock.now(), clock.now() + month)
    await departures.back(WORKSPACE)
    await places.join()
    clock.shift(month)
    await places.settle()  # an old date for the erasing comes, and it is there still
    assert await store.call("EXISTS", keys.community(first(WORKSPACE)).rounds)
    await departures.left(WORKSPACE, clock.now(), clock.now() + month)
    clock.shift(month)
    await places.settle()
    await places.settle()
    number = keys.shard(first(WORKSPACE))
    kept = await store.call("KEYS", f"{{{number}}}*{first(WORKSPACE)}*")
    assert kept == []
    assert await store.call("GET", keys.space(WORKSPACE)) is None
    assert await members_of(places, SERVER) == {str(SERVER)}
    assert await store.call("EXISTS", keys.community(first(SERVER)).record)
    await places.do(Ask("fog"), WORKSPACE)  # it may come again
    await places.join()
    assert await community_of(places, WORKSPACE) == first(SERVER)
    assert user(WORKSPACE, "org").platform == "slack"
