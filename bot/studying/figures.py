"""What a study measures of each run, and how the arms compare. Pure.

Everything about likeness is lexical (`bot.writing.similarity`): shared words, not shared ideas.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random
from statistics import fmean, median

from bot.stats.bootstrap import mean_interval
from bot.studying.arms import Arm, Run
from bot.writing.similarity import distinct, similarity, words


@dataclass(frozen=True, slots=True)
class Figures:
    """One run in figures, of the model's texts alone; `filled` counts the deck's.

    `similarity` is the mean ROUGE-1 F1 over all pairs, None for fewer than two texts; `chars`
    and `words` are medians (a word as the duplicate rule counts it: a character, in scripts
    without spaces). Tokens are sums over the calls that were answered, None where none was;
    `reported` tells whether they are all the service's own figures. Times are in seconds.
    """

    arm: Arm
    model: str
    entries: int
    filled: int
    distinct: int
    similarity: float | None
    chars: float | None
    words: float | None
    tokens_in: int | None
    tokens_cached: int | None
    tokens_out: int | None
    reported: bool
    first: float | None
    last: float | None
    calls: int
    failure: str

    @property
    def tokens(self) -> int | None:
        """In and out together; a cached one counts as one."""
        if self.tokens_in is None or self.tokens_out is None:
            return None
        return self.tokens_in + self.tokens_out


def figures(run: Run) -> Figures:
    """The figures of a run."""
    texts, usage = run.texts, run.usage
    alike = [similarity(one, other) for one, other in combinations(texts, 2)]
    return Figures(
        arm=run.arm,
        model=run.model or next((each.model for each in usage), ""),
        entries=len(texts),
        filled=len(run.filled),
        distinct=distinct(texts),
        similarity=fmean(alike) if alike else None,
        chars=median(map(len, texts)) if texts else None,
        words=median(len(words(text)) for text in texts) if texts else None,
        tokens_in=sum(each.tokens_in for each in usage) if usage else None,
        tokens_cached=sum(each.cached for each in usage) if usage else None,
        tokens_out=sum(each.tokens_out for each in usage) if usage else None,
        reported=bool(usage) and all(each.reported for each in usage),
        first=run.first,
        last=run.last,
        calls=run.calls,
        failure=run.failure,
    )


#: A prompt that every arm has been asked: its figures by arm.
Block = Mapping[Arm, Figures]
Measure = Callable[[Figures], float | None]


def means(blocks: Iterable[Block], arm: Arm, measure: Measure) -> float | None:
    """The mean of a measure over the prompts that have it; None where none has."""
    values = _values(blocks, arm, measure)
    return fmean(values) if values else None


def medians(blocks: Iterable[Block], arm: Arm, measure: Measure) -> float | None:
    """The median of a measure over the prompts that have it; None where none has."""
    values = _values(blocks, arm, measure)
    return median(values) if values else None


def _values(blocks: Iterable[Block], arm: Arm, measure: Measure) -> list[float]:
    found = (measure(block[arm]) for block in blocks)
    return [value for value in found if value is not None]


@dataclass(frozen=True, slots=True)
class Difference:
    """Muse less another arm: the mean over `prompts` that have both, and its 95 % interval."""

    mean: float
    interval: tuple[float, float] | None
    prompts: int

    @property
    def told(self) -> bool:
        """Whether the interval leaves out no difference at all."""
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]


def difference(
    blocks: Sequence[Block], other: Arm, measure: Measure, rng: Random
) -> Difference | None:
    """How Muse differs from `other`, prompt by prompt; None where no prompt has both."""
    pairs = ((measure(block[Arm.MUSE]), measure(block[other])) for block in blocks)
    gaps = [ours - theirs for ours, theirs in pairs if ours is not None and theirs is not None]
    if not gaps:
        return None
    return Difference(math.fsum(gaps) / len(gaps), mean_interval(gaps, rng), len(gaps))
