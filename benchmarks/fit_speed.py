"""How fast entries are ranked: 1,000 entries and 100,000 duels, against evalica's Rust.

Both are given the same duels in the columns they each like best (numpy arrays; lists with an
index), made beforehand, and the same anchor; both stop when nothing moves by more than a billionth.
A hundred rounds of the bootstrap weigh each of 5,000 voters anew.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import evalica
import numpy as np

from benchmarks.harness import Compared, Goal, Row, interleave
from bot.stats.bradley_terry import TOLERANCE, fit
from bot.stats.duels import Picks
from bot.stats.intervals import voter_bootstrap

ENTRIES, DUELS, VOTERS, ROUNDS = 1_000, 100_000, 5_000, 100
PAIRS, PAIRS_OF_ROUNDS = 15, 3
GOAL, ROUNDS_GOAL = Goal(5.0, least=True), Goal(8.0, least=True)


def measure() -> list[Row]:
    """The rows of this benchmark: a fit, and a hundred."""
    return asyncio.run(_compare())


def _duels(rng: np.random.Generator) -> Picks:
    strengths = rng.normal(size=ENTRIES)
    left = rng.integers(0, ENTRIES, DUELS)
    right = (left + rng.integers(1, ENTRIES, DUELS)) % ENTRIES
    chance = 1.0 / (1.0 + np.exp(strengths[right] - strengths[left]))
    share = (rng.random(DUELS) < chance).astype(np.float64)
    share[rng.random(DUELS) < 0.15] = 0.5
    voters = rng.integers(0, VOTERS, DUELS)
    names = tuple(map(str, range(ENTRIES)))
    return Picks(names, tuple(map(str, range(VOTERS))), left, right, share, voters)


async def _compare() -> list[Row]:
    rng = np.random.default_rng(7)
    picks = _duels(rng)
    fitted = fit(picks)
    winner = {1.0: evalica.Winner.X, 0.0: evalica.Winner.Y, 0.5: evalica.Winner.Draw}
    xs = [*picks.left.tolist(), *range(ENTRIES)]
    ys = [*picks.right.tolist(), *[ENTRIES] * ENTRIES]
    winners = [*(winner[share] for share in picks.share), *[evalica.Winner.Draw] * ENTRIES]
    _, _, index = evalica.indexing(xs, ys)

    def theirs(weights: list[float] | None = None) -> None:
        evalica.bradley_terry(
            xs, ys, winners, index=index, weights=weights, tolerance=TOLERANCE, limit=1_000
        )

    def rounds_of_theirs() -> None:
        for weight in rng.exponential(size=(ROUNDS, VOTERS)):
            theirs([*weight[picks.voter].tolist(), *[1.0] * ENTRIES])

    once = await _timed(PAIRS, lambda: fit(picks), theirs)
    often = await _timed(
        PAIRS_OF_ROUNDS, lambda: voter_bootstrap(fitted, picks, rng, ROUNDS), rounds_of_theirs
    )
    return [
        once.row("ranking 1,000 entries, 100,000 duels", _seconds, "evalica", GOAL),
        often.row("the same, 100 bootstrap rounds", _seconds, "evalica", ROUNDS_GOAL),
    ]


async def _timed(pairs: int, ours: Callable[[], object], theirs: Callable[[], object]) -> Compared:
    """Runs a second of each, in turn, so that a higher ratio is better for `ours`."""

    def block(work: Callable[[], object]) -> Callable[[], asyncio.Future[float]]:
        def run() -> asyncio.Future[float]:
            begun = time.perf_counter()
            work()
            done: asyncio.Future[float] = asyncio.get_running_loop().create_future()
            done.set_result(1.0 / (time.perf_counter() - begun))
            return done

        return run

    return Compared(*await interleave(pairs, block(ours), block(theirs)))


def _seconds(rate: float) -> str:
    return f"{1000.0 / rate:,.1f} ms"
