"""Everything out and in again, counted, and taken from one version to the next."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.community_requests import Mine, SetRule
from bot.errors import SetupError
from bot.keeping import as_json, as_table
from bot.requests import Add, Ask, Close, Top, Vote
from bot.storage import keys
from bot.storage.census import take_census
from bot.storage.client import Store
from bot.storage.connect import Client, make_client
from bot.storage.copying import exported, imported
from bot.storage.kinds import kind
from bot.storage.scanning import every_key, records
from bot.storage.schema import SCHEMA, Step, migrate
from bot.storage.schema_watch import while_known
from tests.support import Table, one_server, raw, redis_server, words

#: What a Muse kept that did not name the version of its data yet, exported by `_evening` then.
VERSION_0 = Path(__file__).parents[1] / "data" / "version_0.jsonl"


@pytest.fixture
async def client(empty_url: str) -> AsyncIterator[Client]:
    made = make_client(empty_url)
    yield made
    await made.aclose()


async def evening(table: Table) -> None:
    """A round that closed, one that is open, and most of what can be set."""
    await table.do(Ask("a lighthouse afraid of the dark"))
    await table.do(Add("The gulls kept the light — 🕯️."), "bo")
    for n, who in enumerate(("cem", "dua", "eli", "fay")):
        await table.do(Vote((5, n % 4 + 1)), who)
    await table.do(Close(await table.here()))
    await table.do(Ask("the last bookshop on Mars"), "bo")
    await table.do(Vote((1, 2)), "ana")
    await table.do(SetRule("tallies", "always"), "boss", manages=True)


async def lines_of(client: Client) -> list[str]:
    return [line async for line in exported(client)]


async def whole(client: Client) -> dict[str, Any]:
    return {each.key: (each.type, each.value) async for each in records(client)}


async def test_all_of_it_comes_back_in_another_redis(
    table: Table, client: Client, tmp_path: Path
) -> None:
    await evening(table)
    await client.execute_command("SET", "{5}:c:odd", b"\xff\xfe \xf0\x9f\x95\xaf", "EX", 500)
    before, lines = await whole(client), await lines_of(client)
    assert json.loads(lines[0])["muse"] == "export"
    assert json.loads(lines[-1]) == {"end": True, "keys": len(before)}
    with redis_server(tmp_path / "other") as other:
        there = make_client(other.url)
        assert await imported(there, lines) == len(before)
        assert await whole(there) == before
        left = await there.execute_command("TTL", "{5}:c:odd")
        assert 490 < int(left) <= 500
        with pytest.raises(SetupError, match="--replace"):
            await imported(there, lines)
        await there.execute_command("SET", "{6}:c:another", "x")
        await there.execute_command("SET", "somebody:elses", "theirs")
        await imported(there, lines, replace=True)
        assert await whole(there) == before
        assert await there.execute_command("GET", "somebody:elses") == "theirs"
        await there.aclose()


def many(count: int) -> list[str]:
    """An export of so many keys, of every type."""
    values: dict[str, Any] = {
        "string": "x",
        "hash": {"1": "y", "2": "y"},
        "list": ["a", "b", "a"],
        "set": ["a", "b"],
        "zset": [["a", 1.5], ["b", 2.0]],
    }
    kinds = list(values.items())
    records = [
        {"key": f"{{{n % 64}}}:c:{n}", "type": kinds[n % 5][0], "value": kinds[n % 5][1]}
        for n in range(count)
    ]
    big = {str(n): "y" * 50 for n in range(12_000)}  # no command takes all of it
    records.append({"key": "{7}:c:big", "type": "hash", "value": big, "expires": 2**42})
    head = {"muse": "export", "format": 1, "schema": SCHEMA}
    last = {"end": True, "keys": len(records)}
    return [json.dumps(each) for each in (head, *records, last)]


async def test_an_import_goes_many_keys_at_a_time(client: Client) -> None:
    said: list[int] = []
    assert await imported(client, many(6000), progress=said.append) == 6001
    assert said == sorted(said)
    assert len(said) > 5
    held = await whole(client)
    assert len(held) == 6002
    assert held["{2}:c:2"] == ("list", ["a", "b", "a"])
    assert len(held["{7}:c:big"][1]) == 12_000
    assert await client.execute_command("PTTL", "{7}:c:big") > 0
    # What is there already is removed as many at a time.
    assert await imported(client, many(50), replace=True) == 51
    assert len(await whole(client)) == 52


@one_server
async def test_an_import_takes_few_round_trips(tmp_path: Path) -> None:
    with redis_server(tmp_path / "other") as other:
        there = make_client(other.url)
        before = (await there.info("stats"))["total_reads_processed"]
        await imported(there, many(6000))
        reads = (await there.info("stats"))["total_reads_processed"] - before
        await there.aclose()
    assert reads < 600


async def test_no_key_of_muse_is_left_out(table: Table, client: Client, empty_url: str) -> None:
    await evening(table)
    ours = {name async for name in every_key(client)}
    async with raw(empty_url) as ask:
        assert ours == set(await ask("KEYS", "*"))
    assert all(kind(name) for name in ours)
    assert not any((kind(name) or "").startswith("others") for name in ours)
    assert kind("{64}:c:x") is None
    assert kind("cache:somebody") is None


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda _: [], "no export"),
        (lambda lines: ['{"muse": "export"}', *lines[1:]], "no export"),
        (lambda lines: ["not JSON", *lines[1:]], "no export"),
        (lambda lines: [lines[0].replace('"format": 1', '"format": 2'), *lines[1:]], "newer Muse"),
        (lambda lines: [lines[0].replace('"schema": 0', '"schema": 99'), *lines[1:]], "newer Muse"),
        (lambda lines: lines[:-1], "cut off"),
        (lambda lines: lines[: len(lines) // 2], "cut off"),
        (lambda lines: [*lines[:-2], lines[-1]], "should have more"),
        (lambda lines: [lines[0], lines[1][:-5], *lines[2:]], "Line 2"),
        (lambda lines: [lines[0], '{"key": "{1}:c:x", "type": "stream", "value": 1}'], "Line 2"),
    ],
)
async def test_what_is_no_whole_export_is_refused(
    table: Table, client: Client, store: Store, empty_url: str, spoil: Any, says: str
) -> None:
    await evening(table)
    lines = spoil(await lines_of(client))
    async with raw(empty_url) as ask:
        await ask("FLUSHALL")
    with pytest.raises(SetupError, match=says):
        await imported(client, lines)
    async with raw(empty_url) as ask:
        left = await ask("DBSIZE")
    if left:  # then nobody starts on the half of it
        with pytest.raises(SetupError, match="not finished"):
            await migrate(store)


async def test_what_there_is_is_counted(table: Table, client: Client) -> None:
    await evening(table)
    census = await take_census(client)
    assert (census.count("rounds"), census.count("rounds: votes")) == (2, 2)
    assert census.count("communities: spaces") == census.count("spaces") == 1
    assert census.bytes == sum(each.bytes for each in census.kinds.values()) > 2000
    assert as_table(census).startswith("1 communities, 1 spaces, 2 rounds")
    told = json.loads(as_json(census))
    assert told["kinds"]["rounds"]["keys"] == 2
    assert sum(each["keys"] for each in told["kinds"].values()) == len(
        [name async for name in every_key(client)]
    )


# --- From one version to the next.


async def test_data_of_the_version_before(store: Store, client: Client, table: Table) -> None:
    """Exported by a Muse of then; it is taken on, and the game goes on with it."""
    with VERSION_0.open(encoding="utf-8") as source:
        lines = source.readlines()
    await imported(client, lines)
    assert await migrate(store) == SCHEMA
    assert await store.call("GET", keys.SCHEMA) == str(SCHEMA)
    table.clock.shift(timedelta(minutes=5))
    assert "The gulls kept the light" in words(await table.quick(Top()))
    told = await table.quick(Vote((3,)), "dua")
    assert "You voted for 3." in told.summary
    ref = await table.here()
    assert (await table.round(ref)).prompt == "the last bookshop on Mars"
    await table.do(Close(ref), "bo")
    assert (await table.round(ref)).voters == 2
    assert "gulls" in words(await table.quick(Mine(), "bo"))


async def test_each_step_is_taken_once_however_many_start(empty_url: str) -> None:
    stores = [Store(make_client(empty_url)) for _ in range(5)]
    taken: list[str] = []

    def step(name: str) -> Step:
        async def take(store: Store) -> None:
            taken.append(name)
            await asyncio.sleep(0.05)
            await store.call("SET", f"{{1}}:c:{name}", "x")

        return take

    steps = [step("one"), step("two"), step("three")]
    assert sum(await asyncio.gather(*(migrate(each, steps) for each in stores))) == 3
    assert taken == ["one", "two", "three"]
    assert await migrate(stores[0], [*steps, step("four")]) == 1
    assert taken[3:] == ["four"]
    for each in stores:
        await each.close()


async def test_a_step_that_breaks_off_is_begun_again(store: Store) -> None:
    tries: list[int] = []

    async def breaks(_: Store) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011 the very one
        await migrate(store, [breaks])
    assert await store.call("GET", keys.SCHEMA) is None
    assert await migrate(store, [breaks]) == 1


async def test_what_a_newer_one_wrote_is_refused(store: Store) -> None:
    await store.call("SET", keys.SCHEMA, SCHEMA + 1)
    with pytest.raises(SetupError, match="newer Muse"):
        await migrate(store)
    assert await store.call("GET", keys.SCHEMA) == str(SCHEMA + 1)


@pytest.mark.parametrize(
    ("kept", "says"), [(keys.HALF, "not finished"), (str(SCHEMA + 1), "newer Muse")]
)
async def test_a_process_that_runs_ends_where_its_data_change(
    store: Store, kept: str, says: str
) -> None:
    await migrate(store)
    ended: list[str] = []

    async def running() -> None:
        async with while_known(store, every=0.01):
            try:
                await store.call("SET", keys.SCHEMA, kept)
                await asyncio.Event().wait()
            finally:
                ended.append("orderly")

    with pytest.raises(SetupError, match=says):
        async with asyncio.timeout(30):
            await running()
    assert ended == ["orderly"]
    assert asyncio.current_task().cancelling() == 0  # type: ignore[union-attr]


async def test_a_process_whose_data_stay_goes_on_and_is_stopped_as_ever(store: Store) -> None:
    await migrate(store)
    looked = asyncio.Event()

    class Looking(Store):
        def call(self, *command: Any) -> Any:
            looked.set()
            return store.call(*command)

    async with while_known(Looking(None), every=0.001):
        await looked.wait()
        await asyncio.sleep(0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01), while_known(store, every=0.001):
            await asyncio.Event().wait()
