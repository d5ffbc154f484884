"""One person on several platforms: their identities linked, so that they have one vote."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards import Card
from bot.community.codes import GOOD_FOR, PER, TRIES, make_code, print_of
from bot.community.context import Context
from bot.community_requests import LinkMember, UnlinkMember
from bot.present.linking import linked_card, own_code_card, unlinked_card
from bot.storage.charters import mark
from bot.storage.codes import Codes
from bot.storage.linked import Linked

CODES = 10  # that one member may ask for within an hour


class IdentityLinking:
    """The use cases of a member's own identities."""

    def __init__(self, linked: Linked, codes: Codes, draw: Callable[[], int]) -> None:
        """`draw` gives 32 random bits."""
        self._linked = linked
        self._codes = codes
        self._draw = draw

    async def link(self, context: Context, request: LinkMember) -> Card:
        """Give a code for one's other identity, or use the one that it gave."""
        command, community, now = context.command, context.community.id, context.now
        who = mark(community, command.user)
        if not request.code:
            await self._codes.count(community, f"{who}:asked", context.event, CODES, PER, now)
            code, until = make_code(self._draw), now + GOOD_FOR
            await self._codes.put_for_member(community, print_of(code), command.user, until, now)
            return own_code_card(code, until)
        await self._codes.count(community, who, context.event, TRIES, PER, now)
        shown = print_of(request.code)
        users = await self._linked.join(community, shown, context.event, command.user, now)
        await self._codes.forgive(community, who, context.event)
        return linked_card(users)

    async def unlink(self, context: Context, _: UnlinkMember) -> Card:
        """Make every identity a member of its own again."""
        users = await self._linked.part(context.community.id, context.command.user)
        return unlinked_card(users)
