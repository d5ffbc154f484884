"""The ballot on a real Redis, through the game's door: offers, picks, questions, reports."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from bot.ballot import OwnBallot, next_offer, pairs_wanted
from bot.cards import Button, Buttons, Card, Select
from bot.challenge import Electorate, GuessMade, PickMade, Plan, PraiseGiven, Side
from bot.challenge_requests import (
    GuessMaker,
    MorePicks,
    OpenBallot,
    Pick,
    PraiseContender,
    ReportContender,
    Unpick,
)
from bot.community_requests import Block
from bot.errors import NotAllowed, NotFound, Refusal, TooLate
from bot.game.challenges.finals import strongest
from bot.models import Facet, Origin, Tenure
from bot.stats import pairing
from bot.storage import keys
from bot.storage.ballots import Ballots
from bot.storage.challenge_records import read_challenge, read_pick, read_said
from bot.storage.client import Store
from bot.storage.votes import pairs
from bot.wording import en
from tests.challenging import Voter, pool_now, pool_of, put_picks, put_said, voting_challenge
from tests.support import FakeClock, Table, command, event, member, words


def pressed(card: Card, verb: str) -> list[Button]:
    """A card's buttons of a verb."""
    rows = [block.buttons for block in card.blocks if isinstance(block, Buttons)]
    return [each for row in rows for each in row if each.action.split("~")[1] == verb]


async def test_a_challenge_written_for_tests_is_read_as_it_was(
    store: Store, clock: FakeClock
) -> None:
    voting = await voting_challenge(store, clock, pool_of(6, 2))
    own = keys.challenge_keys(voting.ref.community, voting.ref.challenge)
    kept = await store.call("HGETALL", own.record)
    assert read_challenge(voting.ref, pairs(kept)) == voting.challenge
    assert await pool_now(store, voting.ref) == voting.pool
    one, other = list(voting.pool)[:2]
    pick = PickMade(9, 1, one, other, Side.BOTH, final=True, at=clock.now())
    await put_picks(store, voting.ref, [pick])
    assert [read_pick(*row) for row in pairs(await store.call("HGETALL", own.picks)).items()] == [
        pick
    ]
    guesses = (GuessMade(9, one, Origin.AI), GuessMade(9, other, None))
    praises = (PraiseGiven(9, Facet.DEEP, one),)
    await put_said(store, voting.ref, guesses, praises)
    assert read_said(pairs(await store.call("HGETALL", own.said))) == (guesses, praises)


async def test_a_ballot_is_opened_picked_and_done(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2))
    cy = Voter(table, voting, "cy")
    assert "pick 1 of 7" in words(await cy.open())
    for number in range(2, 8):
        assert f"pick {number} of 7" in words(await cy.pick(Side.LEFT))
    done = words(await cy.pick(Side.BOTH))
    assert "You made 7 picks" in done
    assert "(1 of 3): who wrote this?" in done
    for number in (1, 2, 3):
        assert f"({number} of 3): who wrote this?" in done
        done = words(await cy.do(GuessMaker(number, Origin.AI, voting.ref)))
    assert "who wrote this?" not in done
    card = await cy.do(PraiseContender(Facet.DEEP, 2, voting.ref))
    chosen = [block.chosen for block in card.blocks if isinstance(block, Select)]
    assert chosen == [(), (), ("2",)]
    guesses, praises = await Ballots(table.muse.store).said(voting.ref)
    ballot = await cy.ballot()
    assert {guess.alias for guess in guesses} == set(ballot.asked) <= set(ballot.seen)
    assert praises == (PraiseGiven(ballot.member, Facet.DEEP, ballot.seen[1]),)
    assert [pick.side for pick in await Ballots(table.muse.store).picks(voting.ref)] == [
        *[Side.LEFT] * 6,
        Side.BOTH,
    ]


async def test_an_offer_stands_until_it_is_picked_or_skipped(table: Table) -> None:
    # Opened again, by another process, after hours: the same two.
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(9, 3))
    cy = Voter(table, voting, "cy")
    first = words(await cy.open())
    for _ in range(5):
        table.clock.shift(timedelta(hours=3))
        assert words(await cy.open()) == first
    assert words(await cy.pick(Side.SKIP)) != first
    ballot = await cy.ballot()
    assert ballot.offered == 2
    assert ballot.picked == 0, "a skip is no pick, and uses up quota"


