"""What the tests of `muse check` share: an environment of its own, and a look at what was found."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.checking.findings import Finding, State
from bot.settings import Settings, load_settings
from tests.support import engine_path

PREFIXES = ("DISCORD_", "SLACK_", "OPENAI_", "REDIS_", "MUSE_")


@dataclass
class Surroundings:
    """The environment of one check, which a test may change."""

    patch: pytest.MonkeyPatch

    @classmethod
    def clean(cls, patch: pytest.MonkeyPatch, folder: Path) -> Surroundings:
        """Nothing is set but where Muse's own server is, and any free port."""
        for name in [each for each in os.environ if each.startswith(PREFIXES)]:
            patch.delenv(name)
        patch.setenv("MUSE_DATA_DIR", str(folder / "data"))
        patch.setenv("MUSE_REDIS_SERVER", str(engine_path()))
        patch.setenv("MUSE_HTTP_PORT", "0")
        return cls(patch)

    def settings(self, given: Mapping[str, str]) -> Settings:
        """The settings with these besides."""
        for name, value in given.items():
            self.patch.setenv(name, value)
        return load_settings(None)


def states(found: list[Finding]) -> dict[str, State]:
    """How it stands with each thing."""
    return {each.about: each.state for each in found}


def only_bad(found: list[Finding], state: State = State.WRONG) -> Finding:
    """The one finding that is not well."""
    [bad] = [each for each in found if each.state in (State.WRONG, State.WARNING)]
    assert bad.state is state, bad
    assert bad.remedy
    return bad
