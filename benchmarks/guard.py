"""The guard against a community's past: what it costs, and what it sees and misses.

The time is that of judging one round's four new entries (is it a repeat; how new is it) against
the past, beside the plain loop over the rule itself, by blocks in turn. The texts are random
draws from the words of `guard_pairs/`, so that common words are as common as they are in writing.

The accuracy is on the pairs of `guard_pairs/`: short creative texts written for this purpose and
labelled by class, each before the rule was run on it; `retellings` and `frames` were added once
the other five had proved either trivial or hopeless. The rule was not fitted to any of them. A
balanced accuracy over all depends on how many pairs each class has, and they were written, not
sampled: the classes tell more. What a dull model repeats is mostly near-copies; what the rule is
blind to, an idea told again, stands in the table like the rest.
"""

from __future__ import annotations

import gc
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from bot.writing.guard import Past
from bot.writing.similarity import (
    SHORT_WORDS,
    counts,
    duplicate,
    duplicate_of_past,
    similarity,
    words,
)

_PAIRS = Path(__file__).with_name("guard_pairs")
SIZES = (50, 100, 200, 500, 1_000)
ENTRIES, LENGTH, TURNS = 4, 40, 60
GOAL_MS = 5.0


@dataclass(frozen=True, slots=True)
class Kind:
    """One class of pairs: its file, how the table calls it, and whether they are duplicates."""

    file: str
    name: str
    duplicates: bool


KINDS = (
    Kind("copies", "copies (case, marks, breaks)", duplicates=True),
    Kind("edits", "light edits", duplicates=True),
    Kind("retellings", "retold, main words kept", duplicates=True),
    Kind("paraphrases", "paraphrased, words changed", duplicates=True),
    Kind("frames", "same frame, another idea", duplicates=False),
    Kind("themes", "same theme, another idea", duplicates=False),
    Kind("unrelated", "unrelated", duplicates=False),
)

Rule = Callable[[str, str], bool]


def main() -> None:
    """Print the tables."""
    print(cost())
    print()
    print(accuracy())


def pairs(kind: Kind) -> list[tuple[str, str]]:
    """The labelled pairs of one class."""
    read = tomllib.loads((_PAIRS / f"{kind.file}.toml").read_text(encoding="utf-8"))
    return [(a, b) for a, b in read["pairs"]]


# What it costs.


def cost() -> str:
    """The time of four entries against pasts of several sizes, and of making the index."""
    random = Random(1)
    bag = [word for kind in KINDS for pair in pairs(kind) for text in pair for word in words(text)]

    def texts(count: int) -> list[str]:
        return [" ".join(random.choices(bag, k=LENGTH)) for _ in range(count)]

    lines = [
        f"{ENTRIES} new entries of {LENGTH} words against the past; medians of {TURNS} turns, ms",
        f"{'past':>6}{'Past':>8}{'plain loop':>12}{'ratio':>8}{'make, cold':>12}{'warm':>8}   goal",
    ]
    for size in SIZES:
        past = texts(size)
        entries = [texts(ENTRIES) for _ in range(TURNS)]
        ours, plain, ratio = _judging(past, entries)
        cold, warm = _making(past)
        goal = ""
        if size == 500:
            goal = f"≤ {GOAL_MS:g} ms {'✓' if ours <= GOAL_MS else '✗'}"
        lines.append(
            f"{size:>6}{ours:>8.2f}{plain:>12.1f}{ratio:>7.0f}×{cold:>12.1f}{warm:>8.1f}   {goal}"
        )
    lines.append("make: the index; cold reads every text's words first, warm finds them read.")
    return "\n".join(lines)


def _judging(past: list[str], rounds: Sequence[list[str]]) -> tuple[float, float, float]:
    """Milliseconds a round by the index and by the plain loop, and the median of their ratio."""
    guard = Past(past)

    def index(entries: list[str]) -> list[tuple[bool, float]]:
        return [(guard.repeats(entry), guard.novelty(entry)) for entry in entries]

    def loop(entries: list[str]) -> list[tuple[bool, float]]:
        return [
            (
                any(duplicate_of_past(entry, each) for each in past),
                1.0 - max(similarity(entry, each) for each in past),
            )
            for entry in entries
        ]

    ours: list[float] = []
    plain: list[float] = []
    for turn, entries in enumerate(rounds):
        judged = []
        # Who goes first changes; whoever does also reads the new words, so they are read before.
        for entry in entries:
            counts(entry)
        for judge, times in [(index, ours), (loop, plain)][:: 1 if turn % 2 else -1]:
            gc.collect()
            begun = time.perf_counter()
            judged.append(judge(entries))
            times.append(1e3 * (time.perf_counter() - begun))
        if judged[0] != judged[1]:
            sys.exit("the index and the plain loop disagree")
    reading = _reading(rounds)
    return (
        median(ours) + reading,
        median(plain) + reading,
        median((b + reading) / (a + reading) for a, b in zip(ours, plain, strict=True)),
    )


