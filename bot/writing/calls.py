"""A call to a model: how it is made, what is known of it, and the ways in which it fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.brief import Brief
from bot.errors import WriterFailed
from bot.models import Draft


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, to the answer's first word, between its parts, and for everything.

    Before its first word a model may read, queue and reason; `whole` holds retries as well.
    """

    connect: float = 5.0
    first: float = 45.0
    between: float = 20.0
    whole: float = 120.0


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a model draws. Unset is left to the service: many models refuse to be told."""

    temperature: float | None = None
    top_p: float | None = None
    reasoning_effort: str | None = None


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a call is begun anew, and the longest wait for it, in seconds.

    Only before the first piece, and only where the failure may pass: 429, 5xx, no connection.
    """

    times: int = 2
    longest: float = 20.0
    first: float = 0.5


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens one call used: `cached` are among `tokens_in`, reasoning among `tokens_out`.

    `reported` tells whether they are the service's own figures. Where a service gives none,
    or a call ended before they came, they are reckoned from characters, four to a token.
    """

    model: str
    tokens_in: int
    cached: int
    tokens_out: int
    reported: bool


class Passing(WriterFailed):
    """A failure that may pass; `after` is how many seconds the service asks to wait, if told."""

    def __init__(self, text: str, after: float | None = None) -> None:
        super().__init__(text)
        self.after = after


class WriterLate(WriterFailed):
    """No answer, or no more of it, came in time."""

    def __init__(self, text: str = "The model took too long to answer.") -> None:
        super().__init__(text)


class WriterUnready(WriterFailed):
    """Key, address, model or credit: no call will do better until somebody mends it."""


class WriterRefused(WriterFailed):
    """The model, or its service's filter, would not write this. Asking again is no use."""


class AnswerUnusable(WriterFailed):
    """The model answered, and nothing or too little of it could be read. Ask once more."""


#: Pieces asked for beyond those wanted.
SPARE = 2

OnUsage = Callable[[Usage], None]


class Model(Protocol):
    """A writer that calls a model, and tells what each call used."""

    def write(
        self, brief: Brief, on_usage: OnUsage | None = None, /, *, spare: int = SPARE
    ) -> AsyncIterator[Draft]:
        """Yield drafts as they come; raise `WriterFailed`.

        One is asked for each lens, and `spare` more for the guard to choose among.
        A draft's lens is one of `brief.lenses`, or "" where the model told none of them.
        `on_usage` is called once for each call that was answered.
        """
        ...
