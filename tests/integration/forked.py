"""`python -m tests.integration.forked COUNT URL FILE`: so many processes on one Redis,
each with all of Muse and told of every event. What they do outside of Redis is a line in FILE.

They are forked once everything is imported, so that eight of them begin in a moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

from bot.cards import Card
from bot.clock import SystemClock
from bot.errors import TooLate
from bot.game.composing import Composers
from bot.models import Address, Image, MessageRef, Round, RoundRef, RoundState, SpaceRef, UserRef
from bot.ports import Stage
from bot.requests import Ask, Close, Vote
from bot.settings import LimitSettings
from bot.storage import keys
from bot.storage.client import Store
from bot.storage.connect import make_client
from bot.storage.rounds import Rounds
from bot.storage.spaces import first_community_id
from bot.wiring import Muse, playing
from tests.support import ScriptedWriter, command

SPACES = [SpaceRef("test", f"s{n}") for n in range(3)]
PROMPTS = 9
VOTERS = 5
PATIENCE = 60.0  # seconds until each step is done


class FileStage(Stage):
    """A platform that all of them see: it posts whatever it is told to, as often as it is told."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def note(self, line: str) -> None:
        """Add a line, whole, whoever else does so."""
        with self._file.open("ab") as sink:
            os.write(sink.fileno(), f"{line}\n".encode())

    async def post(
        self, address: Address, card: Card, key: str, *, doubtful: bool = False
    ) -> MessageRef:
        del card
        self.note(f"{'looked for' if doubtful else 'posted'} {key}")
        await asyncio.sleep(0.01)
        return MessageRef(address, f"m-{key}")

    async def edit(self, message: MessageRef, card: Card) -> None:
        del message, card
        await asyncio.sleep(0)

    async def keep(self, message: MessageRef, image: Image, name: str) -> str:
        del message, image
        return name

    async def display_name(self, user: UserRef) -> str:
        return user.id


async def rounds_of(store: Store) -> list[Round]:
    """All rounds of all spaces."""
    found: list[Round] = []
    for space in SPACES:
        community = first_community_id(space)
        ids = await store.call("ZRANGE", keys.community(community).rounds, 0, -1)
        found += [(await Rounds(store).read(RoundRef(community, each))).round for each in ids]
    return found


async def one(number: int, url: str, file: Path) -> None:
    """A process: it hears of everything, and does its share of what comes of it."""
    store, stage, rng = Store(make_client(url)), FileStage(file), Random(number)
    writer = ScriptedWriter(tag=f"p{number}")
    seeds: Callable[[], int] = lambda: rng.getrandbits(32)  # noqa: E731 - one line
    async with playing(
        store,
        SystemClock(),
        Composers.by(writer),
        LimitSettings(),
        "UTC",
        {"test": stage},
        seeds,
        refresh_pause=0.0,
    ) as muse:
        await play(muse, store)
    for brief in writer.briefs:
        stage.note(f"wrote {brief.prompt}")
    await store.close()


async def play(muse: Muse, store: Store) -> None:
    """Rounds are asked for, voted on and closed; every other one stays open."""
    for n in range(PROMPTS):
        ask = Ask(f"prompt {n}")
        await muse.app.handle(command(ask, f"asker{n}", at=f"ask {n}", space=SPACES[n % 3]))

    async def written() -> bool:
        made = await rounds_of(store)
        begun = [each for each in made if each.state is RoundState.WRITING or not each.message]
        return len(made) == PROMPTS and not begun

    await until(written, "the rounds to be written")
    made = sorted(await rounds_of(store), key=lambda each: each.prompt)
    for each in made:
        ref, space = RoundRef(each.community, each.id), each.address.space
        for n in range(VOTERS):
            vote = command(
                Vote((n % 4 + 1,), (), ref), f"m{n}", at=f"vote {each.prompt} {n}", space=space
            )
            await muse.app.handle(vote)

    async def voted() -> bool:
        return all(each.voters == VOTERS for each in await rounds_of(store))

    await until(voted, "the votes")
    for each in made[::2]:
        close = Close(RoundRef(each.community, each.id))
        closing = command(
            close, "boss", at=f"close {each.prompt}", space=each.address.space, manages=True
        )
        with contextlib.suppress(TooLate):  # another has closed it
            await muse.app.handle(closing)

    async def told() -> bool:
        closed = [each for each in await rounds_of(store) if each.state is RoundState.CLOSED]
        return len(closed) == len(made[::2]) and all(each.result for each in closed)

    await until(told, "the results")


async def until(true: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait until it says so."""
    end = time.monotonic() + PATIENCE
    while not await true():
        assert time.monotonic() < end, f"waited for {what}"
        await asyncio.sleep(0.05)


def main(count: int, url: str, file: Path) -> int:
    """Fork them, wait for all; how many did not come to a good end."""
    children = []
    for number in range(count):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                asyncio.run(one(number, url, file))
                status = 0
            except BaseException:  # noqa: BLE001 it is told, and the process ends
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        children.append(child)
    return sum(os.waitpid(child, 0)[1] != 0 for child in children)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
