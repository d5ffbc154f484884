"""Joining places: a code from one, entered in another, makes both one community; and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.beginnings import begun_before
from bot.cards import Card
from bot.community.codes import GOOD_FOR, PER, TRIES, make_code, print_of, tidy
from bot.community.context import Context, organiser_only
from bot.community.placing import Placing
from bot.community_requests import LinkSpace, UnlinkSpace
from bot.errors import NotAllowed, NotFound, StageFailed
from bot.models import Address, RoundRef
from bot.ports import Clock, Stage
from bot.present.linking import code_card, join_card, moved, places_card
from bot.references import LENGTH
from bot.storage.audit import AuditLog
from bot.storage.codes import Codes
from bot.storage.links import MOST_PLACES, Kind, Links, Move, space_of
from bot.storage.refusals import refuse
from bot.storage.spaces import Spaces, first_community_id
from bot.wording import en

_PLACE = "place"  # what stands for a space where tries with codes are counted
_HERE, _THERE = "here", "there"


class Linking:
    """The use cases of joined places, and the agenda's work on their moves."""

    def __init__(
        self,
        links: Links,
        codes: Codes,
        audit: AuditLog,
        spaces: Spaces,
        placing: Placing,
        stages: Mapping[str, Stage],
        clock: Clock,
        nudge: Callable[[str], None],
        draw: Callable[[], int],
    ) -> None:
        """`nudge` tells the agenda, `draw` gives 32 random bits."""
        self._links = links
        self._codes = codes
        self._audit = audit
        self._spaces = spaces
        self._placing = placing
        self._stages = stages
        self._clock = clock
        self._nudge = nudge
        self._draw = draw

    async def link(self, context: Context, request: LinkSpace) -> Card:
        """Give a code for another place, or join the place that gave one."""
        organiser_only(context)
        if not request.code:
            return await self._code(context)
        command = context.command
        first = first_community_id(command.space)
        if context.community.id != first:
            raise NotAllowed(en.PLACE_JOINED_ALREADY)
        await self._codes.count(first, _PLACE, context.event, TRIES, PER, context.now)
        shown = print_of(request.code)
        invite = await self._codes.find_place(shown, context.now)
        if invite.community == first:
            raise NotAllowed(en.CODE_OF_ONES_OWN)
        await self._codes.forgive(first, _PLACE, context.event)
        if not request.sure:
            return join_card(invite.address.space, tidy(request.code))
        move = Move(
            number="",
            kind=Kind.JOIN,
            space=command.space,
            origin=first,
            to=invite.community,
            here=command.address,
            there=invite.address,
            at=context.now,
            by=command.user,
            code=shown,
        )
        done = await self._moved(context.event, move)
        more = await self._announced(replace(done, by=command.user)) if done.done else ""
        return moved(en.JOINED_HERE, invite.address.space, more)

    async def unlink(self, context: Context, request: UnlinkSpace) -> Card:
        """List the joined places, or part one of them."""
        organiser_only(context)
        community, command = context.community.id, context.command
        places = await self._links.places(community)
        at_first = first_community_id(command.space) == community
        parted = [
            each
            for each in places
            if first_community_id(each) != community and (at_first or each == command.space)
        ]
        if not request.space:
            if len(places) < 2 and at_first:
                raise NotFound(en.NO_PLACE_JOINED)
            return places_card(places, parted)
        space = space_of(request.space)
        if space not in places:
            raise NotFound(en.PLACE_UNKNOWN)
        if first_community_id(space) == community:
            raise NotAllowed(en.PLACE_IS_FIRST)
        if space not in parted:
            raise NotAllowed(en.PLACE_IS_ANOTHERS)
        by_itself = space == command.space
        nowhere = Address(space, "")
        move = Move(
            number="",
            kind=Kind.PART,
            space=space,
            origin=community,
            to=first_community_id(space),
            here=command.address if by_itself else nowhere,
            there=nowhere if by_itself else command.address,
            at=context.now,
            by=command.user,
        )
        done = await self._moved(context.event, move)
        return (
            moved(en.PARTED_HERE, done.there.space) if by_itself else moved(en.PARTED_THERE, space)
        )

    async def move(self, ref: RoundRef) -> datetime | None:
        """Do a move that was begun, or go on with it."""
        move = await self._links.read(ref)
        if move is not None and move.under_way:
            await self._links.carry_out(move, self._clock.now())
            done = await self._links.read(ref)
            if done is not None and done.done and done.kind is Kind.JOIN:
                await self._placing.place(move)  # which knows yet by whom
            self._spaces.forget(move.space)
            self._nudge(ref.community)
        return None

    async def tell(self, ref: RoundRef) -> datetime | None:
        """Tell one side of a move that it is done. Raises `StageFailed`."""
        number, _, side = ref.round.partition(".")
        move = await self._links.read(RoundRef(ref.community, number))
        if move is None or not move.done:
            return None
        address = move.here if side == _HERE else move.there
        stage = self._stages.get(address.space.platform)
        if stage is None:
            raise StageFailed(f"this process does not speak to {address.space.platform}")
        more = ""
        if move.kind is Kind.JOIN and side == _HERE:
            more = await self._announced(move)
        key = f"link:{ref.community}:{ref.round}"
        await stage.post(address, told(move, side, more), key, doubtful=begun_before())
        return None

    async def _announced(self, move: Move) -> str:
        """Have challenges announced in the place that joined; what is said of that."""
        return en.JOINED_TOLD if await self._placing.place(move) else en.JOINED_UNTOLD

    async def _code(self, context: Context) -> Card:
        code, until = make_code(self._draw), context.now + GOOD_FOR
        # The event tells one asking from another, and a redelivery from both.
        deed = context.deed("place-code", context.event[:LENGTH])
        await self._audit.note(context.community.id, deed)
        await self._codes.put_for_place(
            print_of(code), context.community.id, context.command.address, until
        )
        return code_card(code, until)

    async def _moved(self, event: str, move: Move) -> Move:
        """Move a space, whole; once for each event. Raises `Refusal` where it can't be."""
        begun = await self._links.begin(event, move)
        if begun is not None and begun.under_way:
            await self._links.carry_out(begun, self._clock.now())
            self._nudge(begun.ref.community)
            begun = await self._links.read(begun.ref)
        self._spaces.forget(move.space)
        if begun is not None and begun.why:
            refuse((begun.why, MOST_PLACES))
        return begun or move


def told(move: Move, side: str, more: str = "") -> Card:
    """What one side of a move is told."""
    if move.kind is Kind.JOIN:
        template = en.JOINED_HERE if side == _HERE else en.JOINED_THERE
    else:
        template = en.PARTED_HERE if side == _HERE else en.PARTED_THERE
    return moved(template, move.there.space if side == _HERE else move.space, more)
