"""What is on the agenda, by name: ``verb:community:round``.

What only a process that speaks to a platform can do says so: ``verb@platform:…``.
"""

from __future__ import annotations

from bot.requests import RoundRef


def write(ref: RoundRef) -> str:
    """Write the round's entries, until it has those it wants."""
    return _item("write", ref)


def close(ref: RoundRef) -> str:
    """Close the round at its deadline."""
    return _item("close", ref)


def show(ref: RoundRef, platform: str) -> str:
    """Make the round's message show it as it stands, posting it where it is not there yet."""
    return _item(f"show@{platform}", ref)


def announce(ref: RoundRef, platform: str = "") -> str:
    """Tell the result of a closed round. A script may put the platform in by itself."""
    return _item(f"announce@{platform}", ref)


def expire(ref: RoundRef) -> str:
    """Let the round go."""
    return _item("expire", ref)


def read(item: str) -> tuple[str, RoundRef]:
    """The verb, without its platform, and the round of an item."""
    head, community, ident = item.split(":")
    return head.partition("@")[0], RoundRef(community, ident)


def _item(verb: str, ref: RoundRef) -> str:
    return f"{verb}:{ref.community}:{ref.round}"
