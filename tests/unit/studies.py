"""What the tests of a study are made with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.brief import Brief
from bot.studying.arms import Arm, Run
from bot.studying.figures import Figures, figures
from bot.writing.calls import Usage

BRIEF = Brief("a lighthouse", "free", ("night-shift", "child", "list", "smell-first"), seed=3)
UNLIKE = tuple(" ".join(f"{name}{n}" for n in range(8)) + "." for name in ("a", "b", "c", "d", "e"))


def measured(arm: Arm, **changed: object) -> Figures:
    usage = (Usage("m-1", 90, 30, 60, reported=True),)
    usual = figures(Run(arm, UNLIKE[:4], (), "m-1", usage, 1, 0.5, 2.0))
    return replace(usual, **changed)  # type: ignore[arg-type]  # the test names real fields


def block(distinct: Sequence[int] = (2, 3, 4), **changed: object) -> dict[Arm, Figures]:
    return {
        arm: measured(arm, distinct=number, **changed)
        for arm, number in zip(Arm, distinct, strict=True)
    }
