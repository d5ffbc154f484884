"""The checker of blindness finds what it is there to find."""

from __future__ import annotations

import logging

import pytest

from bot.actions import Action, encode
from bot.challenge import Contender
from bot.models import Origin
from bot.wording import en
from tests.blind import Seen, from_log, from_text, leaks

MINE = Contender(
    "abcd", "the rain keeps a diary", Origin.HUMAN, 3, salt="5a17" * 8, commitment="c0" * 32
)
ITS = Contender(
    "wxyz",
    "the roof counts in drums",
    Origin.AI,
    model="fable-2",
    family="fable",
    salt="ab12" * 8,
    commitment="d1" * 32,
)
OTHERS = [
    Contender(f"aa{n}", f"an entry about puddle {n}", Origin.HUMAN, 4 + n, commitment=f"{n}e" * 32)
    for n in range(4)
]
POOL = {each.alias: each for each in (MINE, ITS, *OTHERS)}
PEOPLE = {3: ("ana-1", "Ana")}
PAIR = f"Left\n{MINE.text}\nRight\n{ITS.text}\npick 3 of 7\n{en.BALLOT_HOW}"
BUTTONS = " ".join(
    (
        encode(Action("pick", "c0mmunity", "x1", 3, "left")),
        encode(Action("guess", "c0mmunity", "x1", 1, "human")),
        encode(Action("decide", "c0mmunity", "x1", argument="hide.abcd")),
    )
)


def found(text: str, to: str = "") -> list[str]:
    return leaks([Seen("there", (text,), to)], POOL, PEOPLE)


@pytest.mark.parametrize(
    "fine",
    [
        PAIR,
        f"{PAIR} {BUTTONS}",
        f"You made 7 picks. (1 of 3): who wrote this? {MINE.text}",
        f"6 entries are sealed: {' '.join(sorted(each.commitment for each in POOL.values()))}",
        "Ana, who votes",
        "Human, AI, together: 52 % so far over 12 people",  # of earlier weeks: no entry beside it
    ],
)
def test_what_is_blind_passes(fine: str) -> None:
    assert found(fine) == []


@pytest.mark.parametrize(
    ("leak", "what"),
    [
        (f"{PAIR} (declared human)", "origin"),
        (f"{PAIR} (AI)", "origin"),
        (f"{PAIR} by Ana", "Ana"),
        (f"{PAIR} <@ana-1>", "ana-1"),
        (f"{PAIR} {MINE.salt}", "salt"),
        ("written with fable-2", "model"),
        (f"{PAIR} 3 picks for the left", "count"),
        (f"{PAIR} five voters so far", "count"),
        (f"{MINE.text}: 71 %", "share"),
        (f"{MINE.text}: 3/7", "share"),
        (PAIR + encode(Action("pick", "c", "x1", 3, "left.ai")), "origin"),
        (PAIR + encode(Action("pick", "c", "x1", 3, "m3")), "whose"),
        (" ".join(each.text for each in (*OTHERS[::-1], ITS)), "order"),
        (" ".join(POOL[a].commitment for a in ("aa1", "wxyz", "abcd", "aa0", "aa3")), "order"),
    ],
)
def test_what_tells_is_found(leak: str, what: str) -> None:
    assert any(what in each for each in found(leak))


def test_an_author_may_be_told_of_their_own() -> None:
    own = f"Yours, Ana: {MINE.text}"
    assert found(own)
    assert found(own, to="ana-1") == []
    assert leaks(from_text(own, to="Ana"), POOL, PEOPLE) == []


def test_the_log_names_no_entry() -> None:
    def record(name: str, level: int, text: str) -> logging.LogRecord:
        return logging.LogRecord(name, level, "", 0, text, (), None)

    quiet = [
        record("bot.game", logging.DEBUG, f"offers abcd, {MINE.text}"),
        record("bot.game", logging.INFO, "voting is on"),
        record("aiohttp", logging.INFO, "abcd"),
    ]
    assert leaks(from_log(quiet), POOL, PEOPLE) == []
    loud = [record("bot.game", logging.INFO, "abcd was hidden")]
    assert leaks(from_log(loud), POOL, PEOPLE)
    assert leaks(from_log([record("bot.game", logging.INFO, "took 3 picks")]), POOL, PEOPLE)


def test_a_files_name_tells_nothing() -> None:
    assert leaks([Seen("there", ("",), names=("entry-ai.txt",))], POOL, PEOPLE)
    assert not leaks([Seen("there", ("",), names=("challenge-4.txt",))], POOL, PEOPLE)
