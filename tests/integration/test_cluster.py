"""A cluster of three nodes: votes while a slot moves, and while a node is gone for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.errors import SetupError
from bot.game.composing import Composers
from bot.models import RoundRef, SpaceRef
from bot.requests import Ask, Vote
from bot.storage import keys
from bot.storage.client import Store
from bot.storage.connect import check_engine, make_client
from bot.storage.probing import probe
from bot.storage.spaces import first_community_id
from tests.clusters import NODES, Cluster, redis_cluster
from tests.support import SPACE, ScriptedWriter, Table


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with redis_cluster(tmp_path_factory.mktemp("moving")) as made:
        yield made


@pytest.fixture
async def table(cluster: Cluster) -> AsyncIterator[Table]:
    for node in range(len(cluster.ports)):
        cluster.ask(node, "FLUSHALL")
    store = Store(make_client(cluster.url))
    yield Table.of(store, Composers.by(ScriptedWriter()), seed=3)
    await store.close()


def slot_of(cluster: Cluster) -> int:
    """The slot of the community that the tests play in."""
    return cluster.slot_of(keys.community(first_community_id(SPACE)).record)


async def vote_on(table: Table, ref: RoundRef, done: asyncio.Event) -> dict[str, tuple[int, ...]]:
    """Members vote, each again and again until it is enough; what each has approved."""
    last: dict[str, tuple[int, ...]] = {}

    async def one(name: str, number: int) -> None:
        turn = 0
        while not done.is_set() or turn < 3:
            choice = ((number + turn) % 4 + 1,)
            await table.quick(Vote(choice, round=ref), name)
            last[name] = (*sorted({*last.get(name, ()), *choice}),)
            turn += 1
            await asyncio.sleep(0)

    await asyncio.gather(*(one(f"m{n}", n) for n in range(24)))
    return last


async def test_a_slot_moves_during_votes(cluster: Cluster, table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    ref, slot = await table.here(), slot_of(cluster)
    done = asyncio.Event()
    voting = asyncio.create_task(vote_on(table, ref, done))
    try:
        for linger in (0.0, 0.3, 0.0):
            to = (cluster.owner(slot) + 1) % len(cluster.ports)
            moved = await asyncio.to_thread(cluster.move, slot, to, linger=linger)
            assert moved > 3
            assert cluster.owner(slot) == to
            await asyncio.sleep(0.1)
    finally:
        done.set()
    last = await voting
    view = await table.rounds.read(ref)
    assert view.round.voters == 24
    for entry in view.round.entries:
        counted = view.round.tallies[entry.number].approvals
        assert counted == sum(entry.number in chosen for chosen in last.values())


async def test_everything_is_played_on_three_nodes(cluster: Cluster, table: Table) -> None:
    """Rounds of many communities, so that each node has some."""
    spaces = [SpaceRef("test", f"s{n}") for n in range(12)]
    await asyncio.gather(*(table.quick(Ask("a lighthouse"), space=space) for space in spaces))
    await table.muse.settle()
    refs = [await table.here(space) for space in spaces]
    await asyncio.gather(
        *(
            table.quick(Vote((n % 4 + 1,), round=ref), f"m{n}", space=space)
            for ref, space in zip(refs, spaces, strict=True)
            for n in range(8)
        )
    )
    for ref in refs:
        assert (await table.round(ref)).voters == 8
    owners = {cluster.owner(cluster.slot_of(keys.community(ref.community).record)) for ref in refs}
    assert owners == {0, 1, 2}


async def test_one_tick_is_one_pipeline_a_node(cluster: Cluster, table: Table) -> None:
    """However many ask at once, few connections are used."""
    store = table.muse.store
    await asyncio.gather(*(store.call("SET", f"{{{n}}}:t", str(n)) for n in range(3000)))
    values = await asyncio.gather(*(store.call("GET", f"{{{n}}}:t") for n in range(3000)))
    assert values == [str(n) for n in range(3000)]
    for node in range(len(cluster.ports)):
        clients = str(cluster.ask(node, "CLIENT", "LIST"))
        assert clients.count("name=") < 30


@pytest.mark.parametrize("node", range(NODES))
async def test_one_node_that_throws_data_away_is_enough(cluster: Cluster, node: int) -> None:
    cluster.ask(node, "CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    client = make_client(cluster.url)
    try:
        with pytest.raises(SetupError, match="allkeys-lru"):
            await check_engine(client)
    finally:
        cluster.ask(node, "CONFIG", "SET", "maxmemory-policy", "noeviction")
        await client.aclose()


@pytest.mark.parametrize("node", range(NODES))
async def test_what_is_looked_at_is_the_worst_of_the_nodes(cluster: Cluster, node: int) -> None:
    """One is short of memory, and two write to disk."""
    others = [each for each in range(NODES) if each != node]
    for each in others:
        cluster.ask(each, "CONFIG", "SET", "appendonly", "yes")
    cluster.ask(node, "CONFIG", "SET", "maxmemory", 64 << 20)
    try:
        seen = await probe(cluster.url)
    finally:
        for each in others:
            cluster.ask(each, "CONFIG", "SET", "appendonly", "no")
        cluster.ask(node, "CONFIG", "SET", "maxmemory", 0)
    assert not seen.on_disk
    assert seen.most == 64 << 20
    assert not seen.replica
