"""Every text is checked before anyone sees it: by the list, by the model, for every door."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from aiohttp import web

from bot.community.moderation import Moderation
from bot.community.rules import Rules
from bot.community_requests import AddLore, DescribeAngle, SetRule
from bot.errors import Refusal, SetupError
from bot.game.composing import Composers
from bot.models import Draft, Origin
from bot.processes import composers_of
from bot.requests import Add, Again, Ask, Invite, Refine, Remix, Request, Vote
from bot.settings import LimitSettings, load_settings
from bot.storage.audit import Deed
from bot.storage.charters import Charters
from bot.storage.client import Store
from bot.wiring import compose
from bot.writing.deck import DeckWriter
from bot.writing.engine import Engine
from bot.writing.judging import Judge, ModerationFailed, ModerationMissing, Verdict
from bot.writing.openai_moderator import OpenAIModerator
from tests.fakes.openai_calls import SECRET, writer
from tests.fakes.openai_server import Call, OpenAIServer, Turn
from tests.fakes.openai_turns import answer
from tests.support import SPACE, FakeClock, MemoryStage, ScriptedWriter, Table, member, words

QUICK = 0.3  # seconds a verdict may take here


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as made:
        yield made


def moderator(server: OpenAIServer) -> OpenAIModerator:
    return OpenAIModerator(api_key=SECRET, base_url=server.url, seconds=QUICK)


def judged(store: Store, clock: FakeClock, judge: Judge, composer: Engine | None = None) -> Table:
    rng, stage, scripted = Random(1), MemoryStage(), ScriptedWriter()
    made = composer or scripted
    muse = compose(
        store,
        clock,
        Composers(made, made, made, judge=judge),
        LimitSettings(),
        "UTC",
        {"test": stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
    )
    return Table(muse, clock, stage, scripted)


async def forbid(table: Table, word: str) -> None:
    """Put a word on the community's list."""
    community = (await table.community()).id
    deed = Deed(table.clock.now(), member("boss"), "word-add")
    charters = Charters(table.muse.store)
    await charters.set_word(community, SPACE, word, deed, on=True)


def texts(said: str) -> list[tuple[Request, bool]]:
    """Every request with which somebody says something, and whether it is an organiser's."""
    return [
        (Ask(said), False),
        (Ask("go on", source=said), False),
        (Ask("the sea", without=("rain", said)), False),
        (Again(None, without=(said,)), False),
        (Refine(said), False),
        (Refine("shorter", without=(said,)), False),
        (Invite(said), False),
        (Add(said), False),
        (Add(said, 1), False),
        (Remix(1, said), False),
        (AddLore(said), True),
        (DescribeAngle(said, "as a baker"), True),
        (DescribeAngle("the baker", said), True),
    ]


@pytest.mark.parametrize("number", range(len(texts(""))))
async def test_no_text_appears_that_holds_a_listed_word(
    store: Store, clock: FakeClock, number: int
) -> None:
    table = judged(store, clock, Judge())
    await forbid(table, "grackle")
    await table.do(Ask("a lighthouse"))
    before = dict(table.stage.posts)
    request, organisers = texts("a GR4CKLE sings")[number]
    with pytest.raises(Refusal, match="kept out of here") as refused:
        await table.do(request, manages=organisers)
    assert "grackle" not in str(refused.value)
    fine, _ = texts("a sparrow sings")[number]
    assert table.stage.posts == before
    await table.do(fine, manages=organisers)


@pytest.mark.parametrize("number", range(len(texts(""))))
async def test_no_text_appears_that_the_model_objects_to(
    store: Store, clock: FakeClock, server: OpenAIServer, number: int
) -> None:
    async with moderator(server) as asked:
        table = judged(store, clock, Judge(asked))
        await table.do(Ask("a lighthouse"))
        request, organisers = texts("something harmful")[number]
        with pytest.raises(Refusal, match="put it another way"):
            await table.do(request, manages=organisers)
        await table.do(SetRule("moderation", "off"), manages=True)
        calls = server.moderations.calls
        await table.do(request, manages=organisers)
        assert server.moderations.calls == calls, "who turns it off is not asked for"


async def test_links_are_refused_where_they_are_off(table: Table) -> None:
    await table.do(Ask("see example.com"))
    await table.do(SetRule("links", "off"), manages=True)
    with pytest.raises(Refusal, match="leave it out"):
        await table.do(Add("see example.com"))


# --- The service.


