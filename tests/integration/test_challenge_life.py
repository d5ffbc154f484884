"""A challenge from its set-up to its close, on a real Redis: each step once, whatever happens."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.cards import Answer, Card, FormCard, Pool, Select
from bot.challenge import Challenge, ChallengeState, Declared, PickMade, Plan, Side
from bot.challenge_requests import (
    CancelChallenge,
    ChallengeRef,
    ComposeContribution,
    Enter,
    ExtendChallenge,
    NominateTheme,
    PlanPreset,
    ProposeTheme,
    Remind,
    RunChallenges,
    SetPlan,
    ShowChallenge,
    ShowPlan,
    SkipChallenge,
    StartChallenge,
    TakeBackEntry,
    VoteTheme,
)
from bot.community.moderation import Moderation
from bot.community.rules import Rules, Section
from bot.community_requests import Block, LinkSpace, ShowLog, ShowRules, UnlinkSpace
from bot.errors import BadInput, MuseError, NotAllowed, Refusal, TooLate
from bot.game.challenges.commitments import commitment, maker_pseudonym
from bot.game.challenges.contributing import Contributing
from bot.game.composing import Composers
from bot.models import Address, Origin, RoundRef, SpaceRef, Tenure
from bot.requests import Add, Ask, Command, Request, Vote
from bot.settings import LimitSettings
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.agenda import AgendaStore
from bot.storage.challenge_records import write_plan
from bot.storage.challenges import Challenges
from bot.storage.charters import Charters
from bot.storage.client import Arg, Reply, Script, Store
from bot.storage.contributions import Contributions
from bot.storage.plans import PlanStore
from bot.storage.spaces import first_community_id
from bot.wiring import Muse, compose
from bot.wording import en
from bot.writing.judging import Judge
from tests.challenging import put_picks
from tests.places import SERVER, WORKSPACE, Places
from tests.support import (
    ADDRESS,
    SPACE,
    FakeClock,
    MemoryStage,
    ScriptedWriter,
    Table,
    command,
    event,
    member,
    words,
)
from tests.traces import held, traces

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEXTS = {
    "ana": "The last bus knows us all by our coughs.",
    "ben": "Nobody rings the bell twice in this street.",
    "cy": "My grandmother salted the snow before it fell.",
    "dee": "I keep a drawer for keys that fit nothing yet.",
}


@pytest.fixture
def composers(writer: ScriptedWriter) -> Composers:
    return Composers(writer, writer, writer)


@pytest.fixture
def table(
    store: Store,
    clock: FakeClock,
    stage: MemoryStage,
    writer: ScriptedWriter,
    composers: Composers,
) -> Table:
    """As everywhere, but with a model."""
    return Table(_compose(store, clock, composers, stage), clock, stage, writer)


def _compose(
    store: Store,
    clock: FakeClock,
    composers: Composers,
    stage: MemoryStage,
    platform: str = "test",
) -> Muse:
    rng = Random(1)
    return compose(
        store,
        clock,
        composers,
        LimitSettings(),
        "UTC",
        {platform: stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
    )


class Week:
    """Challenges at a table, and quick ways to play them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.challenges = Challenges(table.muse.store)
        self.plans = PlanStore(table.muse.store)
        self.contributions = Contributions(table.muse.store)

    async def boss(self, request: Request) -> Card:
        return await self.table.do(request, "boss", manages=True)

    async def now(self) -> Challenge:
        latest = await self.challenges.latest((await self.table.community()).id)
        assert latest is not None
        return latest

    async def ref(self) -> ChallengeRef:
        challenge = await self.now()
        return ChallengeRef(challenge.community, challenge.id)

    async def begin(self, theme: str = "what the rain keeps") -> Challenge:
        await self.boss(StartChallenge(theme))
        return await self.now()

    async def enter(self, *names: str) -> None:
        for name in names:
            await self.table.do(Enter(TEXTS[name]), name)

    async def until(self, when: datetime) -> None:
        self.table.clock.shift(when - self.table.clock.now())
        await self.table.muse.settle()

    def posted(self, step: str) -> list[Card]:
        keyed = {k: v for k, v in self.table.stage.posts.items() if f".{step}." in k}
        return list(keyed.values())


@pytest.fixture
def week(table: Table) -> Week:
    return Week(table)


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
    await week.boss(SetPlan("open-days", "6"))
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


# --- Entries.


async def test_an_entry_is_shown_as_voters_will_see_it_and_can_be_changed(week: Week) -> None:
    await week.begin()
    card = words(await week.table.do(Enter('**The moon** said "no" -- twice, at least.'), "ana"))
    assert "The moon said “no” – twice, at least." in card
    await week.table.do(Enter("The moon keeps the receipts, every one.", Declared.HELPED), "ana")
    (entry,) = [e for e in await week.contributions.all(await week.ref()) if e.author]
    assert entry.text == "The moon keeps the receipts, every one."
    assert entry.origin is Origin.TOGETHER
    form = await week.table.muse.app.handle(
        Command(event(), SPACE, member("ana"), ADDRESS, ComposeContribution(), Answer.FORM)
    )
    assert isinstance(form.card, FormCard)
    assert [f.value for f in form.card.fields] == [entry.text, "helped"]
    assert "It is out" in words(await week.table.do(TakeBackEntry(), "ana"))
    assert not [e for e in await week.contributions.all(await week.ref()) if e.author]


async def test_what_is_too_short_or_too_long_once_made_alike_is_refused(week: Week) -> None:
    await week.begin()
    for text in ("** short **", "x" * 601):
        with pytest.raises(Refusal, match="20 to 600 characters"):
            await week.table.do(Enter(text), "ana")


async def test_nothing_is_taken_after_the_deadline_even_before_it_was_noticed(week: Week) -> None:
    challenge = await week.begin()
    await week.enter("ana")
    week.table.clock.shift(challenge.deadline - week.table.clock.now())
    for request in (Enter(TEXTS["ben"]), TakeBackEntry()):
        with pytest.raises(TooLate):
            await week.table.quick(request, "ana")
    with pytest.raises(TooLate):  # nor by the script itself
        await week.contributions.drop(
            await week.ref(), SPACE, member("ana"), week.table.clock.now()
        )


async def test_a_reminder_comes_once_in_private_and_only_where_it_helps(week: Week) -> None:
    challenge = await week.begin()
    await week.table.do(Remind(), "ana")
    await week.table.do(Remind(), "ben")
    await week.table.do(Remind(), "cy")
    await week.table.do(Remind(on=False), "cy")
    await week.enter("ben")
    await week.until(challenge.deadline - DAY - HOUR)
    assert not [key for key in week.table.stage.asked if key.startswith("remind:")]
    await week.until(challenge.deadline - DAY)
    told = [k for k in week.table.stage.posts if k.startswith("m-remind:")]
    assert [week.table.stage.addresses[k].channel for k in told] == ["@ana"]


# --- Muse's own entries.


async def test_muse_writes_four_at_the_opening_and_one_for_three_people_takes_part(
    week: Week, writer: ScriptedWriter
) -> None:
    challenge = await week.begin()
    written = await week.contributions.all(await week.ref())
    assert [e.key for e in written] == ["a1", "a2", "a3", "a4"]
    assert {e.origin for e in written} == {Origin.AI}
    await week.enter("ana", "ben", "cy", "dee")
    await week.until(challenge.deadline)
    pool = await week.challenges.pool(await week.ref())
    assert sorted(e.origin for e in pool.values()) == ["ai", "human", "human", "human", "human"]
    assert not [b for b in writer.briefs if any(t in str(b) for t in TEXTS.values())]


async def test_no_model_or_none_wanted_no_entries_of_ais(
    store: Store, clock: FakeClock, stage: MemoryStage, writer: ScriptedWriter
) -> None:
    muse = _compose(store, clock, Composers.by(writer), stage)
    week = Week(Table(muse, clock, stage, writer))
    await week.begin()
    assert await week.contributions.all(await week.ref()) == ()
    assert "Entries by AI" not in words(week.posted("opened")[0])


async def test_a_model_that_is_down_at_the_opening_is_asked_again(
    week: Week, writer: ScriptedWriter
) -> None:
    writer.fails_after = 0
    challenge = await week.begin()
    await week.enter("ana")
    assert [each.key[0] for each in await week.contributions.all(await week.ref())] == ["m"]
    writer.fails_after = None
    await week.until(challenge.opened + timedelta(minutes=16))
    keys_of = [each.key for each in await week.contributions.all(await week.ref())]
    assert keys_of[:4] == ["a1", "a2", "a3", "a4"]
    assert not [b for b in writer.briefs if TEXTS["ana"] in str(b)]


@pytest.mark.parametrize("written", [0, 2])
async def test_no_log_line_tells_how_many_entries_are_muses(
    week: Week, writer: ScriptedWriter, caplog: pytest.LogCaptureFixture, written: int
) -> None:
    writer.fails_after = written
    with caplog.at_level("INFO"):
        challenge = await week.begin()
        await week.enter("ana", "ben", "cy")
        await week.until(challenge.opened + timedelta(minutes=31))
        await week.until(challenge.deadline)
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.INFO]
    assert [line for line in lines if line.startswith("voting has begun")]
    assert not [line for line in lines if "Muse" in line or "written" in line]


async def test_a_model_that_stays_down_is_not_asked_after_the_deadline(
    week: Week, writer: ScriptedWriter
) -> None:
    writer.fails_after = 0
    challenge = await week.begin()
    await week.enter("ana", "ben", "cy")
    await week.until(challenge.deadline)
    asked = len(writer.briefs)
    assert (await week.now()).state is ChallengeState.VOTING
    await week.until(challenge.deadline + HOUR)
    assert len(writer.briefs) == asked


async def test_a_platform_that_is_down_for_hours_is_told_in_the_end(week: Week) -> None:
    challenge = await week.begin()
    await week.enter("ana", "ben", "cy")
    week.table.stage.failing = True
    for minutes in range(0, 180, 4):
        await week.until(challenge.deadline + timedelta(minutes=minutes))
    assert not week.posted("voting")
    week.table.stage.failing = False
    await week.until(challenge.deadline + timedelta(minutes=190))
    assert len(week.posted("voting")) == 1


