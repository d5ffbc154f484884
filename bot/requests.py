"""What a member may ask of the game, whichever door it came through.

A typed command, a native command with options and a pressed button all become one of
these. `round` is None where the member means "the latest round here".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.cards import Answer
from bot.challenge_requests import ChallengeRequest
from bot.models import Address, Facet, SpaceRef, Tenure, UserRef


@dataclass(frozen=True, slots=True)
class RoundRef:
    """A round, named whole: ids of one community mean nothing in another."""

    community: str
    round: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Open a round on a prompt."""

    prompt: str
    form: str = "free"
    without: tuple[str, ...] = ()
    bold: bool = False
    source: str = ""  #: a message's text to begin from, where the prompt is what to make of it


@dataclass(frozen=True, slots=True)
class Again:
    """Open a new round on the same prompt, unlike everything in this one."""

    round: RoundRef | None = None
    form: str = ""
    without: tuple[str, ...] = ()
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Refine:
    """Open a child of a round that goes on from its pieces; from the best liked, where none
    are named.
    """

    twist: str
    pieces: tuple[int, ...] = ()
    form: str = ""
    without: tuple[str, ...] = ()
    bold: bool = False
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Remix:
    """Have Muse write versions of an entry with a twist of one's own, made together."""

    piece: int
    twist: str
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Invite:
    """Have Muse give people a prompt: a round that they begin."""

    theme: str = ""
    form: str = "free"


@dataclass(frozen=True, slots=True)
class LetMuse:
    """Let Muse answer too, in a round that people began."""

    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Spark:
    """Be asked three questions that draw out one's own experience. `page` counts from 1."""

    theme: str = ""
    page: int = 1
    seed: int = 0  #: 0 draws one; a further page keeps it


@dataclass(frozen=True, slots=True)
class Vote:
    """Approve entries, with reasons; the state becomes *on*, whatever it was."""

    entries: tuple[int, ...]
    facets: tuple[Facet, ...] = ()
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Unvote:
    """Take approvals back, or with `facets` only those reasons."""

    entries: tuple[int, ...]
    facets: tuple[Facet, ...] = ()
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Add:
    """Put one's own entry into a round; with `parent`, a remix of that entry."""

    text: str
    parent: int = 0
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """End a round now."""

    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take back one's entry, or with `entry` 0 the whole round one asked for."""

    entry: int = 0
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """See a round as it stands, with one's own votes."""

    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Top:
    """See a page of a board. `page` counts from 1."""

    board: str = "entries"
    period: str = "week"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Help:
    """See what can be typed, or how one command is used."""

    command: str = ""


@dataclass(frozen=True, slots=True)
class Lore:
    """See what Muse knows of the community."""


@dataclass(frozen=True, slots=True)
class AddLore:
    """Tell Muse something the community knows or jokes about."""

    text: str


@dataclass(frozen=True, slots=True)
class RemoveLore:
    """Have Muse forget a line of lore."""

    number: int


@dataclass(frozen=True, slots=True)
class ShowAngles:
    """See the angles that Muse writes from here."""


@dataclass(frozen=True, slots=True)
class DescribeAngle:
    """Add an angle of the community's own, or describe it anew."""

    name: str
    instruction: str


@dataclass(frozen=True, slots=True)
class HideAngle:
    """Write from an angle no more, or with `hidden` False again."""

    name: str
    hidden: bool = True


@dataclass(frozen=True, slots=True)
class RemoveAngle:
    """Take back an angle that the community added."""

    name: str


@dataclass(frozen=True, slots=True)
class ShowRules:
    """See what a community has set, a section of it; `here` for this channel alone."""

    section: str = "place"
    here: bool = False


@dataclass(frozen=True, slots=True)
class SetRule:
    """Set one thing, for everywhere or for this channel alone; '' unsets it."""

    rule: str
    value: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class SetPreset:
    """Set several things as they suit a kind of place."""

    preset: str


@dataclass(frozen=True, slots=True)
class ShowOrganisers:
    """See who organises here."""


