"""The check against Discord's OpenAPI file: on a small file of its own, and on the real one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord_contract import Contract
from tests.fakes.discord_rules import Json
from tests.fakes.discord_server import DiscordServer
from tests.integration.discord_bench import Bench

SNOWFLAKE: Json = {"$ref": "#/components/schemas/SnowflakeType"}
PART: Json = {
    "type": "object",
    "properties": {"type": {"type": "integer", "enum": [10]}, "content": {"maxLength": 5}},
}
BUTTON: Json = {"type": "object", "properties": {"type": {"type": "integer", "enum": [2]}}}
MESSAGE: Json = {
    "type": "object",
    "properties": {
        "content": {"type": ["string", "null"], "maxLength": 8},
        "components": {"type": "array", "items": {"oneOf": [BUTTON, PART]}},
        "attachments": {"type": "array", "items": {"properties": {"id": SNOWFLAKE}}},
    },
}
CHANNEL: Json = {"name": "channel_id", "in": "path", "schema": SNOWFLAKE}
LIMIT: Json = {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}}
LOUD: Json = {"name": "loud", "in": "query", "schema": {"type": "boolean"}}


def _json(schema: Json) -> Json:
    return {"content": {"application/json": {"schema": schema}}}


SPEC: Json = {
    "openapi": "3.1.0",
    "paths": {
        "/channels/{channel_id}/messages": {
            "parameters": [CHANNEL],
            "get": {
                "parameters": [LIMIT, LOUD],
                "responses": {"200": _json({"type": "array"})},
            },
            "post": {
                "requestBody": _json({"$ref": "#/components/schemas/Message"}),
                "responses": {"200": _json({"type": "object", "required": ["unheard_of"]})},
            },
        }
    },
    "components": {
        "schemas": {
            "Message": MESSAGE,
            "SnowflakeType": {"type": "string", "pattern": "^[0-9]+$"},
        }
    },
}
MESSAGES = "/channels/{channel_id}/messages"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(SPEC))
    return path


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"content": "short"}, ""),
        ({"content": "much too long"}, "content: 'much too long' is too long"),
        ({"components": [{"type": 10, "content": "a bit long"}]}, "components.0.content"),
        ({"attachments": [{"id": 0}]}, ""),
        ({"attachments": [{"id": "x"}]}, "attachments.0.id"),
    ],
)
def test_bodies(spec: Path, body: Json, said: str) -> None:
    contract = Contract(str(spec))
    contract.check("POST", MESSAGES, {"channel_id": "1"}, {}, body)
    assert len(contract.violations) == bool(said)
    assert said in "".join(contract.violations)


@pytest.mark.parametrize(
    ("method", "route", "path", "query", "said"),
    [
        ("GET", MESSAGES, {"channel_id": "1"}, {"limit": "100", "loud": "1"}, ""),
        ("GET", MESSAGES, {"channel_id": "x"}, {}, "channel_id"),
        ("GET", MESSAGES, {"channel_id": "1"}, {"limit": "101"}, "limit"),
        ("GET", MESSAGES, {"channel_id": "1"}, {"loud": "very"}, "loud"),
        ("GET", MESSAGES, {"channel_id": "1"}, {"since": "1"}, "unknown query parameter since"),
        ("PUT", MESSAGES, {"channel_id": "1"}, {}, "no such path"),
        ("GET", "/channels/{channel_id}/secrets", {}, {}, "no such path"),
    ],
)
def test_paths_and_queries(
    spec: Path, method: str, route: str, path: Any, query: Any, said: str
) -> None:
    contract = Contract(str(spec))
    contract.check(method, route, path, query, {})
    assert len(contract.violations) == bool(said)
    assert said in "".join(contract.violations)


async def spoken(body: Json) -> None:
    async with DiscordServer() as server, aiohttp.ClientSession() as http:
        await Bench(server, http).send(body)


async def test_leaving_the_server_tells(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_OPENAPI", str(spec))
    with pytest.raises(AssertionError, match="'a long message' is too long") as told:
        await spoken({"content": "a long message"})
    assert "reply to POST" in str(told.value)


async def test_without_a_file_nothing_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISCORD_OPENAPI", raising=False)
    async with DiscordServer() as server, aiohttp.ClientSession() as http:
        await Bench(server, http).send({"content": "x", "unheard_of": 1})
        assert server.violations == []


@pytest.mark.skipif(not os.environ.get("DISCORD_OPENAPI"), reason="needs Discord's OpenAPI file")
def test_every_route_of_the_fake_is_discord_s() -> None:
    contract = Contract(os.environ["DISCORD_OPENAPI"])
    for route in DiscordServer().routes:
        contract.check(route.method, route.path, {}, {}, {})
    assert [each for each in contract.violations if "no such path" in each] == []
