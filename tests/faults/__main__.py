"""`make faults`: every fault, or those that are named, and a table of what became of it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.faults import FAULTS, Fault, Skipped, small_disk
from tests.faults.ledger import KINDS

WIDE = 15  # characters of a column
SHOWN = 10  # of what was lost or done twice


def main(names: list[str]) -> int:
    """Run them one after the other; the exit status is 1 where one was not good."""
    unknown = [name for name in names if name not in FAULTS]
    if unknown:
        sys.stderr.write(f"no such fault: {', '.join(unknown)}; there are {', '.join(FAULTS)}\n")
        return 2
    heads = [f"{kind:>{WIDE}}" for kind in KINDS]
    print(
        f"{'fault':<42}{''.join(heads)}{'waiting':>9}{'refused':>9}{'late':>6}{'silent':>8}{'s':>6}"
    )
    print("of each kind: acknowledged / there afterwards / lost / twice")
    print("late: told after the platform’s three seconds; silent: told nothing", flush=True)
    good = [one(name, FAULTS[name]) for name in names or FAULTS]
    skipped = good.count(None)
    if False in good:
        print("NOT all is well")
    elif skipped < len(good):
        print("nothing lost on one node, nothing twice, nobody left waiting")
    if skipped:
        print(f"{skipped} of {len(good)} were NOT RUN, and nothing is known of them")
    return 1 if False in good or skipped == len(good) else 0


def one(name: str, fault: Fault) -> bool | None:
    """Run one, and print its line; whether it was good, None where it could not be run."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"muse-{name}-") as folder:
        where = Path(folder) / "bench"
        mounted = where / "data"
        try:
            if fault.embedded:
                small_disk(mounted)
            verdict, said = asyncio.run(fault.run(where))
        except Skipped as skipped:
            print(f"{fault.says:<42}  not run: {skipped}", flush=True)
            return None
        except Exception as error:  # noqa: BLE001 the next is to be run all the same
            log = where / "log"
            tail = log.read_text()[-1500:] if log.exists() else ""
            print(f"{fault.says:<42}  broke: {type(error).__name__}: {error}\n{tail}", flush=True)
            return False
        finally:
            if mounted.is_mount():
                subprocess.run(["umount", "-l", str(mounted)], check=False)
    cells = [
        f"{verdict.told[k]}/{verdict.there[k]}/{verdict.lost[k]}/{verdict.twice[k]}" for k in KINDS
    ]
    shown = "".join(f"{cell:>{WIDE}}" for cell in cells)
    took = time.monotonic() - began
    counts = f"{len(verdict.waiting):>9}{verdict.refused:>9}{verdict.late:>6}{verdict.silent:>8}"
    good = verdict.good or (fault.loses and verdict.whole)
    mark = "" if good else "  <- NOT GOOD"
    print(f"{fault.says:<42}{shown}{counts}{took:>6.0f}  {said}{mark}", flush=True)
    for each in verdict.waiting:
        print(f"    waits: {each}", flush=True)
    for each in verdict.wrong[:SHOWN]:
        print(f"    {each}", flush=True)
    for each in verdict.missing[:SHOWN]:
        print(f"    {each}", flush=True)
    return good


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # of the fakes and their clients
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=f"The faults: {', '.join(FAULTS)}."
    )
    parser.add_argument("names", nargs="*", metavar="FAULT", help="all of them where none is named")
    sys.exit(main(parser.parse_args().names))