async def test_more_is_up_to_twenty_and_no_pair_comes_twice(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2))
    cy = Voter(table, voting, "cy")
    await cy.open()
    for _ in range(7):
        card = await cy.pick(Side.RIGHT)
    (more,) = pressed(card, "more")
    assert more.label == en.BALLOT_MORE
    assert "pick 8 of 20" in words(await cy.do(MorePicks(voting.ref)))
    for _ in range(13):
        card = await cy.pick(Side.RIGHT)
    assert not pressed(card, "more")
    ballot = await cy.ballot()
    assert (ballot.offered, ballot.offer, ballot.picked) == (20, None, 20)
    assert len(ballot.had) == 20
    assert "You made 20 picks" in words(await cy.do(MorePicks(voting.ref)))


async def test_an_authors_own_entry_never_comes_and_few_entries_end_early(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(3, 1))
    author = Voter(table, voting, "author2")
    await author.open()
    for _ in range(3):
        await author.pick(Side.LEFT)
    ballot = await author.ballot()
    assert voting.alias_of("author2") not in ballot.seen
    assert ballot.offer is None
    assert ballot.offered == 3, "three others make three pairs"
    assert en.BALLOT_ALL in words(await author.open())


async def test_a_click_that_comes_twice_or_late_changes_nothing(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2))
    cy = Voter(table, voting, "cy")
    await cy.open()
    once = event()
    second = await cy.pick(Side.LEFT, 1, once)
    assert words(await cy.do(Pick(1, Side.LEFT, voting.ref), once)) == words(second)
    before = await cy.ballot()
    # Another press on the card of the first pair: the same side says nothing, another one is told.
    assert words(await cy.do(Pick(1, Side.LEFT, voting.ref))) == words(second)
    late = words(await cy.do(Pick(1, Side.RIGHT, voting.ref)))
    assert en.BALLOT_LATE in late
    assert "pick 2 of 7" in late
    assert await cy.ballot() == before
    # Typed without a number, and delivered twice: one pick.
    typed = event()
    await cy.pick(Side.BOTH, 0, typed)
    await cy.pick(Side.BOTH, 0, typed)
    assert (await cy.ballot()).offered == 3


async def test_a_pick_under_two_seconds_is_asked_again_and_then_counts(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2))
    cy = Voter(table, voting, "cy")
    await cy.open()
    table.clock.shift(timedelta(seconds=1.9))
    quick = event()
    asked = words(await cy.do(Pick(1, Side.LEFT, voting.ref), quick))
    assert en.BALLOT_QUICK in asked
    assert "pick 1 of 7" in asked
    await cy.do(Pick(1, Side.LEFT, voting.ref), quick)  # delivered twice: still asked
    assert (await cy.ballot()).picks == ()
    assert "pick 2 of 7" in words(await cy.do(Pick(1, Side.LEFT, voting.ref)))
    assert "pick 3 of 7" in words(await cy.do(Pick(2, Side.SKIP, voting.ref))), "a skip needs none"


async def test_the_last_pick_is_taken_back_before_the_next_is_made(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2))
    cy = Voter(table, voting, "cy")
    first = await cy.open()
    assert not pressed(first, "unpick")
    second = await cy.pick(Side.LEFT)
    (undo,) = pressed(second, "unpick")
    assert undo.action.split("~")[4] == "1"
    back = await cy.do(Unpick(1, voting.ref), "undone")
    assert en.BALLOT_UNPICKED in words(back)
    assert "pick 1 of 7" in words(back)
    assert not pressed(back, "unpick"), "one step, no more"
    ballot = await cy.ballot()
    assert ballot.offer is not None
    assert ballot.waiting is not None
    assert (ballot.offer.number, ballot.waiting.number) == (1, 2)
    await cy.do(Unpick(1, voting.ref), "undone")  # twice
    assert await cy.ballot() == ballot
    # They had read the two: no question whether they did. What comes next is what came next.
    assert words(await cy.do(Pick(1, Side.RIGHT, voting.ref))) == words(second)
    picks = await Ballots(table.muse.store).picks(voting.ref)
    assert [pick.side for pick in picks] == [Side.RIGHT]
    await cy.pick(Side.LEFT)
    assert en.BALLOT_NOT_UNPICKED in words(await cy.do(Unpick(1, voting.ref)))
    # The last of all, too.
    for _ in range(5):
        done = await cy.pick(Side.LEFT)
    (undo,) = pressed(done, "unpick")
    assert "pick 7 of 7" in words(await cy.do(Unpick(7, voting.ref)))


