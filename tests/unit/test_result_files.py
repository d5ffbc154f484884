"""Results as files: escaped, without names, read back whole, and their seals checked."""

from __future__ import annotations

import csv
import html.parser
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import Line, Literal, Person, Plain
from bot.challenge_results import Closed
from bot.errors import BadInput
from bot.game.challenges.commitments import (
    commitment,
    maker_pseudonym,
    root_of,
    voter_pseudonym,
)
from bot.game.challenges.verifying import read, verify
from bot.models import Facet, Origin, UserRef
from bot.present.challenges.celebrating import celebrated
from bot.present.challenges.files import (
    as_csv,
    as_jsonl,
    as_published,
    as_seals,
    entry_rows,
    read_csv,
)
from bot.present.challenges.pages import as_page
from bot.present.challenges.results import told
from bot.wording import en
from tests.unit.contests import (
    AI,
    HUMAN,
    SECRET,
    closed_of,
    material_of,
    named_of,
    pool_of,
    quiet,
    voted,
    without,
)
from tests.unit.strategies import AWKWARD_TEXT

KINDS = {"commitments": as_seals, "jsonl": as_jsonl, "csv": as_csv}
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
NASTY = (
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "&lt;b&gt; is not <b>",
    '=HYPERLINK("http://x","y")',
    "'=1+1",
    "-2+3",
    '@SUM(1)\r\nsecond, "quoted"; line\n\tthird',
)


def nasty() -> Closed:
    pool = pool_of(NASTY)
    return closed_of(material_of(pool=pool, picks=voted(pool), guesses=(), praises=()))


def seals_of(closed: Closed) -> list[str]:
    return [each.commitment for each in closed.pool.values()]


def verified(path: Path) -> tuple[bool, list[str]]:
    said: list[str] = []
    return verify(path, said.append), said


@EVERY_KIND
def test_every_seal_of_a_file_holds(kind: str, tmp_path: Path) -> None:
    closed = closed_of()
    path = tmp_path / "file"
    path.write_text(KINDS[kind](closed, named_of(closed)), encoding="utf-8", newline="")
    fine, said = verified(path)
    assert fine
    assert said[-1] == "All 8 seals hold."
    assert said[-2] == f"One hash of all seals: {root_of(seals_of(closed))}."
    assert sorted(line.partition(":")[0] for line in said[:-2]) == sorted(closed.pool)


@EVERY_KIND
def test_texts_that_look_like_markup_or_formulas_hold_too(kind: str, tmp_path: Path) -> None:
    closed = nasty()
    path = tmp_path / "file"
    path.write_text(KINDS[kind](closed, named_of(closed)), encoding="utf-8", newline="")
    assert verified(path)[0]


@EVERY_KIND
@pytest.mark.parametrize("field", ["text", "salt", "origin", "alias", "maker", "commitment"])
def test_whatever_is_tampered_with_shows(kind: str, field: str, tmp_path: Path) -> None:
    closed = closed_of()
    named = named_of(closed)
    alias = closed.counted.order[0].alias
    other = {
        "text": "another text",
        "salt": "0" * 32,
        "origin": Origin.TOGETHER,
        "commitment": "f" * 64,
    }
    if field == "maker":
        named = replace(named, makers={**named.makers, alias: "somebodyel"})
    elif field == "alias":
        moved = {("zzzz" if a == alias else a): e for a, e in closed.pool.items()}
        moved["zzzz"] = replace(moved["zzzz"], alias="zzzz")
        order = tuple(
            replace(e, alias="zzzz") if e.alias == alias else e for e in closed.counted.order
        )
        named = replace(named, makers={**named.makers, "zzzz": named.makers[alias]})
        closed = replace(closed, pool=moved, counted=replace(closed.counted, order=order))
        alias = "zzzz"
    else:
        closed = replace(closed, pool=without(closed.pool, alias, **{field: other[field]}))
    path = tmp_path / "file"
    path.write_text(KINDS[kind](closed, named), encoding="utf-8", newline="")
    fine, said = verified(path)
    assert not fine
    assert said[-1] == "1 of 8 seals do not hold."
    assert [line for line in said if "DOES NOT HOLD" in line] == [
        f"{alias}: DOES NOT HOLD. What is here is not what was sealed."
    ]


