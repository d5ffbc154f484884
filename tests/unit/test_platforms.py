"""Platforms as the settings ask for them."""

from __future__ import annotations

from typing import cast

import pytest

from bot.errors import SetupError
from bot.platforms import discord_platform
from bot.settings import load_settings
from bot.storage.client import Store

NEVER_USED = cast(Store, None)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"SHARD_IDS": "0"}, "set DISCORD_SHARD_COUNT too"),
        ({"SHARD_IDS": "0,3,4", "SHARD_COUNT": "3"}, "has 3, but .* they go from 0 to 2"),
    ],
)
def test_shards_have_to_fit_together(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, str], said: str
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    for name, value in told.items():
        monkeypatch.setenv(f"DISCORD_{name}", value)
    with pytest.raises(SetupError, match=said):
        discord_platform(load_settings(), NEVER_USED)


def test_shards_that_fit_and_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_SHARD_IDS", "0,2")
    monkeypatch.setenv("DISCORD_SHARD_COUNT", "3")
    assert discord_platform(load_settings(), NEVER_USED) is None
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    platform = discord_platform(load_settings(), NEVER_USED)
    assert platform is not None
    assert platform.name == "discord"
