"""Golden files: what a card looked like when somebody last read it.

``UPDATE_GOLDEN=1 pytest tests/unit`` writes them anew; read the difference before keeping it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Holds a text to the file of that name."""
    updating = os.environ.get("UPDATE_GOLDEN") == "1"

    def same(name: str, text: str) -> None:
        path = GOLDEN / f"{name}.txt"
        if updating:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        assert path.exists(), f"no {path.name}: UPDATE_GOLDEN=1 writes it ({request.node.name})"
        assert text == path.read_text(encoding="utf-8")

    return same
