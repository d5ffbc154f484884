"""The decks written for people: questions and prompts that they answer, not Muse.

Each file of `decks_people` has a table for each kind of text, and under it lists of frames by the
sort of theme that they take. The notation is that of `bot.writing.grammar`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

#: kind → section → frames.
PeopleDeck = Mapping[str, Mapping[str, Sequence[str]]]


@cache
def load(name: str) -> PeopleDeck:
    """The deck called `name`, read once. `FileNotFoundError` where the package has none."""
    text = files("bot.writing").joinpath("decks_people", f"{name}.toml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, list[Any]]] = tomllib.loads(text)
    return {
        kind: {section: tuple(str(each) for each in frames) for section, frames in sections.items()}
        for kind, sections in loaded.items()
    }
