"""What every use case knows of the command it serves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.community.rules import Rules
from bot.errors import LimitReached, NotAllowed, NotFound, Refusal
from bot.models import RoundRef
from bot.requests import Command
from bot.storage.audit import Deed
from bot.storage.charters import Charter, mark
from bot.storage.rounds import Rounds
from bot.storage.spaces import Community, first_community_id
from bot.wording import en
from bot.writing.plain import blank


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, where, and when, and what the community has settled.

    `event` is what Redis keeps of the command's, whose own name stays out of all that is kept.
    `rules` are those of the channel. `organiser` says that the member may administer here:
    the platform says that they manage the space, or an organiser named them.
    """

    command: Command
    community: Community
    now: datetime
    event: str
    rules: Rules = field(default_factory=Rules)
    charter: Charter = field(default_factory=Charter)

    @property
    def organiser(self) -> bool:
        """Whether the member may administer the community."""
        command, named = self.command, self.charter.organisers
        return command.manages or (bool(named) and str(command.user) in named)

    @property
    def told(self) -> bool:
        """Whether the member is to be told something."""
        told = self.charter.told
        return bool(told) and str(self.command.user) in told

    def deed(self, what: str, of: str = "", why: str = "") -> Deed:
        """What the member does as an organiser, to be put down with it."""
        return Deed(self.now, self.command.user, what, of, why)


def organiser_only(context: Context) -> None:
    """Raise `NotAllowed` unless the member may administer the community."""
    if not context.organiser:
        raise NotAllowed(en.ORGANISERS_ONLY)


def blocked(context: Context) -> bool:
    """Whether an organiser has blocked the member from Muse here."""
    marks = context.charter.blocked
    return bool(marks) and mark(context.community.id, context.command.user) in marks


async def round_here(context: Context, rounds: Rounds, ref: RoundRef | None) -> RoundRef:
    """The round that is meant: the one a button names, else the latest where the member is.

    Raises `NotFound` where there is none.
    """
    if ref is not None:
        return ref
    address = context.command.address
    latest = await rounds.latest(context.community.id, address)
    first = first_community_id(address.space)
    if latest is None and first != context.community.id:  # what was open before it joined
        latest = await rounds.latest(first, address)
    if latest is None:
        raise NotFound(en.NO_ROUND_HERE)
    return latest


def bounded(text: str, limit: int, what: str, if_empty: str) -> str:
    """A member's text, stripped, once there is something to see in it and it is not over `limit`
    characters.

    Raises `Refusal` or `LimitReached`.
    """
    clean = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    # JSON and terminals can bring half a character, which nothing can keep.
    clean = clean.encode("utf-8", "ignore").decode().strip()
    if blank(clean):
        raise Refusal(if_empty)
    if len(clean) > limit:
        raise LimitReached(en.too_long(what, len(clean), limit))
    return clean
