from __future__ import annotations

import asyncio
import logging
import re

import pytest

from adapters.guard import guarded
from bot import errors, references
from bot.cards import Answer, Card, Literal, Paragraph, Reply
from bot.errors import MuseError, OutsideError
from bot.present.receipts import said
from bot.storage.refusals import ForeignSpace

SECRET = "redis://:hunter2@db.internal:6379"
TREE = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MuseError)
]


def _text(reply: Reply) -> str:
    assert isinstance(reply.card, Card)
    (block,) = reply.card.blocks
    assert isinstance(block, Paragraph)
    (span,) = block.line
    assert isinstance(span, Literal), "an error may quote a member, so it is shown literally"
    assert reply.card.summary == span.text
    return span.text


async def test_what_goes_well_goes_through() -> None:
    reply = Reply(Answer.POST, said("done"), follows=True)

    async def serve() -> Reply:
        return reply

    assert await guarded(serve) is reply


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
async def test_every_error_of_the_tree_is_told(
    kind: type[MuseError], caplog: pytest.LogCaptureFixture
) -> None:
    async def serve() -> Reply:
        raise kind("Something could not be done.")

    with caplog.at_level(logging.DEBUG):
        reply = await guarded(serve)
    assert reply.refused
    assert reply.kind is Answer.PRIVATE
    assert not reply.follows
    assert _text(reply) == "Something could not be done."
    # What a member can mend is no business of the log; what lies outside is.
    levels = [record.levelno for record in caplog.records]
    assert levels == ([logging.WARNING] if issubclass(kind, OutsideError) else [])


async def test_a_space_that_moved_is_told() -> None:
    async def serve() -> Reply:
        raise ForeignSpace

    assert "Please try again" in _text(await guarded(serve))


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"could not parse {SECRET}"),
        KeyError(SECRET),
        AssertionError(f"a script answered {SECRET}"),
        RecursionError(SECRET),
        UnicodeEncodeError("utf-8", SECRET, 0, 1, "surrogates not allowed"),
        TimeoutError(SECRET),
        ExceptionGroup(SECRET, [ValueError(SECRET)]),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_an_unforeseen_error_shows_only_a_reference_that_is_in_the_log(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async def serve() -> Reply:
        raise error

    with caplog.at_level(logging.DEBUG):
        reply = await guarded(serve)
    text = _text(reply)
    assert reply.refused
    assert SECRET not in text
    assert type(error).__name__ not in text
    (reference,) = re.findall(r"\b[0-9a-f]{8}\b", text)
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert reference in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[1] is error


async def test_every_reference_is_another() -> None:
    async def serve() -> Reply:
        raise ValueError

    texts = {_text(await guarded(serve)) for _ in range(20)}
    assert len(texts) == 20


@pytest.mark.parametrize("kind", [asyncio.CancelledError, KeyboardInterrupt, SystemExit])
async def test_what_ends_the_process_is_not_swallowed(kind: type[BaseException]) -> None:
    async def serve() -> Reply:
        raise kind

    with pytest.raises(kind):
        await guarded(serve)


async def test_the_reference_is_the_event_s_where_one_is_served() -> None:
    async def serve() -> Reply:
        raise ValueError

    with references.following("discord:77"):
        text = _text(await guarded(serve))
    assert references.event_id("discord:77")[:8] in text
    assert references.reference() == ""
