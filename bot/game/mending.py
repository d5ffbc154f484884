"""Messages that showed the words of somebody who is forgotten are made to show them no more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.errors import NotFound, StageFailed
from bot.models import MessageRef, RoundRef, RoundState
from bot.ports import Stage
from bot.present.results import result_card
from bot.present.rounds import round_card
from bot.storage.rounds import Rounds


class Mending:
    """The agenda's work on what was posted of a round."""

    def __init__(self, rounds: Rounds, stages: Mapping[str, Stage]) -> None:
        self._rounds = rounds
        self._stages = stages

    async def mend(self, ref: RoundRef) -> datetime | None:
        """Make a round's messages show it as it stands. Raises `StageFailed`."""
        try:
            round_ = (await self._rounds.read(ref)).round
        except NotFound:
            return None
        stage = self._stages.get(round_.address.space.platform)
        if stage is None:
            raise StageFailed(f"this process does not speak to {round_.address.space.platform}")
        if round_.message:
            await stage.edit(MessageRef(round_.address, round_.message), round_card(round_))
        if round_.result and round_.state is RoundState.CLOSED:
            await stage.edit(MessageRef(round_.address, round_.result), result_card(round_))
        return None
