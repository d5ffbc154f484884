"""Who is posting a round's messages, and who is about to show it as it stands."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, auto

from bot.models import RoundRef
from bot.storage import keys
from bot.storage.client import Store, script
from bot.storage.refusals import refuse
from bot.storage.votes import milliseconds


class Posting(Enum):
    """Who posts a message."""

    OURS = auto()  #: nobody else has begun
    DOUBTFUL = auto()  #: another began, and it is not known whether they did
    BUSY = auto()  #: another is at it
    THERE = auto()  #: it is posted


class Showings:
    """What keeps processes from posting a message twice, or leaving it as it was."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def posting(
        self, ref: RoundRef, field: str, who: str, beat: int, over: str = ""
    ) -> tuple[Posting, str]:
        """A process begins to post the message that `field` names, or is still at it: it counts its
        `beat` up for others to see that it lives. The message, where it is there, or who else is at
        it, with their beat; only from `over`, one of those, is it taken over. Raises `NotFound`.
        """
        reply = await self._store.run(
            script("round_posting"),
            (keys.round_keys(ref.community, ref.round).record,),
            (field, who, beat, over),
        )
        if reply[0] == "there":
            return Posting.THERE, reply[1]
        if reply[0] == "busy":
            return Posting.BUSY, reply[1]
        if reply[0] != "ok":
            refuse(reply)
        return Posting.DOUBTFUL if reply[1] else Posting.OURS, ""

    async def showing(self, ref: RoundRef, when: datetime) -> bool:
        """Somebody begins to show a round: unless they say that it is `shown`, somebody else
        does so then. False where that is not as they say: it is to be shown later anyway, or
        has no message.
        """
        reply = await self._store.run(
            script("round_showing"),
            (
                keys.round_keys(ref.community, ref.round).record,
                keys.community(ref.community).agenda,
            ),
            (milliseconds(when),),
        )
        return bool(reply)

    async def shown(self, ref: RoundRef, when: datetime) -> bool:
        """It is shown as it stood at `showing`: nobody needs to, unless it has changed since.

        False where somebody else has begun to show it meanwhile, and may have been done first.
        """
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)
        reply = await self._store.run(
            script("round_shown"),
            (own.record, shared.agenda, shared.tries),
            (milliseconds(when),),
        )
        return bool(reply >= 0)

    async def unshown(self, ref: RoundRef, when: datetime, now: datetime) -> None:
        """Who has begun to show it can't: what was to be done at `when` is due now."""
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)
        await self._store.run(
            script("round_unshown"),
            (own.record, shared.agenda),
            (milliseconds(when), milliseconds(now)),
        )
