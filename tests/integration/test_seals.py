"""Every seal can be had before the first pick, and what comes at the close be held against it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cards import Card
from bot.challenge import ChallengeState
from bot.challenge_requests import ExportResults
from bot.errors import NotFound
from bot.game.challenges.commitments import root_of
from bot.game.challenges.verifying import verify
from bot.models import SpaceRef
from bot.present.challenges.announcements import voting_card
from bot.storage import keys
from bot.storage.challenges import Challenges
from bot.storage.refusals import ForeignSpace
from tests.blind import from_card, leaks
from tests.challenging import VotingChallenge, pool_of, voting_challenge
from tests.counted import begin_count, closed, seal, words_of
from tests.support import Table

OTHER = SpaceRef("test", "other")


async def sealed(table: Table, people: int = 100, number: int = 1) -> tuple[VotingChallenge, Card]:
    """A voting on so many entries, and the file of seals that a member is given."""
    store = table.muse.store
    found = await voting_challenge(store, table.clock, pool_of(people, 3, 1), number=number)
    await seal(store, found)
    return found, await table.do(ExportResults("commitments"), "ana")


async def commitments(table: Table, found: VotingChallenge) -> list[str]:
    pool = await Challenges(table.muse.store).pool(found.ref)
    return [each.commitment for each in pool.values()]


async def test_all_seals_are_to_be_had_while_people_vote(table: Table) -> None:
    await closed(table, number=1)  # last week's, which is not what is asked for
    found, card = await sealed(table, number=2)
    seals = await commitments(table, found)
    assert card.file is not None
    kept = json.loads(card.file.text)
    assert kept["challenge"] == 2
    assert kept["commitments"] == sorted(seals)
    assert len(seals) == 104
    assert kept["root"] == root_of(seals)
    told = words_of(voting_card(found.challenge, seals, root_of(seals)))
    assert root_of(seals) in told
    again = (await table.do(ExportResults("commitments", found.ref), "ben")).file
    assert again == card.file


async def test_the_file_of_seals_is_blind(table: Table) -> None:
    found, card = await sealed(table)
    pool = await Challenges(table.muse.store).pool(found.ref)
    people = {number: (user.id,) for user, number in found.numbers.items()}
    assert leaks(from_card(card), pool, people) == []
    assert card.file is not None
    for alias, entry in pool.items():
        assert f'"{alias}"' not in card.file.text
        assert entry.text not in card.file.text
        assert entry.salt not in card.file.text


@pytest.mark.parametrize("kind", ["html", "csv", "jsonl"])
async def test_nothing_else_is_to_be_had_before_the_close(table: Table, kind: str) -> None:
    await sealed(table, 5)
    with pytest.raises(NotFound):
        await table.do(ExportResults(kind), "ana")


async def test_while_entries_are_taken_nothing_is_sealed(table: Table) -> None:
    store = table.muse.store
    await voting_challenge(store, table.clock, pool_of(3), state=ChallengeState.OPEN)
    with pytest.raises(NotFound):
        await table.do(ExportResults("commitments"), "ana")


async def test_another_communitys_seals_are_not_given(table: Table) -> None:
    found = await voting_challenge(table.muse.store, table.clock, pool_of(3), space=OTHER)
    with pytest.raises(ForeignSpace):
        await table.do(ExportResults("commitments", found.ref), "ana")


async def test_results_are_held_against_what_was_published(table: Table, tmp_path: Path) -> None:
    store = table.muse.store
    found, card = await sealed(table, 5)
    own = keys.challenge_keys(found.ref.community, found.ref.challenge)
    await store.call("HSET", own.record, "state", "closed")
    await begin_count(store, found.ref, table.clock)
    await table.muse.settle()
    results = (await table.do(ExportResults("commitments"), "ana")).file
    assert results is not None
    assert card.file is not None
    assert results.name != card.file.name
    published, revealed = tmp_path / card.file.name, tmp_path / results.name
    published.write_text(card.file.text, encoding="utf-8")
    revealed.write_text(results.text, encoding="utf-8")
    said: list[str] = []
    assert verify(revealed, said.append, published)
    assert said[-1] == "They are the very seals that were published."
