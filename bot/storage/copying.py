"""Everything Muse keeps as lines of JSON, and back: for moving house, and for looking at it.

The first line says what it is: ``{"muse": "export", "format": 1, "schema": …, "made": …}``. Each
other is one key: ``key``, ``type``, ``value`` (a string; a list; an object; for a sorted set
pairs of member and score), and ``expires`` in ms since 1970 where it goes by itself. The last
one is ``{"end": true, "keys": …}``: a file that was cut off lacks it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from bot import __version__
from bot.errors import SetupError
from bot.storage import keys
from bot.storage.connect import Client
from bot.storage.scanning import Record, ask, ask_at_once, pages, records
from bot.storage.schema import SCHEMA, known_version

FORMAT: Final = 1
_CHUNK = 500  # fields of one command
_AT_ONCE = 5000  # arguments that go to Redis together, and the rest of the last key's

Command = tuple[bytes | str | int, ...]
_TYPES = ("string", "hash", "list", "set", "zset")


async def exported(client: Client) -> AsyncIterator[str]:
    """All lines, without their ends. Raises `SetupError`, also where the data are not whole or
    are newer than this Muse, which would leave out what it does not know.
    """
    kept = await ask(client, "GET", keys.SCHEMA)
    schema = known_version(kept.decode() if kept else None)
    yield json.dumps(
        {
            "muse": "export",
            "format": FORMAT,
            "schema": schema,
            "version": __version__,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
        }
    )
    count = 0
    async for record in records(client):
        if record.key == keys.SCHEMA:
            continue
        count += 1
        held: dict[str, Any] = {"key": record.key, "type": record.type, "value": record.value}
        if record.expires:
            held["expires"] = record.expires
        yield json.dumps(held)
    yield json.dumps({"end": True, "keys": count})


async def imported(
    client: Client,
    lines: Iterable[str],
    *,
    replace: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Put an export into an empty Redis; how many keys there are now.

    With `replace`, what Muse had there is removed first. One that breaks off leaves a mark, and
    no Muse starts on half of its data. `progress` is told now and then how many keys are there.
    Raises `SetupError`.
    """
    numbered = enumerate(lines, start=1)
    schema = _begun(next(numbered, (1, ""))[1])
    if not replace:
        async for _ in pages(client):
            raise SetupError(
                "This Redis holds data of Muse’s already. Import into an empty one, or say "
                "--replace: what is there is then removed first."
            )
    # Where it is removed and not whole again, whoever starts must know.
    await ask(client, "SET", keys.SCHEMA, keys.HALF)
    if replace:
        async for page in pages(client):
            names = [_bytes(key) for key in page if key != keys.SCHEMA]
            await ask_at_once(client, [("UNLINK", name) for name in names])
    now, count = datetime.now(UTC).timestamp() * 1000, 0
    waiting, size = list[Command](), 0
    for record in _parsed(numbered):
        count += 1
        if not record.expires or record.expires > now:
            for command in _commands(record):
                waiting.append(command)
                size += len(command)
        if size >= _AT_ONCE:
            await ask_at_once(client, waiting)
            waiting, size = [], 0
            progress(count)
    await ask_at_once(client, waiting)
    if schema:
        await ask(client, "SET", keys.SCHEMA, schema)
    else:
        await ask(client, "DEL", keys.SCHEMA)
    return count


def _begun(line: str) -> int:
    """The version of the data, from the first line. Raises `SetupError`."""
    try:
        head = json.loads(line)
        form, schema = {"export": int(head["format"])}[head["muse"]], int(head["schema"])
    except (ValueError, KeyError, TypeError) as wrong:
        raise SetupError("This is no export of Muse’s: its first line does not say so.") from wrong
    if form > FORMAT or schema > SCHEMA:
        raise SetupError(
            f"This was exported by a newer Muse ({head.get('version', '?')}); this is "
            f"{__version__}. Import it with that one or a newer."
        )
    return schema


def _parsed(numbered: Iterator[tuple[int, str]]) -> Iterator[Record]:
    """The records, up to the last line. Raises `SetupError` where there is no such line."""
    count = 0
    for number, line in numbered:
        try:
            held = json.loads(line)
            if held.get("end"):
                if held["keys"] != count:
                    raise SetupError(f"This export has {count} keys and should have more.")
                return
            record = _record(held)
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise SetupError(f"Line {number} of the export can’t be read.") from wrong
        count += 1
        yield record
    raise SetupError(f"The export was cut off after {count} keys. Nothing may start on it.")


def _record(held: dict[str, Any]) -> Record:
    key, type_, value = held["key"], held["type"], held["value"]
    shapes = {"string": str, "hash": dict, "list": list, "set": list, "zset": list}
    if type_ not in _TYPES or not isinstance(key, str) or not isinstance(value, shapes[type_]):
        raise TypeError(type_)
    return Record(key, type_, value, int(held.get("expires", 0)))


def _commands(record: Record) -> Iterator[Command]:
    """What puts a key where there is none."""
    key = _bytes(record.key)
    if isinstance(record.value, str):
        yield "SET", key, _bytes(record.value)
    else:
        verb = {"hash": "HSET", "list": "RPUSH", "set": "SADD", "zset": "ZADD"}[record.type]
        if verb == "RPUSH":  # the only one that a client which sends it again would do twice
            yield "DEL", key
        parts = list(_parts(record))
        for first in range(0, len(parts), _CHUNK * 2):
            yield verb, key, *parts[first : first + _CHUNK * 2]
    if record.expires:
        yield "PEXPIREAT", key, record.expires


def _parts(record: Record) -> Iterator[bytes]:
    """What the command takes behind the key."""
    if isinstance(record.value, dict):
        for field, value in record.value.items():
            yield _bytes(field)
            yield _bytes(value)
        return
    for each in record.value:
        if isinstance(each, str):
            yield _bytes(each)
        else:
            member, score = each
            yield repr(float(score)).encode()
            yield _bytes(member)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
