"""When challenges begin and end: over zones, and over both changes of the clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.challenge import Challenge, ChallengeState, DailyPlan, Plan
from bot.game.challenges.scheduling import (
    counts_from,
    example_span,
    later,
    local,
    next_begin,
    next_prompt,
    quiet_span,
    reminder,
    span,
    too_late,
    voting_ends,
    week_shown,
)

ZONES = st.sampled_from(
    (
        *("UTC", "Europe/Vienna", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata"),
        *("Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "America/St_Johns"),
    )
)
PLANS = st.builds(
    Plan,
    weekday=st.integers(0, 6),
    minute=st.integers(0, 1439),
    zone=ZONES,
    open_days=st.integers(1, 4),
    voting_days=st.integers(1, 3),
)
MOMENTS = st.integers(0, 6 * 365 * 86_400).map(
    lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
MOST_SHIFT = timedelta(hours=1)  # clocks are changed by an hour at the most in these zones


@given(PLANS, MOMENTS)
def test_the_next_is_the_first_that_the_clocks_of_the_zone_show(
    plan: Plan, after: datetime
) -> None:
    at = next_begin(plan, after)
    assert at > after
    assert at - after <= timedelta(days=7) + MOST_SHIFT
    there = at.astimezone(ZoneInfo(plan.zone))
    shown = 60 * there.hour + there.minute
    assert there.weekday() == plan.weekday or shown < 60  # left out at midnight: just after it
    assert shown == plan.minute or (shown - plan.minute) % 1440 <= 60  # an hour that is left out
    assert next_begin(plan, at - timedelta(seconds=1)) == at


@given(PLANS, MOMENTS, st.integers(2, 60))
def test_one_begins_a_week_whatever_the_clocks_do(plan: Plan, after: datetime, weeks: int) -> None:
    first = at = next_begin(plan, after)
    for _ in range(weeks):
        following = next_begin(plan, at)
        assert abs(following - at - timedelta(days=7)) <= MOST_SHIFT
        at = following
    days = at.astimezone(ZoneInfo(plan.zone)).date() - first.astimezone(ZoneInfo(plan.zone)).date()
    assert abs(days - timedelta(weeks=weeks)) <= timedelta(days=1)


@given(PLANS, MOMENTS)
def test_a_challenge_is_over_before_the_next_begins(plan: Plan, after: datetime) -> None:
    begun = next_begin(plan, after)
    ends = span(plan, begun)
    assert begun < ends.deadline < ends.closes
    assert ends.closes <= next_begin(plan, begun) + MOST_SHIFT


@pytest.mark.parametrize(
    ("day", "minute", "wanted"),
    [
        # Clocks go forward at 2:00 on 29 March 2026, back at 3:00 on 25 October, in Vienna.
        (date(2026, 3, 28), 150, datetime(2026, 3, 28, 1, 30, tzinfo=UTC)),
        (date(2026, 3, 29), 150, datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # shown as 3:30
        (date(2026, 3, 30), 150, datetime(2026, 3, 30, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), 150, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the first of two
        (date(2026, 10, 26), 150, datetime(2026, 10, 26, 1, 30, tzinfo=UTC)),
    ],
)
def test_what_is_left_out_comes_later_and_what_comes_twice_first(
    day: date, minute: int, wanted: datetime
) -> None:
    assert local(day, minute, "Europe/Vienna") == wanted


def test_a_stage_over_a_change_of_clocks_ends_at_the_same_time_of_day() -> None:
    friday = datetime(2026, 3, 27, 17, 0, tzinfo=UTC)  # 18:00 in Vienna, before the change
    assert later(friday, 3, "Europe/Vienna") == datetime(2026, 3, 30, 16, 0, tzinfo=UTC)
    autumn = datetime(2026, 10, 23, 16, 0, tzinfo=UTC)
    assert later(autumn, 3, "Europe/Vienna") == datetime(2026, 10, 26, 17, 0, tzinfo=UTC)


def challenge(**others: object) -> Challenge:
    opened = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
    made = Challenge(
        community="c" * 10,
        id="x1",
        number=1,
        state=ChallengeState.OPEN,
        theme="a theme",
        opened=opened,
        deadline=opened + timedelta(days=3),
        closes=opened + timedelta(days=5),
        plan=Plan(),
        seed=1,
    )
    return replace(made, **others)  # type: ignore[arg-type]  # whatever a test says


@given(st.integers(0, 10_000_000))
def test_voting_always_gets_its_full_length(seconds: int) -> None:
    late = challenge()
    now = late.deadline + timedelta(seconds=seconds)
    assert voting_ends(late, now) - now == late.closes - late.deadline


def test_a_quiet_week_gets_a_day() -> None:
    ends = quiet_span(challenge())
    assert ends.deadline - challenge().deadline == timedelta(days=1)
    assert ends.closes - challenge().closes == timedelta(days=1)


def test_half_of_the_time_for_entries_may_be_missed() -> None:
    plan, due = Plan(open_days=2), datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
    assert not too_late(plan, due, due + timedelta(days=1))
    assert too_late(plan, due, due + timedelta(days=1, seconds=1))


@pytest.mark.parametrize(
    ("open_days", "voting_days", "hours", "counted"),
    [
        (3, 2, 0, 0),
        (3, 2, 1, 0),  # a little is nothing
        (3, 2, 5, 5),
        (3, 2, 25, 24),
        (4, 3, 5, 0),  # else each week after it would be late too
        (4, 3, 47, 0),
        (4, 3, 48, 48),
        (2, 5, 24, 24),
    ],
)
def test_one_that_was_kept_waiting_has_its_time_and_keeps_no_other_waiting_for_ever(
    open_days: int, voting_days: int, hours: int, counted: int
) -> None:
    plan = Plan(open_days=open_days, voting_days=voting_days)
    due = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
    late = timedelta(hours=hours)
    assert counts_from(plan, due, due + late) == due + timedelta(hours=counted)


@given(st.integers(1, 30 * 24))
def test_a_reminder_comes_before_the_deadline_and_not_in_the_past(hours: int) -> None:
    of = challenge()
    now = of.deadline - timedelta(hours=hours)
    assert now <= reminder(of, now) < of.deadline
    if hours >= 48:
        assert reminder(of, now) == of.deadline - timedelta(days=1)


def test_an_example_is_over_within_the_hour() -> None:
    begun = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
    ends = example_span(begun)
    assert begun < ends.deadline < ends.closes <= begun + timedelta(hours=1)


@given(
    st.builds(
        DailyPlan,
        days=st.frozensets(st.integers(0, 6), min_size=1),
        minute=st.integers(0, 1439),
        zone=ZONES,
    ),
    MOMENTS,
)
def test_a_prompt_comes_on_chosen_days_and_its_week_is_shown_after_them(
    plan: DailyPlan, after: datetime
) -> None:
    at = next_prompt(plan, after)
    assert after < at <= after + timedelta(days=7) + MOST_SHIFT
    there = at.astimezone(ZoneInfo(plan.zone))
    assert there.weekday() in plan.days or there.hour == 0
    shown = week_shown(plan, at).astimezone(ZoneInfo(plan.zone))
    assert shown - there >= timedelta(hours=23)
    assert shown.weekday() == 0 or shown.hour == 0


def test_a_plan_without_days_is_none() -> None:
    with pytest.raises(ValueError, match="no day"):
        next_prompt(DailyPlan(days=frozenset()), datetime(2026, 1, 1, tzinfo=UTC))
