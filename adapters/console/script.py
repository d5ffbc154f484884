"""The terminal played from a script: one line a message, plain text out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TextIO

from rich.text import Text

from adapters.console.draw import clean
from adapters.console.session import Session


def plain_printer(out: TextIO) -> Callable[[list[Text]], None]:
    """Prints lines without styles, each batch at once."""

    def say(lines: list[Text]) -> None:
        out.write("".join(f"{line.plain.rstrip()}\n" for line in lines))
        out.flush()

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
