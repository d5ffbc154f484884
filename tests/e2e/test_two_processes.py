"""A worker and a terminal on one Redis: whoever writes and closes, the terminal tells it once."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.driving import environment
from tests.support import ROOT, redis_server, wait_until

PATIENCE = 40.0  # seconds; all of it takes a few where the machine is idle


class Muse:
    """`python -m bot …`, its output gathered as it comes."""

    def __init__(self, log: Path, arguments: tuple[str, ...], variables: dict[str, str]) -> None:
        self.log = log
        self._out: list[str] = []
        with log.open("ab") as errors:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "bot", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
                cwd=ROOT,
                env={**environment(), **variables},
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self._out.append(line)

    @property
    def out(self) -> str:
        """All that it has printed so far."""
        return "".join(self._out)

    def type(self, line: str) -> int:
        """Type a line; how much had been printed before it."""
        before = len(self.out)
        assert self.popen.stdin is not None
        self.popen.stdin.write(f"{line}\n")
        self.popen.stdin.flush()
        return before

    def waits_for(self, text: str, after: int = 0, times: int = 1) -> None:
        """Wait until it has printed what the pattern `text` finds, so many times."""

        def printed() -> bool:
            assert self.popen.poll() is None, f"it ended:\n{self.out}\n{self.log.read_text()}"
            return len(re.findall(text, self.out[after:], re.MULTILINE)) >= times

        wait_until(printed, PATIENCE, f"{text!r} in {self.log.name}")

    def leave(self) -> int:
        """Close its standard input; its exit status once all is read."""
        assert self.popen.stdin is not None
        self.popen.stdin.close()
        status = self.popen.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return status

    def clean_up(self) -> None:
        if self.popen.poll() is None:
            self.popen.kill()
        self.popen.wait()
        self._reader.join(PATIENCE)
        for pipe in (self.popen.stdin, self.popen.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()


@contextlib.contextmanager
def muse(log: Path, *arguments: str, **variables: str) -> Iterator[Muse]:
    """A process of Muse's, ended with the block whatever happens."""
    started = Muse(log, arguments, variables)
    try:
        yield started
    finally:
        started.clean_up()


@pytest.fixture
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis that belongs to no Muse."""
    with redis_server(tmp_path_factory.mktemp("shared")) as server:
        yield server.url


def ask(terminal: Muse, prompt: str) -> None:
    """Ask, wait until the round stands, and vote in it."""
    before = terminal.type(prompt)
    terminal.waits_for(r"^ [1-4]  \S", before, times=4)
    # Four pieces are there; what can be done with them is said once the round is open.
    terminal.waits_for(r"/add", before)
    voted = terminal.type("/vote 1")
    terminal.waits_for(r"You voted for 1\.", voted)


def told(terminal: Muse, prompt: str) -> int:
    """How often a round's result was shown."""
    return terminal.out.count(f"The votes are in: “{prompt}”")


def test_each_result_is_shown_once_in_the_terminal(tmp_path: Path, url: str) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0\n", "utf-8")
    shared = {"REDIS_URL": url, "MUSE_CLOCK_FILE": str(clock)}
    with (
        muse(tmp_path / "worker.log", "worker", "--data", str(tmp_path / "w"), **shared) as worker,
        muse(tmp_path / "try.log", "try", "--data", str(tmp_path / "t"), **shared) as terminal,
    ):
        wait_until(lambda: "at work" in worker.log.read_text("utf-8"), PATIENCE, "the worker")
        prompts = [f"lighthouse {number}" for number in range(4)]
        for prompt in prompts:
            ask(terminal, prompt)
        assert not any(told(terminal, prompt) for prompt in prompts)

        # The clock jumps for both, whoever moved it; nobody types anything.
        later = tmp_path / "clock.new"
        later.write_text("90000\n", "utf-8")
        later.replace(clock)
        terminal.waits_for("The votes are in", times=len(prompts))

        # And by the terminal's own hand, under a round and beside it.
        more = [f"lantern {number}" for number in range(3)]
        for prompt in more:
            ask(terminal, prompt)
            waited = terminal.type("/wait 25h")
            terminal.waits_for("later: it is", waited)
            terminal.waits_for(f"The votes are in: “{prompt}”", waited)
        shown = terminal.type("/show")
        terminal.waits_for("voted", shown)
        # What would be told twice would be on its way within a look or two of the agenda.
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.popen.wait(2.5)
        assert terminal.leave() == 0, terminal.out + terminal.log.read_text("utf-8")
        assert worker.popen.poll() is None
        worker.popen.terminate()
        assert worker.popen.wait(PATIENCE) == 0
    for prompt in prompts + more:
        assert told(terminal, prompt) == 1, f"{prompt}\n{terminal.out}"
        # Each round stands there once, too; the last also because it was asked to.
        stood = len(re.findall(f"^“{prompt}”$", terminal.out, re.MULTILINE))
        assert stood == (2 if prompt == more[-1] else 1), f"{prompt}\n{terminal.out}"
    for log in (worker.log, terminal.log):
        assert "Traceback" not in log.read_text("utf-8")


def test_the_terminal_does_not_move_the_clock_of_a_shared_redis(tmp_path: Path, url: str) -> None:
    with muse(tmp_path / "log", "try", "--data", str(tmp_path / "data"), REDIS_URL=url) as terminal:
        ask(terminal, "a lighthouse")
        refused = terminal.type("/wait 25h")
        terminal.waits_for("This Redis is shared", refused)
        voted = terminal.type("/vote 2")
        terminal.waits_for(r"You voted for 1 and 2\.", voted)
        assert terminal.leave() == 1
    assert told(terminal, "a lighthouse") == 0
    assert "later: it is" not in terminal.out
    assert not (tmp_path / "data" / "clock").exists()
    assert "Traceback" not in terminal.log.read_text("utf-8")
    # Nor has it closed for whoever comes next.
    with muse(tmp_path / "log", "try", "--data", str(tmp_path / "data"), REDIS_URL=url) as another:
        voted = another.type("/vote 3")
        another.waits_for(r"You voted for 1, 2 and 3\.", voted)
        assert another.leave() == 0
    assert told(another, "a lighthouse") == 0
