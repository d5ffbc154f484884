"""A bench for breaking Discord's rules: a server, one channel, one member, and bare HTTP.

Bare, because discord.py itself would not send most of what is refused here.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.fakes.discord_asked import Asked
from tests.fakes.discord_message import EPHEMERAL, V2, Message
from tests.fakes.discord_permissions import May
from tests.fakes.discord_posting import Draft, post
from tests.fakes.discord_rules import Json
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_state import Channel, User

SAY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
COMMAND: Json = {
    "name": "muse",
    "description": "Four answers",
    "options": [{"type": 3, "name": "form", "description": "x", "autocomplete": True}],
}
MENU: Json = {"name": "Remix", "type": 3}


def text(said: str = "x") -> Json:
    return {"type": 10, "content": said}


def button(**more: Any) -> Json:
    return {"type": 2, "style": 1, "label": "x", "custom_id": "x"} | more


def row(*children: Json) -> Json:
    return {"type": 1, "components": list(children)}


def section(*children: Json, **more: Any) -> Json:
    return {"type": 9, "components": list(children), "accessory": button()} | more


def select(**more: Any) -> Json:
    option = {"label": "x", "value": "x"}
    return {"type": 3, "custom_id": "x", "options": [option]} | more


def v2(*components: Json, **more: Any) -> Json:
    return {"flags": V2, "components": list(components)} | more


def modal(*components: Json, **more: Any) -> Json:
    return {"title": "x", "custom_id": "x", "components": list(components) or [label()]} | more


def label(component: Json | None = None, **more: Any) -> Json:
    return {"type": 18, "label": "x", "component": component or field()} | more


def field(**more: Any) -> Json:
    return {"type": 4, "custom_id": "f", "style": 1} | more


class Answer:
    """What came back: the status, the headers, and the JSON."""

    def __init__(self, status: int, headers: Any, said: Any) -> None:
        self.status = status
        self.headers = headers
        self.said = said


class Bench:
    """See above. Every call is a request of the bot's."""

    def __init__(self, server: DiscordServer, http: aiohttp.ClientSession) -> None:
        self.server = server
        self.world = server.world
        self.http = http
        self.guild = server.guild()
        self.channel: Channel = server.channel(self.guild)
        self.ada: User = server.member(self.guild, "Ada")

    @property
    def messages(self) -> str:
        return f"/channels/{self.channel.id}/messages"

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        """One request; `headers`, `data` and `params` as aiohttp knows them."""
        headers = {"Authorization": f"Bot {self.server.token}"} | more.pop("headers", {})
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            more["data"] = json.dumps(body)
        url = self.server.api_url + path
        async with self.http.request(method, url, headers=headers, **more) as came:
            raw = await came.read()
            return Answer(came.status, came.headers, json.loads(raw) if raw else None)

    async def upload(self, method: str, path: str, body: Json, *names: str) -> Answer:
        """One multipart request with files of those names."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", json.dumps(body))
        for n, name in enumerate(names):
            form.add_field(f"files[{n}]", b"PNG", filename=name, content_type="image/png")
        return await self.call(method, path, data=form)

    async def send(self, body: Json, channel: Channel | None = None) -> Answer:
        """Create a message."""
        return await self.call("POST", f"/channels/{(channel or self.channel).id}/messages", body)

    async def sent(self, body: Json | None = None) -> Message:
        """A message of the bot's that is there already."""
        answer = await self.send(body or {"content": "here"})
        assert answer.status == 200, answer.said
        return self.channel.messages[int(answer.said["id"])]

    def path(self, message: Message) -> str:
        return f"/channels/{message.channel.id}/messages/{message.id}"

    def written(self, said: str = "hello", channel: Channel | None = None) -> Message:
        """A message of Ada's."""
        where = channel or self.channel
        made = Message(self.world.snowflake(), where, self.ada, self.world.clock.now())
        return post(self.world, made, Draft({"content": said}))

    async def commands(self, *commands: Json) -> Answer:
        return await self.call("PUT", f"/applications/{self.app}/commands", list(commands))

    @property
    def app(self) -> int:
        return self.world.application_id

    async def slash(self) -> Asked:
        """Ada uses a command."""
        await self.commands(COMMAND, MENU)
        return await self.server.slash(self.ada, self.channel, "muse")

    async def click(self) -> Asked:
        """Ada presses a button of the bot's."""
        message = await self.sent({"content": "x", "components": [row(button())]})
        return await self.server.click(self.ada, message, "x")

    async def answer(self, asked: Asked, kind: int, data: Json | None = None) -> Answer:
        """Answer an interaction for the first time."""
        at = f"/interactions/{asked.interaction.id}/{asked.interaction.token}/callback"
        return await self.call("POST", at, {"type": kind} | ({"data": data} if data else {}))

    def hook(self, asked: Asked, message: str = "") -> str:
        """The path for what follows the first answer."""
        tail = f"/messages/{message}" if message else ""
        return f"/webhooks/{self.app}/{asked.interaction.token}{tail}"

    async def private(self) -> tuple[Asked, Message]:
        """A private answer to Ada."""
        asked = await self.slash()
        await self.answer(asked, SAY, {"content": "psst", "flags": EPHEMERAL})
        return asked, await asked.private()


#: What a break gives back: an HTTP answer, a gateway's close code, or nothing where the rule
#: refuses nothing and the break has looked for itself.
Outcome = Answer | int | None
BREAKS: dict[str, Callable[[Bench], Awaitable[Outcome]]] = {}


def breaks(
    *rules: str,
) -> Callable[[Callable[[Bench], Awaitable[Outcome]]], Callable[[Bench], Awaitable[Outcome]]]:
    """Note what breaks the rule of that name."""

    def note(
        how: Callable[[Bench], Awaitable[Outcome]],
    ) -> Callable[[Bench], Awaitable[Outcome]]:
        for rule in rules:
            assert rule not in BREAKS, rule
            BREAKS[rule] = how
        return how

    return note


def bodies(
    pairs: dict[str, tuple[Any, Any]], send: Callable[[Bench, Any], Awaitable[Answer]]
) -> None:
    """Note rules that a body alone breaks: the bad one, and its nearest good one."""
    for rule, (bad, good) in pairs.items():

        async def how(bench: Bench, bad: Any = bad, good: Any = good) -> Answer:
            taken = await send(bench, good)
            assert taken.status in (200, 204), taken.said
            return await send(bench, bad)

        breaks(rule)(how)


def lacking(rule: str, permission: May, method: str, path: str, body: Any = None) -> None:
    """Note a rule that a permission, taken away in the channel, breaks."""

    async def how(bench: Bench) -> Answer:
        message = bench.written()
        at = path.format(channel=bench.channel.id, message=message.id)
        assert (await bench.call(method, at, body)).status in (200, 204)
        bench.server.deny(bench.channel, permission)
        return await bench.call(method, at, body)

    breaks(rule)(how)


@asynccontextmanager
async def bench() -> AsyncIterator[Bench]:
    async with DiscordServer(lawless=True) as server, aiohttp.ClientSession() as http:
        yield Bench(server, http)
