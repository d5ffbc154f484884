"""What a community has settled, in words: its rules as a card, in a summary, and as rows of the
log. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.cards import Card
from bot.community.rules import BY_NAME, RULES, Rule, Rules, Section
from bot.community_requests import SetPreset, SetRule
from bot.errors import BadInput
from bot.listings import AuditRow
from bot.present.lines import words
from bot.present.settings import RuleRow, rules_card
from bot.wording import en

_PER_CHANNEL = frozenset(rule.section for rule in RULES if rule.per_channel)


def default_of(name: str, defaults: Rules) -> str:
    """What holds where nothing is set, as a rule's value."""
    value = getattr(defaults, name.replace("-", "_"))
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def _listed(values: Mapping[str, str]) -> str:
    """Rules and what they are, in a line."""
    return "; ".join(
        words(en.RULES_SET_ONE, label=rule.label, value=rule.says(values[name]))
        for name, rule in BY_NAME.items()
        if name in values
    )


def summary(kept: Mapping[str, str], channel: str) -> list[str]:
    """What is set of all rules, a line each: everywhere, in this channel, in how many others.

    What is kept of another version of Muse is not told: it holds nothing.
    """
    everywhere, here, others = {}, {}, set()
    for key, value in kept.items():
        name, _, where = key.partition("@")
        if not _holds(name, value):
            continue
        if not where:
            everywhere[name] = value
        elif where == channel:
            here[name] = value
        else:
            others.add(where)
    lines = []
    if everywhere:
        lines.append(words(en.RULES_SET, rules=_listed(everywhere)))
    if here:
        lines.append(words(en.RULES_SET_HERE, rules=_listed(here)))
    if others:
        one = len(others) == 1
        lines.append(en.RULES_SET_OTHER if one else words(en.RULES_SET_OTHERS, count=len(others)))
    return lines or [en.RULES_SET_NOTHING]


def settings_card(
    section: Section,
    kept: Mapping[str, str],
    channel: str,
    defaults: Rules,
    *,
    here: bool = False,
    done: str = "",
    undo: SetRule | SetPreset | None = None,
) -> Card:
    """A section of what is set, for everywhere or for the channel alone."""
    return rules_card(
        section,
        [
            _row(rule, kept, channel, defaults, here=here)
            for rule in RULES
            if rule.section is section and (rule.per_channel or not here)
        ],
        summary(kept, channel),
        # Those in which channels may differ, where it is one channel's.
        [each for each in Section if not here or each is section or each in _PER_CHANNEL],
        here=here,
        may_differ=section in _PER_CHANNEL,
        done=done,
        undo=undo,
    )


def _row(
    rule: Rule, kept: Mapping[str, str], channel: str, defaults: Rules, *, here: bool
) -> RuleRow:
    value = kept.get(f"{rule.name}@{channel}" if here else rule.name, "")
    everywhere = kept.get(rule.name, "") if here else ""
    return RuleRow(
        rule.name,
        rule.label,
        rule.line,
        rule.choices,
        value,
        rule.says(value),
        rule.says(everywhere or default_of(rule.name, defaults)),
    )


def told(row: AuditRow) -> AuditRow:
    """A row of the log, in which a rule that was set is told in words."""
    name, _, rest = row.of.partition("\n")
    name, _, channel = name.partition("@")
    rule = BY_NAME.get(name)
    if row.what != "rule" or rule is None:
        return row
    value, _, before = rest.partition("\n")
    text = words(
        en.RULE_DEED_HERE if channel else en.RULE_DEED,
        label=rule.label,
        value=rule.says(value) if value else en.RULE_BY_ITSELF,
    )
    if before:
        text = words(en.RULE_DEED_CHANGED, deed=text, before=rule.says(before))
    return replace(row, of=text)


def _holds(name: str, value: str) -> bool:
    try:
        return name in BY_NAME and bool(BY_NAME[name].checked(value) or value)
    except BadInput:
        return False
