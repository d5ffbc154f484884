"""The folder of a study: a line a run in `figures.csv`, the texts in `texts.csv`, the report.

Each run is on disk before the next begins, so that whatever ends a study, what was paid for is
there. No secret gets in, not even one that a service sent back.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, fields
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType

from bot.errors import BadInput
from bot.logs import HIDDEN, SHORTEST_SECRET
from bot.studying.arms import Run
from bot.studying.figures import Figures, figures
from bot.studying.plan import Step

#: A cell that begins with one of these is a formula to a spreadsheet.
#: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: Times are told to the millisecond, shares to four places.
_DIGITS = 4
_TRIES = 100

FIGURES = ("number", "prompt", "form", *(each.name for each in fields(Figures)))
TEXTS = ("number", "prompt", "arm", "place", "origin", "text")


def new_folder(wanted: Path | None, today: str) -> Path:
    """Make a folder for a study: `wanted`, or one here that is named for the day.

    Raises `BadInput` where it can't be made, or already holds something.
    """
    if wanted is not None:
        return _made(wanted)
    for number in range(1, _TRIES):
        folder = Path(f"study-{today}" if number == 1 else f"study-{today}-{number}")
        if not folder.exists():
            return _made(folder)
    raise BadInput("There are a hundred studies of today here; name a folder with --out.")


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = any(folder.iterdir())
    except OSError as error:
        raise BadInput(f"{folder} can't be made: {error.strerror}.") from error
    if taken:
        raise BadInput(f"{folder} already holds something; name another folder with --out.")
    return folder


class Record:
    """Writes a study's files as it goes. Use it in `with`."""

    def __init__(self, folder: Path, secrets: Iterable[str]) -> None:
        """`secrets` are blotted out wherever they turn up."""
        self._folder = folder
        known = {each for each in secrets if len(each) >= SHORTEST_SECRET}
        self._secrets = sorted(known, key=len, reverse=True)
        self._figures = _opened(folder / "figures.csv")
        self._texts = _opened(folder / "texts.csv")
        csv.writer(self._figures).writerow(FIGURES)
        csv.writer(self._texts).writerow(TEXTS)

    def __enter__(self) -> Record:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._figures.close()
        self._texts.close()

    def add(self, step: Step, run: Run) -> Figures:
        """Keep a run; its figures."""
        measured = figures(run)
        head = (step.number, step.brief.prompt)
        row = (*head, step.brief.form, *astuple(measured))
        csv.writer(self._figures).writerow([self._cell(each) for each in row])
        texts = [("ai", text) for text in run.texts] + [("deck", text) for text in run.filled]
        csv.writer(self._texts).writerows(
            [self._cell(each) for each in (*head, run.arm, place, *text)]
            for place, text in enumerate(texts, 1)
        )
        self._figures.flush()
        self._texts.flush()
        return measured

    def report(self, text: str) -> None:
        """Write `report.md`."""
        (self._folder / "report.md").write_text(self._clean(text), encoding="utf-8")

    def _cell(self, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, float):
            return f"{value:.{_DIGITS}f}".rstrip("0").rstrip(".")
        text = self._clean(str(value))
        return f"'{text}" if text.startswith(_FORMULA) else text

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text


def _opened(path: Path) -> TextIOWrapper:
    # With the mark that tells spreadsheets the encoding, and line ends as CSV has them.
    return path.open("x", encoding="utf-8-sig", newline="")
