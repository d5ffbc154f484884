"""What people and Muse put into a challenge that is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.challenge import Contribution
from bot.challenge_requests import ChallengeRef
from bot.models import SpaceRef, UserRef
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.challenge_records import read_contribution, write_contribution
from bot.storage.client import Reply, Store, script
from bot.storage.identities import number_in
from bot.storage.refusals import refuse
from bot.storage.votes import milliseconds, pairs


@dataclass(frozen=True, slots=True)
class Own:
    """What one member has put in, if anything, and whether they are to be reminded."""

    entry: Contribution | None = None
    reminded: bool = False


class Contributions:
    """The repository of contributions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def all(self, ref: ChallengeRef) -> tuple[Contribution, ...]:
        """Everything that was put in, in the order of keys."""
        kept = await self._hash(_own(ref).put)
        found = [read_contribution(key, kept[key]) for key in sorted(kept) if key[0] in "ma"]
        return tuple(found)

    async def own(self, ref: ChallengeRef, user: UserRef, links: int) -> Own:
        """What a member has put in; `links` are the challenge's."""
        held = await self._store.call("HGET", keys.community(ref.community).ids, str(user))
        number = number_in(held, links)
        if not number:
            return Own()
        entry, reminded = await self._store.call("HMGET", _own(ref).put, f"m{number}", f"r{number}")
        made = read_contribution(f"m{number}", entry) if entry else None
        return Own(made, bool(reminded))

    async def put(
        self, ref: ChallengeRef, space: SpaceRef, user: UserRef, made: Contribution, now: datetime
    ) -> bool:
        """Put in a member's entry, or another in its place; whether they had none.

        Raises `NotFound`, `TooLate`, `ForeignSpace`.
        """
        shared = keys.community(ref.community)
        own = _own(ref)
        reply = await self._store.run(
            script("contribution_put"),
            (own.record, own.put, shared.spaces, shared.record, shared.ids, shared.people),
            (str(space), str(user), milliseconds(now), write_contribution(made)),
        )
        return bool(int(_ok(reply)[2]))

    async def drop(self, ref: ChallengeRef, space: SpaceRef, user: UserRef, now: datetime) -> bool:
        """Take a member's entry out; whether there was one. Raises as `put`."""
        shared, own = keys.community(ref.community), _own(ref)
        reply = await self._store.run(
            script("contribution_drop"),
            (own.record, own.put, shared.spaces, shared.ids),
            (str(space), str(user), milliseconds(now)),
        )
        return bool(int(_ok(reply)[1]))

    async def write(self, ref: ChallengeRef, made: Contribution) -> bool:
        """Put in one of Muse's entries at its place, once; whether it is new. Raises `TooLate`."""
        own = _own(ref)
        reply = await self._store.run(
            script("contribution_write"),
            (own.record, own.put),
            (made.key, write_contribution(made)),
        )
        return bool(int(_ok(reply)[1]))

    async def remind(
        self,
        ref: ChallengeRef,
        space: SpaceRef,
        user: UserRef,
        when: datetime,
        now: datetime,
        *,
        on: bool,
    ) -> None:
        """Have a member reminded at `when`, or no more. Raises as `put`."""
        shared, own = keys.community(ref.community), _own(ref)
        item = items.remind(ref, user.platform, 0)[:-1]
        reply = await self._store.run(
            script("contribution_remind"),
            (
                *(own.record, own.put, shared.spaces),
                *(shared.record, shared.ids, shared.people, shared.agenda),
            ),
            (
                *(str(space), str(user), milliseconds(now), "1" if on else "", item),
                milliseconds(when),
            ),
        )
        _ok(reply)

    async def wish(self, ref: ChallengeRef, member: int) -> tuple[str, bool]:
        """From which space a member asked to be reminded, '' for no; and whether they entered."""
        asked, entry = await self._store.call("HMGET", _own(ref).put, f"r{member}", f"m{member}")
        return asked or "", bool(entry)

    async def _hash(self, key: str) -> Mapping[str, str]:
        flat = await self._store.call("HGETALL", key)
        return flat if isinstance(flat, dict) else pairs(flat)


def _own(ref: ChallengeRef) -> keys.ChallengeKeys:
    return keys.challenge_keys(ref.community, ref.challenge)


def _ok(reply: Reply) -> Reply:
    if reply[0] == "state" or reply[0] == "over":
        refuse(("entries over",))
    if reply[0] != "ok":
        refuse(("no challenge",) if reply[0] == "gone" else reply)
    return reply
