"""Help: what can be typed, made from the registry."""

from __future__ import annotations

from bot.cards import Block, Card, CommandRef, Heading, Note, Paragraph, Plain, Strong
from bot.commands import (
    BY_HELP,
    BY_NAME,
    CHALLENGE,
    COMMANDS,
    GROUPS,
    MUSE,
    ORGANISERS,
    CommandSpec,
    Kind,
    members_of,
)
from bot.errors import NotFound
from bot.present.lines import fill, joined
from bot.wording import en
from bot.writing.forms import FORMS

_MOST_LISTED = 16  # choices that can be read in a row
_MOST_ROWS = 25  # lines of a paragraph: more are two, since a platform's paragraph ends somewhere


def help_card() -> Card:
    """Everything at a glance."""
    blocks: list[Block] = [
        Heading((Plain(en.HELP_HEADING),)),
        Paragraph((Plain(en.HELP_INTRO),)),
        Paragraph(
            joined(
                [
                    (_example(spec, 0), Plain(f" — {spec.line}"))
                    for spec in COMMANDS
                    if not spec.group
                ]
            ),
        ),
    ]
    ours = CommandRef(f"help {CHALLENGE}")
    blocks.append(Note((Strong(f"/{CHALLENGE} "), *fill(en.HELP_CHALLENGE_LISTED, example=ours))))
    admin = CommandRef(f"help {ORGANISERS}")
    blocks.append(Note((Strong(f"/{ORGANISERS} "), *fill(en.HELP_GROUP, example=admin))))
    blocks.append(Note(fill(en.HELP_QUOTES, example=CommandRef('muse "vote for the moon"'))))
    blocks.append(Note(fill(en.HELP_MORE, example=CommandRef("help muse"))))
    return Card(tuple(blocks), en.HELP_INTRO)


def command_help(name: str) -> Card:
    """One command: its line, its arguments and examples. Raises `NotFound`."""
    if name in GROUPS:
        return group_help(GROUPS[name])
    spec = BY_HELP.get(name) or BY_NAME.get(name)
    if spec is None:
        raise NotFound(en.unknown_command(name, ""))
    blocks: list[Block] = [Heading((Strong(f"/{spec.name}"), Plain(f" — {spec.line}")))]
    if spec.params:
        arguments = [(Plain(_argument(spec, index)),) for index in range(len(spec.params))]
        blocks.append(Paragraph(joined(arguments)))
    if spec is MUSE:
        blocks += [Note((Strong(form.name), Plain(f" — {form.line}"))) for form in FORMS]
    examples = [(_example(spec, index),) for index in range(len(spec.examples))]
    blocks.append(Paragraph(joined([(Plain(en.HELP_EXAMPLES),), *examples])))
    return Card(tuple(blocks), spec.line)


def group_help(group: str) -> Card:
    """What can be typed of a group: what organisers can do, or all in a challenge."""
    heading = en.HELP_GROUP_HEADING if group == ORGANISERS else en.HELP_CHALLENGE_GROUP
    rows = [(_example(spec, 0), Plain(f" — {spec.line}")) for spec in members_of(group)]
    half = -(-len(rows) // 2) if len(rows) > _MOST_ROWS else len(rows)
    blocks = [Paragraph(joined(part)) for part in (rows[:half], rows[half:]) if part]
    return Card((Heading((Plain(heading),)), *blocks), heading)


def _example(spec: CommandSpec, index: int) -> CommandRef:
    """An example as it is typed after the slash; a prompt's own command is named too."""
    example = spec.examples[index]
    return CommandRef(f"{spec.name} {example}" if spec is MUSE else example)


def _argument(spec: CommandSpec, index: int) -> str:
    param = spec.params[index]
    name = f"--{param.name}" if param.flag else param.name
    many = en.SEVERAL if param.kind in (Kind.NUMBERS, Kind.CHOICES) else ""
    optional = "" if param.required else en.OPTIONAL
    how = ", ".join(each for each in (many, optional) if each)
    listed = spec is not MUSE and 0 < len(param.choices) <= _MOST_LISTED
    choices = f": {', '.join(param.choices)}" if listed else ""
    return f"{name}{f' ({how})' if how else ''}: {param.line}{choices}"
