"""What Muse has given up on, shown to organisers, who may have it tried again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.cards import Card
from bot.community.context import Context, organiser_only
from bot.community_requests import ShowGivenUp, TryAgain
from bot.listings import Page
from bot.present.given_up import given_up_card, given_up_note
from bot.storage.given_up import GivenUpStore
from bot.wording import en

ON_A_PAGE = 5
AT_ONCE = 100  # pieces of work that are put on the agenda by one script


class GivenUpWork:
    """The use cases of organisers around work that was tried in vain."""

    def __init__(self, kept: GivenUpStore, nudge: Callable[[str], None]) -> None:
        """`nudge` says that something of a community is due now."""
        self._kept = kept
        self._nudge = nudge

    async def show(self, context: Context, request: ShowGivenUp) -> Card:
        """What was given up, when and why, the latest first."""
        organiser_only(context)
        return await self._card(context, request.page)

    async def again(self, context: Context, request: TryAgain) -> Card:
        """Have one piece of work tried again, or all that there is."""
        organiser_only(context)
        community, code = context.community.id, request.code.casefold()
        rows = await self._kept.of(community)
        wanted = [row.item for row in rows if code in ("", row.code)][:AT_ONCE]
        space, deed = context.command.space, context.deed("try-again", code or "all")
        count = 0
        if wanted:
            count = await self._kept.again(community, space, wanted, context.now, deed)
            self._nudge(community)
        return await self._card(context, 1, en.GIVEN_UP_AGAIN if count else en.GIVEN_UP_NOT_THERE)

    async def with_notice(self, context: Context, card: Card) -> Card:
        """An organiser's private card with that something was given up, as long as it is."""
        if not context.organiser or isinstance(context.command.request, ShowGivenUp | TryAgain):
            return card
        if not await self._kept.of(context.community.id):
            return card
        return replace(card, blocks=(*card.blocks, *given_up_note()))

    async def _card(self, context: Context, page: int, done: str = "") -> Card:
        rows = await self._kept.of(context.community.id)
        first = (page - 1) * ON_A_PAGE
        return given_up_card(
            Page(len(rows), rows[first : first + ON_A_PAGE]), page, ON_A_PAGE, done
        )
