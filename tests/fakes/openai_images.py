"""The image generation of the fake of OpenAI: its rules, and how it paints or fails to.

https://platform.openai.com/docs/api-reference/images/create
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import struct
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.openai_rules import Refused, error_body, unknown

#: A model of the kind that always gives base64, and one of the kind that gives addresses.
GPT_IMAGE, LOCAL = "gpt-image-fake", "diffusion-fake"


def png(width: int = 2, height: int = 2, colour: tuple[int, int, int] = (200, 80, 40)) -> bytes:
    """A whole PNG of one colour. https://www.w3.org/TR/png-3/#5Chunk-layout."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checked)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\x00" + bytes(colour) * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@dataclass
class Asked:
    """One request for a picture, and what a turn may do with it."""

    images: Images
    request: web.Request
    body: dict[str, Any]

    @property
    def always_base64(self) -> bool:
        return _gpt_image(str(self.body["model"]))

    def picture(self, data: bytes) -> web.Response:
        """The picture as the API gives it: base64, or the address where it then is."""
        if self.always_base64 or self.body.get("response_format") == "b64_json":
            return self.told({"b64_json": base64.b64encode(data).decode()})
        return self.at(self.images.store(data))

    def at(self, path: str) -> web.Response:
        """An address on this server."""
        return self.told({"url": f"http://{self.request.host}{path}"})

    def told(self, *pictures: dict[str, Any]) -> web.Response:
        """An answer of these pictures, with the figures that a GPT Image model gives.

        https://platform.openai.com/docs/api-reference/images/object
        """
        body: dict[str, Any] = {"created": 1, "data": list(pictures)}
        if self.always_base64:
            sent = len(str(self.body["prompt"])) // 4
            body["usage"] = {
                "input_tokens": sent,
                "input_tokens_details": {"text_tokens": sent, "image_tokens": 0},
                "output_tokens": 272,
                "total_tokens": sent + 272,
            }
        return web.json_response(body)


Turn = Callable[[Asked], Awaitable[web.StreamResponse]]


@dataclass
class Images:
    """The endpoint: each call takes the next turn of `script`, or the `usual` one.

    `refuses` names parts of a request that it answers with `status`, as servers do that
    don't know them. What is given by address is in `stored`, fetched without a key.
    """

    usual: Turn | None = None
    script: list[Turn] = field(default_factory=list)
    models: tuple[str, ...] = (GPT_IMAGE, LOCAL)
    refuses: tuple[str, ...] = ()
    status: int = 400
    calls: int = 0
    refused: int = 0
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    stored: dict[str, bytes] = field(default_factory=dict)
    fetches: list[dict[str, str]] = field(default_factory=list)  #: the headers of each

    def add_to(self, app: web.Application) -> None:
        """Serve from `app`. A picture's request is small, its answer is not."""
        app.router.add_post("/v1/images/generations", self._generate)
        app.router.add_get("/pictures/{name}", self._stored)
        app.router.add_get("/moved/{name}", self._moved)

    def store(self, data: bytes) -> str:
        """Keep a picture; the path at which it is."""
        name = f"{len(self.stored)}.png"
        self.stored[name] = data
        return f"/pictures/{name}"

    async def _generate(self, request: web.Request) -> web.StreamResponse:
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
        turn = self.script.pop(0) if self.script else self.usual or painted()
        try:
            return await turn(Asked(self, request, body))
        except ConnectionResetError:
            return web.Response()  # the client has left; nobody reads this

    async def _stored(self, request: web.Request) -> web.Response:
        self.fetches.append(dict(request.headers))
        held = self.stored.get(request.match_info["name"])
        return web.Response(body=held) if held is not None else web.Response(status=404)

    async def _moved(self, request: web.Request) -> web.Response:
        raise web.HTTPFound(f"/pictures/{request.match_info['name']}")


# --- Rules.


def _gpt_image(model: str) -> bool:
    return model.startswith(("gpt-image", "chatgpt-image"))


def checked(body: Mapping[str, Any], headers: Mapping[str, str], models: Sequence[str]) -> None:
    """Raise `Refused` where a request breaks a rule of the API.

    https://platform.openai.com/docs/api-reference/images/create
    """
    # https://platform.openai.com/docs/api-reference/authentication
    if not headers.get("Authorization", "").startswith("Bearer "):
        raise Refused(401, "You didn't provide an API key.")
    model = body.get("model")
    if model not in models:
        raise Refused(404, f"The model `{model}` does not exist", code="model_not_found")
    _prompt(body.get("prompt"))
    _options(body, gpt_image=_gpt_image(str(model)))


