"""Who came from whom: every piece that others came from, each child below its parent, once."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from bot.models import Entry, Origin, Round
from bot.present.lineage import MOST_ROWS, lineage
from tests.unit.rendering import line
from tests.unit.strategies import rounds
from tests.unit.test_present import AI, a_round, family


def drawn(of: Round) -> list[str]:
    tree = lineage(of)
    return [f"{'-' * depth}{line(row)}" for depth, row in tree.rows] if tree else []


def test_a_round_without_remixes_has_no_tree() -> None:
    assert lineage(a_round()) is None
    assert lineage(a_round(entries=())) is None
    alone = Entry(5, 5, "Alone.", Origin.HUMAN, 2)
    assert lineage(a_round(entries=(*AI, alone))) is None


def test_a_family_is_a_tree() -> None:
    assert drawn(a_round(entries=family())) == [
        "2 ⟦The lamp keeps one eye on what the…⟧ · Muse",
        "-5 ⟦The moth’s own lamp.⟧ · @bea with Muse",
        "--7 ⟦The moth’s widow.⟧ · @cem with Muse",
        "---8 (taken back)",
        "----9 ⟦After what is gone.⟧ · @ana",
        "-6 ⟦A lamp, said the moth.⟧ · @bea with Muse",
        "10 ⟦Mine, from nobody’s.⟧ · someone who left",
        "-11 ⟦From a stranger’s, and rather a long…⟧ · @ana",
    ]


def test_a_child_whose_parent_is_not_there_is_a_root() -> None:
    lost = Entry(7, 7, "Lost.", Origin.HUMAN, 2, parent=3)
    child = Entry(8, 8, "Found.", Origin.HUMAN, 2, parent=7)
    assert drawn(a_round(entries=(lost, child))) == ["7 ⟦Lost.⟧ · @bea", "-8 ⟦Found.⟧ · @bea"]


def test_a_long_tree_is_cut() -> None:
    many = tuple(
        Entry(n, n, f"piece {n}", Origin.HUMAN, 2, parent=max(0, n - 1)) for n in range(1, 61)
    )
    assert len(drawn(a_round(entries=many))) == MOST_ROWS


@settings(max_examples=60)
@given(rounds())
def test_any_family_is_drawn_once_and_below_its_parents(of: Round) -> None:
    tree = lineage(of)
    kin = {e.number for e in of.entries if e.parent} | {e.parent for e in of.entries if e.parent}
    if not kin:
        assert tree is None
        return
    assert tree is not None
    by_number = {entry.number: entry for entry in of.entries}
    numbers = [int(line(row).split(" ", 1)[0]) for _, row in tree.rows]
    assert sorted(numbers) == sorted(kin)
    path: list[int] = []
    for (depth, row), number in zip(tree.rows, numbers, strict=True):
        path = [*path[:depth], number]
        assert by_number[number].parent == (path[depth - 1] if depth else 0)
        gone = by_number[number].withdrawn
        assert ("⟦" not in line(row)) == (gone or not by_number[number].text.strip())


def test_what_was_taken_back_says_nothing() -> None:
    entries = [replace(e, text="a secret", withdrawn=True) for e in family()]
    assert not any("secret" in row for row in drawn(a_round(entries=tuple(entries))))
