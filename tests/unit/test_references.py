"""Ids that stand for a text: they are in Redis already, so they stay what they are."""

from __future__ import annotations

import base64
import hashlib

from hypothesis import given
from hypothesis import strategies as st

from bot.references import event_id, short_id

_TEXT = st.text(st.characters(codec="utf-8"))


@given(_TEXT, _TEXT, st.integers(1, 48))
def test_an_id_is_the_base_32_of_a_hash(kind: str, text: str, length: int) -> None:
    digest = hashlib.sha256(f"{kind}\n{text}".encode()).digest()
    assert short_id(kind, text, length) == base64.b32encode(digest).decode().lower()[:length]


def test_the_id_of_an_event_is_what_it_was() -> None:
    assert event_id("discord:77") == "k2e5gzm7ny6ksxbwe4x2"
