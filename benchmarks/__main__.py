"""`python -m benchmarks [names…]`: run the benchmarks, or those named, and print one table."""

from __future__ import annotations

import argparse
import importlib
import sys
import time

from benchmarks.harness import Row, table

NAMES = ("vote_alone", "vote_crowd", "board_page", "vote_memory", "start", "discord", "slack")


def main() -> int:
    """Run them one after the other. A missed goal is shown and is no failure."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}")
    names = parser.parse_args().names or NAMES
    if unknown := set(names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    for name in names:
        begun = time.monotonic()
        print(f"{name} …", end=" ", flush=True, file=sys.stderr)
        rows += importlib.import_module(f"benchmarks.{name}").measure()
        print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
