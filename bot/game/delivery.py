"""Getting a round's messages onto its platform, and keeping them true.

A message that can't be posted or changed is no reason to lose a round: it is logged, and
the round goes on in Redis, where its members can still see it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from bot.cards import Card
from bot.errors import MuseError, StageFailed
from bot.models import MessageRef, Round
from bot.ports import Stage
from bot.requests import RoundRef
from bot.storage.rounds import Rounds

log = logging.getLogger(__name__)

REFRESH_PAUSE = 1.0  # seconds between two changes of one message by votes and entries


class Delivery:
    """Posts and edits rounds through the stages of the platforms this process speaks to."""

    def __init__(
        self,
        rounds: Rounds,
        stages: Mapping[str, Stage],
        draw: Callable[[Round], Card],
        pause: float = REFRESH_PAUSE,
    ) -> None:
        self._rounds = rounds
        self._stages = stages
        self._draw = draw
        self._pause = pause
        self._refreshing: dict[RoundRef, asyncio.Task[None]] = {}
        self._stale: set[RoundRef] = set()

    async def post(self, round_: Round, card: Card, kind: str) -> str:
        """Post a message of a round; its id, or nothing where it could not be posted.

        `kind` and the round make its key: the stage posts one message for each.
        """
        stage = self._stages.get(round_.address.space.platform)
        if stage is None:
            return ""
        try:
            message = await stage.post(round_.address, card, f"{kind}:{round_.id}")
        except StageFailed as failure:
            log.warning("round %s could not be posted: %s", round_.id, failure)
            return ""
        return message.id

    async def show(self, round_: Round) -> None:
        """Make the round's message show it as it stands."""
        stage = self._stages.get(round_.address.space.platform)
        if stage is None or not round_.message:
            return
        try:
            await stage.edit(MessageRef(round_.address, round_.message), self._draw(round_))
        except StageFailed as failure:
            log.warning("round %s could not be shown: %s", round_.id, failure)

    def refresh(self, ref: RoundRef) -> None:
        """Show the round soon: many changes become one edit, and the last state always arrives."""
        self._stale.add(ref)
        if ref not in self._refreshing:
            task = asyncio.create_task(self._refresh(ref))
            self._refreshing[ref] = task

    async def settle(self) -> None:
        """Wait until every message shows what it should."""
        while self._refreshing:
            await asyncio.gather(*self._refreshing.values(), return_exceptions=True)

    async def _refresh(self, ref: RoundRef) -> None:
        try:
            while ref in self._stale:
                self._stale.discard(ref)
                await self.show((await self._rounds.read(ref)).round)
                if self._pause:
                    await asyncio.sleep(self._pause)
        except MuseError as failure:
            log.warning("round %s could not be refreshed: %s", ref.round, failure)
        finally:
            del self._refreshing[ref]
