"""When challenges and daily prompts begin and end: by the clocks of a plan's own zone. Pure.

What is asked for at a time that a change of clocks leaves out comes as much later as the clocks
go forward; what comes twice is the first of the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.challenge import Challenge, DailyPlan, Plan

WEEK = 7  # days
LONGER = 1  # days that a quiet week is given once
LATE = 0.5  # the part of the days for entries that may be missed: less is left, and it waits a week
LITTLE = timedelta(hours=1)  # that a challenge may lose of its time, to end by the plan's clocks
EXAMPLE_OPEN, EXAMPLE_VOTING = timedelta(minutes=20), timedelta(minutes=40)
SOON = timedelta(days=1)  # what a due challenge waits for a running one to be over


@dataclass(frozen=True, slots=True)
class Span:
    """When entries and voting end."""

    deadline: datetime
    closes: datetime


def local(day: date, minute: int, zone: str) -> datetime:
    """A minute of a day by a zone's clocks, as UTC."""
    at = datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(zone))
    return at.astimezone(UTC)


def later(moment: datetime, days: int, zone: str) -> datetime:
    """The same time by a zone's clocks, days later."""
    there = moment.astimezone(ZoneInfo(zone))
    at = datetime.combine(there.date() + timedelta(days=days), there.timetz())
    return at.replace(fold=0).astimezone(UTC)


def day_over(moment: datetime, zone: str, there: str = "") -> datetime:
    """The end of the day that it is by a zone's clocks; by another's, `there`, of the same day."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    return local(day + timedelta(days=1), 0, there or zone) - timedelta(milliseconds=1)


def next_begin(plan: Plan, after: datetime) -> datetime:
    """When a challenge next begins by the plan, after a moment."""
    return _next(frozenset({plan.weekday}), plan.minute, plan.zone, after)


def next_prompt(plan: DailyPlan, after: datetime) -> datetime:
    """When Muse next gives a prompt by the plan, after a moment."""
    return _next(plan.days, plan.minute, plan.zone, after)


def week_shown(plan: DailyPlan, given: datetime) -> datetime:
    """When the best answers of the week of a prompt are due: once that of the week's last day
    has had a day, and a little to close. They wait for rounds that take longer.
    """
    there = given.astimezone(ZoneInfo(plan.zone)).date()
    monday = there + timedelta(days=WEEK - there.weekday())
    return local(monday, plan.minute, plan.zone) + timedelta(minutes=5)


def week_of(plan: DailyPlan, given: datetime) -> tuple[int, int]:
    """The year and week that a prompt was given in, by the plan's clocks."""
    year, week, _ = given.astimezone(ZoneInfo(plan.zone)).isocalendar()
    return year, week


def span(plan: Plan, begun: datetime) -> Span:
    """When a challenge that begins at a moment ends its stages."""
    return Span(later(begun, plan.open_days, plan.zone), later(begun, plan.days, plan.zone))


def example_span(begun: datetime) -> Span:
    """When an example ends its stages: all within the hour."""
    return Span(begun + EXAMPLE_OPEN, begun + EXAMPLE_OPEN + EXAMPLE_VOTING)


def too_late(plan: Plan, could: datetime, now: datetime) -> bool:
    """Whether so much of the time for entries was missed, since one could begin, that the week is
    left out.
    """
    return now - could > LATE * (span(plan, could).deadline - could)


def could_begin(due: datetime, last: Challenge | None) -> datetime:
    """When a challenge could begin that is due: once the one before, which may have been given
    more time, was over or was to be.
    """
    if last is None or last.closed is None:
        return due
    return max(due, min(last.closed, last.deadline if last.quiet else last.closes))


def counts_from(plan: Plan, due: datetime, could: datetime) -> datetime:
    """The moment that the stages of a challenge are counted from.

    One that another kept waiting has all of its time; a little after the plan's time of day counts
    as that. Only where it would keep the next waiting in turn, week after week, it ends by the
    plan's clocks, if it loses less than half of the time for entries by that.
    """
    at = later(due, (could - due) // timedelta(days=1), plan.zone)
    at = at if could - at <= LITTLE else could
    fits = span(plan, at).closes <= next_begin(plan, due)
    if fits or could - due >= LATE * (span(plan, due).deadline - due):
        return at
    return due


def voting_ends(challenge: Challenge, now: datetime) -> datetime:
    """When voting that opens now ends: it always gets its full length."""
    return max(challenge.closes, now + (challenge.closes - challenge.deadline))


def quiet_span(challenge: Challenge) -> Span:
    """When the stages end of a challenge in which too few took part so far."""
    zone = challenge.plan.zone
    return Span(later(challenge.deadline, LONGER, zone), later(challenge.closes, LONGER, zone))


def reminder(challenge: Challenge, now: datetime) -> datetime:
    """When a member is reminded: a day before the deadline; with less than two days left, when
    half of the time is over.
    """
    left = challenge.deadline - now
    return challenge.deadline - (min(SOON, left / 2) if left > timedelta(0) else timedelta(0))


def _next(days: frozenset[int], minute: int, zone: str, after: datetime) -> datetime:
    there = after.astimezone(ZoneInfo(zone)).date()
    for ahead in range(-1, WEEK + 2):
        day = there + timedelta(days=ahead)
        if day.weekday() in days and (at := local(day, minute, zone)) > after:
            return at
    raise ValueError("a plan of no day")
