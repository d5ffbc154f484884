"""Bounds for a figure that is looked at every week, so that no look errs more often than was meant.

Somebody who looks once may say “more” beyond 1.96 standard errors and errs 1 time in 20. Who looks
every week of a year and stops when it comes out errs 1 time in 3. The budget of error is therefore
spent in two parts: some at the first look, and the rest on all that follow.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_NORMAL = NormalDist()


def first_bound(error: float) -> float:
    """How many standard errors one look may be off with this probability, to either side."""
    return _NORMAL.inv_cdf(1.0 - error / 2.0)


def later_bound(error: float, growth: float) -> float:
    """How many standard errors *any* look may be off with this probability, to either side.

    `growth` is how many times the evidence grows from the first of these looks to the last. For a
    Brownian motion W that is watched without pause,

        P(|W(t)| / √t > c for any t)  ≈  φ(c) ((c - 1/c) ln growth + 4/c)

    (Miller and Siegmund, "Maximally selected chi square statistics", Biometrics 38, 1982,
    https://doi.org/10.2307/2529881); looking once a week can only be off more seldom.
    """
    low, high = 1.5, 10.0
    for _ in range(60):
        middle = (low + high) / 2.0
        if _ever_off(middle, growth) > error:
            low = middle
        else:
            high = middle
    return high


def _ever_off(bound: float, growth: float) -> float:
    return _NORMAL.pdf(bound) * ((bound - 1.0 / bound) * math.log(max(growth, 1.0)) + 4.0 / bound)
