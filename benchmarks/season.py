"""How far the statistics of challenges can be trusted: `make season`, or
`python -m benchmarks.season [part …] [--size 0.1]`.

Simulated weeks and seasons (`benchmarks.simulated` has the model), seeded: how often intervals hold
the truth, how often a year of weekly looks claims what isn't so, how often a real lead is found,
what alternative accounts can do, how often an honest minority is shown to organisers; and how fast
entries are ranked. The full size takes some twenty minutes on one core and is what
`docs/statistics.md` shows; a tenth (`--size 0.1`) takes two and is rough. A missed goal is shown
and no failure.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks import fit_speed, harness, season_verdicts, season_weeks

PARTS: dict[str, Callable[[np.random.Generator, float], tuple[str, list[list[str]]]]] = {
    "coverage": season_weeks.coverage,
    "stuffing": season_weeks.stuffing,
    "unlike": season_weeks.unlike,
    "null": season_verdicts.null,
    "once": season_verdicts.once,
    "power": season_verdicts.power,
}


def main() -> int:
    """Play everything, or the parts named, and print the tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.season", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}, speed")
    parser.add_argument("--size", type=float, default=1.0, help="how many of all seasons and weeks")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    if unknown := set(options.parts) - {*PARTS, "speed"}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    wanted = options.parts or [*PARTS, "speed"]
    for number, (name, play) in enumerate(PARTS.items()):
        if name not in wanted:
            continue
        begun = time.monotonic()
        rng = np.random.default_rng([options.seed, number])
        title, lines = play(rng, options.size)
        print(f"\n{title}\n\n{markdown(lines)}", flush=True)
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    if "speed" in wanted:
        print(f"\nSpeed\n\n{harness.table(fit_speed.measure())}")
    return 0


def markdown(lines: Sequence[Sequence[str]]) -> str:
    """The lines as a table of Markdown, the first being its head."""
    head, *rest = lines
    rows = [head, ["---", *["---:"] * (len(head) - 1)], *rest]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
