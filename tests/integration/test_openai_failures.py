"""The writer when the service fails, before a piece came and after: with the real client."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from bot.errors import WriterFailed
from bot.writing.calls import AnswerUnusable, Timeouts, WriterLate, WriterRefused, WriterUnready
from tests.fakes.openai_calls import BRIEF, SECRET, SHORT, writer, written
from tests.fakes.openai_server import OpenAIServer, Turn
from tests.fakes.openai_turns import body, cut, event, hang, raw, refuse, slow, status, stopped


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as made:
        yield made


# --- Failures before anything came.


@pytest.mark.parametrize(
    "turn",
    [status(429, retry_after="0.02"), status(429, retry_after_ms="20"), status(500), status(503)],
    ids=["429", "429 in ms", "500", "503"],
)
async def test_what_may_pass_is_tried_again(server: OpenAIServer, turn: Turn) -> None:
    server.script = [turn, turn]
    drafts, failure, usage = await written(server)
    assert (len(drafts), failure, server.calls) == (6, None, 3)
    assert len(usage) == 1  # only what was answered was paid for


async def test_retry_after_is_kept_to(server: OpenAIServer) -> None:
    server.script = [status(429, retry_after="0.3")]
    began = time.monotonic()
    await written(server)
    assert time.monotonic() - began >= 0.3


async def test_a_wait_that_is_too_long_is_not_waited_for(server: OpenAIServer) -> None:
    server.usual = status(429, retry_after="60")
    began = time.monotonic()
    drafts, failure, _ = await written(server)
    assert (drafts, str(failure)) == ([], "The model's service has too much to do.")
    assert server.calls == 1
    assert time.monotonic() - began < 30


async def test_tries_are_bounded(server: OpenAIServer) -> None:
    server.usual = status(500)
    drafts, failure, _ = await written(server)
    assert (drafts, server.calls) == ([], 3)
    assert str(failure) == "The model's service had an error."


@pytest.mark.parametrize(
    ("turn", "kind", "words"),
    [
        (status(401, "invalid_api_key", f"Incorrect key {SECRET}"), WriterUnready, "the key"),
        (status(403), WriterUnready, "not allow"),
        (status(404, "model_not_found"), WriterUnready, "know the model"),
        (status(429, "insufficient_quota"), WriterUnready, "credit"),
        (status(400, "context_length_exceeded"), WriterFailed, "longer"),
        (status(400, "content_filter"), WriterRefused, "will not have"),
        (status(418), WriterFailed, "status 418"),
        (body("{not json"), AnswerUnusable, "no answer"),
        (body("<html>Welcome to the proxy</html>", "text/html"), AnswerUnusable, "no answer"),
        (body(""), AnswerUnusable, "no answer"),
        (event("{not json"), AnswerUnusable, "can't be read"),
        (event("[]"), AnswerUnusable, "no answer"),
        (event('"x"'), AnswerUnusable, "no answer"),
        (event("null"), AnswerUnusable, "no answer"),
        (event('{"choices": 7}'), AnswerUnusable, "no answer"),
        (event('{"choices": [null]}'), AnswerUnusable, "no answer"),
        (event('{"choices": [{"delta": "x", "finish_reason": 3}]}'), AnswerUnusable, "no answer"),
        (event("[" * 100_000), AnswerUnusable, "can't be read"),
        (raw("", None), AnswerUnusable, "no answer"),
        (raw("", "stop"), AnswerUnusable, "no pieces"),
        (raw("What a prompt!"), AnswerUnusable, "no pieces"),
        (raw('{"entries": []}'), AnswerUnusable, "no pieces"),
        (refuse(), WriterRefused, "would not write"),
        (refuse(in_field=False), WriterRefused, "would not write"),
        (stopped("content_filter", 0), WriterRefused, "filter"),
        (stopped("length", 0), AnswerUnusable, "length"),
    ],
)
async def test_each_failure_says_what_it_is_and_is_not_tried_again(
    server: OpenAIServer, turn: Turn, kind: type[WriterFailed], words: str
) -> None:
    server.usual = turn
    drafts, failure, _ = await written(server)
    assert (drafts, server.calls) == ([], 1)
    assert type(failure) is kind
    assert words in str(failure)


async def test_an_error_event_within_the_stream_may_pass(server: OpenAIServer) -> None:
    server.script = [event('{"error": {"message": "overloaded", "type": "server_error"}}')]
    drafts, failure, _ = await written(server)
    assert (len(drafts), failure, server.calls) == (6, None, 2)


async def test_nobody_listens() -> None:
    async with OpenAIServer() as server:
        pass
    drafts, failure, _ = await written(server)
    assert drafts == []
    assert str(failure) == "The model's service can't be reached."


@pytest.mark.parametrize("turn", [hang(), slow(first=20.0)], ids=["hang", "slow"])
async def test_the_first_word_is_waited_for_so_long(server: OpenAIServer, turn: Turn) -> None:
    server.usual = turn
    began = time.monotonic()
    drafts, failure, _ = await written(server, timeouts=SHORT)
    assert (drafts, str(failure)) == ([], "The model took too long to answer.")
    assert isinstance(failure, WriterLate)
    assert 0.9 < time.monotonic() - began < 15
    assert server.calls == 1


# --- Failures after something came.


@pytest.mark.parametrize(
    ("turn", "kind"),
    [
        (cut(2), WriterFailed),
        (hang(after=2), WriterLate),
        (stopped("length", 2), AnswerUnusable),
        (stopped("content_filter", 2), WriterRefused),
        (raw('{"entries": [{"text": "One."}, {"text": "Two."}', None), AnswerUnusable),
    ],
    ids=["cut", "hang", "length", "content filter", "no finish"],
)
async def test_the_whole_ones_before_it_are_kept(
    server: OpenAIServer, turn: Turn, kind: type[WriterFailed]
) -> None:
    server.usual = turn
    drafts, failure, usage = await written(server, timeouts=SHORT)
    assert len(drafts) == 2
    assert isinstance(failure, kind)
    assert server.calls == 1, "a call that gave something is not begun anew"
    assert len(usage) == 1


@pytest.mark.parametrize("turn", [cut(5), hang(after=5), stopped("length", 4)])
async def test_with_enough_pieces_nothing_is_raised(server: OpenAIServer, turn: Turn) -> None:
    server.usual = turn
    drafts, failure, _ = await written(server, timeouts=SHORT)
    assert len(drafts) >= 4
    assert failure is None


async def test_an_answer_without_end_is_ended(server: OpenAIServer) -> None:
    server.chunk = 4000
    server.usual = raw("la " * 50_000)
    drafts, failure, _ = await written(server)
    assert (drafts, str(failure)) == ([], "The model's answer does not end.")


async def test_the_whole_has_its_limit(server: OpenAIServer) -> None:
    server.usual = slow(between=0.5)
    began = time.monotonic()
    limits = Timeouts(connect=20, first=20, between=20, whole=2)
    _, failure, _ = await written(server, timeouts=limits)
    assert str(failure) == "The model took too long to answer."
    assert time.monotonic() - began < 15


async def test_who_leaves_early_ends_the_call(server: OpenAIServer) -> None:
    server.script = [hang(after=2)]
    async with writer(server) as made:
        async with aclosing(made.write(BRIEF)) as drafts:
            assert (await anext(drafts)).text
        assert len([draft async for draft in made.write(BRIEF)]) == 6


async def test_many_at_once(server: OpenAIServer) -> None:
    async with writer(server, timeouts=Timeouts()) as made:

        async def one() -> int:
            return len([draft async for draft in made.write(BRIEF)])

        assert await asyncio.gather(*(one() for _ in range(30))) == [6] * 30
