"""The door of the fake's Web API: one call's arguments, token, scopes and answer.

https://docs.slack.dev/apis/web-api. The methods themselves are in `slack_chat.py`,
`slack_streams.py`, `slack_views.py`, `slack_conversations.py`, `slack_files.py` and
`slack_oauth.py`; each is registered by name with the scopes that it needs.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from aiohttp import web

from tests.fakes.slack_rules import Refused
from tests.fakes.slack_state import Channel, Json, Token, Workspace, World

if TYPE_CHECKING:
    from tests.fakes.slack_core import SlackCore


@dataclass(frozen=True, slots=True)
class Called:
    """A call that came, and what it was answered."""

    method: str
    team: str | None
    args: Json
    answer: Json
    status: int = 200


@dataclass(slots=True)
class Call:
    """One call of a method by an app."""

    slack: SlackCore
    method: str
    args: Json
    token: Token | None
    basic: tuple[str, str] | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.slack.world

    @property
    def space(self) -> Workspace:
        assert self.token is not None
        return self.world.workspaces[self.token.team]

    @property
    def scopes(self) -> frozenset[str]:
        return self.token.scopes if self.token else frozenset()

    def need(self, *names: str) -> None:
        """Raise `Refused` where an argument is missing."""
        missing = [name for name in names if self.args.get(name) in (None, "")]
        if missing:
            said = [f"[ERROR] missing required field: {name}" for name in missing]
            raise Refused("arguments", messages=said)

    def text(self, name: str) -> str:
        return str(self.args.get(name) or "")

    def flag(self, name: str) -> bool:
        return self.args.get(name) in (True, 1, "1", "true", "True")

    def json(self, name: str) -> Any:
        """An argument that is JSON: as it is in a JSON body, parsed from a form."""
        value = self.args.get(name)
        if isinstance(value, str):
            try:
                return json.loads(value)
            except json.JSONDecodeError:
                return value
        return value

    def channel(self, name: str = "channel") -> Channel:
        """The channel that is named, as far as the bot may see it."""
        self.need(name)
        wanted = self.text(name)
        member = self.world.members.get(wanted)
        if member is not None and member.team == self.space.id:
            return self.world.direct(self.space.id, member.id)
        found = self.world.channels.get(wanted)
        hidden = (
            found is None
            or found.team != self.space.id
            or (found.kind != "channel" and self.space.bot_user not in found.members)
        )
        if found is None or hidden:
            raise Refused("channel-known")
        return found


Handler = Callable[[Call], Json | Awaitable[Json]]
Scopes = str | Callable[[Call], str] | None


@dataclass(frozen=True, slots=True)
class Method:
    """A method: what it does, the scope it needs, and whose token it takes."""

    run: Handler
    scope: Scopes
    token: Literal["bot", "app", "none"]


METHODS: dict[str, Method] = {}


def method(
    name: str, scope: Scopes = None, token: Literal["bot", "app", "none"] = "bot"
) -> Callable[[Handler], Handler]:
    """Registers a method of the Web API under its name."""

    def register(run: Handler) -> Handler:
        METHODS[name] = Method(run, scope, token)
        return run

    return register


def by_kind(suffix: str) -> Callable[[Call], str]:
    """The scope for what is done to a channel: `channels:`, `groups:` or `im:` and the suffix."""

    def scope(call: Call) -> str:
        found = call.world.channels.get(call.text("channel"))
        prefix = {"group": "groups", "im": "im"}.get(found.kind if found else "", "channels")
        return f"{prefix}:{suffix}"

    return scope


@dataclass(slots=True)
class _Said:
    """An answer in the making."""

    answer: Json = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    needed: str = ""
    drops: bool = False

    def refuse(self, refused: Refused) -> None:
        self.answer = {"ok": False, "error": refused.error, **refused.extra}
        if refused.messages:
            self.answer["response_metadata"] = {"messages": list(refused.messages)}
        if refused.rule.name == "pace":
            self.status = 429
            self.headers["Retry-After"] = str(self.answer.pop("seconds", 1))


class WebApi:
    """Answers `POST` and `GET` on `/api/<method>`."""

    def __init__(self, slack: SlackCore) -> None:
        self.slack = slack
        self.calls: list[Called] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        call = Call(self.slack, name, {}, None)
        said = _Said()
        try:
            call.args, raw, call.basic = await _arguments(request)
            await self._run(call, raw, said)
        except Refused as refused:
            self.slack.world.refuse(refused, name)
            said.refuse(refused)
        if call.token is not None:
            said.headers["X-OAuth-Scopes"] = ",".join(sorted(call.token.scopes))
            said.headers["X-Accepted-OAuth-Scopes"] = said.needed
        args = {k: v for k, v in call.args.items() if k not in ("token", "client_secret")}
        team = call.token.team if call.token else None
        self.calls.append(Called(name, team, args, said.answer, said.status))
        self.slack.world.touch()
        if said.drops and request.transport is not None:
            request.transport.abort()
        return web.json_response(said.answer, status=said.status, headers=said.headers)

    async def _run(self, call: Call, raw: str, said: _Said) -> None:
        """The method itself, or the fault that stands in its place; raises `Refused`."""
        known = METHODS.get(call.method)
        if known is None:
            raise Refused("method-known", req_method=call.method)
        fault = await self.slack.faults.meet(call.method, call.args, self._team(raw))
        if known.token != "none":
            call.token = self._token(raw, known.token)
            said.needed = known.scope(call) if callable(known.scope) else known.scope or ""
            if said.needed and said.needed not in call.token.scopes:
                given = ",".join(sorted(call.token.scopes))
                raise Refused("scope", needed=said.needed, provided=given)
        if fault is not None and fault.answer is not None:
            said.answer, said.status = fault.answer, fault.status
            said.headers |= fault.headers
            return
        made = known.run(call)
        said.answer = {"ok": True, **(made if isinstance(made, dict) else await made)}
        said.drops = fault is not None and fault.drops
        if call.warnings:
            warned: Json = {"warning": ",".join(call.warnings)}
            said.answer |= warned | {"response_metadata": {"warnings": call.warnings}}

    def _team(self, raw: str) -> str | None:
        held = self.slack.world.tokens.get(raw)
        return held.team if held else None

    def _token(self, raw: str, kind: str) -> Token:
        """The token of a call. https://docs.slack.dev/authentication/tokens."""
        if not raw:
            raise Refused("token-needed")
        token = self.slack.world.tokens.get(raw)
        if token is None:
            raise Refused("token-known")
        if token.revoked:
            raise Refused("token-unrevoked")
        if token.kind == "bot" and not self.slack.world.workspaces[token.team].installed:
            raise Refused("token-installed")
        if token.expires is not None and token.expires <= self.slack.world.clock.now():
            raise Refused("token-fresh")
        if token.kind != kind:
            raise Refused("token-kind")
        return token


async def _arguments(request: web.Request) -> tuple[Json, str, tuple[str, str] | None]:
    """A call's arguments from its query and its body, its token, and Basic's two halves."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await request.text()
        try:
            held = json.loads(body) if body else {}
        except json.JSONDecodeError:
            raise Refused("json-valid") from None
        if not isinstance(held, dict):
            raise Refused("json-valid", error="json_not_object")
        args |= held
    elif request.can_read_body:
        args |= {k: v for k, v in (await request.post()).items() if isinstance(v, str)}
    raw = str(args.pop("token", ""))
    basic = None
    said = request.headers.get("Authorization", "")
    if said.startswith("Bearer "):
        raw = said.removeprefix("Bearer ").strip()
    elif said.startswith("Basic "):
        name, _, secret = b64decode(said.removeprefix("Basic ")).decode().partition(":")
        basic = (name, secret)
    return args, raw, basic
