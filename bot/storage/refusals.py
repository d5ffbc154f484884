"""What a script's refusal means to the member who caused it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from bot.errors import LimitReached, MuseError, NotAllowed, NotFound, Refusal, TooLate
from bot.models import RoundState
from bot.wording import en


class ForeignSpace(NotAllowed):
    """The space is not (or no longer) the community's: what was cached of it is stale."""

    def __init__(self) -> None:
        super().__init__(en.SPACE_MOVED)


def refuse(reply: Sequence[Any]) -> NoReturn:
    """Raise the error that a script's answer stands for."""
    raise _error(str(reply[0]), list(reply[1:]))


def _error(status: str, details: list[Any]) -> MuseError:
    match status:
        case "gone":
            return NotFound(en.ROUND_GONE)
        case "foreign":
            return ForeignSpace()
        case "state":
            withdrawn = details[0] == RoundState.WITHDRAWN
            return TooLate(en.ROUND_IS_WITHDRAWN if withdrawn else en.ROUND_IS_CLOSED)
        case "none":
            return NotFound(en.no_such_entry(int(details[0]), int(details[1])))
        case "taken":
            return NotFound(en.entry_withdrawn(int(details[0])))
        case "own":
            return Refusal(en.own_entry(int(details[0])))
        case "same":
            return Refusal(en.already_there(int(details[0])))
        case "full":
            return LimitReached(en.too_many_entries(int(details[0])))
        case "enough":
            return LimitReached(en.enough_entries(int(details[0])))
        case "shared":
            return NotAllowed(en.ROUND_SHARED)
        case "other":
            return NotAllowed(en.not_your_entry(int(details[0])))
        case "asker":
            return NotAllowed(en.ONLY_THE_ASKER)
        case "forbidden":
            return NotAllowed(en.NOT_YOUR_ROUND)
        case _:
            raise AssertionError(f"a script answered {status!r}, which none of them lists")
