"""``muse study``: say what it will do, ask, do it, and leave a folder of figures."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot import __version__
from bot.clock import SystemClock
from bot.errors import BadInput, SetupError
from bot.logs import configure_logging
from bot.processes import model_of
from bot.settings import Settings, load_settings
from bot.studying.arms import Arm, Arms, Run
from bot.studying.figures import Figures
from bot.studying.files import Record, new_folder
from bot.studying.plain_asking import PlainAsking
from bot.studying.plan import Estimate, Step, estimate, read_prompts, steps
from bot.studying.report import About, report
from bot.writing import forms
from bot.writing.deck import DeckWriter
from bot.writing.engine import Engine
from bot.writing.openai_client import OPENAI
from bot.writing.openai_writer import DEFAULT_MODEL

#: Prompts in a row that no arm got an answer to, after which a study gives up.
PATIENCE = 2
#: The exit status after Ctrl-C, as shells have it.
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for. `yes`: go on without asking."""

    prompts: Path | None = None
    count: int = 20
    form: str = "free"
    out: Path | None = None
    seed: int = 0
    yes: bool = False


@dataclass(slots=True)
class Progress:
    """What a study has got so far, block by block: one block is one prompt."""

    blocks: list[dict[Arm, Figures]] = field(default_factory=list)
    models: dict[str, None] = field(default_factory=dict)
    stopped: str = ""
    status: int = 0

    def add(self, step: Step, measured: Figures) -> None:
        """Take in a run; they come prompt by prompt."""
        if len(self.blocks) < step.number:
            self.blocks.append({})
        self.blocks[-1][step.arm] = measured
        if measured.entries:
            self.models[measured.model] = None

    @property
    def whole(self) -> list[dict[Arm, Figures]]:
        """The prompts that every arm was asked."""
        return [each for each in self.blocks if len(each) == len(Arm)]

    @property
    def hopeless(self) -> bool:
        """Whether the last prompts got nothing from anybody."""
        last = self.whole[-PATIENCE:]
        return len(last) == PATIENCE and not any(
            each.entries for block in last for each in block.values()
        )


def study(
    request: Request, say: Callable[[str], None], ask: Callable[[str], str] | None = None
) -> int:
    """Run a study. Returns the exit status: 0, 1 where the service gave nothing, 130 on Ctrl-C.

    `ask` puts a question to the person at the terminal, None where there is none. Raises
    `BadInput` and `SetupError`.
    """
    settings = load_settings()
    # The log's finer lines would break into the line that tells how far it is.
    level = settings.muse.log_level
    configure_logging(
        "warning" if level == "info" else level, settings.muse.log_format, settings.secrets()
    )
    if settings.openai.api_key is None and settings.openai.base_url is None:
        raise SetupError(
            "There is no model to study: set OPENAI_API_KEY, or OPENAI_BASE_URL for a model of"
            " your own."
        )
    planned = _planned(request, settings)
    say(_plan(planned, settings))
    if not request.yes:
        if ask is None:
            raise BadInput("A study makes calls that may cost money; add --yes to run it unasked.")
        if not _agreed(ask):
            say("Nothing was called.")
            return 0
    today = SystemClock(settings.muse.clock_file).now().date().isoformat()
    folder = new_folder(request.out, today)
    progress = Progress()
    with Record(folder, settings.secrets()) as record:
        with asyncio.Runner() as runner:
            refused = runner.run(_run(planned, settings, record, progress))
        record.report(
            report(_about(planned, request, settings, progress, today, refused), progress.whole)
        )
    if progress.stopped:
        say(progress.stopped)
    say(f"The report is {folder / 'report.md'}; figures.csv and texts.csv are beside it.")
    return progress.status


def _planned(request: Request, settings: Settings) -> Sequence[Step]:
    shape = forms.form(request.form)
    if shape.painted:
        raise BadInput("A study is of texts; it can't be of pictures.")
    if request.count < 1:
        raise BadInput("A study needs at least one prompt. For example: --count 20.")
    prompts = read_prompts(request.prompts, settings.limits.max_prompt_chars)
    return steps(prompts, request.count, shape.name, request.seed)


