"""What an organiser may set of challenges and of the daily prompt: each thing read from what was
typed or chosen. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.challenge import (
    DailyPlan,
    Electorate,
    Plan,
    ThemeSource,
    with_role,
)
from bot.errors import BadInput
from bot.game.challenges.scheduling import WEEK
from bot.models import Address
from bot.wording import en
from bot.writing.forms import DECK_FORMS

ON, OFF = "on", "off"
NOTHING = ("", "none", "no", "off", "-")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])(?:[:.h]([0-5][0-9]))?\Z")
_CHANNEL = re.compile(r"(?:<#)?(\w{1,40})(?:\|[^>]*)?>?\Z")
_ROLE = re.compile(r"(?:<@&|<!subteam\^)?(\w{1,40})(?:\|[^>]*)?>?\Z")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be set, where from: a channel and a role are of that place's platform."""

    value: str
    here: Address

    @property
    def platform(self) -> str:
        """The platform that it is said on."""
        return self.here.space.platform


def changed(plan: Plan, what: str, wish: Wish) -> Plan:
    """A plan with one thing set. Raises `BadInput`, saying what can be said instead."""
    return replace(plan, **_SETTERS[what](plan, wish))


def daily_changed(plan: DailyPlan, what: str, wish: Wish) -> DailyPlan:
    """A daily plan with one thing set. Raises `BadInput`."""
    return replace(plan, **_DAILY_SETTERS[what](wish))


PRESETS: Mapping[str, Mapping[str, int]] = {
    "weekend": {"weekday": 4, "minute": 18 * 60, "open_days": 2, "voting_days": 2},
    "workweek": {"weekday": 0, "minute": 9 * 60, "open_days": 2, "voting_days": 2},
    "week": {"weekday": 4, "minute": 18 * 60, "open_days": 4, "voting_days": 3},
}


def preset(plan: Plan, name: str) -> Plan:
    """A plan as a preset has it; zone, channel and the rest stay. Raises `BadInput`."""
    if name not in PRESETS:
        raise BadInput(en.unknown_plan(name, tuple(PRESETS)))
    values = PRESETS[name]
    return replace(
        plan,
        weekday=values["weekday"],
        minute=values["minute"],
        open_days=values["open_days"],
        voting_days=values["voting_days"],
    )


def announced_at(addresses: tuple[Address, ...], at: Address) -> tuple[Address, ...]:
    """The places of announcements, with another in its space."""
    others = tuple(each for each in addresses if each.space != at.space)
    return (*others, Address(at.space, at.channel))


