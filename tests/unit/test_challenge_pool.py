"""What becomes of entries at the deadline: made alike, drawn, sealed; and which theme is next."""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.challenge import Contribution, Proposal, role_on, with_role
from bot.errors import BadInput
from bot.game.challenges.aliases import LETTERS, aliases
from bot.game.challenges.commitments import commitment, maker_pseudonym
from bot.game.challenges.families import family_of
from bot.game.challenges.likeness import close_to, long_enough, tells_of
from bot.game.challenges.normalising import normalised
from bot.game.challenges.plan_values import days_of, minute_of, zone_of
from bot.game.challenges.pooling import drawn, pool_of, together
from bot.game.challenges.theming import draw
from bot.models import Origin
from bot.storage.outputs import Output
from bot.storage.themes import Themes
from tests.unit.strategies import ANYTHING, AWKWARD_TEXT

MARKS = st.text(st.sampled_from("ab1 \n\"'`*_~|#>-–—.…,“”‘’(•é"), max_size=30)


@given(MARKS | ANYTHING | AWKWARD_TEXT)
def test_a_text_made_alike_stays_as_it_is(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once
    assert once == once.strip()
    assert not set(once) & set("\"'`*\t\r—")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('He said "hi" -- then... **left**.', "He said “hi” – then… left."),
        ("It's the dogs' 'home'", "It’s the dogs’ ‘home’"),
        ("The moon—pale—kept 5–6 receipts", "The moon – pale – kept 5-6 receipts"),
        ("# A heading\n\n\n\n- one\n- two", "A heading\n\none\ntwo"),
        ("> quoted\n\n`code` and __more__ and ~~less~~", "quoted\n\ncode and more and less"),
        ("snake_case and well-known stay", "snake_case and well-known stay"),
        ("“curly” and „low“", "“curly” and “low”"),
        ("e\u0301 is é", "é is é"),
        ("a line  with   spaces \nand another", "a line with spaces\nand another"),
    ],
)
def test_mark_up_and_typography_are_made_alike(text: str, wanted: str) -> None:
    assert normalised(text) == wanted


@given(st.integers(0, 200), st.integers())
def test_aliases_are_different_and_say_nothing(count: int, seed: int) -> None:
    found = aliases(count, Random(seed))
    assert len(set(found)) == count
    assert set("".join(found)) <= set(LETTERS)


def entry(number: int, text: str, origin: Origin = Origin.HUMAN) -> Contribution:
    return Contribution(f"m{number}", text, origin, author=number)


def written(number: int) -> Contribution:
    text = " ".join(f"word{number}x{n}" for n in range(9))
    return Contribution(f"a{number}", text, Origin.AI, model="gpt-5", family="gpt")


@pytest.mark.parametrize(
    ("people", "wanted"), [(3, 1), (4, 1), (5, 2), (6, 2), (8, 3), (12, 4), (40, 4)]
)
def test_one_of_muses_for_each_three_peoples_rounded(people: int, wanted: int) -> None:
    own = [written(n) for n in range(1, 5)]
    assert len(drawn(own, people, Random(1))) == wanted
    assert drawn([], people, Random(1)) == []


def test_each_of_muses_entries_is_as_likely_to_be_drawn() -> None:
    own = [written(n) for n in range(1, 5)]
    rng = Random(7)
    counts = Counter(drawn(own, 3, rng)[0].key for _ in range(4000))
    assert all(850 < counts[each.key] < 1150 for each in own)


TEXT = "the keeper of the light counts ships that never come home to him"


def test_what_is_nearly_muses_is_together_and_the_decks_is_the_decks() -> None:
    outputs = [
        Output("r/1", TEXT, Origin.AI, "gpt-5.2-mini", "letter"),
        Output("r/2", "what the sea forgets it forgets in salt and in rust", Origin.DECK),
    ]
    mine, near, decks, own = together(
        [
            entry(1, "nobody rings twice in this street after ten at night"),
            entry(2, TEXT.replace("ships", "boats")),
            entry(3, "what the sea forgets it forgets in salt and rust"),
            entry(4, written(1).text),
            written(1),
        ],
        outputs,
    )
    assert (mine.origin, mine.parent) == (Origin.HUMAN, "")
    assert (near.origin, near.parent, near.family) == (Origin.TOGETHER, "r/1", "gpt")
    assert (decks.origin, decks.parent, decks.family) == (Origin.DECK, "r/2", "")
    assert (own.origin, own.parent) == (Origin.TOGETHER, "a1")


