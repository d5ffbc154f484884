"""The terminal as part of a pipe: any encoding, a reader that leaves, a shared clock."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from rich.text import Text

from adapters.console.script import open_script, plain_printer, play_script
from adapters.console.session import Session
from adapters.console.stage import ConsoleStage
from bot.app import App
from bot.clock import SystemClock
from bot.community.rules import Rules
from bot.errors import SetupError
from bot.ports import Clock
from bot.turns import Turns
from tests.e2e.driving import environment
from tests.support import ROOT

PROMPT = "a café by the sea — ☕ 海"


class StandingClock(Clock):
    """A clock that may be moved an hour at most."""

    def __init__(self) -> None:
        self.moved = timedelta()

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 12, 0, tzinfo=UTC) + self.moved

    def shift(self, delta: timedelta) -> None:
        if self.moved + delta > timedelta(hours=1):
            raise SetupError("a sentence on the clock's file, for who sets Muse up")
        self.moved += delta


class Sitting:
    """A session without a game, for the terminal's own commands."""

    def __init__(self, clock: StandingClock | SystemClock, *, may_wait: bool = True) -> None:
        self.printed: list[Text] = []
        self.settled = 0
        none = cast(Any, None)
        self.session = Session(
            App(none, none, none, none, Rules(), clock, {}, Turns()),
            clock,
            ConsoleStage(self._say),
            self._settle,
            self._due,
            self._say,
            may_wait=may_wait,
        )

    async def type(self, line: str) -> str:
        self.printed.clear()
        await self.session.line(line)
        return "\n".join(line.plain for line in self.printed)

    def _say(self, lines: list[Text]) -> None:
        self.printed += lines

    async def _settle(self) -> None:
        self.settled += 1

    async def _due(self) -> None:
        """Nothing falls due where there is no game."""


# --- /wait, where it may not be.


async def test_a_shared_clock_is_not_moved() -> None:
    clock = StandingClock()
    sitting = Sitting(clock, may_wait=False)
    said = await sitting.type("/wait 30m")
    assert "shared" in said
    assert "MUSE_CLOCK_FILE" in said  # what to do about it
    assert (clock.moved, sitting.settled, sitting.session.refused) == (timedelta(), 0, 1)
    # The rest of the terminal is as ever.
    assert "bo now" in await sitting.type("/as bo")
    assert sitting.session.refused == 1


async def test_waiting_too_far_is_refused_and_the_sitting_goes_on() -> None:
    clock = StandingClock()
    sitting = Sitting(clock)
    said = await sitting.type("/wait 2h")
    assert said == "That is further than the clock here can go."
    assert (clock.moved, sitting.settled, sitting.session.refused) == (timedelta(), 0, 1)
    assert "1 hour later" in await sitting.type("/wait 1h")
    assert (clock.moved, sitting.settled, sitting.session.refused) == (timedelta(hours=1), 1, 1)


async def test_the_real_clock_ends_after_a_century(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    sitting = Sitting(SystemClock(file))
    assert "days later" in await sitting.type("/wait 3650d")
    assert "3650 days at most" in await sitting.type("/wait 3651d")
    for _ in range(9):
        assert "days later" in await sitting.type("/wait 3650d")
    before = file.read_text("utf-8")
    said = await sitting.type("/wait 1s")
    assert said == "That is further than the clock here can go."
    assert file.read_text("utf-8") == before
    assert sitting.session.refused == 2


@pytest.mark.parametrize("length", ["", "soon", "0s", "5", "-1h", "9999999999w", "1e9d"])
async def test_no_length_of_time_is_refused_too(length: str) -> None:
    clock = StandingClock()
    sitting = Sitting(clock)
    assert "For example" in await sitting.type(f"/wait {length}")
    assert (clock.moved, sitting.settled, sitting.session.refused) == (timedelta(), 0, 1)


# --- Both ends of a script.


def test_a_script_is_read_and_written_as_utf_8() -> None:
    lines = io.TextIOWrapper(io.BytesIO(f"{PROMPT}\n".encode()), encoding="latin-1")
    kept = io.BytesIO()
    out = io.TextIOWrapper(kept, encoding="ascii")
    say = plain_printer(open_script(lines, out))
    read = lines.readline().strip()
    assert read == PROMPT
    say([Text(read), Text("half \ud83d a character")])
    assert kept.getvalue().decode().splitlines()[0] == PROMPT


def test_what_is_no_utf_8_is_read_all_the_same() -> None:
    lines = io.TextIOWrapper(io.BytesIO(b"a caf\xe9\nnext\n"), encoding="ascii")
    open_script(lines, io.StringIO())
    assert lines.readline() == "a caf\ufffd\n"
    assert lines.readline() == "next\n"


async def test_a_reader_that_leaves_ends_nothing() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8") as out:
        say = plain_printer(out)
        say([Text("first")])
        os.close(reading)
        for number in range(3):
            say([Text(f"unheard {number}")])
        sitting = Sitting(StandingClock())
        lines = io.StringIO("/as bo\n/wait 30m\n")
        assert await play_script(sitting.session, lines, say) == 0
        assert sitting.settled == 3  # by /wait, and after each line


def start(data: Path, **variables: str) -> subprocess.Popen[bytes]:
    """`python -m bot try`, its standard streams pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "try", "--data", str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**environment(), **variables},
    )


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "", "LC_ALL": "C"},
        # As where the C locale is neither coerced nor taken for UTF-8.
        {"PYTHONIOENCODING": "", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
    ids=["latin-1", "C", "bare-C"],
)
def test_it_plays_whatever_the_surroundings_encoding(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    with start(tmp_path / "data", **variables) as muse:
        typed = f"{PROMPT}\n/add “œuvre” – 灯台\n/as bo\n/vote 5\n/as you\n/close\n/top\n"
        out, log = muse.communicate(typed.encode(), timeout=60)
    said = out.decode("utf-8")  # strictly
    assert "Traceback" not in log.decode("utf-8", "replace")
    assert said.count(f"“{PROMPT}”") >= 2
    assert " 5  “œuvre” – 灯台" in said
    assert "You voted for 5." in said
    assert muse.returncode == 0


def test_a_closed_pipe_ends_it_quietly(tmp_path: Path) -> None:
    """As `python -m bot try … | head -1` does."""
    with start(tmp_path / "data") as muse:
        assert muse.stdin is not None
        assert muse.stdout is not None
        assert muse.stderr is not None
        muse.stdin.write(b"a lighthouse\n")
        muse.stdin.flush()
        while b"a lighthouse" not in muse.stdout.readline():
            pass
        muse.stdout.close()
        muse.stdin.write(b"/show\n/vote 1\n/wait 25h\n/top\n")
        muse.stdin.close()
        log = muse.stderr.read().decode("utf-8", "replace")
        assert muse.wait(60) == 0
    assert "Traceback" not in log
    assert "Broken" not in log


def test_head_has_enough(tmp_path: Path) -> None:
    """The whole pipe in a shell: one line arrives, and nothing is complained of."""
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" -m bot try --data "$1" | head -2', sys.executable, str(tmp_path)],
        input=b"a lighthouse\n/vote 1\n/close\n/top\n/help\n",
        capture_output=True,
        cwd=ROOT,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert done.stdout.decode("utf-8").strip() == "> a lighthouse"
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr
