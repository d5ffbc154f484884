"""How challenges are set up, as a private card of selects in two parts."""

from __future__ import annotations

from datetime import datetime

from bot.actions import Action, encode
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    CommandRef,
    Heading,
    Line,
    Literal,
    Note,
    Option,
    Paragraph,
    Plain,
    Pool,
    Select,
    Strong,
    Style,
    When,
)
from bot.challenge import Challenge, Electorate, Plan, ThemeSource, role_on
from bot.models import SpaceRef
from bot.present.lines import fill, themed, words
from bot.wording import en

PARTS = {
    "when": ("channel", "weekday", "time", "zone", "open-days", "voting-days"),
    "how": ("ai", "voters", "themes", "mention", "winner-role", "event"),
}
ON, OFF = "on", "off"
ZONES = (
    *("UTC", "Europe/London", "Europe/Berlin", "Europe/Madrid", "Europe/Rome", "Europe/Kyiv"),
    *("Europe/Istanbul", "Africa/Lagos", "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata"),
    *("Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo", "Asia/Seoul", "Australia/Sydney"),
    *("Pacific/Auckland", "America/Sao_Paulo", "America/New_York", "America/Chicago"),
    *("America/Denver", "America/Los_Angeles", "America/Mexico_City"),
)


def part_of(what: str) -> str:
    """The part of the card that something stands on."""
    return next((part for part, names in PARTS.items() if what in names), "when")


def plan_card(
    plan: Plan,
    following: datetime | None,
    current: str,
    space: SpaceRef,
    part: str,
    done: str = "",
) -> Card:
    """A part of the set-up, with a summary of it all. `current` says that a challenge runs."""
    blocks: list[Block] = [Heading((Plain(en.PLAN_HEADING),))]
    if done:
        blocks.append(Paragraph((Strong(done),)))
    blocks.append(Paragraph(summary(plan)))
    if plan.running and following is not None:
        blocks.append(Note(fill(en.PLAN_NEXT, next=When(following))))
    elif not plan.running:
        blocks.append(Note((Plain(en.PLAN_NOT_RUNNING),)))
    if current:
        blocks.append(Note((Plain(en.PLAN_CURRENT),)))
    if plan.at(space) is None and plan.addresses:
        blocks.append(Note((Plain(en.PLAN_NOT_HERE),)))
    blocks += [_select(plan, name, space) for name in PARTS[part]]
    blocks.append(Buttons(tuple(_ways(plan, part))))
    if part == "when":
        blocks.append(Buttons(tuple(_presets())))
        blocks.append(
            Note(fill(en.PLAN_TYPED, command=CommandRef("muse-admin challenge-set time 18:30")))
        )
    return Card(tuple(blocks), done or en.PLAN_HEADING)


def summary(plan: Plan) -> Line:
    """All of a plan in two sentences."""
    when = fill(
        en.PLAN_SUMMARY,
        day=en.WEEKDAYS[plan.weekday],
        time=clock(plan.minute),
        zone=Literal(plan.zone),
        open=_days(plan.open_days),
        voting=_days(plan.voting_days),
    )
    how = words(
        en.PLAN_SUMMARY_HOW,
        ai=en.PLAN_AI_ON if plan.ai else en.PLAN_AI_OFF,
        themes=en.THEME_SOURCES[plan.themes.value],
    )
    return (*when, Plain(f" {how}"))


def clock(minute: int) -> str:
    """A minute of the day as people write it."""
    return f"{minute // 60:02}:{minute % 60:02}"


def started_card(challenge: Challenge) -> Card:
    """To the organiser who began one."""
    text = en.EXAMPLE_STARTED if challenge.example else en.CHALLENGE_STARTED
    line = fill(
        text,
        theme=themed(challenge.theme),
        deadline=When(challenge.deadline),
        closes=When(challenge.closes),
    )
    return Card((Paragraph(line),), en.CHALLENGE_STARTED_SUMMARY)