@dataclass(frozen=True, slots=True)
class NameOrganiser:
    """Name somebody an organiser, or with `on` False no more. `who` is the platform's id."""

    who: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class ShowLog:
    """See what organisers did. `page` counts from 1."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class ShowUsage:
    """See what the model has cost the community."""


@dataclass(frozen=True, slots=True)
class Block:
    """Keep a member from Muse here, or with `on` False let them in again."""

    who: str
    why: str = ""
    on: bool = True


@dataclass(frozen=True, slots=True)
class Say:
    """Speak to Muse in reply to one of its messages, by the platform's id of that.

    Where the message shows a round, this refines it; else it is a prompt like any other. With
    `threaded` the round that was opened last in the command's thread goes before.
    """

    text: str
    message: str
    threaded: bool = False


@dataclass(frozen=True, slots=True)
class LinkSpace:
    """Ask for a code under which another place may join, or with `code` join the place that
    gave it, once that is `sure`.
    """

    code: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class UnlinkSpace:
    """See the places that are joined, or part one: `space` as `str` of a `SpaceRef` has it."""

    space: str = ""


@dataclass(frozen=True, slots=True)
class LinkMember:
    """Ask for a code under which one's other identity may be linked, or use such a code."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class UnlinkMember:
    """Be somebody of one's own again with every identity."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """Muse is new in a space: say once, at the command's address, what it is. For adapters."""


@dataclass(frozen=True, slots=True)
class ShowWelcome:
    """See again what Muse said when it was new."""


@dataclass(frozen=True, slots=True)
class Mine:
    """See what is one's own, a page of it; with `what` ``export`` have it whole, with ``forget``
    have it forgotten, once that is `sure`. `page` counts from 1.
    """

    what: str = ""
    page: int = 1
    sure: bool = False


@dataclass(frozen=True, slots=True)
class ShowWords:
    """See the words that no text may hold."""


@dataclass(frozen=True, slots=True)
class SetWord:
    """Put a word on that list, or with `on` False take it off."""

    word: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """Tell the organisers that an entry should not be here."""

    piece: int
    why: str = ""
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class ShowReports:
    """See what was reported. `page` counts from 1."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class KeepEntry:
    """Keep a reported entry, whatever else is reported of it."""

    piece: int
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class HideEntry:
    """Hide an entry."""

    piece: int
    why: str = ""
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class RestoreEntry:
    """Bring back an entry that is hidden or disqualified."""

    piece: int
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Disqualify:
    """Take an entry out of the running; its author is told why."""

    piece: int
    why: str
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class DeleteRound:
    """Remove a round with all its texts, once that is `sure`."""

    why: str
    round: RoundRef | None = None
    sure: bool = False


class Blank(StrEnum):
    """Which form is meant."""

    ENTRY = "entry"  #: one's own entry, or a remix
    REFINE = "refine"
    LORE = "lore"
    ANGLE = "angle"
    THEME = "theme"  #: for challenges
    STRIKE = "strike"  #: why an entry is disqualified
    REMOVE = "remove"  #: why a round is removed


@dataclass(frozen=True, slots=True)
class Compose:
    """Open a form: for one's own entry, with `parent` for a remix of that entry, or another."""

    round: RoundRef
    parent: int = 0
    blank: Blank = Blank.ENTRY


Request = (
    Ask
    | Again
    | Refine
    | Remix
    | Invite
    | LetMuse
    | Spark
    | Vote
    | Unvote
    | Add
    | Close
    | Withdraw
    | Show
    | Top
    | Help
    | Compose
    | Lore
    | AddLore
    | RemoveLore
    | ShowAngles
    | DescribeAngle
    | HideAngle
    | RemoveAngle
    | ShowRules
    | SetRule
    | SetPreset
    | ShowOrganisers
    | NameOrganiser
    | ShowLog
    | ShowUsage
    | Block
    | ShowWords
    | SetWord
    | Report
    | ShowReports
    | KeepEntry
    | HideEntry
    | RestoreEntry
    | Disqualify
    | DeleteRound
    | Mine
    | LinkSpace
    | UnlinkSpace
    | LinkMember
    | UnlinkMember
    | Welcome
    | ShowWelcome
    | Say
    | ChallengeRequest
)


@dataclass(frozen=True, slots=True)
class Command:
    """One event from a platform: who, where, and what they ask.

    `event` is the platform's own id of the event; what is created takes its id from it, so
    that a redelivery creates nothing twice. `answer` is what its door has promised: how it
    will be answered was declared before anything was read. `manages` is the platform's word
    that the member may manage the space, `standing` its word on how long they have been around.
    """

    event: str
    space: SpaceRef
    user: UserRef
    address: Address
    request: Request
    answer: Answer
    manages: bool = False
    standing: Tenure = field(default_factory=Tenure)
