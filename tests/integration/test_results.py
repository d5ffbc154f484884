"""What is told of a counted challenge, on a real Redis."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.challenge import Contribution, PickMade, Side
from bot.challenge_requests import (
    DecideContender,
    ExportResults,
    NominateTheme,
    ShowOwnResult,
    ShowPodiums,
    ShowResults,
    ShowUnlikePicks,
)
from bot.community_requests import Mine
from bot.errors import NotAllowed, NotFound
from bot.game.challenges.verifying import verify
from bot.game.challenges.winning import Winning
from bot.models import Origin, SpaceRef
from bot.requests import Add, Ask
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.challenge_records import write_contribution
from bot.storage.refusals import ForeignSpace
from bot.storage.results import ResultStore
from bot.wording import en
from tests.challenging import Made, pool_of, put_picks
from tests.counted import VOTERS, begin_count, closed, on_agenda, seal, words_of
from tests.support import ADDRESS, SPACE, Table, member

ROOT = Path(__file__).parents[2]


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
    # An example's are kept beside them.
    await closed(table, number=3, said=False, example=True)
    names = await table.muse.store.call("HKEYS", shared.notices)
    assert set(held) < set(names)


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


async def test_the_latest_results_are_shown_however_many_challenges_were_cancelled_since(
    table: Table,
) -> None:
    found = await closed(table)
    store, shared = table.muse.store, keys.community(found.ref.community)
    for number in range(2, 25):
        own = keys.challenge_keys(found.ref.community, f"x{number}")
        await store.call("HSET", own.record, "state", "cancelled")
        await store.call("ZADD", shared.challenges, 4_000_000_000_000 + number, f"x{number}")
    assert await ResultStore(store).latest(found.ref.community) == found.ref
    assert "what the rain keeps" in words_of(await table.do(ShowResults(), "ana"))
    nowhere = await ResultStore(store).latest("nobody-here")
    assert nowhere is None


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


async def test_who_put_in_what_is_the_decks_is_sealed_as_themselves(
    table: Table, tmp_path: Path
) -> None:
    made = [*pool_of(3, 1), Made("the deck's own rain", member("author4"), Origin.DECK)]
    await seal(table.muse.store, await closed(table, made))
    file = (await table.do(ExportResults("commitments"), "ana")).file
    assert file is not None
    path = tmp_path / file.name
    path.write_text(file.text, encoding="utf-8", newline="")
    said: list[str] = []
    assert verify(path, said.append), said


async def test_who_put_in_what_is_the_decks_is_not_named_for_it_and_wins_nothing(
    table: Table,
) -> None:
    made = [*pool_of(3, 1), Made("a: the deck's own rain", member("cat"), Origin.DECK)]
    found = await closed(table, made)  # by their texts, so that the deck's is first
    card = words_of(await table.do(ShowResults(), "ana"))
    assert "1st" in card
    assert "@cat" not in card
    store = ResultStore(table.muse.store)
    kept = await store.read(found.ref, None, "test")
    assert kept is not None
    assert kept.counted is not None
    first = [each.alias for each in kept.counted.order if each.place == 1]
    assert found.alias_of("cat") in first
    winners = await Winning(store).people(found.ref, "test")
    assert member("cat") not in winners
    assert {kept.pool[a].author for a in first if not kept.pool[a].muses} - {0} == {
        found.numbers[each] for each in winners
    }
    with pytest.raises(NotAllowed):
        await table.do(NominateTheme("a door that opens on Tuesdays"), "cat")


async def test_results_are_told_where_they_are_from(table: Table) -> None:
    found = await closed(table)
    elsewhere = SpaceRef("test", "elsewhere")
    for request in (
        ShowResults(found.ref),
        ShowOwnResult(found.ref),
        ExportResults("jsonl", found.ref),
        ShowUnlikePicks(found.ref),
    ):
        await table.do(request, "ana", manages=True)
        with pytest.raises(ForeignSpace):
            await table.do(request, "ana", manages=True, space=elsewhere)


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