async def test_a_place_that_nobody_can_post_in_is_given_up(week: Week) -> None:
    challenge = await week.begin()
    await week.enter("ana", "ben", "cy")
    week.table.stage.failing = True
    for hours in range(40):
        await week.until(challenge.deadline + hours * HOUR)
    agenda = AgendaStore(week.table.muse.store)
    assert [item for item in await agenda.dead() if ".voting." in item]


async def test_writing_goes_on_where_it_was_left(week: Week, writer: ScriptedWriter) -> None:
    writer.fails_after = 2
    await week.begin()
    assert len(await week.contributions.all(await week.ref())) == 2
    writer.fails_after = None
    store = week.table.muse.store
    await AgendaStore(store).add(items.compete(await week.ref()), week.table.clock.now())
    await week.table.muse.settle()
    assert len(await week.contributions.all(await week.ref())) == 4


async def test_what_is_nearly_a_piece_of_muses_is_together_whatever_was_declared(
    week: Week,
) -> None:
    await week.table.do(Ask("a lighthouse"))
    written = (await week.table.round()).entries[0]
    challenge = await week.begin()
    own = (await week.contributions.all(await week.ref()))[0]
    await week.table.do(Enter(written.text + " indeed"), "ana")
    await week.table.do(Enter(own.text), "ben")
    await week.enter("cy")
    await week.until(challenge.deadline)
    pool = (await week.challenges.pool(await week.ref())).values()
    by_text = {e.text: e for e in pool if e.author}
    near = by_text[written.text + " indeed"]
    assert (near.origin, near.family) == (Origin.TOGETHER, "scripted")
    assert near.parent.endswith(f"/{written.number}")
    drawn = {e.text: e.alias for e in pool if not e.author}
    assert by_text[own.text].origin is Origin.TOGETHER
    assert by_text[own.text].parent == drawn.get(own.text, "")  # of one not drawn nobody is told
    assert by_text[TEXTS["cy"]].origin is Origin.HUMAN


# --- From stage to stage.


async def test_a_whole_week_is_announced_sealed_counted_and_told(week: Week) -> None:
    challenge = await week.begin()
    await week.enter("ana", "ben", "cy")
    await week.until(challenge.deadline)
    voting = await week.now()
    assert voting.state is ChallengeState.VOTING
    assert voting.closes == challenge.closes
    pool = await week.challenges.pool(await week.ref())
    (card,) = week.posted("voting")
    said = words(card)
    secret = await week.table.muse.store.call(
        "HGET", keys.community(challenge.community).record, "secret"
    )
    for alias, entry in pool.items():
        maker = maker_pseudonym(secret, entry.author)
        sealed = commitment(entry.salt, alias, entry.text, entry.origin, maker)
        assert entry.commitment == sealed
        assert sealed in said
        assert entry.salt not in said
        assert alias not in said
        assert entry.text not in said
    assert len({entry.salt for entry in pool.values()}) == len(pool)
    assert (
        await week.table.muse.store.call(
            "EXISTS", keys.challenge_keys(challenge.community, challenge.id).put
        )
        == 0
    )
    await week.until(challenge.closes)
    closed = await week.now()
    assert (closed.state, closed.counted, closed.quiet) == (ChallengeState.CLOSED, True, False)
    assert len(week.posted("results")) == 1
    plans = await week.plans.read(challenge.community)
    assert plans.current == ""


async def test_a_quiet_week_gets_a_day_more_once_then_is_closed_kindly(week: Week) -> None:
    challenge = await week.begin()
    await week.enter("ana", "ben")
    await week.until(challenge.deadline)
    longer = await week.now()
    assert (longer.state, longer.extended) == (ChallengeState.OPEN, True)
    assert longer.deadline == challenge.deadline + DAY
    assert "Fewer than three people" in words(week.posted("extended")[0])
    await week.until(longer.deadline)
    closed = await week.now()
    assert (closed.state, closed.quiet) == (ChallengeState.CLOSED, True)
    assert not week.posted("voting")
    (results,) = week.posted("results")
    assert TEXTS["ana"] in words(results)
    assert results.announce is not None
    assert ".opened." in results.announce.unpin, "no voting has taken the opening's pin"


async def test_a_quiet_week_that_fills_up_goes_on_to_voting(week: Week) -> None:
    challenge = await week.begin()
    await week.enter("ana", "ben")
    await week.until(challenge.deadline)
    await week.enter("cy")
    await week.until((await week.now()).deadline)
    assert (await week.now()).state is ChallengeState.VOTING


@pytest.mark.parametrize("late", [timedelta(minutes=5), 7 * HOUR, 10 * DAY])
async def test_after_hours_down_it_catches_up_once_and_voting_has_its_full_length(
    week: Week, late: timedelta
) -> None:
    challenge = await week.begin()
    await week.enter("ana", "ben", "cy")
    length = challenge.closes - challenge.deadline
    await week.until(challenge.deadline + late)
    voting = await week.now()
    assert voting.voting_since == challenge.deadline + late
    assert voting.closes == challenge.deadline + late + length
    await week.until(voting.closes - timedelta(seconds=1))
    assert (await week.now()).state is ChallengeState.VOTING
    await week.until(voting.closes + late)
    assert (await week.now()).state is ChallengeState.CLOSED
    assert len(week.posted("voting")) == len(week.posted("results")) == 1


async def test_a_clock_that_jumps_back_repeats_nothing(week: Week) -> None:
    challenge = await week.begin()
    await week.enter("ana", "ben", "cy")
    await week.until(challenge.deadline)
    pool = await week.challenges.pool(await week.ref())
    await week.until(challenge.deadline - 2 * DAY)
    await week.until(challenge.deadline + HOUR)
    assert await week.challenges.pool(await week.ref()) == pool
    assert len(week.posted("voting")) == 1


async def test_a_clock_that_was_ahead_hides_no_later_challenge(week: Week) -> None:
    first = await week.begin()
    await week.boss(CancelChallenge("the clock was wrong"))
    week.table.clock.shift(-3 * HOUR)
    second = await week.begin("a theme of another kind")
    assert second.number == first.number + 1
    await week.enter("ana")
    await week.boss(CancelChallenge("it can be ended too"))


async def test_nobody_is_reminded_of_a_deadline_that_is_past(week: Week) -> None:
    challenge = await week.begin()
    await week.table.do(Remind(), "dee")
    await week.enter("ana", "ben", "cy")
    week.table.clock.shift(challenge.deadline + HOUR - week.table.clock.now())
    contributing = Contributing(
        week.challenges,
        week.contributions,
        Moderation(Charters(week.table.muse.store), Rules(), Judge()),
        LimitSettings(),
        {"test": week.table.stage},
        week.table.clock,
    )
    number = await week.challenges.number(challenge.community, member("dee"))
    asked = RoundRef(challenge.community, f"{challenge.id}.{number}")
    before = dict(week.table.stage.posts)
    assert await contributing.at_reminder(asked) == week.table.clock.now() + timedelta(minutes=1)
    assert week.table.stage.posts == before
    await week.table.muse.settle()
    assert (await week.now()).state is ChallengeState.VOTING
    assert await contributing.at_reminder(asked) is None
    assert not [key for key in week.table.stage.posts if "remind" in key]


async def test_a_week_that_was_slept_through_is_left_out(week: Week) -> None:
    await week.boss(RunChallenges())
    community = (await week.table.community()).id
    due = (await week.plans.read(community)).next
    assert due is not None
    await week.until(due + 2 * DAY)
    plans = await week.plans.read(community)
    assert (plans.count, plans.next) == (0, due + 7 * DAY)


async def test_the_next_waits_for_one_that_is_about_to_be_over(week: Week) -> None:
    await week.boss(PlanPreset("week"))
    await week.boss(RunChallenges())
    community = (await week.table.community()).id
    due = (await week.plans.read(community)).next
    assert due is not None
    await week.until(due)
    first = await week.now()
    assert first.closes == due + 7 * DAY
    await week.enter("ana", "ben", "cy")
    await week.until(first.deadline)
    await week.boss(ExtendChallenge(5))
    await week.until(due + 7 * DAY)
    assert (await week.now()).id == first.id
    await week.until(due + 7 * DAY + 5 * HOUR)
    await week.until(due + 7 * DAY + 5 * HOUR + timedelta(seconds=10))
    assert (await week.now()).number == 2


async def test_more_time_and_the_end_with_why_are_told(week: Week) -> None:
    challenge = await week.begin()
    await week.boss(ExtendChallenge(12))
    longer = await week.now()
    assert longer.deadline == challenge.deadline + 12 * HOUR
    assert longer.closes == challenge.closes + 12 * HOUR
    with pytest.raises(Refusal):
        await week.boss(StartChallenge("another one of the same kind"))
    await week.boss(CancelChallenge("it was aimed at a colleague"))
    off = await week.now()
    assert (off.state, off.why) == (ChallengeState.CANCELLED, "it was aimed at a colleague")
    assert "it was aimed at a colleague" in words(week.posted("cancelled")[0])
    await week.until(longer.closes + DAY)
    assert (await week.now()).state is ChallengeState.CANCELLED
    assert not week.posted("results")
    with pytest.raises(MuseError):
        await week.boss(CancelChallenge("again"))


async def test_each_event_gives_more_time_once_however_late_it_comes_again(week: Week) -> None:
    challenge = await week.begin()
    for at in ("first", "second", "first", "second"):
        await week.table.do(ExtendChallenge(12), "boss", at=at, manages=True)
    assert (await week.now()).deadline == challenge.deadline + 24 * HOUR


