"""What Muse keeps of a member's part in challenges: shown, had whole, and forgotten."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.cards import Card
from bot.challenge import ChallengeState, Contribution, PickMade, Side
from bot.challenge_requests import (
    DecideContender,
    GuessMaker,
    MorePicks,
    OpenBallot,
    Pick,
    PraiseContender,
    ReportContender,
    Unpick,
)
from bot.community_requests import Mine
from bot.errors import NotAllowed
from bot.models import Facet, Origin
from bot.storage import keys
from bot.storage.ballots import Ballots
from bot.storage.challenge_records import write_contribution
from bot.storage.challenges import Challenges
from bot.storage.own_challenges import OwnChallenges
from bot.storage.themes import ThemeStore
from bot.storage.votes import pairs
from tests.challenging import (
    VOTING,
    Made,
    Voter,
    VotingChallenge,
    pool_now,
    pool_of,
    put_picks,
    voting_challenge,
)
from tests.support import SPACE, Table, member, words
from tests.traces import held, traces

ZOE = "zoe4f7c1b90"
HERS = "quillwort"  # in everything that she writes, and in nothing else
FORGET = Mine("forget", sure=True)


class Weeks:
    """A closed challenge and one in voting, in both of which one member did all that one can;
    and one that is open.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.closed: VotingChallenge
        self.voting: VotingChallenge
        self.open: VotingChallenge

    async def build(self) -> None:
        store, clock = self.table.muse.store, self.table.clock
        pool = [*pool_of(5, 2), Made(f"a {HERS} under the stairs", member(ZOE))]
        self.closed = await voting_challenge(
            store, clock, pool, state=ChallengeState.CLOSED, number=1, theme=f"on {HERS}"
        )
        shared = keys.community(self.closed.ref.community)
        number = self.closed.numbers[member(ZOE)]
        own = keys.challenge_keys(shared_id := self.closed.ref.community, "x1")
        await store.call("HSET", own.record, "proposer", number)
        await store.call("LPUSH", shared.themed, f"on {HERS}")
        one, other, *_ = sorted(self.closed.pool)
        await put_picks(store, self.closed.ref, [PickMade(number, 1, one, other, Side.LEFT)])
        pool = [*pool_of(5, 2), Made(f"the {HERS} answers", member(ZOE))]
        self.voting = await voting_challenge(store, clock, pool, number=2)
        themes = ThemeStore(store)
        await themes.put(shared_id, SPACE, member(ZOE), f"{HERS} in winter", clock.now())
        await themes.put(shared_id, SPACE, member("cy"), "doors", clock.now())
        await themes.vote(shared_id, SPACE, member(ZOE), "2", clock.now(), on=True)
        zoe = Voter(self.table, self.voting, ZOE)
        await zoe.open()
        for _ in range(7):
            await zoe.pick(Side.LEFT)
        await zoe.do(GuessMaker(1, Origin.AI, self.voting.ref))
        await zoe.do(PraiseContender(Facet.DEEP, 1, self.voting.ref))
        await zoe.do(MorePicks(self.voting.ref))
        await zoe.do(ReportContender(0, Side.LEFT, f"no {HERS} in it", self.voting.ref))

    async def open_one(self) -> None:
        """A third, which is open, with her entry."""
        store, clock = self.table.muse.store, self.table.clock
        self.open = await voting_challenge(
            store, clock, [], number=3, state=ChallengeState.OPEN, theme="doors"
        )
        number = self.voting.numbers[member(ZOE)]
        own = keys.challenge_keys(self.open.ref.community, "x3")
        made = Contribution(f"m{number}", f"a {HERS} by the door", Origin.HUMAN, number)
        await store.call("HSET", own.put, made.key, write_contribution(made), f"r{number}", "s")


@pytest.fixture
async def weeks(table: Table) -> Weeks:
    built = Weeks(table)
    await built.build()
    return built


def exported(card: Card) -> dict[str, Any]:
    assert card.file is not None
    found: dict[str, Any] = json.loads(card.file.text)
    return found


