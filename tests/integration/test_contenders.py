"""Reports of a challenge's entries and organisers' decisions, blind until the close."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cards import Buttons, Card
from bot.challenge import Plan, Side
from bot.challenge_requests import DecideContender, ReportContender
from bot.community_requests import Mine, SetRule, ShowLog, ShowReports
from bot.errors import BadInput, NotAllowed, NotFound, Refusal, TooLate
from bot.models import Origin
from bot.storage import keys
from bot.wording import en
from tests.challenging import (
    Made,
    Voter,
    VotingChallenge,
    enrolled,
    pool_now,
    pool_of,
    voting_challenge,
)
from tests.counted import closed
from tests.support import Table, member, words

VOTERS = ("cy", "dua", "eli", "fay")


@pytest.fixture
async def voting(table: Table) -> VotingChallenge:
    """Voting is on, and four voters are of standing: here for days, and have taken part."""
    store = table.muse.store
    made = await voting_challenge(store, table.clock, pool_of(6, 2))
    community = made.ref.community
    numbers = await enrolled(store, community, map(member, VOTERS), table.clock)
    record = keys.community(community).record
    for number in numbers.values():
        await store.call("HSET", record, f"p{number}", 1)
    table.clock.shift(timedelta(days=1, hours=1))
    await table.quick(SetRule("reports", "3"), "org", manages=True)
    return made


async def report(table: Table, voting: VotingChallenge, who: str, alias: str) -> Card:
    """Go on until the entry is in front of them, and report it."""
    voter = Voter(table, voting, who)
    await voter.open()
    while True:
        ballot = await voter.ballot()
        assert ballot.offer is not None, "they are never shown it"
        if alias in (ballot.offer.left, ballot.offer.right):
            side = Side.LEFT if ballot.offer.left == alias else Side.RIGHT
            return await voter.do(ReportContender(0, side, "it names me", voting.ref))
        await voter.pick(Side.SKIP)


async def decide(
    table: Table, voting: VotingChallenge, decision: str, alias: str, why: str = ""
) -> Card:
    request = DecideContender(alias, decision, why, voting.ref)
    return await table.quick(request, "org", manages=True)


@pytest.mark.parametrize("origin", [Origin.HUMAN, Origin.AI])
async def test_enough_reports_of_standing_hide_it_and_nobody_learns_how_many(
    table: Table, voting: VotingChallenge, origin: Origin
) -> None:
    (alias, *_) = sorted(a for a, each in voting.pool.items() if each.origin is origin)
    for who in ("new1", "new2", "new3", "new4"):
        assert en.REPORTED in words(await report(table, voting, who, alias))
    assert (await pool_now(table.muse.store, voting.ref))[alias].standing, "none is of standing"
    said = [words(await report(table, voting, who, alias)) for who in ("cy", "dua")]
    assert (await pool_now(table.muse.store, voting.ref))[alias].standing
    said.append(words(await report(table, voting, "eli", alias)))
    assert (await pool_now(table.muse.store, voting.ref))[alias].hidden == "reports"
    assert all(en.REPORTED in each for each in said)
    fay = Voter(table, voting, "fay")
    await fay.open()
    for _ in range(7):
        await fay.pick(Side.LEFT)
    assert alias not in (await fay.ballot()).seen


async def test_the_queue_has_alias_and_text_whoever_made_it(
    table: Table, voting: VotingChallenge
) -> None:
    human = voting.alias_of("author1")
    ai = next(a for a, each in voting.pool.items() if each.origin is Origin.AI)
    for who in ("cy", "dua", "fay"):
        for alias in (human, ai):
            await report(table, voting, who, alias)
    said = words(await table.quick(ShowReports(), "org", manages=True))
    rows = {}
    for alias in (human, ai):
        assert voting.pool[alias].text in said
        rows[alias] = said.replace(voting.pool[alias].text, "…")
    assert "author" not in said
    bare = said.replace(en.REPORTS_HEADING, "").replace(en.REPORTS_HOW, "")
    assert "report" not in bare.lower(), "no counts, no reasons"
    lines = [line for line in said.split("\n") if human in line or ai in line]
    assert len(lines) == 2
    assert lines[0].replace(human, "?").replace(ai, "?") == lines[1].replace(ai, "?").replace(
        human, "?"
    )


async def test_organisers_hide_keep_and_restore_by_alias(
    table: Table, voting: VotingChallenge
) -> None:
    alias = voting.alias_of("author3")
    said = await decide(table, voting, "hide", alias)
    assert en.CONTENDER_HIDDEN_NOW.format(alias=alias) in words(said)
    (undo,) = [
        each for block in said.blocks if isinstance(block, Buttons) for each in block.buttons
    ]
    assert undo.typed == f"muse-admin challenge-decide restore {alias}"
    assert (await pool_now(table.muse.store, voting.ref))[alias].hidden == "organiser"
    assert en.NOTHING_CHANGED in words(await decide(table, voting, "hide", alias))
    await decide(table, voting, "restore", alias.upper())
    assert (await pool_now(table.muse.store, voting.ref))[alias].standing
    for who in ("cy", "dua", "eli"):
        await report(table, voting, who, alias)
    assert (await pool_now(table.muse.store, voting.ref))[alias].standing, "an organiser kept it"
    assert en.REPORTS_NONE in words(await table.quick(ShowReports(), "org", manages=True))


async def test_what_is_decided_is_told_alike_whoever_made_it(
    table: Table, voting: VotingChallenge
) -> None:
    human = voting.alias_of("author1")
    ai = next(a for a, each in voting.pool.items() if each.origin is Origin.AI)
    for decision, why in (("hide", ""), ("keep", ""), ("hide", ""), ("restore", "")):
        told = [
            words(await decide(table, voting, decision, alias, why)).replace(alias, "?")
            for alias in (human, ai)
        ]
        assert told[0] == told[1]
    struck = [
        words(await decide(table, voting, "strike", alias, "a quotation")).replace(alias, "?")
        for alias in (human, ai)
    ]
    assert struck[0] == struck[1]
    log = words(await table.quick(ShowLog(), "org", manages=True))
    assert f"{human} (x1)" in log
    assert "author1" not in log


async def test_a_struck_author_is_told_why_with_their_next_private_card(
    table: Table, voting: VotingChallenge
) -> None:
    alias = voting.alias_of("author2")
    with pytest.raises(Refusal):
        await decide(table, voting, "strike", alias)
    await decide(table, voting, "strike", alias, "it is a song’s line")
    assert not (await pool_now(table.muse.store, voting.ref))[alias].standing
    assert "it is a song’s line" not in words(await table.quick(Mine(), "author1"))
    told = words(await table.quick(Mine(), "author2"))
    assert "it is a song’s line" in told
    assert voting.challenge.theme in told
    assert "it is a song’s line" not in words(await table.quick(Mine(), "author2")), "once"


async def test_a_strike_that_is_restored_is_not_told(table: Table, voting: VotingChallenge) -> None:
    alias = voting.alias_of("author2")
    await decide(table, voting, "strike", alias, "a mistake of mine")
    await decide(table, voting, "restore", alias)
    assert "a mistake of mine" not in words(await table.quick(Mine(), "author2"))


async def test_decisions_are_organisers_and_of_what_there_is(
    table: Table, voting: VotingChallenge
) -> None:
    alias = voting.alias_of("author2")
    with pytest.raises(NotAllowed):
        await table.quick(DecideContender(alias, "hide", "", voting.ref), "author1")
    with pytest.raises(BadInput):
        await decide(table, voting, "eat", alias)
    with pytest.raises(NotFound, match="zzzz"):
        await decide(table, voting, "hide", "zzzz")
    own = keys.challenge_keys(voting.ref.community, voting.ref.challenge)
    await table.muse.store.call("HSET", own.record, "state", "open")
    with pytest.raises(TooLate):
        await decide(table, voting, "hide", alias)
    await table.muse.store.call("HSET", own.record, "state", "closed")
    await decide(table, voting, "hide", alias)
    assert (await pool_now(table.muse.store, voting.ref))[alias].hidden == "organiser"


async def test_an_entry_of_one_who_left_leaves_the_queue(table: Table) -> None:
    pool = [*pool_of(4, 1), Made("gone with its author", member("zoe"))]
    voting = await voting_challenge(table.muse.store, table.clock, pool)
    alias = voting.alias_of("zoe")
    await report(table, voting, "cy", alias)
    assert "gone with its author" in words(await table.quick(ShowReports(), "org", manages=True))
    await table.do(Mine("forget", sure=True), "zoe")
    assert en.REPORTS_NONE in words(await table.quick(ShowReports(), "org", manages=True))


async def test_an_organiser_is_told_that_the_winners_role_stays_where_it_is(table: Table) -> None:
    """Once it was given, and in the same words whichever entry it is about."""
    without = await closed(table)
    decided = DecideContender(min(without.pool), "strike", "a copy", without.ref)
    assert "winner’s role" not in words(await table.do(decided, "boss", manages=True))
    found = await closed(table, number=2, plan=Plan(winner_role="test:bard"))
    said = set()
    for alias in found.pool:
        strike = DecideContender(alias, "strike", "a copy", found.ref)
        card = words(await table.do(strike, "boss", manages=True))
        said.add(card.replace(alias, "it"))
    (card,) = said
    assert "please move it yourself" in card