def test_what_was_forgotten_or_is_hidden_is_said_not_to_be_checked(tmp_path: Path) -> None:
    closed = closed_of()
    one, two = list(closed.pool)[:2]
    pool = without(closed.pool, one, text="", author=0, salt="")
    closed = replace(closed, pool=without(pool, two, hidden="organiser"))
    path = tmp_path / "seals.json"
    text = as_seals(closed, named_of(closed))
    assert closed.pool[two].text not in text
    assert closed.pool[two].salt not in text
    path.write_text(text, encoding="utf-8")
    fine, said = verified(path)
    assert fine
    assert said[-1] == "6 of 8 seals hold; 2 can’t be checked."
    assert sum("can’t be checked; its salt" in line for line in said) == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"{", b"[]", b'{"entries": 3}', b'{"a": 1}\n[2]\n', b"a,b\n1,2\n", b"\xff\xfe"],
)
def test_a_file_of_something_else_is_refused_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"No seals that can be read are in other\.json"):
        verify(path, lambda _: None)
    with pytest.raises(BadInput, match="can’t be read"):
        verify(tmp_path / "none", lambda _: None)


def test_a_file_without_one_salt_proves_nothing(tmp_path: Path) -> None:
    closed = closed_of()
    bare = replace(closed, pool={a: replace(e, salt="") for a, e in closed.pool.items()})
    path = tmp_path / "file"
    path.write_text(as_seals(bare, named_of(bare)), encoding="utf-8")
    fine, said = verified(path)
    assert not fine
    assert said[-1] == "Not one of the 8 seals can be checked."


def published(closed: Closed) -> dict[str, str]:
    """Ways in which the seals of a challenge may have been kept, from before its close."""
    seals = sorted(seals_of(closed))
    return {
        "file": as_published(closed.challenge, seals, root_of(seals)),
        "the card": "Each entry is sealed:\n" + "\n".join(seals),
        "the card of many": "Each is sealed:\n" + "\n".join(each[:32] for each in seals),
        "the one hash": f"It said {root_of(seals)}.",
        "results": as_jsonl(closed, named_of(closed)),
    }


@EVERY_KIND
@pytest.mark.parametrize(
    "kept", ["file", "the card", "the card of many", "the one hash", "results"]
)
def test_results_are_held_against_what_was_published(kind: str, kept: str, tmp_path: Path) -> None:
    closed = closed_of()
    path, before = tmp_path / "file", tmp_path / "before"
    path.write_text(KINDS[kind](closed, named_of(closed)), encoding="utf-8", newline="")
    before.write_text(published(closed)[kept], encoding="utf-8")
    said: list[str] = []
    assert verify(path, said.append, before)
    assert said[-1] == "They are the very seals that were published."


@pytest.mark.parametrize("kept", ["file", "the card", "the card of many", "results"])
def test_an_entry_that_was_sealed_anew_shows(kept: str, tmp_path: Path) -> None:
    closed = closed_of()
    named = named_of(closed)
    alias = next(iter(closed.pool))
    entry = replace(closed.pool[alias], text="another text")
    entry = replace(
        entry,
        commitment=commitment(entry.salt, alias, entry.text, entry.origin, named.makers[alias]),
    )
    swapped = replace(closed, pool={**closed.pool, alias: entry})
    path, before = tmp_path / "file", tmp_path / "before"
    path.write_text(as_seals(swapped, named), encoding="utf-8")
    before.write_text(published(closed)[kept], encoding="utf-8")
    assert verified(path)[0], "by itself it holds"
    said: list[str] = []
    assert not verify(path, said.append, before)
    length = 32 if kept == "the card of many" else 64
    gone = closed.pool[alias].commitment[:length]
    assert said[-3:] == [
        f"{entry.commitment}: WAS NOT PUBLISHED when voting opened.",
        f"{gone}: was published, and IS NOT HERE.",
        "They are not the seals that were published.",
    ]


