"""Draws that come out the same for whoever counts the same thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def seeded(*numbers: int) -> np.random.Generator:
    """A generator of its own for each sequence of numbers, such as a seed and a purpose."""
    import numpy as np

    return np.random.default_rng(numbers)
