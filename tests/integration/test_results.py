"""The count at the close and what is told of it, on a real Redis."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.cards import Card, Line, Literal, Person, Piece, Plain, Strong
from bot.challenge import ChallengeState, Contribution, GuessMade, PickMade, PraiseGiven, Side
from bot.challenge_requests import (
    ChallengeRef,
    DecideContender,
    ExportResults,
    ShowOwnResult,
    ShowPodiums,
    ShowResults,
    ShowUnlikePicks,
    ShowVerdict,
)
from bot.errors import NotAllowed, NotFound, Refusal, StoreUnavailable, TooLate
from bot.game.challenges import counting, verdicts
from bot.game.challenges.commitments import commitment, maker_pseudonym
from bot.game.challenges.counting import Counting
from bot.models import Facet, Origin, SpaceRef, UserRef
from bot.requests import Add, Ask, Mine, RoundRef
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.challenge_records import write_contender, write_contribution
from bot.storage.charters import Charters
from bot.storage.client import Reply, Script, Store
from bot.storage.connect import make_client
from bot.storage.results import ResultStore
from bot.wording import en
from tests.challenging import Made, VotingChallenge, pool_of, put_picks, put_said, voting_challenge
from tests.support import ADDRESS, SPACE, FakeClock, Table, member

ROOT = Path(__file__).parents[2]
VOTERS = range(101, 131)


async def closed(
    table: Table,
    made: Sequence[Made] | None = None,
    *,
    picks: int = 8,
    said: bool = True,
    counted: bool = True,
    **changes: Any,
) -> VotingChallenge:
    """A challenge that has closed: by default five people, two of Muse's, one made together."""
    store = table.muse.store
    entries = made if made is not None else pool_of(5, 2, 1)
    found = await voting_challenge(
        store, table.clock, entries, state=ChallengeState.CLOSED, **changes
    )
    aliases = sorted(found.pool, key=lambda alias: found.pool[alias].text)
    rng, cast, guesses, praises = Random("voters"), [], [], []
    pairs = [(a, b) for a in aliases for b in aliases if a < b]
    for voter in VOTERS:
        for n, (a, b) in enumerate(rng.sample(pairs, min(picks, len(pairs))), 1):
            side = Side.LEFT if rng.random() < 0.75 else Side.RIGHT
            better = aliases.index(a) < aliases.index(b)
            left, right = (a, b) if better else (b, a)
            cast.append(PickMade(voter, n, left, right, side))
        if said:
            guesses += [
                GuessMade(voter, alias, rng.choice((Origin.HUMAN, Origin.AI)))
                for alias in rng.sample(aliases, min(3, len(aliases)))
            ]
            praises += [PraiseGiven(voter, facet, rng.choice(aliases)) for facet in Facet]
    if cast:
        await put_picks(store, found.ref, cast)
    if guesses:
        await put_said(store, found.ref, guesses, praises)
    if counted:
        await begin_count(store, found.ref, table.clock)
        await table.muse.settle()
    return found


async def begin_count(store: Store, ref: ChallengeRef, clock: FakeClock) -> None:
    """What the close puts on the agenda."""
    shared = keys.community(ref.community)
    await store.call("ZADD", shared.agenda, int(clock.now().timestamp() * 1000), items.count(ref))


async def on_agenda(store: Store, community: str) -> list[str]:
    found: list[str] = await store.call("ZRANGE", keys.community(community).agenda, 0, -1)
    return found


async def seal(store: Store, found: VotingChallenge) -> None:
    """Commitments as LIFE makes them when voting opens."""
    secret = await ResultStore(store).secret(found.ref.community, "5ec5e7")
    own = keys.challenge_keys(found.ref.community, found.ref.challenge)
    for alias, entry in found.pool.items():
        maker = maker_pseudonym(secret, entry.author)
        made = commitment(entry.salt, alias, entry.text, entry.origin, maker)
        await store.call("HSET", own.pool, alias, write_contender(replace(entry, commitment=made)))


