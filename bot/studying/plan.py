"""What a study is going to do: its prompts, the order of its steps, and what it may cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from random import Random

from bot.brief import Brief
from bot.errors import BadInput
from bot.studying.arms import KEPT, Arm
from bot.studying.plain_asking import message
from bot.writing import briefs, forms, lenses
from bot.writing.calls import SPARE
from bot.writing.engine import CALLS

_CHARS_A_TOKEN = 4
#: Characters of an answer's piece, at most, and of the JSON around it: for an estimate.
_TYPICAL_CHARS = 300
_PLAIN_AROUND, _MUSE_AROUND = 20, 140


@dataclass(frozen=True, slots=True)
class Step:
    """One arm's turn at one prompt, which is the study's `number`th."""

    number: int
    arm: Arm
    brief: Brief


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the service will have to do, at least and at most; tokens without any reasoning."""

    calls: tuple[int, int]
    tokens_in: tuple[int, int]
    tokens_out: tuple[int, int]


def read_prompts(file: Path | None, most: int) -> tuple[str, ...]:
    """The prompts of `file`, or Muse's own: one a line, each once.

    Empty lines and lines that begin with ``#`` are left out. Raises `BadInput` where the file
    can't be read, holds no prompt, or one longer than `most` characters.
    """
    try:
        source = files("bot.writing").joinpath("study_prompts.txt") if file is None else file
        text = source.read_text(encoding="utf-8").removeprefix("\ufeff")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise BadInput(f"The prompts in {file} can't be read: {reason}.") from error
    found: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        prompt = " ".join(line.split())
        if not prompt or prompt.startswith("#"):
            continue
        if len(prompt) > most:
            raise BadInput(f"Line {number} of {file} has more than {most} characters.")
        found[prompt] = None
    if not found:
        raise BadInput(f"{file} holds no prompts; write one a line.")
    return tuple(found)


def steps(prompts: Sequence[str], count: int, form: str, seed: int) -> tuple[Step, ...]:
    """Up to `count` of `prompts`, each once with every arm; all that is drawn, is from `seed`.

    The arms come in another order with each prompt, so that a service that grows slower, or
    whose caches fill, is so for all of them alike. Raises `BadInput` for an unknown form.
    """
    name = forms.form(form).name
    chosen = Random(f"prompts {seed}").sample(prompts, min(count, len(prompts)))
    planned: list[Step] = []
    for number, prompt in enumerate(chosen, 1):
        rng = Random(f"prompt {seed} {prompt}")
        drawn = tuple(each.name for each in lenses.pick(rng, KEPT))
        brief = Brief(prompt=prompt, form=name, lenses=drawn, seed=rng.getrandbits(32))
        planned += (Step(number, arm, brief) for arm in rng.sample(tuple(Arm), len(Arm)))
    return tuple(planned)


def estimate(planned: Sequence[Step]) -> Estimate:
    """About what `planned` takes: from the characters of what is sent, and typical answers."""
    least, most = [0, 0, 0], [0, 0, 0]
    for step in planned:
        times = CALLS if step.arm is Arm.MUSE else 1
        for at, once in enumerate(_once(step)):
            least[at] += once
            most[at] += times * once
    calls, tokens_in, tokens_out = zip(least, most, strict=True)
    return Estimate(calls, tokens_in, tokens_out)


def _once(step: Step) -> tuple[int, int, int]:
    """Calls and tokens of a step in which every call gives what it should."""
    brief = step.brief
    piece = min(forms.form(brief.form).max_chars, _TYPICAL_CHARS)
    if step.arm is Arm.MUSE:
        asked = KEPT + SPARE
        sent = sum(len(each.content) for each in briefs.messages(brief, asked))
        return 1, sent // _CHARS_A_TOKEN, asked * (piece + _MUSE_AROUND) // _CHARS_A_TOKEN
    calls = 1 if step.arm is Arm.PLAIN else KEPT
    sent = calls * len(message(brief.prompt, brief.form, KEPT // calls))
    return calls, sent // _CHARS_A_TOKEN, KEPT * (piece + _PLAIN_AROUND) // _CHARS_A_TOKEN
