"""How fast entries are ranked: 1,000 entries and 100,000 duels, against what others rank with.

All are given the same duels in the form they each like best, made beforehand, and the same anchor:
numpy arrays; lists with an index for evalica's Rust; a square of counts for choix's spectral
ranking; a weighted matrix for scikit-learn's logistic regression without a penalty, once dense, as
it is mostly written, and once sparse, by the solver of its own that suits it best. All but the
last two stop when nothing moves by more than a billionth; scikit-learn is let off sooner. A hundred
rounds of the bootstrap weigh each of 5,000 voters anew.

choix and scikit-learn are not among Muse's tools: `.venv/bin/python -m pip install choix
scikit-learn` adds them for a run.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import time
from collections.abc import Callable
from typing import Any

import evalica
import numpy as np

from benchmarks.harness import Compared, Goal, Row, interleave, scaled
from bot.stats.bradley_terry import TOLERANCE, fit
from bot.stats.duels import Picks
from bot.stats.intervals import voter_bootstrap

ENTRIES, DUELS, VOTERS, ROUNDS = 1_000, 100_000, 5_000, 100
PAIRS, FEW_PAIRS = 15, 3  # few, where one run takes seconds
GOAL, ROUNDS_GOAL = Goal(5.0, least=True), Goal(8.0, least=True)
CHOIX_GOAL, SKLEARN_GOAL = Goal(40.0, least=True), Goal(150.0, least=True)

Work = Callable[[], object]


def measure(size: float = 1.0) -> list[Row]:
    """The rows of this benchmark: a fit against each of the three, and a hundred."""
    return asyncio.run(_compare(size))


def _duels(rng: np.random.Generator, size: float) -> Picks:
    entries, duels, people = (
        scaled(ENTRIES, size, 20),
        scaled(DUELS, size, 1_000),
        scaled(VOTERS, size, 50),
    )
    strengths = rng.normal(size=entries)
    left = rng.integers(0, entries, duels)
    right = (left + rng.integers(1, entries, duels)) % entries
    chance = 1.0 / (1.0 + np.exp(strengths[right] - strengths[left]))
    share = (rng.random(duels) < chance).astype(np.float64)
    share[rng.random(duels) < 0.15] = 0.5
    voters = rng.integers(0, people, duels)
    names = tuple(map(str, range(entries)))
    return Picks(names, tuple(map(str, range(people))), left, right, share, voters)


async def _compare(size: float) -> list[Row]:
    rng = np.random.default_rng(7)
    picks = _duels(rng, size)
    fitted = fit(picks)
    by_evalica = _evalica(picks)
    rounds = scaled(ROUNDS, size, 5)

    def rounds_of_theirs() -> None:
        for weight in rng.exponential(size=(rounds, len(picks.voters))):
            by_evalica([*weight[picks.voter].tolist(), *[1.0] * len(picks.entries)])

    def ours() -> object:
        return fit(picks)

    pairs, few = scaled(PAIRS, size, 2), scaled(FEW_PAIRS, size, 2)
    name = f"ranking {len(picks.entries):,} entries, {len(picks.share):,} duels"
    once = await _timed(pairs, ours, by_evalica)
    rows = [once.row(name, _seconds, "evalica", GOAL)]
    for module, what, made, goal in (
        ("choix", "choix", _choix, CHOIX_GOAL),
        ("sklearn", "scikit-learn, dense", _sklearn_dense, SKLEARN_GOAL),
        ("sklearn", "scikit-learn, sparse", _sklearn_sparse, SKLEARN_GOAL),
    ):
        if importlib.util.find_spec(module) is None:
            rows.append(Row(name, f"{what.partition(',')[0]} is not installed", what, goal=goal))
            continue
        rows.append((await _timed(few, ours, made(picks))).row(name, _seconds, what, goal))
    often = await _timed(few, lambda: voter_bootstrap(fitted, picks, rng, rounds), rounds_of_theirs)
    return [
        *rows,
        often.row(f"the same, {rounds} bootstrap rounds", _seconds, "evalica", ROUNDS_GOAL),
    ]


def _evalica(picks: Picks) -> Callable[..., object]:
    """Ranks by evalica; may be given weights."""
    entries = len(picks.entries)
    winner = {1.0: evalica.Winner.X, 0.0: evalica.Winner.Y, 0.5: evalica.Winner.Draw}
    xs = [*picks.left.tolist(), *range(entries)]
    ys = [*picks.right.tolist(), *[entries] * entries]
    winners = [*(winner[share] for share in picks.share), *[evalica.Winner.Draw] * entries]
    _, _, index = evalica.indexing(xs, ys)

    def work(weights: list[float] | None = None) -> object:
        return evalica.bradley_terry(
            xs, ys, winners, index=index, weights=weights, tolerance=TOLERANCE, limit=1_000
        )

    return work


def _choix(picks: Picks) -> Work:
    """Ranks by choix: by its method for a square, the quickest that it has for so many duels."""
    choix: Any = importlib.import_module("choix")
    entries = len(picks.entries)
    won = np.zeros((entries + 1, entries + 1))
    np.add.at(won, (picks.left, picks.right), picks.share)
    np.add.at(won, (picks.right, picks.left), 1.0 - picks.share)
    won[:-1, -1] = won[-1, :-1] = 0.5
    tolerance = TOLERANCE * (entries + 1)  # it adds up what each moves by
    return lambda: choix.ilsr_pairwise_dense(won, tol=tolerance)


def _sklearn_dense(picks: Picks) -> Work:
    """Ranks by scikit-learn as most do: a column for each entry, the solver that it comes with."""
    met, won, weights = _games(picks)
    columns = met.toarray()
    return _logistic(columns, won, weights, solver="lbfgs", tol=1e-6)


def _sklearn_sparse(picks: Picks) -> Work:
    """Ranks by scikit-learn at its quickest, to where the others are within a millionth."""
    return _logistic(*_games(picks), solver="newton-cg", tol=1e-8)


def _logistic(met: Any, won: Any, weights: Any, *, solver: str, tol: float) -> Work:
    linear: Any = importlib.import_module("sklearn.linear_model")

    def work() -> object:
        model = linear.LogisticRegression(
            C=np.inf, fit_intercept=False, solver=solver, tol=tol, max_iter=10_000
        )
        return model.fit(met, won, sample_weight=weights)

    return work


def _games(picks: Picks) -> tuple[Any, Any, Any]:
    """A row for each win, with +1 for the left entry, -1 for the right and nothing for the anchor;
    whether the left one had it; and its weight. A draw is half a win for each.
    """
    sparse: Any = importlib.import_module("scipy.sparse")
    entries = len(picks.entries)
    left = np.append(picks.left, np.arange(entries))
    right = np.append(picks.right, np.full(entries, entries))
    share = np.append(picks.share, np.full(entries, 0.5))
    rows = np.repeat(np.arange(len(left)), 2)
    columns = np.column_stack((left, right)).ravel()
    signs = np.tile([1.0, -1.0], len(left))
    kept = columns < entries
    shape = (len(left), entries)
    once = sparse.csr_matrix((signs[kept], (rows[kept], columns[kept])), shape=shape)
    weights = np.concatenate((share, 1.0 - share))
    counts = weights > 0.0
    won = np.repeat([1, 0], len(left))
    return sparse.vstack((once, once)).tocsr()[counts], won[counts], weights[counts]


async def _timed(pairs: int, ours: Work, theirs: Work) -> Compared:
    """Runs a second of each, in turn, so that a higher ratio is better for `ours`."""

    def block(work: Work) -> Callable[[], asyncio.Future[float]]:
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
