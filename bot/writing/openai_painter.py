"""Painting with a model: any service that speaks OpenAI's image generation.

What is optional in the request is left out from then on where the server refuses it by name.
A picture comes as base64, or as an address that is fetched where that is safe (`fetching`).
https://platform.openai.com/docs/api-reference/images/create
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import random
import re
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from typing import Any

from bot.models import Image
from bot.writing.calls import AnswerUnusable, OnUsage, Passing, Retries, Timeouts, Usage, WriterLate
from bot.writing.openai_client import OpenAIService
from bot.writing.painting import MAX_BYTES, Painter, image_of, prompt_of

log = logging.getLogger(__name__)

#: A picture may take two minutes, and its first word is the whole of it.
#: https://platform.openai.com/docs/guides/image-generation#limitations
PATIENCE = Timeouts(connect=5.0, first=150.0, between=20.0, whole=180.0)
#: An answer's length: the largest picture in base64, and what stands around it.
_MAX_BODY = MAX_BYTES * 4 // 3 + 100_000
#: Models that always give base64, and refuse to be told so.
#: https://platform.openai.com/docs/api-reference/images/create#images-create-response_format
_GIVES_BASE64 = re.compile(r"(?:^|/)(?:chatgpt|gpt)-image")
#: Optional parts of a request, and the words by which a server names each when refusing it.
_NAMED = {
    "response_format": re.compile(r"response_format"),
    "size": re.compile(r"\bsize\b"),
    "quality": re.compile(r"\bquality\b"),
}
_REFUSING = (400, 404, 422, 501)


class OpenAIPainter(OpenAIService, Painter):
    """Has a model paint. Safe to share between rounds; `close` it, or use it in `async with`.

    Reads no environment of its own. `api_key` and `base_url` as given, `size` as
    ``1024x1024``; unset, it and `quality` are left to the service. `client` goes to
    `AsyncOpenAI` as it is.
    """

    def __init__(
        self,
        model: str,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        size: str | None = None,
        quality: str | None = None,
        timeouts: Timeouts | None = None,
        retries: Retries | None = None,
        client: Mapping[str, Any] | None = None,
    ) -> None:
        self._timeouts = timeouts or PATIENCE
        super().__init__(api_key, base_url, self._timeouts.whole, self._timeouts.connect, client)
        self._model = model
        self._optional = {
            "response_format": None if _GIVES_BASE64.search(model) else "b64_json",
            "size": size,
            "quality": quality,
        }
        self._retries = retries or Retries()
        self._refused: set[str] = set()

    @property
    def refused(self) -> frozenset[str]:
        """The optional parts of a request that the service has refused so far."""
        return frozenset(self._refused)

    async def paint(self, description: str, on_usage: OnUsage | None = None, /) -> Image:
        """The picture that `description` describes.

        Whatever goes wrong is a `WriterFailed` (`WriterRefused`, `AnswerUnusable`); what may
        pass is tried again within the limits. `on_usage` is called once for each call that
        was answered.
        """
        deadline = _now() + self._timeouts.whole
        tries = 0
        while True:
            try:
                return await self._once(prompt_of(description), deadline, on_usage)
            except Passing as failure:
                log.info("a picture failed: %s", failure)
                wait = self._wait(failure.after, tries)
                late = wait > self._retries.longest or _now() + wait >= deadline
                if late or tries >= self._retries.times:
                    raise
            tries += 1
            await asyncio.sleep(wait)

    def _wait(self, asked: float | None, tries: int) -> float:
        """Seconds to wait before the next try: what the service asks, else ever longer."""
        if asked is not None:
            return asked
        wait: float = self._retries.first * 2**tries * random.uniform(0.75, 1.25)
        return min(wait, self._retries.longest)

    async def _once(self, prompt: str, deadline: float, on_usage: OnUsage | None) -> Image:
        """One call, and the fetching of what it only names."""
        from bot.writing.fetching import bounded, fetched

        told: Any = None
        with _translating():
            async with AsyncExitStack() as stack:
                response = await self._open(stack, prompt, deadline)
                try:
                    parts = response.iter_bytes()
                    body = await bounded(parts, _MAX_BODY, self._timeouts.between, deadline)
                    told = await asyncio.to_thread(json.loads, body)
                finally:  # a call that was answered was used, whatever the answer is worth
                    if on_usage is not None:
                        on_usage(_usage(told, self._model))
            encoded, url = _picture(told)
            if encoded:
                data = await asyncio.to_thread(_decoded, encoded)
            else:
                data = await fetched(url, self._base_url, MAX_BYTES, self._timeouts, deadline)
        return image_of(data)

    async def _open(self, stack: AsyncExitStack, prompt: str, deadline: float) -> Any:
        """Begin the call, without what the service refuses; `stack` ends it."""
        from openai import APIStatusError

        client = self._connected()
        async with asyncio.timeout_at(min(deadline, _now() + self._timeouts.first)):
            while True:
                request = self._request(prompt)
                try:
                    return await stack.enter_async_context(
                        client.images.with_streaming_response.generate(**request)
                    )
                except APIStatusError as error:
                    named = _refused_parts(error) & request.keys()
                    if not named:
                        raise
                    log.info("the image model's service refuses %s", ", ".join(sorted(named)))
                    self._refused |= named

    def _request(self, prompt: str) -> dict[str, Any]:
        optional = {
            name: value
            for name, value in self._optional.items()
            if value is not None and name not in self._refused
        }
        return {"model": self._model, "prompt": prompt, **optional}


@contextmanager
def _translating() -> Iterator[None]:
    """What client and connection raise becomes one of Muse's errors."""
    import httpx2

    from bot.writing.openai_errors import RAISED, translated

    try:
        yield
    except TimeoutError as error:
        raise WriterLate("The image model took too long.") from error
    except RAISED as error:
        raise translated(error) from error
    except (httpx2.HTTPError, httpx2.StreamError) as error:  # not the client's own: a body's
        raise Passing("The image model's service broke off.") from error


