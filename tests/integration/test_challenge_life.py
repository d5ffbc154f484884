"""A challenge from its opening to its close, on a real Redis: each step once, whatever happens."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from bot.cards import Note, Plain, When
from bot.challenge import ChallengeState, PickMade, Side
from bot.challenge_requests import (
    CancelChallenge,
    Enter,
    ExtendChallenge,
    PlanPreset,
    Remind,
    RunChallenges,
    SetPlan,
    ShowChallenge,
    SkipChallenge,
    StartChallenge,
    TakeBackEntry,
)
from bot.community.moderation import Moderation
from bot.community.rules import Rules
from bot.community_requests import Block
from bot.errors import MuseError, NotAllowed, Refusal
from bot.game.challenges.commitments import commitment, maker_pseudonym
from bot.game.challenges.contributing import Contributing
from bot.models import RoundRef
from bot.requests import Request
from bot.settings import LimitSettings
from bot.storage import keys
from bot.storage.charters import Charters
from bot.writing.judging import Judge
from tests.challenging import put_picks
from tests.support import (
    member,
    words,
)
from tests.weeks import DAY, HOUR, TEXTS, Week

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


async def extended_past_half(week: Week) -> datetime:
    """A week of two days for entries and five of voting that was quiet first: when it is over."""
    await week.boss(SetPlan("open-days", "2"))
    await week.boss(SetPlan("voting-days", "5"))
    await week.boss(RunChallenges())
    due = (await week.plans.read((await week.table.community()).id)).next
    assert due is not None
    await week.until(due)
    first = await week.now()
    await week.enter("ana", "ben")
    await week.until(first.deadline)
    await week.enter("cy")
    await week.until(first.deadline + DAY)
    closes = (await week.now()).closes
    assert closes == due + 8 * DAY
    return closes


async def next_told(week: Week) -> datetime:
    """When the status says that the next begins."""
    card = await week.table.do(ShowChallenge(), "ana")
    notes = [block.line for block in card.blocks if isinstance(block, Note)]
    (told,) = [line for line in notes if Plain("The next one begins ") in line]
    (when,) = [span.at for span in told if isinstance(span, When)]
    return when


async def test_one_that_another_kept_waiting_begins_with_its_full_time(week: Week) -> None:
    closes = await extended_past_half(week)
    await week.until(closes)
    await week.until(closes + timedelta(seconds=10))
    second = await week.now()
    assert second.number == 2
    assert (second.deadline, second.closes) == (closes + 2 * DAY, closes + 7 * DAY)


async def test_the_status_tells_when_one_that_waits_can_begin(week: Week) -> None:
    closes = await extended_past_half(week)
    assert await next_told(week) == closes
    await week.until(closes - 23 * HOUR)  # it is due
    assert await next_told(week) == closes
    await week.boss(ExtendChallenge(48))
    assert await next_told(week) == closes + 6 * DAY


async def test_what_was_slept_through_after_another_was_over_is_left_out(week: Week) -> None:
    closes = await extended_past_half(week)
    await week.until(closes + 2 * DAY)
    await week.until(closes + 2 * DAY + timedelta(seconds=10))
    plans = await week.plans.read((await week.table.community()).id)
    assert (plans.count, plans.next) == (1, closes + 6 * DAY)


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
