"""`muse export`, `import` and `stats` as processes: from Muse's own Redis into one of yours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.e2e.driving import environment, play, process
from tests.support import ROOT, free_port, raw, redis_on_port, wait_until


def muse(*arguments: str, data: Path, url: str = "") -> subprocess.CompletedProcess[str]:
    there = {"REDIS_URL": url} if url else {}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments, "--data", str(data)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=environment() | there,
        timeout=60,
        check=False,
    )


async def test_a_backup_is_made_and_restored_elsewhere(tmp_path: Path) -> None:
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "muse.jsonl"
    played = play(here, "a lighthouse afraid of the dark", "/vote 2", "/add It blinks first.")
    assert played.status == 0, played
    done = muse("export", str(file), data=here)
    assert (done.returncode, done.stdout) == (0, ""), done
    assert file.stat().st_mode & 0o77 == 0  # it holds what people wrote
    assert muse("export", str(file), data=here).returncode == 2  # it overwrites nothing
    with redis_on_port(tmp_path / "redis") as (server, _):
        done = muse("import", str(file), data=there, url=server.url)
        assert done.returncode == 0, done
        assert "keys were imported" in done.stderr
        refused = muse("import", str(file), data=there, url=server.url)
        assert refused.returncode == 2
        assert "--replace" in refused.stderr
        assert muse("import", str(file), "--replace", data=there, url=server.url).returncode == 0
        counted = json.loads(muse("stats", "--json", data=there, url=server.url).stdout)
        assert (counted["communities"], counted["rounds"]) == (1, 1)
        on = play(there, "/show", "/close", env=environment() | {"REDIS_URL": server.url})
        assert on.status == 0, on
        assert "It blinks first." in on.outcomes[0]
        async with raw(server.url) as ask:  # a newer Muse has been here
            await ask("SET", "schema", "99")
        newer = play(there, "/top", env=environment() | {"REDIS_URL": server.url})
        assert newer.status == 2
        assert "newer Muse" in newer.log


async def test_what_is_not_whole_is_not_exported(tmp_path: Path) -> None:
    """And no file stays behind, which the next try would not overwrite."""
    file = tmp_path / "muse.jsonl"
    with redis_on_port(tmp_path / "redis") as (server, _):
        for kept, says in (("half", "not finished"), ("99", "newer Muse")):
            async with raw(server.url) as ask:
                await ask("SET", "schema", kept)
            done = muse("export", str(file), data=tmp_path, url=server.url)
            assert done.returncode == 2, done
            assert says in done.stderr
            assert "Traceback" not in done.stderr
            assert not file.exists()
            assert muse("export", data=tmp_path, url=server.url).stdout == ""
        async with raw(server.url) as ask:
            await ask("DEL", "schema")
        assert muse("export", str(file), data=tmp_path, url=server.url).returncode == 0


def test_a_redis_that_is_not_up_yet_may_be_tried_again_and_a_wrong_setting_not(
    tmp_path: Path,
) -> None:
    """As `deploy/muse.service` takes the exit status."""
    nobody = muse("worker", data=tmp_path, url=f"redis://127.0.0.1:{free_port()}")
    assert (nobody.returncode, "could not be reached" in nobody.stderr) == (1, True), nobody
    wrong = muse("worker", data=tmp_path, url="http://127.0.0.1")
    assert (wrong.returncode, "REDIS_URL must begin" in wrong.stderr) == (2, True), wrong


def test_what_a_running_muse_keeps_is_counted_and_exported(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with process(tmp_path / "log", "-m", "bot", "worker", "--data", str(data)) as running:
        wait_until(lambda: "at work" in (tmp_path / "log").read_text(), 40, "the worker")
        done = muse("stats", data=data)
        assert done.returncode == 0, done
        assert done.stdout.startswith("0 communities")
        lines = muse("export", data=data).stdout.splitlines()
        assert json.loads(lines[0])["schema"] >= 1
        assert running.terminate() == 0
