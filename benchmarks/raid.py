"""What a raid costs those who vote: 500 fresh accounts ask for five things each, within a second.

Against votes under ordinary traffic: a request of somebody else every twenty milliseconds. Votes
come at fixed moments, however long the one before takes, and each one's wait is from its own
moment to its receipt. A vote's *usual time* is what 95 of 100 stay under in ordinary traffic: the
median vote of a raid is held to it, and its slowest are shown beside it. A second for 2,500
requests is short: platforms hand events in one by one. Once more all of them begin in one moment,
which is shown too and held to nothing: to create that many tasks takes a tenth of a second alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from statistics import median, quantiles

from benchmarks.electorate import Electorate, gather, play
from benchmarks.harness import Compared, Goal, Row, interleave, milliseconds, scaled, server, store
from bot.app import App
from bot.community_requests import Report, SetPreset, SetRule
from bot.errors import MuseError
from bot.models import RoundRef, Tenure, UserRef
from bot.requests import Add, Ask, Command, Remix, Request, Show, Vote

PAIRS, RAIDERS, KNOWN = 8, 500, 10_000
VOTES, APART = 200, 0.005  # seconds between two votes: as long as a raid
ORDINARY = 0.02  # seconds between two other requests of an ordinary day
SECOND, MOMENT = 1.0, 0.0  # within which raiders ask
GOAL = Goal(1.0)


def measure(size: float = 1.0) -> list[Row]:
    """The rows of this benchmark."""
    return asyncio.run(_compare(size))


@dataclass(slots=True)
class _Game:
    """A game under measurement, and every vote's wait by what went on meanwhile."""

    app: App
    people: Electorate
    raiders: int
    votes: int
    gated: bool
    within: float  # seconds
    waits: dict[str, list[float]] = field(default_factory=lambda: {"usual": [], "raid": []})

    async def usual(self) -> float:
        """Votes under ordinary traffic; their median wait."""
        ref = await self._round()
        asked = iter([command for _ in range(200) for command in self._mixed(ref, 1, Tenure())])
        others = asyncio.create_task(self._every(ORDINARY, asked))
        found = await self._votes(ref)
        others.cancel()
        self.waits["usual"] += found
        return median(found)

    async def raid(self) -> float:
        """Votes while all that the raiders ask is served; their median wait."""
        ref, now = await self._round(), datetime.now(UTC)
        asked = list(self._mixed(ref, self.raiders, Tenure(now, now)))
        raiding = asyncio.create_task(self._within(self.within, asked))
        found = await self._votes(ref)
        await raiding
        self.waits["raid"] += found
        return median(found)

    async def settle_in(self) -> None:
        """The community's rules: a pause between prompts in a channel, a gate if it is to be."""
        ref = await self.people.round()
        ballot = self.people.ballots(ref, 1)[0]
        wishes: list[Request] = [SetPreset("busy")]
        if self.gated:
            wishes.append(SetRule("account-days", "7"))
        for wish in wishes:
            await self.app.handle(
                replace(ballot, event=f"{ballot.event}:{wish}", request=wish, manages=True)
            )

    async def _round(self) -> RoundRef:
        ref = await self.people.round()
        await self._serve(replace(self.people.ballots(ref, 1)[0], request=Ask("a lighthouse")))
        return ref

    def _mixed(self, ref: RoundRef, members: int, standing: Tenure) -> Iterator[Command]:
        """All that members ask for: a prompt, a piece, a remix, a vote, a report; of one who
        raids nothing, a look at the round besides.
        """
        for number, ballot in enumerate(self.people.ballots(ref, members)):
            wishes: tuple[Request, ...] = (
                Ask(f"the worst of {number}"),
                Add(f"rubbish number {number}", 0, ref),
                Remix(1, f"more rubbish {number}", ref),
                Vote((2,), (), ref),
                Report(3, "down with it", ref),
            )
            if standing == Tenure():
                wishes = (Show(ref), *wishes[1:3], Show(ref))
            for place, wish in enumerate(wishes):
                yield replace(
                    ballot,
                    event=f"{ballot.event}:{place}",
                    user=UserRef("bench", f"{standing.full}:{ballot.user.id}:asks"),
                    request=wish,
                    standing=standing,
                )

    async def _votes(self, ref: RoundRef) -> list[float]:
        loop, waits = asyncio.get_running_loop(), list[float]()

        async def one(ballot: Command, moment: float) -> None:
            await self.app.handle(ballot)
            waits.append(loop.time() - moment)

        begun, tasks = loop.time(), list[asyncio.Task[None]]()
        for number, ballot in enumerate(self.people.ballots(ref, self.votes)):
            moment = begun + number * APART
            await asyncio.sleep(moment - loop.time())
            tasks.append(asyncio.create_task(one(ballot, moment)))
        await asyncio.gather(*tasks)
        return waits

    async def _every(self, seconds: float, commands: Iterator[Command]) -> None:
        for command in commands:
            await asyncio.sleep(seconds)
            await self._serve(command)

    async def _within(self, seconds: float, asked: Sequence[Command]) -> None:
        """Ask for all of it, evenly spread."""
        loop, tasks = asyncio.get_running_loop(), list[asyncio.Task[None]]()
        begun = loop.time()
        for number, command in enumerate(asked):
            wait = begun + seconds * number / len(asked) - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            tasks.append(asyncio.create_task(self._serve(command)))
        await asyncio.gather(*tasks)

    async def _serve(self, command: Command) -> None:
        try:
            await self.app.handle(command)
        except MuseError:
            return


async def _compare(size: float) -> list[Row]:
    rows: list[Row] = []
    for gated, within in ((True, SECOND), (False, SECOND), (False, MOMENT)):
        async with server() as embedded, store(embedded) as ours:
            people = await gather(ours, KNOWN)
            muse = play(ours, embedded.socket.parent)
            game = _Game(
                muse.app,
                people,
                scaled(RAIDERS, size, 10),
                scaled(VOTES, size, 20),
                gated,
                within,
            )
            await game.settle_in()
            turns: tuple[Callable[[], Awaitable[float]], ...] = (game.raid, game.usual)
            figures = await interleave(scaled(PAIRS, size, 2), *turns)
            await muse.delivery.end()
        rows += _rows(game, Compared(*figures))
    return rows


def _rows(game: _Game, medians: Compared) -> list[Row]:
    how = "in one moment" if game.within == MOMENT else f"gate {'shut' if game.gated else 'open'}"
    name = f"a vote in a raid of {game.raiders}, {how}"
    usual, raid = _high(game.waits["usual"]), _high(game.waits["raid"])
    against = f"p95 of ordinary traffic, {milliseconds(usual)}"
    ours, longest = median(medians.ours), max(game.waits["raid"])
    slowest = f"{milliseconds(raid)}, {milliseconds(longest)}"
    return [
        medians.row(name, milliseconds, "ordinary traffic", None),
        Row(
            f"{name}: its median against the usual time",
            milliseconds(ours),
            against,
            ours / usual,
            goal=None if game.within == MOMENT else GOAL,
        ),
        Row(f"{name}: p95, longest", slowest, against, raid / usual),
    ]


def _high(waits: list[float]) -> float:
    """What 95 of 100 stay under."""
    return quantiles(waits, n=20)[-1]
