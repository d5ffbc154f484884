"""Ids drawn from what they stand for, so that making a thing twice makes one."""

from __future__ import annotations

import base64
import hashlib


def short_id(kind: str, text: str, length: int) -> str:
    """Letters and digits that stand for `text`: five bits of SHA-256 a character."""
    digest = hashlib.sha256(f"{kind}\n{text}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:length]
