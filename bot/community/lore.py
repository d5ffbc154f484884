"""Lore: what a community knows and jokes about, told to Muse by its organisers."""

from __future__ import annotations

from bot.cards import Card
from bot.community.context import Context, bounded, organiser_only
from bot.community.moderation import Moderation
from bot.community_requests import AddLore, Lore, RemoveLore
from bot.present.knowing import lore_card
from bot.storage.knowledge import Knowledge
from bot.wording import en

LINE = 240  # characters of a line: what a brief has room for (`bot.writing.briefs.LORE`)


class LoreKeeping:
    """The use cases of lore."""

    def __init__(self, knowledge: Knowledge, moderation: Moderation) -> None:
        self._knowledge = knowledge
        self._moderation = moderation

    async def show(self, context: Context, _: Lore) -> Card:
        """Every line, to an organiser."""
        organiser_only(context)
        return await self._card(context)

    async def add(self, context: Context, request: AddLore) -> Card:
        """Keep a line."""
        organiser_only(context)
        text = " ".join(bounded(request.text, LINE, "line", en.EMPTY_LORE).split())
        await self._moderation.check(context, text, "line")
        command = context.command
        number = await self._knowledge.add_lore(
            context.community.id, context.event, command.space, text, context.deed("lore-add")
        )
        return await self._card(context, en.lore_added(number))

    async def remove(self, context: Context, request: RemoveLore) -> Card:
        """Forget a line; what it said is shown once more, so that it can be told again."""
        organiser_only(context)
        text = await self._knowledge.remove_lore(
            context.community.id,
            context.command.space,
            request.number,
            context.deed("lore-remove", str(request.number)),
        )
        return await self._card(context, en.lore_removed(request.number), text)

    async def _card(self, context: Context, said: str = "", gone: str = "") -> Card:
        return lore_card(await self._knowledge.lore(context.community.id), said, gone)