async def test_picks_are_taken_while_voting_is_on_and_no_longer(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2))
    cy = Voter(table, voting, "cy")
    await cy.open()
    own = keys.challenge_keys(voting.ref.community, voting.ref.challenge)
    await table.muse.store.call("HSET", own.record, "state", "closed")
    for request in (
        Pick(1, Side.LEFT, voting.ref),
        Unpick(0, voting.ref),
        MorePicks(voting.ref),
        GuessMaker(1, Origin.AI, voting.ref),
        PraiseContender(Facet.DEEP, 1, voting.ref),
        ReportContender(1, Side.LEFT, "", voting.ref),
    ):
        with pytest.raises(TooLate):
            await cy.do(request)
    over = await cy.open()
    assert "is over" in words(over)
    assert pressed(over, "resultsof")
    for state, said in (("open", "Voting begins"), ("cancelled", en.VOTING_CANCELLED)):
        await table.muse.store.call("HSET", own.record, "state", state)
        assert said in words(await cy.open())


async def test_where_there_is_no_challenge_that_is_said(table: Table) -> None:
    with pytest.raises(NotFound, match="no challenge"):
        await table.quick(OpenBallot())


SETTLED = Plan(electorate=Electorate.SETTLED)


@pytest.mark.parametrize(
    ("account", "here", "full", "refusal"),
    [
        (None, None, True, ""),
        (8, 4, True, ""),
        (6, 4, True, "must be 7 days old"),
        (None, 2, True, "were here when it opened"),
        (None, None, False, "full members"),
    ],
    ids=["untold", "settled", "young account", "joined since", "guest"],
)
async def test_who_may_vote(
    table: Table, account: int | None, here: int | None, full: bool, refusal: str
) -> None:
    def ago(days: int | None) -> datetime | None:
        return None if days is None else table.clock.now() - timedelta(days=days)

    standing = Tenure(ago(account), ago(here), full)
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2), plan=SETTLED)
    anyone = Plan(electorate=Electorate.ANYONE)
    loose = await voting_challenge(
        table.muse.store, table.clock, pool_of(6, 2), plan=anyone, number=2
    )
    for manages in (False, True):
        asked = command(OpenBallot(voting.ref), "zoe", standing=standing, manages=manages)
        if refusal:
            with pytest.raises(NotAllowed, match=refusal):
                await table.muse.app.handle(asked)
        else:
            reply = await table.muse.app.handle(asked)
            assert "pick 1 of 7" in words(reply.card)
    reply = await table.muse.app.handle(command(OpenBallot(loose.ref), "zoe", standing=standing))
    assert "pick 1 of 7" in words(reply.card)
    ids = await table.muse.store.call("HGETALL", keys.community(voting.ref.community).ids)
    known = pairs(ids)
    assert str(member("zoe")) in known, "met by the other challenge"


async def test_who_is_refused_leaves_no_trace(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2), plan=SETTLED)
    for request in (OpenBallot(voting.ref), Pick(0, Side.LEFT, voting.ref), MorePicks(voting.ref)):
        with pytest.raises(NotAllowed):
            await table.muse.app.handle(command(request, "zoe", standing=Tenure(full=False)))
    shared = keys.community(voting.ref.community)
    assert not await table.muse.store.call("HEXISTS", shared.ids, str(member("zoe")))
    own = keys.challenge_keys(voting.ref.community, voting.ref.challenge)
    assert await table.muse.store.call("EXISTS", own.ballots, own.picks, own.shown) == 0


