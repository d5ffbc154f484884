"""That nothing in a ballot depends on who made what: two weeks that differ in that alone are, from
outside and in the number of steps, one and the same.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Sequence
from typing import Any

import pytest

from bot.cards import Card
from bot.challenge import Side
from bot.challenge_requests import (
    DecideContender,
    GuessMaker,
    MorePicks,
    PraiseContender,
    ReportContender,
)
from bot.community_requests import Mine, SetRule, ShowLog, ShowReports
from bot.game.composing import Composers
from bot.models import Facet, Origin
from bot.storage import keys
from bot.storage.client import Script, Store
from bot.storage.connect import make_client
from tests.blind import from_card, from_log, leaks
from tests.challenging import Made, Voter, VotingChallenge, enrolled, voting_challenge
from tests.support import ScriptedWriter, Table, member, raw

VOTERS = tuple(f"voter{n}" for n in range(12))
TEXTS = tuple(f"the rain {verb} at window {n}" for n, verb in enumerate(("sings", "hums") * 6))


class Watched(Store):
    """A store that remembers which scripts ran and what they were told."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.ran: list[str] = []

    def run(self, which: Script, keys: Sequence[str], args: Sequence[Any]) -> Awaitable[Any]:
        self.ran.append(which.name)
        return super().run(which, keys, args)


def pool(ai: frozenset[int]) -> list[Made]:
    """Twelve texts, four of them by Muse: those in `ai`. Eight authors, in order."""
    authors = iter(range(1, 9))
    return [
        Made(text, None, Origin.AI, "fable", "fable-2", lens="letter")
        if n in ai
        else Made(text, member(f"author{next(authors)}"))
        for n, text in enumerate(TEXTS)
    ]


async def week(url: str, ai: frozenset[int]) -> tuple[list[Card], list[str], VotingChallenge]:
    """A voting, from its first ballot to organisers' decisions: every card, every script."""
    async with raw(url) as ask:
        await ask("FLUSHALL")
    store = Watched(make_client(url))
    try:
        table = Table.of(store, Composers.by(ScriptedWriter()))
        voting = await voting_challenge(store, table.clock, pool(ai))
        for number in (
            await enrolled(store, voting.ref.community, map(member, VOTERS), table.clock)
        ).values():
            await store.call("HSET", keys.community(voting.ref.community).record, f"p{number}", 1)
        cards = [await table.quick(SetRule("reports", "2"), "org", manages=True)]
        for n, who in enumerate(VOTERS):
            voter = Voter(table, voting, who)
            cards.append(await voter.open())
            for turn in range(9):
                side = list(Side)[(n + turn) % 4]
                cards.append(await voter.pick(side, at=f"{who} {turn}"))
                if turn == 3:
                    report = ReportContender(0, Side.LEFT, "", voting.ref)
                    cards.append(await voter.do(report, f"{who} reports"))
                if turn == 6:
                    guess = GuessMaker(1, Origin.AI, voting.ref)
                    cards.append(await voter.do(guess, f"{who} guesses"))
                    praise = PraiseContender(Facet.MOVED, 1, voting.ref)
                    cards.append(await voter.do(praise, f"{who} praises"))
                    cards.append(await voter.do(MorePicks(voting.ref), f"{who} more"))
            cards.append(await table.quick(Mine(), who))
        cards += [await table.quick(ShowReports(page), "org", manages=True) for page in (1, 2, 3)]
        for alias in sorted(voting.pool)[:6]:
            for decision in ("hide", "restore", "strike", "restore", "keep"):
                request = DecideContender(alias, decision, "a reason", voting.ref)
                cards.append(
                    await table.quick(request, "org", manages=True, at=f"{alias}{decision}")
                )
        cards.append(await table.quick(ShowLog(), "org", manages=True))
        return cards, store.ran, voting
    finally:
        await store.close()


async def test_two_weeks_that_differ_in_who_made_what_look_alike(
    empty_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        cards, ran, voting = await week(empty_url, frozenset({0, 3, 6, 9}))
        logged = [each.getMessage() for each in caplog.records]
        seen = [part for n, card in enumerate(cards) for part in from_card(card, f"card {n}")]
        people = {number: (user.id,) for user, number in voting.numbers.items()}
        assert leaks([*seen, *from_log(caplog.records)], voting.pool, people) == []
        caplog.clear()
        others, ran_then, other = await week(empty_url, frozenset({1, 2, 7, 11}))
        assert [each.getMessage() for each in caplog.records] == logged
    assert {each.text for each in voting.pool.values()} == {e.text for e in other.pool.values()}
    assert [a for a in voting.pool if voting.pool[a].origin is not other.pool[a].origin]
    assert cards == others
    assert ran == ran_then, "nor is there more to do for the one than for the other"
