"""Help: what can be typed, made from the registry."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import Block, Card, CommandRef, Heading, Line, Note, Paragraph, Plain, Strong
from bot.commands import BY_NAME, COMMANDS, MUSE, CommandSpec, Kind
from bot.errors import NotFound
from bot.present.lines import fill
from bot.wording import en
from bot.writing.forms import FORMS


def help_card() -> Card:
    """Everything at a glance."""
    blocks: list[Block] = [
        Heading((Plain(en.HELP_HEADING),)),
        Paragraph((Plain(en.HELP_INTRO),)),
        Paragraph(
            _lines([(_example(spec, 0), Plain(f" — {spec.line}")) for spec in COMMANDS]),
        ),
    ]
    blocks.append(Note(fill(en.HELP_QUOTES, example=CommandRef('muse "vote for the moon"'))))
    blocks.append(Note(fill(en.HELP_MORE, example=CommandRef("help muse"))))
    return Card(tuple(blocks), en.HELP_INTRO)


def command_help(name: str) -> Card:
    """One command: its line, its arguments and examples. Raises `NotFound`."""
    spec = BY_NAME.get(name)
    if spec is None:
        raise NotFound(en.unknown_command(name, ""))
    blocks: list[Block] = [Heading((Strong(f"/{spec.name}"), Plain(f" — {spec.line}")))]
    if spec.params:
        arguments = [(Plain(_argument(spec, index)),) for index in range(len(spec.params))]
        blocks.append(Paragraph(_lines(arguments)))
    if spec is MUSE:
        blocks += [Note((Strong(form.name), Plain(f" — {form.line}"))) for form in FORMS]
    examples = [(_example(spec, index),) for index in range(len(spec.examples))]
    blocks.append(Paragraph(_lines([(Plain(en.HELP_EXAMPLES),), *examples])))
    return Card(tuple(blocks), spec.line)


def _example(spec: CommandSpec, index: int) -> CommandRef:
    """An example as it is typed after the slash; a prompt's own command is named too."""
    example = spec.examples[index]
    return CommandRef(f"{spec.name} {example}" if spec is MUSE else example)


def _lines(lines: Sequence[Line]) -> Line:
    """Lines under each other, as one."""
    joined: Line = ()
    for line in lines:
        joined += (Plain("\n"), *line) if joined else line
    return joined


def _argument(spec: CommandSpec, index: int) -> str:
    param = spec.params[index]
    name = f"--{param.name}" if param.flag else param.name
    optional = "" if param.required else f" ({en.OPTIONAL})"
    many = f", {en.SEVERAL}" if param.kind in (Kind.NUMBERS, Kind.CHOICES) else ""
    choices = f": {', '.join(param.choices)}" if param.choices and spec is not MUSE else ""
    return f"{name}{optional}: {param.line}{many}{choices}"
