"""Members with several identities: linked, and parted again. Each is one script."""

from __future__ import annotations

from datetime import datetime

from bot.models import UserRef
from bot.storage import keys
from bot.storage.client import Reply, Store, script
from bot.storage.identities import identities, number_now
from bot.storage.refusals import refuse
from bot.storage.votes import milliseconds

MOST_LINKED = 4  # identities of one member
MOST_CHANGES = 20  # of the member that one identity is: every one of them is kept with it


class Linked:
    """The repository of linked identities."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def join(
        self, community: str, shown: str, event: str, user: UserRef, now: datetime
    ) -> tuple[UserRef, ...]:
        """Link an identity to who gave a code, of which `shown` is kept; once for each event.

        Returns all that they are now. Raises `NotFound` where the code is wrong, used or over,
        `Refusal`, `LimitReached`.
        """
        shared = keys.community(community)
        reply = await self._store.run(
            script("member_join"),
            (shared.record, shared.ids, shared.people, shared.member_code(shown), shared.blocked),
            (str(user), milliseconds(now), event, MOST_LINKED, MOST_CHANGES),
        )
        return _read(reply)

    async def part(self, community: str, user: UserRef) -> tuple[UserRef, ...]:
        """Make every identity of a member somebody of their own again; which.

        Raises `NotFound` where they are linked to nobody.
        """
        shared = keys.community(community)
        reply = await self._store.run(
            script("member_part"), (shared.record, shared.ids, shared.people), (str(user),)
        )
        return _read(reply)

    async def of(self, community: str, user: UserRef) -> tuple[UserRef, ...]:
        """All identities that are one with this, itself too; none for somebody not seen yet."""
        shared = keys.community(community)
        number = number_now(await self._store.call("HGET", shared.ids, str(user)))
        return identities(await self._store.call("HGET", shared.people, number) or "")


def _read(reply: Reply) -> tuple[UserRef, ...]:
    if reply[0] != "ok":
        refuse(reply)
    return tuple(UserRef.parse(each) for each in reply[1:])