def test_a_short_piece_of_ones_own_is_not_together_for_words_that_any_sentence_has() -> None:
    outputs = [
        Output("r/1", "I left the light on.", Origin.AI, "gpt-5.2-mini", "letter"),
        Output("r/2", "The rain knows my name.", Origin.DECK),
    ]
    muses = replace(written(1), text="You kept the door closed.")
    put_in = [
        entry(1, "I left the door open."),
        entry(2, "The cat knows my name."),
        entry(3, "You kept the door ajar."),
        entry(4, "Left: the light, on!"),
        muses,
    ]
    *honest, taken = together(put_in, outputs)
    assert honest == put_in[:3]
    assert (taken.origin, taken.parent) == (Origin.TOGETHER, "r/1")


def test_what_is_muses_is_found_also_where_another_piece_shares_more_of_its_words() -> None:
    long = "it was in the light of a day that was not ours and yet we kept it here"
    outputs = [
        Output("r/1", long, Origin.AI, "gpt-5.2-mini"),
        Output("r/2", "light", Origin.AI, "gpt-5.2-mini"),
    ]
    (found,) = together([entry(1, "It was in the light")], outputs)
    assert (found.origin, found.parent) == (Origin.TOGETHER, "r/2")


def test_what_was_made_from_muses_is_named_by_its_alias_where_that_was_drawn() -> None:
    near = [replace(entry(n, f"text {n}"), parent=f"a{n}") for n in (1, 2)]
    past = replace(entry(3, "text 3"), parent="r/1")
    pool = pool_of([*near, past, written(1)], Random(3), "secret", lambda: "salt")
    alias = {each.text: each.alias for each in pool}
    parents = {each.text: each.parent for each in pool if each.author}
    assert parents == {"text 1": alias[written(1).text], "text 2": "", "text 3": "r/1"}


@given(st.integers(1, 30), st.integers())
def test_a_pool_is_sealed_and_in_no_order_but_of_its_aliases(count: int, seed: int) -> None:
    put_in = [entry(n, f"a text of number {n}") for n in range(1, count + 1)]
    salts = iter(range(1000))
    pool = pool_of(put_in, Random(seed), "secret", lambda: f"{next(salts):032x}")
    assert [each.alias for each in pool] == sorted(each.alias for each in pool)
    assert {each.text for each in pool} == {each.text for each in put_in}
    for each in pool:
        maker = maker_pseudonym("secret", each.author)
        assert each.commitment == commitment(each.salt, each.alias, each.text, each.origin, maker)
    assert len({each.salt for each in pool}) == count


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("openai/gpt-5.2-mini", "gpt"),
        ("qwen3:8b", "qwen"),
        ("meta-llama/Llama-3.1-70B", "llama"),
        ("claude-sonnet-4", "claude"),
        ("", ""),
        ("42", ""),
    ],
)
def test_the_family_of_a_model(model: str, family: str) -> None:
    assert family_of(model) == family


# --- Themes.


def proposal(number: int, theme: str, votes: int) -> Proposal:
    return Proposal(str(number), 1, theme, frozenset(range(votes)))


def test_themes_are_drawn_by_their_votes() -> None:
    themes = Themes((proposal(1, "bread", 1), proposal(2, "stairs", 3), proposal(3, "fog", 0)))
    rng = Random(3)
    counts = Counter(found.theme for _ in range(4000) if (found := draw(themes, rng)))
    assert counts["fog"] == 0
    assert 2850 < counts["stairs"] < 3150


def test_what_the_winner_named_goes_first_and_nothing_close_is_drawn() -> None:
    named = Proposal("next", 7, "a door that opens on Tuesdays")
    themes = Themes((proposal(1, "bread", 9),), named)
    found = draw(themes, Random(1))
    assert found is not None
    assert (found.theme, found.proposer, found.proposal) == (named.theme, 7, "next")
    before = ("a door that opens on Tuesdays only", "Bread!")
    assert close_to("bread", before)
    assert draw(Themes(themes.proposals, named, before), Random(1)) is None


