"""What Muse tried in vain: organisers see it in plain words, and have it tried again."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.agenda import LONGEST_RETRY, TRIES
from bot.cards import Answer
from bot.community_requests import Mine, ShowGivenUp, ShowLog, ShowRules, TryAgain
from bot.errors import NotAllowed
from bot.models import RoundRef, SpaceRef
from bot.requests import Ask
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.agenda import AgendaStore
from bot.storage.given_up import GivenUpStore
from bot.wording import en
from tests.support import Table, command, words

ELSEWHERE = SpaceRef("test", "elsewhere")


async def in_vain(table: Table) -> None:
    """Let everything that is due be tried until it is given up."""
    for _ in range(TRIES + 1):
        await table.muse.settle()
        table.clock.shift(LONGEST_RETRY)


async def plant(table: Table, item: str, at: int = 0, **note: object) -> None:
    """Something that was given up, as the agenda leaves it."""
    dead = keys.agenda_dead(keys.shard(items.read(item)[1].community))
    kept = json.dumps({"why": "x", "at": at, "tries": TRIES, **note})
    await table.muse.store.call("HSET", dead, item, kept)


async def organiser(table: Table, request: ShowGivenUp | TryAgain | ShowLog | ShowRules) -> str:
    return words(await table.quick(request, "boss", manages=True))


async def test_what_a_platform_would_not_take_is_shown_and_tried_again(table: Table) -> None:
    assert en.GIVEN_UP_NONE in await organiser(table, ShowGivenUp())
    table.stage.failing = True
    await table.quick(Ask("a lighthouse"))
    await in_vain(table)
    shown = await organiser(table, ShowGivenUp())
    assert f"{en.GIVEN_UP_WORK['show']} on Test" in shown
    assert "The last time: “" in shown
    ref = await table.here()
    codes = {row.code: row for row in await GivenUpStore(table.muse.store).of(ref.community)}
    assert all(code in shown for code in codes)
    row = next(row for row in codes.values() if row.verb == "show")
    assert row.said
    assert "Traceback" not in shown
    table.stage.failing = False
    posts = len(table.stage.posts)
    assert en.GIVEN_UP_AGAIN in await organiser(table, TryAgain(row.code.upper()))
    await table.muse.settle()
    assert len(table.stage.posts) > posts
    assert row.code not in await organiser(table, ShowGivenUp())
    assert "@boss had Muse try again" in await organiser(table, ShowLog())
    assert en.GIVEN_UP_NOT_THERE in await organiser(table, TryAgain(row.code))
    log = await organiser(table, ShowLog())
    assert log.count("had Muse try again") == 1, "what changed nothing has no row"


async def test_all_of_it_at_once_and_nobody_elses(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    here = (await table.here()).community
    await table.muse.app.handle(command(Ask("next door"), "dan", space=ELSEWHERE))
    await table.muse.settle()
    for number in range(7):
        await plant(table, items.close(RoundRef(here, f"gone{number}")), number)
    there = (await table.spaces.community(ELSEWHERE, table.clock.now())).id
    theirs = items.close(RoundRef(there, "gone"))
    await plant(table, theirs)
    # A community of the same shard, which shares the hash.
    shares = next(f"c{n}" for n in range(9999) if keys.shard(f"c{n}") == keys.shard(here))
    neighbour = items.close(RoundRef(shares, "gone"))
    await plant(table, neighbour)
    first = await organiser(table, ShowGivenUp())
    second = await organiser(table, ShowGivenUp(2))
    assert (first.count("Closing a round"), second.count("Closing a round")) == (5, 2)
    await organiser(table, TryAgain())
    assert en.GIVEN_UP_NONE in await organiser(table, ShowGivenUp())
    await table.muse.settle()
    left = await AgendaStore(table.muse.store).dead()
    assert set(left) == {theirs, neighbour}


async def test_organisers_are_told_of_it_and_members_are_not(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    await plant(table, items.show(ref, "test"))
    sign = en.GIVEN_UP_WAIT
    assert sign in await organiser(table, ShowRules())
    assert sign not in await organiser(table, ShowGivenUp())
    reply = await table.muse.app.handle(command(Mine(), "mal"))
    assert reply.kind is Answer.PRIVATE
    assert sign not in words(reply.card)
    for request in (ShowGivenUp(), TryAgain()):
        with pytest.raises(NotAllowed):
            await table.quick(request, "mal")
    assert await AgendaStore(table.muse.store).dead()


async def test_of_a_challenge_nothing_is_told_that_is_blind(table: Table) -> None:
    """That Muse could not write tells that nothing in the pool is Muse's."""
    await table.do(Ask("a lighthouse"))
    here = (await table.here()).community
    await plant(table, f"compete:{here}:x1", said="The model gave nothing.")
    compete = await organiser(table, ShowGivenUp())
    await organiser(table, TryAgain())
    await plant(table, f"advance:{here}:x1", said="The model gave nothing.")
    advance = await organiser(table, ShowGivenUp())

    def plain(shown: str) -> str:
        return "\n".join(line for line in shown.splitlines() if "code" not in line)

    assert "model" not in compete
    assert plain(compete) == plain(advance)


async def test_the_list_is_bounded(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    ref, store = await table.here(), table.muse.store
    for number in range(1, 1001):
        await plant(table, items.close(RoundRef(ref.community, f"r{number}")), number)
    agenda, now = AgendaStore(store), table.clock.now()
    item, shard = items.close(RoundRef(ref.community, "latest")), keys.shard(ref.community)
    await agenda.add(item, now - timedelta(seconds=1))
    lease = now + timedelta(seconds=9)
    claims = await agenda.claim(shard, now, lease, 9, ["close"])
    claim = next(each for each in claims if each.item == item)
    await agenda.give_up(claim, lease, "no", now)
    dead = await agenda.dead()
    assert len(dead) == 1000
    assert item in dead
    assert items.close(RoundRef(ref.community, "r1")) not in dead


async def test_every_kind_of_work_has_words(table: Table) -> None:
    assert table.muse.agenda.verbs == set(en.GIVEN_UP_WORK)
