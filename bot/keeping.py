"""``muse export``, ``muse import`` and ``muse stats``: all that Muse keeps, out, in and counted."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from bot import __version__
from bot.errors import SetupError
from bot.logs import configure_logging
from bot.settings import Settings, load_settings
from bot.storage.census import Census, take_census
from bot.storage.connect import Client, check_engine, make_client
from bot.storage.copying import exported, imported
from bot.storage.embedded import EmbeddedServer
from bot.storage.folder import DataFolder

SAY_EVERY = 3.0  # seconds between words on how far it is
STANDARD = "-"  # a file's name that stands for standard output or input


async def export(data: Path | None, file: str) -> int:
    """Write everything into a new file, or to standard output. Raises `SetupError`."""
    async with _redis(data) as client:
        if file == STANDARD:
            async for line in exported(client):
                sys.stdout.write(line + "\n")
            return 0
        lines = 0
        with _whole_or_none(Path(file)) as sink:
            async for line in exported(client):
                sink.write(line + "\n")
                lines += 1
    sys.stderr.write(f"{lines - 2} keys are in {file}.\n")
    return 0


async def take_in(data: Path | None, file: str, *, replace: bool) -> int:
    """Put an export into Redis. Raises `SetupError`."""
    async with _redis(data) as client:
        count = await imported(client, _lines(file), replace=replace, progress=_Progress().told)
    sys.stderr.write(f"{count} keys were imported.\n")
    return 0


class _Progress:
    """Says on standard error every few seconds how far an import is."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def told(self, count: int) -> None:
        """So many keys are there."""
        now = time.monotonic()
        if now - self._said >= SAY_EVERY:
            self._said = now
            sys.stderr.write(f"{count} keys so far\n")


async def stats(data: Path | None, say: Callable[[str], None], *, as_object: bool = False) -> int:
    """Say how much there is of everything. Raises `SetupError`."""
    async with _redis(data) as client:
        census = await take_census(client)
    say(as_json(census) if as_object else as_table(census))
    return 0


def as_table(census: Census) -> str:
    """A line a kind, the heaviest first, and what it comes to a community."""
    rows = sorted(census.kinds.items(), key=lambda each: -each[1].bytes)
    communities, rounds = census.count("communities: spaces"), census.count("rounds")
    lines = [f"{communities} communities, {census.count('spaces')} spaces, {rounds} rounds", ""]
    lines += [f"{'kind':<28}{'keys':>10}{'bytes':>14}{'a key':>10}"]
    for name, each in rows:
        mean = each.bytes // each.keys
        lines.append(f"{name:<28}{each.keys:>10}{each.bytes:>14}{mean:>10}")
    total = sum(each.keys for each in census.kinds.values())
    lines.append(f"{'all':<28}{total:>10}{census.bytes:>14}")
    if communities:
        lines += ["", f"{census.bytes // communities} bytes a community, and what is shared"]
    return "\n".join(lines)


def as_json(census: Census) -> str:
    """The same for programs, as one object on one line."""
    return json.dumps(
        {
            "version": __version__,
            "communities": census.count("communities: spaces"),
            "spaces": census.count("spaces"),
            "rounds": census.count("rounds"),
            "bytes": census.bytes,
            "kinds": {
                name: {"keys": each.keys, "bytes": each.bytes}
                for name, each in sorted(census.kinds.items())
            },
        }
    )


@asynccontextmanager
async def _redis(data: Path | None) -> AsyncIterator[Client]:
    """A client for the Redis that the settings name, or of Muse's own, which runs already or is
    run for this. Raises `SetupError`.
    """
    settings = load_settings(data_dir=data)
    configure_logging("warning", settings.muse.log_format, settings.secrets())
    async with _server(settings) as url:
        client = make_client(url)
        try:
            await check_engine(client)
            yield client
        finally:
            await client.aclose()


@asynccontextmanager
async def _server(settings: Settings) -> AsyncIterator[str]:
    if settings.redis.url is not None:
        yield settings.redis.url.get_secret_value()
        return
    folder = settings.muse.data_dir
    server = EmbeddedServer(folder, settings.muse.redis_server)
    try:
        server.spawn()
    except SetupError:  # a Muse that runs has it
        _, socket = DataFolder(folder).last_server()
        if socket is None or not socket.exists():
            raise
        yield f"unix://{quote(str(socket))}"
        return
    try:
        await server.ready()
        yield server.url
    finally:
        await server.stop()


@contextmanager
def _whole_or_none(file: Path) -> Iterator[TextIO]:
    """A new file; it goes again where it can't be made whole, since nothing overwrites it."""
    with _new(file) as sink:
        try:
            yield sink
        except BaseException:
            file.unlink(missing_ok=True)
            raise


def _new(file: Path) -> TextIO:
    """A file that was not there before; only its owner may read it: it holds what people wrote."""
    try:
        file.touch(mode=0o600, exist_ok=False)
        return file.open("w", encoding="ascii")
    except OSError as error:
        raise SetupError(f"{file} can’t be made: {error.strerror}. Name another.") from error


def _lines(file: str) -> Iterator[str]:
    if file == STANDARD:
        yield from sys.stdin
        return
    try:
        with Path(file).open(encoding="utf-8") as source:
            yield from source
    except OSError as error:
        raise SetupError(f"{file} can’t be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SetupError(f"{file} is no text.") from error
