"""What organisers did: written by the very scripts that do it, so that nothing goes unsaid."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.listings import AuditRow, Page
from bot.models import UserRef
from bot.storage import keys
from bot.storage.client import Arg, Store, script
from bot.storage.identities import person
from bot.storage.votes import milliseconds


@dataclass(frozen=True, slots=True)
class Deed:
    """What an organiser does: put down with the change itself.

    `what` is a key of the wording's `DEEDS`, `of` says to what: a number, a rule, a member's
    number; never a text of somebody's. `why` is in the organiser's own words.
    """

    at: datetime
    by: UserRef
    what: str
    of: str = ""
    why: str = ""

    def keys(self, community: str) -> tuple[str, ...]:
        """The keys that come last in a script's."""
        shared = keys.community(community)
        return (shared.log, shared.record, shared.ids, shared.people)

    def args(self) -> tuple[Arg, ...]:
        """The values that come last in a script's."""
        return (milliseconds(self.at), str(self.by), self.what, self.of, self.why)


class AuditLog:
    """The repository of what organisers did: the scripts that do it write it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def note(self, community: str, deed: Deed) -> None:
        """Write down a deed whose record is in another slot, before it is done."""
        await self._store.run(script("log_note"), deed.keys(community), deed.args())

    async def page(
        self, community: str, first: int, count: int, platform: str = ""
    ) -> Page[AuditRow]:
        """Rows of the log from row `first` on, the newest first, for a reader on `platform`."""
        shared = keys.community(community)
        total = await self._store.call("LLEN", shared.log)
        kept = await self._store.call("LRANGE", shared.log, first, first + count - 1)
        rows = [json.loads(text) for text in kept]
        people: dict[int, str | None] = {}
        for row in rows:
            if row["w"] not in people:
                people[row["w"]] = await self._store.call("HGET", shared.people, row["w"])
        return Page(
            int(total),
            tuple(
                AuditRow(
                    at=datetime.fromtimestamp(row["t"] / 1000, UTC),
                    by=person(people[row["w"]], platform),
                    what=row["a"],
                    of=row["d"],
                    why=row["y"],
                )
                for row in rows
            ),
        )
