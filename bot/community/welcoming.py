"""First minutes: what is said where Muse is new."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.beginnings import begun_before
from bot.cards import Card
from bot.community.context import Context, organiser_only
from bot.community_requests import ShowWelcome, Welcome
from bot.errors import StageFailed
from bot.models import RoundRef
from bot.ports import Stage
from bot.present.welcome import welcome_card
from bot.storage.spaces import first_community_id
from bot.storage.welcomes import Welcomes


class Welcoming:
    """The use cases of the welcome, and the agenda's work of saying it."""

    def __init__(
        self, welcomes: Welcomes, stages: Mapping[str, Stage], nudge: Callable[[str], None]
    ) -> None:
        """`nudge` tells the agenda."""
        self._welcomes = welcomes
        self._stages = stages
        self._nudge = nudge

    async def arrive(self, context: Context, _: Welcome) -> Card:
        """Muse is new in a space: have the welcome said there, where it never was."""
        community = first_community_id(context.command.space)
        await self._welcomes.ask(community, context.command.address, context.now)
        self._nudge(community)
        return welcome_card()

    async def show(self, context: Context, _: ShowWelcome) -> Card:
        """The welcome once more, to an organiser."""
        organiser_only(context)
        return welcome_card()

    async def say(self, ref: RoundRef) -> datetime | None:
        """Say the welcome where it is due. Raises `StageFailed`."""
        address = await self._welcomes.due(ref.community)
        if address is None:
            return None
        stage = self._stages.get(address.space.platform)
        if stage is None:
            raise StageFailed(f"this process does not speak to {address.space.platform}")
        key = f"welcome:{ref.community}"
        message = await stage.post(address, welcome_card(), key, doubtful=begun_before())
        await self._welcomes.note(ref.community, message.id)
        return None