async def test_what_an_organiser_did_is_not_done_again_by_an_earlier_event_that_comes_late(
    week: Week,
) -> None:
    """A platform may send an event again after others of theirs, and another challenge."""

    async def boss(request: Request, at: str) -> None:
        await week.table.do(request, "boss", at=at, manages=True)

    await boss(RunChallenges(), "run")
    await boss(SkipChallenge(), "skip")
    await boss(SetPlan("time", "09:00"), "nine")
    await boss(RunChallenges(on=False), "pause")
    await boss(RunChallenges(), "resume")
    await boss(SetPlan("time", "10:00"), "ten")
    community = (await week.table.community()).id
    before = await week.plans.read(community)
    for request, at in (
        (SkipChallenge(), "skip"),
        (SetPlan("time", "09:00"), "nine"),
        (RunChallenges(on=False), "pause"),
    ):
        week.table.clock.shift(timedelta(minutes=5))
        await boss(request, at)
        assert await week.plans.read(community) == before, at
    await boss(StartChallenge("what the rain keeps"), "now")
    await boss(ExtendChallenge(12), "longer")
    await boss(CancelChallenge("too wet"), "cancel")
    await boss(StartChallenge("a door that opens on Tuesdays"), "again")
    running = await week.now()
    await boss(ExtendChallenge(12), "longer")
    await boss(CancelChallenge("too wet"), "cancel")
    assert await week.now() == running
    await boss(CancelChallenge("too loud"), "off")
    for at in ("now", "again"):
        await boss(StartChallenge("who winds the clocks at sea"), at)
    assert (await week.now()).state is ChallengeState.CANCELLED
    assert (await week.plans.read(community)).count == 2
    week.table.clock.shift(timedelta(hours=2, minutes=1))
    await boss(RunChallenges(on=False), "pause again")
    assert await week.table.muse.store.call("ZCARD", keys.community(community).seen) == 1


async def test_an_example_is_over_within_the_hour_and_is_for_its_place_alone(week: Week) -> None:
    await week.boss(SetPlan("mention", "crew"))
    started = week.table.clock.now()
    await week.boss(StartChallenge(example=True))
    challenge = await week.now()
    assert challenge.example
    assert challenge.closes - started <= HOUR
    await week.enter("ana")
    await week.until(challenge.deadline)
    assert (await week.now()).state is ChallengeState.VOTING
    await week.until((await week.now()).closes)
    assert (await week.now()).counted
    opened = week.posted("opened")[0]
    assert opened.announce is not None
    assert opened.announce.mention == ""
    plans = await week.plans.read(challenge.community)
    assert plans.last == ""  # it is nobody's to name a theme after
    community = keys.community(challenge.community)
    assert await week.table.muse.store.call("LLEN", community.themed) == 0, "nor was it had"


async def test_what_an_announcement_wants_of_its_platform(week: Week) -> None:
    for what, value in (("mention", "crew"), ("winner-role", "bard"), ("event", "on")):
        await week.boss(SetPlan(what, value))
    challenge = await week.begin()
    await week.enter("ana", "ben", "cy")
    await week.until(challenge.closes)
    await week.until((await week.now()).closes)
    opened, voting, results = (
        week.posted(step)[0].announce for step in ("opened", "voting", "results")
    )
    assert opened is not None
    assert voting is not None
    assert results is not None
    assert (opened.mention, opened.pin, opened.unpin) == ("crew", True, "")
    assert opened.event is not None
    assert opened.event.ends == challenge.closes
    assert voting.pin
    assert ".opened." in voting.unpin
    assert ".voting." in results.unpin
    assert results.honour == "bard"
    assert results.thread


async def test_one_announcement_is_pinned_at_a_time_from_week_to_week(week: Week) -> None:
    pinned: list[str] = []

    def look() -> list[str]:
        """Follow what was posted since, as a platform does."""
        for key in list(week.table.stage.posts)[len(seen) :]:
            seen.append(key)
            wanted = week.table.stage.posts[key].announce
            if wanted is not None and wanted.unpin:
                pinned.remove(wanted.unpin)
            if wanted is not None and wanted.pin:
                pinned.append(f"m-{key}" if not key.startswith("m-") else key)
        return [each.partition(".")[2].partition(".")[0] for each in pinned]

    seen: list[str] = []
    for theme in ("what the rain keeps", "a door that opens on Tuesdays"):
        await week.begin(theme)
        assert look() == ["opened"]
        await week.enter("ana", "ben", "cy")
        await week.until((await week.now()).deadline)
        assert look() == ["voting"]
        await week.until((await week.now()).closes)
        assert look() == ["results"]
    await week.boss(StartChallenge(example=True))
    await week.until((await week.now()).deadline)
    await week.until((await week.now()).closes)
    assert look() == ["results"], "an example pins nothing, and unpins nothing"
    await week.begin("who winds the clocks at sea")
    assert look() == ["opened"]
    await week.boss(CancelChallenge("too wet"))
    assert look() == []
    await week.begin("the last letter of the alphabet")
    assert look() == ["opened"]
    await week.enter("ana", "ben", "cy")
    await week.until((await week.now()).deadline)
    await week.boss(CancelChallenge("too wet"))
    assert look() == []


async def test_who_is_blocked_can_still_take_their_entry_out(week: Week) -> None:
    await week.begin()
    await week.enter("ana")
    await week.boss(Block("ana"))
    with pytest.raises(NotAllowed, match="blocked you"):
        await week.table.do(Enter(TEXTS["ben"]), "ana")
    await week.table.do(TakeBackEntry(), "ana")
    assert not [each for each in await week.contributions.all(await week.ref()) if each.author]


