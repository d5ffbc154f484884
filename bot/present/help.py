"""Help: what can be typed, made from the registry."""

from __future__ import annotations

from bot.cards import Block, Card, CommandRef, Heading, Note, Paragraph, Plain, Strong
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
        Paragraph((CommandRef(MUSE.examples[0]), Plain(f" — {MUSE.line}"))),
    ]
    blocks += [
        Paragraph((CommandRef(spec.examples[0]), Plain(f" — {spec.line}")))
        for spec in COMMANDS
        if spec is not MUSE
    ]
    blocks.append(Note(fill(en.HELP_QUOTES, example=CommandRef('"vote for the moon"'))))
    blocks.append(Note(fill(en.HELP_MORE, example=CommandRef("help muse"))))
    return Card(tuple(blocks), en.HELP_INTRO)


def command_help(name: str) -> Card:
    """One command: its line, its arguments and examples. Raises `NotFound`."""
    spec = BY_NAME.get(name)
    if spec is None:
        raise NotFound(en.unknown_command(name, ""))
    blocks: list[Block] = [Heading((Strong(f"/{spec.name}"), Plain(f" — {spec.line}")))]
    blocks += [Paragraph((Plain(_argument(spec, index)),)) for index in range(len(spec.params))]
    if spec is MUSE:
        blocks += [Note((Strong(form.name), Plain(f" — {form.line}"))) for form in FORMS]
    blocks.append(Paragraph((Plain(en.HELP_EXAMPLES),)))
    blocks += [Paragraph((CommandRef(example),)) for example in spec.examples]
    return Card(tuple(blocks), spec.line)


def _argument(spec: CommandSpec, index: int) -> str:
    param = spec.params[index]
    name = f"--{param.name}" if param.flag else param.name
    choices = f" ({', '.join(param.choices)})" if param.choices and spec is not MUSE else ""
    optional = "" if param.required else f", {en.OPTIONAL}"
    many = param.kind in (Kind.NUMBERS, Kind.CHOICES)
    return f"{name}: {param.line}{choices}{f', {en.SEVERAL}' if many else ''}{optional}"