def _refused_parts(error: Any) -> set[str]:
    """The optional parts of a request that a server names as the reason why it refuses."""
    if error.status_code not in _REFUSING:
        return set()
    if error.param in _NAMED:
        return {error.param}
    # A validation error may quote the whole request: only its beginning says what is wrong.
    said = f"{error.param} {error.message}".lower()[:400]
    return {part for part, names in _NAMED.items() if names.search(said)}


def _picture(told: Any) -> tuple[str, str]:
    """The picture in base64, or the address at which it is; one of them is empty."""
    data = told.get("data") if isinstance(told, dict) else None
    first = data[0] if isinstance(data, list) and data else None
    for name in ("b64_json", "url"):
        held = first.get(name) if isinstance(first, dict) else None
        if isinstance(held, str) and held.strip():
            encoded = name == "b64_json" or held.startswith("data:")
            return (held, "") if encoded else ("", held.strip())
    raise AnswerUnusable("The image model's service gave no picture.")


def _decoded(encoded: str) -> bytes:
    """The bytes in base64; some servers put ``data:image/png;base64,`` before it."""
    _, _, behind = encoded.partition(",") if encoded.startswith("data:") else ("", "", encoded)
    return base64.b64decode("".join(behind.split()), validate=True)


def _usage(told: Any, model: str) -> Usage:
    """The service's own figures. A picture's tokens can't be reckoned: without figures, none."""
    held = told.get("usage") if isinstance(told, dict) else None
    sent, painted = _count(held, "input_tokens"), _count(held, "output_tokens")
    if not isinstance(held, dict) or sent is None or painted is None:
        return Usage(model, 0, 0, 0, reported=False)
    cached = _count(held.get("input_tokens_details"), "cached_tokens") or 0
    return Usage(model, sent, min(cached, sent), painted, reported=True)


def _count(held: Any, name: str) -> int | None:
    value = held.get(name) if isinstance(held, dict) else None
    return value if type(value) is int and value >= 0 else None


def _now() -> float:
    return asyncio.get_running_loop().time()
