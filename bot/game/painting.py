"""Painting an entry: from the description that a model wrote to a picture kept with the round."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from bot.errors import WriterFailed
from bot.game.delivery import Delivery
from bot.models import Draft, Round
from bot.writing.calls import OnUsage
from bot.writing.painting import NO_PAINTER, Painter


class Painting:
    """Has drafts painted, and the pictures kept with their round's message."""

    def __init__(self, painter: Painter | None, delivery: Delivery) -> None:
        """`painter` is None where no image model is configured."""
        self._painter = painter
        self._delivery = delivery

    async def painted(
        self, round_: Round, number: int, draft: Draft, on_usage: OnUsage | None = None
    ) -> Draft:
        """`draft`, which describes a picture, with that picture: for place `number`.

        Raises `WriterFailed` where it can't be painted, `StageFailed` where its platform does
        not keep it or this process does not speak to that platform.
        """
        if self._painter is None:
            raise WriterFailed(NO_PAINTER)
        image = await self._painter.paint(draft.text, on_usage)
        kept = await self._delivery.keep(round_, image, picture_name(round_, number, draft))
        return replace(draft, picture=kept)


def picture_name(round_: Round, number: int, draft: Draft) -> str:
    """What a picture is kept under: its place, and a mark of what it shows.

    A place that is written anew, after a crash, is described anew: it must not get the
    picture of another description.
    """
    mark = hashlib.sha256(draft.text.encode()).hexdigest()[:8]
    return f"{round_.id}-{number}-{mark}"
