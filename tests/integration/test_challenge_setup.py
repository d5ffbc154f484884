"""How a challenge is set up: its plan, its themes, and what both refuse."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.cards import Pool, Select
from bot.challenge import PickMade, Plan, Side
from bot.challenge_requests import (
    CancelChallenge,
    ExtendChallenge,
    NominateTheme,
    PlanPreset,
    ProposeTheme,
    RunChallenges,
    SetPlan,
    ShowPlan,
    SkipChallenge,
    StartChallenge,
    VoteTheme,
)
from bot.community.rules import Section
from bot.community_requests import ShowLog, ShowRules
from bot.errors import BadInput, NotAllowed, Refusal
from bot.requests import Request
from tests.challenging import put_picks
from tests.support import (
    ADDRESS,
    SPACE,
    words,
)
from tests.weeks import DAY, HOUR, TEXTS, Week

# --- The set-up.


async def test_the_set_up_is_organisers_and_each_deed_is_in_the_log(week: Week) -> None:
    for request in (
        ShowPlan(),
        SetPlan("time", "9:00"),
        PlanPreset("weekend"),
        RunChallenges(),
        StartChallenge(),
        SkipChallenge(),
        ExtendChallenge(),
        CancelChallenge("no"),
        ShowPlan(daily=True),
        SetPlan("running", "on", daily=True),
    ):
        with pytest.raises(NotAllowed):
            await week.table.do(request, "ana")
    await week.boss(SetPlan("time", "18:30"))
    await week.boss(PlanPreset("weekend"))
    await week.boss(RunChallenges())
    await week.boss(SkipChallenge())
    await week.boss(RunChallenges(on=False))
    log = words(await week.boss(ShowLog()))
    for said in ("set the time", "“weekend”", "begin each week", "left out", "paused"):
        assert said in log


async def test_a_plan_begins_a_challenge_on_its_day_by_its_own_clocks(week: Week) -> None:
    await week.boss(SetPlan("weekday", "Wednesday"))
    await week.boss(SetPlan("time", "18:30"))
    await week.boss(SetPlan("zone", "europe/vienna"))
    card = words(await week.boss(RunChallenges()))
    assert "Every Wednesday at 18:30 (Europe/Vienna)" in card
    due = datetime(2026, 11, 25, 17, 30, tzinfo=UTC)
    plans = await week.plans.read((await week.table.community()).id)
    assert plans.next == due
    await week.until(due - timedelta(minutes=1))
    assert plans.count == 0
    await week.until(due)
    challenge = await week.now()
    assert challenge.opened == due
    assert challenge.deadline == due + 3 * DAY
    assert challenge.closes == due + 5 * DAY
    assert len(week.posted("opened")) == 1
    plans = await week.plans.read(challenge.community)
    assert plans.next == due + 7 * DAY


async def test_a_second_set_up_changes_the_next_challenge_only(week: Week) -> None:
    challenge = await week.begin()
    card = words(await week.boss(SetPlan("voting-days", "4")))
    assert "What you change here holds from the next" in card
    assert (await week.now()).plan == challenge.plan
    assert (await week.now()).closes == challenge.closes


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("zone", "Mars/Olympus"),
        ("time", "25:00"),
        ("weekday", "someday"),
        ("weekday", "Monday and Friday"),
        ("open-days", "9"),
        ("ai", "perhaps"),
        ("voters", "cats"),
        ("colour", "red"),
        ("mention", "<script>"),
    ],
)
async def test_what_can_not_be_set_is_refused_with_what_can(
    week: Week, what: str, value: str
) -> None:
    with pytest.raises(BadInput):
        await week.boss(SetPlan(what, value))
    assert (await week.plans.read((await week.table.community()).id)).changes == 0


async def test_roles_are_chosen_from_the_platforms_own_and_in_one_place(week: Week) -> None:
    await week.boss(SetPlan("mention", "12345"))
    card = await week.boss(ShowPlan(part="how"))
    roles = [b for b in card.blocks if isinstance(b, Select) and b.pool is Pool.ROLES]
    assert [each.chosen for each in roles] == [("12345",), ()]
    for section in Section:  # nobody is asked for it twice
        settings = await week.boss(ShowRules(section))
        assert not any(isinstance(b, Select) and b.pool is Pool.ROLES for b in settings.blocks)


async def test_days_fit_into_a_week_together(week: Week) -> None:
    await week.boss(SetPlan("voting-days", "3"))
    card = words(await week.boss(SetPlan("open-days", "6")))
    assert "Days of voting: now one day" in card
    plan = (await week.plans.read((await week.table.community()).id)).weekly
    assert (plan.open_days, plan.voting_days) == (6, 1)


async def test_two_organisers_at_once_lose_nothing(week: Week) -> None:
    wishes = [("time", "07:15"), ("zone", "Asia/Tokyo"), ("ai", "off"), ("themes", "deck")]
    await asyncio.gather(*(week.boss(SetPlan(what, value)) for what, value in wishes))
    plan = (await week.plans.read((await week.table.community()).id)).weekly
    assert (plan.minute, plan.zone, plan.ai, plan.themes) == (435, "Asia/Tokyo", False, "deck")


async def test_skipped_and_paused_ones_do_not_begin(week: Week) -> None:
    await week.boss(RunChallenges())
    community = (await week.table.community()).id
    first = (await week.plans.read(community)).next
    assert first is not None
    await week.boss(SkipChallenge())
    await week.until(first + HOUR)
    assert (await week.plans.read(community)).count == 0
    await week.boss(SetPlan("time", "18:00"))  # a change does not bring it back
    assert (await week.plans.read(community)).next == first + 7 * DAY
    await week.boss(RunChallenges(on=False))
    await week.until(first + 15 * DAY)
    assert (await week.plans.read(community)).count == 0


async def _one_waits(week: Week) -> tuple[datetime, datetime]:
    """One runs for some hours more, and the next, due a week after it, waits: when the first was
    due, and when it would have closed.
    """
    await week.boss(PlanPreset("week"))
    await week.boss(RunChallenges())
    due = (await week.plans.read((await week.table.community()).id)).next
    assert due is not None
    await week.until(due)
    first = await week.now()
    await week.enter("ana", "ben", "cy")
    await week.until(first.deadline)
    await week.boss(ExtendChallenge(6))
    await week.until(first.closes + HOUR)
    return due, first.closes


@pytest.mark.parametrize(
    "change", [SetPlan("mention", "12345"), SetPlan("time", "18:00"), PlanPreset("week")]
)
async def test_what_is_changed_while_a_due_one_waits_does_not_lose_it(
    week: Week, change: Request
) -> None:
    due, closes = await _one_waits(week)
    community = (await week.table.community()).id
    await week.boss(change)
    assert (await week.plans.read(community)).next == due + 7 * DAY
    await week.until(closes + 6 * HOUR)
    await week.until(closes + 6 * HOUR + timedelta(seconds=10))
    assert (await week.now()).number == 2


async def test_a_due_one_that_waits_gives_way_to_another_time_a_pause_and_a_skip(
    week: Week,
) -> None:
    due, _ = await _one_waits(week)
    community = (await week.table.community()).id
    await week.boss(SetPlan("time", "20:00"))
    moved = due + 7 * DAY + 2 * HOUR
    assert (await week.plans.read(community)).next == moved
    await week.until(moved + HOUR)
    await week.boss(SkipChallenge())
    assert (await week.plans.read(community)).next == moved + 7 * DAY
    await week.boss(RunChallenges(on=False))
    assert (await week.plans.read(community)).next is None


@pytest.mark.parametrize(
    ("change", "then"),
    [
        (SetPlan("time", "20:00"), 7 * DAY + 2 * HOUR),
        (SetPlan("time", "23:59"), 7 * DAY + 6 * HOUR - timedelta(minutes=1)),
        (SetPlan("zone", "America/New_York"), 7 * DAY + 5 * HOUR),  # its Friday ends later
        (SetPlan("zone", "Asia/Tokyo"), 7 * DAY - 9 * HOUR),
        (SetPlan("weekday", "Saturday"), DAY),
    ],
)
async def test_all_of_the_day_that_was_skipped_is_left_out_by_old_clocks_and_new(
    week: Week, change: Request, then: timedelta
) -> None:
    await week.boss(SetPlan("weekday", "Friday"))
    await week.boss(SetPlan("time", "18:00"))
    await week.boss(RunChallenges())
    community = (await week.table.community()).id
    first = (await week.plans.read(community)).next
    assert first == datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
    await week.boss(SkipChallenge())
    await week.boss(change)
    assert (await week.plans.read(community)).next == first + then


# --- Themes.


async def test_themes_are_proposed_voted_up_drawn_and_struck_from_the_list(week: Week) -> None:
    await week.table.do(ProposeTheme("what the lift hears at night"), "ana")
    card = words(await week.table.do(VoteTheme("1"), "ben"))
    assert "2 votes" in card
    with pytest.raises(Refusal, match="upvote 1"):
        await week.table.do(ProposeTheme("What the LIFT hears at night"), "cy")
    await week.boss(StartChallenge())
    challenge = await week.now()
    assert challenge.theme == "what the lift hears at night"
    assert challenge.proposer > 0
    assert "Nobody has proposed" in words(await week.table.do(ProposeTheme(), "ana"))
    with pytest.raises(Refusal, match="close to one of the last"):
        await week.table.do(ProposeTheme("what the lift hears at night again"), "ana")


async def test_a_theme_that_is_passed_over_says_so_on_the_list(week: Week) -> None:
    await week.table.do(ProposeTheme("the last bus home"), "ana")
    await week.table.do(ProposeTheme("the sea"), "ana")
    await week.begin("the last bus")
    rows = words(await week.table.do(ProposeTheme(), "ana")).splitlines()
    (over,) = [row for row in rows if "passed over" in row]
    assert over.startswith("1. “the last bus home” · 1 vote · you voted for it · passed over")
    assert "the door" in words(await week.table.do(ProposeTheme("the door"), "ben"))
    assert "The bus" in words(await week.table.do(ProposeTheme("The bus of my own"), "ben"))


async def test_a_theme_needs_letters(week: Week) -> None:
    for request in (ProposeTheme("🌊🌊🌊"), ProposeTheme("ox"), StartChallenge("a")):
        with pytest.raises(Refusal, match="three letters"):
            await week.boss(request)


async def test_a_theme_in_other_signs_is_the_same_theme(week: Week) -> None:
    await week.table.do(ProposeTheme("a door that opens on Tuesdays"), "ana")
    with pytest.raises(Refusal, match="upvote 1"):
        await week.table.do(ProposeTheme("A door, that opens on Tuesdays!"), "ben")
    card = words(await week.table.do(ProposeTheme("A door that opens on Tuesdays?"), "ana"))
    assert "as 1" in card
    assert "on the list, as 2" in words(
        await week.table.do(ProposeTheme("a window that opens on Tuesdays"), "ben")
    )


async def test_without_a_theme_muse_finds_one_and_then_begins(week: Week) -> None:
    said = words(await week.table.quick(StartChallenge(), "boss", manages=True))
    assert "looking for a theme" in said
    await week.table.muse.settle()
    challenge = await week.now()
    assert challenge.theme
    assert challenge.running
    plans = await week.plans.read(challenge.community)
    assert (plans.once, plans.next) == (False, None)


async def test_what_is_set_up_meanwhile_does_not_lose_one_that_waits_for_its_theme(
    week: Week,
) -> None:
    await week.table.quick(StartChallenge(), "boss", manages=True)
    await week.table.quick(SetPlan("voting-days", "3"), "boss", manages=True)
    await week.table.quick(PlanPreset("weekend"), "boss", manages=True)
    await week.table.muse.settle()
    challenge = await week.now()
    assert challenge.running
    assert challenge.opened == week.table.clock.now()
    plans = await week.plans.read(challenge.community)
    assert (plans.once, plans.next) == (False, None)
    assert plans.weekly.weekday == 4, "and what was set up holds"


async def test_twenty_weeks_of_decks_themes_are_all_unlike(week: Week) -> None:
    await week.boss(SetPlan("themes", "deck"))
    themes = []
    for _ in range(21):
        await week.boss(StartChallenge())
        themes.append((await week.now()).theme)
        await week.boss(CancelChallenge("only the themes are looked at"))
        week.table.clock.shift(HOUR)
    assert len(set(themes)) == 21


async def won_by(week: Week, *winners: str) -> None:
    """A challenge of three, in which everybody picked these, and these alike."""
    challenge = await week.begin()
    await week.enter("ana", "ben", "cy")
    await week.until(challenge.deadline)
    pool = await week.challenges.pool(await week.ref())
    best = [e.alias for e in pool.values() if e.text in {TEXTS[who] for who in winners}]
    made = [
        PickMade(90 + voter, n + 1, one, other, Side.BOTH if other in best else Side.LEFT)
        for voter in range(12)
        for n, (one, other) in enumerate(
            (one, other) for one in best for other in pool if one != other
        )
    ]
    await put_picks(week.table.muse.store, await week.ref(), made)
    await week.until(challenge.closes)


async def test_of_two_winners_the_first_to_name_a_theme_has_it_and_may_change_it(
    week: Week,
) -> None:
    await won_by(week, "ana", "ben")
    card = words(await week.table.do(NominateTheme("a door that opens on Tuesdays"), "ben"))
    assert "“a door that opens on Tuesdays”" in card
    with pytest.raises(Refusal, match="shares the first place"):
        await week.table.do(NominateTheme("ink that dries too slowly"), "ana")
    await week.table.do(NominateTheme("a letter nobody posted"), "ben")
    await week.boss(StartChallenge())
    assert (await week.now()).theme == "a letter nobody posted"


async def test_who_won_names_the_next_theme_and_nobody_else(week: Week) -> None:
    await won_by(week, "ana")
    with pytest.raises(NotAllowed):
        await week.table.do(NominateTheme("a door that opens on Tuesdays"), "ben")
    await week.table.do(NominateTheme("a door that opens on Tuesdays"), "ana")
    await week.boss(StartChallenge())
    assert (await week.now()).theme == "a door that opens on Tuesdays"
    with pytest.raises(NotAllowed):
        await week.table.do(NominateTheme("a window that never opens"), "ana")


# --- A plan's own rules.


def test_a_plan_names_a_place_in_each_space() -> None:
    plan = Plan(addresses=(ADDRESS,))
    assert plan.at(SPACE) == ADDRESS
    assert plan.days == 5
