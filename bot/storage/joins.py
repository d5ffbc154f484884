"""Who joined a space and when, where the platform says so once and never again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.models import SpaceRef, UserRef
from bot.storage import keys
from bot.storage.charters import mark
from bot.storage.client import Store, script
from bot.storage.round_records import moment
from bot.storage.spaces import first_community_id
from bot.storage.votes import milliseconds

KEPT = timedelta(days=366)  # no gate asks for longer
MOST = 20_000  # the latest, of one space


@dataclass(frozen=True, slots=True)
class Joining:
    """That somebody joined a space, and when."""

    space: SpaceRef
    user: UserRef
    since: datetime


class Joins:
    """The repository of them. A member is a keyed hash, as among the blocked.

    It is kept with the community that the space began with, wherever that has moved.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def note(self, space: SpaceRef, user: UserRef, now: datetime) -> None:
        """Note that somebody joined; the first time counts."""
        place = _place(space)
        await self._store.run(
            script("join_note"),
            (keys.community(place).joined,),
            (
                *(mark(place, user), milliseconds(now), milliseconds(now - KEPT)),
                *(MOST, int(KEPT.total_seconds())),
            ),
        )

    async def since(self, space: SpaceRef, user: UserRef) -> datetime | None:
        """When somebody joined; None where nothing was said of it, or it was long ago."""
        place = _place(space)
        score = await self._store.call("ZSCORE", keys.community(place).joined, mark(place, user))
        return moment(str(int(float(score)))) if score is not None else None

    async def kept(
        self, spaces: Iterable[SpaceRef], users: Sequence[UserRef]
    ) -> tuple[Joining, ...]:
        """What is kept of a member in those spaces themselves, none of what is within another."""
        found: list[Joining] = []
        for space in spaces:
            for user in users:
                if space.outer is None and user.platform == space.platform:
                    since = await self.since(space, user)
                    found += [Joining(space, user, since)] if since is not None else []
        return tuple(found)

    async def drop(self, joining: Joining) -> None:
        """Keep it no longer: its member wants to be forgotten."""
        which = mark(_place(joining.space), joining.user)
        await self._store.call("ZREM", keys.community(_place(joining.space)).joined, which)


def _place(space: SpaceRef) -> str:
    return first_community_id(space.outer or space)
