"""Weeks and months as a community lives them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def week_of(now: datetime, zone: str) -> str:
    """The ISO week in `zone`: ``2026-W48``."""
    year, week, _ = now.astimezone(ZoneInfo(zone)).isocalendar()
    return f"{year}-W{week:02}"


def month_of(now: datetime, zone: str) -> str:
    """The month in `zone`: ``2026-11``."""
    return f"{now.astimezone(ZoneInfo(zone)):%Y-%m}"


def period_key(period: str, now: datetime, zone: str) -> str:
    """What a board is kept under for ``week``, ``month`` or ``all``."""
    match period:
        case "week":
            return week_of(now, zone)
        case "month":
            return month_of(now, zone)
        case _:
            return "all"