async def test_the_winners_role_goes_from_one_winner_to_the_next(week: Week) -> None:
    await week.boss(SetPlan("winner-role", "bard"))
    told = []
    themes = {"ana": "what the rain keeps", "ben": "a door that opens on Tuesdays"}
    for winner, theme in themes.items():
        challenge = await week.begin(theme)
        await week.enter("ana", "ben", "cy")
        await week.until(challenge.deadline)
        pool = await week.challenges.pool(await week.ref())
        (best,) = [alias for alias, each in pool.items() if each.text == TEXTS[winner]]
        made = [
            PickMade(100 + voter, n, best, other, Side.LEFT)
            for voter in range(12)
            for n, other in enumerate(sorted(pool.keys() - {best}), 1)
        ]
        await put_picks(week.table.muse.store, await week.ref(), made)
        await week.until((await week.now()).closes)
        wanted = week.posted("results")[-1].announce
        assert wanted is not None
        told.append((wanted.honours, wanted.honoured))
    ana, ben = member("ana"), member("ben")
    assert told == [((ana,), ()), ((ben,), (ana,))]


# --- Whatever becomes of a process.


class Killed(BaseException):
    """The process is gone."""


class Dying(Store):
    """A store whose process dies at its `left`-th script, before or after Redis did it."""

    def __init__(self, store: Store, left: int, *, after: bool) -> None:
        self._through, self._left, self._after = store, left, after

    async def run(self, which: Script, keys: object = (), args: object = ()) -> Reply:
        self._left -= 1
        if self._left < 0 and not self._after:
            raise Killed
        reply = await self._through.run(which, keys, args)  # type: ignore[arg-type]
        if self._left < 0:
            raise Killed
        return reply

    async def call(self, *command: Arg) -> Reply:
        return await self._through.call(*command)


@pytest.mark.parametrize("after", [False, True])
async def test_killed_between_any_two_steps_a_week_comes_out_the_same(
    week: Week, store: Store, composers: Composers, after: bool
) -> None:
    """At each moment of the week a process dies at its n-th script; another goes on."""
    await week.begin()
    await week.enter("ana", "ben", "cy")
    table, ref = week.table, await week.ref()

    async def step(verb: str, dying: Store) -> None:
        muse = _compose(dying, table.clock, composers, table.stage)
        name = items.advance(ref) if verb == "advance" else items.count(ref)
        _, named = items.read(name)
        with pytest.raises(Killed):
            await muse.agenda._work[verb](named)

    for stage in ("deadline", "closes"):
        ends: datetime = getattr(await week.now(), stage)
        table.clock.shift(ends - table.clock.now())
        await step("advance", Dying(store, 0, after=after))
        table.clock.shift(timedelta(seconds=20))
        await table.muse.settle()
        table.clock.shift(timedelta(seconds=-20))
    await week.until((await week.now()).closes + timedelta(minutes=1))
    closed = await week.now()
    assert (closed.state, closed.counted) == (ChallengeState.CLOSED, True)
    assert [len(week.posted(step)) for step in ("opened", "voting", "results")] == [1, 1, 1]
    pool = await week.challenges.pool(ref)
    assert len([e for e in pool.values() if e.author]) == 3


async def test_two_processes_at_once_do_each_step_once(
    week: Week, store: Store, composers: Composers
) -> None:
    other = _compose(store, week.table.clock, composers, week.table.stage)
    await week.boss(RunChallenges())
    community = (await week.table.community()).id
    due = (await week.plans.read(community)).next
    assert due is not None

    async def both(when: datetime) -> None:
        week.table.clock.shift(when - week.table.clock.now())
        await asyncio.gather(week.table.muse.settle(), other.settle())

    await both(due)
    challenge = await week.now()
    await week.enter("ana", "ben", "cy")
    await both(challenge.deadline)
    await both(challenge.closes)
    assert (await week.now()).counted
    assert (await week.plans.read(community)).count == 1
    assert (
        len(await week.table.muse.store.call("ZRANGE", keys.community(community).challenges, 0, -1))
        == 1
    )
    pool = await week.challenges.pool(await week.ref())
    assert len([e for e in pool.values() if e.author]) == 3
    assert len(week.posted("results")) == 1


async def test_many_advances_at_the_same_moment_make_one_pool(week: Week) -> None:
    challenge = await week.begin()
    await week.enter("ana", "ben", "cy")
    week.table.clock.shift(challenge.deadline - week.table.clock.now())
    _, named = items.read(items.advance(await week.ref()))
    advance = week.table.muse.agenda._work["advance"]
    found = await asyncio.gather(*(advance(named) for _ in range(8)))
    assert set(found) == {challenge.closes}
    pool = await week.challenges.pool(await week.ref())
    assert len([e for e in pool.values() if e.author]) == 3


async def test_the_same_event_begins_one_challenge(week: Week) -> None:
    for _ in range(2):  # a platform may send it twice
        try:
            await week.table.do(
                StartChallenge("what the rain keeps"), "boss", at="ev-x", manages=True
            )
        except Refusal:
            assert (await week.now()).running
    plans = await week.plans.read((await week.table.community()).id)
    assert plans.count == 1
    assert len(week.posted("opened")) == 1


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


