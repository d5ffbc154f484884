"""`python -m benchmarks [name …] [--size 0.01]`: run all, or those named, and print one table."""

from __future__ import annotations

import argparse
import importlib
import sys
import time

from benchmarks.harness import Row, table

NAMES = (
    "vote_alone",
    "vote_crowd",
    "board_page",
    "vote_memory",
    "raid",
    "slack",
    "discord",
    "fit_speed",
    "start",
    "at_rest",
    "flat",
)


def main() -> int:
    """Run them one after the other. A missed goal is shown and is no failure."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}")
    parser.add_argument(
        "--size",
        type=float,
        default=1.0,
        help="1 is all; 0.01 a quick, rough look",
    )
    options = parser.parse_args()
    if options.size <= 0:
        parser.error("--size is a share of the full size, above 0")
    names = options.names or NAMES
    if unknown := set(names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    for name in names:
        begun = time.monotonic()
        print(f"{name} …", end=" ", flush=True, file=sys.stderr)
        rows += importlib.import_module(f"benchmarks.{name}").measure(options.size)
        print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    print(table(rows))
    if options.size != 1.0:
        print(f"At {options.size:g} of the size. The goals are for all of it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
