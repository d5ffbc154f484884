"""A study’s files and its report."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.studying.arms import Arm, Run
from bot.studying.figures import figures
from bot.studying.files import Record, new_folder
from bot.studying.plan import Step
from bot.studying.report import About, report
from tests.unit.studies import BRIEF, block, measured


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def step(arm: Arm = Arm.PLAIN, prompt: str = "a fox") -> Step:
    return Step(1, arm, replace(BRIEF, prompt=prompt))


def test_a_run_is_on_disk_at_once(tmp_path: Path) -> None:
    with Record(tmp_path, ()) as record:
        record.add(step(), Run(Arm.PLAIN, ("one\ntwo", "três"), ("filled",), "m", calls=1))
        (line,) = rows(tmp_path, "figures.csv")
        texts = rows(tmp_path, "texts.csv")
    assert (line["prompt"], line["arm"], line["entries"], line["filled"]) == (
        "a fox",
        "plain",
        "2",
        "1",
    )
    assert (line["tokens_in"], line["reported"], line["similarity"]) == ("", "no", "0")
    assert [(each["place"], each["origin"], each["text"]) for each in texts] == [
        ("1", "ai", "one\ntwo"),
        ("2", "ai", "três"),
        ("3", "deck", "filled"),
    ]


def test_no_secret_is_kept_wherever_it_comes_from(tmp_path: Path) -> None:
    with Record(tmp_path, ("hunter2", "hunter2hunter2", "x")) as record:
        said = ("the key is hunter2hunter2", "x marks hunter2")
        record.add(step(prompt="say hunter2"), Run(Arm.PLAIN, said, (), "m-hunter2"))
        record.report("hunter2, x")
    held = "".join(each.read_text("utf-8") for each in tmp_path.iterdir())
    assert "hunter2" not in held
    assert "x marks [hidden]" in held
    assert (tmp_path / "report.md").read_text("utf-8") == "[hidden], x"


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    formulas = ('=HYPERLINK("http://example.com")', "+1", "-1", "@x", "plain = text")
    with Record(tmp_path, ()) as record:
        record.add(step(prompt="=1+1"), Run(Arm.PLAIN, formulas, (), "=m"))
    for name in ("figures.csv", "texts.csv"):
        for line in rows(tmp_path, name):
            assert all(not each.startswith(("=", "+", "-", "@")) for each in line.values())
    assert [each["text"][0] for each in rows(tmp_path, "texts.csv")] == ["'", "'", "'", "'", "p"]


def test_a_folder_is_never_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = [new_folder(None, "2026-11-23").name for _ in range(3)]
    assert names == ["study-2026-11-23", "study-2026-11-23-2", "study-2026-11-23-3"]
    mine = new_folder(tmp_path / "deep" / "mine", "2026-11-23")
    assert new_folder(mine, "2026-11-23") == mine, "an empty one will do"
    (mine / "report.md").touch()
    with pytest.raises(BadInput, match="already holds something"):
        new_folder(mine, "2026-11-23")
    with pytest.raises(BadInput, match="can't be made"):
        new_folder(mine / "report.md", "2026-11-23")


# --- The report.

ABOUT = About(
    models=("m-1",),
    host="api.example.com",
    day="2026-11-23",
    version="0.1.0",
    form="haiku",
    seed=7,
    planned=20,
    sampling="temperature 1.0",
    refused=("temperature",),
    stopped="Stopped by hand after 12 whole prompts.",
)


def test_the_report(golden: Callable[[str, str], None]) -> None:
    blocks = []
    for n in range(12):
        alike = {"similarity": 0.30 + n % 4 / 40}
        blocks.append(
            {
                Arm.PLAIN: measured(Arm.PLAIN, distinct=3 + (n % 3 == 0), **alike),
                Arm.REPEATED: measured(
                    Arm.REPEATED, distinct=2, calls=4, tokens_in=240, failure="Oh." * (n == 3)
                ),
                Arm.MUSE: measured(
                    Arm.MUSE, distinct=4 - (n == 5), filled=int(n == 5), similarity=0.1
                ),
            }
        )
    golden("study/report", report(ABOUT, blocks))


def test_a_report_claims_no_more_than_it_can() -> None:
    same = [block((3 + n % 2, 4, 4 - n % 2)) for n in range(10)]
    said = report(ABOUT, same)
    assert "No difference to one plain call can be told (difference +0.00, 95 % interval −" in said
    worse = report(ABOUT, [block((4, 4, 2)), block((4, 4, 3))])
    assert "Muse had 1.50 fewer a prompt than one plain call (difference −1.50" in worse
    alone = report(ABOUT, [block()])
    assert "(difference +2.00, 1 prompt: too few for an interval)" in alone
    assert "can be told" in alone


def test_a_report_of_failures_alone() -> None:
    failed = {arm: figures(Run(arm, failure="It can't be reached.", calls=1)) for arm in Arm}
    said = report(replace(ABOUT, models=()), [failed, failed])
    assert "on a model" in said
    assert "nothing can be told: no prompt has this figure for both" in said
    assert "The price" not in said
    assert "| – | – | – |" in said


def test_a_report_of_nothing_has_no_table() -> None:
    said = report(ABOUT, [])
    assert "0 of 20 prompts" in said
    assert "|" not in said
    assert "What this does not tell" in said


def test_a_model_can_t_write_into_the_report() -> None:
    said = report(replace(ABOUT, models=("m`\n\n# Buy\n" + "x" * 200,)), [])
    assert "`m' # Buy xxx" in said
    assert "\n# Buy" not in said
    assert "x" * 81 not in said
