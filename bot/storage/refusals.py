"""What a script's refusal means to the member who caused it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NoReturn

from bot.durations import say_duration
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


def _length(milliseconds: str) -> str:
    """A length of time in words, rounded up to whole seconds."""
    return say_duration(timedelta(seconds=-(-int(milliseconds) // 1000)))


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
        case "hidden":
            return Refusal(en.entry_hidden(int(details[0])))
        case "struck":
            return Refusal(en.entry_struck(int(details[0])))
        case "own report":
            return Refusal(en.own_report(int(details[0])))
        case "no preset":
            return NotFound(en.NO_PRESET)
        case "moved":
            return TooLate(en.JUST_CLOSED)
        case "code":
            return NotFound(en.CODE_WRONG)
        case "tries":
            return LimitReached(en.too_many_codes(_length(details[0])))
        case "moving":
            return Refusal(en.PLACE_MOVING)
        case "several":
            return Refusal(en.PLACE_HAS_OTHERS)
        case "absent":
            return Refusal(en.PLACE_ABSENT)
        case "places":
            return LimitReached(en.too_many_places(int(details[0])))
        case "yourself":
            return Refusal(en.YOURSELF_ALREADY)
        case "identities":
            return LimitReached(en.too_many_identities(int(details[0])))
        case "often":
            return LimitReached(en.LINKED_TOO_OFTEN)
        case "alone":
            return NotFound(en.LINKED_TO_NOBODY)
        case "own":
            return Refusal(en.own_entry(int(details[0])))
        case "same":
            return Refusal(en.already_there(int(details[0])))
        case "full":
            return LimitReached(en.too_many_entries(int(details[0])))
        case "enough":
            return LimitReached(en.enough_entries(int(details[0])))
        case "answered":
            return Refusal(en.MUSE_ANSWERS_ALREADY)
        case "untold":
            return Refusal(en.PROMPT_GONE)
        case "early":
            return Refusal(en.PROMPT_STILL_COMING)
        case "same line":
            return Refusal(en.lore_already(int(details[0])))
        case "no line":
            return NotFound(en.no_such_lore(int(details[0])))
        case "much":
            return LimitReached(en.too_much_lore(int(details[0])))
        case "angles":
            return LimitReached(en.too_many_angles(int(details[0])))
        case "pause":
            return LimitReached(en.wait_member(_length(details[0])))
        case "quiet":
            return LimitReached(en.wait_channel(_length(details[0])))
        case "long list":
            return LimitReached(en.list_full(int(details[0])))
        case "few":
            return LimitReached(en.too_few_angles(int(details[0])))
        case "shared":
            return NotAllowed(en.ROUND_SHARED)
        case "other":
            return NotAllowed(en.not_your_entry(int(details[0])))
        case "asker":
            return NotAllowed(en.ONLY_THE_ASKER)
        case "forbidden":
            return NotAllowed(en.NOT_YOUR_ROUND)
        case _:
            return _of_challenges(status, details)


def _of_challenges(status: str, details: list[Any]) -> MuseError:
    match status:
        case "running":
            return Refusal(en.CHALLENGE_RUNS)
        case "challenge":
            return Refusal(en.PLACE_IN_CHALLENGE)
        case "no challenge":
            return NotFound(en.NO_CHALLENGE)
        case "spent":
            return NotAllowed(en.BALLOT_SPENT)
        case "settled":
            return TooLate(en.DECIDED_TOO_LATE)
        case "no contender":
            return NotFound(en.no_such_contender(str(details[0])))
        case "challenge over":
            return TooLate(en.CHALLENGE_OVER)
        case "entries over":
            return TooLate(en.ENTRIES_OVER)
        case "no theme":
            return NotFound(en.no_such_theme(str(details[0])))
        case "not your theme":
            return NotAllowed(en.not_your_theme(str(details[0])))
        case "same theme":
            return Refusal(en.theme_already(str(details[0])))
        case "themes":
            return LimitReached(en.too_many_themes(int(details[0])))
        case "own themes":
            return LimitReached(en.too_many_own_themes(int(details[0])))
        case "not won":
            return NotAllowed(en.NOT_WON)
        case "named":
            return Refusal(en.NAMED_ALREADY)
        case "named late":
            return TooLate(en.NAMED_LATE)
        case _:
            raise AssertionError(f"a script answered {status!r}, which none of them lists")
