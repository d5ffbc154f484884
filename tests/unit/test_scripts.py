"""What Redis is given as a script: all that it uses of what scripts share, and nothing else."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from bot.storage.client import script

FOLDER = files("bot.storage") / "scripts"
NAMES = sorted(
    each.name.removesuffix(".lua") for each in FOLDER.iterdir() if each.name[0] not in "_."
)
SHARED = re.findall(
    r"(?m)^local (?:function )?(\w+)", (FOLDER / "_shared.lua").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", NAMES)
def test_a_script_defines_what_it_uses_before_it_does(name: str) -> None:
    code = re.sub(r"--.*", "", script(name).source)
    for shared in SHARED:
        used = re.search(rf"(?<![\w.'])(?<!function )(?<!local ){shared}\b(?! =)", code)
        if used:
            defined = re.search(rf"(?m)^local (?:function )?{shared}\b", code)
            assert defined, f"{shared} is not defined"
            assert defined.start() < used.start(), f"{shared} is defined too late"


def test_a_script_holds_its_own_text_behind_what_it_shares() -> None:
    own = (FOLDER / "vote.lua").read_text(encoding="utf-8")
    source = script("vote").source
    assert source.endswith(own)
    assert "local function write_votes" in source


def test_a_script_is_spared_what_it_does_not_use() -> None:
    assert "ballot_of" not in script("vote").source
    assert "local function" not in script("lock_free").source
