"""Gates: who may vote and add here, by how long they have been around. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.community.context import Context
from bot.community.rules import Rules
from bot.durations import say_duration
from bot.errors import NotAllowed
from bot.models import Tenure
from bot.wording import en


def through_gate(context: Context) -> None:
    """Raise `NotAllowed` where a vote or an entry of the member is too early; it says when it
    won't be. Organisers pass.
    """
    shut = closed_gate(context.rules, context.command.standing, context.now)
    if shut and not context.organiser:
        raise NotAllowed(shut)


def closed_gate(rules: Rules, tenure: Tenure, now: datetime) -> str:
    """Why the gate is closed to somebody, and until when; nothing where it is open.

    What a platform does not tell counts as open. Guests stay outside wherever there is a gate.
    """
    if not (rules.account_days or rules.member_days):
        return ""
    if not tenure.full:
        return en.GATE_GUESTS
    account = _wait(rules.account_days, tenure.account_since, now)
    member = _wait(rules.member_days, tenure.member_since, now)
    if account and account >= member:
        return en.gate_account(rules.account_days, say_duration(account))
    return en.gate_member(rules.member_days, say_duration(member)) if member else ""


def _wait(days: int, since: datetime | None, now: datetime) -> timedelta:
    """How long still, rounded up as it is said, so that who waits it out is let in."""
    if not days or since is None:
        return timedelta(0)
    left = since + timedelta(days=days) - now
    if left <= timedelta(0):
        return timedelta(0)
    unit = timedelta(hours=1) if left > timedelta(days=1) else timedelta(minutes=1)
    return -(-left // unit) * unit
