"""The boards: ranks, pages, times, and what is let go in the end."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.game.closing import HALL
from bot.game.composing import Composers
from bot.game.periods import month_of, period_key, week_of
from bot.listings import EntryRow, PersonRow
from bot.models import Origin, RoundRef
from bot.requests import Add, Ask, Close, Show, Top, Vote
from bot.settings import LimitSettings
from bot.storage import keys
from bot.storage.boards import Boards, Closer
from bot.storage.client import Store
from bot.storage.rounds import Rounds
from bot.storage.spaces import Spaces
from bot.storage.votes import Turn, Votes
from bot.wiring import compose
from tests.support import (
    ADDRESS,
    SPACE,
    START,
    FakeClock,
    MemoryStage,
    ScriptedWriter,
    Table,
    draft,
    event,
    member,
    opening,
    words,
)


class Season:
    """Rounds played straight on the store."""

    def __init__(self, store: Store, community: str, zone: str = "UTC") -> None:
        self.store, self.community, self.zone = store, community, zone
        self.rounds, self.votes, self.boards = Rounds(store), Votes(store), Boards(store)

    async def play(
        self, votes: dict[int, int], now: datetime = START, *, authors: tuple[str, ...] = ()
    ) -> RoundRef:
        """A closed round: entry → how many of twelve voters approve it. The last entries are
        those of `authors`.
        """
        wanted = max(votes) - len(authors)
        ref = await self.rounds.open(
            self.community, event(), member("ana"), ADDRESS, opening(now, wanted=wanted), now
        )
        for number in range(1, wanted + 1):
            await self.rounds.place(ref, number, draft(f"piece {number}", origin=Origin.AI))
        for author in authors:
            await self.rounds.add(ref, event(), SPACE, member(author), f"by {author}", 0, 60)
        for voter in range(12):
            entries = [number for number, count in votes.items() if voter < count]
            if entries:
                await self.votes.turn(
                    ref, event(), SPACE, member(f"v{voter}"), entries, Turn.ON, (), now
                )
        await self.close(ref, now)
        return ref

    async def close(self, ref: RoundRef, now: datetime) -> None:
        await self.boards.close(
            ref,
            Closer(event(), SPACE, member("ana"), manages=False),
            month_of(now, self.zone),
            week_of(now, self.zone),
            now,
            now + timedelta(days=90),
        )


@pytest.fixture
async def season(store: Store) -> Season:
    return Season(store, (await Spaces(store, "UTC").community(SPACE, START)).id)


# --- Ranks and pages.


async def test_equal_scores_share_a_rank_across_pages(season: Season) -> None:
    # Three with 6 of 6, four with 3 of 6, one with 1 of 6: ranks 1 1 1 4 4 4 4 8.
    await season.play({1: 6, 2: 6, 3: 6, 4: 3, 5: 3, 6: 3, 7: 3, 8: 1})
    whole = await season.boards.entries(season.community, "all", 0, 100)
    assert whole.total == 8
    assert [row.rank for row in whole.rows] == [1, 1, 1, 4, 4, 4, 4, 8]
    for size in (1, 2, 3, 5):
        paged: list[EntryRow] = []
        for first in range(0, 8, size):
            page = await season.boards.entries(season.community, "all", first, size)
            assert page.total == 8
            assert len(page.rows) == min(size, 8 - first)
            paged += page.rows
        assert tuple(paged) == whole.rows
    past = await season.boards.entries(season.community, "all", 8, 10)
    assert (past.total, past.rows) == (8, ())


async def test_people_share_ranks_too(season: Season) -> None:
    await season.play({1: 1, 2: 5, 3: 5, 4: 2, 5: 5}, authors=("bo", "cem", "dua", "eli"))
    for size in (1, 2, 4):
        rows: list[PersonRow] = []
        for first in range(0, 4, size):
            rows += (await season.boards.people(season.community, "all", first, size)).rows
        found = {row.user.id: (row.rank, row.points) for row in rows if row.user}
        assert found == {"bo": (1, 5), "cem": (1, 5), "eli": (1, 5), "dua": (4, 2)}


async def test_an_entry_nobody_approved_is_on_no_board(season: Season) -> None:
    await season.play({1: 1, 2: 0}, authors=("bo",))
    assert (await season.boards.entries(season.community, "all", 0, 10)).total == 1
    assert (await season.boards.people(season.community, "all", 0, 10)).total == 0


async def test_a_row_tells_all_about_its_entry(season: Season) -> None:
    ref = await season.play({1: 2, 2: 4}, authors=("bo",))
    rows = (await season.boards.entries(season.community, "all", 0, 10)).rows
    mine, written = rows
    assert (mine.round, mine.number, mine.text, mine.prompt) == (
        ref.round,
        2,
        "by bo",
        "a lighthouse",
    )
    assert (mine.author, mine.written, mine.origin) == (member("bo"), False, Origin.HUMAN)
    assert (mine.approvals, mine.seen_by) == (4, 4)
    assert mine.score == pytest.approx((4 + 5 * 0.3) / (4 + 5), abs=1e-6)
    assert (written.author, written.written, written.lens) == (None, True, "letter")


async def test_points_for_a_remix_go_to_both(season: Season) -> None:
    ref = await season.rounds.open(
        season.community, event(), member("ana"), ADDRESS, opening(START, wanted=1), START
    )
    await season.rounds.place(ref, 1, draft("one", origin=Origin.AI))

    async def add(who: str, text: str, parent: int) -> None:
        await season.rounds.add(ref, event(), SPACE, member(who), text, parent, 60)

    async def vote(who: str, *entries: int) -> None:
        await season.votes.turn(ref, event(), SPACE, member(who), entries, Turn.ON, (), START)

    await add("bo", "bo’s", 0)  # 2
    await add("cem", "cem’s from bo’s", 2)  # 3
    await add("bo", "bo’s from bo’s", 2)  # 4: a remix of one’s own
    await add("dua", "dua’s from Muse’s", 1)  # 5
    await vote("bo", 3, 5)  # the ancestor’s own vote gives the ancestor nothing
    await vote("eli", 3, 4, 5)
    await vote("fay", 2, 3, 4)
    await vote("cem", 1)
    await season.close(ref, START)
    people = await season.boards.people(season.community, "all", 0, 10)
    points = {row.user.id: row.points for row in people.rows if row.user}
    # bo: 1 for 2, 2 for 4, and half of each of the two votes on 3 that were not bo’s.
    assert points == {"bo": 1 + 2 + 1, "cem": 3, "dua": 2}
    tallies = (await season.rounds.read(ref)).round.tallies
    # Four voted after all was there; each entry’s author is left out.
    assert {n: t.seen_by for n, t in tallies.items()} == {1: 4, 2: 3, 3: 3, 4: 3, 5: 4}


async def test_the_prior_is_the_communitys_own(season: Season) -> None:
    await season.play({1: 12, 2: 6, 3: 12})
    ref = await season.play({1: 1})
    sums = await season.store.call(
        "HMGET", keys.community(season.community).record, "approvals", "chances"
    )
    assert list(map(int, sums)) == [31, 37]
    prior = (await season.rounds.read(ref)).round.prior
    assert prior == pytest.approx((30 + 3) / (36 + 10), abs=1e-6)


async def test_pages_as_members_turn_them(table: Table) -> None:
    table.writer.origin = Origin.AI
    for n in range(3):
        await table.do(Ask(f"prompt {n}"), "ana")
        await table.do(Vote((1, 2, 3, 4)), "bo")
        await table.do(Close(), "ana")
    first = words(await table.quick(Top("entries", "week", 1)))
    second = words(await table.quick(Top("entries", "week", 2)))
    third = words(await table.quick(Top("entries", "week", 3)))
    assert "1–10 of 12" in first
    assert "11–12 of 12" in second
    assert "past the end" in third
    assert first.count("1 of 1") == 10
    assert second.count("1 of 1") == 2
    lenses = words(await table.quick(Top("lenses", "all")))
    assert "100 %" in lenses


# --- Times.


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "week", "month"),
    [
        ("2026-11-23T12:00", "UTC", "2026-W48", "2026-11"),
        # The last days of a year may be of the next year's first week, and the other way.
        ("2024-12-30T00:00", "UTC", "2025-W01", "2024-12"),
        ("2024-12-29T23:59", "UTC", "2024-W52", "2024-12"),
        ("2027-01-01T00:00", "UTC", "2026-W53", "2027-01"),
        ("2027-01-03T23:59", "UTC", "2026-W53", "2027-01"),
        ("2027-01-04T00:00", "UTC", "2027-W01", "2027-01"),
        # Sunday in Honolulu is Monday in Auckland.
        ("2026-11-22T23:30", "Pacific/Honolulu", "2026-W47", "2026-11"),
        ("2026-11-22T23:30", "Pacific/Auckland", "2026-W48", "2026-11"),
        ("2026-11-30T23:30", "Asia/Tokyo", "2026-W49", "2026-12"),
        # Vienna's summer ends in the night to Sunday 25 October 2026, at 01:00 UTC: midnight to
        # Monday is 22:00 UTC a week before, 23:00 after.
        ("2026-10-18T21:59", "Europe/Vienna", "2026-W42", "2026-10"),
        ("2026-10-18T22:00", "Europe/Vienna", "2026-W43", "2026-10"),
        ("2026-10-25T22:30", "Europe/Vienna", "2026-W43", "2026-10"),
        ("2026-10-25T23:00", "Europe/Vienna", "2026-W44", "2026-10"),
        # And begins on Sunday 28 March 2027.
        ("2027-03-28T21:59", "Europe/Vienna", "2027-W12", "2027-03"),
        ("2027-03-28T22:00", "Europe/Vienna", "2027-W13", "2027-03"),
        ("2027-03-21T22:30", "Europe/Vienna", "2027-W11", "2027-03"),
    ],
)
def test_weeks_and_months_are_the_communitys(moment: str, zone: str, week: str, month: str) -> None:
    assert week_of(at(moment), zone) == week
    assert month_of(at(moment), zone) == month
    assert period_key("week", at(moment), zone) == week
    assert period_key("month", at(moment), zone) == month
    assert period_key("all", at(moment), zone) == "all"


async def test_a_round_counts_in_the_week_it_closed_in(store: Store) -> None:
    """Asked on a Sunday evening in Auckland, closed on its Monday: it is the new week's."""
    clock, stage = FakeClock(at("2026-11-22T10:00")), MemoryStage()  # Sunday 23:00 there
    rng = Random(1)
    muse = compose(
        store,
        clock,
        Composers.by(ScriptedWriter()),
        LimitSettings(),
        "Pacific/Auckland",
        {"test": stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
    )
    table = Table(muse, clock, stage, ScriptedWriter())
    await table.do(Ask("a lighthouse"))
    await table.do(Vote((1,)), "bo")
    clock.shift(timedelta(hours=2))
    await table.do(Close())
    assert "a lighthouse" in words(await table.quick(Top("entries", "week")))
    boards, community = Boards(store), (await table.here()).community
    assert (await boards.entries(community, "2026-W48", 0, 10)).total == 1
    assert (await boards.entries(community, "2026-W47", 0, 10)).total == 0
    clock.shift(timedelta(days=7))
    assert "Nothing is here" in words(await table.quick(Top("entries", "week")))
    assert "a lighthouse" in words(await table.quick(Top("entries", "month")))
    clock.shift(timedelta(days=3))
    assert "Nothing is here" in words(await table.quick(Top("entries", "month")))
    assert "a lighthouse" in words(await table.quick(Top("entries", "all")))


# --- The end.


async def test_a_round_is_let_go_after_ninety_days(table: Table) -> None:
    store = table.muse.store
    await table.do(Ask("kept"), "ana")
    ref = await table.here()
    await table.do(Add("by bo", 0, ref), "bo")
    await table.do(Vote((1, 5), (), ref), "cem")
    await table.do(Close(ref), "ana")
    table.clock.shift(timedelta(days=89, hours=23))
    await table.muse.settle()
    await table.do(Show(ref), "ana")
    table.clock.shift(timedelta(hours=2))
    await table.muse.settle()

    number = keys.shard(ref.community)
    lasting = (keys.space(SPACE), keys.communities(number), keys.community(ref.community).record)
    boards = f"{{{number}}}:b:{ref.community}:"
    for key in await store.call("KEYS", "*"):
        assert key.startswith((*lasting, boards))
        assert not key.endswith(":channels")
        if key.startswith(boards):
            assert key.removeprefix(boards).rpartition(":")[2] in ("all", "pieces", "hall")
        held = await everything_in(store, key)
        assert ref.round not in held or key.startswith(boards)
    # The hall of fame is a copy, and shows as it did.
    page = await Boards(store).entries(ref.community, "all", 0, 10)
    assert {(row.text, row.prompt, row.approvals) for row in page.rows} >= {("by bo", "kept", 1)}
    assert "by bo" in words(await table.quick(Top("entries", "all")))
    assert "1 point" in words(await table.quick(Top("people", "all")))


async def everything_in(store: Store, key: str) -> str:
    """What a key holds, as text."""
    read = {
        "string": ("GET", key),
        "hash": ("HGETALL", key),
        "set": ("SMEMBERS", key),
        "zset": ("ZRANGE", key, 0, -1),
        "list": ("LRANGE", key, 0, -1),
    }
    return str(await store.call(*read[await store.call("TYPE", key)]))


async def test_a_round_taken_back_is_let_go_too(table: Table) -> None:
    await table.do(Ask("kept"), "ana")
    ref = await table.here()
    community = await table.community()
    now = table.clock.now()
    await table.rounds.withdraw(ref, SPACE, member("ana"), now + timedelta(days=90), now)
    table.clock.shift(timedelta(days=91))
    await table.muse.settle()
    left = await table.muse.store.call("KEYS", "*")
    assert not [key for key in left if ref.round in key or ":agenda" in key]
    assert await table.rounds.latest(community.id, ADDRESS) is None


async def test_the_first_hundred_stay_and_the_rest_is_trimmed(table: Table) -> None:
    store = table.muse.store
    community = (await table.community()).id
    season = Season(store, community)
    # 26 rounds of six entries with approvals: 156 on the board of all time.
    for n in range(26):
        counts = {number: 1 + (n + number) % 12 for number in range(1, 7)}
        await season.play(counts, START + timedelta(hours=n))
    boards = Boards(store)
    before = await boards.entries(community, "all", 0, 200)
    assert before.total == 156
    table.clock.shift(timedelta(days=92))
    await table.muse.settle()
    assert await store.call("ZRANGE", keys.agenda(keys.shard(community)), 0, -1) == []
    after = await boards.entries(community, "all", 0, 200)
    assert after.total == HALL
    assert [row.score for row in after.rows] == [row.score for row in before.rows[:HALL]]
    assert all(row.text and row.prompt for row in after.rows)
    root = keys.community(community)
    assert await store.call("HLEN", root.pieces) == HALL
    assert await store.call("SCARD", root.hall) == HALL
    assert not [key for key in await store.call("KEYS", "*") if ":r:" in key]
    # Better ones come: those that fall out of the hall go, piece and all.
    late = START + timedelta(days=92)
    for n in range(3):
        await season.play(dict.fromkeys(range(1, 7), 12), late + timedelta(hours=n))
    table.clock.shift(timedelta(days=92))
    await table.muse.settle()
    assert await store.call("ZRANGE", keys.agenda(keys.shard(community)), 0, -1) == []
    last = await boards.entries(community, "all", 0, 200)
    assert last.total == HALL
    assert await store.call("HLEN", root.pieces) == HALL
    assert await store.call("SCARD", root.hall) == HALL


async def test_rounds_that_stay_keep_their_boards(table: Table) -> None:
    """One round goes; the same month's others are still there, and so are their boards."""
    community = (await table.community()).id
    season = Season(table.muse.store, community)
    await season.play({1: 3, 2: 2}, START - timedelta(days=20), authors=("bo",))
    await season.play({1: 3, 2: 2}, START, authors=("cem",))
    table.clock.shift(timedelta(days=75))
    await table.muse.settle()
    boards = Boards(table.muse.store)
    assert (await boards.entries(community, "2026-11", 0, 10)).total == 2
    assert (await boards.entries(community, "2026-W48", 0, 10)).total == 2
    assert (await boards.people(community, "2026-W48", 0, 10)).total == 1


async def test_boards_of_a_running_month_outlive_its_first_rounds(store: Store) -> None:
    """With rounds kept for eight days, the month's people and angles still count in full."""
    clock, stage, writer = FakeClock(at("2026-11-02T12:00")), MemoryStage(), ScriptedWriter()
    rng = Random(1)
    muse = compose(
        store,
        clock,
        Composers.by(writer),
        LimitSettings(keep_days=8),
        "UTC",
        {"test": stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
    )
    table = Table(muse, clock, stage, writer)
    for author in ("bo", "cem"):
        await table.do(Ask(f"for {author}"), "ana")
        await table.do(Add(f"by {author}"), author)
        await table.do(Vote((5,)), "dua")
        await table.do(Close(), "ana")
        clock.shift(timedelta(days=7))
        await muse.settle()
    clock.shift(timedelta(days=1))  # the first round has been let go by now
    await muse.settle()
    people = words(await table.quick(Top("people", "month")))
    assert "@bo" in people
    assert "@cem" in people
    clock.shift(timedelta(days=31))
    await muse.settle()
    assert not [key for key in await store.call("KEYS", "*") if "2026-" in key or ":r:" in key]


async def test_many_close_at_once(season: Season) -> None:
    refs = await asyncio.gather(*(season.play({1: 2, 2: 1}, authors=("bo",)) for _ in range(20)))
    assert len(set(refs)) == 20
    page = await season.boards.people(season.community, "all", 0, 10)
    assert [(row.user, row.points) for row in page.rows] == [(member("bo"), 20)]
