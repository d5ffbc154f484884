"""Cards of challenges up to the close, for golden files and every adapter's contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.cards import Card, FormCard, Strong
from bot.challenge import (
    Challenge,
    ChallengeState,
    Contribution,
    DailyPlan,
    Declared,
    Plan,
    Proposal,
)
from bot.challenge_requests import ChallengeRef
from bot.models import Address, Origin, SpaceRef, UserRef
from bot.present.challenges.announcements import (
    cancelled_card,
    extended_card,
    longer_card,
    opened_card,
    voting_card,
)
from bot.present.challenges.contributing import Band, entry_card, entry_form, reminder_card
from bot.present.challenges.daily import Best, daily_card, week_card
from bot.present.challenges.plan import plan_card, started_card
from bot.present.challenges.status import Seen, status_card
from bot.present.challenges.themes import Listed, theme_form, themes_card

OPENED = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
SPACE = SpaceRef("console", "terminal")
BAND = Band(20, 600)
MARKED = "@everyone **b** <!here>"  # what a platform must not read anything into
ANA = UserRef("console", "ana")
PLAN = Plan(
    addresses=(Address(SPACE, "room"),),
    zone="Europe/Vienna",
    mention="console:crew",
    winner_role="console:bard",
    event=True,
    running=True,
)
OPEN = Challenge(
    community="commun1ty0",
    id="x3",
    number=3,
    state=ChallengeState.OPEN,
    theme="what the lift hears at night",
    opened=OPENED,
    deadline=OPENED + timedelta(days=3),
    closes=OPENED + timedelta(days=5),
    plan=PLAN,
    seed=1,
)
VOTING = replace(OPEN, state=ChallengeState.VOTING, voting_since=OPEN.deadline)
CLOSED = replace(OPEN, state=ChallengeState.CLOSED, counted=True)
OFF = replace(OPEN, state=ChallengeState.CANCELLED, why=MARKED)
NEXT = OPENED + timedelta(days=7)
ENTRY = Contribution(
    "m4", "The bus knows us\nall by our coughs, it says,\nand waits.", Origin.HUMAN, 4
)
LONGEST = replace(ENTRY, text="m" * 600, declared=Declared.HELPED)
PROPOSALS = (
    Proposal("1", 4, "what the lift hears at night", frozenset({4, 5})),
    Proposal("2", 5, MARKED, frozenset()),
)
MANY = tuple(
    Proposal(str(n), n, f"a theme of number {n}", frozenset(range(n))) for n in range(1, 40)
)


LONG_LIST = Listed(
    tuple(Proposal(str(n), 4, "m" * 120, frozenset({4})) for n in range(100, 140)),
    4,
    frozenset(map(str, range(100, 140))),
    named=True,
    organiser=True,
)
ROOT = "f00d" * 16  # stands for all of them


def seals(count: int) -> list[str]:
    return [f"{n * 7919 % 9973:064x}" for n in range(count)]


CHALLENGE_CARDS: dict[str, Card | FormCard] = {
    "challenge_opened": opened_card(OPEN, BAND, ai=True),
    "challenge_opened_example": opened_card(replace(OPEN, example=True), BAND, ai=False),
    "challenge_opened_no_more": opened_card(VOTING, BAND, ai=True),
    "challenge_opened_marked": opened_card(replace(OPEN, theme=MARKED), BAND, ai=False),
    "challenge_extended": extended_card(OPEN),
    "challenge_longer": longer_card(OPEN),
    "challenge_longer_voting": longer_card(VOTING),
    "challenge_voting": voting_card(VOTING, seals(5), ROOT),
    "challenge_voting_many": voting_card(VOTING, seals(70), ROOT),
    "challenge_voting_most": voting_card(VOTING, seals(300), ROOT),
    "challenge_cancelled": cancelled_card(OFF),
    "challenge_started": started_card(OPEN),
    "challenge_started_example": started_card(replace(OPEN, example=True)),
    "challenge_entry_none": entry_card(OPEN, None, BAND, reminded=False),
    "challenge_entry_put": entry_card(OPEN, ENTRY, BAND, reminded=True, done="It is in."),
    "challenge_entry_longest": entry_card(OPEN, LONGEST, BAND, reminded=False),
    "challenge_reminder": reminder_card(OPEN),
    "challenge_started_unthemed": started_card(replace(OPEN, theme="")),
    "challenge_opened_unthemed": opened_card(replace(OPEN, theme=""), BAND, ai=False),
    "challenge_entry_unthemed": entry_card(replace(OPEN, theme=""), None, BAND, reminded=False),
    "challenge_reminder_unthemed": reminder_card(replace(OPEN, theme="")),
    "challenge_status_unthemed": status_card(Seen(replace(OPEN, theme=""), NEXT, organiser=True)),
    "challenge_status_voting_unthemed": status_card(Seen(replace(VOTING, theme=""), NEXT)),
    "challenge_status_never": status_card(Seen(None, None)),
    "challenge_status_open": status_card(Seen(OPEN, NEXT, organiser=True)),
    "challenge_status_entered": status_card(Seen(OPEN, NEXT, entered=True)),
    "challenge_status_voting": status_card(Seen(VOTING, NEXT)),
    "challenge_status_counting": status_card(Seen(replace(CLOSED, counted=False), None)),
    "challenge_status_closed": status_card(Seen(CLOSED, NEXT, organiser=True)),
    "challenge_status_cancelled": status_card(Seen(OFF, None)),
    "challenge_themes_none": themes_card(Listed((), 4)),
    "challenge_themes": themes_card(
        Listed(PROPOSALS, 4, frozenset({"2"}), named=True),
        done=(Strong("It is on the list, as 2."),),
    ),
    "challenge_themes_many": themes_card(Listed(MANY, 4)),
    "challenge_themes_last": themes_card(Listed(MANY, 4, organiser=True), 9),
    "challenge_themes_longest": themes_card(LONG_LIST, 2, done=(Strong("Done."),)),
    "challenge_plan_new": plan_card(Plan(), None, "", SPACE, "when"),
    "challenge_plan_when": plan_card(PLAN, NEXT, "x3", SPACE, "when", "Set: Time."),
    "challenge_plan_how": plan_card(PLAN, NEXT, "", SPACE, "how"),
    "challenge_plan_elsewhere": plan_card(PLAN, NEXT, "", SpaceRef("slack", "T1"), "when"),
    "daily_new": daily_card(DailyPlan(), None),
    "daily_running": daily_card(
        DailyPlan(Address(SPACE, "room"), frozenset({1, 3}), 425, "Asia/Tokyo", running=True), NEXT
    ),
    "daily_week": week_card(
        [Best(1, "On bread.", MARKED, ANA, 3), Best(2, "On bread.", "A line.", None, 1)]
    ),
    "form_challenge": entry_form(ChallengeRef("commun1ty0", "x3"), None, BAND),
    "form_challenge_again": entry_form(ChallengeRef("commun1ty0", "x3"), LONGEST, BAND),
    "form_theme": theme_form(120),
}
