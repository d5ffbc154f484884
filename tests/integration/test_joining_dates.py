"""The date of joining that some platforms tell once: seen, had whole, and forgotten."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.challenge import ChallengeState
from bot.community_requests import Mine, SetRule
from bot.errors import NotAllowed
from bot.models import SpaceRef
from bot.requests import Ask, Vote
from bot.storage import keys
from bot.storage.joins import Joins
from bot.storage.spaces import first_community_id
from bot.wording import en
from tests.challenging import pool_of, voting_challenge
from tests.support import SPACE, START, Table, member, words
from tests.traces import held

JOINED = keys.community(first_community_id(SPACE)).joined
FORGET = Mine("forget", sure=True)
DAY = timedelta(days=1)


async def file_of(table: Table, who: str) -> dict[str, Any]:
    card = await table.quick(Mine("export"), who)
    assert card.file is not None
    found: dict[str, Any] = json.loads(card.file.text)
    return found


@pytest.fixture(autouse=True)
async def arrived(table: Table) -> None:
    """Ana has joined by the platform's word; of Ben it has said nothing."""
    await table.muse.app.joined(SPACE, member("ana"))
    table.clock.shift(3 * DAY)


async def test_mine_names_it_and_the_file_has_it(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    assert "When you joined" in words(await table.quick(Mine(), "ana"))
    assert "When you joined" not in words(await table.quick(Mine(), "ben"))
    kept = (await file_of(table, "ana"))["you"]
    assert kept["joined"] == [{"place": str(SPACE), "when": START.isoformat()}]
    assert (await file_of(table, "ben"))["you"]["joined"] == []


async def test_who_has_done_nothing_but_join_sees_that_and_nothing_else(table: Table) -> None:
    card = words(await table.quick(Mine(), "ana"))
    assert "When you joined" in card
    assert "What you wrote" not in card
    assert en.MINE_KEEPS_NOTHING not in card
    assert words(await table.quick(FORGET, "ana")) == en.FORGOTTEN_NOW
    assert en.MINE_KEEPS_NOTHING in words(await table.quick(Mine(), "ana"))


async def test_it_is_forgotten_with_the_member(table: Table, empty_url: str) -> None:
    await table.do(Ask("a lighthouse"), "ana")
    assert JOINED in await held(empty_url)
    await table.quick(FORGET, "ana")
    assert JOINED not in await held(empty_url)
    assert (await file_of(table, "ana"))["you"]["joined"] == []


async def test_another_members_stays(table: Table) -> None:
    await table.muse.app.joined(SPACE, member("cy"))
    await table.quick(FORGET, "ana")
    assert await Joins(table.muse.store).since(SPACE, member("cy")) == START + 3 * DAY


async def test_it_stays_while_a_gate_asks_for_it_so_that_forgetting_opens_none(
    table: Table,
) -> None:
    await table.quick(SetRule("member-days", "7"), "boss", manages=True)
    await table.do(Ask("a lighthouse"), "ben")
    await table.quick(FORGET, "ana")
    with pytest.raises(NotAllowed):
        await table.quick(Vote((1,)), "ana")
    assert "When you joined" in words(await table.quick(Mine(), "ana"))
    table.clock.shift(4 * DAY)
    await table.quick(FORGET, "ana")
    assert (await file_of(table, "ana"))["you"]["joined"] == []


async def test_it_stays_while_a_challenge_runs_that_began_before(table: Table) -> None:
    store, clock = table.muse.store, table.clock
    clock.shift(timedelta(hours=1))
    made = await voting_challenge(store, clock, pool_of(5, 2), state=ChallengeState.VOTING)
    late = "zed"
    clock.shift(timedelta(hours=1))
    await table.muse.app.joined(SPACE, member(late))
    await table.quick(FORGET, late)
    await table.quick(FORGET, "ana")  # she was there before it began
    joins = Joins(store)
    assert await joins.since(SPACE, member(late)) is not None
    assert await joins.since(SPACE, member("ana")) is None
    await store.call("HDEL", keys.community(made.ref.community).plan, "current")
    await table.quick(FORGET, late)
    assert await joins.since(SPACE, member(late)) is None


async def test_a_direct_message_speaks_of_itself_only(table: Table) -> None:
    direct = SpaceRef(SPACE.platform, f"{SPACE.id}:D1")
    assert await Joins(table.muse.store).kept((direct,), (member("ana"),)) == ()
    assert len(await Joins(table.muse.store).kept((SPACE, direct), (member("ana"),))) == 1
