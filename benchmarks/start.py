"""`python -m bot try` in a terminal, from its launch to its first prompt, on a used folder.

Against a Python that imports what any such program needs: redis.asyncio and rich. Both
find every module compiled, as at any start but the first.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks.harness import Compared, Goal, Row, compiling, interleave, scaled

PAIRS = 12
GOAL = Goal(3.0)
PROMPT = b"you>"
PATIENCE = 30.0  # seconds, for what should take one
_WHERE, _HERE = b"\x1b[6n", b"\x1b[1;1R"  # a terminal is asked for its cursor, and answers


def measure(size: float = 1.0) -> list[Row]:
    """The row of this benchmark."""
    return [asyncio.run(_compare(scaled(PAIRS, size, 2)))]


async def _compare(pairs: int) -> Row:
    with tempfile.TemporaryDirectory(prefix="muse-bench-") as folder:
        environment = _environment(Path(folder, "compiled"))
        muse = partial(asyncio.to_thread, _until_prompt, Path(folder, "data"), environment)
        imports = partial(asyncio.to_thread, _until_imported, environment)
        figures = Compared(*await interleave(pairs, muse, imports))
    return figures.row(
        "to the first prompt", lambda seconds: f"{seconds:.2f} s", "importing redis, rich", GOAL
    )


def _environment(compiled: Path) -> dict[str, str]:
    """A terminal's."""
    return {**compiling(compiled), "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}


def _until_imported(environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    imports = [sys.executable, "-c", "import redis.asyncio, rich"]
    subprocess.run(imports, env=environment, check=True)
    return time.perf_counter() - begun


def _until_prompt(data: Path, environment: dict[str, str]) -> float:
    """Seconds until the terminal can be typed into; then Muse is left as anybody leaves it."""
    outer, inner = pty.openpty()
    begun = time.perf_counter()
    muse = subprocess.Popen(
        [sys.executable, "-m", "bot", "try", "--data", str(data)],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env=environment,
    )
    os.close(inner)
    try:
        _read_until(outer, PROMPT)
        took = time.perf_counter() - begun
        os.write(outer, b"/quit\r")
        _read_until(outer, None)
        muse.wait(PATIENCE)
        return took
    finally:
        if muse.poll() is None:
            muse.send_signal(signal.SIGTERM)
            muse.wait(PATIENCE)
        os.close(outer)


def _read_until(terminal: int, wanted: bytes | None) -> None:
    """Read what is written until `wanted` is in it; None: until the other side has left."""
    read, until = b"", time.monotonic() + PATIENCE
    while wanted is None or wanted not in read:
        ready, _, _ = select.select([terminal], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise TimeoutError(f"nothing came for {PATIENCE:.0f} s after {read[-500:]!r}")
        part = b""
        with contextlib.suppress(OSError):  # how Linux says that the other side has left
            part = os.read(terminal, 65536)
        if not part:
            if wanted is None:
                return
            raise EOFError(f"Muse left before its prompt: {read[-500:]!r}")
        for _ in range(part.count(_WHERE)):
            os.write(terminal, _HERE)
        read += part
