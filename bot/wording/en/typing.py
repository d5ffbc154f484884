"""What could not be read of what was typed, and how it is typed."""

from __future__ import annotations

from collections.abc import Sequence


def unknown_command(word: str, close: str) -> str:
    """A slash word that names no command."""
    if not word:
        return "There is no command after the slash. /help lists what there is."
    return (
        f"There is no /{_short(word)}.{did_you_mean('/' + close if close else '')} "
        "/help lists what there is; without the slash it is a prompt."
    )


def unknown_option(option: str, command: str, close: str, options: Sequence[str]) -> str:
    """An option that the command does not have."""
    listed = f" It knows {', '.join(options)}." if options else " It has no options."
    return (
        f"/{command} has no option {_short(option)}.{did_you_mean(close) or listed} "
        "To keep it as text, put the whole in quotes."
    )


def option_without_value(option: str, choices: Sequence[str]) -> str:
    """An option at the very end."""
    listed = f": {', '.join(choices)}" if choices else ""
    return f"{option} needs a word after it{listed}."


_CALLED = {"rule": "setting", "section": "part of the settings"}


def unknown_choice(name: str, value: str, close: str, choices: Sequence[str]) -> str:
    """A value that is not among an option's."""
    listed, name = ", ".join(choices), _CALLED.get(name, name)
    # “There is no what …” is no English.
    none = "nothing called" if name in ("what", "how", "when") else f"no {name}"
    return f"There is {none} “{_short(value)}”.{did_you_mean(close)} There are: {listed}."


def unknown_word(word: str, command: str, close: str, options: Sequence[str], example: str) -> str:
    """A word that a command can't place."""
    listed = f" It takes {', '.join(options)}." if options else ""
    return (
        f"/{command} can’t use “{_short(word)}”.{did_you_mean(close) or listed} "
        f"For example: /{example}. If it was meant as a prompt, put it in quotes."
    )


def one_word_only(choice: str, earlier: str, command: str) -> str:
    """A second word where one is taken."""
    return f"/{command} takes “{earlier}” or “{choice}”, not both."


_NEEDED = {
    "who": "somebody",
    "rule": "the name of what to set",
    "preset": "the kind of place",
    "pieces": "the number of a piece",
    "piece": "the number of a piece",
    "number": "the number of a line",
    "name": "a name, with a colon after it where more follows",
    "word": "a word or phrase",
    "why": "a reason",
    "code": "a code",
}


def missing(command: str, name: str, example: str) -> str:
    """A required argument that was not given."""
    if command == "muse":
        return f"Give Muse a prompt. For example: /muse {example}."
    what = _NEEDED.get(name, "some text")
    return f"/{command} needs {what}. For example: /{_ended(example)}"


def not_a_number(word: str, command: str, example: str) -> str:
    """A number was needed."""
    return f"“{_short(word)}” is not a number /{command} can use. For example: /{_ended(example)}"


def reasons_last(command: str) -> str:
    """A number behind a reason: whose reason it is can't be told."""
    return (
        f"Name the pieces first, then why: /{command} 1 3 moved. "
        "For different reasons, do it once for each piece."
    )


def one_number_only(command: str) -> str:
    """Two numbers where one is taken."""
    return f"/{command} takes one number."


def did_you_mean(close: str) -> str:
    """The nearest thing that there is, as a question; nothing where none is near."""
    return f" Did you mean “{close}”?" if close else ""


def _ended(example: str) -> str:
    """An example at the end of a sentence."""
    return example if example.endswith((".", "!", "?", "…")) else f"{example}."


def _short(word: str, limit: int = 40) -> str:
    return word if len(word) <= limit else word[: limit - 1] + "…"
