"""How a round was written, and why the model did not write all of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import WriterFailed
from bot.writing.calls import Passing, Usage, WriterLate, WriterRefused, WriterUnready


class Reason(StrEnum):
    """Why the model did not fill every place: the deck did, or it stayed empty."""

    NONE = "none"  #: it filled them all
    FAILED = "failed"  #: its answers could not be read, or something else went wrong
    BUSY = "busy"  #: the service had too much to do, an error, or was out of reach
    LATE = "late"  #: no answer came in time
    UNREADY = "unready"  #: key, address, model or credit must be mended first
    REFUSED = "refused"  #: the model or its service would not write this
    DULL = "dull"  #: the model wrote too little that was new and in form
    BUDGET = "budget"  #: nothing may be spent on a call now
    NO_MODEL = "no_model"  #: there is none


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a round was written: places filled by model and deck, calls made, and why not all by
    the model.

    `failure` is the last thing that went wrong, safe to show, also where a second call mended
    it. `usage` has one figure for each call that was answered.
    """

    model: int = 0
    deck: int = 0
    calls: int = 0
    reason: Reason = Reason.NONE
    failure: str = ""
    usage: tuple[Usage, ...] = ()


_REASONS: tuple[tuple[type[WriterFailed], Reason], ...] = (
    (WriterRefused, Reason.REFUSED),
    (WriterUnready, Reason.UNREADY),
    (WriterLate, Reason.LATE),
    (Passing, Reason.BUSY),
)


def reason_of(failure: WriterFailed) -> Reason:
    """Why places were left, where the model's last call ended so."""
    return next((why for kind, why in _REASONS if isinstance(failure, kind)), Reason.FAILED)