def _reading(rounds: Sequence[list[str]]) -> float:
    """Milliseconds that a round's new entries take to be read into words: both ways need it."""
    times = []
    for entries in rounds:
        _forget()
        begun = time.perf_counter()
        for entry in entries:
            counts(entry)
        times.append(1e3 * (time.perf_counter() - begun))
    return median(times)


def _making(past: list[str]) -> tuple[float, float]:
    cold: list[float] = []
    warm: list[float] = []
    for _ in range(9):
        for times in (cold, warm):
            if times is cold:
                _forget()
            gc.collect()
            begun = time.perf_counter()
            Past(past)
            times.append(1e3 * (time.perf_counter() - begun))
    return median(cold), median(warm)


def _forget() -> None:
    words.cache_clear()
    counts.cache_clear()


# What it sees and misses.


def accuracy() -> str:
    """How the rule judges the labelled pairs, by class and overall, and by length."""
    labelled = {kind: pairs(kind) for kind in KINDS}
    total = sum(map(len, labelled.values()))
    lines = [
        f"{total} labelled pairs; how many are judged rightly",
        f"{'class':<30}{'pairs':>6}{'duplicate':>11}{'past rule':>11}{'in-round':>10}{'F1 ~':>6}",
    ]
    for kind, both in labelled.items():
        right = [_right(rule, kind, both) / len(both) for rule in (duplicate_of_past, duplicate)]
        lines.append(
            f"{kind.name:<30}{len(both):>6}{'yes' if kind.duplicates else 'no':>11}"
            f"{right[0]:>11.0%}{right[1]:>10.0%}{median(similarity(*p) for p in both):>6.2f}"
        )
    without = {kind: both for kind, both in labelled.items() if kind.file != "paraphrases"}
    for name, chosen in (
        ("balanced accuracy", labelled),
        ("… the paraphrased left out", without),
        (f"… {SHORT_WORDS} words or fewer", _by_length(labelled, 0, SHORT_WORDS)),
        (f"… {SHORT_WORDS + 1} to 20 words", _by_length(labelled, SHORT_WORDS + 1, 20)),
        ("… over 20 words", _by_length(labelled, 21, 10**6)),
    ):
        count = sum(map(len, chosen.values()))
        scores = [_balanced(rule, chosen) for rule in (duplicate_of_past, duplicate)]
        lines.append(f"{name:<30}{count:>6}{'':>11}{scores[0]:>11.1%}{scores[1]:>10.1%}")
    lines.append("F1 ~: the class's median similarity; the rule's cut is at 0.458.")
    return "\n".join([*lines, "", *_false_alarms(labelled)])


def _right(rule: Rule, kind: Kind, both: Sequence[tuple[str, str]]) -> int:
    return sum(rule(a, b) is kind.duplicates for a, b in both)


def _balanced(rule: Rule, labelled: dict[Kind, list[tuple[str, str]]]) -> float:
    """The mean of the share of duplicates seen and the share of others let pass."""
    shares = []
    for truth in (True, False):
        chosen = {k: both for k, both in labelled.items() if k.duplicates is truth}
        count = sum(map(len, chosen.values()))
        shares.append(sum(_right(rule, k, both) for k, both in chosen.items()) / count)
    return sum(shares) / 2


def _by_length(
    labelled: dict[Kind, list[tuple[str, str]]], low: int, high: int
) -> dict[Kind, list[tuple[str, str]]]:
    """The pairs whose shorter text has so many words: it decides which rule holds."""
    return {
        kind: [p for p in both if low <= min(len(words(text)) for text in p) <= high]
        for kind, both in labelled.items()
    }


def _false_alarms(labelled: dict[Kind, list[tuple[str, str]]]) -> list[str]:
    """How often a text clashes with any of many others that it was never paired with."""
    # Of duplicates only the first, so that no text stands here twice.
    texts = [
        (both[0], text)
        for kind in labelled
        for both in labelled[kind]
        for text in (both[:1] if kind.duplicates else both)
    ]
    others = [[b for pair, b in texts if pair != mine] for mine, _ in texts]
    lines = [f"each of {len(texts)} texts against the {len(others[0])} or so not paired with it"]
    for name, rule in (("past rule", duplicate_of_past), ("in-round rule", duplicate)):
        clashing = sum(
            any(rule(a, b) for b in rest) for (_, a), rest in zip(texts, others, strict=True)
        )
        lines.append(f"  {name}: {clashing} ({clashing / len(texts):.1%}) clash with any")
    novelty = sorted(
        1.0 - max(similarity(a, b) for b in rest)
        for (_, a), rest in zip(texts, others, strict=True)
    )
    tenth = len(novelty) // 10
    lines.append(
        "  novelty (1 - greatest F1, lexical): "
        f"median {median(novelty):.2f}, lowest tenth {novelty[tenth]:.2f}, "
        f"highest tenth {novelty[-tenth]:.2f}"
    )
    return lines


if __name__ == "__main__":
    main()
