"""What a close teaches of lenses, in Lua, is what `bot.stats.lens_choice` says in Python."""

from __future__ import annotations

import pytest

from bot.models import Origin
from bot.requests import Ask, Close, Vote
from bot.stats.approval import score
from bot.stats.lens_choice import LensRecord, learned, rewards
from bot.storage.memory import Memory
from tests.support import Table


async def test_every_close_teaches_what_the_formula_says(table: Table) -> None:
    memory = Memory(table.muse.store)
    expected: dict[str, LensRecord] = {}
    ballots: list[dict[str, tuple[int, ...]]] = [
        {"bo": (1, 2), "cy": (1,)},
        {"bo": (3,)},
        {"bo": (2, 4), "cy": (4,), "di": (4, 1)},
    ]
    for number, votes in enumerate(ballots):
        await table.do(Ask(f"prompt {number}"), "ana")
        ref = await table.here()
        for voter, entries in votes.items():
            await table.do(Vote(entries, (), ref), voter)
        await table.do(Close(ref), "ana")
        round_ = (await table.rounds.read(ref)).round
        scores = {
            entry.lens: score(
                round_.tallies[entry.number].approvals,
                round_.tallies[entry.number].seen_by,
                round_.prior,
            )
            for entry in round_.entries
        }
        expected = learned(expected, rewards(scores))
        kept = await memory.lenses(ref.community)
        assert kept.keys() == expected.keys()
        for lens, record in expected.items():
            assert kept[lens].wins == pytest.approx(record.wins, abs=1e-6)
            assert kept[lens].losses == pytest.approx(record.losses, abs=1e-6)


async def test_a_round_without_a_vote_and_the_deck_teach_nothing(table: Table) -> None:
    memory = Memory(table.muse.store)
    await table.do(Ask("unvoted"), "ana")
    ref = await table.here()
    await table.do(Close(ref), "ana")
    table.writer.origin = Origin.DECK
    await table.do(Ask("of the deck"), "ana")
    await table.do(Vote((1,)), "bo")
    await table.do(Close(), "ana")
    assert await memory.lenses(ref.community) == {}
