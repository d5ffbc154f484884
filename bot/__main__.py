"""``muse``, or ``python -m bot``: the commands, each imported only when it is run."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path

from bot import __version__
from bot.errors import BadInput, SetupError


def main(arguments: list[str] | None = None) -> int:
    """Run a command. Returns the exit status; 2: the set-up, or what was typed, is wrong."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "brief":
            from bot.previewing import preview

            text = preview(options.prompt, options.form, options.seed)
            if isinstance(sys.stdout, TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8")  # whatever the surroundings' encoding
            print(text)
            return 0
        with asyncio.Runner(loop_factory=_loop_factory(options.command)) as runner:
            return runner.run(_run(options))
    except (SetupError, BadInput) as error:
        print(f"muse: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _loop_factory(command: str) -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The quicker loop for processes that serve many; the terminal starts sooner without."""
    if command == "try":
        return None
    import uvloop

    return uvloop.new_event_loop


async def _run(options: argparse.Namespace) -> int:
    from bot.processes import play_in_terminal, work

    if options.command == "worker":
        return await work(options.data)
    return await play_in_terminal(options.data, options.seed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="muse",
        description="A creative-prompt game: four different answers, then yours. "
        "`muse try` plays it in this terminal.",
    )
    parser.add_argument("--version", action="version", version=f"muse {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    try_ = commands.add_parser("try", help="play in this terminal")
    try_.add_argument("--seed", type=int, help="a number that makes the deck repeat itself")
    worker_ = commands.add_parser("worker", help="write rounds and close them for other processes")
    for command in (try_, worker_):
        command.add_argument(
            "--data", type=Path, metavar="DIR", help="the folder to keep everything in"
        )
    brief = commands.add_parser("brief", help="print what a model would be sent, and call nothing")
    brief.add_argument("prompt")
    brief.add_argument("--form", default="free", help="the form to ask for, such as haiku")
    brief.add_argument("--seed", type=int, default=0, help="a number that draws other angles")
    return parser


if __name__ == "__main__":
    sys.exit(main())
