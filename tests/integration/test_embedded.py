"""The embedded server, on real servers: `MUSE_TEST_REDIS` names another one to try."""
# ruff: noqa: ASYNC240 (a test has its loop to itself)

from __future__ import annotations

import asyncio
import json
import logging
import os
import shlex
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.storage import embedded
from bot.storage.embedded import EmbeddedServer
from bot.storage.engine import find_engine

ROOT = Path(__file__).parents[2]
NAMED = os.environ.get("MUSE_TEST_REDIS")
BINARY = Path(NAMED) if NAMED else None

#: A Muse of its own: starts a server, tells who is who, keeps a child, and waits.
MUSE = """
import asyncio, json, subprocess, sys
from pathlib import Path
from bot.storage.embedded import EmbeddedServer

async def main():
    server = EmbeddedServer(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2] else None)
    await server.start()
    child = subprocess.Popen(["sleep", "60"])
    told = {"server": server.pid, "guard": server._guard._shell.pid, "child": child.pid}
    print(json.dumps(told | {"socket": str(server.socket)}), flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def ask(path: Path, *words: str) -> str:
    """One command to the server at a socket, and its reply as it came."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(2)
        s.connect(str(path))
        parts = [f"${len(word.encode())}\r\n{word}\r\n" for word in words]
        s.sendall(f"*{len(words)}\r\n{''.join(parts)}".encode())
        return s.recv(65536).decode()


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(done.stdout.strip()) and not done.stdout.strip().startswith("Z")


