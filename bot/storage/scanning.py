"""Walking over every key of Muse's, on one server or all nodes of a cluster."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from redis import exceptions

from bot.errors import NotYet
from bot.storage.connect import Client, is_cluster
from bot.storage.kinds import PATTERNS, kind

PAGE = 500  # keys that one SCAN looks at
AT_ONCE = 32  # keys that are read at once
_BROKEN = (exceptions.RedisError, exceptions.RedisClusterException, OSError, TimeoutError)

Value = str | list[str] | dict[str, str] | list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Record:
    """A key with all that is in it. `expires` is a moment by Redis's clock, in ms; 0 is never.

    What is no UTF-8 is kept by Python's surrogateescape.
    """

    key: str
    type: str
    value: Value
    expires: int = 0


async def pages(client: Client) -> AsyncIterator[list[str]]:
    """The names of Muse's keys, some at a time; one may come twice. Raises `SetupError`."""
    nodes: list[Any] = [None]
    if is_cluster(client):
        await client.initialize()
        nodes = client.get_primaries()
    for node in nodes:
        for pattern in PATTERNS:
            at: Any = 0
            while True:
                command = ("SCAN", at, "MATCH", pattern, "COUNT", PAGE)
                at, found = await _ask(client, *command, node=node)
                if isinstance(at, dict):  # a cluster's, by node
                    at = next(iter(at.values()))
                names = [_text(each) for each in found]
                ours = [name for name in names if kind(name) is not None]
                if ours:
                    yield ours
                if int(at) == 0:
                    break


async def every_key(client: Client) -> AsyncIterator[str]:
    """The name of each of Muse's keys, once. Raises `SetupError`."""
    seen: set[int] = set()  # eight bytes a key rather than its name
    async for page in pages(client):
        for name in page:
            if hash(name) not in seen:
                seen.add(hash(name))
                yield name


async def records(client: Client) -> AsyncIterator[Record]:
    """All that Muse keeps. Each key is read at one moment, but not all at the same.

    Raises `SetupError` where Redis does not answer.
    """
    clock, ahead = await _ahead(client), list[str]()
    async for name in every_key(client):
        ahead.append(name)
        if len(ahead) == AT_ONCE:
            for record in await asyncio.gather(*(_record(client, each, clock) for each in ahead)):
                if record is not None:
                    yield record
            ahead.clear()
    for record in await asyncio.gather(*(_record(client, each, clock) for each in ahead)):
        if record is not None:
            yield record


async def ask(client: Client, *command: Any) -> Any:
    """One command, in bytes. Raises `SetupError`."""
    return await _ask(client, *command)


async def ask_at_once(client: Client, commands: Sequence[tuple[Any, ...]]) -> None:
    """Commands of one key each, in one pipeline a node. Raises `SetupError` where any fails."""
    if not commands:
        return
    pipeline = client.pipeline(transaction=False)
    for command in commands:
        pipeline.execute_command(*command)
    try:
        await pipeline.execute()
    except _BROKEN as error:
        raise _broken(error) from error


def _broken(error: Exception) -> NotYet:
    return NotYet(f"Redis did not answer to the end ({type(error).__name__}). Look into its log.")


_READ = {
    "string": ("GET",),
    "hash": ("HGETALL",),
    "list": ("LRANGE", 0, -1),
    "set": ("SMEMBERS",),
    "zset": ("ZRANGE", 0, -1, "WITHSCORES"),
}


async def _record(client: Client, key: str, clock: float) -> Record | None:
    """A key as it stands; None where it has gone. Redis's clock is `clock` seconds ahead."""
    name = key.encode("utf-8", "surrogateescape")
    type_ = _text(await _ask(client, "TYPE", name))
    if type_ not in _READ:
        return None
    verb, *rest = _READ[type_]
    left = int(await _ask(client, "PTTL", name))
    raw = await _ask(client, verb, name, *rest)
    if raw is None or (not raw and type_ != "string"):
        return None
    expires = int((time.time() + clock) * 1000) + left if left >= 0 else 0
    return Record(key, type_, _value(type_, raw), expires)


async def _ahead(client: Client) -> float:
    """How far Redis's clock is ahead of this machine's, in seconds."""
    node = client.get_primaries()[0] if is_cluster(client) else None
    seconds, micro = await _ask(client, "TIME", node=node)
    return float(seconds) + float(micro) / 1e6 - time.time()


def _value(type_: str, raw: Any) -> Value:
    match type_:
        case "string":
            return _text(raw)
        case "list":
            return [_text(each) for each in raw]
        case "set":
            return sorted(_text(each) for each in raw)
        case "hash":
            pairs = raw.items() if isinstance(raw, dict) else _paired(raw)
            return {_text(field): _text(value) for field, value in pairs}
    scored = raw if raw and isinstance(raw[0], (tuple, list)) else _paired(raw)
    return [(_text(member), float(score)) for member, score in scored]


def _paired(flat: Any) -> list[tuple[Any, Any]]:
    return list(zip(flat[::2], flat[1::2], strict=True))


def _text(raw: Any) -> str:
    return raw.decode("utf-8", "surrogateescape") if isinstance(raw, bytes) else str(raw)


async def _ask(client: Client, *command: Any, node: Any = None) -> Any:
    options: dict[str, Any] = {"NEVER_DECODE": True}
    if node is not None:
        options["target_nodes"] = node
    try:
        reply = await client.execute_command(*command, **options)
    except _BROKEN as error:
        raise _broken(error) from error
    # A cluster's answer to one node comes as a table by node.
    if node is not None and isinstance(reply, dict) and len(reply) == 1:
        return next(iter(reply.values()))
    return reply
