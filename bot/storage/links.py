"""Places that join one community: their moves from one community to another.

A move spans slots, so it is written down first and then done in steps of one slot each. Every
step may be run again, at the same time and at any time later: the move's number says whether
it was done before, or is over. In between the space can always act: it belongs to where it
goes before its pointer is turned, and to where it was until after that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.models import Address, RoundRef, SpaceRef, UserRef
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.audit import Deed
from bot.storage.client import Reply, Store, script
from bot.storage.refusals import refuse
from bot.storage.round_records import moment, read_address, write_address
from bot.storage.spaces import first_community_id
from bot.storage.votes import milliseconds, pairs

MOST_PLACES = 10  # of one community


class Kind(StrEnum):
    """Which way a space moves."""

    JOIN = "join"  #: from the community it began with to another
    PART = "part"  #: back again


@dataclass(frozen=True, slots=True)
class Move:
    """A space on its way. `here` is where it was told in the space, `there` on the other side."""

    number: str
    kind: Kind
    space: SpaceRef
    origin: str
    to: str
    here: Address
    there: Address
    at: datetime
    by: UserRef | None = None
    code: str = ""
    state: str = "begun"
    why: str = ""  #: a script's word for why it could not be done

    @property
    def under_way(self) -> bool:
        """Whether there is something to do yet."""
        return self.state == "begun"

    @property
    def done(self) -> bool:
        """Whether the space has moved."""
        return self.state == "done"

    @property
    def ref(self) -> RoundRef:
        """The move as the agenda knows it."""
        return RoundRef(first_community_id(self.space), self.number)


class Links:
    """The repository of joined places."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def places(self, community: str) -> tuple[SpaceRef, ...]:
        """The spaces of a community, the one it began with first."""
        kept = await self._store.call("SMEMBERS", keys.community(community).spaces)
        found = [space_of(each) for each in kept]
        return tuple(sorted(found, key=lambda s: (first_community_id(s) != community, str(s))))

    async def begin(self, event: str, move: Move) -> Move | None:
        """Write a move down and have it done; once for each event. The move as it is kept.

        Raises `ForeignSpace` where the space has moved already, `Refusal` where it can't.
        """
        first = first_community_id(move.space)
        shared = keys.community(first)
        fields = {"code": move.code}
        # A part is told where the join was, but for the side that asks for it now.
        if move.kind is Kind.JOIN or move.here.channel:
            fields["here"] = write_address(replace(move.here, token=""))
        if move.kind is Kind.JOIN or move.there.channel:
            fields["there"] = write_address(replace(move.there, token=""))
        reply = await self._store.run(
            script("move_begin"),
            (shared.move, shared.record, shared.spaces, shared.agenda),
            (
                *(event, milliseconds(move.at), move.kind, str(move.space)),
                *(move.origin, move.to, items.move(first, ""), str(move.by or "")),
                *(part for pair in fields.items() for part in pair),
            ),
        )
        if reply[0] != "ok":
            refuse(reply)
        return await self.read(RoundRef(first, reply[1]))

    async def read(self, ref: RoundRef) -> Move | None:
        """A move, None where there has been another since."""
        flat = await self._store.call("HGETALL", keys.community(ref.community).move)
        kept = pairs(flat)
        if kept.get("number") != ref.round:
            return None
        return Move(
            number=kept["number"],
            kind=Kind(kept["kind"]),
            space=space_of(kept["space"]),
            origin=kept["from"],
            to=kept["to"],
            here=read_address(kept["here"]),
            there=read_address(kept["there"]),
            at=moment(kept["at"]),
            by=UserRef.parse(kept["by"]) if kept.get("by") else None,
            code=kept["code"],
            state=kept["state"],
            why=kept["why"],
        )

    async def carry_out(self, move: Move, now: datetime) -> None:
        """Do a move's steps; those that were done before do nothing."""
        why = await self._let_go(move) or await self._taken_in(move, now)
        if why:
            await self._stay(move)
            await self._end(move, now, why)
            return
        reply = await self._store.run(
            script("space_point"), (keys.space(move.space),), (move.origin, move.to, move.number)
        )
        await (self._leave(move) if reply[0] == "ok" else self._stay(move))
        await self._end(move, now)

    async def _let_go(self, move: Move) -> str:
        """Make sure that the space may leave; a script's word for why not."""
        origin = keys.community(move.origin)
        reply = await self._store.run(
            script("move_ready"), (origin.moves, origin.plan), (str(move.space), move.number)
        )
        return "" if reply[0] in ("ok", "late") else str(reply[0])

    async def _stay(self, move: Move) -> Reply:
        moves = keys.community(move.origin).moves
        return await self._store.run(script("move_stay"), (moves,), (str(move.space), move.number))

    async def _taken_in(self, move: Move, now: datetime) -> str:
        """Use the code, and take the space in where it goes; a script's word for why not."""
        if move.kind is Kind.JOIN:
            reply = await self._store.run(
                script("code_take"),
                (keys.place_code(move.code),),
                (_taker(move), milliseconds(now)),
            )
            if reply[0] != "ok":
                return str(reply[0])
        shared = keys.community(move.to)
        deed = _deed(move, "place-joined", move.space)
        if move.kind is Kind.PART:
            deed = _deed(move, "place-part", move.there.space)
        reply = await self._store.run(
            script("move_enter"),
            (
                *(shared.moves, shared.spaces, shared.record, shared.move, shared.gone),
                shared.plan,
                *deed.keys(move.to),
            ),
            (str(move.space), move.number, move.kind, MOST_PLACES, *deed.args()),
        )
        return "" if reply[0] in ("ok", "late") else str(reply[0])

    async def _leave(self, move: Move) -> Reply:
        shared = keys.community(move.origin)
        deed = _deed(move, "place-join", move.there.space)
        if move.kind is Kind.PART:
            deed = _deed(move, "place-parted", move.space)
        away = move.to if move.kind is Kind.JOIN else ""
        return await self._store.run(
            script("move_leave"),
            (shared.moves, shared.spaces, shared.record, shared.gone, *deed.keys(move.origin)),
            (str(move.space), move.number, away, *deed.args()),
        )

    async def _end(self, move: Move, now: datetime, why: str = "") -> None:
        shared = keys.community(move.ref.community)
        told = [
            items.tell(move.ref, address.space.platform, side)
            for side, address in (("here", move.here), ("there", move.there))
        ]
        await self._store.run(
            script("move_end"),
            (shared.move, shared.agenda),
            (move.number, why, milliseconds(now), *told),
        )
        if move.code:
            await self._store.run(
                script("code_drop"), (keys.place_code(move.code),), (_taker(move),)
            )


def space_of(text: str) -> SpaceRef:
    """The space that `str` of a reference names."""
    platform, _, ident = text.partition(":")
    return SpaceRef(platform, ident)


def _taker(move: Move) -> str:
    return f"{move.space} {move.number}"


def _deed(move: Move, what: str, of: SpaceRef) -> Deed:
    """What is put down of a move. Not as an identity is written, which would name a person."""
    by = move.by or UserRef(move.space.platform, "")
    return Deed(move.at, by, what, f"{of.platform} {of.id}")
