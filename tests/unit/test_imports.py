"""Nothing connects, reads the environment or reads the clock when it is imported."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import adapters
import bot

ROOT = Path(__file__).parents[2]

# `logging.makeLogRecord`, asked once for the names of a record's fields: its time is not used.
HARMLESS = ("bot/logs.py: time.time",)

# Watches every call while modules are imported. A call is Muse's own doing where a frame of
# bot or adapters is met on the way out before a library or the import machinery is: what a
# library does when it is imported, or makes a class, is the library's business. But settings
# made at import are Muse's doing, through however many libraries.
WATCH = """
import importlib, json, os, sys

ROOT = sys.argv[1] + os.sep
OWN = (ROOT + "bot" + os.sep, ROOT + "adapters" + os.sep)
CLOCKS = {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "now", "utcnow", "today",
          "localtime", "gmtime"}
OUTSIDE = {"connect", "connect_ex", "bind", "getaddrinfo", "fork", "fork_exec", "posix_spawn",
           "urandom", "getrandbits"}
found = set()

def culprit(frame, through_libraries=False):
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(OWN):
            return name[len(ROOT):]
        if name.startswith("<frozen importlib"):
            return None
        if "site-packages" in name and not through_libraries:
            return None
        frame = frame.f_back
    return None

def watch(frame, event, argument):
    what = None
    if event == "c_call" and argument.__name__ in CLOCKS | OUTSIDE:
        module = getattr(argument, "__module__", None) or type(argument.__self__).__name__
        what = f"{module}.{argument.__name__}"
    elif event == "call" and frame.f_globals.get("__name__") == "os":
        if frame.f_code.co_qualname.startswith("_Environ.") or frame.f_code.co_name == "getenv":
            what = f"os.{frame.f_code.co_qualname}"
    settings = event == "call" and frame.f_code.co_qualname == "BaseSettings.__init__"
    if what or settings:
        own = culprit(frame, through_libraries=settings)
        what = what or "BaseSettings.__init__"
        if own:
            found.add(f"{own}: {what}")

def connects(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname" or event == "subprocess.Popen":
        own = culprit(sys._getframe())
        if own:
            found.add(f"{own}: {event}")

sys.addaudithook(connects)
sys.setprofile(watch)
sys.path.insert(0, sys.argv[2])
for name in sys.argv[3:]:
    importlib.import_module(name)
sys.setprofile(None)
print(json.dumps(sorted(found)))
"""


def _modules() -> list[str]:
    names = ["bot", "adapters"]
    for package in (bot, adapters):
        names += [m.name for m in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return names


def _python(*arguments: str) -> str:
    done = subprocess.run(
        # discord.py imports audioop, which warns of itself.
        [sys.executable, "-W", "error", "-W", "ignore:'audioop' is deprecated", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _watched(*names: str, root: Path = ROOT, path: Path = ROOT) -> list[str]:
    found = json.loads(_python("-c", WATCH, str(root), str(path), *names))
    assert isinstance(found, list)
    return found


def test_importing_everything_reads_and_opens_nothing() -> None:
    names = _modules()
    assert len(names) > 40
    assert [found for found in _watched(*names) if found not in HARMLESS] == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("import os; os.environ.get('HOME')", "_Environ"),
        ("import os; 'HOME' in os.environ", "_Environ"),
        ("import os; os.getenv('HOME')", "os."),
        ("import time; time.time()", "time.time"),
        ("import datetime; datetime.datetime.now()", "now"),
        ("import datetime; datetime.date.today()", "today"),
        ("import socket; socket.socket()", "socket."),
        ("import uuid; uuid.uuid4()", "urandom"),
        ("import pydantic_settings; pydantic_settings.BaseSettings()", "BaseSettings"),
    ],
)
def test_the_watch_sees(tmp_path: Path, line: str, said: str) -> None:
    module = tmp_path / "bot" / "guilty.py"
    module.parent.mkdir()
    module.write_text(line)
    found = _watched("guilty", root=tmp_path, path=module.parent)
    assert any(said in each for each in found), found


def test_the_command_line_is_cheap_to_import() -> None:
    code = "import sys, json; import bot.__main__; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(_python("-c", code))
    roots = {name.split(".")[0] for name in loaded}
    heavy = {
        "redis",
        "pydantic",
        "pydantic_settings",
        "rich",
        "prompt_toolkit",
        "openai",
        "discord",
    }
    heavy |= {
        "slack_bolt",
        "slack_sdk",
        "numpy",
        "PIL",
        "aiohttp",
        "uvloop",
        "httpx",
        "yaml",
        "zoneinfo",
    }
    assert not roots & heavy
    assert {n for n in loaded if n.startswith("bot")} == {"bot", "bot.__main__", "bot.errors"}


def test_the_terminal_needs_no_platform_and_no_model() -> None:
    code = (
        "import sys, json; import bot.processes, bot.wiring, bot.writing.deck, "
        "adapters.console.chat, adapters.console.script; print(json.dumps(sorted(sys.modules)))"
    )
    roots = {name.split(".")[0] for name in json.loads(_python("-c", code))}
    assert not roots & {"discord", "slack_bolt", "slack_sdk", "openai", "numpy", "PIL", "uvloop"}


def test_help_and_version_are_said_without_a_start() -> None:
    assert "try" in _python("-m", "bot", "--help")
    assert _python("-m", "bot", "--version").startswith("muse ")
