"""Muse as a process of its own: run, fed, killed, and looked after."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support import NAMED, ROOT, alive, wait_until


def environment() -> dict[str, str]:
    """As little as can be, so that nobody's own settings play a part."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    if NAMED:
        kept["MUSE_REDIS_SERVER"] = NAMED
    return kept | {"PYTHONIOENCODING": "utf-8", "TZ": "UTC"}


@dataclass(frozen=True)
class Played:
    """What a script came to: the exit status, and each line's outcome in order."""

    status: int
    out: str
    log: str

    @property
    def outcomes(self) -> list[str]:
        """What followed each line that was typed."""
        return [part.partition("\n")[2].strip() for part in ("\n" + self.out).split("\n> ")[1:]]


def play(
    data: Path, *lines: str, seed: int | None = None, env: Mapping[str, str] | None = None
) -> Played:
    """`python -m bot try` with a scripted standard input, in a bare `environment` or another."""
    command = [sys.executable, "-m", "bot", "try", "--data", str(data)]
    if seed is not None:
        command += ["--seed", str(seed)]
    done = subprocess.run(
        command,
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=environment() if env is None else env,
        timeout=60,
        check=False,
    )
    return Played(done.returncode, done.stdout, done.stderr)


class Process:
    """One process of Muse's, with the pids of all it started."""

    def __init__(self, arguments: Sequence[str], log: Path) -> None:
        self._log = log.open("ab")
        self.popen = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            cwd=ROOT,
            env=environment(),
        )
        self.children: set[int] = set()

    def line(self) -> str:
        """The next line it prints."""
        assert self.popen.stdout is not None
        line = self.popen.stdout.readline()
        assert line, "it ended, and printed nothing"
        return line.strip()

    def note_children(self) -> set[int]:
        """Those it has now, kept to be looked for when it is gone."""
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.popen.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        self.children |= {int(pid) for pid in found.stdout.split()}
        return self.children

    def kill(self) -> None:
        """`kill -9`, this process alone; what it started must end by itself."""
        self.note_children()
        self.popen.kill()
        self.popen.wait(20)
        self.all_gone()

    def terminate(self) -> int:
        """Ask it to end; its exit status."""
        self.note_children()
        self.popen.terminate()
        status = self.popen.wait(20)
        self.all_gone()
        return status

    def all_gone(self) -> None:
        wait_until(lambda: not any(map(alive, self.children)), 20, "its children to end")

    def clean_up(self) -> None:
        if self.popen.poll() is None:
            self.note_children()
            self.popen.kill()
            self.popen.wait()
        for pipe in (self.popen.stdin, self.popen.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()
        self._log.close()
        for pid in self.children:
            if alive(pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 9)


@contextlib.contextmanager
def process(log: Path, *arguments: str) -> Iterator[Process]:
    """A Python process of Muse's, ended with the block whatever happens."""
    started = Process(arguments, log)
    try:
        yield started
    finally:
        started.clean_up()


def server_of(data: Path) -> tuple[int, str]:
    """The embedded server's process id and its URL, as the folder has them; 0 while it starts."""
    ident, _, path = (data / "redis.lock").read_text("utf-8").strip().partition("\n")
    return (int(ident), f"unix://{path}") if path else (0, "")
