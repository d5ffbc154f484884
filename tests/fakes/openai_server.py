"""A server on 127.0.0.1 that speaks OpenAI's chat completions, for the real client to call.

It keeps the rules of the API that Muse depends on (`openai_rules.py`), and for each call takes
the next `Turn` of its script, or its usual one: how it answers, or how it fails to. It counts
calls and keeps each request, so that a test can look at what was sent.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from aiohttp import web

from tests.fakes.openai_images import Images
from tests.fakes.openai_moderations import Moderations
from tests.fakes.openai_rules import Refused, checked, error_body, unknown

MODEL = "fake-1"
#: Words that a good answer is made of; few of them are in any two pieces.
WORDS = tuple(
    head + tail
    for head in ("ba", "ce", "di", "fo", "gu", "ha", "ki", "lu", "mo", "ne", "pi", "ra", "su")
    for tail in ("rn", "ll", "sk", "nd", "mp", "ft", "ck", "ng", "rd", "st", "x", "zz", "th", "lm")
)


@dataclass
class Call:
    """One request, and what a turn may do with it."""

    server: OpenAIServer
    request: web.Request
    body: dict[str, Any]
    rng: Random

    @property
    def said(self) -> str:
        """The user's message: form, angles and the block of data."""
        return str(self.body["messages"][-1]["content"])

    @property
    def prompt(self) -> str:
        block = self.said.split("<data>\n")[1].split("\n</data>")[0]
        return str(json.loads(block)["prompt"])

    @property
    def ask(self) -> int:
        found = re.search(r"Number of pieces: (\d+)", self.said)
        return int(found[1]) if found else 6

    @property
    def angles(self) -> int:
        return len(re.findall(r"(?m)^\d+\. ", self.said.split("Number of pieces")[0])) or 1

    async def stream(
        self,
        text: str,
        finish: str | None = "stop",
        *,
        done: bool = True,
        pause: float = 0.0,
        key: str = "content",
    ) -> web.StreamResponse:
        """`text` in small chunks, as the API streams it.

        https://platform.openai.com/docs/api-reference/chat-streaming
        """
        response = await self.open()
        size = self.server.chunk
        await self.send(response, {"role": "assistant", "content": ""})
        for at in range(0, len(text), size):
            if pause:
                await asyncio.sleep(pause)
            await self.send(response, {key: text[at : at + size]})
        if finish is not None:
            await self.send(response, {}, finish)
        if done:
            await self.end(response, len(text))
        return response

    async def open(self) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(self.request)
        return response

    async def send(
        self, response: web.StreamResponse, delta: dict[str, Any], finish: str | None = None
    ) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        await self.event(response, {"choices": [choice]} | self._usage_key(None))

    async def end(self, response: web.StreamResponse, chars: int) -> None:
        """The figures, in a chunk of their own without choices where asked for, and the end.

        https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options
        """
        sent = sum(len(str(each["content"])) for each in self.body["messages"]) // 4
        if figures := self._usage_key(
            {
                "prompt_tokens": sent,
                "completion_tokens": chars // 4,
                "total_tokens": sent + chars // 4,
                "prompt_tokens_details": {"cached_tokens": min(sent, 128)},
            }
        ):
            await self.event(response, {"choices": []} | figures)
        await response.write(b"data: [DONE]\n\n")

    async def event(self, response: web.StreamResponse, chunk: dict[str, Any]) -> None:
        head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1}
        whole = head | {"model": f"{self.body['model']}-2026-11-01"} | chunk
        await response.write(b"data: " + json.dumps(whole).encode() + b"\n\n")

    def _usage_key(self, usage: dict[str, Any] | None) -> dict[str, Any]:
        asked = (self.body.get("stream_options") or {}).get("include_usage")
        return {"usage": usage} if asked else {}


Turn = Callable[[Call], Awaitable[web.StreamResponse]]


@dataclass
class OpenAIServer:
    """`async with OpenAIServer() as server`: then `server.url` is a base URL for the client.

    `refuses` names parts of a request that it answers with `status` (400, 404, 422), as
    servers do that don't know them. `pieces` makes the text of one piece. `images` and
    `moderations` are its other endpoints, with scripts of their own.
    """

    usual: Turn | None = None
    script: list[Turn] = field(default_factory=list)
    refuses: tuple[str, ...] = ()
    status: int = 400
    seed: int = 1
    chunk: int = 16
    models: tuple[str, ...] = (MODEL,)
    pieces: Callable[[Random], str] | None = None
    calls: int = 0
    refused: int = 0
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    written: dict[str, list[str]] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    images: Images = field(default_factory=Images)
    moderations: Moderations = field(default_factory=Moderations)
    url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> OpenAIServer:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_get("/v1/models", self._models)
        self.images.add_to(app)
        self.moderations.add_to(app)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def piece(self, rng: Random) -> str:
        """A sentence that shares hardly a word with any other."""
        if self.pieces is not None:
            return self.pieces(rng)
        return " ".join(rng.sample(WORDS, 14)).capitalize() + "."

    async def _models(self, _: web.Request) -> web.Response:
        listed = [{"id": each, "object": "model"} for each in self.models]
        return web.json_response({"object": "list", "data": listed})

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        try:
            checked(body, request.headers, self.models)
            unknown(body, self.refuses, self.status)
        except Refused as refusal:
            self.refused += 1
            return web.json_response(error_body(refusal), status=refusal.status)
        self.calls += 1
        from tests.fakes.openai_turns import good

        turn = self.script.pop(0) if self.script else self.usual or good()
        said = str(body["messages"][-1]["content"])
        self.times[said] += 1
        # Drawn from what was asked, not from when: rounds at once give what they gave before.
        rng = Random(f"{self.seed} {self.times[said]} {said}")
        try:
            return await turn(Call(self, request, body, rng))
        except ConnectionResetError:
            return web.Response()  # the client has left; nobody reads this
