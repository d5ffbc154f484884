"""Which family a model is of, by its name. Pure."""

from __future__ import annotations

import re

_FAMILY = re.compile(r"[a-z]+")


def family_of(model: str) -> str:
    """``gpt`` for ``openai/gpt-5.2-mini``, ``qwen`` for ``qwen3:8b``; '' where nothing tells."""
    found = _FAMILY.search(model.casefold().rpartition("/")[2])
    return found.group() if found else ""