def words_of(card: Card) -> str:
    """All that a card says, people by their ids."""
    said = []
    for block in card.blocks:
        for name in ("line", "byline", "label", "value"):
            line: Line = getattr(block, name, ())
            if isinstance(line, tuple):
                said.append("".join(_span(span) for span in line))
        if isinstance(block, Piece):
            said.append(block.text)
    return "\n".join(said)


def _span(span: object) -> str:
    match span:
        case Plain(text) | Literal(text) | Strong(text):
            return text
        case Person(user):
            return f"@{user.id}" if user else "@–"
    return ""


# --- Counting.


async def test_a_close_is_counted_and_told_once(table: Table) -> None:
    found = await closed(table)
    store, ref = table.muse.store, found.ref
    kept = await ResultStore(store).read(ref, None, "test")
    assert kept is not None
    assert kept.counted is not None
    assert kept.challenge.counted
    assert len(kept.counted.order) == 8
    assert kept.counted.voters == len(VOTERS)
    left = await on_agenda(store, ref.community)
    assert items.count(ref) not in left
    before = await store.call("GET", keys.challenge_keys(ref.community, ref.challenge).results)
    await begin_count(store, ref, table.clock)
    await table.muse.settle()
    again = await store.call("GET", keys.challenge_keys(ref.community, ref.challenge).results)
    assert again == before


@dataclass
class Racer:
    """One process's counting, on a store of its own."""

    counting: Counting
    store: Store
    nudged: list[str]


def racer(store: Store, clock: FakeClock) -> Racer:
    nudged: list[str] = []

    def tells(ref: ChallengeRef, spaces: Sequence[str]) -> list[str]:
        named = (SpaceRef(*space.split(":", 1)) for space in spaces)
        return [items.proclaim(ref, "results", space) for space in named]

    kept = ResultStore(store)
    return Racer(Counting(kept, Charters(store), clock, nudged.append, tells), store, nudged)


async def test_of_processes_that_race_one_tells(table: Table, empty_url: str) -> None:
    found = await closed(table, counted=False)
    ref, clock = found.ref, table.clock
    stores = [Store(make_client(empty_url)) for _ in range(3)]
    try:
        racers = [racer(store, clock) for store in stores]
        named = RoundRef(ref.community, ref.challenge)
        await asyncio.gather(*(each.counting.count(named) for each in racers))
        assert sorted(len(each.nudged) for each in racers) == [0, 0, 1]
    finally:
        for store in stores:
            await store.close()
    told = [i for i in await on_agenda(table.muse.store, ref.community) if "proclaim" in i]
    assert told == [items.proclaim(ref, "results", SPACE)]


class Dying(Store):
    """A store whose process dies before or after a script is run, as a lost reply looks."""

    def __init__(self, url: str, *, before: bool) -> None:
        super().__init__(make_client(url))
        self._before = before

    def run(
        self, which: Script, keys: Sequence[str], args: Sequence[str | int | float]
    ) -> Awaitable[Reply]:
        if which.name != "challenge_count":
            return super().run(which, keys, args)
        return self._die(super().run if not self._before else None, which, keys, args)

    async def _die(
        self,
        run: Callable[..., Awaitable[Reply]] | None,
        which: Script,
        keys: Sequence[str],
        args: Sequence[str | int | float],
    ) -> Reply:
        if run is not None:
            await run(which, keys, args)
        raise StoreUnavailable("killed")


