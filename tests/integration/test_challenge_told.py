"""A whole week as people play it, from entries to results: ballots, files, seals, verdict."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from bot.cards import Card
from bot.challenge import Challenge, Side
from bot.challenge_requests import (
    ChallengeRef,
    DecideContender,
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
from bot.community_requests import Mine
from bot.errors import MuseError, StageFailed
from bot.game.challenges.verifying import read
from bot.game.composing import Composers
from bot.models import Address, Facet, MessageRef, Origin
from bot.settings import LimitSettings
from bot.storage import keys
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
    return begun(store, clock, stage, writer)


def begun(store: Store, clock: FakeClock, stage: MemoryStage, writer: ScriptedWriter) -> Table:
    """A process."""
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


async def played(table: Table) -> str:
    """A whole week; what was said before the close."""
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
    return sealed


def showing(table: Table, step: str) -> Card:
    """What a step's message shows now."""
    (states,) = [cards for key, cards in table.stage.states.items() if f".{step}." in key]
    return states[-1]


async def latest(table: Table) -> tuple[Challenge, ChallengeRef]:
    challenge = await Challenges(table.muse.store).latest((await table.community()).id)
    assert challenge is not None
    return challenge, ChallengeRef(challenge.community, challenge.id)


async def test_a_week_as_people_play_it(table: Table) -> None:
    sealed = await played(table)
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
    # Of those who had one of people's beside one of AI's: which were most, if not all.
    found = re.search(r"One challenge, (\d+) voters", verdict)
    assert found
    assert len(VOTERS) // 2 < int(found[1]) <= len(VOTERS)
    await table.do(ShowUnlikePicks(), "org", manages=True)


def first(table: Table) -> str:
    """Of those who entered, one whose entry and name the posted results show."""
    said = words_of(showing(table, "results"))
    return next(who for who, text in TEXTS.items() if text in said and f"@{who}" in said)


async def test_results_that_are_posted_forget_who_is_forgotten(table: Table) -> None:
    await played(table)
    who = first(table)
    before = showing(table, "results")
    await table.do(Mine("forget", sure=True), who)
    after = showing(table, "results")
    assert TEXTS[who] not in words_of(after)
    assert f"@{who}" not in words_of(after)
    assert before.illustration is not None
    assert after.illustration is not None
    assert after.illustration.version != before.illustration.version, "its picture had the text"
    others = [name for name in TEXTS if name != who and TEXTS[name] in words_of(before)]
    assert all(TEXTS[name] in words_of(after) for name in others), "and nothing else"


async def test_a_theme_goes_from_everything_posted_with_who_thought_of_it(table: Table) -> None:
    await played(table)
    challenge, ref = await latest(table)
    (number,) = [
        each.author
        for each in (await Challenges(table.muse.store).pool(ref)).values()
        if each.text == TEXTS["ana"]
    ]
    record = keys.challenge_keys(ref.community, ref.challenge).record
    await table.muse.store.call("HSET", record, "proposer", number)
    await table.do(Mine("forget", sure=True), "ana")
    for step in ("opened", "voting", "results"):
        shown = showing(table, step)
        assert challenge.theme not in f"{words_of(shown)} {shown.summary}", step
        assert "“”" not in words_of(shown)


async def test_an_entry_struck_after_the_close_leaves_the_posted_results_and_comes_back(
    table: Table,
) -> None:
    await played(table)
    _, ref = await latest(table)
    who = first(table)
    pool = await Challenges(table.muse.store).pool(ref)
    (alias,) = [alias for alias, each in pool.items() if each.text == TEXTS[who]]
    before = words_of(showing(table, "results"))
    strike = DecideContender(alias, "strike", "copied", ref)
    await table.do(strike, "org", manages=True)
    assert TEXTS[who] not in words_of(showing(table, "results"))
    count = len(table.stage.states)
    await table.do(DecideContender(alias, "restore", "", ref), "org", manages=True)
    assert words_of(showing(table, "results")) == before
    assert len(table.stage.states) == count, "nothing is posted twice"


async def test_a_post_that_was_under_way_when_somebody_was_forgotten_is_mended(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = table.stage.post

    async def slowly(
        address: Address, card: Card, key: str, *, doubtful: bool = False
    ) -> MessageRef:
        posted = await post(address, card, key, doubtful=doubtful)
        if ".results." in key and key not in seen:
            seen.append(key)
            await table.quick(Mine("forget", sure=True), "ana")
        return posted

    seen: list[str] = []
    monkeypatch.setattr(table.stage, "post", slowly)
    await played(table)
    assert seen
    assert TEXTS["ana"] not in words_of(showing(table, "results"))


async def test_a_platform_that_is_down_is_asked_again(table: Table) -> None:
    await played(table)
    who = first(table)
    table.stage.failing = True
    await table.do(Mine("forget", sure=True), who)
    assert TEXTS[who] in words_of(showing(table, "results"))
    table.stage.failing = False
    table.clock.shift(timedelta(hours=1))
    await table.muse.settle()
    assert TEXTS[who] not in words_of(showing(table, "results"))


class Unheard(MemoryStage):
    """A platform that takes what is posted, and whose answer is lost."""

    async def post(
        self, address: Address, card: Card, key: str, *, doubtful: bool = False
    ) -> MessageRef:
        await super().post(address, card, key, doubtful=doubtful)
        raise StageFailed("no answer")


async def test_an_announcement_that_waits_is_looked_for_by_the_next_process(
    table: Table, store: Store
) -> None:
    """It was put off for a while after a post of which nothing is known, and its process died."""
    table.stage.failing = True
    await table.do(StartChallenge("what the rain keeps"), "org", manages=True)
    deaf = Unheard(table.stage.posts, table.stage.states, table.stage.addresses)
    table.clock.shift(timedelta(minutes=10))  # long enough for it to be put off from now on
    await begun(store, table.clock, deaf, table.writer).muse.settle()
    (key,) = set(deaf.asked)
    ready = MemoryStage(deaf.posts, deaf.states, deaf.addresses)
    table.clock.shift(timedelta(minutes=6))
    await begun(store, table.clock, ready, table.writer).muse.settle()
    assert ready.looked_for == [key]
    assert set(ready.posts) == {f"m-{key}"}
