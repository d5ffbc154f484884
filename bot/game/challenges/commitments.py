"""What seals an entry when voting opens, and the pseudonyms that files of results hold.

A commitment says nothing without its salt, and with it can't be met by another text, origin or
maker: so it shows, once the salt is told, that nothing was changed while people voted.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable

MUSE = "muse"  #: the pseudonym of what Muse wrote


def commitment(salt: str, alias: str, text: str, origin: str, pseudonym: str) -> str:
    """The hash that is published: SHA-256, in hexadecimal, of the five as a JSON array."""
    sealed = json.dumps([salt, alias, text, str(origin), pseudonym], ensure_ascii=True)
    return hashlib.sha256(sealed.encode()).hexdigest()


def root_of(commitments: Iterable[str]) -> str:
    """One hash of all seals of a challenge: SHA-256, in hexadecimal, of them in their own order, a
    line feed between two. Who noted it has noted them all.
    """
    return hashlib.sha256("\n".join(sorted(commitments)).encode()).hexdigest()


def maker_pseudonym(secret: str, member: int) -> str:
    """What a community's files call a maker by, `member` being 0 for Muse. `secret` is the
    community's own (`ResultStore.secret`).
    """
    return _drawn(secret, f"maker {member}") if member else MUSE


def voter_pseudonym(secret: str, challenge: str, member: int) -> str:
    """What they call a voter by: another one in each challenge, and never a maker's, so that
    who is named as a maker can't be found among the voters.
    """
    return _drawn(secret, f"voter {challenge} {member}")


def _drawn(secret: str, what: str) -> str:
    digest = hmac.new(secret.encode(), what.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:10]
