"""Passwords: none in what settings print of themselves, all in what the log is told to hide."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.settings import GROUPS, load_settings, variables

NAMES = [name for group in GROUPS.values() for name in variables(group)]
#: Every setting that is an address, with one that holds the password ``hunter2``.
ADDRESSES = {
    "DISCORD_API_URL": "https://me:hunter2@discord.test/api",
    "DISCORD_GATEWAY_URL": "wss://me:hunter2@discord.test/gateway",
    "SLACK_API_URL": "https://:hunter2@slack.test/api",
    "SLACK_AUTHORIZE_URL": "https://me:hunter2@consent.test/authorize",
    "OPENAI_BASE_URL": "https://me:hunter2@model.test/v1",
    "MUSE_PUBLIC_URL": "https://me:hunter2@muse.test",
    "REDIS_URL": "rediss://me:hunter2@redis.test:6379/0",
}
SENTINEL = "redis+sentinel://me:hunter2@a:26379,b:26379/main/0"


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without settings, in an empty folder."""
    for name in list(os.environ):
        if name.startswith("MUSE_") or name in NAMES:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_every_address_is_looked_at() -> None:
    assert {name for name in NAMES if name.endswith("_URL")} == set(ADDRESSES)


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_password_of_an_address_is_printed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, ADDRESSES[name])
    settings = load_settings()
    groups = [getattr(settings, group) for group in GROUPS]
    for thing in (settings, *groups):
        for text in (repr(thing), str(thing), f"{thing}", f"{thing!r}"):
            assert "hunter2" not in text
    assert "hunter2" in settings.secrets()


def test_no_password_of_a_file_is_printed(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text("".join(f"{name}={url}\n" for name, url in ADDRESSES.items()), "utf-8")
    settings = load_settings(file)
    assert "hunter2" not in repr(settings) + str(settings)
    assert "hunter2" in settings.secrets()


@pytest.mark.parametrize(
    "query", ["?sentinel_password=s3same", "?protocol=3&sentinel_password=s3same&protocol=2"]
)
def test_the_password_of_the_sentinels_is_hidden(
    query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", f"{SENTINEL}{query}")
    settings = load_settings()
    assert {"s3same", "hunter2"} <= set(settings.secrets())
    assert "s3same" not in repr(settings) + str(settings)


def test_a_password_in_the_query_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "unix:///run/redis.sock?username=me&password=s3same")
    assert "s3same" in load_settings().secrets()


def test_an_escaped_password_of_the_sentinels_is_hidden_as_it_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REDIS_URL", f"{SENTINEL}?sentinel_password=s3%40me")
    assert {"s3%40me", "s3@me"} <= set(load_settings().secrets())
