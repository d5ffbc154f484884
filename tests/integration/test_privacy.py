"""Being forgotten, on a real Redis: no trace of the member, and nobody else's data changed."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from bot.cards import Card
from bot.community import privacy
from bot.community_requests import (
    AddLore,
    Block,
    Disqualify,
    HideEntry,
    Mine,
    NameOrganiser,
    Report,
    SetRule,
    ShowLog,
)
from bot.errors import MuseError, NotAllowed
from bot.game import closing
from bot.game.composing import Composers
from bot.models import RoundRef, UserRef
from bot.requests import Add, Again, Ask, Close, Invite, Refine, Remix, Show, Top, Unvote, Vote
from bot.settings import LimitSettings
from bot.storage import keys
from bot.storage.client import Store, script
from bot.storage.linked import Linked
from bot.storage.members import CHUNK, Members
from bot.storage.votes import milliseconds, read_choices
from bot.wiring import compose
from bot.wording import en
from bot.writing.deck import DeckWriter
from bot.writing.engine import Engine
from tests.support import (
    ADDRESS,
    SPACE,
    FakeClock,
    MemoryStage,
    ScriptedWriter,
    Table,
    member,
    opening,
    words,
)
from tests.traces import Held, held, traces

ANA = "ana4f7c1b90"  # a name that no other text holds
OF_HERS = "quillwort"  # in everything that she writes, and in nothing else
NEEDLES = (ANA, OF_HERS)
FORGET = Mine("forget", sure=True)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Members wait until all is done, however slow the machine is."""
    monkeypatch.setattr(privacy, "PATIENCE", 60.0)


