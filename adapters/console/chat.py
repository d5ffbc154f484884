"""The terminal played by a person: a prompt with history and completion, answers above it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console
from rich.text import Text

from adapters.console.session import Session, words_to_complete
from bot.commands import BY_NAME, MUSE

_NARROWEST = 20  # columns of text that are worth an indent before them
_START = re.compile(r" *(?:\d+\.? +)?")
WELCOME = (
    ("bold", "Muse"),
    ("", "Type a prompt, and Muse answers with four different pieces. For example:"),
    ("cyan", "  a lighthouse afraid of the dark"),
    ("cyan", "  the last bookshop on Mars --form haiku"),
    ("", "Then /add your own, /vote 1 3, /remix 2 …, /close, and see /top."),
    ("dim", "/help lists everything, /as ana makes you somebody else, /quit leaves."),
)


def styled_printer() -> Callable[[list[Text]], None]:
    """Prints styled lines above the prompt, wrapped at the terminal's width."""

    def say(lines: list[Text]) -> None:
        console = Console(file=sys.stdout, force_terminal=True, highlight=False)
        for line in lines:
            for row in _hanging(line, console):
                console.print(row)

    return say


def _hanging(line: Text, console: Console) -> Iterable[Text]:
    """A line wrapped so that what follows a number or an indent stays under it."""
    start = _START.match(line.plain)
    width = len(start.group()) if start else 0
    if console.width - width < _NARROWEST:
        width = 0
    head, body = line[:width], line[width:]
    for index, row in enumerate(body.wrap(console, console.width - width) or [body]):
        yield Text.assemble(head if index == 0 else " " * width, row)


async def chat(session: Session, history: Path) -> int:
    """Talk until the member leaves. Returns the exit status, 0."""
    prompt: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)),
        completer=_Words(),
        complete_while_typing=True,
        key_bindings=_keys(),
        reserve_space_for_menu=4,
    )
    with patch_stdout(raw=True):
        session.say([Text(text, style=style) for style, text in WELCOME])
        while not session.left:
            try:
                typed = await prompt.prompt_async(f"\n{session.member}> ")
            except KeyboardInterrupt:
                continue  # Ctrl-C clears the line, as in a shell
            except EOFError:
                break
            await session.line(typed)
    return 0


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("escape", "enter")
    def new_line(event: KeyPressEvent) -> None:
        """Alt-Enter: a haiku has three lines."""
        event.current_buffer.insert_text("\n")

    return keys


class _Words(Completer):
    """Completes a command after a slash, then the words it knows."""

    def get_completions(self, document: Document, _: CompleteEvent) -> Iterable[Completion]:
        before = document.text_before_cursor
        word = before.rsplit(" ", 1)[-1]
        if before.startswith("/") and " " not in before:
            for name, line in words_to_complete().items():
                if name.startswith(word[1:].casefold()):
                    yield Completion(name, start_position=1 - len(word), display_meta=line)
            return
        for option in _options(before):
            if option.startswith(word.casefold()) and option != word:
                yield Completion(option, start_position=-len(word))


def _options(before: str) -> list[str]:
    """The words that may come next in what is typed so far."""
    head = before[1:].split(" ", 1)[0].casefold() if before.startswith("/") else ""
    spec = BY_NAME.get(head, MUSE)
    flags = {f"--{param.name}": param.choices for param in spec.params if param.flag}
    words = before.split(" ")
    if len(words) > 1 and words[-2] in flags:
        return list(flags[words[-2]])
    if words[-1].startswith("-"):
        return list(flags)
    if spec is MUSE:
        return []
    return [choice for param in spec.params if not param.flag for choice in param.choices]