async def test_mine_shows_ones_entries_and_a_number_of_picks(weeks: Weeks) -> None:
    said = words(await weeks.table.quick(Mine(), ZOE))
    assert f"the {HERS} answers" in said
    assert f"a {HERS} under the stairs" in said
    assert "7 picks made so far" in said
    await weeks.open_one()
    assert f"a {HERS} by the door" in words(await weeks.table.quick(Mine(), ZOE))
    others = words(await weeks.table.quick(Mine(), "author1"))
    assert "what the rain wrote on window 1" in others
    assert f"the {HERS}" not in others


async def test_the_file_has_entries_picks_guesses_and_tells_nothing_before_the_close(
    weeks: Weeks,
) -> None:
    await weeks.open_one()
    card = await weeks.table.quick(Mine("export"), ZOE)
    whole = exported(card)
    opened, voting, closed = whole["challenges"]
    assert opened["your_entry"] == {"text": f"a {HERS} by the door", "declared": "mine"}
    assert voting["your_entry"] == {"text": f"the {HERS} answers"}
    assert [pick["picked"] for pick in voting["your_picks"]] == [*["left"] * 7, "skip"]
    assert [guess["maker"] for guess in voting["your_guesses"]] == ["ai"]
    assert [praise["what"] for praise in voting["you_found"]] == ["deep"]
    assert [row["why"] for row in voting["your_reports"]] == [f"no {HERS} in it"]
    alias = weeks.closed.alias_of(ZOE)
    assert closed["your_entry"] == {
        "text": f"a {HERS} under the stairs",
        "alias": alias,
        "salt": weeks.closed.pool[alias].salt,
    }
    assert closed["your_theme"] == f"on {HERS}"
    assert whole["themes_you_proposed"] == [f"{HERS} in winter"]
    text = json.dumps(voting)
    assert weeks.voting.alias_of(ZOE) not in text
    for entry in weeks.voting.pool.values():
        assert entry.salt not in text
        assert entry.author in (0, weeks.voting.numbers[member(ZOE)]) or entry.text not in text
    assert "final" not in text
    assert "origin" not in text


async def test_forgotten_nothing_leads_to_them_and_closed_results_stay_whole(
    weeks: Weeks, empty_url: str
) -> None:
    table, store = weeks.table, weeks.table.muse.store
    await weeks.open_one()
    before = await held(empty_url)
    assert traces(before, ZOE, HERS)
    number = weeks.voting.numbers[member(ZOE)]
    own = [keys.challenge_keys(weeks.voting.ref.community, f"x{n}") for n in (1, 2, 3)]
    await table.do(FORGET, ZOE)
    after = await held(empty_url)
    assert traces(after, ZOE, HERS) == []
    # Closed: the picks and the order stay, with a number; words and salt are gone.
    assert after[own[0].picks] == before[own[0].picks]
    closed = (await pool_now(store, weeks.closed.ref))[weeks.closed.alias_of(ZOE)]
    assert (closed.text, closed.salt, closed.author) == ("", "", number)
    assert closed.commitment
    others = {a: e for a, e in weeks.closed.pool.items() if e.author != number}
    kept = await pool_now(store, weeks.closed.ref)
    assert {alias: kept[alias] for alias in others} == others
    # In voting: their entry is shown to nobody, their picks and what they said are withdrawn.
    assert not (await pool_now(store, weeks.voting.ref))[weeks.voting.alias_of(ZOE)].standing
    assert await Ballots(store).picks(weeks.voting.ref) == ()
    assert await Ballots(store).said(weeks.voting.ref) == ((), ())
    assert await store.call("EXISTS", own[1].ballots) == 0
    reports = pairs(await store.call("HGETALL", own[1].reports))
    assert not [name for name in reports if name.endswith(f".{number}")]
    assert "1" in reports.values(), "the report is still counted"
    # Open: what they put in is gone, and so is the wish to be reminded.
    assert await store.call("EXISTS", own[2].put) == 0
    proposals = await ThemeStore(store).read(weeks.voting.ref.community)
    assert [each.theme for each in proposals.proposals] == ["doors"]
    assert [len(each.votes) for each in proposals.proposals] == [1]
    assert proposals.before == ()


