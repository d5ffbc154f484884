from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.game.periods import month_of, period_key, week_of

_MOMENTS = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - Hypothesis gives it its zone
    datetime(2099, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
_ZONES = st.sampled_from(
    (
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "Asia/Kathmandu",
        "America/Sao_Paulo",
        "Australia/Lord_Howe",
    )
)


@pytest.mark.parametrize(
    ("moment", "zone", "week", "month"),
    [
        ("2026-11-23T12:00", "UTC", "2026-W48", "2026-11"),
        # A year's first days may be of the last week of the year before, and the other way.
        ("2027-01-01T12:00", "UTC", "2026-W53", "2027-01"),
        ("2024-12-30T12:00", "UTC", "2025-W01", "2024-12"),
        # Sunday's last minute, and Monday's first.
        ("2026-11-22T23:59", "UTC", "2026-W47", "2026-11"),
        ("2026-11-23T00:00", "UTC", "2026-W48", "2026-11"),
        # The same moment is another week, month or year elsewhere.
        ("2026-11-22T23:30", "Europe/Berlin", "2026-W48", "2026-11"),
        ("2026-11-23T00:30", "America/New_York", "2026-W47", "2026-11"),
        ("2026-11-30T23:30", "Europe/Berlin", "2026-W49", "2026-12"),
        ("2027-01-01T00:30", "America/New_York", "2026-W53", "2026-12"),
        ("2026-12-31T10:30", "Pacific/Kiritimati", "2026-W53", "2027-01"),
        # Berlin's clocks go back on 25 October 2026 and forward on 29 March.
        ("2026-10-25T22:59", "Europe/Berlin", "2026-W43", "2026-10"),
        ("2026-10-25T23:00", "Europe/Berlin", "2026-W44", "2026-10"),
        ("2026-03-29T21:59", "Europe/Berlin", "2026-W13", "2026-03"),
        ("2026-03-29T22:00", "Europe/Berlin", "2026-W14", "2026-03"),
    ],
)
def test_a_week_and_a_month_are_the_communitys(
    moment: str, zone: str, week: str, month: str
) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert week_of(now, zone) == week
    assert month_of(now, zone) == month
    assert period_key("week", now, zone) == week
    assert period_key("month", now, zone) == month
    assert period_key("all", now, zone) == "all"


@given(_MOMENTS, _ZONES)
def test_weeks_and_months_have_keys_that_sort(now: datetime, zone: str) -> None:
    assert re.fullmatch(r"\d{4}-W(0[1-9]|[1-4]\d|5[0-3])", week_of(now, zone))
    assert re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month_of(now, zone))
    later = now + timedelta(hours=1)
    assert week_of(now, zone) <= week_of(later, zone)
    assert month_of(now, zone) <= month_of(later, zone)


@given(_MOMENTS, _ZONES)
def test_a_week_begins_on_a_monday_there(now: datetime, zone: str) -> None:
    local = now.astimezone(ZoneInfo(zone))
    year, week, day = local.isocalendar()
    assert week_of(now, zone) == f"{year}-W{week:02}"
    if day == 1 and local.hour >= 2:
        assert week_of(now - timedelta(days=1), zone) != week_of(now, zone)


def test_a_moment_is_the_same_in_whatever_zone_it_is_given() -> None:
    now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    there = now.astimezone(ZoneInfo("America/New_York"))
    assert week_of(now, "Europe/Berlin") == week_of(there, "Europe/Berlin") == "2026-W48"
