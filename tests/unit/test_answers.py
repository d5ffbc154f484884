"""Everything a model does wrong with its answer, by class: usable pieces or none, never an error.

The classes are in `tests/fakes/malformed.py` and `malformed_json.py`. Each case is fed whole,
character by character and in random parts: the parts change nothing.
"""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.writing.answer_shapes import clean
from bot.writing.answers import MAX_CANDIDATES, AnswerReader, Candidate
from tests.fakes import malformed_json
from tests.fakes.malformed import ASKED, BASES, CLASSES, dump, piece

assert malformed_json  # it adds its classes to the others

CASES = [(name, base, seed) for name in CLASSES for base in BASES for seed in (1, 2)]


def test_there_are_enough() -> None:
    assert len(CLASSES) >= 25
    assert len({(n, CLASSES[n](BASES[b], Random(s)).answer) for n, b, s in CASES}) >= 200


def read(answer: str, cuts: list[int]) -> tuple[list[Candidate], AnswerReader]:
    reader = AnswerReader(ASKED)
    found: list[Candidate] = []
    start = 0
    for end in [*sorted(cuts), len(answer)]:
        found += reader.feed(answer[start:end])
        start = end
    return found + reader.finish(), reader


_SCRAPS = [*"{}[]\"\\:,'“<abc\n 1", "<think>", "</think>", '{"text": "a b"', '"lens": 2']


def likeness(text: str) -> str:
    """A text's words and marks, without spaces: what must not change."""
    return re.sub(r"[\s\\\"“”'<>b/]+", "", text)


@pytest.mark.parametrize(("name", "base", "seed"), CASES)
def test_usable_pieces_or_none(name: str, base: str, seed: int) -> None:
    rng = Random(f"{name} {base} {seed}")
    pieces = BASES[base]
    case = CLASSES[name](pieces, rng)
    found, reader = read(case.answer, [])

    size = len(case.answer)
    if size < 2_000 and seed == 1:
        assert read(case.answer, list(range(size)))[0] == found
    for _ in range(3):
        cuts = [rng.randrange(size + 1) for _ in range(rng.randrange(1, 40))]
        assert read(case.answer, cuts)[0] == found

    got = [likeness(each.text) for each in found]
    for index in case.whole:
        wanted = likeness(clean(str(pieces[index]["text"])))
        at = next((n for n, text in enumerate(got) if text.endswith(wanted)), None)
        assert at is not None, (pieces[index]["text"], [each.text for each in found])
        if case.lenses:
            assert found[at].lens == ASKED[int(str(pieces[index]["lens"])) - 1].name
    if case.only:
        assert len(found) == len(case.whole)
    if name.startswith("a_refusal"):
        assert reader.refusal
    assert reader.feed("more") == reader.finish() == []


def test_each_piece_comes_as_soon_as_it_is_whole() -> None:
    answer = dump(BASES["plain"])
    reader = AnswerReader(ASKED)
    came: list[int] = []
    for at, character in enumerate(answer):
        came += [at] * len(reader.feed(character))
    assert came == [found.start() for found in re.finditer("}", answer)][:6]
    assert reader.finish() == []


def test_what_reasoning_left_open_holds_nothing_back() -> None:
    reader = AnswerReader(ASKED)
    assert reader.feed("So { six [ pieces. </think>\n") == []
    assert [each.text for each in reader.feed('{"lens": 1, "text": "One."}')] == ["One."]


def test_the_plan_comes_with_it_and_the_probability_does_not() -> None:
    found, _ = read(dump([piece(2, "A text.", plan="an  idea\n")]), [])
    assert found == [Candidate("child", "an idea", "A text.")]


def test_no_answer_gives_more_than_it_should() -> None:
    found, _ = read(dump([piece(1, f"text number {n}") for n in range(100)]), [])
    assert len(found) == MAX_CANDIDATES


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry I missed the boat. I can't write to you any more, but I can still mop.",
        "Dear sea, I will not write again. — The keeper",
        "I can’t help it: the lamp hums.",
        "1. bread\n2. milk\n3. a will",
        "*Whisper* it, then run.",
        "“Hold still,” she said. “Longer.”",
    ],
)
def test_an_honest_text_is_left_as_it_is(text: str) -> None:
    (found,), reader = read(dump([piece(1, text)]), [])
    assert found.text == text
    assert not reader.refusal


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't assist with that request.",
        "Lo siento, pero no puedo ayudarte con esa solicitud.",
        "Lo siento, no puedo generar ese tipo de contenido.",
        "Je suis désolé, mais je ne peux pas vous aider avec cette demande.",
        "Es tut mir leid, aber dabei kann ich nicht helfen.",
        "Tut mir leid, ich kann dir bei dieser Anfrage nicht helfen.",
        "Desculpe, mas não posso ajudar com isso.",
        "Mi dispiace, ma non posso aiutarti con questa richiesta.",
        "Het spijt me, maar ik kan je daar niet bij helpen.",
        "К сожалению, я не могу помочь с этим запросом.",
        "申し訳ありませんが、そのご要望にはお応えできません。",
        "抱歉，我无法协助完成这个请求。",
        "죄송하지만 그 요청은 도와드릴 수 없습니다.",
    ],
)
def test_a_refusal_in_the_prompts_language_is_one(text: str) -> None:
    for answer in (text, dump([piece(1, text)])):
        found, reader = read(answer, [])
        assert found == []
        assert reader.refusal == text


@pytest.mark.parametrize(
    "text",
    [
        "Lo siento, no puedo ir a tu boda; el faro no se apaga solo.",
        "Je ne peux pas dormir avec cette lampe.",
        "Es tut mir leid, ich kann heute nicht kommen. Der Hund hilft nicht.",
        "Não posso ajudar o mar a parar.",
        "Не могу помочь бабушке забыть море.",
        "抱歉，我不能来了。",
        "申し訳ありませんが、灯台は今夜お休みです。",
    ],
)
def test_an_apology_in_a_piece_is_no_refusal(text: str) -> None:
    (found,), reader = read(dump([piece(1, text)]), [])
    assert found.text == text
    assert not reader.refusal


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.lists(st.integers(0, 200), max_size=6))
def test_any_text_at_all(text: str, cuts: list[int]) -> None:
    assert read(text, cuts)[0] == read(text, [])[0]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from("{}[]\"\\:,'“<think></think>abc\n 1"), max_size=80).map("".join))
def test_any_broken_json(text: str) -> None:
    assert read(text, list(range(len(text))))[0] == read(text, [])[0]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_damage_to_a_good_answer(data: st.DataObject) -> None:
    answer = dump(BASES["marks"])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(answer)))
        gone = data.draw(st.integers(0, 5))
        put = data.draw(st.text("{}[]\"'\\,: x", max_size=3))
        answer = answer[:at] + put + answer[at + gone :]
    found, _ = read(answer, [])
    assert all(each.text for each in found)