async def test_who_has_had_a_ballot_and_is_forgotten_gets_no_second_one_in_it(
    weeks: Weeks, empty_url: str
) -> None:
    table, store = weeks.table, weeks.table.muse.store
    own = keys.challenge_keys(weeks.voting.ref.community, "x2")
    zoe = Voter(table, weeks.voting, ZOE)
    await table.do(FORGET, ZOE)
    for request in (
        OpenBallot(weeks.voting.ref),
        Pick(1, Side.LEFT, weeks.voting.ref),
        Unpick(0, weeks.voting.ref),
        MorePicks(weeks.voting.ref),
        GuessMaker(1, Origin.AI, weeks.voting.ref),
        ReportContender(0, Side.LEFT, "", weeks.voting.ref),
    ):
        with pytest.raises(NotAllowed, match="before you were forgotten"):
            await zoe.do(request)
    await table.do(FORGET, ZOE)  # once more changes nothing
    with pytest.raises(NotAllowed, match="before you were forgotten"):
        await zoe.open()
    assert await store.call("EXISTS", own.ballots, own.picks) == 0
    assert traces(await held(empty_url), ZOE, HERS) == []
    assert "pick 1 of 7" in words(await Voter(table, weeks.voting, "v1").open())


async def test_who_had_no_ballot_yet_and_is_forgotten_has_one_to_come(weeks: Weeks) -> None:
    await weeks.table.do(FORGET, "author1")
    voter = Voter(weeks.table, weeks.voting, "author1")
    assert "pick 1 of 7" in words(await voter.open())
    assert (await voter.ballot()).member != weeks.voting.numbers[member("author1")]
    for _ in range(7):
        await voter.pick(Side.LEFT)
    assert weeks.voting.alias_of("author1") not in (await voter.ballot()).seen, "its words are gone"


async def test_what_stands_for_those_who_left_goes_with_the_close(weeks: Weeks) -> None:
    store, clock = weeks.table.muse.store, weeks.table.clock
    own = keys.challenge_keys(weeks.voting.ref.community, "x2")
    await weeks.table.do(FORGET, ZOE)
    assert await store.call("SCARD", own.spent) == 1
    clock.shift(VOTING)
    challenges = Challenges(store)
    challenge = await challenges.read(weeks.voting.ref)
    assert challenge is not None
    assert await challenges.end(challenge, "closed", clock.now(), ()) is None
    assert await store.call("EXISTS", own.spent) == 0
    clock.shift(timedelta(days=1))
    following = await voting_challenge(store, clock, pool_of(5), number=3)
    assert "pick 1 of 7" in words(await Voter(weeks.table, following, ZOE).open())


async def test_an_offer_of_an_entry_whose_author_left_is_passed_over(weeks: Weeks) -> None:
    table, alias = weeks.table, weeks.voting.alias_of(ZOE)
    for n in range(20):
        voter = Voter(table, weeks.voting, f"v{n}")
        await voter.open()
        ballot = await voter.ballot()
        assert ballot.offer
        if alias in (ballot.offer.left, ballot.offer.right):
            break
    else:
        pytest.fail("nobody is offered it")
    await table.do(FORGET, ZOE)
    assert HERS not in words(await voter.open())
    assert (await voter.ballot()).offered == 2


async def test_a_notice_to_another_no_longer_names_the_theme_of_one_who_left(
    weeks: Weeks, empty_url: str
) -> None:
    table, store = weeks.table, weeks.table.muse.store
    own = keys.challenge_keys(weeks.voting.ref.community, "x2")
    number = weeks.voting.numbers[member(ZOE)]
    await store.call("HSET", own.record, "theme", f"{HERS} again", "proposer", number)
    alias = weeks.voting.alias_of("author1")
    await table.quick(DecideContender(alias, "strike", "a copy", weeks.voting.ref), manages=True)
    await table.do(FORGET, ZOE)
    assert traces(await held(empty_url), ZOE, HERS) == []
    told = words(await table.quick(Mine(), "author1"))
    assert "a copy" in told
    assert "in a challenge" in told


async def test_forgetting_is_safe_to_run_again(weeks: Weeks, empty_url: str) -> None:
    community = weeks.voting.ref.community
    number = str(weeks.voting.numbers[member(ZOE)])
    own = OwnChallenges(weeks.table.muse.store)
    now = weeks.table.clock.now()
    assert await own.forget(community, (number,), now) == 2
    once = await held(empty_url)
    assert await own.forget(community, (number,), now) == 0
    assert await held(empty_url) == once
