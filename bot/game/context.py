"""What every use case knows of the command it serves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import LimitReached, NotFound, Refusal
from bot.requests import Command, RoundRef
from bot.storage.rounds import Rounds
from bot.storage.spaces import Community
from bot.wording import en


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, where, and when."""

    command: Command
    community: Community
    now: datetime


async def round_here(context: Context, rounds: Rounds, ref: RoundRef | None) -> RoundRef:
    """The round that is meant: the one a button names, else the latest where the member is.

    Raises `NotFound` where there is none.
    """
    if ref is not None:
        return ref
    latest = await rounds.latest(context.community.id, context.command.address)
    if latest is None:
        raise NotFound(en.NO_ROUND_HERE)
    return latest


def bounded(text: str, limit: int, what: str, if_empty: str) -> str:
    """A member's text, stripped, once it is neither empty nor over `limit` characters.

    Raises `Refusal` or `LimitReached`.
    """
    clean = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    # JSON and terminals can bring half a character, which nothing can keep.
    clean = clean.encode("utf-8", "ignore").decode().strip()
    if not clean:
        raise Refusal(if_empty)
    if len(clean) > limit:
        raise LimitReached(en.too_long(what, len(clean), limit))
    return clean
