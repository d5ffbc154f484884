"""Rules, organisers, blocks and the log, played on a real Redis."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.actions import decode
from bot.actions import request as request_of
from bot.cards import Buttons, Card, Select
from bot.community.rules import SHORT_FORMS
from bot.community_requests import (
    AddLore,
    Block,
    NameOrganiser,
    SetPreset,
    SetRule,
    ShowLog,
    ShowOrganisers,
    ShowRules,
)
from bot.errors import BadInput, LimitReached, NotAllowed, NotFound, Refusal
from bot.game.composing import Composers
from bot.requests import Add, Ask, Close, Help, Show, Vote
from bot.settings import LimitSettings
from bot.storage import charters, keys
from bot.storage.charters import Charters
from bot.storage.client import Store
from bot.wiring import compose
from tests.support import (
    SPACE,
    FakeClock,
    MemoryStage,
    ScriptedWriter,
    Table,
    command,
    words,
)


async def rule(table: Table, name: str, value: str, *, here: bool = False) -> Card:
    return await table.do(SetRule(name, value, here), "org", manages=True)


async def test_hours_and_entries_are_what_the_community_set(table: Table) -> None:
    await rule(table, "hours", "6")
    await rule(table, "entries", "1")
    await table.do(Ask("rain"))
    view = await table.rounds.read(await table.here())
    assert view.round.closes - view.round.opened == timedelta(hours=6)
    await table.do(Add("my only line"), "ben")
    with pytest.raises(LimitReached, match="once"):
        await table.do(Add("one more line"), "ben")


async def test_muse_is_silent_where_it_is_told_to_be(table: Table) -> None:
    await rule(table, "answers", "no", here=True)
    with pytest.raises(NotAllowed, match="no prompts in this channel"):
        await table.do(Ask("rain"))
    elsewhere = command(Ask("rain"), channel="other")
    assert isinstance((await table.muse.app.handle(elsewhere)).card, Card)


async def test_short_forms_only(table: Table) -> None:
    await rule(table, "forms", "short")
    with pytest.raises(Refusal, match="The only forms here are haiku, opening line"):
        await table.do(Ask("rain", "letter"))
    await table.do(Ask("rain", "haiku"))
    found = set()
    for n in range(12):  # who names none gets one of them
        await table.do(Ask(f"rain {n}"))
        found.add(table.writer.briefs[-1].form)
    assert found > {"haiku"}
    assert found <= set(SHORT_FORMS)


async def test_a_channel_of_haiku(table: Table) -> None:
    await rule(table, "forms", "haiku", here=True)
    await table.do(Ask("rain"))
    assert table.writer.briefs[-1].form == "haiku"
    with pytest.raises(Refusal, match="The only form here is haiku"):
        await table.do(Ask("rain", "letter"))
    await table.muse.app.handle(command(Ask("rain", "letter"), channel="other"))


async def test_a_member_waits_and_so_does_a_channel(table: Table, clock: FakeClock) -> None:
    await rule(table, "pause", "120")
    await rule(table, "quiet", "10")
    await table.do(Ask("rain"), at="one")
    with pytest.raises(
        LimitReached, match=r"in this channel\. The next can be opened in 10 seconds"
    ):
        await table.do(Ask("snow"), "ben")
    clock.shift(timedelta(seconds=10))
    await table.do(Ask("snow"), "ben")
    clock.shift(timedelta(seconds=10))
    with pytest.raises(LimitReached, match="another in 1 minute 40 seconds"):
        await table.do(Ask("hail"))
    await table.do(Ask("rain"), at="one")  # a redelivery is no second round
    clock.shift(timedelta(seconds=100))
    await table.do(Ask("hail"))


async def test_hidden_tallies_stay_hidden_in_their_round(table: Table) -> None:
    await rule(table, "tallies", "close")
    await table.do(Ask("rain"))
    receipt = words(await table.do(Vote((1,)), "ben"))
    assert "1/1" not in receipt
    assert "when the round closes" in receipt
    assert "1 vote" not in words(await table.do(Show(), "ben"))
    await rule(table, "tallies", "always")  # what is open keeps what it was opened with
    assert "1/1" not in words(await table.do(Vote((2,)), "ben"))
    await table.do(Ask("snow"))
    await table.do(Vote((1,)), "ben")
    assert "1 vote" in words(table.stage.now_showing("round", await table.here()))


async def test_the_language_is_told_to_the_model(table: Table) -> None:
    await rule(table, "language", "es")
    await table.do(Ask("rain"))
    assert table.writer.briefs[-1].language == "Spanish"


async def test_a_value_that_is_none_changes_nothing(table: Table) -> None:
    with pytest.raises(BadInput, match="Choose one of"):
        await rule(table, "hours", "soon")
    with pytest.raises(BadInput, match="same in every channel"):
        await rule(table, "links", "off", here=True)
    with pytest.raises(NotFound, match="There are"):
        await rule(table, "colour", "blue")
    assert "Nothing yet" in words(await table.do(ShowLog(), "org", manages=True))


async def test_a_rule_can_be_undone_from_its_card(table: Table) -> None:
    await rule(table, "hours", "6")
    card = await rule(table, "hours", "48")
    (select,) = [b for b in card.blocks if isinstance(b, Select) and "open" in b.label]
    assert select.chosen == ("48",)
    card = await rule(table, "hours", "6")
    card = await rule(table, "hours", "")
    (select,) = [b for b in card.blocks if isinstance(b, Select) and "open" in b.label]
    assert select.chosen == ()


async def test_a_preset_sets_several_and_is_undone_as_one(table: Table) -> None:
    await rule(table, "pause", "45")
    await rule(table, "hours", "6")
    community = (await table.community()).id
    before = {"pause": "45", "hours": "6"}
    card = await table.do(SetPreset("strict"), "org", manages=True)
    await table.do(SetPreset("strict"), "org", manages=True)  # once more changes nothing
    await table.do(Ask("rain"))
    assert (await table.rounds.read(await table.here())).round.tallies_for == "close"
    assert "Links: no" in words(await table.do(ShowRules("safety"), "org", manages=True))
    (undo, *_) = [b for block in card.blocks if isinstance(block, Buttons) for b in block.buttons]
    assert undo.label == "Undo"
    await table.do(request_of(decode(undo.action)), "org", manages=True)
    assert (await Charters(table.muse.store).of(community)).rules == before
    with pytest.raises(NotFound, match="nothing to undo"):
        await table.do(SetPreset("back"), "org", manages=True)
    log = words(await table.do(ShowLog(), "org", manages=True)).splitlines()[1:]
    assert [row.partition("@org ")[2] for row in log] == [
        "undid that, so that those settings are as before",
        "set this place up as “strict”",
        "set “Rounds stay open” to 6 hours",
        "set “Pause for a member” to 45 seconds",
    ]


async def test_the_log_tells_what_a_rule_was_and_where(table: Table) -> None:
    await rule(table, "hours", "6")
    await rule(table, "hours", "48")
    await rule(table, "hours", "48")
    await rule(table, "hours", "1", here=True)
    await rule(table, "hours", "")
    log = words(await table.do(ShowLog(), "org", manages=True)).splitlines()[1:]
    assert [row.partition("@org ")[2] for row in log] == [
        "set “Rounds stay open” to the usual, from 48 hours",
        "set “Rounds stay open” to 1 hour for one channel",
        "set “Rounds stay open” to 48 hours, from 6 hours",
        "set “Rounds stay open” to 6 hours",
    ]


async def test_who_is_named_organises(table: Table) -> None:
    with pytest.raises(NotAllowed, match="Only organisers"):
        await table.do(AddLore("the lift is called Gerald"), "ben")
    await table.do(NameOrganiser("ben"), "org", manages=True)
    await table.do(AddLore("the lift is called Gerald"), "ben")
    await table.do(Ask("rain"), "ana")
    await table.do(Close(), "ben")
    await table.do(NameOrganiser("ben", on=False), "org", manages=True)
    with pytest.raises(NotAllowed):
        await table.do(ShowOrganisers(), "ben")


async def test_who_is_blocked_can_only_ask_for_help(table: Table) -> None:
    await table.do(Ask("rain"))
    await table.do(Block("ben", "floods"), "org", manages=True)
    for request in (Ask("snow"), Vote((1,)), Add("a line"), Show()):
        with pytest.raises(NotAllowed, match="blocked you from Muse"):
            await table.do(request, "ben")
    await table.do(Help(), "ben")
    await table.do(Block("ben", on=False), "org", manages=True)
    await table.do(Vote((1,)), "ben")


async def test_nobody_blocks_themselves(table: Table) -> None:
    with pytest.raises(NotAllowed):
        await table.do(Block("org"), "org", manages=True)


async def test_a_list_of_the_blocked_names_nobody(table: Table, store: Store) -> None:
    await table.do(Block("ben"), "org", manages=True)
    community = (await table.community()).id
    kept = await store.call("HGETALL", keys.community(community).blocked)
    assert kept
    assert "ben" not in str(next(iter(kept)))


async def test_the_log_tells_who_did_what_and_why(table: Table, clock: FakeClock) -> None:
    await rule(table, "hours", "6")
    clock.shift(timedelta(minutes=1))
    await table.do(Block("ben", "floods every round"), "org", manages=True)
    await table.do(Block("ben", "again"), "org", manages=True)  # changed nothing
    lines = words(await table.do(ShowLog(), "org", manages=True)).split("\n")
    told = "\n".join(lines)
    assert "blocked member" in told
    assert "“floods every round”" in told
    assert "set “Rounds stay open” to 6 hours" in told
    assert told.index("blocked") < told.index("“Rounds"), "the newest comes first"
    assert "again" not in told


async def test_another_process_hears_of_it_within_moments(
    table: Table, store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = compose(
        store,
        clock,
        Composers.by(ScriptedWriter()),
        LimitSettings(),
        "UTC",
        {"test": MemoryStage()},
        lambda: 7,
        refresh_pause=0.0,
    )
    monkeypatch.setattr(charters, "KEPT", 0.0)
    await other.app.handle(command(Ask("rain"), "ben"))
    await table.do(Block("ben"), "org", manages=True)
    with pytest.raises(NotAllowed):
        await other.app.handle(command(Ask("snow"), "ben", space=SPACE))