async def test_who_won_names_the_next_theme_and_nobody_else(week: Week) -> None:
    challenge = await week.begin()
    await week.enter("ana", "ben", "cy")
    await week.until(challenge.deadline)
    pool = await week.challenges.pool(await week.ref())
    first = next(e for e in pool.values() if e.text == TEXTS["ana"])
    others = [alias for alias in pool if alias != first.alias]
    made = [
        PickMade(90 + voter, n + 1, first.alias, other, Side.LEFT)
        for voter in range(12)
        for n, other in enumerate(others)
    ]
    await put_picks(week.table.muse.store, await week.ref(), made)
    await week.until(challenge.closes)
    with pytest.raises(NotAllowed):
        await week.table.do(NominateTheme("a door that opens on Tuesdays"), "ben")
    await week.table.do(NominateTheme("a door that opens on Tuesdays"), "ana")
    await week.boss(StartChallenge())
    assert (await week.now()).theme == "a door that opens on Tuesdays"
    with pytest.raises(NotAllowed):
        await week.table.do(NominateTheme("a window that never opens"), "ana")


# --- Blind.


async def test_nothing_that_is_posted_before_the_close_tells_who_takes_part(week: Week) -> None:
    challenge = await week.begin()
    counts = []
    for name in ("ana", "ben", "cy"):
        counts.append(words(await week.table.do(ShowChallenge(), "eve")))
        await week.enter(name)
    await week.until(challenge.deadline)
    assert len(set(counts)) == 1, "the status tells no number of entries"
    for states in week.table.stage.states.values():
        for card in states:
            said = words(card)
            assert not any(text in said for text in TEXTS.values())
            assert not any(f"@{name}" in said for name in TEXTS)


async def test_the_opening_loses_its_button_when_voting_begins(week: Week) -> None:
    challenge = await week.begin()
    await week.enter("ana", "ben", "cy")
    await week.until(challenge.deadline)
    (key,) = [k for k in week.table.stage.states if ".opened." in k]
    shown = week.table.stage.states[key]
    assert "Entries have closed" in words(shown[-1])
    assert "contribute" in json.dumps([str(b) for b in shown[0].blocks])
    assert "contribute" not in json.dumps([str(b) for b in shown[-1].blocks])


# --- A plan's own rules.


def test_a_plan_names_a_place_in_each_space() -> None:
    plan = Plan(addresses=(ADDRESS,))
    assert plan.at(SPACE) == ADDRESS
    assert plan.days == 5


# --- The daily prompt.


async def test_a_daily_prompt_is_a_round_for_people_and_its_week_ends_with_the_best(
    week: Week,
) -> None:
    table = week.table
    await week.boss(SetPlan("days", "Tuesday and Thursday", daily=True))
    await week.boss(SetPlan("time", "9:00", daily=True))
    await week.boss(SetPlan("running", "on", daily=True))
    tuesday = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    await week.until(tuesday)
    ref = await table.here()
    round_ = await table.round(ref)
    assert (round_.for_people, round_.asker) == (True, 0)
    assert "Today’s prompt" in table.shown(ref)
    await table.do(Add("A line of my very own.", 0, ref), "ana")
    await table.do(Vote((1,), (), ref), "ben")
    await week.until(tuesday + 2 * DAY)
    assert (await table.here()) != ref
    await table.do(Add("Another line, by somebody else."), "ben")
    assert not [k for k in table.stage.posts if k.startswith("m-week:")]
    await week.until(tuesday + 6 * DAY + timedelta(minutes=5))
    (shown,) = [card for k, card in table.stage.posts.items() if k.startswith("m-week:")]
    assert "A line of my very own." in words(shown)
    assert "Another line" not in words(shown)  # nobody voted for it
    await week.until(tuesday + 7 * DAY)
    plans = await week.plans.read(ref.community)
    assert len(plans.days) == 1


async def test_a_weeks_best_are_shown_once_where_the_prompts_have_moved_to(
    week: Week, store: Store, composers: Composers
) -> None:
    """To another platform, which another process speaks to."""
    table, tuesday = week.table, datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    await week.boss(SetPlan("days", "Tuesday", daily=True))
    await week.boss(SetPlan("time", "9:00", daily=True))
    await week.boss(SetPlan("running", "on", daily=True))
    await week.until(tuesday)
    ref = await table.here()
    await table.do(Add("A line of my very own.", 0, ref), "ana")
    await table.do(Vote((1,), (), ref), "ben")
    daily = (await week.plans.read(ref.community)).daily
    moved = replace(daily, address=Address(SpaceRef("other", "w1"), "c1"))
    shared = keys.community(ref.community)
    await store.call("HSET", shared.plan, "daily", write_plan(moved))
    await week.until(tuesday + 6 * DAY + timedelta(minutes=5))
    assert not [k for k in table.stage.posts if k.startswith("m-week:")]
    assert await store.call("HLEN", keys.agenda_dead(keys.shard(ref.community))) == 0
    there = MemoryStage()
    other = _compose(store, table.clock, composers, there, "other")
    await other.settle()
    ((key, shown),) = there.posts.items()
    assert key.startswith("m-week:")
    assert "A line of my very own." in words(shown)
    assert there.addresses[key] == moved.address
    assert (await week.plans.read(ref.community)).days == ()
    waiting = await store.call("ZRANGE", shared.agenda, 0, -1)
    assert not [item for item in waiting if item.startswith("weekend@")]


