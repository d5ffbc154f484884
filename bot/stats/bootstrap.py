"""How sure a mean is: the percentile bootstrap, pure.

Efron and Tibshirani, “An Introduction to the Bootstrap” (1993), chapter 13: draw as many values
as there are, with replacement, again and again; the middle 95 % of the means so found are the
interval. For paired measurements the values are the pairs' differences, so that what a pair has
in common counts for nothing. With few values the interval is somewhat too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

RESAMPLES = 4000


def mean_interval(
    values: Sequence[float], rng: Random, level: float = 0.95, resamples: int = RESAMPLES
) -> tuple[float, float] | None:
    """The interval that holds the mean of what `values` are a sample of, at `level` (0 to 1).

    None for fewer than two values, of which nothing can be told.
    """
    count = len(values)
    if count < 2:
        return None
    means = sorted(math.fsum(rng.choices(values, k=count)) / count for _ in range(resamples))
    outside = int((1 - level) / 2 * resamples)
    return means[outside], means[-1 - outside]
