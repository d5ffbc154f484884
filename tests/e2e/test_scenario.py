"""`python -m bot try`, played from a script, as anybody could."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.driving import Played, environment, play, server_of
from tests.support import ROOT, alive

SCENARIO = (
    "a lighthouse afraid of the dark",
    "/add The dark was afraid of it first.",
    "/as bo",
    "/remix 5 The dark was afraid, and said so.",
    "/as ana",
    "/vote 5 1 moved",
    "/as cem",
    "/vote 2 6",
    "/unvote 2",
    "/as dua",
    "/vote 3 6 deep",
    "/unvote 3 6",
    "/vote 6",
    "/as you",
    "/close",
    "/top",
    "/top people",
    "/top lenses",
)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Played, int]:
    """The scenario, its folder, and the pid of the server it ran on."""
    data = tmp_path_factory.mktemp("scenario") / "data"
    done = play(data, *SCENARIO, seed=11)
    return data, done, server_of(data)[0]


def test_the_scenario(played: tuple[Path, Played, int]) -> None:
    _, done, server = played
    assert done.status == 0, done.out + done.log
    assert not alive(server)
    said = dict(zip(SCENARIO, done.outcomes, strict=True))
    asked = said["a lighthouse afraid of the dark"]
    assert sorted(re.findall(r"^ (\d)  \S", asked, re.MULTILINE)) == ["1", "2", "3", "4"]
    assert "Asked by you" in asked
    assert "as 5" in said["/add The dark was afraid of it first."]
    remixed = said["/remix 5 The dark was afraid, and said so."]
    assert "as 6" in remixed
    assert re.search(r"redit for 5 stays with you|you keeps credit for 5", remixed)
    assert "You voted for 1 and 5." in said["/vote 5 1 moved"]
    assert said["/vote 5 1 moved"].count("1 vote") == 2
    assert "You voted for 2 and 6." in said["/vote 2 6"]
    assert "You voted for 6." in said["/unvote 2"]
    assert "You have no vote" in said["/unvote 3 6"]
    assert "You voted for 6." in said["/vote 6"]
    closed = said["/close"]
    assert "The votes are in: “a lighthouse afraid of the dark”" in closed
    assert " 6  The dark was afraid, and said so." in closed
    assert "bo · declared human, from 5 by you · 2 votes" in closed
    assert "3 people voted" in closed
    top = flat(said["/top"])
    assert "1. a lighthouse afraid of the dark The dark was afraid, and said so." in top
    assert "2 of 3 · bo" in top
    assert "2. a lighthouse afraid of the dark The dark was afraid of it first." in top
    people = flat(said["/top people"])
    assert re.search(r"1\. bo\W+2 points", people)  # two votes
    assert re.search(r"1\. you\W+2 points", people)  # one vote, and half a point for each of two
    assert "(1 of 3, in 1 round)" in said["/top lenses"]
    assert said["/top lenses"].count("(0 of 3, in 1 round)") == 3


def flat(text: str) -> str:
    """Its words, however they were laid out."""
    return " ".join(re.sub("[“”]", "", text).split())


def test_all_is_still_there_after_a_restart(played: tuple[Path, Played, int]) -> None:
    data, done, _ = played
    again = play(data, "/top", "/top people", "/top lenses", "/show", "/again")
    assert again.status == 0, again.out + again.log
    before = done.outcomes[-3:]
    assert again.outcomes[:3] == before
    assert "The dark was afraid, and said so." in again.outcomes[3]
    assert "once more" in again.outcomes[4]
    assert not alive(server_of(data)[0])


def test_a_refused_line_prints_why_and_the_script_goes_on(tmp_path: Path) -> None:
    done = play(tmp_path / "data", "/vote 1", "/clsoe", "a lighthouse", "/vote 9", "/vote 1")
    assert done.status == 1
    assert "no round here" in done.outcomes[0]
    assert "/close" in done.outcomes[1]
    assert "There is no 9" in done.outcomes[3]
    assert "You voted for 1." in done.outcomes[4]
    assert "Traceback" not in done.out + done.log


def test_a_seed_repeats(tmp_path: Path) -> None:
    script = ("a lighthouse", "/again", "the last bookshop on Mars --form haiku")
    one, two, other = (
        play(tmp_path / str(n), *script, seed=seed) for n, seed in enumerate((5, 5, 6))
    )
    assert one.status == two.status == other.status == 0

    def pieces(done: Played) -> list[str]:
        return re.findall(r"^ \d  .+(?:\n    .+)*", done.out, re.MULTILINE)

    assert len(pieces(one)) == 12
    assert pieces(one) == pieces(two)
    assert pieces(one) != pieces(other)


def test_time_passes(tmp_path: Path) -> None:
    script = (
        "a lighthouse",
        "/as bo",
        "/vote 2",
        "/wait 25h",
        "/vote 3",
        "/top entries all",
        "/wait 91d",
        "/show",
        "/top entries month",
        "/top entries all",
    )
    done = play(tmp_path / "data", *script)
    assert done.status == 1  # two lines come too late
    assert "1 day" in done.outcomes[3]
    assert "The votes are in: “a lighthouse”" in done.outcomes[3]
    assert "has closed" in done.outcomes[4]
    assert "1. a lighthouse" in flat(done.outcomes[5])
    assert "no round here" in done.outcomes[7]
    assert "Nothing is here yet" in done.outcomes[8]
    assert "1. a lighthouse" in flat(done.outcomes[9])  # the hall of fame
    # The time that passed has passed for the next start too.
    later = play(tmp_path / "data", "/top entries month", "/top entries all")
    assert later.outcomes == done.outcomes[8:]


def test_a_round_that_fell_due_while_nobody_was_here(tmp_path: Path) -> None:
    data = tmp_path / "data"
    play(data, "a lighthouse", "/vote 1")
    (data / "clock").write_text("90000\n", "utf-8")
    done = play(data, "/top")
    assert done.status == 0
    assert "The votes are in" in done.out.partition("> /top")[0]
    assert "1. a lighthouse" in flat(done.outcomes[0])


@pytest.mark.parametrize("last", ["/quit", "exit"])
def test_leaving_early(tmp_path: Path, last: str) -> None:
    done = play(tmp_path / "data", "/help", last, "never asked")
    assert done.status == 0
    assert "never asked" not in done.out
    assert not alive(server_of(tmp_path / "data")[0])


def test_it_imports_no_platform_and_nothing_heavy(tmp_path: Path) -> None:
    driver = (
        "import sys; from bot.__main__ import main\n"
        f"status = main(['try', '--data', {str(tmp_path / 'data')!r}])\n"
        "print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))\n"
        "sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", driver],
        input="a lighthouse\n/vote 1\n/close\n/top\n/help\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.rpartition("LOADED ")[2].split())
    assert "redis" in loaded
    heavy = {"discord", "slack_bolt", "slack_sdk", "openai", "numpy", "PIL", "prompt_toolkit"}
    heavy |= {"aiohttp"}
    assert not loaded & heavy


def test_wrong_settings_are_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "try"],
        input="a lighthouse\n",
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment() | {"REDIS_URL": "http://:hunter2@example", "PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("muse: ")
    assert "REDIS_URL" in done.stderr
    assert "hunter2" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