async def test_who_may_vote_no_more_has_nothing_taken_down(table: Table) -> None:
    """The gate is looked at before an act, also where a ballot was begun while it was open."""
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2), plan=SETTLED)
    zoe = Voter(table, voting, "zoe")
    await zoe.open()
    for _ in range(6):
        await zoe.pick(Side.LEFT)
    await zoe.do(Pick(0, Side.SKIP, voting.ref))
    ballots, before = Ballots(table.muse.store), await zoe.ballot()
    assert len(before.asked) == 3
    table.clock.shift(timedelta(seconds=3))
    for request in (
        Unpick(0, voting.ref),
        MorePicks(voting.ref),
        GuessMaker(1, Origin.AI, voting.ref),
        PraiseContender(Facet.DEEP, 1, voting.ref),
        ReportContender(7, Side.LEFT, "rude", voting.ref),
        Pick(0, Side.LEFT, voting.ref),
    ):
        with pytest.raises(NotAllowed, match="full members"):
            await table.muse.app.handle(command(request, "zoe", standing=Tenure(full=False)))
        assert replace(await zoe.ballot(), word=before.word) == before, request
    await zoe.do(MorePicks(voting.ref))
    table.clock.shift(timedelta(seconds=3))
    made = await ballots.picks(voting.ref)
    late = command(Pick(0, Side.LEFT, voting.ref), "zoe", standing=Tenure(full=False))
    with pytest.raises(NotAllowed, match="full members"):
        await table.muse.app.handle(late)
    assert await ballots.picks(voting.ref) == made


async def test_who_is_blocked_does_not_vote(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2))
    await table.quick(Block("zoe", "spam"), "org", manages=True)
    with pytest.raises(NotAllowed):
        await Voter(table, voting, "zoe").open()


async def test_the_left_is_as_often_the_one_as_the_other(table: Table) -> None:
    # 500 duels through the use case: of each pair, which stands on the left. The rule that draws
    # it is held to 10,000 in tests/unit/test_left_and_right.py; here, that it is what is offered.
    store, clock = table.muse.store, table.clock
    voting = await voting_challenge(store, clock, pool_of(12, 4))
    voters = [Voter(table, voting, f"v{n}") for n in range(25)]
    await asyncio.gather(*(voter.open() for voter in voters))
    await asyncio.gather(*(voter.do(MorePicks(voting.ref)) for voter in voters))
    for _ in range(20):
        await asyncio.gather(*(voter.do(Pick(0, Side.SKIP, voting.ref)) for voter in voters))
    made = await Ballots(store).picks(voting.ref)
    assert len(made) == 500
    assert {alias for pick in made for alias in (pick.left, pick.right)} == set(voting.pool)
    left = sum(pick.left < pick.right for pick in made)
    assert left / len(made) == pytest.approx(0.5, abs=0.06)


async def test_a_hundred_pick_at_once_and_every_event_comes_twice(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(10, 4))
    voters = [Voter(table, voting, f"v{n}") for n in range(95)]
    voters += [Voter(table, voting, f"author{n}") for n in range(1, 6)]
    rng = Random(3)

    async def play(voter: Voter) -> None:
        await asyncio.gather(voter.open(), voter.open())
        for number in range(1, 8):
            ident, side = event(), rng.choice(list(Side))
            request = Pick(number, side, voting.ref)
            await asyncio.gather(voter.do(request, ident), voter.do(request, ident))
            if side is not Side.SKIP:  # the clock stands: it was asked again
                ident = event()
                await asyncio.gather(voter.do(request, ident), voter.do(request, ident))

    await asyncio.gather(*(play(voter) for voter in voters))
    own = keys.challenge_keys(voting.ref.community, voting.ref.challenge)
    shown = pairs(await table.muse.store.call("HGETALL", own.shown))
    counted: Counter[str] = Counter()
    for voter in voters:
        ballot = await voter.ballot()
        assert (ballot.offered, ballot.offer) == (7, None)
        assert [pick.number for pick in ballot.picks] == list(range(1, 8))
        assert len(ballot.had) == 7, "no pair twice"
        for pick in ballot.picks:
            counted.update((pick.left, pick.right, "|".join(sorted((pick.left, pick.right)))))
    for n in range(1, 6):
        ballot = await voters[94 + n].ballot()
        assert voting.alias_of(f"author{n}") not in ballot.seen
    assert {name: int(count) for name, count in shown.items()} == counted
    appearances = [counted[alias] for alias in voting.pool]
    assert sum(appearances) == 100 * 7 * 2


