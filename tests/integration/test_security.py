"""What SECURITY.md promises of the core: communities apart, texts bounded, nothing fetched."""

from __future__ import annotations

import asyncio
import dataclasses
import typing
from typing import Any

import pytest

from adapters.slack.grants import OneWorkspace
from adapters.slack.options import SlackOptions
from adapters.slack.web import Web
from bot import requests
from bot.commands import spec_of
from bot.errors import MuseError, StageFailed
from bot.models import RoundRef, SpaceRef
from bot.requests import Add, Ask, Blank, Request, Vote
from tests.support import Table, command, words
from tests.traces import held

HERE, ELSEWHERE = SpaceRef("test", "space"), SpaceRef("test", "elsewhere")
KINDS: list[type[Any]] = [
    each
    for each in vars(requests).values()
    if isinstance(each, type)
    and dataclasses.is_dataclass(each)
    and each.__module__ == requests.__name__
    and each not in (RoundRef, requests.Command)
]
ON_ROUNDS = [each for each in KINDS if "round" in {f.name for f in dataclasses.fields(each)}]
TEXTS = ("str", "tuple[str, ...]")
WITH_TEXT = [each for each in KINDS if any(f.type in TEXTS for f in dataclasses.fields(each))]


def made(kind: type[Any], text: str, round_: RoundRef | None = None) -> Request:
    """A request of a kind, with `text` wherever there is one, on `round_`."""
    hints = typing.get_type_hints(kind)
    given: dict[str, Any] = {}
    for each in dataclasses.fields(kind):
        hint = hints[each.name]
        if hint is str:
            given[each.name] = text
        elif hint is int:
            given[each.name] = 1
        elif hint is bool:
            given[each.name] = True
        elif hint == tuple[str, ...]:
            given[each.name] = (text, text)
        elif hint == tuple[int, ...]:
            given[each.name] = (1,)
        elif each.name == "round":
            given[each.name] = round_
        elif hint is Blank:
            given[each.name] = Blank.ENTRY
    request: Request = kind(**given)
    return request


@pytest.mark.parametrize("kind", ON_ROUNDS, ids=lambda kind: kind.__name__)
async def test_a_round_of_one_community_is_nobodys_in_another(
    table: Table, empty_url: str, kind: type[Any]
) -> None:
    """Whoever knows an id of another community's, from an old button or a guess, gets nothing."""
    await table.do(Ask("a lighthouse afraid of the dark"))
    await table.do(Add("The gulls kept the light."), "bo")
    await table.do(Vote((1,)), "cem")
    ref = await table.here()
    await table.do(Ask("something else"), "eve", space=ELSEWHERE)
    theirs = await table.community(HERE)

    async def of_theirs() -> dict[str, Any]:
        return {key: what for key, what in (await held(empty_url)).items() if theirs.id in key}

    before = await of_theirs()
    said = ""
    try:
        reply = await table.muse.app.handle(
            dataclasses.replace(
                _command(made(kind, "a plain text", ref)), space=ELSEWHERE, manages=True
            )
        )
        said = repr(reply.card)
    except MuseError as refused:
        said = str(refused)
    await table.muse.settle()
    after = await of_theirs()
    # A lookup by channel may refuse, or answer for the round that is here; theirs stays as it is.
    assert after == before
    assert "gulls" not in said
    assert "lighthouse" not in said


def _command(request: Request) -> Any:
    """A command as an adapter would make it, also of what only buttons ask for."""
    try:
        spec_of(request)
    except LookupError:
        return dataclasses.replace(command(requests.Help(), "eve"), request=request)
    return command(request, "eve")


@pytest.mark.parametrize("kind", WITH_TEXT, ids=lambda kind: kind.__name__)
async def test_every_text_is_bounded_before_it_is_kept_or_sent(
    table: Table, empty_url: str, kind: type[Any]
) -> None:
    await table.do(Ask("a lighthouse afraid of the dark"))
    ref = await table.here()
    long = "lang " * 20_000
    try:
        reply = await table.muse.app.handle(
            dataclasses.replace(_command(made(kind, long, ref)), manages=True)
        )
        shown = repr(reply.card)
    except MuseError as refused:
        shown = str(refused)
    await table.muse.settle()
    assert len(shown) < 20_000
    for key, (_, content) in (await held(empty_url)).items():
        assert len(repr(content)) < 20_000, key
    for states in table.stage.states.values():
        assert all(len(words(card)) < 20_000 for card in states)


async def test_addresses_in_texts_are_never_fetched(table: Table) -> None:
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x.png"
    await table.do(Ask(f"what is at {url} ?"))
    await table.do(Add(f"![x]({url}) <{url}>"), "bo")
    await table.do(Vote((1,)), "cem")
    server.close()
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:6379/",
        "https://hooks.slack.com.evil.example/x",
        "https://evil.example/.slack.com",
        "https://hooks.slack.com@evil.example/",
        "http://hooks.slack.com/commands/x",
        "file:///etc/passwd",
        "https://[oops",
        "",
    ],
)
async def test_answers_to_slack_go_to_slack(url: str) -> None:
    options = SlackOptions(bot_token="xoxb-1", app_token="xapp-1")
    web = Web(options, OneWorkspace(options))
    with pytest.raises(StageFailed, match="no address of Slack"):
        await web.respond(url, {"text": "x"})
    await web.close()
