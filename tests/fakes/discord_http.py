"""The HTTP side of the loopback Discord: one way in for every route.

A request is counted and recorded, struck by what faults are due, checked against Discord's
OpenAPI file if there is one, answered by its handler, and refused as Discord refuses.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from tests.fakes.discord_contract import Contract
from tests.fakes.discord_limits import Fault, Limited, Limits
from tests.fakes.discord_message import Message
from tests.fakes.discord_permissions import May, in_guild
from tests.fakes.discord_posting import Draft, Upload
from tests.fakes.discord_rules import Json, Refused
from tests.fakes.discord_state import Channel, Guild, Member, World


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as a handler sees it."""

    world: World
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    files: dict[int, Upload] = field(default_factory=dict)

    @property
    def draft(self) -> Draft:
        return Draft(self.body, self.files)

    def channel(self) -> Channel:
        """The channel of the path, if the bot may see it."""
        found = self.world.channel(self.path["channel_id"])
        self.need("view_channel", May.VIEW_CHANNEL, found)
        return found

    def message(self) -> Message:
        """The message of the path, as far as the channel shows it to the bot."""
        found = self.channel().messages.get(int(self.path["message_id"]))
        if found is None:
            raise Refused("unknown_message")
        if found.ephemeral:
            raise Refused("ephemeral_hidden")
        return found

    def guild(self) -> Guild:
        found = self.world.guilds.get(int(self.path["guild_id"]))
        if found is None:
            raise Refused("unknown_guild")
        return found

    def member(self) -> Member:
        found = self.guild().members.get(int(self.path["user_id"]))
        if found is None:
            raise Refused("unknown_member")
        return found

    def need(self, rule: str, permission: May, channel: Channel) -> None:
        """Raise the refusal of that rule where the bot lacks a permission."""
        if not self.world.may(channel) & permission:
            raise Refused(rule)
        if channel.guild is not None:
            self.world.used |= permission

    def need_in_guild(self, rule: str, permission: May) -> None:
        """The same, for what no channel says anything of."""
        where = self.guild()
        if not in_guild(where, where.members[self.world.bot.id]) & permission:
            raise Refused(rule)
        self.world.used |= permission


@dataclass(frozen=True, slots=True)
class Route:
    """A route of the API. `bot` is whether it wants the bot's token."""

    method: str
    path: str
    handler: Callable[[Call], Any]
    bot: bool = True

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(slots=True)
class Sent:
    """A request that came: where, what, when, and how it was answered."""

    route: str
    path: dict[str, str]
    body: Any
    at: float
    status: int = 0
    #: The name of the rule that it broke.
    rule: str = ""
    said: Any = None


class Http:
    """Serves the routes."""

    def __init__(self, world: World, limits: Limits, contract: Contract | None) -> None:
        self.world = world
        self.limits = limits
        self.contract = contract
        self.sent: list[Sent] = []

    def bind(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """The handler of a route for aiohttp."""

        async def serve(request: web.Request) -> web.StreamResponse:
            sent = Sent(route.name, dict(request.match_info), None, self.world.clock.now())
            self.sent.append(sent)
            self.world.fire()
            fault = self.limits.fault(route.name)
            if fault is not None and fault.gate is not None:
                fault.waiting += 1
                self.world.fire()
                await fault.gate.wait()
            response = await self._answer(route, request, sent, fault)
            sent.status = response.status
            self.world.fire()
            if fault is not None and fault.drops and request.transport is not None:
                request.transport.abort()
            return response

        return serve

    async def _answer(
        self, route: Route, request: web.Request, sent: Sent, fault: Fault | None
    ) -> web.Response:
        path = sent.path
        try:
            _struck(fault)
            headers = self._admit(route, request, path)
            call = await self._read(request, path)
            sent.body = call.body
            if self.contract:
                self.contract.check(route.method, route.path, path, dict(call.query), call.body)
            said = sent.said = route.handler(call)
        except Failed as failed:
            return _json({"message": "oops", "code": 0}, status=failed.status)
        except Refused as refused:
            sent.rule, sent.said = refused.name, refused.body
            head = self.limits.headers(route.name, path)
            head |= refused.headers if isinstance(refused, Limited) else {}
            return _json(refused.body, status=refused.rule.status, headers=head)
        if said is None:
            return web.Response(status=204, headers=headers)
        if self.contract:
            self.contract.check_reply(route.method, route.path, said)
        return _json(said, headers=headers)

    def _admit(self, route: Route, request: web.Request, path: dict[str, str]) -> dict[str, str]:
        if route.bot and request.headers.get("Authorization") != f"Bot {self.world.token}":
            raise Refused("token")
        return self.limits.take(route.name, path, bound=route.bot)

    async def _read(self, request: web.Request, path: dict[str, str]) -> Call:
        query = dict(request.query)
        if request.content_type == "multipart/form-data":
            body, files = await _multipart(request)
            return Call(self.world, path, query, body, files)
        raw = await request.read()
        if not raw:
            return Call(self.world, path, query, {})
        if request.content_type != "application/json":
            raise Refused("content_type")
        return Call(self.world, path, query, _parsed(raw))


class Failed(Exception):
    """A fault that answers with a status of its own."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def _json(said: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON as Discord sends it: without a charset, which discord.py does not look past."""
    body = json.dumps(said).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def _struck(fault: Fault | None) -> None:
    if fault is None or not fault.status:
        return
    if fault.status == 429:
        rules = {"shared": "shared_limit", "global": "global_limit"}
        rule = rules.get(fault.scope, "route_limit")
        raise Limited(rule, fault.retry_after, fault.scope)
    raise Failed(fault.status)


def _parsed(raw: bytes | str) -> Any:
    try:
        return json.loads(raw)
    except ValueError as error:
        raise Refused("body_json") from error


async def _multipart(request: web.Request) -> tuple[Json, dict[int, Upload]]:
    """https://docs.discord.com/developers/reference#uploading-files."""
    form = await request.post()
    files: dict[int, Upload] = {}
    for name, value in form.items():
        if isinstance(value, FileField):
            content = await asyncio.to_thread(value.file.read)
            n = int(name.removeprefix("files[").removesuffix("]"))
            files[n] = Upload(value.filename, content, value.content_type)
    return _parsed(str(form.get("payload_json", "{}"))), files
