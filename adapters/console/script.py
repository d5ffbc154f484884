"""The terminal played from a script: one line a message, plain text out."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from io import TextIOWrapper
from typing import TextIO

from rich.text import Text

from adapters.console.draw import clean
from adapters.console.session import Session


def open_script(lines: TextIO, out: TextIO) -> TextIO:
    """Make both ends of a script bear any text, whatever the surroundings' encoding."""
    for stream in (lines, out):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    return out


def plain_printer(out: TextIO) -> Callable[[list[Text]], None]:
    """Prints lines without styles, each batch at once."""

    def say(lines: list[Text]) -> None:
        try:
            out.write("".join(f"{line.plain.rstrip()}\n" for line in lines))
            out.flush()
        except BrokenPipeError:
            # Whoever read has enough. The script still plays to its end; what Python
            # would flush at its own end goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())

    return say


async def play_script(session: Session, lines: TextIO, echo: Callable[[list[Text]], None]) -> int:
    """Play every line of `lines`; each one's outcome is there before the next is read.

    Returns the exit status: 1 where any line was refused.
    """
    while not session.left:
        line = await asyncio.to_thread(lines.readline)
        if not line:
            break
        if not line.strip():
            continue
        echo([Text(), Text(f"> {clean(line.strip())}")])
        await session.line(line)
        await session.settle()
    return 1 if session.refused else 0
