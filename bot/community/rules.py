"""What a community may set for itself, as data: the settings card, the command and every check
are made from `RULES`. Pure.

A value is kept as text. A rule may be set for the whole community and, where it says so, for
one channel besides, which then goes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.errors import BadInput
from bot.models import Address
from bot.settings import LimitSettings
from bot.wording import en
from bot.writing.forms import FORMS

ON, OFF = "on", "off"
ALL, SHORT = "all", "short"
SHORT_FORMS = ("haiku", "opening-line", "tagline", "what-if", "six-words")


class Section(StrEnum):
    """A page of the settings card."""

    PLACE = "place"
    ROUNDS = "rounds"
    PACE = "pace"
    SAFETY = "safety"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing a community may set. `choices` are the values offered, with what people read.

    With `highest`, any whole number from 0 to it may be typed besides.
    """

    name: str
    section: Section
    choices: tuple[tuple[str, str], ...] = ()
    highest: int = 0
    per_channel: bool = False

    @property
    def label(self) -> str:
        """What people read for it."""
        return en.RULES[self.name][0]

    @property
    def line(self) -> str:
        """What it does, in a sentence."""
        return en.RULES[self.name][1]

    def checked(self, value: str) -> str:
        """`value` as it is kept. Raises `BadInput` with what can be said instead."""
        clean = value.strip().casefold()
        if any(clean == each for each, _ in self.choices):
            return clean
        labels = {label.casefold(): each for each, label in self.choices}
        if clean in labels:
            return labels[clean]
        if self.highest and clean.isdecimal() and int(clean) <= self.highest:
            return str(int(clean))
        raise BadInput(
            en.bad_rule(self.label, value, [label for _, label in self.choices], self.highest)
        )

    def says(self, value: str) -> str:
        """What people read for a value."""
        named = dict(self.choices)
        if value in named:
            return named[value]
        if value.isdecimal():
            return en.RULE_UNITS[self.name].format(count=f"{int(value):,}")
        return value or en.RULE_NONE


def _times(*values: tuple[int, str]) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), label) for value, label in values)


def _tokens(*amounts: int) -> tuple[tuple[str, str], ...]:
    says = en.RULE_UNITS["tokens"]
    return _times((0, en.AS_RUN), *((n, says.format(count=f"{n:,}")) for n in amounts))


_YES_NO = ((ON, en.YES), (OFF, en.NO))

RULES: tuple[Rule, ...] = (
    Rule("answers", Section.PLACE, _YES_NO, per_channel=True),
    Rule(
        "language",
        Section.PLACE,
        (("", en.LANGUAGE_PROMPT), *((code, name) for code, name in en.LANGUAGES)),
        per_channel=True,
    ),
    Rule(
        "forms",
        Section.ROUNDS,
        (
            (ALL, en.FORMS_ALL),
            (SHORT, en.FORMS_SHORT),
            *(
                (each.name, en.FORMS_ONE.format(form=each.label))
                for each in FORMS[1:]
                if not each.painted
            ),
        ),
        per_channel=True,
    ),
    Rule(
        "hours",
        Section.ROUNDS,
        _times((1, "1 hour"), (6, "6 hours"), (24, "24 hours"), (72, "3 days"), (168, "7 days")),
        highest=168,
        per_channel=True,
    ),
    Rule(
        "tallies",
        Section.ROUNDS,
        (
            ("vote", en.TALLIES_VOTE),
            ("always", en.TALLIES_ALWAYS),
            ("close", en.TALLIES_CLOSE),
        ),
        per_channel=True,
    ),
    Rule(
        "entries",
        Section.ROUNDS,
        _times((1, "1"), (2, "2"), (5, "5"), (10, "10")),
        highest=60,
    ),
    Rule(
        "pause",
        Section.PACE,
        _times(
            *((0, en.NO_PAUSE), (30, "30 seconds"), (120, "2 minutes")),
            *((600, "10 minutes"), (3600, "1 hour")),
        ),
        highest=86_400,
    ),
    Rule(
        "quiet",
        Section.PACE,
        _times(
            *((0, en.NO_PAUSE), (10, "10 seconds"), (60, "1 minute")),
            *((300, "5 minutes"), (1800, "30 minutes")),
        ),
        highest=86_400,
        per_channel=True,
    ),
    Rule("links", Section.SAFETY, _YES_NO),
    Rule("moderation", Section.SAFETY, _YES_NO),
    Rule(
        "reports",
        Section.SAFETY,
        _times((2, "2"), (3, "3"), (5, "5"), (10, "10"), (0, en.NEVER)),
        highest=100,
    ),
    Rule(
        "account-days",
        Section.SAFETY,
        _times((0, en.ANY), (1, "1 day"), (7, "7 days"), (30, "30 days")),
        highest=365,
    ),
    Rule(
        "member-days",
        Section.SAFETY,
        _times((0, en.ANY), (1, "1 day"), (7, "7 days"), (30, "30 days")),
        highest=365,
    ),
    Rule(
        "tokens",
        Section.BUDGET,
        _tokens(20_000, 100_000, 500_000),
        highest=100_000_000,
    ),
    Rule(
        "member-tokens",
        Section.BUDGET,
        _tokens(5_000, 20_000, 100_000),
        highest=100_000_000,
    ),
)
BY_NAME = {rule.name: rule for rule in RULES}