@given(st.lists(st.sampled_from(("bread", "stairs at night", "fog")), max_size=3), st.integers())
def test_a_theme_that_was_had_is_never_drawn(before: list[str], seed: int) -> None:
    themes = Themes(
        (proposal(1, "bread", 1), proposal(2, "stairs at night", 1), proposal(3, "fog", 2)),
        before=tuple(before),
    )
    found = draw(themes, Random(seed))
    assert (found is None) is (set(before) == {"bread", "stairs at night", "fog"})
    assert found is None or found.theme not in before


@pytest.mark.parametrize(
    ("theme", "before"),
    [
        ("The door", "The sea"),
        ("What if it was you?", "What if it was snow?"),
        ("my last bus", "my last winter coat"),
        ("夜の海", "夜の森"),
        ("a door in the sea at night", "a list of what the moon owes"),
    ],
)
def test_themes_that_share_words_without_content_are_two(theme: str, before: str) -> None:
    assert not close_to(theme, [before])
    assert not close_to(before, [theme])


@pytest.mark.parametrize(
    ("theme", "before"),
    [
        ("The door", "Doors? No: the door!"),
        ("the sea", "A sea"),
        ("the last bus", "the last bus home"),
        ("夜の海", "夜の海!"),
        ("what the lift hears at night", "what the lift hears in the night"),
        ("bread", "BREAD"),
    ],
)
def test_themes_that_are_nearly_one_are_close(theme: str, before: str) -> None:
    assert close_to(theme, [before])
    assert close_to(before, [theme])


@pytest.mark.parametrize("theme", ["art", "sea", "海辺", "바다", "कला", "9 pm"])
def test_a_theme_of_three_letters_is_long_enough(theme: str) -> None:
    assert long_enough(theme)


@pytest.mark.parametrize("theme", ["", "a", "no", "!!!", "🌊🌊🌊🌊", "o o", "海"])
def test_a_shorter_theme_is_not(theme: str) -> None:
    assert not long_enough(theme)


@pytest.mark.parametrize(
    ("theme", "prompt"),
    [
        ("what the lift hears", "WHAT the lift  hears"),
        ("what the lift hears", "a poem on “What the lift hears”, please"),
        ("what the lift hears", "lift hears?"),
        ("what the lift hears at night", "what does the lift hear at night"),
        ("art", "Art!"),
        ("the sea", "a sea"),
        ("夜のエレベーターが聞く音", "夜のエレベーターが聞く音についての詩"),
        ("猫が眠る図書館", "猫が眠る図書館の詩"),
    ],
)
def test_a_prompt_that_is_the_theme_tells_of_it(theme: str, prompt: str) -> None:
    assert tells_of(prompt, theme)


@pytest.mark.parametrize(
    ("theme", "prompt"),
    [
        ("art", "a party in the garden"),
        ("art", "what is art for"),
        ("the sea", "the sea and the seasons"),
        ("last bus", "the last bus home"),
        ("what the lift hears", "what the lifted heart hears"),
        ("the old man", "the old manor in the fog"),
        ("図書館", "図書館の猫と古い本の話"),
        ("", "anything"),
    ],
)
def test_a_prompt_that_shares_a_word_with_the_theme_does_not(theme: str, prompt: str) -> None:
    assert not tells_of(prompt, theme)


# --- What organisers type.


@pytest.mark.parametrize(
    ("typed", "minute"), [("18:30", 1110), ("9", 540), ("07.05", 425), ("0:00", 0), ("23h59", 1439)]
)
def test_times_are_read(typed: str, minute: int) -> None:
    assert minute_of(typed) == minute


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("Friday", {4}),
        ("fri", {4}),
        ("Monday and Thursday", {0, 3}),
        ("every", set(range(7))),
        ("weekdays", {0, 1, 2, 3, 4}),
        ("6", {6}),
    ],
)
def test_days_are_read(typed: str, days: set[int]) -> None:
    assert days_of(typed) == days


@given(st.text(max_size=20))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    for read in (days_of, minute_of, zone_of):
        with contextlib.suppress(BadInput):
            read(typed)


def test_zones_are_known_whatever_their_case() -> None:
    assert zone_of("europe/vienna") == "Europe/Vienna"
    assert zone_of("America/New York") == "America/New_York"


def test_a_role_of_each_platform() -> None:
    roles = with_role(with_role("", "slack", "S1"), "discord", "12")
    assert roles == "discord:12 slack:S1"
    assert role_on(roles, "discord") == "12"
    assert role_on(roles, "console") == ""
    assert with_role(roles, "slack", "") == "discord:12"
