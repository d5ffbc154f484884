"""What an action is: the parts of the id that a button carries, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.cards import Answer
from bot.challenge_requests import ChallengeRef
from bot.models import RoundRef
from bot.requests import Request


@dataclass(frozen=True, slots=True)
class Action:
    """What one button does. `entry` 0 is the round itself."""

    verb: str
    community: str = ""
    round: str = ""
    entry: int = 0
    argument: str = ""

    @property
    def ref(self) -> RoundRef:
        """The round it acts on."""
        return RoundRef(self.community, self.round)

    @property
    def challenge(self) -> ChallengeRef:
        """The challenge it acts on, which stands where a round does."""
        return ChallengeRef(self.community, self.round)


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """How an action is answered, and the request it makes of its id and a form's fields.

    With `pane` its private card is best shown in a window of its own, which the card's own
    buttons then change, where the platform has such a thing (a modal on Slack).
    """

    answer: Answer
    build: Callable[[Action, Mapping[str, str]], Request]
    pane: bool = False
