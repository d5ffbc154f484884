"""`python -m bot manifest` and `python -m bot key`, as whoever sets Muse up runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.storage.installations import StoredInstallations
from tests.e2e.driving import environment
from tests.support import ROOT

WEB = {"MUSE_PUBLIC_URL": "https://muse.example.org"}
ONE = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"} | WEB
MANY = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "c", "SLACK_SIGNING_SECRET": "s"} | WEB
SOCKET = {"SLACK_APP_TOKEN": "xapp-1-a"}


def told(command: str, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A command run with these settings and no others."""
    return subprocess.run(
        [sys.executable, "-m", "bot", command],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=environment() | settings,
        timeout=60,
        check=False,
    )


def printed(settings: dict[str, str]) -> Any:
    """The manifest alone on standard output, and one Slack's schema takes where it is at hand."""
    done = told("manifest", settings)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    if named := os.environ.get("SLACK_MANIFEST_SCHEMA"):
        jsonschema.validate(made, json.loads(Path(named).read_text(encoding="utf-8")))
    return made


@pytest.mark.parametrize(
    ("settings", "by_socket", "installs"),
    [
        ({}, True, False),  # an app comes before its tokens
        (WEB, False, False),
        (SOCKET | {"SLACK_BOT_TOKEN": "xoxb-1"}, True, False),
        (ONE, False, False),
        (MANY, False, True),
        (MANY | SOCKET, True, True),
    ],
    ids=["nothing", "address", "socket", "web", "many", "many by socket"],
)
def test_the_manifest_is_the_one_for_the_settings(
    settings: dict[str, str], by_socket: bool, installs: bool
) -> None:
    made = printed(settings)
    assert made["settings"]["socket_mode_enabled"] is by_socket
    for place in (
        made["settings"]["event_subscriptions"],
        made["settings"]["interactivity"],
    ):
        there = None if by_socket else "https://muse.example.org/slack/events"
        assert place.get("request_url") == there
    back = ["https://muse.example.org/slack/oauth_redirect"] if installs else None
    assert made["oauth_config"].get("redirect_urls") == back
    assert made["settings"]["token_rotation_enabled"] is False


def test_the_manifest_follows_the_command_and_the_rotation_that_are_set() -> None:
    made = printed(MANY | {"SLACK_COMMAND": "/write", "SLACK_TOKEN_ROTATION": "1"})
    assert made["features"]["slash_commands"][0]["command"] == "/write"
    assert made["settings"]["token_rotation_enabled"] is True


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"SLACK_SIGNING_SECRET": "s"}, "MUSE_PUBLIC_URL"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "c"}, "MUSE_PUBLIC_URL"),
        ({"MUSE_PUBLIC_URL": "http://muse.example.org"}, "https"),
    ],
)
def test_settings_from_which_no_app_can_be_made_are_refused(
    settings: dict[str, str], names: str
) -> None:
    done = told("manifest", settings)
    assert done.returncode == 2
    assert done.stdout == ""
    assert names in done.stderr
    assert "Traceback" not in done.stderr


def test_a_key_is_new_each_time_and_encrypts(store: Any) -> None:
    first, second = (told("key", {}).stdout.strip() for _ in range(2))
    assert first != second
    StoredInstallations(store, [second, first])
