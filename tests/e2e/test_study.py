"""`python -m bot study` as a process, with a fake of OpenAI's service on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

from aiohttp import web

from bot.studying.plain_asking import message
from bot.writing.briefs import FIXED
from tests.e2e.driving import environment
from tests.fakes.openai_server import MODEL, Call, OpenAIServer
from tests.fakes.openai_turns import answer, hang, nearly, status
from tests.support import ROOT, wait_until

KEY = "sk-very-secret-0123456789"
ARMS = {"plain", "repeated", "muse"}


def settings(server: OpenAIServer | None) -> dict[str, str]:
    kept = environment() | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    if server is None:
        return kept
    return kept | {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, "OPENAI_MODEL": MODEL}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", "study", *arguments]


async def study(
    folder: Path, server: OpenAIServer | None, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """The command, run in `folder`. Whatever happens, it tells no key and does not crash."""
    done = await asyncio.to_thread(
        subprocess.run,
        command(*arguments),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env=settings(server),
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert_no_key(folder, done.stdout + done.stderr)
    return done


def assert_no_key(folder: Path, said: str) -> None:
    held = "".join(each.read_text("utf-8") for each in folder.rglob("*") if each.is_file())
    assert KEY not in held + said


def made_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


async def dull_when_asked_plainly(call: Call) -> web.StreamResponse:
    """Four of a kind for a plain call, but what was asked for where Muse asks."""
    if call.body["messages"][0]["content"] == FIXED:
        texts = [call.server.piece(call.rng) for _ in range(call.ask)]
        return await call.stream(answer(texts, call.angles))
    several = re.search(r"for each of the (\d) responses", call.said)
    prompt = call.said.partition("Prompt: ")[2]
    usual = call.server.piece(Random(prompt))
    texts = [nearly(usual, call.rng) for _ in range(int(several[1]) if several else 1)]
    return await call.stream(json.dumps({"responses": [{"text": text} for text in texts]}))


async def test_a_study(tmp_path: Path) -> None:
    async with OpenAIServer(usual=dull_when_asked_plainly) as server:
        done = await study(tmp_path, server, "--yes", "--count", "5", "--seed", "3")
        assert done.returncode == 0, done.stderr
        asked = server.requests
    assert "30 to 35 calls" in done.stdout
    assert server.calls == 30, "one for the plain call, four for the repeated, one for Muse"
    (folder,) = made_in(tmp_path)
    assert re.fullmatch(r"study-\d{4}-\d\d-\d\d", folder.name)
    assert f"The report is {folder.name}/report.md" in done.stdout
    assert sorted(each.name for each in folder.iterdir()) == [
        "figures.csv",
        "report.md",
        "texts.csv",
    ]
    figures = rows(folder, "figures.csv")
    assert len(figures) == 15
    for line in figures:
        assert (line["entries"], line["filled"], line["failure"]) == ("4", "0", "")
        assert line["distinct"] == ("4" if line["arm"] == "muse" else "1")
        assert line["model"] == f"{MODEL}-2026-11-01"
        assert line["reported"] == "yes"
        assert int(line["tokens_in"]) >= int(line["tokens_cached"]) > 0
        assert 0 < float(line["first"]) <= float(line["last"])
        assert line["calls"] == ("4" if line["arm"] == "repeated" else "1")
    texts = rows(folder, "texts.csv")
    assert len(texts) == 60
    assert {(each["number"], each["arm"]) for each in texts} == {
        (str(number), arm) for number in range(1, 6) for arm in ARMS
    }
    said = (folder / "report.md").read_text("utf-8")
    assert "5 of 5 prompts, form free" in said
    assert "at 127.0.0.1:" in said
    assert "Muse had 3.00 more a prompt than one plain call" in said
    assert "/v1" not in said
    assert done.stderr.count("\n") == 15, "a line a step, where it is no terminal"
    # What was sent: the same model and settings, and only Muse's own words to Muse.
    plain = [each for each in asked if each["messages"][0]["content"] != FIXED]
    prompts = {line["prompt"] for line in figures}
    expected = [message(prompt, "free", count) for prompt in prompts for count in (4, 1, 1, 1, 1)]
    assert sorted(each["messages"][0]["content"] for each in plain) == sorted(expected)
    for each in asked:
        assert each["stream_options"] == {"include_usage": True}
        assert each["response_format"]["json_schema"]["strict"]
        assert {"temperature", "top_p"}.isdisjoint(each)
    assert len({each["Authorization"] for each in server.headers}) == 1


async def test_a_service_that_knows_little_and_tells_the_key(tmp_path: Path) -> None:
    """What it refuses is learnt once, for all arms; what it sends back is not believed."""

    async def telling(call: Call) -> web.StreamResponse:
        texts = [f"{call.server.piece(call.rng)} {KEY}" for _ in range(4)]
        call.body["model"] = f"m-{KEY}"
        return await call.stream("```json\n" + answer(texts, 4) + "\n```")

    refuses = ("response_format", "stream_options")
    prompts = tmp_path / "mine.txt"
    prompts.write_text("# mine\n=1+1\nein Fuchs\n", "utf-8")
    async with OpenAIServer(usual=telling, refuses=refuses) as server:
        done = await study(
            tmp_path, server, "--yes", "--prompts", "mine.txt", "--out", "made/here", "--seed", "1"
        )
        assert done.returncode == 0, done.stderr
        assert server.refused == 2
        assert all("response_format" not in each for each in server.requests[2:])
    folder = tmp_path / "made" / "here"
    figures = rows(folder, "figures.csv")
    assert {each["prompt"] for each in figures} == {"'=1+1", "ein Fuchs"}
    assert {each["reported"] for each in figures} == {"no"}
    assert {each["model"] for each in figures} == {"m-[hidden]-2026-11-01"}
    said = (folder / "report.md").read_text("utf-8")
    assert "The service refuses `response_format`, `stream_options`" in said
    again = await study(tmp_path, None, "--yes", "--out", "made/here")
    assert (again.returncode, again.stdout) == (2, "")
    assert "There is no model to study" in again.stderr


async def test_a_service_that_is_down_is_not_asked_for_long(tmp_path: Path) -> None:
    wrong = status(401, "invalid_api_key", f"Incorrect API key: {KEY}")
    async with OpenAIServer(usual=wrong) as server:
        done = await study(tmp_path, server, "--yes", "--out", "here")
        assert done.returncode == 1
        assert server.calls == 2 * 6
    why = "The model's service does not accept the key it was given."
    assert f"2 prompts in a row got no answer at all: {why}" in done.stdout
    figures = rows(tmp_path / "here", "figures.csv")
    assert {each["failure"] for each in figures} == {why}
    assert {each["filled"] for each in figures if each["arm"] == "muse"} == {"4"}
    said = (tmp_path / "here" / "report.md").read_text("utf-8")
    assert "2 of 20 prompts" in said
    assert why in said


async def test_ctrl_c_keeps_what_is_done(tmp_path: Path) -> None:
    good_for = 14  # calls: two prompts and a part of the third
    turns = [dull_when_asked_plainly] * good_for
    async with OpenAIServer(usual=hang(), script=[*turns]) as server:
        done = await asyncio.to_thread(interrupted, tmp_path, server, good_for)
    assert done.returncode == 130, done.stderr
    assert "Stopped by hand after 2 whole prompts." in done.stdout
    assert "Traceback" not in done.stderr
    assert_no_key(tmp_path, done.stdout + done.stderr)
    assert 6 <= len(rows(tmp_path / "here", "figures.csv")) < 9
    said = (tmp_path / "here" / "report.md").read_text("utf-8")
    assert "**Stopped by hand after 2 whole prompts.**" in said
    assert "2 of 5 prompts" in said


def interrupted(folder: Path, server: OpenAIServer, calls: int) -> subprocess.CompletedProcess[str]:
    """The command, interrupted once it waits for the call after so many."""
    asked = command("--yes", "--count", "5", "--out", "here")
    with subprocess.Popen(
        asked,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env=settings(server),
    ) as running:
        try:
            wait_until(lambda: server.calls > calls, 30, "the call that hangs")
            running.send_signal(signal.SIGINT)
            out, log = running.communicate(timeout=60)
        finally:
            running.kill()
    return subprocess.CompletedProcess(asked, running.returncode, out, log)


async def test_it_asks_before_it_calls(tmp_path: Path) -> None:
    async with OpenAIServer(usual=dull_when_asked_plainly) as server:
        unasked = await study(tmp_path, server, "--count", "1")
        assert unasked.returncode == 2
        assert unasked.stderr.startswith("muse: ")
        assert "--yes" in unasked.stderr
        declined, out = await asyncio.to_thread(at_a_terminal, tmp_path, server, "n\n")
        assert (declined, server.calls) == (0, 0)
        assert "Nothing was called." in out
        assert not made_in(tmp_path)
        agreed, out = await asyncio.to_thread(at_a_terminal, tmp_path, server, "y\n")
        assert (agreed, server.calls) == (0, 6)
        assert "Go on? (y/n)" in out
        assert "3 of 3: prompt 1" in out


def at_a_terminal(folder: Path, server: OpenAIServer, typed: str) -> tuple[int, str]:
    """The command at a terminal of its own, where somebody types: its status, and what it shows."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command("--count", "1"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env=settings(server) | {"TERM": "dumb"},
    ) as running:
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal says that everybody has left
            while part := os.read(ours, 4096):
                shown += part
        os.close(ours)
        status = running.wait(20)
    return status, shown.decode()
