"""What a round says where the model gave too little, and no deck stands in."""

from __future__ import annotations

import pytest

from bot.errors import WriterFailed
from bot.game.composing import Composers
from bot.models import Image, Round
from bot.requests import Ask
from bot.storage.client import Store
from bot.wording import en
from bot.writing.calls import (
    OnUsage,
    Passing,
    WriterLate,
    WriterRefused,
    WriterUnready,
)
from bot.writing.deck import DeckWriter
from bot.writing.engine import Engine
from bot.writing.openai_writer import OpenAIWriter
from bot.writing.painting import Painter, image_of
from tests.fakes.openai_calls import PATIENT, SOON
from tests.fakes.openai_images import png
from tests.fakes.openai_server import MODEL, OpenAIServer, Turn
from tests.fakes.openai_turns import good, raw, refuse, status
from tests.support import Table


class Brushes(Painter):
    """Paints until it has painted `most`; then `failure`."""

    def __init__(self, most: int = 60, failure: WriterFailed | None = None) -> None:
        self._left, self._failure = most, failure

    async def paint(self, _description: str, _on_usage: OnUsage | None = None, /) -> Image:
        self._left -= 1
        if self._left < 0 and self._failure is not None:
            raise self._failure
        return image_of(png())


async def asked(store: Store, usual: Turn, painter: Painter) -> tuple[Round, str]:
    """A round of pictures when it is open, and all that its message says."""
    async with (
        OpenAIServer(usual=usual) as server,
        OpenAIWriter(
            api_key="k", base_url=server.url, model=MODEL, timeouts=PATIENT, retries=SOON
        ) as model,
    ):
        composer = Engine(model, DeckWriter())
        table = Table.of(store, Composers(composer, composer, painter=painter))
        await table.do(Ask("a lighthouse", form="picture"))
        return await table.round(), table.shown(await table.here())


@pytest.mark.parametrize(
    ("turn", "reason"),
    [(status(500), "busy"), (status(401), "unready"), (refuse(), "refused"), (raw("no"), "failed")],
)
async def test_a_round_without_a_piece_says_why(store: Store, turn: Turn, reason: str) -> None:
    round_, said = await asked(store, turn, Brushes())
    assert (round_.entries, round_.filled) == ((), reason)
    assert en.ROUND_UNWRITTEN_WHY.format(why=en.ROUND_WHY[reason]) in said
    assert (en.ROUND_UNREADY in said) == (reason == "unready")


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (Passing("Busy."), "busy"),
        (WriterLate("Late."), "late"),
        (WriterUnready("No key."), "unready"),
        (WriterRefused("Not this."), "refused"),
    ],
)
async def test_pictures_that_were_not_painted_are_no_repeats(
    store: Store, failure: WriterFailed, reason: str
) -> None:
    round_, said = await asked(store, good(), Brushes(3, failure))
    assert (len(round_.entries), round_.filled) == (3, reason)
    assert en.ROUND_CAME.format(why=en.ROUND_WHY[reason], count=3) in said
    assert en.ROUND_SHORT.format(count=3) not in said
