"""What a member or an organiser may ask of their community: its lore and angles, rules, people,
moderation, links and privacy. `bot.requests` has the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.models import RoundRef


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


@dataclass(frozen=True, slots=True)
class ShowGivenUp:
    """See what Muse tried in vain until it gave up."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Have what was given up tried again: what has that `code`, or all of it."""

    code: str = ""


CommunityRequest = (
    Lore
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
    | LinkSpace
    | UnlinkSpace
    | LinkMember
    | UnlinkMember
    | Welcome
    | ShowWelcome
    | Mine
    | ShowWords
    | SetWord
    | Report
    | ShowReports
    | KeepEntry
    | HideEntry
    | RestoreEntry
    | Disqualify
    | DeleteRound
    | ShowGivenUp
    | TryAgain
)
