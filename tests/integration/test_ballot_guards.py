"""Each rule of the ballots' scripts, one by one: what no use case would ask for is refused too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.ballot import OwnBallot
from bot.challenge import Side
from bot.errors import NotAllowed
from bot.models import Facet, Origin, SpaceRef
from bot.stats.pairing import MOST, Offer
from bot.storage import keys
from bot.storage.ballots import Ballots, NotVoting
from bot.storage.charters import mark
from bot.storage.refusals import ForeignSpace
from bot.storage.votes import pairs
from tests.challenging import VotingChallenge, pool_of, voting_challenge
from tests.support import SPACE, Table, event, member


@dataclass
class Polls:
    """A challenge of seven entries, and what the scripts of its ballots are told."""

    table: Table
    voting: VotingChallenge

    def __post_init__(self) -> None:
        self.ballots = Ballots(self.table.muse.store)
        self.own = keys.challenge_keys(self.voting.ref.community, self.voting.ref.challenge)
        self.mine = self.voting.alias_of("author1")

    async def open(self, who: str = "zoe") -> OwnBallot:
        now = self.table.clock.now()
        return await self.ballots.open(self.voting.ref, SPACE, member(who), now)

    async def offer(
        self, left: str, right: str, who: str = "zoe", *, final: bool = False
    ) -> OwnBallot:
        """Offer two by their aliases, as whoever read the ballot just now."""
        return await self.offered(await self.open(who), left, right, who, final=final)

    async def offered(
        self, ballot: OwnBallot, left: str, right: str, who: str = "zoe", *, final: bool = False
    ) -> OwnBallot:
        place = ballot.standing.index
        now = self.table.clock.now()
        made = Offer(place(left), place(right), final)
        return await self.ballots.offer(ballot, made, SPACE, member(who), now)

    async def pick(
        self, side: Side, number: int = 0, at: str = "", who: str = "zoe", wait: float = 3
    ) -> OwnBallot:
        self.table.clock.shift(timedelta(seconds=wait))
        now, ident = self.table.clock.now(), at or event()
        return await self.ballots.pick(
            self.voting.ref, ident, SPACE, member(who), number, side, now
        )

    async def unpick(self, number: int = 0, at: str = "", who: str = "zoe") -> OwnBallot:
        now, ident = self.table.clock.now(), at or event()
        return await self.ballots.unpick(self.voting.ref, ident, SPACE, member(who), number, now)

    async def more(self, who: str = "zoe") -> OwnBallot:
        now = self.table.clock.now()
        return await self.ballots.more(self.voting.ref, SPACE, member(who), now)

    async def ask(self, *aliases: str, who: str = "zoe") -> OwnBallot:
        now = self.table.clock.now()
        return await self.ballots.ask(self.voting.ref, SPACE, member(who), aliases, now)

    async def hide(self, alias: str, *, on: bool = True) -> None:
        store = self.table.muse.store
        kept = await store.call("HGET", self.own.pool, alias)
        changed = kept.replace("{", '{"hd": "organiser", ', 1) if on else kept
        if not on:
            changed = kept.replace('"hd": "organiser", ', "", 1)
        await store.call("HSET", self.own.pool, alias, changed)
        await store.call("HINCRBY", self.own.record, "rev", 1)

    async def shown(self) -> dict[str, str]:
        return pairs(await self.table.muse.store.call("HGETALL", self.own.shown))

    async def kept(self, field: str) -> str | None:
        found = await self.table.muse.store.call("HGET", self.own.ballots, field)
        return None if found is None else str(found)


@pytest.fixture
async def polls(table: Table) -> Polls:
    made = await voting_challenge(table.muse.store, table.clock, pool_of(5, 2))
    return Polls(table, made)


def others(polls: Polls) -> list[str]:
    return sorted(alias for alias in polls.voting.pool if alias != polls.mine)


# --- Offers.


async def test_one_offer_stands_at_a_time(polls: Polls) -> None:
    a, b, c, d, *_ = others(polls)
    stale = await polls.open()
    assert (await polls.offer(a, b)).word == "offered"
    second = await polls.offered(stale, c, d)
    assert second.word == "stands"
    assert second.offer is not None
    assert (second.offer.left, second.offer.right) == (a, b)


async def test_an_offer_is_the_next_of_its_ballot(polls: Polls) -> None:
    a, b, c, d, *_ = others(polls)
    stale = await polls.open()
    await polls.offer(a, b)
    await polls.pick(Side.SKIP)
    before = await polls.shown()
    assert (await polls.offered(stale, c, d)).word == "moved"
    assert await polls.shown() == before


@pytest.mark.parametrize("more", [False, True])
async def test_no_offer_beyond_the_quota_whoever_asks(polls: Polls, more: bool) -> None:
    names = others(polls)
    distinct = [(a, b) for a in names for b in names if a < b]
    distinct += [(polls.mine, b) for b in names]  # for somebody who made none of them
    quota = MOST if more else 7
    for number, (a, b) in enumerate(distinct[:quota], 1):
        assert (await polls.offer(a, b, "eve")).word == "offered", number
        if more and number == 1:
            await polls.more("eve")
        await polls.pick(Side.SKIP, who="eve")
    if more:  # whatever is kept of their quota, there is an end to it
        store = polls.table.muse.store
        who = (await polls.open("eve")).member
        await store.call("HSET", polls.own.ballots, f"q{who}", 500)
    assert (await polls.offer(*distinct[quota], "eve")).word == "moved"


async def test_more_is_for_who_has_begun(polls: Polls) -> None:
    a, b, *_ = others(polls)
    await polls.more("author2")  # who is known, and was offered nothing
    assert await polls.kept(f"q{polls.voting.numbers[member('author2')]}") is None
    await polls.offer(a, b, "eve")
    assert (await polls.more("eve")).quota == MOST


async def test_no_entry_meets_itself_and_no_pair_comes_twice_either_way_round(polls: Polls) -> None:
    a, b, *_ = others(polls)
    assert (await polls.offer(a, a)).word == "moved"
    await polls.offer(a, b)
    await polls.pick(Side.SKIP)
    assert (await polls.offer(a, b)).word == "moved"
    assert (await polls.offer(b, a)).word == "moved"


async def test_no_own_entry_on_either_side(polls: Polls) -> None:
    a, *_ = others(polls)
    assert (await polls.offer(polls.mine, a, "author1")).word == "moved"
    assert (await polls.offer(a, polls.mine, "author1")).word == "moved"
    assert (await polls.offer(polls.mine, a, "eve")).word == "offered"


async def test_what_is_hidden_is_offered_on_neither_side(polls: Polls) -> None:
    a, b, *_ = others(polls)
    for left, right in ((a, b), (b, a)):
        ballot = await polls.open()
        await polls.hide(a)
        assert (await polls.offered(ballot, left, right)).word == "moved"
        await polls.hide(a, on=False)


async def test_what_was_shown_since_is_not_the_fairest_any_more(polls: Polls) -> None:
    a, b, c, d, *_ = others(polls)
    for left, right in ((a, b), (b, a)):
        ballot = await polls.open("eve")
        await polls.table.muse.store.call("HINCRBY", polls.own.shown, a, 1)
        assert (await polls.offered(ballot, left, right, "eve")).word == "moved"
    ballot = await polls.open("eve")
    await polls.table.muse.store.call("HINCRBY", polls.own.shown, a, 1)
    assert (await polls.offered(ballot, c, d, "eve")).word == "offered", "which is none of theirs"


async def test_finals_are_counted_apart_and_read_back(polls: Polls) -> None:
    a, b, *_ = others(polls)
    await polls.offer(a, b, final=True)
    pair = "|".join(sorted((a, b)))
    assert await polls.shown() == {f"f:{a}": "1", f"f:{b}": "1", f"f:{pair}": "1"}
    assert dict((await polls.open("eve")).shown) == {f"f:{a}": 1, f"f:{b}": 1}
    ballot = await polls.pick(Side.LEFT)
    assert [pick.final for pick in ballot.picks] == [True]
    ballot = await polls.unpick()
    assert ballot.offer is not None
    assert (ballot.offer.final, ballot.offer.asked_again) == (True, True)
    assert [pick.final for pick in (await polls.pick(Side.RIGHT, wait=0)).picks] == [True]


# --- Picks.


async def test_an_event_picks_once_whatever_stands_by_then(polls: Polls) -> None:
    a, b, c, d, *_ = others(polls)
    await polls.offer(a, b)
    await polls.pick(Side.LEFT, at="once")
    await polls.offer(c, d)
    ballot = await polls.pick(Side.LEFT, at="once")
    assert (ballot.word, ballot.picked) == ("again", 1)
    polls.table.clock.shift(timedelta(hours=2, minutes=1))
    await polls.pick(Side.SKIP, at="another")
    seen = keys.community(polls.voting.ref.community).seen
    assert await polls.table.muse.store.call("ZRANGE", seen, 0, -1) == ["another"]


async def test_a_number_picks_its_own_offer_alone(polls: Polls) -> None:
    a, b, c, d, *_ = others(polls)
    await polls.offer(a, b)
    await polls.pick(Side.LEFT)
    await polls.offer(c, d)
    assert (await polls.pick(Side.LEFT, 1)).word == "again", "the same side"
    assert (await polls.pick(Side.RIGHT, 1)).word == "late", "another side"
    assert (await polls.pick(Side.LEFT, 3)).word == "late", "what is not offered yet"
    assert (await polls.pick(Side.LEFT, 2)).word == "picked"


async def test_two_seconds_are_enough_and_a_skip_needs_none(polls: Polls) -> None:
    a, b, c, d, *_ = others(polls)
    await polls.offer(a, b)
    assert (await polls.pick(Side.LEFT, wait=1.999)).word == "quick"
    assert (await polls.pick(Side.LEFT, wait=0)).word == "picked", "asked again once"
    await polls.offer(c, d)
    assert (await polls.pick(Side.LEFT, wait=2)).word == "picked"
    await polls.offer(a, c)
    assert (await polls.pick(Side.SKIP, wait=0)).word == "skipped"


async def test_a_pick_among_what_was_hidden_meanwhile_is_none(polls: Polls) -> None:
    a, b, *_ = others(polls)
    await polls.offer(a, b)
    await polls.hide(b)
    ballot = await polls.pick(Side.LEFT)
    assert (ballot.word, ballot.picked, ballot.offer) == ("passed", 0, None)
    assert (await polls.open()).word == "open", "it was passed over once"


async def test_opening_passes_over_what_is_hidden(polls: Polls) -> None:
    a, b, *_ = others(polls)
    await polls.offer(a, b)
    await polls.hide(a)
    ballot = await polls.open()
    assert (ballot.word, ballot.offer) == ("passed", None)


async def test_the_first_pick_says_where_from_and_that_they_took_part(polls: Polls) -> None:
    a, b, c, d, *_ = others(polls)
    shared = keys.community(polls.voting.ref.community)
    store = polls.table.muse.store
    await polls.offer(a, b)
    who = (await polls.pick(Side.SKIP)).member
    assert await polls.kept(f"w{who}") is None, "a skip is no pick"
    assert await store.call("HGET", shared.record, f"p{who}") is None
    await polls.offer(c, d)
    await polls.pick(Side.LEFT)
    assert await polls.kept(f"w{who}") == str(SPACE)
    assert await store.call("HGET", shared.record, f"p{who}") == "1"
    other = SpaceRef("test", "elsewhere")
    await store.call("SADD", shared.spaces, str(other))
    await polls.offer(a, c)
    polls.table.clock.shift(timedelta(seconds=3))
    now = polls.table.clock.now()
    await polls.ballots.pick(polls.voting.ref, event(), other, member("zoe"), 0, Side.LEFT, now)
    assert await polls.kept(f"w{who}") == str(SPACE), "the first stays"


# --- Taking back.


async def test_the_last_pick_alone_is_taken_back_and_once_an_event(polls: Polls) -> None:
    a, b, c, d, *_ = others(polls)
    await polls.offer(a, b)
    await polls.pick(Side.LEFT)
    await polls.offer(c, d)
    await polls.pick(Side.LEFT)
    await polls.offer(a, c)
    assert (await polls.unpick(1)).word == "late"
    assert (await polls.unpick(3)).word == "again", "it stands"
    ballot = await polls.unpick(2, at="back")
    assert ballot.word == "unpicked"
    assert ballot.offer is not None
    assert ballot.waiting is not None
    assert (ballot.offer.number, ballot.waiting.number) == (2, 3)
    assert (await polls.unpick(1)).word == "late", "one at a time"
    polls.table.clock.shift(timedelta(seconds=5))
    ballot = await polls.pick(Side.RIGHT, wait=0)
    assert ballot.offer is not None
    assert ballot.offer.since == polls.table.clock.now(), "from now on they read the third"
    assert (await polls.unpick(2, at="back")).word == "again", "by the same event"
    assert [pick.number for pick in (await polls.open()).picks] == [1, 2]


async def test_a_pick_among_what_is_hidden_is_not_taken_back(polls: Polls) -> None:
    a, b, *_ = others(polls)
    for hidden in (a, b):
        await polls.offer(a, b, f"v{hidden}")
        await polls.pick(Side.LEFT, who=f"v{hidden}")
        await polls.hide(hidden)
        ballot = await polls.unpick(who=f"v{hidden}")
        assert (ballot.word, ballot.picked) == ("late", 1)
        await polls.hide(hidden, on=False)


# --- What is asked afterwards.


async def test_guesses_are_of_what_was_asked_and_praises_of_what_was_shown(polls: Polls) -> None:
    a, b, c, d, *_ = others(polls)
    ref, now, zoe = polls.voting.ref, polls.table.clock.now(), member("zoe")

    async def guess(alias: str, at: str = "") -> str:
        ident = at or event()
        made = await polls.ballots.guess(ref, ident, SPACE, zoe, alias, Origin.AI, now)
        return made.word

    async def praise(alias: str, at: str = "") -> str:
        ident = at or event()
        made = await polls.ballots.praise(ref, ident, SPACE, zoe, alias, Facet.DEEP, now)
        return made.word

    await polls.offer(a, b)
    await polls.pick(Side.LEFT)
    assert (await guess(a), await praise(a)) == ("unasked", "unasked"), "before it is done"
    assert (await polls.ask(a)).asked == (a,)
    assert (await polls.ask(b)).asked == (a,), "once and for all"
    assert (await guess(b), await guess(a)) == ("unasked", "said")
    assert (await praise(c), await praise(d)) == ("unasked", "unasked")
    assert (await praise(a, "p"), await praise(b)) == ("said", "said")
    assert await praise(a, "p") == "again"
    said = await polls.ballots.said(ref)
    assert [each.alias for each in said[0]] == [a]
    assert [each.alias for each in said[1]] == [b]


# --- Who, and when.


async def test_no_ballot_from_elsewhere_nor_outside_of_the_voting(polls: Polls) -> None:
    ref, now = polls.voting.ref, polls.table.clock.now()
    with pytest.raises(ForeignSpace):
        await polls.ballots.open(ref, SpaceRef("test", "elsewhere"), member("zoe"), now)
    for state in ("open", "closed", "cancelled"):
        await polls.table.muse.store.call("HSET", polls.own.record, "state", state)
        with pytest.raises(NotVoting):
            await polls.open()


async def test_who_was_forgotten_after_a_ballot_has_none(polls: Polls) -> None:
    a, b, *_ = others(polls)
    await polls.offer(a, b)
    await polls.table.muse.store.call("SADD", polls.own.spent, "somebody else's")
    assert (await polls.open()).offered == 1
    spent = mark(polls.voting.ref.community, member("zoe"))
    await polls.table.muse.store.call("SADD", polls.own.spent, spent)
    with pytest.raises(NotAllowed):
        await polls.open()
