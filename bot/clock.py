"""Muse's one clock: the system's, shifted by what a file says.

The file, which `MUSE_CLOCK_FILE` names, holds the seconds by which every process that
reads it is ahead. It is for tests and rehearsals, and for `/wait` in the terminal.
"""

from __future__ import annotations

import fcntl
import logging
import math
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.errors import SetupError
from bot.ports import Clock

log = logging.getLogger(__name__)

#: A century either way, so that every moment still fits a date.
_FURTHEST = 100 * 365 * 86_400


class SystemClock(Clock):
    """The system's time in UTC, plus the shift. One `stat` a call where there is a file.

    Without a file the shift is this process's own. A file that is missing or empty is no
    shift. Whoever writes it should rename it into place, as `shift` does.
    """

    def __init__(self, shift_file: Path | None = None) -> None:
        """Read the shift. Raises `SetupError` where the file holds no number of seconds."""
        self._file = shift_file
        self._shift = timedelta()
        self._seen: tuple[int, ...] = ()
        if shift_file is not None:
            try:
                self._seen = self._signature(shift_file)
                self._shift = self._read(shift_file)
            except (OSError, ValueError) as error:
                raise SetupError(self._sentence(shift_file, error)) from error

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        if self._file is not None:
            self._refresh(self._file)
        return datetime.now(UTC) + self._shift

    def shift(self, delta: timedelta) -> None:
        """Move the clock by `delta` from where the file has it, for every process.

        Raises `SetupError` where the file can't be read or written, or would go too far.
        """
        file = self._file
        if file is None:
            self._shift = self._checked((self._shift + delta).total_seconds())
            return
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            folder = os.open(file.parent, os.O_RDONLY)
            try:
                # Two at once would both add to the same figure, and one would be lost.
                fcntl.flock(folder, fcntl.LOCK_EX)
                self._replace(file, self._checked((self._read(file) + delta).total_seconds()))
            finally:
                os.close(folder)
        except (OSError, ValueError) as error:
            raise SetupError(self._sentence(file, error)) from error
        self._refresh(file)

    def _refresh(self, file: Path) -> None:
        """Take up a changed file; a wrong one is logged once and leaves the shift as it is."""
        try:
            signature = self._signature(file)
            if signature == self._seen:
                return
            self._seen = signature  # before reading: what is wrong is told once
            self._shift = self._read(file)
        except (OSError, ValueError) as error:
            log.warning("%s The clock keeps its last shift.", self._sentence(file, error))

    @staticmethod
    def _signature(file: Path) -> tuple[int, ...]:
        try:
            stat = os.stat(file)  # noqa: PTH116 every command asks; Path's own takes half as long again
        except FileNotFoundError:
            return ()
        return (stat.st_mtime_ns, stat.st_size, stat.st_ino)

    @classmethod
    def _read(cls, file: Path) -> timedelta:
        try:
            text = file.read_text("utf-8").strip()
        except FileNotFoundError:
            return timedelta()
        return cls._checked(float(text)) if text else timedelta()

    @staticmethod
    def _checked(seconds: float) -> timedelta:
        if not math.isfinite(seconds) or abs(seconds) > _FURTHEST:
            raise ValueError("more than a century")
        return timedelta(seconds=seconds)

    @staticmethod
    def _replace(file: Path, shift: timedelta) -> None:
        import tempfile  # late: a clock that is only read needs none

        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as temporary:
                temporary.write(f"{shift.total_seconds()!r}\n")
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    @staticmethod
    def _sentence(file: Path, error: Exception) -> str:
        if isinstance(error, OSError):
            return f"The clock file {file} can't be used: {error.strerror or error}."
        return (
            f"The clock file {file}, which MUSE_CLOCK_FILE names, must hold a number of seconds, "
            "a century at most. For example: 3600"
        )
