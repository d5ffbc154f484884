"""Writing with a model: any service that speaks OpenAI's chat completions.

One streamed call a brief. Everything optional in the request (the schema, the usage figures,
temperature and the like) is left out from then on where the server refuses it by name, so
that Ollama, llama.cpp, vLLM and the rest need no settings of their own.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.brief import Brief
from bot.errors import WriterFailed
from bot.models import Draft, Origin
from bot.ports import Writer
from bot.writing import briefs
from bot.writing.answers import MAX_CHARS, AnswerReader, Candidate
from bot.writing.calls import (
    SPARE,
    AnswerUnusable,
    OnUsage,
    Passing,
    Retries,
    Sampling,
    Timeouts,
    WriterLate,
    WriterUnready,
)
from bot.writing.openai_client import OpenAIService
from bot.writing.openai_stream import Told

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)

#: The model asked at OpenAI where none is named: small, quick, and knows schemas.
DEFAULT_MODEL = "gpt-5.4-mini"
_NOT_WRITERS = ("embed", "whisper", "tts", "rerank", "moderation", "image", "clip")


class OpenAIWriter(OpenAIService, Writer):
    """Has a model write. Safe to share between rounds; `close` it, or use it in `async with`.

    Reads no environment of its own. `api_key` and `base_url` as given; without `model` the
    service is asked which it has. `client` goes to `AsyncOpenAI` as it is (`http_client`,
    `default_headers`, …).
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        model: str | None = None,
        sampling: Sampling | None = None,
        timeouts: Timeouts | None = None,
        retries: Retries | None = None,
        most_tokens: int | None = None,
        client: Mapping[str, Any] | None = None,
    ) -> None:
        self._timeouts = timeouts or Timeouts()
        super().__init__(api_key, base_url, self._timeouts.whole, self._timeouts.connect, client)
        self._model = model or (None if base_url else DEFAULT_MODEL)
        self._sampling = sampling or Sampling()
        self._retries = retries or Retries()
        self._most_tokens = most_tokens
        self._refused: set[str] = set()

    @property
    def refused(self) -> frozenset[str]:
        """The optional parts of a request that the service has refused so far."""
        return frozenset(self._refused)

    async def write(
        self, brief: Brief, on_usage: OnUsage | None = None, /, *, spare: int = SPARE
    ) -> AsyncGenerator[Draft, None]:
        """Yield each piece as soon as it is whole: `spare` more than wanted, if all is well.

        A draft's lens is one of the brief's, or "" where the model told none of them. Whatever
        goes wrong is a `WriterFailed` (`WriterRefused`, `AnswerUnusable`), after the pieces
        that were whole by then; it is only logged where there are enough of them.
        `on_usage` is called once for each call that was answered.
        """
        if not brief.lenses:
            return
        ask = len(brief.lenses) + spare
        deadline = _now() + self._timeouts.whole
        given, tries = 0, 0
        while True:
            try:
                async with aclosing(self._once(brief, ask, deadline, on_usage)) as drafts:
                    async for draft in drafts:
                        given += 1
                        yield draft
            except WriterFailed as failure:
                log.info("a call failed%s: %s", " in its midst" if given else "", failure)
                if given >= len(brief.lenses):
                    return
                if given or not isinstance(failure, Passing) or tries >= self._retries.times:
                    raise
                wait = self._wait(failure.after, tries)
                if wait > self._retries.longest or _now() + wait >= deadline:
                    raise
            else:
                return
            tries += 1
            await asyncio.sleep(wait)

    def _wait(self, asked: float | None, tries: int) -> float:
        """Seconds to wait before the next try: what the service asks, else ever longer."""
        if asked is not None:
            return asked
        wait: float = self._retries.first * 2**tries * random.uniform(0.75, 1.25)
        return min(wait, self._retries.longest)

    async def _once(
        self, brief: Brief, ask: int, deadline: float, on_usage: OnUsage | None
    ) -> AsyncGenerator[Draft, None]:
        """One call: its drafts as they come, then what was wrong, if anything was."""
        first = min(deadline, _now() + self._timeouts.first)
        reader = AnswerReader(briefs.brief_lenses(brief))
        given = 0
        failure: WriterFailed | None = None
        stream, told = await self._open(brief, ask, first)
        try:
            parts = self._parts(stream, told, first, deadline)
            async with aclosing(parts):
                while failure is None:
                    try:
                        found = reader.feed(await anext(parts))
                    except StopAsyncIteration:
                        break
                    except WriterFailed as error:
                        failure = error
                        break
                    for each in found:
                        given += 1
                        yield _draft(each, told)
            for each in reader.finish():
                given += 1
                yield _draft(each, told)
        finally:
            try:
                await _closed(stream)
            finally:  # whoever ends it while it is being closed has still used it
                if on_usage is not None:
                    on_usage(told.usage())
        failure = failure or told.problem(given, reader.refusal)
        if failure is not None:
            raise failure

    async def _parts(
        self, stream: Any, told: Told, first: float, deadline: float
    ) -> AsyncGenerator[str, None]:
        """The answer's text as it comes; raises `WriterFailed` where it stops coming."""
        from bot.writing.openai_errors import RAISED, translated

        chunks = aiter(stream)
        while True:
            by = min(deadline, _now() + self._timeouts.between) if told.begun else first
            try:
                async with asyncio.timeout(max(0.0, by - _now())):
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                raise WriterLate from error
            except RAISED as error:
                raise translated(error) from error
            text = told.take(chunk)
            if told.chars > MAX_CHARS:
                raise AnswerUnusable("The model's answer does not end.")
            if text:
                yield text

    async def _open(self, brief: Brief, ask: int, first: float) -> tuple[Any, Told]:
        """Begin the call, without what the service refuses: the stream and what it tells."""
        from bot.writing.openai_errors import RAISED, refused_parts, translated

        try:
            async with asyncio.timeout(max(0.0, first - _now())):
                client = self._connected()
                model = self._model or await self._pick(client)
                while True:
                    request = self._request(brief, ask, model)
                    try:
                        stream = await client.chat.completions.create(**request)
                    except RAISED as error:
                        named = refused_parts(error) & request.keys()
                        if not named:
                            raise
                        log.info("the model's service refuses %s", ", ".join(sorted(named)))
                        self._refused |= named
                    else:
                        sent = sum(len(each["content"]) for each in request["messages"])
                        return stream, Told(model, sent)
        except WriterFailed:
            raise
        except TimeoutError as error:
            raise WriterLate from error
        except RAISED as error:
            raise translated(error) from error

    def _request(self, brief: Brief, ask: int, model: str) -> dict[str, Any]:
        """The call's arguments (https://platform.openai.com/docs/api-reference/chat/create)."""
        optional: dict[str, Any] = {
            "stream_options": {"include_usage": True},
            "response_format": {
                "type": "json_schema",
                "json_schema": {
                    "name": "entries",
                    "strict": True,
                    "schema": briefs.schema(ask, brief.lenses),
                },
            },
            **{name: value for name, value in asdict(self._sampling).items() if value is not None},
        }
        if self._most_tokens is not None:
            optional["max_completion_tokens"] = self._most_tokens
        kept = {name: value for name, value in optional.items() if name not in self._refused}
        sent = briefs.messages(brief, ask, schema="response_format" in kept)
        return {"model": model, "stream": True, "messages": [asdict(m) for m in sent], **kept}

    async def _pick(self, client: AsyncOpenAI) -> str:
        """The first model that the service has; asked once."""
        page = await client.models.list()
        names = [each.id for each in page.data if isinstance(each.id, str)]
        writers = [name for name in names if not any(not_ in name for not_ in _NOT_WRITERS)]
        if not writers:
            raise WriterUnready("The model's service has no model that writes.")
        self._model = writers[0]
        log.info("the model's service has several models, %s is asked", self._model)
        return self._model


def _draft(found: Candidate, told: Told) -> Draft:
    return Draft(found.text, found.lens, Origin.AI, told.model, found.plan)


async def _closed(stream: Any) -> None:
    """Give the connection back, whatever state it is in."""
    from bot.writing.openai_errors import RAISED

    try:
        await stream.close()
    except RAISED as error:
        log.debug("closing a stream: %s", type(error).__name__)


def _now() -> float:
    return asyncio.get_running_loop().time()
