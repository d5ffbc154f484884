"""Who may vote in a challenge: accounts and members of before it, so that nobody can make voters
up. Pure.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.challenge import Challenge, Electorate
from bot.community.context import Context
from bot.community.gates import through_gate
from bot.durations import say_duration
from bot.errors import NotAllowed
from bot.models import Tenure
from bot.wording import en

ACCOUNT_DAYS = 7


def may_vote(context: Context, challenge: Challenge) -> None:
    """Raise `NotAllowed` where the member may not vote in the challenge; it says why, and until
    when. The community's own gates hold besides.

    Nobody is exempt from what the challenge asks, organisers neither: its verdict rests on it.
    """
    through_gate(context)
    if challenge.plan.electorate is not Electorate.SETTLED or challenge.example:
        return
    shut = outside(challenge.opened, context.command.standing, context.now)
    if shut:
        raise NotAllowed(shut)


def outside(opened: datetime, tenure: Tenure, now: datetime) -> str:
    """Why somebody does not vote in a challenge of that opening; nothing where they do.

    What a platform does not tell counts as open.
    """
    if not tenure.full:
        return en.VOTERS_GUESTS
    if tenure.member_since is not None and tenure.member_since >= opened:
        return en.VOTERS_JOINED
    if tenure.account_since is not None:
        left = tenure.account_since + timedelta(days=ACCOUNT_DAYS) - now
        if left > timedelta(0):
            unit = timedelta(hours=1) if left > timedelta(days=1) else timedelta(minutes=1)
            return en.voters_account(ACCOUNT_DAYS, say_duration(-(-left // unit) * unit))
    return ""