def _agreed(ask: Callable[[str], str]) -> bool:
    try:
        return ask("Go on? (y/n) ").strip().casefold() in {"y", "yes"}
    except EOFError:
        return False


# --- The run.


async def _run(
    planned: Sequence[Step], settings: Settings, record: Record, progress: Progress
) -> frozenset[str]:
    """Take the steps one by one into `record` and `progress`; what the service refused.

    Ctrl-C, which cancels this, only ends it early: what is done is worth a report.
    """
    loop = asyncio.get_running_loop()
    async with model_of(settings) as model:
        assert model is not None  # there is a key or an address
        muse = Engine(model, DeckWriter(), settings.openai.seconds)
        arms = Arms(muse, PlainAsking(model), loop.time)
        try:
            for done, step in enumerate(planned, 1):
                run = await arms.run(step.arm, step.brief)
                progress.add(step, record.add(step, run))
                _tell(f"{done} of {len(planned)}: {_outcome(step, run)}")
                if progress.hopeless:
                    why = f": {run.failure}" if run.failure else "."
                    progress.stopped = (
                        f"Stopped, since {PATIENCE} prompts in a row got no answer at all{why}"
                    )
                    progress.status = 1
                    break
        except asyncio.CancelledError:
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()
            progress.stopped = f"Stopped by hand after {len(progress.whole)} whole prompts."
            progress.status = INTERRUPTED
        finally:
            _told()
        if not progress.status and not progress.models:
            progress.status = 1
        return model.refused


def _outcome(step: Step, run: Run) -> str:
    got = f"{len(run.texts)} answer{'' if len(run.texts) == 1 else 's'}"
    took = "" if run.last is None else f" in {run.last:.1f} s"
    wrong = f" ({run.failure.rstrip('.')})" if run.failure else ""
    return f"prompt {step.number}, {step.arm}: {got}{took}{wrong}"


def _tell(text: str) -> None:
    """How far it is, on standard error: one line that changes, or a line each in a file."""
    terminal = sys.stderr.isatty()
    sys.stderr.write(f"\r\x1b[K{text}" if terminal else f"{text}\n")
    sys.stderr.flush()


def _told() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\n")


# --- What it says.


def _plan(planned: Sequence[Step], settings: Settings) -> str:
    prompts = planned[-1].number
    expected = estimate(planned)
    openai = settings.openai
    model = openai.model or ("the service’s first model" if openai.base_url else DEFAULT_MODEL)
    return (
        f"{prompts} prompt{'' if prompts == 1 else 's'}, form {planned[0].brief.form}, each asked"
        f" in three ways, of {model} at {_host(settings)}:\n"
        "  one plain call      one call that asks for four answers\n"
        "  four plain calls    the same for one answer, four times\n"
        "  Muse                Muse’s engine: one call, where it must two\n"
        f"{_cost(expected)}"
    )


def _cost(expected: Estimate) -> str:
    return (
        f"That is {_range(expected.calls)} calls, one after another, with very roughly"
        f" {_range(expected.tokens_in, -2)} tokens in and {_range(expected.tokens_out, -2)} out;"
        " more where the model reasons before it writes. The service may charge for them."
    )


def _range(bounds: tuple[int, int], digits: int = 0) -> str:
    low, high = (round(each, digits) for each in bounds)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _host(settings: Settings) -> str:
    """The service's host, and its port where one is named: the rest may hold a secret."""
    parts = urlsplit(settings.openai.base_url or OPENAI)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port else host


def _about(
    planned: Sequence[Step],
    request: Request,
    settings: Settings,
    progress: Progress,
    today: str,
    refused: frozenset[str],
) -> About:
    openai = settings.openai
    drawn = {
        "temperature": openai.temperature,
        "top_p": openai.top_p,
        "reasoning effort": openai.reasoning_effort,
    }
    told = [f"{name} {value}" for name, value in drawn.items() if value is not None]
    return About(
        models=tuple(progress.models) or ((openai.model,) if openai.model else ()),
        host=_host(settings),
        day=today,
        version=__version__,
        form=planned[0].brief.form,
        seed=request.seed,
        planned=planned[-1].number,
        sampling=", ".join(told) or "sampling left to the service",
        refused=tuple(sorted(refused)),
        stopped=progress.stopped,
    )