async def until(true: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until it is so; fail where it is not within the time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "not within the time"
        await asyncio.sleep(0.01)


def answers(server: EmbeddedServer) -> bool:
    try:
        return ask(server.socket, "PING").startswith("+PONG")
    except OSError:
        return False


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
async def server(data: Path) -> AsyncIterator[EmbeddedServer]:
    async with EmbeddedServer(data, BINARY) as started:
        yield started


class Muse:
    """A Muse in a process of its own, and all that it started."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", MUSE, str(data), NAMED or ""],
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert self.process.stdout is not None
        told = json.loads(self.process.stdout.readline())
        self.server, self.guard, self.child = told["server"], told["guard"], told["child"]
        self.socket = Path(told["socket"])

    def kill(self) -> None:
        """What `kill -9` does: this process alone, and no word to the others."""
        self.process.kill()
        self.process.wait()

    def clean_up(self) -> None:
        """End all that the test may have left."""
        if self.process.poll() is None:
            self.kill()
        assert self.process.stdout is not None
        self.process.stdout.close()
        for pid in (self.child, self.guard, self.server):
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def muse(data: Path) -> Iterator[Muse]:
    started = Muse(data)
    yield started
    started.clean_up()


async def test_private_durable_and_without_tcp(data: Path, server: EmbeddedServer) -> None:
    assert answers(server)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    assert server.url == f"unix://{server.socket}"
    for name, value in {
        "port": "0",
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "maxmemory-policy": "noeviction",
    }.items():
        assert ask(server.socket, "CONFIG", "GET", name).split("\r\n")[4] == value, name


async def test_it_is_out_of_reach_of_the_terminals_signals(server: EmbeddedServer) -> None:
    assert server.pid is not None
    assert os.getsid(server.pid) == server.pid


async def test_a_folder_that_was_open_is_closed_to_others(data: Path) -> None:
    data.mkdir(mode=0o755)
    async with EmbeddedServer(data, BINARY):
        assert stat.S_IMODE(data.stat().st_mode) == 0o700


async def test_spawned_early_and_awaited_late(data: Path) -> None:
    server = EmbeddedServer(data, BINARY)
    server.spawn()
    server.spawn()
    await server.ready()
    await server.ready()
    pid = server.pid
    assert pid is not None
    assert answers(server)
    await server.stop()
    await server.stop()
    assert not alive(pid)
    assert list(data.glob("*.sock")) == []
    await server.start()  # and once more
    assert answers(server)
    await server.stop()


async def test_stopped_before_it_was_ready(data: Path) -> None:
    server = EmbeddedServer(data, BINARY)
    server.spawn()
    pid = server.pid
    assert pid is not None
    await server.stop()
    assert not alive(pid)


async def test_stopping_takes_the_guard_along(data: Path) -> None:
    async with EmbeddedServer(data, BINARY) as server:
        shell = server._guard._shell
        assert shell is not None
    assert shell.returncode == 0


async def test_a_server_that_hangs_is_ended_all_the_same(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_END_TIME", 0.1)
    async with EmbeddedServer(data, BINARY) as server:
        pid = server.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
    assert not alive(pid)


async def test_killed_it_is_back_at_once_and_knows_everything(
    server: EmbeddedServer, caplog: pytest.LogCaptureFixture
) -> None:
    path, pid = server.socket, server.pid
    assert pid is not None
    assert ask(path, "SET", "key", "value").startswith("+OK")
    os.kill(pid, signal.SIGKILL)
    await until(lambda: server.pid != pid and answers(server), 2)
    assert server.socket == path
    assert ask(path, "GET", "key") == "$5\r\nvalue\r\n"
    await until(lambda: len(caplog.records) == 2)
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2
    assert "ended unexpectedly (signal 9). Starting it again." in caplog.messages[0]
    assert "is back after" in caplog.messages[1]


async def test_killed_again_and_again_without_its_guard(server: EmbeddedServer) -> None:
    for _ in range(3):
        pid, shell = server.pid, server._guard._shell
        assert pid is not None
        assert shell is not None
        os.kill(shell.pid, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
        await until(lambda p=pid: server.pid != p and answers(server), 2)  # type: ignore[misc]
        assert server._guard._shell is not shell


async def test_killed_while_a_child_rewrites_its_file(server: EmbeddedServer) -> None:
    for key in range(40):
        ask(server.socket, "SET", f"key{key}", "value")
    ask(server.socket, "CONFIG", "SET", "rdb-key-save-delay", "1000000")  # forty seconds in all
    assert "rewriting started" in ask(server.socket, "BGREWRITEAOF")
    pid = server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await until(lambda: server.pid != pid and answers(server), 2)
    assert ask(server.socket, "DBSIZE") == ":40\r\n"


async def test_data_outlives_a_stop(data: Path) -> None:
    async with EmbeddedServer(data, BINARY) as server:
        ask(server.socket, "SET", "key", "value")
    async with EmbeddedServer(data, BINARY) as server:
        assert ask(server.socket, "GET", "key") == "$5\r\nvalue\r\n"


async def test_gone_when_muse_is_killed(muse: Muse) -> None:
    muse.kill()
    await until(lambda: not alive(muse.server))
    await until(lambda: not alive(muse.guard))
    assert alive(muse.child)  # another child of Muse's does not keep the server


async def test_gone_when_muse_is_killed_even_if_it_hangs(muse: Muse) -> None:
    os.kill(muse.server, signal.SIGSTOP)
    os.kill(muse.guard, signal.SIGTERM)  # as a machine that shuts down would
    muse.kill()
    await until(lambda: not alive(muse.server))


async def test_the_next_start_after_a_kill_is_clean(
    data: Path, muse: Muse, caplog: pytest.LogCaptureFixture
) -> None:
    ask(muse.socket, "SET", "key", "value")
    muse.kill()
    async with EmbeddedServer(data, BINARY) as server:
        assert server.pid != muse.server
        assert ask(server.socket, "GET", "key") == "$5\r\nvalue\r\n"
    assert not alive(muse.server)
    assert not caplog.records


async def test_a_leaked_server_is_taken_over(
    data: Path, muse: Muse, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_GUARD_TIME", 0.2)
    ask(muse.socket, "SET", "key", "value")
    os.kill(muse.guard, signal.SIGKILL)
    muse.kill()
    assert ask(muse.socket, "PING").startswith("+PONG")
    async with EmbeddedServer(data, BINARY) as server:
        assert not alive(muse.server)
        assert ask(server.socket, "GET", "key") == "$5\r\nvalue\r\n"
    assert f"(process {muse.server}) is alive. Ending it." in caplog.text


async def test_a_leaked_server_that_hangs_is_taken_over(
    data: Path, muse: Muse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_GUARD_TIME", 0.1)
    monkeypatch.setattr(embedded, "_END_TIME", 0.3)
    os.kill(muse.guard, signal.SIGKILL)
    muse.kill()
    os.kill(muse.server, signal.SIGSTOP)
    muse.socket.unlink()  # nor can it be reached
    async with EmbeddedServer(data, BINARY) as server:
        assert not alive(muse.server)
        assert answers(server)


async def test_two_muses_do_not_share_a_folder(data: Path, muse: Muse) -> None:
    with pytest.raises(SetupError) as caught:
        EmbeddedServer(data, BINARY).spawn()
    assert str(caught.value) == (
        f"{data} is in use by another Muse (process {muse.process.pid}). "
        "Close it, or give this one another folder with --data or MUSE_DATA_DIR."
    )
    assert ask(muse.socket, "PING").startswith("+PONG")


async def test_a_folder_that_can_not_be_one(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match=r"can't keep its data in .*/file/data: Not a directory\."):
        await EmbeddedServer(tmp_path / "file" / "data", BINARY).start()


async def test_data_of_a_newer_server_is_refused_untouched(data: Path) -> None:
    async with EmbeddedServer(data, BINARY) as server:
        ask(server.socket, "SET", "key", "value")
    record = data / "engine.json"
    kept = record.read_text()
    record.write_text(json.dumps({"engine": find_engine(BINARY).name, "version": "99.1"}))
    server = EmbeddedServer(data, BINARY)
    with pytest.raises(SetupError, match=rf"written by \w+ 99\.1, .* is {find_engine(BINARY)},"):
        await server.start()
    assert server.pid is None
    record.write_text(kept)
    async with EmbeddedServer(data, BINARY) as server:
        assert ask(server.socket, "GET", "key") == "$5\r\nvalue\r\n"


async def test_a_path_too_long_for_a_socket(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 30)
    async with EmbeddedServer(data, BINARY) as server:
        private = server.socket.parent
        assert answers(server)
        assert len(os.fsencode(server.socket)) <= 100
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        pid = server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: server.pid != pid and answers(server), 2)
    assert not private.exists()

    killed = Muse(data)
    try:
        killed.kill()
        async with EmbeddedServer(data, BINARY) as server:
            assert answers(server)
            assert not killed.socket.parent.exists()
    finally:
        killed.clean_up()


async def test_a_folder_that_takes_no_socket(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data.mkdir()
    (data / "try.sock").touch()  # binding is refused, as it is on some shared disks
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    async with EmbeddedServer(data, BINARY) as server:
        assert answers(server)
        assert server.socket.parent != data
    assert not server._folder.path.joinpath("redis.sock").exists()


async def test_a_damaged_file_is_told_with_its_remedy(data: Path) -> None:
    async with EmbeddedServer(data, BINARY) as server:
        for key in range(50):
            ask(server.socket, "SET", f"key{key}", "value" * 10)
    (file,) = [f for f in data.rglob("appendonly.aof*") if f.stat().st_size > 1000]
    text = file.read_bytes()
    file.write_bytes(text[:500] + b"!" * 100 + text[600:])

    server = EmbeddedServer(data, BINARY)
    with pytest.raises(
        SetupError, match=r"its append-only file is damaged.* `redis-check-aof --fix "
    ):
        await server.start()
    assert server.pid is None
    file.write_bytes(text)
    async with EmbeddedServer(data, BINARY) as server:
        assert ask(server.socket, "DBSIZE") == ":50\r\n"


def stand_in(path: Path, script: str) -> Path:
    """A server of the same version whose start goes another way."""
    engine = find_engine(BINARY)
    version = ".".join(map(str, engine.version))
    path.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "{engine.name} v={version}" && exit\n{script}\n'
    )
    path.chmod(0o755)
    return path


async def test_a_full_disk_is_told_and_no_secret_reaches_the_server(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hunter2")
    binary = stand_in(tmp_path / "server", "env\necho Write: No space left on device\nexit 1")
    with pytest.raises(SetupError) as caught:
        await EmbeddedServer(data, binary).start()
    assert str(caught.value) == (
        f"The Redis server did not start in {data} (exit status 1): the disk that holds {data} "
        f"is full. Make room and start again. Its log is {data}/redis.log."
    )
    assert "hunter2" not in (data / "redis.log").read_text()


async def test_a_server_that_keeps_failing_is_tried_with_pauses(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    real, broken = find_engine(BINARY).path, tmp_path / "broken"
    run = f'[ -e {shlex.quote(str(broken))} ] && exit 3\nexec {shlex.quote(str(real))} "$@"'
    async with EmbeddedServer(data, stand_in(tmp_path / "server", run)) as server:
        pid = server.pid
        assert pid is not None
        broken.touch()
        os.kill(pid, signal.SIGKILL)
        await until(lambda: "Trying again in 0.2 s." in caplog.text)
        broken.unlink()
        await until(lambda: "is back after" in caplog.text)
        assert answers(server)
    assert "Trying again in 0.1 s." in caplog.text


async def test_a_log_grown_long_is_emptied(data: Path) -> None:
    data.mkdir()
    (data / "redis.log").write_text("x" * 1_100_000)
    async with EmbeddedServer(data, BINARY):
        assert 0 < (data / "redis.log").stat().st_size < 10_000