def _prompt(prompt: Any) -> None:
    # #images-create-prompt: required, "The maximum length is 32000 characters"
    if not isinstance(prompt, str) or not prompt:
        raise Refused(400, "Missing required parameter: 'prompt'.", param="prompt")
    if len(prompt) > 32_000:
        raise Refused(400, "Invalid 'prompt': string too long.", param="prompt")


def _options(body: Mapping[str, Any], *, gpt_image: bool) -> None:
    # #images-create-n: "Must be between 1 and 10"
    if not 1 <= body.get("n", 1) <= 10:
        raise Refused(400, "Invalid 'n': integer out of range.", param="n")
    # #images-create-response_format: "Unsupported for GPT image models"; what they answer:
    # https://github.com/vercel/ai/issues/6102
    shape = body.get("response_format")
    if shape is not None and gpt_image:
        said = "Unknown parameter: 'response_format'."
        raise Refused(400, said, param="response_format", code="unknown_parameter")
    if shape not in (None, "url", "b64_json"):
        raise Refused(400, f"Invalid value: '{shape}'.", param="response_format")
    # #images-create-size: "auto", or width and height, for GPT image models divisible by 16
    if (size := body.get("size")) is not None and size != "auto":
        found = re.fullmatch(r"(\d+)x(\d+)", str(size))
        if not found or (gpt_image and any(int(side) % 16 for side in found.groups())):
            raise Refused(400, f"Invalid value: '{size}'.", param="size", code="invalid_value")
    # #images-create-quality
    known = ("low", "medium", "high", "xhigh", "max", "auto", "standard", "hd")
    if (quality := body.get("quality")) is not None and quality not in known:
        raise Refused(400, f"Invalid value: '{quality}'.", param="quality", code="invalid_value")


# --- Turns.


def painted(data: bytes | None = None) -> Turn:
    """A picture: `data`, or a small PNG whose colour is the prompt's."""

    async def turn(asked: Asked) -> web.StreamResponse:
        seen = zlib.crc32(str(asked.body["prompt"]).encode())
        drawn = png(colour=(seen & 255, seen >> 8 & 255, seen >> 16 & 255))
        return asked.picture(drawn if data is None else data)

    return turn


def told(*pictures: dict[str, Any]) -> Turn:
    """An answer that holds these for its pictures, whatever they are."""

    async def turn(asked: Asked) -> web.StreamResponse:
        return asked.told(*pictures)

    return turn


def only_address(data: bytes, *, within: str = "/pictures") -> Turn:
    """An address, though base64 was asked for; `within` ``/moved`` it redirects."""

    async def turn(asked: Asked) -> web.StreamResponse:
        path = asked.images.store(data)
        return asked.at(path.replace("/pictures", within))

    return turn


def blocked(code: str = "moderation_blocked") -> Turn:
    """The service's safety system refuses, in the words it has for it.

    https://github.com/jeffstric/ZJT/issues/480
    """

    async def turn(_: Asked) -> web.StreamResponse:
        error = {
            "message": "Your request was rejected by the safety system.",
            "type": "image_generation_user_error",
            "param": None,
            "code": code,
        }
        return web.json_response({"error": error}, status=400)

    return turn


def failed(status: int, code: str | None = None, message: str = "No.", **headers: str) -> Turn:
    """An HTTP error. https://platform.openai.com/docs/guides/error-codes."""

    async def turn(_: Asked) -> web.StreamResponse:
        body = {"error": {"message": message, "type": "x", "param": None, "code": code}}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.json_response(body, status=status, headers=named)

    return turn


def hang(*, within: bool = False) -> Turn:
    """Nothing comes, or nothing more after the beginning of the answer."""

    async def turn(asked: Asked) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        if within:
            await response.prepare(asked.request)
            await response.write(b'{"data": [')
        await asyncio.sleep(30)
        return response

    return turn


def cut() -> Turn:
    """The connection breaks in the middle of the answer."""

    async def turn(asked: Asked) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(asked.request)
        await response.write(b'{"data": [{"b64_json": "iVBOR')
        assert asked.request.transport is not None
        asked.request.transport.close()
        return response

    return turn


def endless(chunks: int) -> Turn:
    """A picture of so many megabytes of base64, sent as it is made."""

    async def turn(asked: Asked) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(asked.request)
        await response.write(b'{"data": [{"b64_json": "')
        part = b"A" * 1_000_000
        for _ in range(chunks):
            await response.write(part)
        await response.write(json.dumps("").encode() + b"}]}")
        return response

    return turn


def body(text: str) -> Turn:
    """A 200 with this body."""

    async def turn(_: Asked) -> web.StreamResponse:
        return web.Response(text=text, content_type="application/json")

    return turn
