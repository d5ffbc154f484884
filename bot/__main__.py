"""``muse``, or ``python -m bot``: the commands, each imported only when it is run."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path

from bot import __version__
from bot.errors import BadInput, NotYet, SetupError, StageFailed


def main(arguments: list[str] | None = None) -> int:
    """Run a command. Returns the exit status; 2: the set-up, or what was typed, is wrong, and only
    a person can mend it; 1: what was to be checked doesn't hold, or Redis or a platform can't be
    reached, and trying again may help.
    """
    options = _parser().parse_args(arguments)
    try:
        if options.command in AT_ONCE:
            return AT_ONCE[options.command](options)
        with asyncio.Runner(loop_factory=_loop_factory(options.command)) as runner:
            return runner.run(_run(options))
    except (SetupError, BadInput, StageFailed) as error:
        print(f"muse: {error}", file=sys.stderr)
        return 1 if isinstance(error, (StageFailed, NotYet)) else 2
    except KeyboardInterrupt:
        return 130


def _speak_utf8() -> None:
    """Whatever the surroundings' encoding."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def _brief(options: argparse.Namespace) -> int:
    from bot.previewing import preview

    text = preview(
        options.prompt,
        options.form,
        options.seed,
        wanted=options.entries,
        without=options.without,
        bold=options.bold,
    )
    _speak_utf8()
    print(text)
    return 0


def _key(_: argparse.Namespace) -> int:
    from bot.storage.installations import new_key

    print(new_key())
    return 0


def _manifest(_: argparse.Namespace) -> int:
    """The manifest alone on standard output, so that it can go into a file."""
    from bot.platforms import slack_manifest
    from bot.settings import load_settings

    text, purpose = slack_manifest(load_settings())
    _speak_utf8()
    print(text)
    print(f"muse: {purpose}", file=sys.stderr)
    return 0


def _study(options: argparse.Namespace) -> int:
    from bot.studying.command import Request, study

    _speak_utf8()
    asked = Request(
        prompts=options.prompts,
        count=options.count,
        form=options.form,
        out=options.out,
        seed=options.seed,
        yes=options.yes,
    )
    return study(asked, print, input if sys.stdin.isatty() else None)


def _verify(options: argparse.Namespace) -> int:
    from bot.game.challenges.verifying import verify

    _speak_utf8()
    return 0 if verify(options.file, print, options.published) else 1


#: What needs no loop.
AT_ONCE: dict[str, Callable[[argparse.Namespace], int]] = {
    "brief": _brief,
    "key": _key,
    "manifest": _manifest,
    "study": _study,
    "verify": _verify,
}


def _loop_factory(command: str) -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The quicker loop for processes that serve many; the terminal starts sooner without."""
    if command == "try":
        return None
    import uvloop

    return uvloop.new_event_loop


async def _run(options: argparse.Namespace) -> int:
    if options.command == "check":
        from bot.checking.command import check

        _speak_utf8()
        return await check(options.data, print, as_object=options.json)
    if options.command in ("export", "import", "stats"):
        return await _keep(options)
    if options.command == "try":
        from bot.processes import play_in_terminal

        return await play_in_terminal(options.data, options.seed)
    if options.command == "invite":
        from bot.platforms import discord_invitation
        from bot.settings import load_settings

        print(await discord_invitation(load_settings()))
        return 0
    from bot.serving import serve, work

    if options.command == "worker":
        return await work(options.data)
    return await serve(options.data, works=not options.no_work)


async def _keep(options: argparse.Namespace) -> int:
    from bot import keeping

    _speak_utf8()
    if options.command == "export":
        return await keeping.export(options.data, options.file)
    if options.command == "import":
        return await keeping.take_in(options.data, options.file, replace=options.replace)
    return await keeping.stats(options.data, print, as_object=options.json)


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
    run_ = commands.add_parser("run", help="play on every platform that has a token")
    run_.add_argument("--no-work", action="store_true", help="leave writing to `muse worker`")
    worker_ = commands.add_parser("worker", help="write rounds and close them for other processes")
    check_ = commands.add_parser("check", help="try all that is set up, and say what to mend")
    check_.add_argument("--json", action="store_true", help="say it as one JSON object")
    commands.add_parser("invite", help="print the address that adds Muse to a Discord server")
    commands.add_parser(
        "manifest", help="print Slack's app manifest that is right for the settings"
    )
    commands.add_parser("key", help="print a new key for MUSE_ENCRYPTION_KEY")
    export_ = commands.add_parser("export", help="write everything that is kept, a line a key")
    export_.add_argument("file", nargs="?", default="-", help="a new file (default: to be read on)")
    import_ = commands.add_parser("import", help="put an export into an empty Redis")
    import_.add_argument("file", help="what `muse export` wrote, or - to read it from elsewhere")
    import_.add_argument("--replace", action="store_true", help="remove what Muse has there first")
    stats_ = commands.add_parser("stats", help="count what is kept, and what memory it takes")
    stats_.add_argument("--json", action="store_true", help="say it as one JSON object")
    for command in (try_, run_, worker_, check_, export_, import_, stats_):
        command.add_argument(
            "--data", type=Path, metavar="DIR", help="the folder to keep everything in"
        )
    brief = commands.add_parser("brief", help="print what a model would be sent, and call nothing")
    brief.add_argument("prompt", help="what is to be answered")
    brief.add_argument("--form", default="free", help="the form to ask for, such as haiku")
    brief.add_argument("--seed", type=int, default=0, help="a number that draws other angles")
    brief.add_argument(
        "--entries", type=int, default=4, choices=range(1, 7), help="how many a round has"
    )
    brief.add_argument("--without", default="", help="what to leave out, with commas")
    brief.add_argument("--bold", action="store_true", help="ask for the unlikely")
    verify_ = commands.add_parser("verify", help="check the seals in a file of results")
    verify_.add_argument("file", type=Path, metavar="FILE", help="from /challenge export")
    verify_.add_argument(
        "--published",
        type=Path,
        metavar="SEALS",
        help="hold it against what was published: the file of seals from before the close, or "
        "any text that has the seals, or the one hash of them all, in it",
    )
    study = commands.add_parser("study", help="compare Muse with plain calls, on your model")
    study.add_argument("--prompts", type=Path, metavar="FILE", help="your own, one a line")
    study.add_argument("--count", type=int, default=20, help="how many prompts (default: 20)")
    study.add_argument("--form", default="free", help="the form to ask for, such as haiku")
    study.add_argument("--out", type=Path, metavar="DIR", help="a new folder for the results")
    study.add_argument("--seed", type=int, default=0, help="a number that draws other prompts")
    study.add_argument("--yes", action="store_true", help="begin without asking")
    return parser


if __name__ == "__main__":
    sys.exit(main())
