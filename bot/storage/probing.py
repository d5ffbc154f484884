"""A look at a Redis from outside, for `muse check`: what it is, and how it is kept."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from redis import exceptions

from bot.errors import SetupError
from bot.storage import keys
from bot.storage.connect import Client, check_engine, info_of_each, make_client, primaries
from bot.storage.schema import known_version

_ROUNDS = 10  # questions, of which the quickest counts


@dataclass(frozen=True, slots=True)
class Probed:
    """What was seen; of a cluster, at the worst of its nodes. Times in seconds, memory in bytes."""

    engine: str  #: its name and version
    on_disk: bool  #: whether every write goes into an append-only file
    round_trip: float  #: at its quickest
    ahead: float  #: how far its clock is ahead of this machine's
    used: int
    most: int  #: what it may use; 0 is no limit
    replica: bool  #: whether it only follows another, and takes no writes


async def probe(url: str) -> Probed:
    """Look at the Redis at `url`. Raises `SetupError` where it, or what is in it, is not fit for
    this Muse.
    """
    client = make_client(url)
    try:
        engine = await check_engine(client)
        try:
            known_version(await client.get(keys.SCHEMA))
            return await _look(client, engine)
        except exceptions.NoPermissionError as error:
            raise SetupError(
                "This Redis does not let its user do all that Muse needs. Give the user of "
                "REDIS_URL all commands on all keys: ACL SETUSER <name> ~* +@all -@dangerous +info."
            ) from error
        except (exceptions.RedisError, exceptions.RedisClusterException, OSError) as error:
            raise SetupError(
                f"Redis broke off while it was looked at ({type(error).__name__}). "
                "Look into its log."
            ) from error
    finally:
        await client.aclose()


async def _look(client: Client, engine: str) -> Probed:
    times = [
        min([await _asked_the_time(client, node) for _ in range(_ROUNDS)])
        for node in await primaries(client) or [None]
    ]
    await client.eval("return 1", 0)  # Muse is made of scripts, and a user may be kept from them
    disk = await info_of_each(client, "persistence")
    used, most = max(map(_room, await info_of_each(client, "memory")), key=_fullness)
    roles = await info_of_each(client, "replication")
    return Probed(
        engine=engine,
        on_disk=all(int(each.get("aof_enabled", 0)) for each in disk),
        round_trip=max(took for took, _ in times),
        ahead=max((ahead for _, ahead in times), key=abs),
        used=used,
        most=most,
        replica=any(each.get("role") == "slave" for each in roles),
    )


def _room(memory: dict[str, Any]) -> tuple[int, int]:
    """The bytes that a node uses, and that it may use; 0 is no limit."""
    return int(memory.get("used_memory", 0)), int(memory.get("maxmemory", 0))


def _fullness(room: tuple[int, int]) -> tuple[float, int]:
    """By which the fullest node is found; of those without a limit, the largest."""
    used, most = room
    return (used / most if most else 0.0), used


async def _asked_the_time(client: Client, node: Any) -> tuple[float, float]:
    """How long it took, and how far its clock is ahead if both ways took as long.

    The quickest of several tells both best: all that a busy machine does is to be slower.
    """
    before, began = time.time(), time.perf_counter()
    seconds, micro = await (client.time(target_nodes=node) if node else client.time())
    took = time.perf_counter() - began
    return took, float(seconds) + float(micro) / 1e6 - (before + took / 2)
