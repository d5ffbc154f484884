"""What is on the agenda, by name: ``verb:community:round``, or a member's number for a round.

What only a process that speaks to a platform can do says so: ``verb@platform:…``.
"""

from __future__ import annotations

from bot.challenge_requests import ChallengeRef
from bot.models import RoundRef, SpaceRef
from bot.references import short_id

#: What writes, and so takes long: a community has only its share of it under way.
WRITES = frozenset({"write", "paint", "prompt", "twist"})


def write(ref: RoundRef) -> str:
    """Write the round's entries, until it has those it wants."""
    return _item("write", ref)


def paint(ref: RoundRef, platform: str) -> str:
    """Write the round and paint its entries: its platform keeps the pictures."""
    return _item(f"paint@{platform}", ref)


def prompt(ref: RoundRef) -> str:
    """Find the prompt of a round that people are to begin."""
    return _item("prompt", ref)


def twist(ref: RoundRef) -> str:
    """Write the remixes that members asked for in the round."""
    return _item("twist", ref)


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


def mend(ref: RoundRef, platform: str = "") -> str:
    """Make what was posted of a round show it as it stands, where somebody was forgotten. A
    script may put the platform in by itself.
    """
    return _item(f"mend@{platform}", ref)


def forget(community: str, member: str) -> str:
    """Take a member who left out of everything; `member` is their number."""
    return _item("forget", RoundRef(community, member))


def erase(community: str) -> str:
    """Erase what Muse was removed from, when it has been long enough."""
    return _item("erase", RoundRef(community, "all"))


def move(first: str, number: str) -> str:
    """Move a space to another community; `first` is the one it began with."""
    return _item("move", RoundRef(first, number))


def tell(ref: RoundRef, platform: str, side: str) -> str:
    """Tell one side of a move that it is done."""
    return _item(f"tell@{platform}", RoundRef(ref.community, f"{ref.round}.{side}"))


def welcome(community: str, platform: str) -> str:
    """Say in a new place what Muse is."""
    return _item(f"welcome@{platform}", RoundRef(community, "first"))


def begin(community: str, which: str = "weekly") -> str:
    """Begin the next challenge when it is due, or with `which` ``daily`` give a prompt."""
    return _item("begin", RoundRef(community, which))


def week_end(community: str, platform: str) -> str:
    """Show the best answers of a week of daily prompts on a platform. It is named twice: whoever
    does it must know where it was meant for.
    """
    return _item(f"weekend@{platform}", RoundRef(community, platform))


def compete(ref: ChallengeRef) -> str:
    """Write Muse's own entries of a challenge."""
    return _challenge_item("compete", ref)


def advance(ref: ChallengeRef) -> str:
    """Take a challenge on to its next state, when it is time."""
    return _challenge_item("advance", ref)


def count(ref: ChallengeRef) -> str:
    """Count a challenge that has closed."""
    return _challenge_item("count", ref)


def proclaim(ref: ChallengeRef, step: str, space: SpaceRef) -> str:
    """Announce a step of a challenge (``opened``, ``voting`` …) in a space."""
    return _challenge_item(f"proclaim@{space.platform}", ref, f".{step}.{short_space(space)}")


def redraw(ref: ChallengeRef, platform: str = "") -> str:
    """Make what was posted of a challenge on a platform show it as it stands, where somebody was
    forgotten or an entry struck or restored. A script may put the platform in by itself.
    """
    return _challenge_item(f"redraw@{platform}", ref)


def remind(ref: ChallengeRef, platform: str, member: int) -> str:
    """Remind a member, who asked for it, that entries close."""
    return _challenge_item(f"remind@{platform}", ref, f".{member}")


def short_space(space: SpaceRef) -> str:
    """What a space is called in items."""
    return short_id("space", str(space), 10)


def read(item: str) -> tuple[str, RoundRef]:
    """The verb, without its platform, and the round of an item."""
    head, community, ident = item.split(":")
    return head.partition("@")[0], RoundRef(community, ident)


def _item(verb: str, ref: RoundRef) -> str:
    return f"{verb}:{ref.community}:{ref.round}"


def _challenge_item(verb: str, ref: ChallengeRef, tail: str = "") -> str:
    return _item(verb, RoundRef(ref.community, ref.challenge + tail))