@pytest.mark.parametrize("before", [True, False])
async def test_who_dies_between_two_steps_leaves_nothing_half(
    table: Table, empty_url: str, before: bool
) -> None:
    found = await closed(table, counted=False)
    ref, store = found.ref, table.muse.store
    dying = Dying(empty_url, before=before)
    named = RoundRef(ref.community, ref.challenge)
    try:
        with pytest.raises(StoreUnavailable):
            await racer(dying, table.clock).counting.count(named)
    finally:
        await dying.close()
    own = keys.challenge_keys(ref.community, ref.challenge)
    first = await store.call("GET", own.results)
    assert (first is None) is before
    await racer(store, table.clock).counting.count(named)
    assert await store.call("HGET", own.record, "counted") == "1"
    if not before:
        assert await store.call("GET", own.results) == first
    told = [i for i in await on_agenda(store, ref.community) if "proclaim" in i]
    assert told == [items.proclaim(ref, "results", SPACE)]


async def test_counting_does_not_hold_up_the_loop(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    count = counting.count

    def watched(material: Any) -> Any:
        threads.append(threading.current_thread().name)
        return count(material)

    monkeypatch.setattr(counting, "count", watched)
    await closed(table)
    assert threads
    assert threading.main_thread().name not in threads


async def test_what_still_runs_is_not_counted_nor_told(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(3, 1))
    await begin_count(table.muse.store, voting.ref, table.clock)
    await table.muse.settle()
    with pytest.raises(NotFound, match="No challenge has closed here yet"):
        await table.do(ShowResults())
    for request in (ShowResults, ShowOwnResult):
        with pytest.raises(Refusal, match="still running"):
            await table.do(request(voting.ref))
    with pytest.raises(Refusal, match="still running"):
        await table.do(ExportResults("jsonl", voting.ref))


async def test_before_the_count_results_say_so(table: Table) -> None:
    found = await closed(table, counted=False)
    with pytest.raises(Refusal, match="being counted"):
        await table.do(ShowResults())
    own = keys.challenge_keys(found.ref.community, found.ref.challenge)
    await table.muse.store.call("HSET", own.record, "state", "cancelled")
    with pytest.raises(TooLate, match="without results"):
        await table.do(ShowResults(found.ref))


# --- What is told.


async def test_results_name_makers_and_show_a_picture(table: Table) -> None:
    found = await closed(table)
    card = await table.do(ShowResults(), "ana")
    said = words_of(card)
    assert "what the rain keeps" in said
    assert card.illustration is not None
    assert card.illustration.image.data.startswith(b"\x89PNG")
    pages = [said]
    pages += [words_of(await table.do(ShowResults(found.ref, n), "ana")) for n in (2, 3)]
    whole = "\n".join(pages)
    for alias, entry in found.pool.items():
        assert entry.text in whole, alias
        if entry.author:
            name = next(u.id for u, n in found.numbers.items() if n == entry.author)
            assert f"@{name}" in whole
    assert "Muse, with fable-2" in whole
    assert "made together with AI (fable-2)" in whole


async def test_what_was_made_from_a_piece_gives_it_credit(table: Table) -> None:
    await table.do(Ask("a lighthouse"), "ana")
    await table.do(Add("My own lamp, which I made with my own two hands."), "zoe")
    community = (await table.spaces.community(SPACE, table.clock.now())).id
    ref = await table.rounds.latest(community, ADDRESS)
    assert ref is not None
    theirs = 5
    made = [
        *pool_of(3),
        Made("from Muse’s", member("tom"), Origin.TOGETHER, parent=f"{ref.round}/1"),
        Made("from Zoe’s", member("tim"), Origin.TOGETHER, parent=f"{ref.round}/{theirs}"),
        Made("from what is gone", member("tam"), Origin.TOGETHER, parent="nosuchround1/3"),
    ]
    found = await closed(table, made)
    pages = [words_of(await table.do(ShowResults(found.ref, n), "ana")) for n in (1, 2)]
    whole = "\n".join(pages)
    assert "@tom · made together with AI, from a piece of Muse’s" in whole
    assert "@tim · made together with AI, from a piece by @zoe" in whole
    assert "@tam · made together with AI · " in whole


async def test_an_author_who_left_stays_in_the_order_without_text_or_name(table: Table) -> None:
    found = await closed(table)
    await seal(table.muse.store, found)
    before = await ResultStore(table.muse.store).read(found.ref, None, "test")
    assert before is not None
    assert before.counted is not None
    best = next(e.alias for e in before.counted.order if found.pool[e.alias].author)
    entry = found.pool[best]
    who = next(u for u, n in found.numbers.items() if n == entry.author)
    await table.do(Mine("forget", sure=True), who.id)
    after = await ResultStore(table.muse.store).read(found.ref, None, "test")
    assert after is not None
    assert after.counted == before.counted, "a closed result stays whole"
    assert after.pool[best].text == ""
    assert after.pool[best].salt == ""
    card = await table.do(ShowResults(), "bea")
    said = words_of(card)
    assert entry.text not in said
    assert entry.text not in repr(card.summary)
    assert f"@{who.id}" not in said
    assert "someone who left" in said
    for kind in ("html", "csv", "jsonl", "commitments"):
        text = (await table.do(ExportResults(kind), "bea", manages=True)).file
        assert text is not None
        assert entry.text not in text.text
        assert entry.salt not in text.text


async def test_what_is_struck_after_the_count_leaves_the_order_and_nobody_is_told_twice(
    table: Table,
) -> None:
    found = await closed(table)
    store = table.muse.store
    first = words_of(await table.do(ShowResults(), "ana"))
    kept = await ResultStore(store).read(found.ref, None, "test")
    assert kept is not None
    assert kept.counted is not None
    best = kept.counted.order[0].alias
    shared = keys.community(found.ref.community)
    notices = await store.call("HLEN", shared.notices)
    await table.do(DecideContender(best, "strike", "copied", found.ref), "org", manages=True)
    card = await table.do(ShowResults(), "ana")
    said = words_of(card)
    assert found.pool[best].text in first
    assert found.pool[best].text not in said
    assert "One entry was taken out by organisers." in said
    assert await store.call("HLEN", shared.notices) <= notices + 1, "the striking's own notice"
    assert not [i for i in await on_agenda(store, found.ref.community) if i.startswith("count")]
    await table.do(DecideContender(best, "restore", "", found.ref), "org", manages=True)
    assert words_of(await table.do(ShowResults(), "ana")) == first


async def test_one_sees_how_ones_own_did(table: Table) -> None:
    found = await closed(table)
    card = await table.quick(ShowOwnResult(), "author1")
    said = words_of(card)
    alias = found.alias_of("author1")
    assert found.pool[alias].text in said
    assert "Place " in said
    assert "times in 100" in said
    assert "who guessed who wrote it" in said or "Nobody guessed" in said
    stranger = words_of(await table.quick(ShowOwnResult(), "nobody"))
    assert "You had no entry" in stranger
    assert not [e.text for e in found.pool.values() if e.text in stranger]


async def test_who_took_part_is_left_a_note_with_their_next_private_card(table: Table) -> None:
    found = await closed(table)
    first = words_of(await table.quick(Mine(), "author1"))
    assert "The challenge on “what the rain keeps” is decided" in first
    again = words_of(await table.quick(Mine(), "author1"))
    assert "is decided" not in again
    assert "is decided" not in words_of(await table.quick(Mine(), "stranger"))
    # The next challenge's notes take the place of those that nobody came back for.
    shared = keys.community(found.ref.community)
    held = await table.muse.store.call("HKEYS", shared.notices)
    assert all(" !xx1." in name for name in held)
    await closed(table, number=2, said=False)
    held = await table.muse.store.call("HKEYS", shared.notices)
    assert held
    assert all(" !xx2." in name for name in held)


async def test_every_podium_stays_in_the_hall(table: Table) -> None:
    assert "first challenge that closes" in words_of(await table.do(ShowPodiums()))
    for number in range(1, 8):
        await closed(table, number=number, said=False, theme=f"theme {number}")
    await closed(table, number=8, example=True, theme="just to try")
    first = words_of(await table.do(ShowPodiums()))
    assert [f"theme {n}" in first for n in range(1, 8)] == [False, False, *[True] * 5]
    second = words_of(await table.do(ShowPodiums(2)))
    assert "theme 2" in second
    assert "theme 1" in second
    assert "just to try" not in first + second, "examples count for nothing"


async def test_a_quiet_week_shows_what_was_made(table: Table) -> None:
    found = await closed(table, [], picks=0, counted=False, said=False)
    store, own = table.muse.store, keys.challenge_keys(found.ref.community, "x1")
    await store.call("HSET", own.record, "quiet", "1")
    mine = Contribution("m1", "All alone with the rain.", Origin.HUMAN, 1)
    muse = Contribution("a1", "Muse’s own rain.", Origin.AI, 0, model="fable-2")
    back = Contribution("m2", "Taken back.", Origin.HUMAN, 2, withdrawn=True)
    for each in (mine, muse, back):
        await store.call("HSET", own.put, each.key, write_contribution(each))
    said = words_of(await table.do(ShowResults(), "ana"))
    assert "All alone with the rain." in said
    assert "Taken back." not in said
    assert "worth reading" in said


async def test_linked_places_are_told_each_for_itself(table: Table) -> None:
    found = await closed(table, counted=False)
    store, ref = table.muse.store, found.ref
    shared, own = keys.community(ref.community), keys.challenge_keys(ref.community, ref.challenge)
    other = SpaceRef("slack", "T1")
    await store.call("SADD", shared.spaces, str(other))
    for voter in VOTERS:
        where = other if voter % 3 == 0 else SPACE
        await store.call("HSET", own.ballots, f"w{voter}", str(where))
    await begin_count(store, ref, table.clock)
    await table.muse.settle()
    said = words_of(await table.do(ShowResults(), "ana"))
    assert "In the Slack workspace T1: 10 people, 80 times in all." in said
    told = [i for i in await on_agenda(store, ref.community) if "proclaim" in i]
    assert items.proclaim(ref, "results", other) in told


# --- Files.


@pytest.mark.parametrize("kind", ["csv", "jsonl", "commitments"])
async def test_a_file_is_verified_from_the_shell(table: Table, kind: str, tmp_path: Path) -> None:
    found = await closed(table)
    await seal(table.muse.store, found)
    file = (await table.do(ExportResults(kind), "ana")).file
    assert file is not None
    path = tmp_path / file.name
    path.write_text(file.text, encoding="utf-8", newline="")

    def shell() -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "verify", str(path)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    code, said = await asyncio.to_thread(shell)
    assert code == 0, said
    assert "All 8 seals hold." in said
    path.write_text(file.text.replace("roof 1", "roof 7"), encoding="utf-8", newline="")
    code, said = await asyncio.to_thread(shell)
    assert code == 1
    assert "1 of 8 seals do not hold." in said
    path.write_text("nothing of the kind", encoding="utf-8")
    code, said = await asyncio.to_thread(shell)
    assert code == 2
    assert said.startswith("muse: No seals that can be read")


async def test_picks_leave_only_for_organisers_and_by_pseudonym(table: Table) -> None:
    found = await closed(table)

    async def lines(manages: bool) -> list[dict[str, Any]]:
        file = (await table.do(ExportResults("jsonl"), "ana", manages=manages)).file
        assert file is not None
        return [json.loads(line) for line in file.text.splitlines()]

    assert not [line for line in await lines(False) if line["kind"] == "pick"]
    picks = [line for line in await lines(True) if line["kind"] == "pick"]
    assert len(picks) == len(VOTERS) * 8
    voters = {line["voter"] for line in picks}
    makers = {line["maker"] for line in await lines(True) if line["kind"] == "entry"}
    assert len(voters) == len(VOTERS)
    assert not voters & makers
    assert await lines(True) == await lines(True), "pseudonyms stay"
    page = (await table.do(ExportResults("html"), "ana")).file
    assert page is not None
    assert page.name == "muse-challenge-1.html"
    for user in found.numbers:
        assert f">{user.id}<" not in page.text
    with pytest.raises(NotFound, match="no file of kind"):
        await table.do(ExportResults("exe"), "ana")


# --- For organisers.


async def test_picks_unlike_the_rest_are_for_organisers_only(table: Table) -> None:
    found = await closed(table, pool_of(6), picks=15, counted=False)
    aliases = sorted(found.pool, key=lambda alias: found.pool[alias].text)
    pairs = [(a, b) for a in aliases for b in aliases if aliases.index(a) < aliases.index(b)]
    odd = [PickMade(999, n, a, b, Side.RIGHT) for n, (a, b) in enumerate(pairs, 1)]
    shared = keys.community(found.ref.community)
    await table.muse.store.call("HSET", shared.people, "999", "test:odd")
    await put_picks(table.muse.store, found.ref, odd)
    await begin_count(table.muse.store, found.ref, table.clock)
    await table.muse.settle()
    with pytest.raises(NotAllowed):
        await table.do(ShowUnlikePicks(), "ana")
    said = words_of(await table.do(ShowUnlikePicks(), "org", manages=True))
    assert "Picks unlike the rest" in said
    assert "@odd: 15 picks." in said
    assert "suspect" not in said.lower()
    public = words_of(await table.do(ShowResults(), "ana"))
    assert "@odd" not in public
    kept = await ResultStore(table.muse.store).read(found.ref, None, "test")
    assert kept is not None
    assert kept.counted is not None
    assert (en.RESULTS_UNLIKE in public) == kept.counted.podium_changes


# --- The verdict.


async def test_the_verdict_is_over_what_counts(table: Table) -> None:
    assert "No challenge has been counted" in words_of(await table.do(ShowVerdict()))
    await closed(table, number=1)
    await closed(table, number=2, example=True)
    said = words_of(await table.do(ShowVerdict()))
    assert "One challenge, 30 voters" in said
    await closed(table, number=3)
    card = await table.do(ShowVerdict())
    assert "2 challenges, 30 voters" in words_of(card)
    assert "still missing: 30 of people’s own, 36 of AI’s and 6 challenges" in words_of(card)
    assert card.illustration is not None
    assert "After challenge 3:" in card.illustration.alt


async def test_the_verdict_is_worked_out_once_off_the_loop(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await closed(table)
    worked: list[str] = []
    tell = verdicts.tell

    def watched(materials: Any) -> Any:
        worked.append(threading.current_thread().name)
        return tell(materials)

    monkeypatch.setattr(verdicts, "tell", watched)
    cards = await asyncio.gather(*(table.quick(ShowVerdict(), f"v{n}") for n in range(5)))
    assert len({words_of(card) for card in cards}) == 1
    assert len(worked) == 1
    assert worked[0] != threading.main_thread().name
    alias = next(iter(found.pool))
    await table.do(DecideContender(alias, "strike", "copied", found.ref), "org", manages=True)
    await table.do(ShowVerdict())
    assert len(worked) == 2, "what is struck is out of the verdict"


async def test_a_verdict_that_failed_is_tried_again(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    await closed(table)
    tell = verdicts.tell

    def fails(_: Any) -> Any:
        raise StoreUnavailable("down")

    monkeypatch.setattr(verdicts, "tell", fails)
    with pytest.raises(StoreUnavailable):
        await table.do(ShowVerdict())
    monkeypatch.setattr(verdicts, "tell", tell)
    assert "One challenge" in words_of(await table.do(ShowVerdict()))


async def test_a_reader_is_told_who_somebody_is_where_they_are(table: Table) -> None:
    found = await closed(table)
    shared = keys.community(found.ref.community)
    number = found.numbers[member("author1")]
    await table.muse.store.call("HSET", shared.people, number, "test:author1\nslack:U1")
    people = await ResultStore(table.muse.store).people(found.ref.community, [number, 0], "slack")
    assert people == {number: UserRef("slack", "U1")}
