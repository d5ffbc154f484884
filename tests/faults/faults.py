"""What can go wrong, each on a bench of its own. `FAULTS` has them all, by name."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes import openai_turns
from tests.fakes.openai_server import Turn
from tests.faults import steps
from tests.faults.bench import LEASES, Bench
from tests.faults.ledger import Verdict
from tests.faults.places import SlackPlace
from tests.faults.wire import Wire
from tests.support import redis_on_port

ANSWER = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
POST = "POST /channels/{channel_id}/messages"
LAG = 1.5  # seconds
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"


class Skipped(Exception):
    """It can't be made here; the text says why."""


@dataclass(frozen=True)
class Fault:
    """One fault: what it does to a bench on which people play, and what kind of bench."""

    does: Callable[[Bench], Awaitable[str | None]]
    says: str
    model: bool = False
    embedded: bool = False
    slack: bool = False
    http: bool = False  #: Slack’s events come to the web server
    voting: bool = True  #: a challenge is at its ballots
    env: Mapping[str, str] = field(default_factory=dict)
    loses: bool = False  #: what may be lost is counted and said

    async def run(self, folder: Path, warm: float = 4.0) -> tuple[Verdict, str]:
        """Play, do it, play on, and compare; what there is to say besides."""
        async with Bench(
            folder,
            model=self.model,
            embedded=self.embedded,
            slack=self.slack,
            http=self.http,
            voting=self.voting,
            env=self.env,
        ) as bench:
            await bench.start()
            bench.play()
            await asyncio.sleep(max(warm, 4 * bench.place.pace))
            await bench.warmed()
            said = await self.does(bench)
            await bench.plays_on()
            await asyncio.sleep(warm / 2)
            return await bench.verdict(), said or ""


# --- Muse is killed.


def killed_while(route: str) -> Callable[[Bench], Awaitable[str]]:
    """`kill -9` while Discord has not yet answered a call of that kind."""

    async def does(bench: Bench) -> str:
        held = bench.discord.hold(route)
        await bench.discord.until(lambda: held.waiting, f"a call of {route}", 30)
        await bench.kill()
        held.release()
        bench.shift(LEASES)
        await bench.start()
        return ""

    return does


async def killed_over_and_over(bench: Bench) -> str:
    """At no step in particular, five times."""
    for turn in range(5):
        await bench.kill()
        bench.shift(LEASES * (turn + 1))
        await bench.start()
        await asyncio.sleep(0.3 + 0.37 * turn)
    return "5 times"


async def killed_with_votes(bench: Bench) -> str:
    """While votes are under way over HTTP, three times."""
    assert isinstance(bench.place, SlackPlace)
    for turn in range(3):
        end = time.monotonic() + 60
        while not bench.place.voting:
            assert time.monotonic() < end, "nobody votes"
            await asyncio.sleep(0)
        await asyncio.sleep(0.004 * turn)
        await bench.kill()
        bench.shift(LEASES * (turn + 1))
        await bench.start()
    return "3 times"


async def told_to_end(bench: Bench) -> str:
    """SIGTERM with ten rounds being written."""
    assert bench.openai is not None
    bench.openai.usual = openai_turns.slow(2.0, 0.05)
    before = bench.openai.calls  # the evening's own
    asks = [asyncio.create_task(bench.evening.asked(n, f"ten at once {n}")) for n in range(10)]
    begun = before + 8
    await bench.discord.until(lambda: bench.openai and bench.openai.calls >= begun, "the calls", 30)
    status = await bench.end()
    bench.openai.usual = None
    bench.shift(LEASES)
    await bench.start()
    done = sum(each is not None for each in await asyncio.gather(*asks))
    bench.demand(status == 0, f"exit status {status}")
    bench.demand(done == len(asks), f"{done} of {len(asks)} whole")
    return f"exit status {status}, {done} of {len(asks)} whole"


# --- Redis.


async def redis_killed(bench: Bench) -> str:
    """`kill -9` of Redis, and its return after three seconds."""
    assert bench.redis is not None
    os.kill(bench.redis.pid, signal.SIGKILL)
    await asyncio.sleep(3)
    bench.bring_redis_back()
    return ""


