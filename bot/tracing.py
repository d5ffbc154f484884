"""Spans for OpenTelemetry: what Muse does for an event, and how long each part of it takes.

Where OpenTelemetry's API is not installed there are none; where it is and nobody exports them,
they cost next to nothing. `opentelemetry-instrument muse run` exports them as its `OTEL_…` settings
say. A span says words that the code knows and the reference that is in the log, never a text, a
name or what an error says: that may hold anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from bot.beginnings import PutOff
from bot.references import reference

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider

Spans = Callable[[str, str], AbstractContextManager[None]]
"""Begins the span of a part of the work: which part, and a word for which of its kind."""

REFERENCE = "muse.reference"


def no_spans(part: str, word: str) -> AbstractContextManager[None]:
    """Nobody traces."""
    del part, word
    return nullcontext()


def spans(provider: TracerProvider | None = None) -> Spans:
    """Spans of `provider`, or of the one that the process has by then; none without the API."""
    try:
        from opentelemetry import trace
    except ImportError:
        return no_spans
    tracer = trace.get_tracer("muse", tracer_provider=provider)

    @contextmanager
    def span(part: str, word: str) -> Iterator[None]:
        with tracer.start_as_current_span(
            f"{part} {word}",
            attributes={REFERENCE: reference()},
            record_exception=False,
            set_status_on_exception=False,
        ) as begun:
            try:
                yield
            except PutOff:  # in the course of things
                raise
            except BaseException as error:
                begun.set_status(trace.StatusCode.ERROR, type(error).__name__)
                raise

    return span
