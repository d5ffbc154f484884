"""A study's report, in Markdown: a table, a sentence for each claim, and what it can't tell. Pure.

The figures in it are of the prompts that every arm was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from bot.stats.bootstrap import RESAMPLES
from bot.studying.arms import KEPT, Arm
from bot.studying.figures import Block, Difference, Measure, difference, means, medians
from bot.studying.plain_asking import message

NAMES = {Arm.PLAIN: "one plain call", Arm.REPEATED: "four plain calls", Arm.MUSE: "Muse"}
_OTHERS = (Arm.PLAIN, Arm.REPEATED)
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class About:
    """What a study was of: the heading of its report.

    `sampling` and `refused` are told as they are; `stopped` says why it ended early, or is "".
    """

    models: tuple[str, ...]
    host: str
    day: str
    version: str
    form: str
    seed: int
    planned: int
    sampling: str
    refused: tuple[str, ...]
    stopped: str


def report(about: About, blocks: Sequence[Block]) -> str:
    """The report, ending with a line break. `blocks` are the prompts that every arm was asked."""
    parts = [_heading(about, len(blocks))]
    if blocks:
        rng = Random(f"bootstrap {about.seed}")
        parts += ["## What came of it", _table(blocks), _claims(blocks, rng)]
    parts += ["## What this does not tell", _caveats(), "## How it was asked", _asked(about)]
    return "\n\n".join(parts) + "\n"


def _heading(about: About, done: int) -> str:
    models = " and ".join(f"`{_code(each)}`" for each in about.models) or "a model"
    how = (
        f"{done} of {about.planned} prompts, form {about.form}, each asked in three ways, at"
        f" {about.host}. Muse {about.version}, seed {about.seed}; {about.sampling}."
    )
    lines = [f"# {about.day}: Muse against plain calls, on {models}", how]
    if about.stopped:
        lines.append(f"**{about.stopped}** The runs so far are in the files.")
    return "\n\n".join(lines)


def _code(text: str) -> str:
    """A name that a service gave, fit to stand between backticks on one line."""
    return " ".join(text.replace("`", "'").split())[:80]


# --- The table.


def _table(blocks: Sequence[Block]) -> str:
    lines = ["| a prompt | " + " | ".join(NAMES.values()) + " |", "|---|" + "---:|" * len(NAMES)]
    for name, cell in _ROWS:
        lines.append(f"| {name} | " + " | ".join(cell(blocks, arm) for arm in NAMES) + " |")
    return "\n".join(lines)


Cell = Callable[[Sequence[Block], Arm], str]


def _mean(measure: Measure) -> Cell:
    return lambda blocks, arm: _number(means(blocks, arm, measure), 2)


def _median(measure: Measure, digits: int = 0) -> Cell:
    return lambda blocks, arm: _number(medians(blocks, arm, measure), digits)


def _share_of_all_distinct(blocks: Sequence[Block], arm: Arm) -> str:
    return f"{_all_distinct(blocks, arm)} of {len(blocks)}"


def _failures(blocks: Sequence[Block], arm: Arm) -> str:
    return str(sum(bool(block[arm].failure) for block in blocks))


def _estimated(blocks: Sequence[Block], arm: Arm) -> str:
    return str(sum(not block[arm].reported for block in blocks))


_ROWS: tuple[tuple[str, Cell], ...] = (
    ("answers by the model, of four (mean)", _mean(lambda each: each.entries)),
    ("distinct answers (mean)", _mean(lambda each: each.distinct)),
    ("prompts with four distinct answers", _share_of_all_distinct),
    ("places filled by Muse’s deck, no model (mean)", _mean(lambda each: each.filled)),
    ("likeness of two answers, 0 to 1 (median)", _median(lambda each: each.similarity, 3)),
    ("characters of an answer (median)", _median(lambda each: each.chars)),
    ("words of an answer (median)", _median(lambda each: each.words)),
    ("tokens in (median)", _median(lambda each: each.tokens_in)),
    ("of these from a cache (median)", _median(lambda each: each.tokens_cached)),
    ("tokens out (median)", _median(lambda each: each.tokens_out)),
    ("prompts whose tokens are estimated", _estimated),
    ("seconds to the first whole answer (median)", _median(lambda each: each.first, 2)),
    ("seconds to the last answer (median)", _median(lambda each: each.last, 2)),
    ("calls (mean)", _mean(lambda each: each.calls)),
    ("prompts with a failure on the way", _failures),
)


def _number(value: float | None, digits: int) -> str:
    return NOTHING if value is None else f"{value:,.{digits}f}"


def _all_distinct(blocks: Sequence[Block], arm: Arm) -> int:
    return sum(block[arm].distinct == KEPT for block in blocks)


# --- A sentence for each claim.


def _claims(blocks: Sequence[Block], rng: Random) -> str:
    said = [_four_distinct(blocks)]
    for other in _OTHERS:
        gap = difference(blocks, other, lambda each: each.distinct, rng)
        said.append(f"**More distinct answers?** {_more_distinct(gap, NAMES[other])}")
    for other in _OTHERS:
        gap = difference(blocks, other, lambda each: each.similarity, rng)
        said.append(f"**Less alike?** {_less_alike(gap, NAMES[other])}")
    said += [_calls(blocks), *_times(blocks), *_price(blocks)]
    return "\n".join(f"- {each}" for each in said)


def _four_distinct(blocks: Sequence[Block]) -> str:
    got = {arm: f"{_all_distinct(blocks, arm)} of {len(blocks)}" for arm in NAMES}
    return (
        f"**Four distinct answers, all by the model:** Muse had them for {got[Arm.MUSE]} prompts,"
        f" one plain call for {got[Arm.PLAIN]}, four plain calls for {got[Arm.REPEATED]}."
    )


def _more_distinct(gap: Difference | None, other: str) -> str:
    if gap is None or not gap.told:
        return _untold(gap, other, 2)
    which = "more" if gap.mean > 0 else "fewer"
    amount = f"{abs(gap.mean):.2f}"
    return f"Muse had {amount} {which} a prompt than {other} ({_held(gap, 2)})."


def _less_alike(gap: Difference | None, other: str) -> str:
    if gap is None or not gap.told:
        return _untold(gap, other, 3)
    which = "more" if gap.mean > 0 else "less"
    amount = f"{abs(gap.mean):.3f}"
    return f"Muse’s were {which} alike than those of {other}, by {amount} ({_held(gap, 3)})."


def _untold(gap: Difference | None, other: str, digits: int) -> str:
    """No more is claimed than the interval allows."""
    if gap is None:
        return f"Against {other} nothing can be told: no prompt has this figure for both."
    return f"No difference to {other} can be told ({_held(gap, digits)})."


def _held(gap: Difference, digits: int) -> str:
    mean, *ends = (
        f"{each:+.{digits}f}".replace("-", "−") for each in (gap.mean, *(gap.interval or ()))
    )
    over = f"{gap.prompts} prompt{'' if gap.prompts == 1 else 's'}"
    if not ends:
        return f"difference {mean}, {over}: too few for an interval"
    return f"difference {mean}, 95 % interval {ends[0]} to {ends[1]}, {over}"


def _calls(blocks: Sequence[Block]) -> str:
    calls = _number(means(blocks, Arm.MUSE, lambda each: each.calls), 2)
    filled = sum(block[Arm.MUSE].filled for block in blocks)
    return (
        f"**One call, seldom two:** Muse made {calls} calls a prompt, and its deck filled"
        f" {filled} of {KEPT * len(blocks)} places, which count for nothing here."
    )


def _times(blocks: Sequence[Block]) -> Iterator[str]:
    first = {arm: medians(blocks, arm, lambda each: each.first) for arm in NAMES}
    last = {arm: medians(blocks, arm, lambda each: each.last) for arm in NAMES}
    if first[Arm.MUSE] is not None:
        yield (
            "**Something to read soon:** the first whole answer of Muse came after"
            f" {_number(first[Arm.MUSE], 2)} s, the last after {_number(last[Arm.MUSE], 2)} s; of"
            f" one plain call after {_number(first[Arm.PLAIN], 2)} s and"
            f" {_number(last[Arm.PLAIN], 2)} s (medians)."
        )


def _price(blocks: Sequence[Block]) -> Iterator[str]:
    used = {arm: means(blocks, arm, lambda each: each.tokens) for arm in NAMES}
    ours = used[Arm.MUSE]
    ratios = [
        f"{ours / theirs:.1f} times those of {NAMES[arm]}"
        for arm in _OTHERS
        if ours is not None and (theirs := used[arm])
    ]
    if ratios:
        yield (
            f"**The price:** Muse took {_number(ours, 0)} tokens a prompt, in and out, cached ones"
            f" counted in full (mean): {', '.join(ratios)}."
        )


# --- What it can't tell, and how it was asked.


def _caveats() -> str:
    return """\
