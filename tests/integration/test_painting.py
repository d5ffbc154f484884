"""An entry's picture on its way to the platform: painted, kept with the round's message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from adapters.console.stage import ConsoleStage
from bot.errors import StageFailed, WriterFailed
from bot.game.delivery import Delivery
from bot.game.painting import Painting
from bot.models import Draft, Image, Origin, Round, RoundRef
from bot.present.rounds import round_card
from bot.storage.client import Store
from bot.storage.messages import Messages
from bot.storage.rounds import Rounds
from bot.storage.showings import Showings
from bot.storage.spaces import Spaces
from bot.writing.calls import OnUsage, Usage, WriterRefused
from bot.writing.deck import DeckWriter
from bot.writing.engine import Engine
from bot.writing.openai_painter import OpenAIPainter
from bot.writing.openai_writer import OpenAIWriter
from bot.writing.painting import NO_PAINTER, Painter, image_of, prompt_of
from tests.fakes.openai_calls import BRIEF
from tests.fakes.openai_images import LOCAL, only_address, painted, png
from tests.fakes.openai_server import MODEL, OpenAIServer
from tests.support import ADDRESS, SPACE, START, MemoryStage, event, member, opening

TOLD = "A woodcut of a lighthouse by night. One window is lit."


@dataclass
class OneColour(Painter):
    """Paints anything, as one small picture."""

    asked: list[str] = field(default_factory=list)
    failure: WriterFailed | None = None

    async def paint(self, description: str, on_usage: OnUsage | None = None, /) -> Image:
        self.asked.append(description)
        if self.failure is not None:
            raise self.failure
        if on_usage is not None:
            on_usage(Usage("paint-1", 10, 0, 272, reported=True))
        return image_of(png())


@dataclass
class Studio:
    """A round on record, and what paints it."""

    rounds: Rounds
    stage: MemoryStage
    delivery: Delivery
    painter: OneColour
    ref: RoundRef
    painting: Painting

    async def round(self) -> Round:
        return (await self.rounds.read(self.ref)).round


async def nothing(_: Round) -> None:
    raise AssertionError("nothing is shown later")


async def numbered(drafts: AsyncIterator[Draft]) -> AsyncIterator[tuple[int, Draft]]:
    number = 0
    async for draft in drafts:
        number += 1
        yield number, draft


@pytest.fixture
async def studio(store: Store, stage: MemoryStage) -> Studio:
    rounds = Rounds(store)

    delivery = Delivery(
        rounds, Messages(store), Showings(store), {"test": stage}, round_card, nothing, pause=0.0
    )
    community = await Spaces(store, "UTC").community(SPACE, START)
    ref = await rounds.open(community.id, event(), member("ana"), ADDRESS, opening(START), START)
    painter = OneColour()
    return Studio(rounds, stage, delivery, painter, ref, Painting(painter, delivery))


def described(text: str = TOLD) -> Draft:
    return Draft(text, "child", Origin.AI, "text-1", "a plan", 0.9)


async def test_a_draft_is_painted_and_its_picture_kept_with_the_round(studio: Studio) -> None:
    used: list[Usage] = []
    draft = await studio.painting.painted(await studio.round(), 2, described(), used.append)
    assert studio.painter.asked == [TOLD]
    (kept, image), *others = studio.stage.kept.items()
    assert others == []
    assert draft == Draft(TOLD, "child", Origin.AI, "text-1", "a plan", 0.9, kept)
    assert image == Image(png(), "image/png")
    assert used == [Usage("paint-1", 10, 0, 272, reported=True)]
    posted = (await studio.round()).message
    assert kept.startswith(f"{posted}/{studio.ref.round}-2-")
    assert list(studio.stage.posts) == [posted], "the message is posted first, once"


async def test_a_message_that_is_there_is_not_posted_again(studio: Studio) -> None:
    before = await studio.round()
    await studio.painting.painted(before, 1, described())
    await studio.painting.painted(await studio.round(), 2, described())
    await studio.painting.painted(before, 3, described())
    assert len(studio.stage.asked) == 1
    assert len(studio.stage.kept) == 3


async def test_painting_the_same_again_keeps_one(studio: Studio) -> None:
    round_ = await studio.round()
    first = await studio.painting.painted(round_, 1, described())
    assert await studio.painting.painted(round_, 1, described()) == first
    other = await studio.painting.painted(round_, 1, described("A map of the sea."))
    assert other.picture != first.picture, "another description never gets its picture"
    assert len(studio.stage.kept) == 2


async def test_failures_are_passed_on(studio: Studio) -> None:
    round_ = await studio.round()
    studio.painter.failure = WriterRefused("not this")
    with pytest.raises(WriterRefused, match="not this"):
        await studio.painting.painted(round_, 1, described())
    assert studio.stage.asked == []
    studio.painter.failure, studio.stage.failing = None, True
    with pytest.raises(StageFailed):
        await studio.painting.painted(round_, 1, described())
    assert studio.stage.kept == {}


async def test_without_a_painter_it_says_what_is_missing(studio: Studio) -> None:
    nobody = Painting(None, studio.delivery)
    with pytest.raises(WriterFailed) as caught:
        await nobody.painted(await studio.round(), 1, described())
    assert str(caught.value) == NO_PAINTER
    assert studio.stage.asked == []


async def test_four_descriptions_become_four_pictures_on_the_platform(
    studio: Studio, store: Store, tmp_path: Path
) -> None:
    terminal = ConsoleStage(lambda _: None, tmp_path / "pictures")
    async with OpenAIServer() as server:
        server.images.usual = only_address(png())
        server.images.script = [painted()] * 3
        text = OpenAIWriter(base_url=server.url, model=MODEL)
        async with text, OpenAIPainter(LOCAL, base_url=server.url) as painter:
            made = Engine(text, DeckWriter()).begin(replace(BRIEF, form="picture"))
            delivery = Delivery(
                studio.rounds,
                Messages(store),
                Showings(store),
                {"test": terminal},
                round_card,
                nothing,
                pause=0.0,
            )
            painting = Painting(painter, delivery)
            entries = [
                await painting.painted(await studio.round(), number, draft)
                async for number, draft in numbered(made.drafts())
            ]
    assert (made.outcome.model, made.outcome.deck, server.calls) == (4, 0, 1)
    sent = [each["prompt"] for each in server.images.requests]
    assert sent == [prompt_of(entry.text) for entry in entries]
    assert len({entry.picture for entry in entries}) == 4
    for number, entry in enumerate(entries, 1):
        assert Path(entry.picture).name.startswith(f"{studio.ref.round}-{number}-")
        assert image_of(Path(entry.picture).read_bytes()).mime == "image/png"  # noqa: ASYNC240 - small


async def test_without_any_model_a_picture_round_says_what_it_needs() -> None:
    made = Engine(None, DeckWriter()).begin(replace(BRIEF, form="picture"))
    with pytest.raises(WriterFailed, match="OPENAI_IMAGE_MODEL"):
        await anext(made.drafts())
