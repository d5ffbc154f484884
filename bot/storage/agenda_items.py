"""What is on the agenda, by name: ``verb:community:round``."""

from __future__ import annotations

from bot.requests import RoundRef


def write(ref: RoundRef) -> str:
    """Write the round's entries, until it has those it wants."""
    return _item("write", ref)


def close(ref: RoundRef) -> str:
    """Close the round at its deadline."""
    return _item("close", ref)


def announce(ref: RoundRef) -> str:
    """Tell the result of a closed round."""
    return _item("announce", ref)


def expire(ref: RoundRef) -> str:
    """Let the round go."""
    return _item("expire", ref)


def read(item: str) -> tuple[str, RoundRef]:
    """The verb and the round of an item."""
    verb, community, ident = item.split(":")
    return verb, RoundRef(community, ident)


def _item(verb: str, ref: RoundRef) -> str:
    return f"{verb}:{ref.community}:{ref.round}"
