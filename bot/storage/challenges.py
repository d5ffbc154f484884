"""Challenges: each as it stands, and every step of its life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.challenge import Challenge, ChallengeState, Contender, Plan
from bot.challenge_requests import ChallengeRef
from bot.models import Address, MessageRef, SpaceRef, UserRef
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.audit import Deed
from bot.storage.challenge_records import (
    read_challenge,
    read_contender,
    write_contender,
    write_plan,
)
from bot.storage.client import Arg, Store, script
from bot.storage.identities import number_now
from bot.storage.plans import Changed, Ordered, settled
from bot.storage.round_records import moment
from bot.storage.votes import REMEMBERED, milliseconds, pairs

_IN = "\n"  # between a message's id and its channel
MOST_THEMES = 20  # of the latest that a new one is held against


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a challenge begins with. `due` is the moment that the plan had for it, and `following`
    the next after it; both None where an organiser begins it, with a `deed`, in a `space`.
    """

    event: str
    number: int
    theme: str
    deadline: datetime
    closes: datetime
    plan: Plan
    seed: int
    tell: Sequence[SpaceRef] = ()
    example: bool = False
    proposer: int = 0
    proposal: str = ""
    due: datetime | None = None
    following: datetime | None = None
    space: SpaceRef | None = None
    deed: Deed | None = None