# --- Joining places, and leaving.


async def test_places_are_not_joined_nor_parted_while_a_challenge_runs(
    store: Store, clock: FakeClock
) -> None:
    places = Places(store, clock)
    code = await places.code()
    await places.do(StartChallenge("what the rain keeps"), SERVER)
    with pytest.raises(Refusal, match="A challenge is running"):
        await places.do(LinkSpace(code, sure=True), WORKSPACE)
    await places.do(CancelChallenge("to join"), SERVER)
    await places.do(StartChallenge("what the snow keeps"), WORKSPACE)
    code = await places.code()
    with pytest.raises(Refusal, match="A challenge is running"):
        await places.do(LinkSpace(code, sure=True), WORKSPACE)
    await places.do(CancelChallenge("to join"), WORKSPACE)
    await places.do(LinkSpace(code, sure=True), WORKSPACE)
    await places.do(StartChallenge("a door that opens on Tuesdays"), SERVER)
    with pytest.raises(Refusal, match="A challenge is running"):
        await places.do(UnlinkSpace(str(WORKSPACE)), SERVER)


class Meanwhile(Store):
    """A store in which something happens just before its `left`-th script."""

    def __init__(self, store: Store, left: int, then: Callable[[], Awaitable[object]]) -> None:
        self._through, self._left, self._then = store, left, then

    async def run(
        self, which: Script, keys_: Sequence[str] = (), args: Sequence[Arg] = ()
    ) -> Reply:
        self._left -= 1
        if self._left < 0:
            then, self._left = self._then, 1_000_000
            await then()
        return await self._through.run(which, keys_, args)

    async def call(self, *command: Arg) -> Reply:
        return await self._through.call(*command)


@pytest.mark.parametrize("joins", [True, False])
@pytest.mark.parametrize("left", range(12))
async def test_no_place_moves_in_a_challenge_that_begins_at_the_same_moment(
    store: Store, clock: FakeClock, left: int, joins: bool
) -> None:
    """Wherever a start slips in between a move's steps, one of the two comes to nothing."""
    places = Places(store, clock)
    if not joins:
        await places.join()
    code = await places.code() if joins else ""
    home = first_community_id(WORKSPACE if joins else SERVER)
    there: list[str] = []  # who was of the community when it began

    async def start() -> None:
        try:
            await places.do(StartChallenge("what the rain keeps"), WORKSPACE if joins else SERVER)
        except MuseError:
            return
        there.extend(await store.call("SMEMBERS", keys.community(home).spaces))

    places.processes[1] = places.process(Meanwhile(store, left, start))
    move: Request = LinkSpace(code, sure=True) if joins else UnlinkSpace(str(WORKSPACE))
    refused = ""
    try:
        await places.do(move, WORKSPACE, process=1)
    except Refusal as failure:
        refused = str(failure)
    await places.settle()
    runs = await store.call("HGET", keys.community(home).plan, "current")
    spaces = await store.call("SMEMBERS", keys.community(home).spaces)
    if refused:
        assert refused == en.PLACE_IN_CHALLENGE
        assert runs
        assert str(WORKSPACE) in spaces, "it stays for the challenge"
    else:
        assert str(WORKSPACE) not in spaces
        assert not runs or str(WORKSPACE) not in there, "it had left before"
    # Neither is kept from anything later.
    for place in (SERVER, WORKSPACE):
        if await store.call("HGET", keys.community(first_community_id(place)).plan, "current"):
            await places.do(CancelChallenge("to try again"), place)
    await places.do(StartChallenge("a door that opens on Tuesdays"), SERVER)


async def test_nothing_of_challenges_is_left_where_muse_is_gone(week: Week, empty_url: str) -> None:
    table = week.table
    await table.do(ProposeTheme("what the lift hears at night"), "ana")
    await week.boss(RunChallenges())
    await week.boss(SetPlan("running", "on", daily=True))
    challenge = await week.begin()
    await table.do(Remind(), "dee")
    await week.enter("ana", "ben", "cy")
    await week.until(challenge.deadline)
    await table.muse.app.left(SPACE)
    await week.until(challenge.deadline + 31 * DAY)
    await week.until(challenge.deadline + 62 * DAY)
    assert traces(await held(empty_url), challenge.community) == []


async def test_a_plan_begins_in_the_zone_of_who_sets_it_up_where_that_is_told(week: Week) -> None:
    for zone, wanted in (("Asia/Tokyo", "Asia/Tokyo"), ("Mars/Olympus", "UTC"), ("", "UTC")):
        asked = command(ShowPlan(), "boss", manages=True, standing=Tenure(zone=zone))
        reply = await week.table.muse.app.handle(asked)
        assert isinstance(reply.card, Card)
        assert f"({wanted})" in words(reply.card)
