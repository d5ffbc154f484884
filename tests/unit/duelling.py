"""Duels for the tests of statistics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from bot.stats.duels import Duel, Outcome

LEFT, RIGHT, BOTH = Outcome.LEFT, Outcome.RIGHT, Outcome.BOTH


def duel(left: str, right: str, outcome: Outcome = LEFT, voter: str = "v", week: str = "w") -> Duel:
    return Duel(week, left, right, outcome, voter)


def week(strengths: Sequence[float], voters: int, each: int, rng: Random) -> list[Duel]:
    """Random pairs of entries “0”, “1” … picked by their strengths, a tenth of them ties."""
    duels = []
    for voter in range(voters):
        for _ in range(each):
            left, right = rng.sample(range(len(strengths)), 2)
            chance = 1 / (1 + math.exp(strengths[right] - strengths[left]))
            outcome = BOTH if rng.random() < 0.1 else LEFT if rng.random() < chance else RIGHT
            duels.append(duel(str(left), str(right), outcome, f"voter {voter}"))
    return duels
