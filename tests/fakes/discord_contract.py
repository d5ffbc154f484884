"""Requests, and the fake's own replies, against Discord's OpenAPI file, if there is one.

`DISCORD_OPENAPI` names the file; https://github.com/discord/discord-api-spec has it. Without it
nothing is checked.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.fakes.discord_rules import Json

BASE = "urn:discord"


@cache
def _load(path: str, *, reply: bool = False) -> tuple[Json, Registry[Any]]:
    """The file, for requests or for replies.

    In a request a snowflake may be a number: discord.py writes some of them so (attachments,
    replies, recipients, allowed mentions), and Discord takes them, though its file says strings.
    """
    spec = json.loads(Path(path).read_text())
    if not reply and "SnowflakeType" in spec["components"]["schemas"]:
        spec["components"]["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
    return spec, Registry().with_resource(BASE, DRAFT202012.create_resource(spec))


@cache
def _validator(path: str, pointer: tuple[str, ...], *, reply: bool) -> Draft202012Validator | None:
    """The validator of one place in the file, or none if there is nothing there."""
    found, registry = _load(path, reply=reply)
    for part in pointer:
        if part not in found:
            return None
        found = found[part]
    escaped = "/".join(part.replace("~", "~0").replace("/", "~1") for part in pointer)
    return Draft202012Validator({"$ref": f"{BASE}#/{quote(escaped)}"}, registry=registry)


class Contract:
    """Discord's own file; what breaks it is put into `violations`."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.violations: list[str] = []

    @classmethod
    def from_environment(cls) -> Contract | None:
        path = os.environ.get("DISCORD_OPENAPI")
        return cls(path) if path else None

    def check(
        self, method: str, route: str, path: Mapping[str, str], query: Mapping[str, str], body: Any
    ) -> None:
        """A request: its path, its query and its JSON body."""
        operation = self._operation(method, route)
        if operation is None:
            self.violations.append(f"{method} {route}: no such path in Discord's file")
            return
        shared, own = operation
        for name in query:
            if name not in {each["name"] for each in own if each["in"] == "query"}:
                self.violations.append(f"{method} {route}: unknown query parameter {name}")
        for each in [*shared, *own]:
            given = (query if each["in"] == "query" else path).get(each["name"])
            if given is not None:
                self._parameter(f"{method} {route} {each['name']}", each["schema"], given)
        where = ("requestBody", "content", "application/json", "schema")
        self._compare(method, route, where, body)

    def check_reply(self, method: str, route: str, said: Any) -> None:
        """What the fake itself answers with 200."""
        where = ("responses", "200", "content", "application/json", "schema")
        self._compare(method, route, where, said, reply=True)

    def _operation(self, method: str, route: str) -> tuple[list[Json], list[Json]] | None:
        spec, _ = _load(self.path)
        found = spec["paths"].get(_named(spec, route), {})
        if method.lower() not in found:
            return None
        return found.get("parameters", []), found[method.lower()].get("parameters", [])

    def _parameter(self, what: str, schema: Json, given: str) -> None:
        """A parameter's text, read as what the schema says it is."""
        spec, registry = _load(self.path)
        kind = schema.get("type")
        if "$ref" in schema:
            schema = _resolved(spec, schema["$ref"])
        value: Any = given
        if kind == "integer" and given.lstrip("-").isdigit():
            value = int(given)
        if kind == "boolean":
            # https://docs.discord.com/developers/reference#boolean-query-strings
            value = {"1": True, "true": True, "0": False, "false": False}.get(given.lower(), given)
        validator = Draft202012Validator(schema, registry=registry)
        self._note(what, next(validator.iter_errors(value), None))

    def _compare(
        self, method: str, route: str, where: tuple[str, ...], value: Any, *, reply: bool = False
    ) -> None:
        spec, _ = _load(self.path, reply=reply)
        pointer = ("paths", _named(spec, route), method.lower(), *where)
        validator = _validator(self.path, pointer, reply=reply)
        if validator is not None:
            what = f"{'reply to ' if reply else ''}{method} {route}"
            self._note(what, next(validator.iter_errors(value), None))

    def _note(self, what: str, error: ValidationError | None) -> None:
        if error is not None:
            error = _deepest(error)
            at = ".".join(str(part) for part in error.absolute_path)
            self.violations.append(f"{what}: at {at or 'the top'}: {error.message[:300]}")


def _deepest(error: ValidationError) -> ValidationError:
    """Of alternatives that do not fit, the one that is meant, and the reason furthest in.

    Most alternatives are told apart by their `type`: one that fails there is not meant.
    """
    while error.context:
        strangers = {each.schema_path[0] for each in error.context if _other_type(each)}
        meant = [each for each in error.context if each.schema_path[0] not in strangers]
        error = max(meant or error.context, key=lambda each: len(each.absolute_path))
    return error


def _other_type(error: ValidationError) -> bool:
    return error.validator == "enum" and [*error.relative_path][-1:] == ["type"]


def _named(spec: Json, route: str) -> str:
    """The route by the file's own names for its parameters."""
    if route in spec["paths"]:
        return route
    shape = [part if not part.startswith("{") else "{}" for part in route.split("/")]
    for known in spec["paths"]:
        parts = known.split("/")
        if [part if not part.startswith("{") else "{}" for part in parts] == shape:
            return str(known)
    return route


def _resolved(spec: Json, ref: str) -> Json:
    found: Json = spec
    for part in ref.removeprefix("#/").split("/"):
        found = found[part]
    return found