def test_what_was_published_alone_opens_nothing(tmp_path: Path) -> None:
    closed = closed_of()
    before, results = tmp_path / "before.json", tmp_path / "results.json"
    before.write_text(published(closed)["file"], encoding="utf-8")
    with pytest.raises(BadInput, match="verify RESULTS --published"):
        verify(before, lambda _: None)
    results.write_text(as_seals(closed, named_of(closed)), encoding="utf-8")
    before.write_text("nothing of the kind", encoding="utf-8")
    with pytest.raises(BadInput, match="No seals that can be read"):
        verify(results, lambda _: None, before)


def test_a_terminal_is_not_sent_what_a_file_says() -> None:
    row = {"alias": "\x1b[2J", "commitment": "", "salt": "", "text": "", "origin": "", "maker": ""}
    (seal,) = read(json.dumps(row))
    assert seal.alias == "\x1b[2J"


def test_an_alias_of_control_characters_is_printed_harmlessly(tmp_path: Path) -> None:
    row = {"alias": "\x1b[2J", "commitment": "", "salt": "", "text": "", "origin": "", "maker": ""}
    path = tmp_path / "file"
    path.write_text(json.dumps(row), encoding="utf-8")
    assert "\x1b" not in "".join(verified(path)[1])


@settings(max_examples=60, deadline=None)
@given(st.lists(AWKWARD_TEXT.filter(bool), min_size=8, max_size=8))
def test_any_text_comes_back_from_every_file(texts: list[str]) -> None:
    pool = pool_of([text.replace("\r", "") or "x" for text in texts])
    closed = closed_of(material_of(pool=pool, picks=(), guesses=(), praises=()))
    named = named_of(closed)
    wanted = {alias: entry.text for alias, entry in pool.items()}
    for make in KINDS.values():
        seals = read(make(closed, named))
        assert {seal.alias: seal.text for seal in seals} == wanted
        assert all(seal.check() == "holds" for seal in seals)


def test_a_table_has_every_figure_and_no_formula() -> None:
    closed = nasty()
    text = as_csv(closed, named_of(closed))
    for cells in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in cells)
        assert not cells[-1].startswith("-")
    rows = read_csv(text)
    assert [row["alias"] for row in rows] == [each.alias for each in closed.counted.order]
    for row, placed in zip(rows, closed.counted.order, strict=True):
        assert int(row["place"]) == placed.place
        assert float(row["chance"]) == pytest.approx(placed.chance, abs=1e-6)
        assert float(row["won"]) == placed.won
    assert {row["text"] for row in rows} == set(NASTY)


def test_lines_hold_picks_by_pseudonym_only() -> None:
    closed, material = closed_of(), material_of()
    lines = [json.loads(line) for line in as_jsonl(closed, named_of(closed)).splitlines()]
    assert [line["kind"] for line in lines] == ["challenge", *["entry"] * 8]
    lines = [
        json.loads(line) for line in as_jsonl(closed, named_of(closed), material.picks).splitlines()
    ]
    picks = [line for line in lines if line["kind"] == "pick"]
    assert len(picks) == len(material.picks)
    assert set(picks[0]) == {"kind", "voter", "number", "left", "right", "side", "final"}
    assert picks[0]["voter"] == "voter101"


@EVERY_KIND
def test_no_file_holds_a_name_or_a_number(kind: str) -> None:
    people = {n: UserRef("discord", f"9000000{n:03}") for n in range(1, 141)}
    closed = closed_of(people=people)
    text = KINDS[kind](closed, named_of(closed))
    page = as_page(closed, named_of(closed), told(closed))
    for user in people.values():
        assert user.id not in text
        assert user.id not in page
    assert "author" not in text


def test_pseudonyms_are_the_communitys_own_and_tell_makers_from_voters() -> None:
    assert maker_pseudonym(SECRET, 1) == maker_pseudonym(SECRET, 1)
    drawn = {
        maker_pseudonym(SECRET, 1),
        maker_pseudonym(SECRET, 2),
        maker_pseudonym("another", 1),
        voter_pseudonym(SECRET, "x1", 1),
        voter_pseudonym(SECRET, "x2", 1),
        voter_pseudonym("another", "x1", 1),
    }
    assert len(drawn) == 6
    assert all(re.fullmatch("[a-z2-7]{10}", each) for each in drawn)
    assert maker_pseudonym(SECRET, 0) == "muse"


