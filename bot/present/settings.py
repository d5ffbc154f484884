"""What a community has set, as a private card of selects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import Action, encode
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    CommandRef,
    Heading,
    Line,
    Note,
    Option,
    Paragraph,
    Plain,
    Select,
    Strong,
    Style,
)
from bot.community_requests import SetPreset, SetRule
from bot.present.lines import fill, joined
from bot.wording import en


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule on the card: its own value here ('' where none is set) with what people read for
    it, and what else holds.
    """

    name: str
    label: str
    line: str
    choices: tuple[tuple[str, str], ...]
    value: str
    shown: str
    otherwise: str


def rules_card(
    section: str,
    rows: Sequence[RuleRow],
    summary: Sequence[str],
    sections: Sequence[str],
    *,
    here: bool,
    may_differ: bool,
    done: str = "",
    undo: SetRule | SetPreset | None = None,
) -> Card:
    """A section of the rules, for everywhere or for one channel alone.

    `summary` says what is set of all rules, `sections` are those to go to, `may_differ` says that
    there is one for the channel alone; `done` says what was just set, `undo` is the way back.
    """
    title = f"{en.RULES_HEADING}: {en.SECTIONS[section]}"
    blocks: list[Block] = [Heading((Plain(title),))]
    if done:
        blocks.append(Paragraph((Strong(done),)))
    if undo is not None:
        blocks.append(Buttons((_undo(undo),)))
    blocks.append(Paragraph(joined([(Plain(line),) for line in summary])))
    if here:
        blocks.append(Note((Plain(en.RULES_CHANNEL if may_differ else en.RULES_SAME),)))
    else:
        blocks.append(Note((Plain(en.RULES_WHOLE),)))
    blocks += [_select(row, here=here) for row in rows]
    blocks.append(Buttons(tuple(_sections(section, sections, here=here))))
    if here or may_differ:
        blocks.append(Buttons((_other(section, here=here),)))
    if not here:
        presets: list[Line] = [
            fill(en.RULES_PRESET, command=CommandRef(f"muse-admin preset {name}"), line=line)
            for name, (_, line) in en.PRESETS.items()
        ]
        blocks.append(Note((Plain(f"{en.RULES_PRESETS}\n"), *joined(presets))))
        blocks.append(Buttons(tuple(_presets())))
    return Card(tuple(blocks), done or title)


def _select(row: RuleRow, *, here: bool) -> Select:
    scope = "here" if here else "all"
    label = f"{row.label}. {row.line}"
    if not row.value:
        label = f"{label} ({row.otherwise})"
    chosen = (row.value,) if row.value else ()
    options = [Option(value or "none", says) for value, says in row.choices]
    if row.value and all(row.value != value for value, _ in row.choices):
        options.append(Option(row.value, row.shown))  # a number that was typed
    return Select(
        encode(Action("rule", argument=f"{row.name}.{scope}")),
        label,
        tuple(options),
        chosen,
        typed=f"muse-admin set {row.name} …" + (" --here" if here else ""),
    )


def _undo(undo: SetRule | SetPreset) -> Button:
    if isinstance(undo, SetPreset):
        typed = f"muse-admin preset {undo.preset}"
        return Button(encode(Action("preset", argument=undo.preset)), en.RULE_UNDO, typed)
    scope = "here" if undo.here else "all"
    argument = f"{undo.rule}.{scope}.{undo.value or 'none'}"
    typed = f"muse-admin set {undo.rule} {undo.value}".strip() + (" --here" if undo.here else "")
    return Button(encode(Action("rule", argument=argument)), en.RULE_UNDO, typed)


def _sections(section: str, sections: Sequence[str], *, here: bool) -> list[Button]:
    scope = "here" if here else "all"
    return [
        Button(
            encode(Action("rules", argument=f"{name}.{scope}")),
            en.SECTIONS[name],
            typed=f"muse-admin settings {name}" + (" --here" if here else ""),
            style=Style.MAIN if name == section else Style.PLAIN,
            disabled=name == section,
        )
        for name in sections
    ]


def _other(section: str, *, here: bool) -> Button:
    scope, label = ("all", en.RULES_EVERYWHERE) if here else ("here", en.RULES_ONLY_HERE)
    return Button(
        encode(Action("rules", argument=f"{section}.{scope}.o")),
        label,
        typed=f"muse-admin settings {section}" + ("" if here else " --here"),
    )


def _presets() -> list[Button]:
    return [
        Button(encode(Action("preset", argument=name)), label, typed=f"muse-admin preset {name}")
        for name, (label, _) in en.PRESETS.items()
    ]
