"""Every key Muse uses, and what is in it.

A community's keys begin with the hash tag of its shard, ``{0}`` … ``{63}`` =
CRC16(community) mod 64, so that they share a slot with each other and with the shard's
agenda. ``c`` is a community id, ``r`` a round id, ``k`` an entry's number, ``m`` a
member's number, ``p`` a period (``all``, ``2026-11``, ``2026-W48``).

| key | type | what is in it | written by | expires |
|---|---|---|---|---|
| ``space:<platform>:<id>`` | string | the community a space belongs to | `spaces.py`, once (SET NX) | never |
| ``{s}:c`` | hash | which communities of the shard there are → when made (ms) | community_make | never |
| ``{s}:c:<c>`` | hash | ``zone``, ``made``, ``members`` (the last m given), ``approvals`` and ``chances`` of closed rounds | community_make, any script that meets a new member, round_close | never |
| ``{s}:c:<c>:spaces`` | set | the spaces of the community | community_make | never |
| ``{s}:c:<c>:ids`` | hash | platform identity → m | any script with a member | on forgetting |
| ``{s}:c:<c>:people`` | hash | m → platform identity | the same | on forgetting |
| ``{s}:c:<c>:channels`` | hash | channel → its latest r | round_open | with the round |
| ``{s}:c:<c>:seen`` | zset | event id of a vote → when (ms) | vote | after 2 h by the injected clock, with the community's next vote |
| ``{s}:c:<c>:past`` | list | the latest 500 texts, newest first: ``r/k``, a space, the text | entry_add, entry_withdraw, round_expire | with the round |
| ``{s}:c:<c>:lenses`` | hash | lens → wins and losses, what its entries taught (`bot.stats.lens_choice`) | round_close | never |
| ``{s}:r:<c>:<r>`` | hash | the round: state, prompt, times, prior, and for each entry ``a<k>`` = author.rank.parent author (x before it: taken back), ``h<print>`` = k of the same text, ``e<event>`` = k and parent's author; ``b<m>`` = how many m put in; ``n<k>`` = who saw it, at the close | round_*, entry_* | agenda, 90 days after the close |
| ``{s}:r:<c>:<r>:entries`` | hash | k → the entry as JSON | entry_add, entry_withdraw | with the round |
| ``{s}:r:<c>:<r>:votes`` | hash | m → their votes, in the code of `bot.storage.votes` | vote | with the round |
| ``{s}:r:<c>:<r>:tally`` | hash | ``k`` approvals, ``k:1|2|4`` reasons, ``s<n>`` voters who had seen n entries | vote | with the round |
| ``{s}:b:<c>:entries:<p>`` | zset | ``r/k`` → approval score | round_close, round_expire | entry by entry, with the round |
| ``{s}:b:<c>:people:<p>`` | zset | m → points | round_close, round_expire | 90 days on; ``all`` never |
| ``{s}:b:<c>:lenses:<p>`` | hash | ``lens:a``, ``lens:n``, ``lens:r`` → approvals, chances, rounds | round_close, round_expire | 90 days on; ``all`` never |
| ``{s}:b:<c>:pieces`` | hash | ``r/k`` → author's m, a space, and the piece as JSON | round_close, round_expire | with the round, the all-time first 100 kept |
| ``{s}:b:<c>:hall`` | set | those of ``pieces`` whose round is gone | round_expire | when they fall out of the first 100 |
| ``{s}:agenda`` | zset | item (`agenda_items.py`) → when due, or when its lease ends (ms) | round_*, agenda_* | when done |
| ``{s}:agenda:tries`` | hash | item → how often it was begun | agenda_*, round_withdraw, round_close | when done |
| ``{s}:agenda:dead`` | hash | item → when and why it was given up, as JSON | agenda_later | never |

Records that belong to everyone are single keys without a tag: ``space:…`` alone so far.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from functools import lru_cache

from bot.models import SpaceRef

SHARDS = 64


@lru_cache(maxsize=65536)
def shard(community: str) -> int:
    """The shard of a community: CRC16 (XMODEM, as Redis Cluster computes it) mod 64."""
    return binascii.crc_hqx(community.encode(), 0) % SHARDS


def space(ref: SpaceRef) -> str:
    """Where a space's community is named."""
    return f"space:{ref}"


def communities(number: int) -> str:
    """The list of a shard's communities."""
    return f"{{{number}}}:c"


def agenda(number: int) -> str:
    """A shard's agenda."""
    return f"{{{number}}}:agenda"


def agenda_tries(number: int) -> str:
    """How often a shard's items were begun."""
    return f"{{{number}}}:agenda:tries"


def agenda_dead(number: int) -> str:
    """A shard's items that were given up."""
    return f"{{{number}}}:agenda:dead"


@dataclass(frozen=True, slots=True)
class CommunityKeys:
    """The keys of one community."""

    record: str
    spaces: str
    ids: str
    people: str
    channels: str
    seen: str
    past: str
    lenses: str
    pieces: str
    hall: str
    agenda: str
    tries: str
    board_root: str

    def board(self, board: str, period: str) -> str:
        """One board over one period."""
        return f"{self.board_root}:{board}:{period}"


@dataclass(frozen=True, slots=True)
class RoundKeys:
    """The keys of one round."""

    record: str
    entries: str
    votes: str
    tally: str


@lru_cache(maxsize=16384)
def community(ident: str) -> CommunityKeys:
    """The keys of a community."""
    number = shard(ident)
    root = f"{{{number}}}:c:{ident}"
    boards = f"{{{number}}}:b:{ident}"
    return CommunityKeys(
        record=root,
        spaces=f"{root}:spaces",
        ids=f"{root}:ids",
        people=f"{root}:people",
        channels=f"{root}:channels",
        seen=f"{root}:seen",
        past=f"{root}:past",
        lenses=f"{root}:lenses",
        pieces=f"{boards}:pieces",
        hall=f"{boards}:hall",
        agenda=agenda(number),
        tries=agenda_tries(number),
        board_root=boards,
    )


@lru_cache(maxsize=16384)
def round_keys(community_id: str, ident: str) -> RoundKeys:
    """The keys of a round."""
    root = f"{{{shard(community_id)}}}:r:{community_id}:{ident}"
    return RoundKeys(root, f"{root}:entries", f"{root}:votes", f"{root}:tally")