def test_no_two_entries_can_be_sealed_alike() -> None:
    """Where one part ends and the next begins is sealed too."""
    assert commitment("s", "ab", "c", "human", "m") != commitment("s", "a", "bc", "human", "m")
    assert commitment("s", "a", "b\nhuman", "m", "") != commitment("s", "a", "b", "human", "m")


class Page(html.parser.HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_a_page_stands_alone_and_runs_nothing() -> None:
    closed = nasty()
    page = Page(as_page(closed, named_of(closed), told(closed)))
    assert page.tags <= {
        *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "article"),
        *(
            "span",
            "strong",
            "figure",
            "figcaption",
            "svg",
            "rect",
            "line",
            "table",
            "tr",
            "td",
            "code",
        ),
    }
    names = {name for name, _ in page.attributes}
    assert not {name for name in names if name.startswith("on")}
    assert not names & {"src", "href", "srcset", "style", "action"}
    policy = dict(page.attributes)["content"]
    assert policy is not None
    assert "default-src 'none'" in policy
    said = "".join(page.words)
    for text in NASTY:
        assert text in said, "shown literally, and whole"


def test_a_page_is_for_light_and_dark_and_says_what_its_bars_say() -> None:
    closed = closed_of()
    text = as_page(closed, named_of(closed), told(closed))
    assert "prefers-color-scheme:dark" in text
    labels = [value for name, value in Page(text).attributes if name == "aria-label"]
    assert labels == [
        f"{round(100 * e.chance)} in 100, between {round(100 * e.low)} and {round(100 * e.high)}"
        for e in closed.counted.order
    ]
    colours = re.findall(r"--(\w+):(#\w+)", text)
    light = dict(colours[: len(colours) // 2])
    dark = dict(colours[len(colours) // 2 :])
    assert set(light) == set(dark)


def test_a_page_shows_odd_characters_as_a_box_and_names_nobody() -> None:
    pool = pool_of(["bell\x07 and \x1b[1m", *["t"] * 7])
    closed = closed_of(material_of(pool=pool, picks=(), guesses=(), praises=()))
    line: Line = (Plain("Best: "), Literal("<i>"), Person(UserRef("slack", "U123")))
    text = as_page(closed, named_of(closed), [line])
    assert "\x07" not in text
    assert "\x1b" not in text
    assert "U123" not in text
    assert "Best: &lt;i&gt;a member" in text


def test_a_page_has_what_is_celebrated_with_makers_pseudonyms() -> None:
    closed = closed_of()
    named = named_of(closed)
    said = "".join(Page(as_page(closed, named, celebrated(closed))).words)
    assert "First place is shared" in said
    assert "Most original" in said
    best = closed.counted.most(Facet.MOVED)[0].alias
    assert f"by {named.makers[best]}" in said
    assert "`" not in said


def test_a_page_of_a_quiet_week_has_its_pieces_and_an_example_says_so() -> None:
    closed = quiet(2)
    said = "".join(Page(as_page(closed, named_of(closed), [])).words)
    for entry in closed.pool.values():
        assert entry.text in said
    assert "Muse · AI" in said
    assert en.CHALLENGE_IS_EXAMPLE not in said
    closed = replace(closed, challenge=replace(closed.challenge, example=True))
    assert en.CHALLENGE_IS_EXAMPLE in as_page(closed, named_of(closed), [])


def test_rows_come_in_order_then_what_is_out() -> None:
    material = material_of()
    alias = next(iter(material.pool))
    closed = closed_of(replace(material, pool=without(material.pool, alias, struck=True)))
    rows = entry_rows(closed, named_of(closed))
    assert [row["place"] for row in rows[:-1]] == [e.place for e in closed.counted.order]
    assert (rows[-1]["alias"], rows[-1]["out"], rows[-1]["place"]) == (alias, "struck", None)
    assert {row["origin"] for row in rows} >= {HUMAN.value, AI.value}
