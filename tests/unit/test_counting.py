"""What the picks of a challenge come to, and that it is kept and read without loss."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.challenge import GuessMade, PickMade, PraiseGiven, Side
from bot.challenge_results import Counted, Guesser, Out
from bot.game.challenges.counting import count, notes, out_of
from bot.models import Facet, Origin
from bot.present.challenges.own import own_card
from bot.storage.result_records import read_counted, read_note, write_counted, write_note
from tests.unit import contests
from tests.unit.contests import AI, HUMAN, TOGETHER, closed_of, material_of, voted, without


def test_the_order_follows_the_picks() -> None:
    material = material_of(picks=voted(contests.pool_of(), voters=200, each=20))
    counted = count(material)
    assert [each.alias for each in counted.order] == list(material.pool)
    assert [each.place for each in counted.order] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert counted.first == counted.order[:1]
    assert not counted.order[0].close
    assert counted.voters == 200
    assert counted.picks == len(material.picks)
    won = sum(each.won for each in counted.order)
    assert won == counted.picks, "each pick is one win, shared or not"
    assert sum(each.appearances for each in counted.order) == 2 * counted.picks


def test_the_same_is_counted_from_the_same() -> None:
    assert count(material_of()) == count(material_of())
    other = material_of(challenge=contests.challenge_of(seed=8))
    assert count(material_of()) != count(other), "the bootstrap draws from the challenge's seed"


def test_skips_are_no_picks() -> None:
    material = material_of()
    a, b = list(material.pool)[:2]
    skips = tuple(PickMade(300 + n, 1, a, b, Side.SKIP) for n in range(50))
    assert count(replace(material, picks=(*material.picks, *skips))) == count(material)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"struck": True}, Out.STRUCK),
        ({"hidden": "reports"}, Out.HIDDEN),
        ({"text": ""}, Out.GONE),
    ],
)
def test_what_is_out_is_in_no_figure(change: dict[str, object], why: Out) -> None:
    material = material_of()
    best = count(material).order[0].alias
    counted = count(replace(material, pool=without(material.pool, best, **change)))
    assert counted.out == {best: why}
    assert best not in [each.alias for each in counted.order]
    assert len(counted.order) == 7
    meeting = [p for p in material.picks if best in (p.left, p.right) and p.side is not Side.SKIP]
    assert counted.picks == count(material).picks - len(meeting)
    guessed = [g for g in material.guesses if g.alias != best]
    assert counted.guessed is not None
    assert counted.guessed.guesses == len(guessed)


def test_whoever_is_forgotten_after_the_count_keeps_the_order_whole() -> None:
    material = material_of()
    counted = count(material)
    best = counted.order[0].alias
    left = without(material.pool, best, text="", author=0, salt="")
    assert out_of(left, counted) == {}
    assert count(replace(material, pool=left, counted=counted)) == counted
    assert out_of(left) == {best: Out.GONE}


def test_nobody_is_first_where_nobody_picked() -> None:
    counted = count(material_of(picks=(), guesses=(), praises=()))
    assert counted.first == ()
    assert counted.podium == ()
    assert len(counted.order) == 8
    assert counted.guessed is None
    assert counted.unlike == ()


def test_an_empty_challenge_counts_to_nothing() -> None:
    assert count(material_of(pool={}, picks=(), guesses=(), praises=())) == Counted()


def test_facets_and_guesses_go_to_their_entries() -> None:
    material = material_of()
    one, two = list(material.pool)[:2]  # a person's, then AI's
    counted = count(
        replace(
            material,
            guesses=(
                GuessMade(101, one, AI),
                GuessMade(102, one, HUMAN),
                GuessMade(103, one, AI),
                GuessMade(101, two, AI),
                GuessMade(104, one, None),  # would not say
            ),
            praises=(
                PraiseGiven(101, Facet.DEEP, two),
                PraiseGiven(102, Facet.DEEP, two),
                PraiseGiven(103, Facet.MOVED, one),
                PraiseGiven(104, Facet.DEEP, one),
            ),
        )
    )
    first, second = counted.placed(one), counted.placed(two)
    assert first is not None
    assert second is not None
    assert (first.guessed, first.fooled, first.guesses) == (3, 2, {AI: 2, HUMAN: 1})
    assert [each.alias for each in counted.most(Facet.DEEP)] == [two]
    assert [each.alias for each in counted.most(Facet.MOVED)] == [one]
    assert counted.most(Facet.ORIGINAL) == ()
    assert counted.fooled_most == (first,)
    assert counted.guessers == (
        Guesser(102, 1, 1),
        Guesser(101, 1, 2),
        Guesser(103, 0, 1),
    )
    assert counted.best_guessers == (Guesser(102, 1, 1),)
    assert counted.guessed is not None
    assert (counted.guessed.guesses, counted.guessed.right) == (4, 0.5)


def test_of_the_decks_pieces_ai_is_the_right_guess() -> None:
    material = material_of()
    alias, author = next((a, e.author) for a, e in material.pool.items() if e.origin is HUMAN)
    pool = without(material.pool, alias, origin=Origin.DECK)
    said = (GuessMade(101, alias, AI), GuessMade(102, alias, HUMAN))
    counted = count(replace(material, pool=pool, guesses=said, praises=()))
    placed = counted.placed(alias)
    assert placed is not None
    assert (placed.guessed, placed.fooled) == (2, 1)
    assert counted.guessers == (Guesser(101, 1, 1), Guesser(102, 0, 1))
    assert counted.guessed is not None
    assert counted.guessed.right == 0.5
    told = own_card(closed_of(replace(material, pool=pool, guesses=said), own=author))
    assert "1 took it for a person’s own" in told.summary


def test_all_that_are_level_are_level() -> None:
    """Of five that one member each found original, none is more original than the others."""
    material = material_of()
    five = list(material.pool)[:5]
    counted = count(
        replace(
            material,
            guesses=tuple(
                GuessMade(101 + n, alias, TOGETHER) for alias in five[:3] for n in range(3)
            ),
            praises=tuple(PraiseGiven(101 + n, Facet.ORIGINAL, a) for n, a in enumerate(five)),
        )
    )
    assert {each.alias for each in counted.most(Facet.ORIGINAL)} == set(five)
    assert {each.alias for each in counted.fooled_most} == set(five[:3])


def test_who_is_right_no_more_than_half_the_time_is_not_celebrated() -> None:
    assert Counted(guessers=(Guesser(1, 1, 3), Guesser(2, 0, 3))).best_guessers == ()
    both = (Guesser(1, 2, 3), Guesser(2, 2, 3))
    assert Counted(guessers=(*both, Guesser(3, 1, 3))).best_guessers == both


def test_who_pushes_a_piece_is_told_of_and_counts_all_the_same() -> None:
    """Three accounts that always pick the last but one, else the weaker."""
    material = material_of(picks=voted(contests.pool_of(), voters=40, each=14))
    aliases = list(material.pool)
    rank = {alias: n for n, alias in enumerate(aliases)}
    pushed = aliases[6]
    pairs = [(a, b) for a in aliases for b in aliases if a < b]
    pushing = []
    for member in (201, 202, 203):
        for number, (a, b) in enumerate(pairs[:20], 1):
            wanted = pushed if pushed in (a, b) else max((a, b), key=lambda each: rank[each])
            side = Side.LEFT if wanted == a else Side.RIGHT
            pushing.append(PickMade(member, number, a, b, side))
    counted = count(replace(material, picks=(*material.picks, *pushing)))
    found = {each.member for each in counted.unlike}
    assert found >= {201, 202, 203}
    assert counted.picks == count(material).picks + len(pushing), "nobody's picks are dropped"
    assert all(0 < each.own_taste < 1 for each in counted.unlike)
    others = tuple(p for p in (*material.picks, *pushing) if p.member not in found)
    left_out = count(replace(material, picks=others))

    def podium(of: Counted) -> list[tuple[str, int]]:
        return [(each.alias, each.place) for each in of.podium]

    assert counted.podium_changes == (podium(counted) != podium(left_out))


@pytest.mark.parametrize(("lead", "changes"), [(0.0, True), (3.0, False)])
def test_the_podium_is_said_to_change_where_it_would(lead: float, changes: bool) -> None:
    pool = contests.pool_of([f"text {n}" for n in range(5)], [HUMAN] * 5)
    a, b, c, d, e = pool
    honest = []
    for member in range(101, 141):
        pairs = [(a, b), (a, c), (b, c), (b, d), (c, d), (c, e), (d, e), (a, d), (a, e), (b, e)]
        for number, (one, two) in enumerate(pairs, 1):
            likely = 0.5 if (one, two) == (c, d) and not lead else 0.8
            side = Side.LEFT if (member * 7 + number * 3) % 10 < 10 * likely else Side.RIGHT
            honest.append(PickMade(member, number, one, two, side))
    odd = [
        PickMade(201, number, one, two, Side.RIGHT)
        for number, (one, two) in enumerate(
            [(x, y) for x in pool for y in pool if rank_of(pool, x) < rank_of(pool, y)], 1
        )
    ]
    counted = count(material_of(pool=pool, picks=(*honest, *odd), guesses=(), praises=()))
    assert 201 in {each.member for each in counted.unlike}
    assert counted.podium_changes is changes


def rank_of(pool: Mapping[str, object], alias: str) -> int:
    return list(pool).index(alias)


def test_each_space_of_a_community_is_told_for_itself() -> None:
    material = material_of(spaces=("discord:1", "slack:T2", "slack:T3"))
    here = {n: "discord:1" if n < 121 else "slack:T2" for n in range(101, 141)}
    counted = count(replace(material, voted_from=here))
    assert [each.space for each in counted.turnouts] == ["discord:1", "slack:T2", "slack:T3"]
    assert [each.voters for each in counted.turnouts] == [20, 20, 0]
    assert sum(each.picks for each in counted.turnouts) == counted.picks
    assert count(material_of()).turnouts == (), "one space needs no breakdown"


def test_everyone_who_took_part_is_left_one_note() -> None:
    material = material_of()
    struck = list(material.pool)[7]
    material = replace(material, pool=without(material.pool, struck, struck=True))
    counted = count(material)
    left = notes(material, counted)
    makers = {e.author for e in material.pool.values() if e.author}
    assert set(left) == makers | {g.member for g in material.guesses}
    assert 0 not in left, "Muse is told nothing"
    assert left[material.pool[struck].author].out == "struck"
    for number, note in left.items():
        assert note.entries == (7 if note.entry else 0)
        if note.entry is not None:
            assert material.pool[note.entry.alias].author == number
    places = Counter(each.place for each in counted.order)
    told = [n for n in left.values() if n.entry]
    assert all(n.entry and n.shared == (places[n.entry.place] > 1) for n in told)


def test_results_are_read_as_they_were_written() -> None:
    for material in (
        material_of(),
        material_of(picks=(), guesses=(), praises=()),
        material_of(spaces=("discord:1", "slack:T2"), voted_from={101: "slack:T2"}),
    ):
        counted = count(material)
        again = read_counted(write_counted(counted))
        assert write_counted(again) == write_counted(counted)
        assert [e.alias for e in again.order] == [e.alias for e in counted.order]
        assert again.guessers == counted.guessers
        assert again.turnouts == counted.turnouts
        assert again.guessed == counted.guessed
        for note in notes(material, again).values():
            assert read_note(json.loads(write_note(note))) == note


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_picks_can_be_counted(data: st.DataObject) -> None:
    origins = data.draw(st.lists(st.sampled_from((HUMAN, AI, TOGETHER)), max_size=6))
    pool = contests.pool_of([f"text {n}" for n in range(len(origins))], origins)
    aliases = list(pool)
    pairs = [(a, b) for a in aliases for b in aliases if a != b]
    side = st.sampled_from(Side)
    picks = []
    if pairs:
        for n, (left, right) in enumerate(data.draw(st.lists(st.sampled_from(pairs), max_size=20))):
            picks.append(PickMade(101 + n % 4, n, left, right, data.draw(side)))
    struck = data.draw(st.sets(st.sampled_from(aliases))) if aliases else set()
    material = material_of(
        pool=without(pool, *struck, struck=True), picks=tuple(picks), guesses=(), praises=()
    )
    counted = count(material)
    assert {each.alias for each in counted.order} == set(aliases) - struck
    assert set(counted.out) == struck
    assert [e.place for e in counted.order] == sorted(e.place for e in counted.order)
    assert all(0 <= e.low <= e.chance <= e.high <= 1 for e in counted.order)
    assert len(counted.first) <= max(5, len(counted.order) if not counted.picks else 5) or all(
        e.strength == counted.order[0].strength for e in counted.first
    )
    assert isinstance(notes(material, counted), dict)