async def redis_unreachable(bench: Bench) -> str:
    """Cut off for a minute, longer than Muse's patience."""
    bench.wire.cut = True
    bench.wire.sever()
    await asyncio.sleep(60)
    bench.wire.cut = False
    return "60 s"


async def redis_slow(bench: Bench) -> str:
    """Each reply is two seconds late."""
    bench.wire.delay = 2.0
    await asyncio.sleep(12)
    bench.wire.delay = 0.0
    return "12 s"


async def replies_lost(bench: Bench) -> str:
    """Scripts run, and every seventh reply is lost with its connection."""
    bench.wire.lose_every = 7
    await asyncio.sleep(12)
    bench.wire.lose_every = 0
    return f"{bench.wire.lost} lost"


async def out_of_memory(bench: Bench) -> str:
    """Redis takes no more."""
    await bench.ask_redis("CONFIG", "SET", "maxmemory", "1")
    await asyncio.sleep(8)
    await bench.ask_redis("CONFIG", "SET", "maxmemory", "0")
    return "8 s"


async def read_only(bench: Bench) -> str:
    """Redis has become a replica."""
    await bench.ask_redis("REPLICAOF", "127.0.0.1", "1")
    await asyncio.sleep(8)
    await bench.ask_redis("REPLICAOF", "NO", "ONE")
    return "8 s"


async def failover(bench: Bench) -> str:
    """The master dies, and its replica takes over: what had not reached it yet is gone,
    which is all of the last moment, for which the wire between the two is cut.
    """
    assert bench.redis is not None
    replication = Wire(bench.redis_port)
    async with AsyncExitStack() as stack:
        _, port = stack.enter_context(
            redis_on_port(bench.folder / "replica", "--appendonly", "yes")
        )
        await stack.enter_async_context(replication.up())
        await bench.ask_redis("REPLICAOF", "127.0.0.1", replication.port, port=port)
        for _ in range(200):
            info = await bench.ask_redis("INFO", "replication", port=port)
            if info["master_link_status"] == "up":
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(3)
        replication.cut = True
        replication.sever()
        await asyncio.sleep(LAG)
        os.kill(bench.redis.pid, signal.SIGKILL)
        await asyncio.sleep(1)
        await bench.ask_redis("REPLICAOF", "NO", "ONE", port=port)
        bench.wire.target = port
        bench.wire.sever()
        await asyncio.sleep(4)
        verdict = await bench.verdict()
        lost = sum(verdict.lost.values())
        return f"{lost} acknowledged things were lost with a replication lag of {LAG} s"


async def disk_full(bench: Bench) -> str:
    """The disk under Muse's own Redis is full, and has room again."""
    filler = bench.folder / "data" / "filler"
    with filler.open("wb") as sink:
        while True:
            try:
                sink.write(b"\0" * 65_536)
                sink.flush()
            except OSError:
                break
    await asyncio.sleep(8)
    filler.unlink()
    await asyncio.sleep(8)
    return "8 s"


# --- The model.


def model(turn: Callable[[], Turn], seconds: float) -> Callable[[Bench], Awaitable[str]]:
    """The model does that for a while."""

    async def does(bench: Bench) -> str:
        assert bench.openai is not None
        bench.openai.usual = turn()
        await asyncio.sleep(seconds)
        bench.openai.usual = None
        return f"{bench.openai.calls} calls"

    return does


# --- The platforms’ connections, and the clock.


async def gateway_dropped(bench: Bench) -> str:
    """Five times, without a word."""
    for _ in range(5):
        bench.ledger.leave()
        bench.discord.gateway.drop()
        await bench.discord.connected(patience=60)
        bench.ledger.come_back()
        await asyncio.sleep(1)
    return "5 times"


async def gateway_invalidated(bench: Bench) -> str:
    """The session is gone, and what was sent meanwhile with it."""
    bench.ledger.leave()
    bench.discord.gateway.invalidate(resumable=False)
    await asyncio.sleep(1)
    await bench.discord.connected(patience=60)
    bench.ledger.come_back()
    return ""