@cache
def _zones() -> Mapping[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def known_zone(name: str) -> str:
    """A zone as a platform names it; '' where this system knows none of that name."""
    return _zones().get(name.casefold(), "")


def zone_of(value: str) -> str:
    """A zone by its name, whatever its case. Raises `BadInput`."""
    name = _zones().get(value.strip().replace(" ", "_").casefold(), "")
    if not name:
        raise BadInput(en.no_such_zone(value))
    return ZoneInfo(name).key


def minute_of(value: str) -> int:
    """A time of day as minutes. Raises `BadInput`."""
    found = _TIME.match(value.strip().casefold())
    if not found:
        raise BadInput(en.no_such_time(value))
    return 60 * int(found[1]) + int(found[2] or 0)


def days_of(value: str) -> frozenset[int]:
    """Days of the week: their names or first letters, ``every`` or ``weekdays``. Raises
    `BadInput`.
    """
    words = re.split(r"[\s,;]+", value.strip().casefold())
    found: set[int] = set()
    for word in words:
        if word in ("every", "all", "daily"):
            found |= set(range(WEEK))
        elif word in ("weekdays", "workdays"):
            found |= set(range(5))
        elif word.isdecimal() and int(word) < WEEK:
            found.add(int(word))
        elif len(word) > 1 and (
            named := [n for n, day in enumerate(en.WEEKDAYS) if day.casefold().startswith(word)]
        ):
            found.add(named[0])
        elif word not in ("and", "&", "on", "day"):
            raise BadInput(en.no_such_day(value))
    if not found:
        raise BadInput(en.no_such_day(value))
    return frozenset(found)


def _weekday(_: Plan, wish: Wish) -> dict[str, Any]:
    days = days_of(wish.value)
    if len(days) != 1:
        raise BadInput(en.ONE_DAY)
    return {"weekday": min(days)}


def _days(name: str, other: str) -> Callable[[Plan, Wish], dict[str, Any]]:
    def read(plan: Plan, wish: Wish) -> dict[str, Any]:
        bare = wish.value.strip().partition(" ")[0]
        if not bare.isdecimal() or not 1 <= int(bare) < WEEK:
            raise BadInput(en.DAYS_OF_CHALLENGE)
        # The other stage gives way: both have to fit into the week.
        rest = min(getattr(plan, other), WEEK - int(bare))
        return {name: int(bare), other: rest}

    return read


def _switched(value: str) -> bool:
    bare = value.strip().casefold()
    if bare in (ON, "yes", "true"):
        return True
    if bare in NOTHING:
        return False
    raise BadInput(en.on_or_off(value))


def _switch(name: str) -> Callable[[Plan, Wish], dict[str, Any]]:
    return lambda _, wish: {name: _switched(wish.value)}


def _chosen(
    name: str, kind: type[Electorate | ThemeSource]
) -> Callable[[Plan, Wish], dict[str, Any]]:
    def read(_: Plan, wish: Wish) -> dict[str, Any]:
        bare = wish.value.strip().casefold()
        if bare not in tuple(kind):
            raise BadInput(en.none_of_these(wish.value, tuple(kind)))
        return {name: kind(bare)}

    return read


def _role(name: str) -> Callable[[Plan, Wish], dict[str, Any]]:
    def read(plan: Plan, wish: Wish) -> dict[str, Any]:
        value = wish.value.strip()
        found = _ROLE.match(value)
        if value.casefold() in NOTHING:
            role = ""
        elif found:
            role = found[1]
        else:
            raise BadInput(en.NO_SUCH_ROLE)
        return {name: with_role(getattr(plan, name), wish.platform, role)}

    return read


def _place(wish: Wish) -> Address:
    value = wish.value.strip().removeprefix("#")
    if value.casefold() in ("", "here"):
        return wish.here
    found = _CHANNEL.match(value)
    if not found:
        raise BadInput(en.NO_SUCH_CHANNEL)
    return Address(wish.here.space, found[1])


def _form(wish: Wish) -> dict[str, Any]:
    names = tuple(form.name for form in DECK_FORMS)
    bare = wish.value.strip().casefold()
    if bare not in names:
        raise BadInput(en.none_of_these(wish.value, names))
    return {"form": bare}


_SETTERS: Mapping[str, Callable[[Plan, Wish], dict[str, Any]]] = {
    "channel": lambda plan, wish: {"addresses": announced_at(plan.addresses, _place(wish))},
    "weekday": _weekday,
    "time": lambda _, wish: {"minute": minute_of(wish.value)},
    "zone": lambda _, wish: {"zone": zone_of(wish.value)},
    "open-days": _days("open_days", "voting_days"),
    "voting-days": _days("voting_days", "open_days"),
    "ai": _switch("ai"),
    "voters": _chosen("electorate", Electorate),
    "themes": _chosen("themes", ThemeSource),
    "mention": _role("mention"),
    "winner-role": _role("winner_role"),
    "event": _switch("event"),
}
_DAILY_SETTERS: Mapping[str, Callable[[Wish], dict[str, Any]]] = {
    "channel": lambda wish: {"address": _place(wish)},
    "days": lambda wish: {"days": days_of(wish.value)},
    "time": lambda wish: {"minute": minute_of(wish.value)},
    "zone": lambda wish: {"zone": zone_of(wish.value)},
    "form": _form,
    "running": lambda wish: {"running": _switched(wish.value)},
}