async def test_finals_are_half_of_the_last_quarter_and_nobody_is_told(table: Table) -> None:
    store, clock = table.muse.store, table.clock
    voting = await voting_challenge(store, clock, pool_of(18, 6))
    best = sorted(voting.pool)[:8]
    rest = sorted(voting.pool)[8:]
    await put_picks(
        store,
        voting.ref,
        [
            PickMade(900 + n, 1 + m, one, other, Side.LEFT, at=clock.now())
            for n, one in enumerate(best)
            for m, other in enumerate(rest)
        ],
    )
    assert set(strongest(await Ballots(store).picks(voting.ref), sorted(voting.pool))) == set(best)
    early = Voter(table, voting, "early")
    await early.open()
    for _ in range(7):
        await early.pick(Side.BOTH)
    assert not any(pick.final for pick in (await early.ballot()).picks)
    clock.shift(timedelta(hours=37))
    finals = total = 0
    texts = set()
    for n in range(30):
        late = Voter(table, voting, f"late{n}")
        texts.add(words(await late.open()).split("\n")[0])
        for _ in range(7):
            await late.do(Pick(0, Side.SKIP, voting.ref))
        for pick in (await late.ballot()).picks:
            total += 1
            finals += pick.final
            assert not pick.final or {pick.left, pick.right} <= set(best)
    assert finals / total == pytest.approx(0.5, abs=0.12)
    assert texts == {en.BALLOT_HEADING}, "a final looks like any other"
    own = keys.challenge_keys(voting.ref.community, voting.ref.challenge)
    shown = pairs(await store.call("HGETALL", own.shown))
    apart = [int(shown.get(alias, 0)) for alias in voting.pool]
    assert max(apart) - min(apart) <= 2, "finals are counted apart"


async def test_an_entry_that_is_shown_no_more_is_passed_over(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2))
    cy = Voter(table, voting, "cy")
    await cy.open()
    ballot = await cy.ballot()
    assert ballot.offer is not None
    gone = ballot.offer.left
    own = keys.challenge_keys(voting.ref.community, voting.ref.challenge)
    entry = await table.muse.store.call("HGET", own.pool, gone)
    hidden = entry.replace("{", '{"hd": "organiser", ', 1)
    await table.muse.store.call("HSET", own.pool, gone, hidden)
    await table.muse.store.call("HINCRBY", own.record, "rev", 1)
    assert en.BALLOT_PASSED in words(await cy.pick(Side.LEFT, 1))
    ballot = await cy.ballot()
    assert [pick.side for pick in ballot.picks] == [Side.SKIP]
    for _ in range(6):
        card = await cy.pick(Side.LEFT)
        assert voting.pool[gone].text not in words(card)


async def test_questions_are_asked_after_the_ballot_alone(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2))
    cy = Voter(table, voting, "cy")
    await cy.open()
    early = words(await cy.do(GuessMaker(1, Origin.AI, voting.ref)))
    assert en.BALLOT_UNASKED in early
    assert "pick 1 of 7" in early
    with pytest.raises(NotFound):
        await cy.do(PraiseContender(Facet.DEEP, 1, voting.ref))
    for _ in range(7):
        await cy.pick(Side.LEFT)
    asked = (await cy.ballot()).asked
    await cy.do(GuessMaker(1, None, voting.ref), "passed")
    await cy.do(GuessMaker(1, Origin.HUMAN, voting.ref), "then")
    await cy.do(GuessMaker(1, None, voting.ref), "passed")  # late, once more
    guesses, _ = await Ballots(table.muse.store).said(voting.ref)
    assert guesses == (GuessMade((await cy.ballot()).member, asked[0], Origin.HUMAN),)
    await cy.do(MorePicks(voting.ref))
    await cy.pick(Side.LEFT)
    assert (await cy.ballot()).asked == asked, "the same three, whatever is picked then"
    assert en.BALLOT_UNASKED in words(await cy.do(GuessMaker(4, Origin.AI, voting.ref)))


async def test_a_report_asks_which_and_goes_on(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2))
    cy = Voter(table, voting, "cy")
    card = await cy.open()
    (flag,) = pressed(card, "flag")
    assert flag.label == en.BALLOT_REPORT
    which = await cy.do(ReportContender(1, None, "", voting.ref))
    assert [each.label for each in pressed(which, "flag")] == [
        en.BALLOT_REPORT_LEFT,
        en.BALLOT_REPORT_RIGHT,
    ]
    assert words(await cy.open()) == words(card), "nothing was reported yet"
    typed = event()
    on = words(await cy.do(ReportContender(0, Side.RIGHT, "rude", voting.ref), typed))
    assert en.REPORTED in on
    assert "pick 2 of 7" in on
    before = await cy.ballot()
    await cy.do(ReportContender(0, Side.RIGHT, "rude", voting.ref), typed)
    assert await cy.ballot() == before, "delivered twice, it reports no second entry"
    own = keys.challenge_keys(voting.ref.community, voting.ref.challenge)
    reports = pairs(await table.muse.store.call("HGETALL", own.reports))
    assert reports[f"{before.picks[0].right}.{before.member}"] == "0 rude"
    assert len(reports) == 3
    with pytest.raises(Refusal, match="left or right"):
        await cy.do(ReportContender(0, Side.BOTH, "", voting.ref))


