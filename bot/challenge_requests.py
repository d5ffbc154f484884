"""What a member may ask of challenges, whichever door it came through.

`challenge` is None where the community's latest is meant.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.challenge import Declared, Side
from bot.models import Facet, Origin


@dataclass(frozen=True, slots=True)
class ChallengeRef:
    """A challenge, named whole: ids of one community mean nothing in another."""

    community: str
    challenge: str


@dataclass(frozen=True, slots=True)
class ShowChallenge:
    """See how the challenge stands, and what there is to do."""


@dataclass(frozen=True, slots=True)
class ComposeContribution:
    """Open the form for one's entry, with what one has put in so far."""

    challenge: ChallengeRef | None = None


@dataclass(frozen=True, slots=True)
class Enter:
    """Put one's entry into the challenge, or another in its place."""

    text: str
    declared: Declared = Declared.MINE
    challenge: ChallengeRef | None = None


@dataclass(frozen=True, slots=True)
class TakeBackEntry:
    """Take one's entry out of the challenge."""

    challenge: ChallengeRef | None = None


@dataclass(frozen=True, slots=True)
class Remind:
    """Be reminded a day before the deadline, or with `on` False not."""

    on: bool = True
    challenge: ChallengeRef | None = None


@dataclass(frozen=True, slots=True)
class ProposeTheme:
    """Propose a theme; without a text, see what is proposed."""

    theme: str = ""


@dataclass(frozen=True, slots=True)
class VoteTheme:
    """Vote a proposed theme up, or with `on` False no more."""

    proposal: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class ShowThemes:
    """See the proposed themes, by votes. `page` counts from 1."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class WithdrawTheme:
    """Take a theme that one proposed off the list."""

    proposal: str


@dataclass(frozen=True, slots=True)
class RemoveTheme:
    """For organisers: take anybody's proposed theme off the list."""

    proposal: str
    why: str


@dataclass(frozen=True, slots=True)
class NominateTheme:
    """Name the next theme, as the winner of the last challenge may."""

    theme: str


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """See the two entries to choose between now, or what is left to do."""

    challenge: ChallengeRef | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """Choose between the two entries of the duel `number` of one's ballot, 0 for the present."""

    number: int
    side: Side
    challenge: ChallengeRef | None = None


@dataclass(frozen=True, slots=True)
class Unpick:
    """Take the pick `number` back, 0 for the last, as long as the next is not made."""

    number: int = 0
    challenge: ChallengeRef | None = None


@dataclass(frozen=True, slots=True)
class MorePicks:
    """Have more duels than the first seven."""

    challenge: ChallengeRef | None = None


@dataclass(frozen=True, slots=True)
class ReportContender:
    """Tell the organisers that one of the two entries of a duel should not be here; with `side`
    None be asked which. `number` 0 is the present duel.
    """

    number: int
    side: Side | None
    why: str = ""
    challenge: ChallengeRef | None = None


@dataclass(frozen=True, slots=True)
class GuessMaker:
    """Guess who made the `number`-th of the three entries asked about; None skips it."""

    number: int
    origin: Origin | None = None
    challenge: ChallengeRef | None = None


@dataclass(frozen=True, slots=True)
class PraiseContender:
    """Say which entry was original, moving or deep: the `number`-th that one was shown."""

    facet: Facet
    number: int
    challenge: ChallengeRef | None = None


@dataclass(frozen=True, slots=True)
class ShowResults:
    """See the results of a closed challenge. `page` counts from 1."""

    challenge: ChallengeRef | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class ShowOwnResult:
    """See how one's own entry did in a closed challenge, and how well one guessed."""

    challenge: ChallengeRef | None = None


@dataclass(frozen=True, slots=True)
class ShowPodiums:
    """See the hall of fame: every podium, the latest first."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class ExportResults:
    """Have the results as a file: ``html``, ``csv``, ``jsonl``, or ``commitments``."""

    kind: str = "html"
    challenge: ChallengeRef | None = None


@dataclass(frozen=True, slots=True)
class ShowVerdict:
    """See what all closed challenges say of people, AI and both together."""


@dataclass(frozen=True, slots=True)
class ShowPlan:
    """See how challenges are set up here, and change it: ``when`` they are, or ``how``. `daily`:
    the daily prompt, which has one part.
    """

    daily: bool = False
    part: str = "when"


@dataclass(frozen=True, slots=True)
class SetPlan:
    """Set one thing of how challenges run, or with `daily` of the daily prompt."""

    what: str
    value: str
    daily: bool = False


@dataclass(frozen=True, slots=True)
class PlanPreset:
    """Set up challenges as a preset has it."""

    preset: str


@dataclass(frozen=True, slots=True)
class StartChallenge:
    """Begin a challenge now; an `example` is over within the hour and counts for nothing."""

    theme: str = ""
    example: bool = False


@dataclass(frozen=True, slots=True)
class RunChallenges:
    """Have one begin each week, or with `on` False none until further notice."""

    on: bool = True


@dataclass(frozen=True, slots=True)
class SkipChallenge:
    """Leave out the next one."""


@dataclass(frozen=True, slots=True)
class ExtendChallenge:
    """Give the running challenge more hours, in the stage it is in."""

    hours: int = 24


@dataclass(frozen=True, slots=True)
class CancelChallenge:
    """End the running challenge without results."""

    why: str


@dataclass(frozen=True, slots=True)
class ShowUnlikePicks:
    """For organisers: voters whose picks are unlike the rest's."""

    challenge: ChallengeRef | None = None


@dataclass(frozen=True, slots=True)
class DecideContender:
    """For organisers, by alias: ``keep``, ``hide``, ``restore`` or ``strike`` an entry of the
    pool.
    """

    alias: str
    decision: str
    why: str = ""
    challenge: ChallengeRef | None = None


ChallengeRequest = (
    ShowChallenge
    | ComposeContribution
    | Enter
    | TakeBackEntry
    | Remind
    | ProposeTheme
    | VoteTheme
    | ShowThemes
    | WithdrawTheme
    | RemoveTheme
    | NominateTheme
    | OpenBallot
    | Pick
    | Unpick
    | MorePicks
    | ReportContender
    | GuessMaker
    | PraiseContender
    | ShowResults
    | ShowOwnResult
    | ShowPodiums
    | ExportResults
    | ShowVerdict
    | ShowPlan
    | SetPlan
    | PlanPreset
    | StartChallenge
    | RunChallenges
    | SkipChallenge
    | ExtendChallenge
    | CancelChallenge
    | ShowUnlikePicks
    | DecideContender
)
