"""Runs a server so that it can't outlive Muse, even where Muse is ended by kill -9.

    Muse ──lifeline (a pipe)──▶ the guard, a shell that waits for the pipe's end
      └──▶ the server           and then ends the server

The server is launched by a shell that tells the guard its process id before it becomes
the server, so there is no moment at which it could be left behind. The lifeline's writing
end is Muse's alone: no child keeps it over its `exec`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from pathlib import Path

_SYSTEM_PATH = {"PATH": os.defpath}  # all of the environment: the rest may hold secrets

# Standard output is the lifeline until the server gets the log's instead; standard input is
# the lock that it keeps, and the record of whose it is.
_LAUNCH = """
echo $$ || exit 1
printf '%s\\n%s\\n' $$ "$1" >&0
shift
exec "$@" >&2
"""

# The last line read is the server to end; 0 is none. The signals that a whole group of
# processes gets when a machine shuts down must not end the guard before its time.
_GUARD = """
trap '' HUP INT TERM
pid=0
while read -r line; do pid=$line; done
[ "$pid" -gt 1 ] || exit 0
kill -TERM "$pid" 2>/dev/null
n=0
while [ $n -lt 20 ] && kill -0 "$pid" 2>/dev/null; do sleep 0.1; n=$((n + 1)); done
kill -KILL -"$pid" 2>/dev/null
exit 0
"""


class Guard:
    """Launches one server at a time, each in a session of its own, and watches over it."""

    def __init__(self) -> None:
        self._shell: subprocess.Popen[bytes] | None = None
        self._lifeline: int | None = None

    def launch(
        self, command: list[str], *, folder: Path, socket: Path, lock: int, output: int
    ) -> subprocess.Popen[bytes]:
        """Run `command` in `folder`; it keeps `lock` and writes to `output`, both handles.

        Its process id and `socket` are written into `lock`. Raises `OSError` as `Popen` does.
        """
        return subprocess.Popen(  # noqa: S603  # what the operator chose
            ["/bin/sh", "-c", _LAUNCH, "sh", str(socket), *command],
            stdin=lock,
            stdout=self._guarded(),
            stderr=output,
            cwd=folder,
            env=_SYSTEM_PATH,
            start_new_session=True,  # Ctrl-C in the terminal is not meant for it
        )

    def _guarded(self) -> int:
        """The lifeline's writing end, with a guard alive at the other."""
        if self._shell is not None and self._shell.poll() is not None:
            self.dismiss()  # somebody ended it, and there must be one
        if self._lifeline is None:
            reading, self._lifeline = os.pipe()
            try:
                self._shell = subprocess.Popen(  # noqa: S603  # a constant
                    ["/bin/sh", "-c", _GUARD],
                    stdin=reading,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    env=_SYSTEM_PATH,
                    start_new_session=True,
                )
            finally:
                os.close(reading)
        return self._lifeline

    def dismiss(self) -> None:
        """Let the guard go, once the server has ended. Takes a millisecond or two."""
        if self._lifeline is not None:
            with contextlib.suppress(BrokenPipeError):
                os.write(self._lifeline, b"0\n")
            os.close(self._lifeline)
            self._lifeline = None
        if self._shell is not None:
            try:
                self._shell.wait(timeout=1)
            except subprocess.TimeoutExpired:
                self._shell.kill()
                self._shell.wait()
            self._shell = None


def kill_group(pid: int | None) -> None:
    """End a server and its children at once.

    Only while one of them surely lives: that keeps the id from being anyone else's.
    """
    if pid is not None and pid > 1:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