async def test_who_has_made_nothing_yet_has_nothing_to_report(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2))
    with pytest.raises(Refusal, match="no pair"):
        await Voter(table, voting, "cy").do(ReportContender(0, Side.LEFT, "", voting.ref))


async def test_many_who_open_their_ballots_at_once_are_shown_all_entries_alike(
    table: Table,
) -> None:
    """They read the same counts: what was shown least then is not what all of them are shown."""
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2))
    voters = [Voter(table, voting, f"v{n}") for n in range(40)]
    own = keys.challenge_keys(voting.ref.community, voting.ref.challenge)
    spreads = []
    await asyncio.gather(*(voter.open() for voter in voters))
    for _ in range(4):
        kept = dict(pairs(await table.muse.store.call("HGETALL", own.shown)))
        counts = [int(kept.get(alias, 0)) for alias in voting.pool]
        met = [int(count) for name, count in kept.items() if "|" in name]
        spreads.append((max(counts) - min(counts), max(met)))
        table.clock.shift(timedelta(seconds=3))
        await asyncio.gather(*(v.do(Pick(0, Side.LEFT, voting.ref)) for v in voters))
    assert max(spread for spread, _ in spreads) <= pairing.SPREAD
    assert max(most for _, most in spreads) <= 2 * len(voters) * len(spreads) // 28


async def test_who_loses_every_race_for_a_pair_is_told_so_and_is_offered_no_unfair_one(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = table.muse.store
    voting = await voting_challenge(store, table.clock, pool_of(6, 2))
    own = keys.challenge_keys(voting.ref.community, voting.ref.challenge)
    zoe = Voter(table, voting, "zoe")
    await zoe.open()
    offer = Ballots.offer

    async def beaten(self: Ballots, ballot: OwnBallot, *args: Any) -> OwnBallot:
        for alias in voting.pool:  # another process shows them all just before
            await store.call("HINCRBY", own.shown, alias, 1)
        return await offer(self, ballot, *args)

    with monkeypatch.context() as patch:
        patch.setattr(Ballots, "offer", beaten)
        with pytest.raises(Refusal, match="What you picked is kept"):
            await zoe.pick(Side.LEFT, 1, "an event")
    ballot = await zoe.ballot()
    assert (ballot.picked, ballot.offer, ballot.offered) == (1, None, 1)
    assert "pick 2 of 7" in words(await zoe.pick(Side.LEFT, 1, "an event"))
    assert (await zoe.ballot()).picked == 1


async def test_of_very_many_pairs_only_those_are_read_that_are_looked_at(table: Table) -> None:
    store = table.muse.store
    voting = await voting_challenge(store, table.clock, pool_of(150, 50))
    own = keys.challenge_keys(voting.ref.community, voting.ref.challenge)
    rng, counted = Random(5), Counter[str]()
    for _ in range(5_000):
        one, other = sorted(rng.sample(sorted(voting.pool), 2))
        counted.update((one, other, f"{one}|{other}"))
    await store.call("HSET", own.shown, *(part for row in counted.items() for part in row))
    ballots = Ballots(store)
    for n in range(20):
        zoe = Voter(table, voting, f"v{n}")
        before = await zoe.ballot()
        assert set(before.shown) <= set(voting.pool)
        wanted = pairs_wanted(before, str(member(zoe.who)))
        assert len(wanted) == 199
        met = await ballots.met(before.ref, wanted)
        assert met == {name: counted[name] for name in wanted if counted[name]}
        chosen = next_offer(before, str(member(zoe.who)), (), met)
        assert chosen == next_offer(before, str(member(zoe.who)), (), counted), (
            "as if all were read"
        )
        await zoe.open()
        offer = (await zoe.ballot()).offer
        assert offer is not None
        pair = "|".join(sorted((offer.left, offer.right)))
        counted.update((offer.left, offer.right, pair))