def given_way(before: Plan, after: Plan, what: str) -> str:
    """That one stage gave way to the other, since both fit into a week; '' where it did not."""
    for name, stage, had, has in (
        ("open-days", "voting-days", before.voting_days, after.voting_days),
        ("voting-days", "open-days", before.open_days, after.open_days),
    ):
        if name == what and had != has:
            return words(en.PLAN_GAVE_WAY, label=en.PLAN[stage][0], days=_days(has))
    return ""


def _days(count: int) -> str:
    return en.DAYS_ONE if count == 1 else words(en.DAYS_MANY, count=count)


def _select(plan: Plan, name: str, space: SpaceRef) -> Select:
    label, line = en.PLAN[name]
    pool = Pool.OPTIONS
    if name == "channel":
        pool = Pool.CHANNELS
    elif name in ("mention", "winner-role"):
        pool = Pool.ROLES
    options = _options(name) if pool is Pool.OPTIONS else ()
    chosen = _chosen(plan, name, space)
    if pool is Pool.OPTIONS and chosen and all(each.value != chosen for each in options):
        options = (*options, Option(chosen, chosen))  # what was typed
    return Select(
        encode(Action("setplan", argument=f"plan.{name}")),
        f"{label}. {line}",
        options,
        (chosen,) if chosen else (),
        pool=pool,
        typed=f"muse-admin challenge-set {name} …",
    )


def _options(name: str) -> tuple[Option, ...]:
    if name == "time":
        return hours()
    if name == "zone":
        return zones()
    listed: dict[str, list[tuple[str, str]]] = {
        "weekday": [(str(n), day) for n, day in enumerate(en.WEEKDAYS)],
        "open-days": [(str(n), _days(n)) for n in range(1, 7)],
        "voting-days": [(str(n), _days(n)) for n in range(1, 7)],
        "voters": [(each.value, en.ELECTORATES[each.value]) for each in Electorate],
        "themes": [(each.value, en.THEME_SOURCES[each.value]) for each in ThemeSource],
    }
    yes_or_no = [(ON, en.YES), (OFF, en.NO)]
    return tuple(Option(value, label) for value, label in listed.get(name, yes_or_no))


def hours() -> tuple[Option, ...]:
    """Every full hour of a day."""
    return tuple(Option(clock(60 * hour), clock(60 * hour)) for hour in range(24))


def zones() -> tuple[Option, ...]:
    """Zones that many people live in; any other can be typed."""
    return tuple(Option(name, name) for name in ZONES)


def _chosen(plan: Plan, name: str, space: SpaceRef) -> str:
    at = plan.at(space)
    return {
        "channel": at.channel if at else "",
        "weekday": str(plan.weekday),
        "time": clock(plan.minute),
        "zone": plan.zone,
        "open-days": str(plan.open_days),
        "voting-days": str(plan.voting_days),
        "ai": ON if plan.ai else OFF,
        "voters": plan.electorate.value,
        "themes": plan.themes.value,
        "mention": role_on(plan.mention, space.platform),
        "winner-role": role_on(plan.winner_role, space.platform),
        "event": ON if plan.event else OFF,
    }[name]


def _ways(plan: Plan, part: str) -> list[Button]:
    run = Button(
        encode(Action("runplan", argument="off" if plan.running else "on")),
        en.PLAN_PAUSE if plan.running else en.PLAN_RUN,
        typed="muse-admin challenge-pause" if plan.running else "muse-admin challenge-resume",
        style=Style.PLAIN if plan.running else Style.MAIN,
    )
    other = "how" if part == "when" else "when"
    turn = Button(
        encode(Action("plan", argument=f"plan.{other}")),
        en.PLAN_PARTS[other],
        typed=f"muse-admin challenge-setup {other}",
    )
    now = Button(
        encode(Action("tryplan", argument="now")), en.PLAN_NOW, typed="muse-admin challenge-now"
    )
    example = Button(
        encode(Action("tryplan", argument="example")),
        en.PLAN_EXAMPLE,
        typed="muse-admin challenge-example",
    )
    return [run, turn, now, example]


def _presets() -> list[Button]:
    return [
        Button(
            encode(Action("planpreset", argument=name)),
            words("{label}: {line}", label=label, line=line),
            typed=f"muse-admin challenge-preset {name}",
        )
        for name, (label, line) in en.PLAN_PRESETS.items()
    ]
