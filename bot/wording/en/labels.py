"""What things are called, and how numbers are said."""

from __future__ import annotations

from collections.abc import Sequence

LABELS = {
    "human": "declared human",
    "ai": "AI",
    "together": "a person with AI",
    "deck": "Muse’s deck",
    "moved": "moved me",
    "original": "original",
    "deep": "deep",
    "entries": "pieces",
    "people": "people",
    "lenses": "angles",
    "week": "this week",
    "month": "this month",
    "all": "all time",
}
FORGOTTEN = "someone who left"


def numbers(values: Sequence[int]) -> str:
    """``2``, ``2 and 4``, ``1, 2 and 4``."""
    words = [str(value) for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
