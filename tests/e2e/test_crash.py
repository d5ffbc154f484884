"""kill -9, of Muse and of its Redis: nothing acknowledged is lost, and nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

from bot.models import Facet, Round, RoundRef, RoundState
from bot.storage.client import Store
from bot.storage.connect import make_client
from bot.storage.embedded import EmbeddedServer
from bot.storage.rounds import Rounds
from tests.e2e.driving import Process, play, process, server_of
from tests.support import NAMED, alive, member, wait_until

BINARY = Path(NAMED) if NAMED else None

#: A Muse whose deck is slow. It opens a round, says which, and goes on until it is killed;
#: with `votes`, members vote one after the other, and each is named once it is acknowledged.
DRIVER = """
import asyncio, sys
from pathlib import Path

from bot.clock import SystemClock
from bot.commands import spec_of
from bot.game.composing import Composers
from bot.models import Address, Facet, SpaceRef, UserRef
from bot.requests import Ask, Command, Vote
from bot.settings import LimitSettings
from bot.storage.embedded import EmbeddedServer
from bot.storage.rounds import Rounds
from bot.storage.spaces import Spaces
from bot.wiring import open_store, playing
from bot.writing.deck import DeckWriter
from bot.writing.engine import Engine

data, binary, what = Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2] else None, sys.argv[3]
SPACE = SpaceRef("console", "terminal")
ADDRESS = Address(SPACE, "room")


def command(event, who, request):
    user = UserRef("test" if what == "votes" else "console", who)
    return Command(event, SPACE, user, ADDRESS, request, spec_of(request).answer)


async def main():
    async with EmbeddedServer(data, binary) as server:
        store = await open_store(server.url)
        clock = SystemClock(data / "clock")
        pace = 0.0 if what == "votes" else 0.5
        composers = Composers.by(Engine(None, DeckWriter(pace)))
        limits = LimitSettings()
        async with playing(store, clock, composers, limits, "UTC", {}, lambda: 7) as muse:
            await muse.app.handle(command("opens", "you", Ask("a lighthouse")))
            community = await Spaces(store, "UTC").community(SPACE, clock.now())
            ref = await Rounds(store).latest(community.id, ADDRESS)
            print(ref.community, ref.round, flush=True)
            if what == "votes":
                await muse.agenda.settle()
                await asyncio.gather(*(vote(muse, ref, lane) for lane in range(4)))
            while True:
                round_ = (await Rounds(store).read(ref)).round
                print(len(round_.entries), flush=True)
                await asyncio.sleep(0.05)


async def vote(muse, ref, lane):
    number = lane
    while True:
        request = Vote((1 + number % 4,), (Facet.DEEP,), ref)
        await muse.app.handle(command(f"vote {number}", f"v{number}", request))
        print("voted", number, flush=True)
        number += 4

asyncio.run(main())
"""


def driver(data: Path, what: str) -> tuple[str, ...]:
    return ("-c", DRIVER, str(data), NAMED or "", what)


async def read(url: str, ref: RoundRef) -> Round:
    store = Store(make_client(url))
    try:
        return (await Rounds(store).read(ref)).round
    finally:
        await store.close()


def begin_a_round(muse: Process) -> RoundRef:
    """Let it open a round, and kill it when it has written one or two of its entries."""
    ref = RoundRef(*muse.line().split())
    while int(muse.line()) < 1:
        pass
    muse.kill()
    return ref


async def test_a_worker_finishes_what_a_killed_muse_began(tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    with process(log, *driver(data, "writing")) as muse:
        ref = begin_a_round(muse)
        server, _ = server_of(data)
        assert not alive(server)
    killed = time.monotonic()
    with process(log, "-m", "bot", "worker", "--data", str(data)) as worker:
        wait_until(lambda: server_of(data)[0] not in (0, server), 20, "the worker’s server")
        _, url = server_of(data)
        while True:
            round_ = await read(url, ref)
            if round_.state is RoundState.OPEN:
                break
            assert time.monotonic() - killed < 30, "not finished within 30 s"
            await asyncio.sleep(0.1)
        assert [entry.number for entry in round_.entries] == [1, 2, 3, 4]
        assert len({entry.lens for entry in round_.entries}) == 4
        assert worker.terminate() == 0
    assert not alive(server_of(data)[0])


def test_the_next_start_finishes_it_too(tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    with process(log, *driver(data, "writing")) as muse:
        begin_a_round(muse)
    done = play(data, "/wait 30s", "/show", "/vote 1 2 3 4")
    assert done.status == 0, done.out + done.log
    assert "You voted for 1, 2, 3 and 4." in done.outcomes[2]
    assert not alive(server_of(data)[0])


async def test_no_vote_that_was_acknowledged_is_lost(tmp_path: Path) -> None:
    """Redis is killed twice under the votes, and then Muse itself."""
    data, log = tmp_path / "data", tmp_path / "log"
    voted: set[int] = set()
    servers = set()
    with process(log, *driver(data, "votes")) as muse:
        ref = RoundRef(*muse.line().split())
        for goal in (50, 150, 300):
            while len(voted) < goal:
                voted.add(int(muse.line().removeprefix("voted ")))
            server, _ = server_of(data)
            servers.add(server)
            muse.note_children()
            if goal < 300:
                os.kill(server, signal.SIGKILL)
        muse.kill()
        assert muse.popen.stdout is not None
        # What it had said before it died was acknowledged as well.
        for line in muse.popen.stdout.read().splitlines():
            if line.startswith("voted "):
                voted.add(int(line.removeprefix("voted ")))
    assert len(servers) == 3
    assert not any(map(alive, servers))

    async with EmbeddedServer(data, BINARY) as embedded:
        store = Store(make_client(embedded.url))
        rounds = Rounds(store)
        for number in voted:
            view = await rounds.read(ref, user=member(f"v{number}"))
            mine = {choice.entry: choice.facets for choice in view.choices}
            assert mine == {1 + number % 4: {Facet.DEEP}}, f"v{number} was lost"
        # At most the four that were under way when Muse died came to be without a word.
        round_ = (await rounds.read(ref)).round
        assert len(voted) <= round_.voters <= len(voted) + 4
        assert sum(tally.approvals for tally in round_.tallies.values()) == round_.voters
        await store.close()


def test_two_muses_do_not_share_a_folder(tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    with process(log, "-m", "bot", "worker", "--data", str(data)) as worker:
        wait_until((data / "redis.sock").exists, 20, "the worker’s server")
        done = play(data, "a lighthouse")
        assert done.status == 1  # a moment later it may be free
        assert f"is in use by another Muse (process {worker.popen.pid})" in done.log
        assert "--data" in done.log
        assert done.out == ""
        assert worker.popen.poll() is None
        assert worker.terminate() == 0
    assert play(data, "a lighthouse").status == 0


def test_a_worker_that_is_told_to_stop(tmp_path: Path) -> None:
    with process(tmp_path / "log", "-m", "bot", "worker", "--data", str(tmp_path / "d")) as worker:
        wait_until((tmp_path / "d" / "redis.sock").exists, 20, "its server")
        wait_until(lambda: "at work" in (tmp_path / "log").read_text(), 20, "its work")
        assert worker.terminate() == 0
    assert "Traceback" not in (tmp_path / "log").read_text()