async def socket_refreshed(bench: Bench) -> str:
    """Five times Slack wants the connection to be made anew, while people vote."""
    assert bench.slack is not None
    for turn in range(5):
        await bench.slack.socket.disconnect("refresh_requested" if turn % 2 else "warning")
        await bench.slack.socket.connected(within=60)
        await asyncio.sleep(1)
    return "5 times"


async def socket_dropped(bench: Bench) -> str:
    """Five times the connection breaks without a word."""
    assert bench.slack is not None
    for _ in range(5):
        bench.ledger.leave()
        await bench.slack.socket.drop()
        await bench.slack.socket.connected(within=60)
        bench.ledger.come_back()
        await asyncio.sleep(1)
    return "5 times"


async def clock_set_back(bench: Bench) -> str:
    """By an hour, and on again."""
    bench.shift(-3600)
    await asyncio.sleep(6)
    bench.shift(0)
    return "6 s"


async def nothing(bench: Bench) -> str:
    """No fault at all: what the others are to be held against."""
    del bench
    await asyncio.sleep(4)
    return ""


FAULTS: dict[str, Fault] = {
    "none": Fault(nothing, "no fault"),
    "kill-posting": Fault(killed_while(ANSWER), "kill -9 while a round is posted"),
    "kill-showing": Fault(killed_while(EDIT), "kill -9 while a round is shown"),
    "kill-telling": Fault(killed_while(POST), "kill -9 while a result is told"),
    "kill-often": Fault(killed_over_and_over, "kill -9, five times"),
    **{
        f"kill-{verb}": Fault(
            steps.killed_at(verb),
            f"kill -9 at the agenda’s “{verb}”",
            model=of.model,
            voting=of.voting,
            env=of.env,
        )
        for verb, of in steps.OCCASIONS.items()
    },
    "sigterm": Fault(told_to_end, "SIGTERM with ten rounds being written", model=True),
    "redis-killed": Fault(redis_killed, "kill -9 of Redis, and its return"),
    "redis-gone": Fault(redis_unreachable, "Redis unreachable for 60 s"),
    "redis-slow": Fault(redis_slow, "Redis slow by 2 s"),
    "redis-mute": Fault(replies_lost, "replies lost after the script ran"),
    "redis-oom": Fault(out_of_memory, "OOM"),
    "redis-readonly": Fault(read_only, "READONLY"),
    "failover": Fault(failover, "a failover to a replica", loses=True),
    "disk-full": Fault(disk_full, "the disk full under the embedded Redis", embedded=True),
    "model-down": Fault(model(lambda: openai_turns.status(503), 6), "the model down", model=True),
    "model-slow": Fault(model(lambda: openai_turns.slow(6.0), 10), "the model slow", model=True),
    "model-cut": Fault(model(lambda: openai_turns.cut(2), 6), "the model cut off", model=True),
    "model-refusing": Fault(model(openai_turns.refuse, 6), "the model refusing", model=True),
    "gateway-dropped": Fault(gateway_dropped, "Discord’s gateway dropped"),
    "gateway-invalid": Fault(gateway_invalidated, "Discord’s session invalidated"),
    "socket-refreshed": Fault(socket_refreshed, "Slack’s socket refreshed", slack=True),
    "socket-dropped": Fault(socket_dropped, "Slack’s socket dropped", slack=True),
    "slack-killed": Fault(killed_over_and_over, "on Slack: kill -9, five times", slack=True),
    "slack-votes": Fault(
        killed_with_votes, "on Slack by HTTP: kill -9 among votes", slack=True, http=True
    ),
    "clock-back": Fault(clock_set_back, "the clock set back an hour"),
}


def small_disk(folder: Path) -> None:
    """A disk of 12 MB at `folder`. Raises `Skipped` where none can be made."""
    folder.mkdir(parents=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m,mode=700", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        raise Skipped("no small disk can be mounted here")
