"""Who may vote and add, by how long they have been around."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.community.context import Context
from bot.community.gates import closed_gate, through_gate
from bot.community.rules import Rules
from bot.errors import NotAllowed
from bot.models import Tenure
from bot.requests import Vote
from bot.storage.charters import Charter
from bot.storage.spaces import Community
from bot.wording import en
from tests.support import command

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
GATED = Rules(account_days=7, member_days=1)


def ago(**length: float) -> datetime:
    return NOW - timedelta(**length)


@pytest.mark.parametrize(
    ("rules", "tenure", "said"),
    [
        (Rules(), Tenure(NOW, NOW, full=False), ""),
        (GATED, Tenure(), ""),
        (GATED, Tenure(ago(days=7), ago(days=1)), ""),
        (GATED, Tenure(ago(days=400), None), ""),
        (GATED, Tenure(None, ago(hours=23)), en.gate_member(1, "1 hour")),
        (GATED, Tenure(ago(days=2), ago(days=2)), en.gate_account(7, "5 days")),
        (
            GATED,
            Tenure(ago(days=6, hours=23, minutes=59, seconds=59)),
            en.gate_account(7, "1 minute"),
        ),
        (GATED, Tenure(ago(days=6.5), NOW), en.gate_member(1, "1 day")),
        (GATED, Tenure(ago(days=400), ago(days=400), full=False), en.GATE_GUESTS),
        (Rules(member_days=1), Tenure(NOW, ago(days=2)), ""),
        (Rules(account_days=1), Tenure(ago(days=2), NOW), ""),
    ],
)
def test_the_gate_says_when_it_opens(rules: Rules, tenure: Tenure, said: str) -> None:
    assert closed_gate(rules, tenure, NOW) == said


def test_who_waits_as_long_as_they_are_told_is_let_in() -> None:
    tenure = Tenure(ago(days=6, hours=3, seconds=7))
    assert "21 hours" in closed_gate(GATED, tenure, NOW)
    assert closed_gate(GATED, tenure, NOW + timedelta(hours=21)) == ""


def test_organisers_pass() -> None:
    fresh = Tenure(NOW, NOW)
    community = Community("c", "UTC")
    for manages, organisers in ((True, frozenset[str]()), (False, frozenset({"test:ana"}))):
        made = command(Vote((1,)), "ana", manages=manages, standing=fresh)
        through_gate(Context(made, community, NOW, "", GATED, Charter(organisers=organisers)))
    made = command(Vote((1,)), "bo", standing=fresh)
    with pytest.raises(NotAllowed, match="7 days old"):
        through_gate(Context(made, community, NOW, "", GATED, Charter()))
