"""Who a number stands for: one identity, or several that are linked."""

from __future__ import annotations

from bot.models import UserRef


def identities(kept: str) -> tuple[UserRef, ...]:
    """The identities kept for a number; whose number it was first comes first."""
    return tuple(UserRef.parse(each) for each in kept.split("\n") if each)


def person(kept: str | None, platform: str = "") -> UserRef | None:
    """Who to name for a number: as `platform` knows them, where it does; None for nobody."""
    found = identities(kept or "")
    there = (each for each in found if each.platform == platform)
    return next(there, found[0] if found else None)


def number_now(held: str | None) -> int:
    """The number that an identity has now, of what is kept for it; 0 where nothing is."""
    return int((held or "0").partition(" ")[0])


def own_number(held: str) -> int:
    """The number that an identity had before it was ever linked, and has for itself alone."""
    return int(held.rpartition(" ")[2].partition("@")[0])


def number_in(held: str | None, links: int) -> int:
    """The number that an identity had in what was opened when there had been `links` links.

    The same rule as the scripts' own: a later link counts from the next thing opened.
    """
    if not held:
        return 0
    number, *earlier = held.split(" ")
    for had in earlier:
        before, _, link = had.partition("@")
        if links >= int(link):
            break
        number = before
    return int(number)
