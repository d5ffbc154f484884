"""What is entered in a challenge, by people and by Muse."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from bot.cards import Answer, FormCard
from bot.challenge import ChallengeState, Declared
from bot.challenge_requests import (
    ComposeContribution,
    Enter,
    ProposeTheme,
    Remind,
    ShowChallenge,
    StartChallenge,
    TakeBackEntry,
)
from bot.errors import Refusal, TooLate
from bot.game.composing import Composers
from bot.models import Origin
from bot.requests import Ask, Command
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.agenda import AgendaStore
from bot.storage.client import Store
from bot.wording import en
from tests.support import (
    ADDRESS,
    SPACE,
    FakeClock,
    MemoryStage,
    ScriptedWriter,
    event,
    member,
    words,
)
from tests.weeks import DAY, HOUR, TEXTS, Week

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
    week = Week(store, clock, stage, writer, Composers.by(writer))
    await week.begin()
    assert await week.contributions.all(await week.ref()) == ()
    assert "Entries by AI" not in words(week.posted("opened")[0])


async def test_a_theme_that_its_proposer_took_back_is_said_to_be_gone_and_not_written_on(
    week: Week,
) -> None:
    await week.table.do(ProposeTheme("what the lift hears at night"), "ana")
    await week.table.quick(StartChallenge(), "boss", manages=True)
    challenge = await week.now()
    ref = await week.ref()
    assert challenge.proposer
    record = keys.challenge_keys(ref.community, ref.challenge).record
    await week.table.muse.store.call("HSET", record, "theme", "")  # before Muse has written
    await week.table.muse.settle()
    assert not await week.contributions.all(ref)
    for who, request, said in (
        ("ana", ShowChallenge(), en.THEME_GONE),
        ("ben", Enter(TEXTS["ben"]), en.THEME_GONE),
    ):
        card = words(await week.table.do(request, who))
        assert said in card
        assert "“”" not in card
    card = words(await week.boss(ShowChallenge()))
    assert en.THEME_GONE_ORGANISERS in card


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