class Challenges:
    """The repository of challenges."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def open(self, community: str, begun: Beginning, now: datetime) -> ChallengeRef | None:
        """Put a challenge on record with all that follows from it; None where its moment is past,
        or no space is left. The same event gives the same challenge.

        Raises `Changed`, `ForeignSpace`, `Refusal` where another one runs, or a space is leaving.
        """
        ref = ChallengeRef(community, f"x{begun.number}")
        shared = keys.community(community)
        fields: dict[str, Arg] = {
            "deadline": milliseconds(begun.deadline),
            "closes": milliseconds(begun.closes),
            "plan": write_plan(begun.plan),
            "seed": begun.seed,
        }
        if begun.example:
            fields["example"] = "1"
        if begun.proposer:
            fields["proposer"] = begun.proposer
        follows: list[Arg] = [items.advance(ref), milliseconds(begun.deadline)]
        for space in begun.tell:
            follows += [items.proclaim(ref, "opened", space), milliseconds(now)]
        if begun.plan.ai or begun.example:
            follows += [items.compete(ref), milliseconds(now)]
        flat = [part for pair in fields.items() for part in pair]
        reply = await self._store.run(
            script("challenge_open"),
            (
                *(shared.plan, shared.spaces),
                keys.challenge_keys(community, ref.challenge).record,
                *(shared.challenges, shared.themed, shared.themes, shared.agenda, shared.record),
                *(shared.moves, shared.seen),
                *(begun.deed.keys(community) if begun.deed else ()),
            ),
            (
                *(begun.event, milliseconds(now), ref.challenge, begun.number),
                *(str(begun.space) if begun.space else "", _ms(begun.due), _ms(begun.following)),
                *(items.begin(community), begun.proposal, begun.theme, MOST_THEMES),
                *(len(flat), len(follows), milliseconds(now - REMEMBERED), *flat, *follows),
                *(begun.deed.args() if begun.deed else ()),
            ),
        )
        if reply[0] in ("late", "gone"):
            return None
        settled(reply)
        return ChallengeRef(community, str(reply[1]))

    async def read(self, ref: ChallengeRef) -> Challenge | None:
        """A challenge; None where there is none of the name."""
        kept = await self._hash(keys.challenge_keys(ref.community, ref.challenge).record)
        return read_challenge(ref, kept) if "state" in kept else None

    async def latest(self, community: str) -> Challenge | None:
        """The challenge that was opened last, whatever has become of it."""
        found = await self._store.call("ZREVRANGE", keys.community(community).challenges, 0, 0)
        return await self.read(ChallengeRef(community, found[0])) if found else None

    async def pool(self, ref: ChallengeRef) -> dict[str, Contender]:
        """The pool of a challenge, by alias."""
        kept = await self._hash(keys.challenge_keys(ref.community, ref.challenge).pool)
        return {alias: read_contender(alias, text) for alias, text in sorted(kept.items())}

    async def extend(
        self,
        challenge: Challenge,
        deadline: datetime,
        closes: datetime,
        now: datetime,
        by: Ordered | None = None,
        tell: Sequence[str] = (),
    ) -> None:
        """Give a challenge more time in its stage: once for a quiet week, or as an organiser has
        it. Raises `Changed`, `ForeignSpace`, `TooLate`.
        """
        ref = _ref(challenge)
        is_open = challenge.state is ChallengeState.OPEN
        shared, own = keys.community(ref.community), keys.challenge_keys(*_names(ref))
        reply = await self._store.run(
            script("challenge_extend"),
            (
                *(own.record, shared.agenda, shared.spaces, shared.seen),
                *(by.deed.keys(ref.community) if by else ()),
            ),
            (
                *(by.event if by else "quiet", challenge.state),
                milliseconds(challenge.deadline if is_open else challenge.closes),
                *(milliseconds(deadline), milliseconds(closes), items.advance(ref)),
                str(by.space) if by else "",
                *(milliseconds(now), milliseconds(now - REMEMBERED)),
                len(tell),
                *tell,
                *_deed(by),
            ),
        )
        settled(reply)

    async def freeze(
        self,
        challenge: Challenge,
        pool: Sequence[Contender],
        closes: datetime,
        now: datetime,
        tell: Sequence[str] = (),
    ) -> datetime | None:
        """Make what was put in the pool and open the voting, once; or when it is time for that.

        Raises `Changed`.
        """
        ref = _ref(challenge)
        own = keys.challenge_keys(*_names(ref))
        rows = [part for entry in pool for part in (entry.alias, write_contender(entry))]
        reply = await self._store.run(
            script("challenge_freeze"),
            (own.record, own.put, own.pool, keys.community(ref.community).agenda),
            (
                *(milliseconds(now), challenge.changes, milliseconds(closes), items.advance(ref)),
                len(rows),
                *rows,
                *tell,
            ),
        )
        return _early(reply)

    async def end(
        self,
        challenge: Challenge,
        how: str,
        now: datetime,
        follows: Sequence[str],
        *,
        by: Ordered | None = None,
        why: str = "",
    ) -> datetime | None:
        """End a challenge: ``closed``, ``quiet`` or ``cancelled``, once; or when it is time for it.

        `follows` are the items that follow from it. Raises `Changed`, `ForeignSpace`, `TooLate`.
        """
        ref = _ref(challenge)
        shared, own = keys.community(ref.community), keys.challenge_keys(*_names(ref))
        reply = await self._store.run(
            script("challenge_end"),
            (
                *(own.record, shared.plan, shared.agenda, shared.spaces, own.spent, shared.seen),
                *(by.deed.keys(ref.community) if by else ()),
            ),
            (
                *(milliseconds(now), ref.challenge, how, challenge.changes, why),
                str(by.space) if by else "",
                items.advance(ref),
                *(by.event if by else "", milliseconds(now - REMEMBERED)),
                len(follows),
                *follows,
                *_deed(by),
            ),
        )
        if by is not None and reply[0] != "ok":
            settled(reply)
        return _early(reply)

    async def spaces(self, community: str) -> tuple[SpaceRef, ...]:
        """The spaces of a community."""
        kept = await self._store.call("SMEMBERS", keys.community(community).spaces)
        return tuple(self.space_of(each) for each in sorted(kept))

    @staticmethod
    def space_of(text: str) -> SpaceRef:
        """The space that `str` of a reference names."""
        platform, _, ident = text.partition(":")
        return SpaceRef(platform, ident)

    async def note_message(self, ref: ChallengeRef, step: str, message: MessageRef) -> None:
        """Note the message that announced a step in a space, and where; the first one stays."""
        record = keys.challenge_keys(*_names(ref)).record
        field_name = f"msg:{message.address.space}:{step}"
        noted = f"{message.id}{_IN}{message.address.channel}"
        await self._store.call("HSETNX", record, field_name, noted)

    async def message(self, ref: ChallengeRef, step: str, at: Address) -> MessageRef | None:
        """The message that announced a step in the space of `at`, which is where it is if that
        was not noted; None where none did yet.
        """
        record = keys.challenge_keys(*_names(ref)).record
        noted = await self._store.call("HGET", record, f"msg:{at.space}:{step}")
        return _message(noted, at) if noted else None

    async def messages(self, ref: ChallengeRef, plan: Plan) -> list[tuple[str, MessageRef]]:
        """Every message that announced it, with its step, by the plan that it began with."""
        record = await self._hash(keys.challenge_keys(*_names(ref)).record)
        found: list[tuple[str, MessageRef]] = []
        for name, noted in record.items():
            if name.startswith("msg:"):
                where, _, step = name.removeprefix("msg:").rpartition(":")
                space = self.space_of(where)
                found.append((step, _message(noted, plan.at(space) or Address(space, ""))))
        return found

    async def people(self, community: str, numbers: Sequence[int]) -> dict[int, str]:
        """The identities of members, a line each; those forgotten are left out."""
        if not numbers:
            return {}
        kept = await self._store.call("HMGET", keys.community(community).people, *numbers)
        return {n: text for n, text in zip(numbers, kept, strict=True) if text}

    async def number(self, community: str, user: UserRef) -> int:
        """The number that a member has now; 0 for somebody not seen yet."""
        return number_now(await self._store.call("HGET", keys.community(community).ids, str(user)))

    async def _hash(self, key: str) -> Mapping[str, str]:
        flat = await self._store.call("HGETALL", key)
        return flat if isinstance(flat, dict) else pairs(flat)


def _message(noted: str, at: Address) -> MessageRef:
    ident, _, channel = noted.partition(_IN)
    return MessageRef(Address(at.space, channel) if channel else at, ident)


def _early(reply: Sequence[str]) -> datetime | None:
    """When it is time, where it is not; None where it is done, or was already, or is off."""
    if reply[0] == "changed":
        raise Changed
    return moment(reply[1]) if reply[0] == "early" else None


def _deed(by: Ordered | None) -> tuple[Arg, ...]:
    return by.deed.args() if by else ()


def _ms(at: datetime | None) -> str:
    return str(milliseconds(at)) if at else ""


def _ref(challenge: Challenge) -> ChallengeRef:
    return ChallengeRef(challenge.community, challenge.id)


def _names(ref: ChallengeRef) -> tuple[str, str]:
    return ref.community, ref.challenge
