"""What a text may not hold: words in disguise, links, floods; and what is no such thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.community.text_rules import MARKS, MENTIONS, REPEATS, Fault, fault, has_link
from bot.wording import en
from bot.writing.judging import Verdict

WORDS = ("spam", "ass", "god", "boob", "hell", "shit", "buy now", "スパム", "penis", "fuck")


@pytest.mark.parametrize(
    "text",
    [
        "spam",
        "no SPAM!",
        "s.p.a.m",
        "s-p-a-m",
        "so: s p a m, you see",
        "S P A M",
        "ｓｐａｍ",
        "𝐬𝐩𝐚𝐦",
        "sp\u200bam",
        "s\u00adpam",
        "5p4m",
        "SP4M.",
        "$pam",
        "sh!t",
        "sh1t",
        "a$$",
        "4ss",
        "b00b",
        "f*ck",
        "spaaaaam",
        "ssppaamm",
        "spàm",
        "sp\u0430m",  # a Cyrillic a
        "_spam_ and **more**",
        "(spam)",
        "spam's",
        "Buy,  NOW!",
        "これはスパムです",
        "god",
        "gooood",
    ],
)
def test_a_listed_word_is_found_in_disguise(text: str) -> None:
    assert fault(text, WORDS) is Fault.WORD


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe, Penistone and Lightwater",
        "a class assessment in the classic style",
        "good bob boo",
        "as is",
        "spa men",
        "hello, heil, he'll",
        "shiitake and mushrooms",
        "buy it now",
        "the 1st, the 2nd, the 80s, 4th of 10",
        "I a m",
        "a b c d e f",
        "",
        "🎉 🎉 🎉",
    ],
)
def test_a_word_within_another_is_none(text: str) -> None:
    assert fault(text, WORDS) is None


def test_without_a_list_no_word_is_found() -> None:
    assert fault("spam") is None


@given(st.text(max_size=200))
def test_any_text_can_be_checked(text: str) -> None:
    assert fault(text, WORDS, links=False) in {None, *Fault}
    assert fault(f"{text} spam", ("spam",)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "http://a.b",
        "hxxps://evil",
        "WWW.foo.bar",
        "see foo.com now",
        "discord.gg/abc",
        "mailto:somebody",
        "foo dot com",
        "foo[.]com",
        "foo (dot) gg",
        "t.me/abc",
        "bo@example.org",
        "ｆｏｏ.com",
        "exam\u200bple.com",
    ],
)
def test_links_are_found(text: str) -> None:
    assert has_link(text)
    assert fault(text, links=False) is Fault.LINK
    assert fault(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "the dot com bubble",
        "It stops.It goes",
        "e.g. this, i.e. that",
        "1.5km/h and/or 3.14",
        "Mr.Smith... come in",
        "no.Me too",
        "12:30",
        "a dot, a dash",
    ],
)
def test_what_only_looks_a_little_like_one_is_none(text: str) -> None:
    assert not has_link(text)


@pytest.mark.parametrize("one", ["a", "🎉", "👍🏽", "👨\u200d👩\u200d👧", "🇦🇹", "\n", "é"])
def test_floods_end_at_the_same_count_for_all_that_looks_like_one_character(one: str) -> None:
    assert fault(one * REPEATS) is None
    assert fault(one * (REPEATS + 1)) is Fault.FLOOD


def test_a_flood_with_spaces_is_one() -> None:
    assert fault("🎉 " * (REPEATS + 1)) is Fault.FLOOD


def test_marks_and_mentions() -> None:
    assert fault("a" + "\u0301\u0302" * (MARKS // 2)) is None
    assert fault("a" + "\u0301\u0302" * (MARKS // 2 + 1)) is Fault.MARKS
    mentions = ["@ana", "<@123>", "<!here>", "<@&4>"]
    many = [mentions[n % 4] for n in range(MENTIONS + 1)]
    assert fault(" ".join(many[1:])) is None
    assert fault(" ".join(many)) is Fault.MENTIONS


@pytest.mark.parametrize("what", en.MODERATED)
@pytest.mark.parametrize("wrong", [*Fault, Verdict.OBJECTED, Verdict.UNKNOWN])
def test_every_refusal_says_what_to_do(what: str, wrong: str) -> None:
    said = en.refused_text(what, wrong)
    assert said.startswith(en.MODERATED[what])
    assert "lease" in said
    assert not any(word in said for word in WORDS if len(word) > 4)
