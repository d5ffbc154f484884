"""The embedded server's data folder: whose it is, where its socket and its log are.

Two locks, both `flock`, so that they end with their holders whatever kills them:

    muse.lock    held by the Muse that uses the folder; holds its process id
    redis.lock   held by the server itself, as its standard input: while it is taken, a
                 server is alive. Holds the server's process id and its socket, one a line
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import stat
from pathlib import Path

from bot.errors import NotYet, SetupError

LOG = "redis.log"
SOCKET = "redis.sock"
#: A log longer than this is emptied before the next start, in bytes.
LONGEST_LOG = 1_000_000
#: A socket's path must fit 104 bytes on macOS and 108 on Linux, with its end marked.
_LONGEST_SOCKET = 100
_TEMPORARY = "muse-redis-"
_ELSEWHERE = "give Muse another folder with --data or MUSE_DATA_DIR"


class DataFolder:
    """One folder, taken by `claim` and given back by `release`."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()  # the server runs in it, so it can't be relative
        self._lock: int | None = None
        self._socket: Path | None = None

    def claim(self) -> None:
        """Make the folder, private to this user, and lock it.

        Raises `SetupError` where another Muse has it, or it can't be used.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if stat.S_IMODE(self.path.stat().st_mode) != 0o700:
                self.path.chmod(0o700)
            lock = _open(self.path / "muse.lock", os.O_RDWR)
        except OSError as error:
            raise self.unusable(error) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(lock, 20, 0).decode("ascii", "replace").strip()
            os.close(lock)
            if not isinstance(error, BlockingIOError):
                raise self.unusable(error) from error
            which = f"another Muse (process {holder})" if holder else "another Muse"
            raise NotYet(
                f"{self.path} is in use by {which}. "
                "Close it, or give this one another folder with --data or MUSE_DATA_DIR."
            ) from None
        self._lock = lock
        try:
            os.ftruncate(lock, 0)
            os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
            inside = self.path / SOCKET
            self._socket = inside if _works(inside) else _temporary_socket()
        except OSError as error:
            self.release()
            raise self.unusable(error) from error

    def release(self) -> None:
        """Give the folder back; what was temporary is removed."""
        if self._socket is not None:
            _remove_temporary(self._socket)
            self._socket = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def unusable(self, error: OSError) -> SetupError:
        """The sentence for a folder that the system won't let Muse use."""
        return SetupError(
            f"Muse can't keep its data in {self.path}: {error.strerror}. "
            f"Mend that, or {_ELSEWHERE}."
        )

    @property
    def log(self) -> Path:
        """Where the server's log is."""
        return self.path / LOG

    @property
    def socket(self) -> Path:
        """The server's socket, once the folder is claimed.

        In the folder where that works, else in a private temporary one that `release` removes.
        """
        if self._socket is None:
            raise RuntimeError("the folder is not claimed")
        return self._socket

    def server_lock(self) -> int | None:
        """The server's lock, taken, to be given to a server; None where one is alive.

        What the last server left behind in a temporary folder is removed.
        """
        lock = _open(self.path / "redis.lock", os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        _, left = self.last_server()
        if left is not None and left != self._socket:
            _remove_temporary(left)
        os.ftruncate(lock, 0)
        return lock

    def last_server(self) -> tuple[int | None, Path | None]:
        """The process id and the socket of the server that took the lock last."""
        try:
            ident, path = (self.path / "redis.lock").read_text("utf-8").split("\n")[:2]
            return int(ident), Path(path)
        except (OSError, ValueError):
            return None, None

    def open_log(self) -> tuple[int, int]:
        """The log, to append to, and how long it is by now."""
        log = _open(self.log, os.O_WRONLY | os.O_APPEND)
        size = os.fstat(log).st_size
        if size > LONGEST_LOG:
            os.ftruncate(log, 0)
            size = 0
        return log, size

    def logged_since(self, start: int) -> str:
        """What the server logged from that length on, at most its last 64 kB."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(start, os.fstat(log.fileno()).st_size - 65_536))
                return log.read().decode("utf-8", "replace")
        except OSError:
            return ""


def _open(path: Path, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _fits(path: Path) -> bool:
    return len(os.fsencode(path)) <= _LONGEST_SOCKET


def _works(path: Path) -> bool:
    """Whether a socket can be at a path: not too long, nor on a shared disk without any."""
    probe = path.with_name("try.sock")  # no longer a name
    if not _fits(path):
        return False
    try:
        with socket.socket(socket.AF_UNIX) as trial:
            trial.bind(os.fsencode(probe))
    except OSError:
        return False
    finally:
        probe.unlink(missing_ok=True)
    return True


def _temporary_socket() -> Path:
    """A socket's place in a new folder that only this user can enter."""
    import tempfile  # late: it is slow to import, and seldom needed

    for parent in (None, "/tmp"):  # noqa: S108  # mkdtemp makes it safe; the system's own choice may be a long path as well
        path = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=parent)) / SOCKET
        if _fits(path):
            return path
        path.parent.rmdir()
    raise AssertionError("a path below /tmp fits")


def _remove_temporary(path: Path) -> None:
    """Remove a socket's folder, but never one that was not made for it."""
    if path.parent.name.startswith(_TEMPORARY) and path.name == SOCKET:
        shutil.rmtree(path.parent, ignore_errors=True)
