"""The fake of OpenAI keeps the API's rules: each is broken here, and refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from typing import Any

import httpx2
import pytest

from bot.brief import Brief
from bot.writing import briefs
from tests.fakes.openai_server import MODEL, OpenAIServer

BRIEF = Brief("the last lighthouse", "free", ("night-shift", "child", "list", "smell-first"))


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as made:
        yield made


def request() -> dict[str, Any]:
    """A request as Muse makes it."""
    shape = {"name": "entries", "strict": True, "schema": briefs.schema(6, BRIEF.lenses)}
    return {
        "model": MODEL,
        "stream": True,
        "stream_options": {"include_usage": True},
        "messages": [asdict(each) for each in briefs.messages(BRIEF, 6)],
        "response_format": {"type": "json_schema", "json_schema": shape},
    }


async def asked(server: OpenAIServer, sent: dict[str, Any], key: str = "x") -> httpx2.Response:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx2.AsyncClient() as client:
        return await client.post(f"{server.url}/chat/completions", json=sent, headers=headers)


def _without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda sent: sent.pop(name)


def _loose(sent: dict[str, Any]) -> None:
    del sent["response_format"]["json_schema"]["schema"]["additionalProperties"]


def _unrequired(sent: dict[str, Any]) -> None:
    sent["response_format"]["json_schema"]["schema"]["required"] = []


def _rootless(sent: dict[str, Any]) -> None:
    sent["response_format"]["json_schema"]["schema"] = {"type": "array", "items": {}}


def _set(**values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda sent: sent.update(values)


@pytest.mark.parametrize(
    ("breaks", "code"),
    [
        (_without("model"), 404),
        (_set(model="unknown"), 404),
        (_without("messages"), 400),
        (_set(messages=[{"role": "boss", "content": "x"}]), 400),
        (_set(messages=[{"role": "user", "content": 7}]), 400),
        (_set(stream=False), 400),
        (_set(temperature=3), 400),
        (_set(top_p=1.5), 400),
        (_set(response_format={"type": "yaml"}), 400),
        (_set(response_format={"type": "json_schema", "json_schema": {"name": "a b"}}), 400),
        (_loose, 400),
        (_unrequired, 400),
        (_rootless, 400),
    ],
)
async def test_the_server_keeps_its_rules(
    server: OpenAIServer, breaks: Callable[[dict[str, Any]], object], code: int
) -> None:
    sent = request()
    breaks(sent)
    assert (await asked(server, sent)).status_code == code
    assert (await asked(server, sent, key="")).status_code == 401
    assert (server.calls, server.refused) == (0, 2)
    assert (await asked(server, request())).status_code == 200


@pytest.mark.parametrize("code", [400, 404, 422])
async def test_a_server_may_not_know_a_part(server: OpenAIServer, code: int) -> None:
    server.refuses, server.status = ("response_format",), code
    said = await asked(server, request())
    assert said.status_code == code
    assert said.json()["error"]["param"] == "response_format"


async def test_the_server_streams_as_the_api_does(server: OpenAIServer) -> None:
    sent = request()
    said = await asked(server, sent)
    del sent["stream_options"]
    bare = await asked(server, sent)
    lines = [line[6:] for line in said.text.split("\n") if line]
    chunks = [json.loads(line) for line in lines[:-1]]
    assert lines[-1] == "[DONE]"
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["total_tokens"] > 0
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert all(each["usage"] is None for each in chunks[:-1])
    assert "usage" not in bare.text