@pytest.fixture
def table(
    store: Store,
    clock: FakeClock,
    stage: MemoryStage,
    writer: ScriptedWriter,
    limits: LimitSettings,
) -> Table:
    """A game whose writer also writes remixes."""
    rng = Random(1)
    muse = compose(
        store,
        clock,
        Composers(writer, writer, writer),
        limits,
        "UTC",
        {"test": stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
    )
    return Table(muse, clock, stage, writer)


class Town:
    """A community in which one member has done everything that one can."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.closed: list[RoundRef] = []
        self.open: list[RoundRef] = []

    async def ask(self, request: Any, who: str) -> RoundRef:
        await self.table.do(request, who)
        return await self.table.here()

    async def build(self) -> None:
        do = self.table.do
        await do(NameOrganiser(ANA), "ben", manages=True)
        await do(AddLore("the lift is called Gerald"), ANA)
        await do(Block("mallory", f"{OF_HERS} everywhere"), ANA)
        await do(SetRule("hours", "48"), ANA)

        hers = await self.ask(Ask(f"a {OF_HERS} at noon", without=(f"{OF_HERS}s",)), ANA)
        await do(Add(f"one {OF_HERS}, alone"), ANA)  # 5
        await do(Add("two of them", parent=5), "ben")  # 6
        await do(Vote((5, 6, 1)), "cy")
        await do(Vote((5, 2)), "ben")
        await do(Vote((6, 3)), ANA)
        await do(Close(), ANA)
        await do(Again(hers), "ben")  # with her prompt
        again = await self.table.here()
        await do(Add("a third thing"), "cy")
        await do(Vote((5,)), "ben")

        bens = await self.ask(Ask("a bridge in fog"), "ben")
        await do(Add(f"{OF_HERS} on the bridge"), ANA)  # 5
        await do(Vote((5,)), "cy")
        await do(Vote((1, 2)), ANA)
        await do(Close(), "ben")

        await do(Refine(f"more {OF_HERS}", (1,), round=bens), ANA)
        refined = await self.table.here()
        invited = await self.ask(Invite(f"on {OF_HERS}"), ANA)
        still = await self.ask(Ask("a clock that stops"), "cy")
        await do(Add(f"tick {OF_HERS} tock"), ANA)  # 5
        await do(Add("my own, after hers", parent=5), "cy")  # 6
        await do(Vote((5, 1)), "ben")
        await do(Vote((5,)), "cy")
        await do(Vote((6, 1)), ANA)
        await do(Remix(1, f"with a {OF_HERS}", still), ANA)
        await self.table.quick(Remix(2, f"with a late {OF_HERS}", still), ANA)  # not written yet
        self.closed = [hers, bens]
        self.open = [again, refined, invited, still]

    def keys(self, ref: RoundRef) -> keys.RoundKeys:
        return keys.round_keys(ref.community, ref.round)


@pytest.fixture
async def town(table: Table) -> Town:
    built = Town(table)
    await built.build()
    return built


async def begun(table: Table, briefs: int) -> None:
    """Wait until the writer has begun so many rounds or remixes, and stands at its gate."""
    while len(table.writer.briefs) < briefs:  # noqa: ASYNC110 the writer rings no bell
        await asyncio.sleep(0)


async def years_pass(table: Table) -> None:
    """Every round closes, is told and expires."""
    for _ in range(3):
        table.clock.shift(timedelta(days=120))
        await table.muse.settle()


def boards(everything: Held) -> Held:
    return {
        key: content
        for key, content in everything.items()
        if ":b:" in key and not key.endswith(":pieces")
    }


def flat(content: Any) -> dict[str, str]:
    return content if isinstance(content, dict) else dict(zip(*[iter(content)] * 2, strict=True))


def recounted(votes: dict[str, str]) -> dict[str, int]:
    """The approvals of a round, counted from its votes."""
    counts: dict[str, int] = {}
    for text in votes.values():
        for choice in read_choices(text):
            counts[str(choice.entry)] = counts.get(str(choice.entry), 0) + 1
    return counts


async def assert_counted(town: Town, url: str) -> None:
    everything = await held(url)
    for ref in town.open:
        own = town.keys(ref)
        votes = flat(everything.get(own.votes, ("", {}))[1])
        tally = flat(everything.get(own.tally, ("", {}))[1])
        told = {
            name: int(count) for name, count in tally.items() if name.isdigit() and count != "0"
        }
        assert told == recounted(votes)
        assert sum(int(n) for name, n in tally.items() if name[0] == "s") == len(votes)


@pytest.mark.usefixtures("town")
async def test_the_scan_finds_what_is_there(empty_url: str) -> None:
    everything = await held(empty_url)
    assert traces(everything, ANA)
    assert traces(everything, OF_HERS)
    hidden = dict(everything)
    hidden["x"] = ("string", f"zz{OF_HERS}".encode().hex())
    assert len(traces(hidden, OF_HERS)) == len(traces(everything, OF_HERS)) + 1
    hidden["x"] = ("string", "ZXxxdWlsbHdvcnR8")  # e|quillwort|
    assert len(traces(hidden, OF_HERS)) == len(traces(everything, OF_HERS)) + 1


async def test_forgetting_leaves_no_trace(town: Town, empty_url: str) -> None:
    card = await town.table.quick(FORGET, ANA)
    assert words(card) == en.FORGOTTEN_NOW
    assert traces(await held(empty_url), *NEEDLES) == []  # before the agenda has done anything
    await town.table.muse.settle()
    everything = await held(empty_url)
    assert traces(everything, *NEEDLES) == []
    assert not [key for key in everything if "dead" in key]
    await assert_counted(town, empty_url)


async def test_who_need_not_wait_is_forgotten_all_the_same(
    town: Town, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "PATIENCE", 0.0)
    card = await town.table.quick(FORGET, ANA)
    assert words(card) == en.FORGOTTEN_SOON
    assert not traces(await held(empty_url), ANA), "nothing leads to her from the first moment"
    await town.table.muse.settle()
    everything = await held(empty_url)
    assert traces(everything, *NEEDLES) == []
    assert not [key for key in everything if "dead" in key]
    await assert_counted(town, empty_url)


async def test_closed_results_stand(town: Town, empty_url: str) -> None:
    before = await held(empty_url)
    await town.table.do(FORGET, ANA)
    after = await held(empty_url)
    assert boards(after) == boards(before)
    assert boards(after)
    for ref in town.closed:
        own = town.keys(ref)
        assert after[own.votes] == before[own.votes]
        assert after[own.tally] == before[own.tally]
        old, new = (
            flat(found[own.entries][1]) if own.entries in found else {} for found in (before, after)
        )
        assert {n: json.loads(text) | {"t": ""} for n, text in old.items()} == {
            n: json.loads(text) | {"t": ""} for n, text in new.items()
        }
    table = town.table
    best = words(await table.do(Top(), "ben"))
    assert en.FORGOTTEN_PIECE in best
    assert en.PROMPT_TAKEN_BACK in best
    assert "“a bridge in fog”" in best
    assert "someone who left" in words(await table.do(Top("people"), "ben"))
    shown = words(await table.do(Show(town.closed[0]), "ben"))
    assert en.PROMPT_TAKEN_BACK in shown
    assert f"{en.FORGOTTEN_PIECE} someone who left" in shown
    assert "two of them @ben" in shown


async def test_what_is_open_is_withdrawn_and_rounds_keep_standing(town: Town) -> None:
    await town.table.do(FORGET, ANA)
    again, refined, invited, still = [
        (await town.table.rounds.read(ref)).round for ref in town.open
    ]
    assert all(round_.taking for round_ in (again, refined, invited, still))
    assert again.prompt == ""  # it was hers
    assert again.people[again.asker] == member("ben")
    assert refined.prompt == "a bridge in fog"  # it was his
    assert refined.wish.pieces == (1,)
    assert refined.wish.twist == ""
    assert refined.asker not in refined.people
    assert invited.theme == invited.prompt == ""
    assert [entry.number for entry in still.entries if entry.withdrawn] == [5, 7, 8, 9]
    assert still.twists == ()
    assert still.voters == 1  # cy's vote was for hers alone
    assert still.tallies[1].approvals == 1


async def test_messages_show_it_too(town: Town) -> None:
    stage = town.table.stage
    await town.table.do(FORGET, ANA)
    for ref in (*town.closed, *town.open):
        assert OF_HERS not in words(stage.now_showing("round", ref))
        assert f"@{ANA}" not in words(stage.now_showing("round", ref))
    for ref in town.closed:
        result = words(stage.now_showing("result", ref))
        assert OF_HERS not in result
    assert en.FORGOTTEN_PIECE in words(stage.now_showing("result", town.closed[0]))


async def test_nobody_elses_data_changes(town: Town, empty_url: str) -> None:
    table = town.table
    for who in ("ben", "cy"):  # a vote for what she withdraws would go with it
        await table.do(Unvote((5,), round=town.open[-1]), who)
    exports = [(await table.do(Mine("export"), who)).file for who in ("ben", "cy")]
    before = await held(empty_url)
    await table.do(FORGET, ANA)
    after = await held(empty_url)
    for who, before_it in zip(("ben", "cy"), exports, strict=True):
        now = (await table.do(Mine("export"), who)).file
        assert now is not None
        assert before_it is not None
        assert json.loads(now.text) == json.loads(before_it.text)
    shared = keys.community((await table.community()).id)
    for key in (shared.ids, shared.people):
        left = {k: v for k, v in flat(before[key][1]).items() if ANA not in (k + v)}
        assert flat(after[key][1]) == left
    for key in (shared.lore, shared.lenses, shared.rules, shared.words, shared.spaces):
        assert after.get(key) == before.get(key)
    record = flat(before[shared.record][1])
    hers = {"s2", "p2"}  # since when she was known, and that she took part
    assert flat(after[shared.record][1]) == {k: v for k, v in record.items() if k not in hers}
    for ref in (*town.closed, *town.open):
        own = town.keys(ref)
        old, new = (flat(at.get(own.entries, ("", {}))[1]) for at in (before, after))
        others = {number: text for number, text in old.items() if json.loads(text)["a"] != 2}
        assert others == {n: text for n, text in new.items() if json.loads(text)["a"] != 2}


async def test_the_log_names_nobody_who_left(town: Town) -> None:
    table = town.table
    await table.do(FORGET, ANA)
    log = words(await table.do(ShowLog(), "ben", manages=True))
    assert "someone who left blocked member mallory" in log.replace("@", "")
    assert "@ben named member #2 an organiser" in log
    with pytest.raises(NotAllowed):  # she organises no more
        await fresh(table).do(ShowLog(), ANA)


def fresh(table: Table) -> Table:
    """Another process on the same Redis, which has nothing in memory."""
    muse = compose(
        table.muse.store,
        table.clock,
        Composers(table.writer, table.writer, table.writer),
        LimitSettings(),
        "UTC",
        {"test": table.stage},
        lambda: 7,
        refresh_pause=0.0,
    )
    return Table(muse, table.clock, table.stage, table.writer)


async def test_twice_and_by_somebody_unknown(town: Town, empty_url: str) -> None:
    table = town.table
    await table.do(FORGET, ANA)
    before = await held(empty_url)
    assert words(await table.do(FORGET, ANA)) == en.FORGOTTEN_BEFORE
    assert words(await table.do(FORGET, "nobody")) == en.FORGOTTEN_BEFORE
    assert await held(empty_url) == before


async def test_who_plays_again_is_somebody_new(town: Town, empty_url: str) -> None:
    table = town.table
    members = Members(table.muse.store)
    community = (await table.community()).id
    old = await members.numbers(community, member(ANA))
    await table.do(FORGET, ANA)
    still = town.open[-1]
    await table.do(Vote((6,), round=still), ANA)
    await table.do(Add("once more", round=still), ANA)
    new = await members.numbers(community, member(ANA))
    assert new not in ((), old)
    assert await members.points(community, new) == 0
    await assert_counted(town, empty_url)
    await table.do(FORGET, ANA)
    assert traces(await held(empty_url), *NEEDLES) == []


@pytest.mark.parametrize("steps", range(7))
async def test_killed_between_any_two_steps(town: Town, empty_url: str, steps: int) -> None:
    table, clock = town.table, town.table.clock
    members = Members(table.muse.store)
    community = (await table.community()).id
    numbers = await members.numbers(community, member(ANA))
    assert await members.leave(community, member(ANA), clock.now()) == "2"
    assert numbers == ("2",)
    for ref in (*town.closed, *town.open)[:steps]:
        await members.forget_in_round(ref, numbers, clock.now(), clock.now() + timedelta(days=90))
    await fresh(table).muse.settle()  # another process goes on with it
    assert traces(await held(empty_url), *NEEDLES) == []
    await assert_counted(town, empty_url)


async def test_steps_twice_and_in_any_order(town: Town, empty_url: str) -> None:
    table, now = town.table, town.table.clock.now()
    members = Members(table.muse.store)
    community = (await table.community()).id
    number = (await members.leave(community, member(ANA), now),)
    refs = [*town.closed, *town.open]
    touched = []
    for ref in [*refs[::-1], *refs[::2], *refs]:
        touched.append(await members.forget_in_round(ref, number, now, now))
        await members.forget_in_hall(community, number)
        assert await members.leave(community, member(ANA), now) == ""
    assert touched[: len(refs)] == [True] * len(refs)
    assert touched[len(refs) :] == [False] * (len(touched) - len(refs))
    assert traces(await held(empty_url), *NEEDLES) == []
    await assert_counted(town, empty_url)


async def test_while_she_votes_and_adds(town: Town, empty_url: str) -> None:
    table = town.table
    still = town.open[-1]

    async def quietly(work: Awaitable[Card]) -> None:
        # Her own pieces of a moment ago, places that are taken back.
        with contextlib.suppress(MuseError):
            await work

    async def play(turn: int) -> None:
        for step in range(4):
            await quietly(table.quick(Vote((1, 2, 3), round=still), ANA))
            text = f"{OF_HERS} {turn}.{step}"
            await quietly(table.quick(Add(text, parent=turn % 4 + 1, round=still), ANA))
            await quietly(table.quick(Unvote((2,), round=still), ANA))
            await quietly(table.quick(Vote((turn % 6 + 1,), round=still), "ben"))

    forgets = [table.do(FORGET, ANA) for _ in range(3)]
    await asyncio.gather(*(play(turn) for turn in range(4)), *forgets)
    await table.muse.settle()
    await assert_counted(town, empty_url)
    view = await table.rounds.read(still, SPACE, member(ANA))
    assert {e.author for e in view.round.standing if e.author} <= {1, 3, view.reader}
    await table.do(FORGET, ANA)
    assert traces(await held(empty_url), *NEEDLES) == []
    await assert_counted(town, empty_url)


async def test_what_muse_wrote_on_a_prompt_keeps_nothing_of_it(
    store: Store, clock: FakeClock, stage: MemoryStage, empty_url: str
) -> None:
    """The deck builds its pieces from the prompt's words. They go; places and votes stay."""
    rng, deck = Random(4), Engine(None, DeckWriter())
    composers = Composers(deck, deck, deck)
    muse = compose(
        *(store, clock, composers, LimitSettings(), "UTC", {"test": stage}),
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
    )
    table = Table(muse, clock, stage, ScriptedWriter())
    refs = []
    for prompt in (f"a {OF_HERS} at noon", f"{OF_HERS}s", "Die Quillwort-Fähre"):
        await table.do(Ask(prompt), ANA)
        refs.append(await table.here())
        await table.do(Vote((1, 3), round=refs[-1]), "ben")
        await table.do(Vote((3,), round=refs[-1]), "cy")
    closed, *still = refs
    await table.do(Ask("a lighthouse afraid of the dark"), "ben")
    bens = await table.here()
    await table.do(Close(closed), ANA)
    before = [(await table.rounds.read(ref)).round for ref in refs]
    untouched = [entry.text for entry in (await table.rounds.read(bens)).round.standing]
    assert any(OF_HERS in entry.text.casefold() for entry in before[0].entries)
    ranked = boards(await held(empty_url))
    await table.do(FORGET, ANA)
    everything = await held(empty_url)
    assert traces(everything, *NEEDLES) == []
    assert boards(everything) == ranked
    for ref, old in zip(refs, before, strict=True):
        now = (await table.rounds.read(ref)).round
        assert now.tallies == old.tallies
        assert len(now.standing) == len(old.standing) == 4
        assert any("…" in entry.text for entry in now.standing)
    assert [e.text for e in (await table.rounds.read(bens)).round.standing] == untouched
    for ref in refs:
        shown = stage.now_showing("round", ref)
        assert OF_HERS not in words(shown).casefold()
    await table.do(Vote((2,), round=still[0]), "ben")  # it goes on
    await years_pass(table)
    assert traces(await held(empty_url), *NEEDLES) == []


async def test_a_prompt_asked_again_meanwhile(town: Town, empty_url: str) -> None:
    """Who reads her prompt just before it goes can't bring it back."""
    table, now = town.table, town.table.clock.now()
    community = (await table.community()).id
    hers = town.closed[0]
    prompt = (await table.rounds.read(hers)).round.prompt
    number = await Members(table.muse.store).leave(community, member(ANA), now)
    copied = opening(now, prompt=prompt)
    copied = type(copied)(
        copied.prompt, copied.form, copied.wanted, copied.seed, copied.closes, hers.round
    )
    # Before the walk comes to her round, it can be asked again; the walk's end finds that one.
    await table.rounds.open(community, "early", member("ben"), ADDRESS, copied, now)
    await table.muse.settle()
    with pytest.raises(MuseError) as refused:
        await table.rounds.open(community, "late", member("ben"), ADDRESS, copied, now)
    assert str(refused.value) == en.PROMPT_GONE
    assert number
    assert traces(await held(empty_url), *NEEDLES) == []


async def test_a_round_that_is_still_being_written(table: Table, empty_url: str) -> None:
    table.writer.gate.clear()
    await table.quick(Ask(f"a {OF_HERS}"), ANA)
    alone = await table.here()
    await table.quick(Ask(f"{OF_HERS} two"), ANA)
    shared = await table.here()
    await table.quick(Add("somebody else’s", round=shared), "ben")
    writing = asyncio.create_task(table.muse.settle())
    while not table.writer.briefs:  # noqa: ASYNC110 the scripted writer has no event for it
        await asyncio.sleep(0)
    await table.quick(FORGET, ANA)
    table.writer.gate.set()
    await writing
    await table.muse.settle()
    assert (await table.rounds.read(alone)).round.state == "withdrawn"
    left = (await table.rounds.read(shared)).round
    assert left.state == "open"
    assert [e.text for e in left.standing if e.author] == ["somebody else’s"]
    assert traces(await held(empty_url), *NEEDLES) == []
    await years_pass(table)
    assert not [key for key in await held(empty_url) if ":r:" in key]


async def test_nothing_more_is_written_on_a_prompt_that_is_gone(table: Table) -> None:
    table.writer.gate.clear()
    await table.quick(Ask(f"a {OF_HERS}"), ANA)
    ref = await table.here()
    await table.quick(Add("somebody else’s", round=ref), "ben")
    writing = asyncio.create_task(table.muse.settle())
    await begun(table, 1)
    await table.quick(FORGET, ANA)
    table.writer.gate.set()
    await writing
    await table.muse.settle()
    left = (await table.rounds.read(ref)).round
    assert left.state == "open"
    assert [entry.text for entry in left.entries] == ["somebody else’s"]


async def test_a_twist_that_is_being_written_comes_to_nothing(table: Table, empty_url: str) -> None:
    await table.do(Ask("a lighthouse"), "ben")
    table.writer.gate.clear()
    await table.quick(Remix(1, f"as a {OF_HERS}"), ANA)
    writing = asyncio.create_task(table.muse.settle())
    while len(table.writer.briefs) < 2:  # noqa: ASYNC110 the same
        await asyncio.sleep(0)
    community = (await table.community()).id
    # Only the first step, as where the process dies: her identity is gone, her twist is not yet.
    await Members(table.muse.store).leave(community, member(ANA), table.clock.now())
    table.writer.gate.set()
    await writing
    await table.muse.settle()
    round_ = (await table.rounds.read(await table.here())).round
    assert [entry for entry in round_.entries if entry.author] == []
    assert traces(await held(empty_url), *NEEDLES) == []


async def test_a_block_survives(table: Table, empty_url: str) -> None:
    await table.do(Ask("a lighthouse"), ANA)
    await table.do(Block(ANA, f"@{ANA} floods"), "ben", manages=True)
    with pytest.raises(NotAllowed):
        await table.do(Vote((1,)), ANA)
    exported = (await table.do(Mine("export"), ANA)).file  # which they may have all the same
    assert exported is not None
    assert ANA in exported.text
    await table.do(FORGET, ANA)
    assert traces(await held(empty_url), ANA) == []
    for process in (table, fresh(table)):
        with pytest.raises(NotAllowed) as refused:
            await process.do(Vote((1,)), ANA)
        assert str(refused.value) == en.YOU_ARE_BLOCKED
    await table.do(Block(ANA, on=False), "ben", manages=True)
    await table.do(Vote((1,)), ANA)


async def test_somebody_who_was_only_spoken_of(table: Table, empty_url: str) -> None:
    await table.do(NameOrganiser(ANA), "ben", manages=True)
    await table.do(NameOrganiser(ANA, on=False), "ben", manages=True)
    await table.do(FORGET, ANA)
    assert traces(await held(empty_url), ANA) == []
    log = words(await table.do(ShowLog(), "ben", manages=True))
    assert "took member #2 off the organisers" in log


async def test_pieces_that_outlive_their_rounds(town: Town, empty_url: str) -> None:
    table = town.table
    await years_pass(table)
    everything = await held(empty_url)
    assert not [key for key in everything if ":r:" in key]
    assert traces(everything, OF_HERS)  # among the best of all time
    exported = (await table.do(Mine("export"), ANA)).file
    assert exported is not None
    best = json.loads(exported.text)["best_of_all_time"]
    assert f"one {OF_HERS}, alone" in [piece["text"] for piece in best]
    scores = boards(everything)
    await table.do(FORGET, ANA)
    after = await held(empty_url)
    assert traces(after, *NEEDLES) == []
    assert boards(after) == scores
    assert en.FORGOTTEN_PIECE in words(await table.do(Top(period="all"), "ben"))


async def test_nothing_is_left_of_a_round_that_has_expired(
    town: Town, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "HALL", 0)  # where it is not among the best of all time
    table = town.table
    refs = [*town.closed, *town.open]
    texts = [e.text for ref in refs for e in (await table.rounds.read(ref)).round.entries if e.text]
    assert len(texts) > 20
    await years_pass(table)
    everything = await held(empty_url)
    assert traces(everything, *(ref.round for ref in refs), *texts, "bridge in fog") == []
    assert traces(everything, f"{OF_HERS} at noon", f"late {OF_HERS}") == []
    assert not [key for key in everything if ":r:" in key or ":agenda" in key]


async def test_what_is_mine(town: Town) -> None:
    table = town.table
    card = await table.do(Mine(), ANA)
    later = words(await table.do(Mine(page=2), ANA))
    said = words(card) + later
    assert f"tick {OF_HERS} tock" in said
    assert "“a clock that stops”" in said
    assert "“a clock that stops”: 1 and 6" in said
    assert en.MINE_KEEPS_ORGANISER in said
    assert "my own, after hers" not in said
    assert f"one {OF_HERS}, alone" in said
    assert "2 votes of 2 who saw it" in said
    assert en.MINE_NO_MORE in words(await table.do(Mine(page=9), ANA))


async def test_a_hidden_tally_stays_hidden(table: Table) -> None:
    await table.do(SetRule("tallies", "close"), "ben", manages=True)
    await table.do(Ask("a lighthouse"), "ben")
    await table.do(Add("mine"), ANA)
    await table.do(Vote((5,)), "ben")
    await table.do(Vote((1,)), ANA)
    assert "vote" not in words(await table.do(Mine(), ANA)).split("Your votes")[0]
    exported = (await table.do(Mine("export"), ANA)).file
    assert exported is not None
    assert "votes" not in json.loads(exported.text)["rounds"][0]["your_pieces"][0]


async def test_a_piece_that_was_struck_or_hidden_is_told_to_its_author(table: Table) -> None:
    await table.do(Ask("a lighthouse"), "ben")
    for request in (Add("tick"), Add("tock")):
        await table.do(request, ANA)  # 5 and 6
    await table.do(Disqualify(5, "copied"), "boss", manages=True)
    await table.do(HideEntry(6), "boss", manages=True)
    await table.quick(Mine(), ANA)  # the notice is told once
    card = words(await table.quick(Mine(), ANA))
    assert en.PIECE_STRUCK in card
    assert en.MINE_PIECE_HIDDEN in card
    exported = (await table.quick(Mine("export"), ANA)).file
    assert exported is not None
    first, second = json.loads(exported.text)["rounds"][0]["your_pieces"]
    assert (first["hidden"], first["out_of_the_running"]) == (False, True)
    assert (second["hidden"], second["out_of_the_running"]) == (True, False)


async def test_the_export_is_everything_and_nobody_elses(town: Town) -> None:
    card = await town.table.do(Mine("export"), ANA)
    assert card.file is not None
    assert card.file.name == "muse-2026-11-23.json"
    kept = json.loads(card.file.text)
    assert kept["you"]["id"] == ANA
    assert kept["you"]["points_of_all_time"] == 3.5
    mine = json.dumps(kept, ensure_ascii=False)
    for text in (f"one {OF_HERS}, alone", f"more {OF_HERS}", f"with a late {OF_HERS}"):
        assert text in mine
    assert f"a {OF_HERS} at noon" in mine
    for other in ("two of them", "my own, after hers", "a bridge in fog", "ben", "cy"):
        assert f'"{other}"' not in mine


async def test_more_rounds_than_a_chunk(table: Table) -> None:
    """The walk passes every round once, also where many were opened in the same moment."""
    community = (await table.community()).id
    now = table.clock.now()
    count = CHUNK * 2 + 50
    for start in (0, CHUNK + 30):
        await asyncio.gather(
            *(
                table.rounds.open(community, f"e{n}", member(ANA), ADDRESS, opening(now), now)
                for n in range(start, count if start else CHUNK + 30)
            )
        )
        now += timedelta(seconds=1)
    members = Members(table.muse.store)
    number = await members.numbers(community, member(ANA))
    found = [own async for _, page in members.rounds(community, number) for own in page]
    assert len(found) == count
    assert len({own.ref for own in found}) == count
    assert [own.opened for own in found] == sorted((own.opened for own in found), reverse=True)


async def test_reports_and_notices(town: Town, empty_url: str) -> None:
    """Why she reported is hers; a notice to somebody else may hold her prompt."""
    table, (hers, *_) = town.table, town.closed
    await table.do(Report(5, f"{OF_HERS} again", town.open[0]), ANA)
    await table.do(Disqualify(6, "copied", hers), "cy", manages=True)  # of ben
    await table.do(Disqualify(5, "off the theme", hers), "cy", manages=True)  # hers, not told yet
    shared = keys.community((await table.community()).id)
    notices = flat((await held(empty_url))[shared.notices][1])
    assert len(notices) == 2
    exported = (await table.do(Mine("export"), ANA)).file
    assert exported is not None
    assert f"{OF_HERS} again" in exported.text
    await table.do(FORGET, ANA)
    everything = await held(empty_url)
    assert traces(everything, *NEEDLES) == []
    (left,) = flat(everything[shared.notices][1]).values()
    assert json.loads(left) == {"n": 6, "q": "", "y": "copied"}
    assert "copied" in words(await table.do(Mine(), "ben"))


async def test_linked_identities_go_together(table: Table, empty_url: str) -> None:
    """All that one is go, also what each did before; of a parted one, only its own."""
    other = UserRef("elsewhere", "other9d01")
    await table.do(Ask("a lighthouse"), "ben")
    before = await table.here()
    await table.do(Add(f"{OF_HERS} before"), ANA)
    store, now = table.muse.store, table.clock.now()
    community = (await table.community()).id
    shared = keys.community(community)
    await table.rounds.add(before, "e1", SPACE, other, f"{OF_HERS} elsewhere", 0, 20)
    await store.run(
        script("code_put"),
        (shared.record, shared.ids, shared.people, shared.member_code("xyz")),
        (str(member(ANA)), milliseconds(now + timedelta(minutes=9)), 600_000, milliseconds(now)),
    )
    assert len(await Linked(store).join(community, "xyz", "e2", other, now)) == 2
    await table.do(Ask("a bridge"), "ben")
    after = await table.here()
    await table.do(Vote((1, 2)), ANA)
    await table.rounds.add(after, "e3", SPACE, other, f"{OF_HERS} as one", 0, 20)
    mine = words(await table.do(Mine(), ANA))
    assert all(f"{OF_HERS} {when}" in mine for when in ("before", "elsewhere", "as one"))
    await table.do(FORGET, ANA)
    assert traces(await held(empty_url), *NEEDLES, other.id) == []
    for ref in (before, after):
        round_ = (await table.rounds.read(ref)).round
        assert [entry.number for entry in round_.standing if entry.author] == []
        assert round_.voters == 0
