"""A whole week as people play it, from entries to results: ballots, files, seals, verdict."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.challenge import Side
from bot.challenge_requests import (
    Enter,
    ExportResults,
    GuessMaker,
    OpenBallot,
    Pick,
    PraiseContender,
    ShowOwnResult,
    ShowResults,
    ShowUnlikePicks,
    ShowVerdict,
    StartChallenge,
)
from bot.errors import MuseError
from bot.game.challenges.verifying import read
from bot.game.composing import Composers
from bot.models import Facet, Origin
from bot.requests import Mine
from bot.settings import LimitSettings
from bot.storage.challenges import Challenges
from bot.storage.client import Store
from bot.wiring import compose
from tests.counted import words_of
from tests.support import FakeClock, MemoryStage, ScriptedWriter, Table

TEXTS = {
    "ana": "The last bus knows us all by our coughs.",
    "ben": "Nobody rings the bell twice in this street.",
    "cy": "My grandmother salted the snow before it fell.",
    "dee": "I keep a drawer for keys that fit nothing yet.",
    "eli": "What the gutter said, it only said in passing.",
    "fay": "Every window is a letter that the street forgot.",
}
VOTERS = [*TEXTS, *(f"voter{n}" for n in range(8))]


@pytest.fixture
def table(store: Store, clock: FakeClock, stage: MemoryStage, writer: ScriptedWriter) -> Table:
    """With a model, so that Muse takes part."""
    numbers = iter(range(1, 1000))
    muse = compose(
        store,
        clock,
        Composers(writer, writer, writer),
        LimitSettings(),
        "UTC",
        {"test": stage},
        lambda: next(numbers),
        refresh_pause=0.0,
    )
    return Table(muse, clock, stage, writer)


async def vote(table: Table, who: str) -> None:
    """A ballot of seven picks, then a guess and a praise."""
    await table.quick(OpenBallot(), who)
    for number in range(1, 8):
        table.clock.shift(timedelta(seconds=4))
        try:
            await table.quick(Pick(number, Side.RIGHT if number % 3 else Side.BOTH), who)
        except MuseError:
            break  # fewer pairs than seven are left for who has an entry of their own
    for request in (GuessMaker(1, Origin.HUMAN), PraiseContender(Facet.MOVED, 1)):
        table.clock.shift(timedelta(seconds=4))
        await table.quick(request, who)


async def test_a_week_as_people_play_it(table: Table) -> None:
    await table.do(StartChallenge("what the rain keeps"), "org", manages=True)
    challenges = Challenges(table.muse.store)
    community = (await table.community()).id
    for who, text in TEXTS.items():
        await table.do(Enter(text), who)
    opened = await challenges.latest(community)
    assert opened is not None
    table.clock.shift(opened.deadline - table.clock.now())
    await table.muse.settle()
    for who in VOTERS:
        await vote(table, who)
    voting = await challenges.latest(community)
    assert voting is not None
    sealed = "\n".join(words_of(card) for card in table.stage.posts.values())
    table.clock.shift(voting.closes - table.clock.now())
    await table.muse.settle()

    (posted,) = [card for key, card in table.stage.posts.items() if ".results." in key]
    said = words_of(posted)
    assert "The challenge is decided: “what the rain keeps”" in said
    assert f"{len(VOTERS)} people picked" in said
    assert posted.illustration is not None
    pages = "\n".join([words_of(await table.do(ShowResults(page=n), "ana")) for n in (1, 2, 3)])
    for who, text in TEXTS.items():
        assert text.rstrip(".") in pages
        assert f"@{who}" in pages
    assert "Muse, with" in pages

    for kind in ("jsonl", "csv", "commitments"):
        file = (await table.do(ExportResults(kind), "ana")).file
        assert file is not None
        seals = read(file.text)
        assert len(seals) == len(TEXTS) + 2
        assert {seal.check() for seal in seals} == {"holds"}
        assert all(seal.commitment in sealed for seal in seals), "as it was published"
    lines = (await table.do(ExportResults("jsonl"), "org", manages=True)).file
    assert lines is not None
    kinds = [json.loads(line)["kind"] for line in lines.text.splitlines()]
    assert kinds.count("pick") > 6 * len(VOTERS)

    assert "Place " in words_of(await table.quick(ShowOwnResult(), "ben"))
    assert "is decided" in words_of(await table.quick(Mine(), "fay"))
    verdict = words_of(await table.do(ShowVerdict(), "ana"))
    assert f"One challenge, {len(VOTERS)} voters" in verdict
    await table.do(ShowUnlikePicks(), "org", manages=True)