- Likeness is lexical: shared words (ROUGE-1 F1, duplicates above 0.458, short texts by shared
  words). One idea in four wordings counts as four; read `texts.csv` before you believe a number.
- Muse drops duplicates by this very rule before it shows anything, and asks for more than four to
  choose from. Its count of distinct answers is partly the guard’s doing; the likeness and the
  texts are the fairer comparison.
- Different is not good. Nothing here says which answers are better: only people can.
- One model, one service, one day, and this one wording of the plain call, which is below: another
  will give other figures. With fewer than about 20 prompts the intervals are too narrow.
- Muse uses more tokens than one plain call. Part of what it gains, more words to the model would.
- All arms have the same model, sampling, timeouts and reader, and the first four answers of each
  are kept. Word-for-word copies within one answer are dropped by the reader, which makes one plain
  call look less alike than it was. Muse alone may ask again, and holds texts to the form.
- Four plain calls were made one after another; made at once, they would be done sooner.
- A run that failed counts with the answers that it gave, also where it gave none."""


def _asked(about: About) -> str:
    # An indented block: no prompt and no wording can end it.
    quoted = "\n".join(f"    {line}" for line in message("…", about.form, KEPT).splitlines())
    said = f"""\
One plain call, in full; the four plain calls ask for one answer in the same words:

{quoted}

`muse brief "a prompt"` prints what Muse sends. It had no lore, no loved pieces and no past, which a
community would have.

The order of the arms was drawn anew for each prompt. Intervals: percentile bootstrap of the paired
differences, {RESAMPLES:,} resamples of the prompts (Efron and Tibshirani 1993, chapter 13)."""
    refused = ", ".join(f"`{_code(each)}`" for each in about.refused)
    return f"{said}\n\nThe service refuses {refused}; all arms went without." if refused else said
