"""Fixtures on a real Redis: one server for the whole run, emptied before each test; and the log,
put back after each.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, settings

from bot.game.composing import Composers
from bot.settings import LimitSettings
from bot.storage.client import Store
from bot.storage.connect import make_client
from bot.wiring import compose
from tests.clusters import redis_cluster
from tests.support import (
    ON_CLUSTER,
    ClusterStore,
    FakeClock,
    MemoryStage,
    ScriptedWriter,
    Table,
    raw,
    redis_server,
)
from tests.weeks import Week

# How fast an example is drawn and run tells of the machine, and of what else it does.
settings.register_profile("muse", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("muse")


@pytest.fixture(autouse=True)
def same_logging() -> Iterator[None]:
    """Leaves the log as it was: what a process sets up for itself must not hush other tests."""
    loggers = [logging.getLogger(name) for name in (None, "bot", "adapters")]
    levels, handlers = [each.level for each in loggers], list(loggers[0].handlers)
    yield
    loggers[0].handlers[:] = handlers
    for each, level in zip(loggers, levels, strict=True):
        each.setLevel(level)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server for the whole run; `MUSE_TEST_REDIS` names its program.

    With `MUSE_TEST_CLUSTER` it is a cluster of three nodes: `make cluster`.
    """
    if ON_CLUSTER:
        with redis_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
            yield cluster.url
        return
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@pytest.fixture
async def empty_url(redis_url: str) -> str:
    """The same server, emptied, and as it was configured."""
    async with raw(redis_url) as ask:
        await ask("FLUSHALL")
    return redis_url


@pytest.fixture
async def store(empty_url: str) -> AsyncIterator[Store]:
    """A store on an empty Redis."""
    made = (ClusterStore if ON_CLUSTER else Store)(make_client(empty_url))
    yield made
    await made.close()


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands on a Monday noon until it is shifted."""
    return FakeClock()


@pytest.fixture
def stage() -> MemoryStage:
    return MemoryStage()


@pytest.fixture
def writer() -> ScriptedWriter:
    return ScriptedWriter()


@pytest.fixture
def limits() -> LimitSettings:
    """Every limit at its default; a test module may say otherwise."""
    return LimitSettings()


@pytest.fixture
def table(
    store: Store,
    clock: FakeClock,
    stage: MemoryStage,
    writer: ScriptedWriter,
    limits: LimitSettings,
) -> Table:
    """The game on an empty Redis. Its agenda runs only when `muse.settle()` is called."""
    rng = Random(1)
    muse = compose(
        store,
        clock,
        Composers.by(writer),
        limits,
        "UTC",
        {"test": stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
    )
    return Table(muse, clock, stage, writer)


@pytest.fixture
def week(store: Store, clock: FakeClock, stage: MemoryStage, writer: ScriptedWriter) -> Week:
    """Challenges at a table, with a model."""
    return Week(store, clock, stage, writer)