async def test_the_moderator_asks_for_the_model_it_is_told(server: OpenAIServer) -> None:
    async with moderator(server) as asked:
        assert await asked.objects("harmful")
        assert not await asked.objects("fine")
    assert server.moderations.requests[0] == {
        "input": "harmful",
        "model": "omni-moderation-latest",
    }
    assert server.moderations.headers[0]["Authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("status", [404, 405, 501])
async def test_a_service_without_one_is_asked_once(server: OpenAIServer, status: int) -> None:
    server.moderations.status = status
    async with moderator(server) as asked:
        with pytest.raises(ModerationMissing):
            await asked.objects("a")
        judge = Judge(asked)
        assert [await judge.verdict(text) for text in "abc"] == [Verdict.FINE] * 3
    assert server.moderations.calls == 2
    async with moderator(server) as asked:
        strict = Judge(asked, required=True)
        assert await strict.verdict("a") is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "broken",
    [
        {"status": 500},
        {"status": 429},
        {"status": 401},
        {"pause": 5.0},
        {"body": {}},
        {"body": []},
        {"body": {"results": []}},
        {"body": {"results": [{"flagged": "no"}]}},
        {"body": {"results": [{}]}},
    ],
    ids=str,
)
async def test_a_failure_passes_texts_or_where_it_is_required_refuses_them(
    server: OpenAIServer, broken: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in broken.items():
        setattr(server.moderations, name, value)
    async with moderator(server) as asked:
        with pytest.raises(ModerationFailed) as failed:
            await asked.objects("a")
        assert not isinstance(failed.value, ModerationMissing)
        assert SECRET not in str(failed.value)
        welcome = Judge(asked)
        caplog.set_level(logging.WARNING)
        assert [await welcome.verdict(text) for text in "abcd"] == [Verdict.FINE] * 4
        assert len(caplog.records) == 1, "it is said once, and the service is left alone"
        strict = Judge(asked, required=True)
        assert await strict.verdict("a") is Verdict.UNKNOWN
    assert server.moderations.calls == 3


async def test_where_it_is_required_and_fails_a_member_is_told_to_try_again(
    store: Store, clock: FakeClock, server: OpenAIServer
) -> None:
    server.moderations.status = 500
    async with moderator(server) as asked:
        table = judged(store, clock, Judge(asked, required=True))
        with pytest.raises(Refusal, match="try again in a minute"):
            await table.do(Ask("a lighthouse"))
        server.moderations.status = 200
        await table.do(Ask("a lighthouse"))


async def test_a_text_is_asked_about_once_in_a_while(server: OpenAIServer) -> None:
    async with moderator(server) as asked:
        judge = Judge(asked)
        for _ in range(3):
            assert await judge.verdict("harmful") is Verdict.OBJECTED
            assert await judge.verdict("fine") is Verdict.FINE
    assert server.moderations.calls == 2


async def test_several_texts_of_one_command_are_asked_about_at_once(
    store: Store, clock: FakeClock, server: OpenAIServer
) -> None:
    server.moderations.pause = 0.05
    async with moderator(server) as asked:
        table = judged(store, clock, Judge(asked))
        await table.quick(Ask("a lighthouse", source="a text", without=("fog",)))
    assert server.moderations.calls == 3


# --- What Muse writes.


def telling(*told: str) -> Turn:
    """These texts, one for each angle."""

    async def turn(call: Call) -> web.StreamResponse:
        return await call.stream(answer([*told], call.angles))

    return turn


async def test_what_a_model_writes_is_checked_before_it_is_shown(
    store: Store, clock: FakeClock, server: OpenAIServer
) -> None:
    server.script = [
        telling(
            "The harmful lamp went out at noon, and nobody said why.",
            "A grackle stole the wick and sold it to the mayor.",
            "Nine boats came home because the baker left her oven open.",
            "My uncle kept the spare bulb under his hat for luck.",
            "They painted the tower green so that spring would find it.",
            "Every Tuesday the fog signed its name in the guest book.",
        )
    ]
    async with moderator(server) as asked, writer(server) as model:
        table = judged(store, clock, Judge(asked), Engine(model, DeckWriter()))
        await forbid(table, "grackle")
        await table.do(Ask("a lighthouse"))
    ref = await table.here()
    shown = words(table.stage.now_showing("round", ref))
    entries = (await table.rounds.read(ref)).round.entries
    assert len(entries) == 4
    assert {entry.origin for entry in entries} == {Origin.AI}
    assert "harmful" not in shown
    assert "grackle" not in shown.casefold()
    states = [words(card) for card in table.stage.states[f"m-round:{ref.round}"]]
    assert not any("harmful" in each or "grackle" in each.casefold() for each in states)


async def test_the_deck_is_held_against_the_list_and_needs_no_service(
    store: Store, clock: FakeClock, server: OpenAIServer
) -> None:
    server.moderations.status = 500
    async with moderator(server) as asked:
        table = judged(store, clock, Judge(asked, required=True))
        await forbid(table, "grackle")
        community = (await table.community()).id
        moderation = Moderation(Charters(store), Rules(), Judge(asked, required=True))
        deck = Draft("a lamp", "child", Origin.DECK)
        assert await moderation.allows(community, deck)
        assert not await moderation.allows(community, Draft("grackle", "child", Origin.DECK))
        assert not await moderation.allows(community, Draft("a lamp", "child", Origin.AI))


async def test_the_setting_on_needs_a_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSE_MODERATION", "ON")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SetupError, match="MUSE_MODERATION is on"):
        async with composers_of(load_settings(None, data_dir=tmp_path)):
            pass
    monkeypatch.setenv("MUSE_MODERATION", "off")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    async with composers_of(load_settings(None, data_dir=tmp_path)) as composers:
        assert await composers.judge.verdict("harmful") is Verdict.FINE


async def test_who_asks_at_once_gets_their_verdicts(server: OpenAIServer) -> None:
    async with moderator(server) as asked:
        judge = Judge(asked)
        said = await asyncio.gather(*(judge.verdict(f"{n} harmful") for n in range(20)))
    assert set(said) == {Verdict.OBJECTED}


async def test_a_vote_needs_no_moderation(
    store: Store, clock: FakeClock, server: OpenAIServer
) -> None:
    async with moderator(server) as asked:
        table = judged(store, clock, Judge(asked))
        await table.do(Ask("a lighthouse"))
        calls = server.moderations.calls
        await table.do(Vote((1,)), "bo")
    assert server.moderations.calls == calls