PRESETS: dict[str, Mapping[str, str]] = {
    "relaxed": {
        "pause": "0",
        "quiet": "0",
        "reports": "3",
        "account-days": "0",
        "member-days": "0",
        "links": ON,
    },
    "busy": {
        "pause": "120",
        "quiet": "10",
        "reports": "5",
        "account-days": "7",
        "member-days": "1",
        "links": OFF,
    },
    "strict": {
        "pause": "600",
        "quiet": "60",
        "reports": "2",
        "account-days": "30",
        "member-days": "7",
        "links": OFF,
        "tallies": "close",
    },
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds in one channel of a community. Times in seconds, hours and days as named.

    0 tokens is whatever the operator allows.
    """

    answers: bool = True
    language: str = ""
    forms: str = ALL
    hours: int = 24
    tallies: str = "vote"
    entries: int = 5
    pause: int = 0
    quiet: int = 0
    links: bool = True
    moderation: bool = True
    reports: int = 3
    account_days: int = 0
    member_days: int = 0
    tokens: int = 0
    member_tokens: int = 0

    @property
    def offered(self) -> tuple[str, ...]:
        """The forms that may be asked for; none where all may."""
        if self.forms == ALL:
            return ()
        return SHORT_FORMS if self.forms == SHORT else (self.forms,)


def defaults_of(limits: LimitSettings) -> Rules:
    """What holds where a community has set nothing: what the operator set."""
    return Rules(
        hours=limits.round_hours, tallies=limits.tallies, entries=limits.entries_per_member
    )


def channel_of(address: Address) -> str:
    """What a channel's own rules are kept under; its threads share them."""
    return f"{address.space}/{address.channel}"


def effective(kept: Mapping[str, str], defaults: Rules, channel: str) -> Rules:
    """What holds in `channel`, of what a community has set.

    `kept` maps ``rule`` and ``rule@channel`` to values; one that is of another version of Muse
    counts as not set. Every command asks, so what came of it is kept.
    """
    return _effective(frozenset(kept.items()), defaults, channel) if kept else defaults


@lru_cache(4096)
def _effective(items: frozenset[tuple[str, str]], defaults: Rules, channel: str) -> Rules:
    kept = dict(items)

    def value(name: str, default: str) -> str:
        rule = BY_NAME[name]
        for key in (f"{name}@{channel}", name):
            if key in kept and (rule.per_channel or "@" not in key):
                try:
                    return rule.checked(kept[key])
                except BadInput:
                    continue
        return default

    def number(name: str, default: int) -> int:
        return int(value(name, str(default)))

    def switch(name: str, default: bool) -> bool:
        return value(name, ON if default else OFF) == ON

    return Rules(
        answers=switch("answers", defaults.answers),
        language=value("language", defaults.language),
        forms=value("forms", defaults.forms),
        hours=max(1, number("hours", defaults.hours)),
        tallies=value("tallies", defaults.tallies),
        entries=max(1, number("entries", defaults.entries)),
        pause=number("pause", defaults.pause),
        quiet=number("quiet", defaults.quiet),
        links=switch("links", defaults.links),
        moderation=switch("moderation", defaults.moderation),
        reports=number("reports", defaults.reports),
        account_days=number("account-days", defaults.account_days),
        member_days=number("member-days", defaults.member_days),
        tokens=number("tokens", defaults.tokens),
        member_tokens=number("member-tokens", defaults.member_tokens),
    )
