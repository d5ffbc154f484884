"""The daily prompt: its set-up, and a week's best answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions import Action, encode
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Line,
    Literal,
    Note,
    Option,
    Paragraph,
    Plain,
    Pool,
    Ranked,
    Select,
    Strong,
    Style,
    When,
)
from bot.challenge import DailyPlan
from bot.models import UserRef
from bot.present.challenges.plan import clock, hours, zones
from bot.present.lines import count_votes, fill, person
from bot.wording import en
from bot.writing.forms import DECK_FORMS

EVERY, WEEKDAYS = frozenset(range(7)), frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Best:
    """An answer of the week: the prompt, the text, who wrote it, its votes and its place."""

    rank: int
    prompt: str
    text: str
    author: UserRef | None
    votes: int


def daily_card(plan: DailyPlan, following: datetime | None, done: str = "") -> Card:
    """How the daily prompt is set up, and ways to change it."""
    blocks: list[Block] = [Heading((Plain(en.DAILY_HEADING),))]
    if done:
        blocks.append(Paragraph((Strong(done),)))
    blocks.append(Paragraph(_summary(plan)))
    if plan.running and following is not None:
        blocks.append(Note(fill(en.DAILY_NEXT, next=When(following))))
    elif not plan.running:
        blocks.append(Note((Plain(en.DAILY_NOT_RUNNING),)))
    blocks += [
        _select("channel", (), plan.address.channel if plan.address else "", Pool.CHANNELS),
        _days(plan),
        _select("time", hours(), clock(plan.minute)),
        _select("zone", zones(), plan.zone),
        _select("form", tuple(Option(f.name, f.label) for f in DECK_FORMS), plan.form),
    ]
    turn = Button(
        encode(Action("setplan", argument=f"daily.running.{'off' if plan.running else 'on'}")),
        en.DAILY_STOP if plan.running else en.DAILY_START,
        typed=f"muse-admin daily-set running {'off' if plan.running else 'on'}",
        style=Style.PLAIN if plan.running else Style.MAIN,
    )
    blocks.append(Buttons((turn,)))
    return Card(tuple(blocks), done or en.DAILY_HEADING)


def week_card(best: Sequence[Best]) -> Card:
    """The best answers to a week's prompts."""
    rows: list[Block] = [
        Ranked(
            each.rank,
            (person(each.author), Plain(" · "), Literal(each.prompt)),
            (Plain(count_votes(each.votes)),),
            each.text,
        )
        for each in best
    ]
    blocks = (Heading((Plain(en.WEEK_HEADING),)), *rows, Note((Plain(en.WEEK_HOW),)))
    return Card(blocks, en.WEEK_HEADING)


def _summary(plan: DailyPlan) -> Line:
    if plan.days == EVERY:
        days = en.DAYS_EVERY
    elif plan.days == WEEKDAYS:
        days = en.DAYS_WEEK
    else:
        days = ", ".join(en.WEEKDAYS[day] for day in sorted(plan.days))
    return fill(en.DAILY_SUMMARY, days=days, time=clock(plan.minute), zone=Literal(plan.zone))


def _days(plan: DailyPlan) -> Select:
    options = (
        Option("every", en.DAYS_EVERY),
        Option("weekdays", en.DAYS_WEEK),
        *(Option(str(n), day) for n, day in enumerate(en.WEEKDAYS)),
    )
    chosen = {EVERY: "every", WEEKDAYS: "weekdays"}.get(plan.days, "")
    if len(plan.days) == 1:
        chosen = str(min(plan.days))
    return _select("days", options, chosen)


def _select(
    name: str, options: tuple[Option, ...], chosen: str, pool: Pool = Pool.OPTIONS
) -> Select:
    label, line = en.DAILY[name]
    if options and chosen and all(each.value != chosen for each in options):
        options = (*options, Option(chosen, chosen))
    return Select(
        encode(Action("setplan", argument=f"daily.{name}")),
        f"{label}. {line}",
        options,
        (chosen,) if chosen else (),
        pool=pool,
        typed=f"muse-admin daily-set {name} …",
    )
