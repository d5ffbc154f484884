"""Floods of odd payloads from both platforms, and records of a Muse to come: nobody sees a trace,
nobody who serves dies, and each has at most one line in the log.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import decode, encode
from bot.errors import MuseError
from bot.grammar import read
from bot.logs import _Json
from bot.requests import Add, Ask, Show, Top, Vote
from bot.storage import keys
from bot.storage.client import Store
from tests.e2e.discord_table import DiscordTable, discord_table, vote
from tests.e2e.discord_table import votes as discord_votes
from tests.e2e.slack_table import SlackTable, slack_table, votes
from tests.fakes.discord_server import DiscordServer
from tests.fakes.slack_http_events import FORM
from tests.support import Table

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1.5, "", " ", "x" * 9000, "\u202e\u0000", "~~~~~", "1~vote~a~b~9~",
    [], [None], {}, {"": {}}, "<@U0>", "\ud83d", [[[[]]]],
)  # fmt: skip


def mutated(rng: Random, value: Any) -> Any:
    """The payload with something odd in it, somewhere."""
    made = copy.deepcopy(value)
    for _ in range(rng.randint(1, 3)):
        places = list(_places(made))
        if not places:
            return rng.choice(ODD)
        parent, key = rng.choice(places)
        if isinstance(parent, dict) and rng.random() < 0.4:
            del parent[key]
        else:
            parent[key] = rng.choice(ODD)
    return made


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    held = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(held):
        yield value, key
        if isinstance(inner, (dict, list)):
            yield from _places(inner)


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """The log as an operator has it, from info up."""
    sink, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(sink)
    handler.setFormatter(_Json(()))
    # Alone: what is captured besides can't be handed on with half a character in it.
    before, root.handlers = root.handlers, [handler]
    try:
        yield sink
    finally:
        root.handlers = before


def fair(log: str, payloads: int) -> None:
    """No trace, and no more lines than there were payloads."""
    lines = [json.loads(line) for line in log.splitlines()]
    assert "Traceback" not in log
    loud = [line for line in lines if line["level"] in ("warning", "error", "critical")]
    assert len(loud) <= payloads, [line["message"] for line in loud[:20]]


# --- Slack.


@pytest.fixture
async def slack_one(store: Store) -> AsyncIterator[SlackTable]:
    async with slack_table(store, socket=False) as made:
        yield made


async def test_odd_payloads_of_slack(slack_one: SlackTable) -> None:
    slack, rng = slack_one.slack, Random(8)
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    message = await slack_one.round(ana, room, "a lighthouse")
    await slack.click(ana, message, votes(message)[0])
    await slack_one.settle()
    genuine = [(each.kind, each.payload) for each in slack.deliveries.sent]
    event = {
        "type": "event_callback", "event_id": "Ev0", "team_id": "T1",
        "event": {"type": "app_mention", "user": ana.id, "channel": room.id, "text": "<@B> hi"},
    }  # fmt: skip
    genuine.append(("events_api", event))
    with logged() as sink:
        for number in range(240):
            kind, payload = genuine[number % len(genuine)]
            odd = mutated(rng, payload)
            if kind == "events_api":
                body, content = json.dumps(odd), "application/json"
            elif kind == "interactive":
                body, content = urlencode({"payload": json.dumps(odd)}), FORM
            else:
                flat = odd if isinstance(odd, dict) else {"x": odd}
                body, content = (
                    urlencode({k: str(v) for k, v in flat.items()}, errors="replace"),
                    FORM,
                )
            ack = await slack.http.post(body, content)
            assert ack.status in (200, 400, 404, 500), ack
            assert "Traceback" not in str(ack.payload)
        await slack_one.platform.settle()
        fair(sink.getvalue(), 240)
    clicked = await slack.click(ana, message, votes(message)[1])  # it plays on
    assert clicked.ack.ok
    assert "You voted for 1 and 2" in (await clicked.ephemeral()).says
    assert not [each for each in slack_one.slack.calls if "Traceback" in str(each)]


# --- Discord.


@pytest.fixture
async def discord_one(store: Store) -> AsyncIterator[DiscordTable]:
    async with DiscordServer(lawless=True) as server, discord_table(server, store) as made:
        yield made


async def test_odd_payloads_of_discord(discord_one: DiscordTable) -> None:
    table, rng = discord_one, Random(9)
    server, (ana, bea, *_) = table.server, table.people
    card = await table.ask(ana, "a lighthouse")
    pressed = {"component_type": 2, "custom_id": discord_votes(card)[0]}
    typed = server._called(
        server._command(ana, table.channel, "muse")[0],
        [{"name": "prompt", "type": 3, "value": "a lighthouse"}],
        table.channel,
    )
    form = {
        "custom_id": "1~add~x~y~0~",
        "components": [{"type": 18, "component": {"type": 4, "custom_id": "text", "value": "x"}}],
    }
    with logged() as sink:
        for number in range(240):
            kind, data = ((3, pressed), (2, typed), (5, form), (4, typed))[number % 4]
            source = card if kind == 3 else None
            odd = mutated(rng, data)
            server._send(
                kind, bea, table.channel, odd if isinstance(odd, dict) else {"x": odd}, source
            )
        receipt = await (await vote(table, ana, card, 1)).private()  # it plays on
        assert "You voted for 1." in receipt.text
        await table.muse.settle()
        fair(sink.getvalue(), 240)
    for each in server.sent:
        assert "Traceback" not in str(each.body)


# --- What was kept by a Muse to come.


async def test_records_of_a_muse_to_come(table: Table, store: Store) -> None:
    """Fields, verbs and kinds that this one does not know are left alone, and the rest is shown."""
    await table.do(Ask("a lighthouse afraid of the dark"))
    await table.do(Add("The gulls kept the light."), "bo")
    ref = await table.here()
    own = keys.round_keys(ref.community, ref.round)
    await store.call("HSET", own.record, "of_the_future", '{"x": [1]}')
    entry = json.loads(await store.call("HGET", own.entries, "5"))
    await store.call("HSET", own.entries, "5", json.dumps(entry | {"glow": {"hue": 3}}))
    community = keys.community(ref.community)
    await store.call("HSET", community.rules, "of_the_future", "yes")
    await store.call("ZADD", community.agenda, 1, f"dream@test:{ref.community}:{ref.round}")
    await store.call("LPUSH", community.log, '{"deed": "dreamt", "at": 1, "by": 0, "more": []}')
    assert "gulls" in str(await table.do(Show()))
    assert "You voted for 5." in (await table.do(Vote((5,)), "cem")).summary
    await table.do(Top())
    assert await store.call("ZSCORE", community.agenda, f"dream@test:{ref.community}:{ref.round}")
    assert await store.call("HGET", own.record, "of_the_future")


# --- Texts.


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=300) | st.from_regex(r"\A/?[a-z-]{1,12}( --?[a-z]{1,8}| [0-9]{1,5}){0,5}\Z")
)
def test_any_line_is_read_or_refused_in_words(line: str) -> None:
    with contextlib.suppress(MuseError):
        read(line)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=120)
    | st.lists(st.text(alphabet="1~abcvote-9", max_size=8), max_size=8).map("~".join)
)
def test_any_id_is_decoded_to_itself_or_refused(ident: str) -> None:
    with contextlib.suppress(MuseError):
        action = decode(ident)
        assert decode(encode(action)) == action
