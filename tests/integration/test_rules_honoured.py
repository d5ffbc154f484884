"""What a community has set is what every use case does; what one has not set is the operator's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cards import Bar
from bot.community.rules import BY_NAME, PRESETS, RULES
from bot.community_requests import Report, SetPreset, SetRule
from bot.errors import LimitReached, NotAllowed, Refusal
from bot.models import RoundRef, Tenure
from bot.requests import Add, Again, Ask, Close, Command, Invite, Refine, Remix, Request, Show, Vote
from bot.storage.charters import Charters
from tests.support import Table, command, words

OPENING: tuple[Request, ...] = (Ask("another"), Again(), Refine("shorter"), Invite("rain"))
PROVED = {  # each rule, and the test that proves it
    "answers",
    "language",
    "forms",
    "hours",
    "tallies",
    "entries",
    "pause",
    "quiet",
    "links",
    "moderation",
    "reports",
    "account-days",
    "member-days",
    "tokens",
    "member-tokens",
}


def elsewhere(request: Request, who: str = "ana", *, manages: bool = False) -> Command:
    return command(request, who, channel="cellar", manages=manages)


async def opened(table: Table) -> RoundRef:
    await table.do(Ask("a lighthouse"), "ana")
    return await table.here()


async def set_rule(table: Table, rule: str, value: str, *, here: bool = False) -> None:
    await table.do(SetRule(rule, value, here), "boss", manages=True)


def test_every_rule_is_proved_somewhere() -> None:
    """`moderation` and `links` also in `test_moderation`, tokens in the budgets' own tests."""
    assert {rule.name for rule in RULES} == PROVED
    assert set(BY_NAME) == PROVED
    assert all(set(values) <= PROVED for values in PRESETS.values())


@pytest.mark.parametrize("request_", OPENING, ids=lambda each: type(each).__name__)
async def test_answers(table: Table, request_: Request) -> None:
    await opened(table)
    await set_rule(table, "answers", "off", here=True)
    with pytest.raises(NotAllowed, match="no prompts in this channel"):
        await table.do(request_, "bo")
    await table.do(Vote((1,)), "bo")
    await table.muse.app.handle(elsewhere(Ask("another")))
    await set_rule(table, "answers", "on", here=True)
    await table.do(request_, "bo")


@pytest.mark.parametrize("request_", OPENING, ids=lambda each: type(each).__name__)
async def test_pauses_hold_for_every_way_to_open_a_round(table: Table, request_: Request) -> None:
    await set_rule(table, "pause", "60")
    await opened(table)
    with pytest.raises(LimitReached, match="You can open another in 1 minute"):
        await table.do(request_, "ana")
    await table.do(request_, "bo")
    table.clock.shift(timedelta(seconds=60))
    await set_rule(table, "quiet", "300")
    with pytest.raises(LimitReached, match="in this channel"):
        await table.do(request_, "cem")
    await table.muse.app.handle(elsewhere(Ask("another"), "cem"))
    table.clock.shift(timedelta(seconds=300))
    await table.do(request_, "dee")


async def test_forms(table: Table) -> None:
    await opened(table)
    await set_rule(table, "forms", "short")
    with pytest.raises(Refusal, match="The only forms here"):
        await table.do(Ask("a storm", "micro-story"))
    await table.do(Ask("a storm", "haiku"))
    assert table.writer.briefs[-1].form == "haiku"


async def test_hours(table: Table) -> None:
    await set_rule(table, "hours", "2")
    await set_rule(table, "hours", "6", here=True)
    ref = await opened(table)
    round_ = (await table.rounds.read(ref)).round
    assert round_.closes - round_.opened == timedelta(hours=6)
    await set_rule(table, "hours", "", here=True)
    ref = await opened(table)
    round_ = (await table.rounds.read(ref)).round
    assert round_.closes - round_.opened == timedelta(hours=2)


async def test_tallies(table: Table) -> None:
    for value, receipt, public in (
        ("vote", True, False),
        ("always", True, True),
        ("close", False, False),
    ):
        await set_rule(table, "tallies", value)
        ref = await opened(table)
        card = await table.do(Vote((1,), (), ref), "bo")
        assert any(isinstance(block, Bar) for block in card.blocks) is receipt
        assert ("1 vote" in words(table.stage.now_showing("round", ref))) is public
        seen = words(await table.do(Show(ref), "bo"))
        assert ("1 vote" in seen) is (value != "close")
        await table.do(Close(ref), "ana")
        assert "1 of 1" in words(table.stage.now_showing("result", ref))


async def test_entries(table: Table) -> None:
    await set_rule(table, "entries", "1")
    ref = await opened(table)
    await table.do(Add("one", 0, ref), "bo")
    for more in (Add("two", 0, ref), Remix(1, "two", ref)):
        with pytest.raises(LimitReached, match="as often as one person may"):
            await table.do(more, "bo")
    await table.do(Add("mine", 0, ref), "cem")


async def test_language(table: Table) -> None:
    await set_rule(table, "language", "de")
    await opened(table)
    assert table.writer.briefs[-1].language == "German"
    await set_rule(table, "language", "fr", here=True)
    await opened(table)
    assert table.writer.briefs[-1].language == "French"


async def test_links(table: Table) -> None:
    ref = await opened(table)
    await set_rule(table, "links", "off")
    for request in (Ask("see example.com"), Add("see example.com", 0, ref), Invite("example.com")):
        with pytest.raises(Refusal, match="links are kept out"):
            await table.do(request, "bo")


@pytest.mark.parametrize("rule", ["account-days", "member-days"])
async def test_gates(table: Table, rule: str) -> None:
    ref = await opened(table)
    await set_rule(table, rule, "7")
    now = table.clock.now()
    two_days, guest = Tenure(now - timedelta(days=2), now - timedelta(days=2)), Tenure(full=False)
    for request in (Vote((1,), (), ref), Add("mine", 0, ref), Remix(1, "mine too", ref)):
        for tenure, said in ((two_days, "5 days"), (guest, "full members can")):
            with pytest.raises(NotAllowed, match=said):
                await table.muse.app.handle(command(request, "bo", standing=tenure))
        await table.muse.app.handle(command(request, "boss", manages=True, standing=two_days))
    await table.do(Vote((1,), (), ref), "cem")  # of whom the platform tells nothing
    # Whoever is outside may still read, ask and report.
    for open_to_all in (Show(ref), Ask("another"), Report(1, "", ref)):
        await table.muse.app.handle(command(open_to_all, "bo", standing=two_days))
    table.clock.shift(timedelta(days=5))
    await table.muse.settle()
    fresh = await opened(table)
    await table.muse.app.handle(command(Vote((1,), (), fresh), "bo", standing=two_days))


async def test_a_preset_sets_what_it_names_and_no_more(table: Table) -> None:
    await set_rule(table, "hours", "6")
    await table.do(SetPreset("strict"), "boss", manages=True)
    charter = await Charters(table.muse.store).of((await table.community()).id)
    assert {name: value for name, value in charter.rules.items() if name != "~"} == {
        "hours": "6",
        **PRESETS["strict"],
    }
