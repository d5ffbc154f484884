"""Every key Muse uses, and what is in it.

A community's keys begin with the hash tag of its shard, ``{0}`` … ``{63}`` =
CRC16(community) mod 64, so that they share a slot with each other and with the shard's
agenda. ``c`` is a community id, ``r`` a round id, ``x`` a challenge id, ``k`` an entry's number, ``m``
a member's number, ``p`` a period (``all``, ``2026-11``, ``2026-W48``).

| key | type | what is in it | written by | expires |
|---|---|---|---|---|
| ``space:<platform>:<id>`` | string | the community a space belongs to; behind a space, the move that put it there | `spaces.py`, once (SET NX), space_point | when Muse is gone from it, by space_drop |
| ``within:<platform>:<id>`` | set | the spaces within a space: a workspace's direct messages, the workspaces of an organisation | `spaces.py`, `departures.py` (SADD) | one by one, when it is let go, by `departures.py` (SREM) |
| ``under:<platform>:<id>`` | string | the organisation by whose installation Muse is in a space | `departures.py` (SET) | when it is let go, or Muse is installed in the space itself |
| ``code:<print>`` | hash | a code for a place: ``community``, ``address``, ``until`` (ms), ``taken`` by which move | code_make, code_take | after 15 minutes by the injected clock; by Redis's after a day |
| ``commands:<platform>:<scope>`` | string | a hash of the native commands last registered there | `installed.py` (SET) | never |
| ``installation:<space>`` | string | what is held of an installation of Slack's, encrypted | `installations.py` (SET) | when it is removed |
| ``install:state:<print>`` | string | a state of an installation under way | `installations.py` (SET) | with its time, by Redis's clock |
| ``schema`` | string | the version of all this (`schema.py`); ``half`` while an import is under way | `schema.py`, `copying.py` (SET) | never |
| ``lock:schema`` | string | who takes the data to the next version | lock_take, lock_free | after 60 s by Redis's clock |
| ``{s}:c`` | hash | which communities of the shard there are → when made (ms) | community_make | never |
| ``{s}:c:<c>`` | hash | ``zone``, ``made``, ``members`` (the last m given), ``secret`` its own key for pseudonyms, ``s<m>`` since when they are known (ms), ``p<m>`` once they voted or put in an entry, ``approvals`` and ``chances`` of closed rounds, ``links`` of identities so far, ``away`` the community that its first space has joined | community_make, any script that meets a new member, vote, entry_add, round_close, `results.py` (one HSETNX) | never |
| ``{s}:c:<c>:spaces`` | set | the spaces of the community | community_make | never |
| ``{s}:c:<c>:ids`` | hash | platform identity → m; where it was linked, ``m m'@n``: m' in rounds opened before the community's n-th link | any script with a member, member_join, member_part | on forgetting |
| ``{s}:c:<c>:people`` | hash | m → platform identity, and those linked to it, a line each | the same | on forgetting |
| ``{s}:c:<c>:code:<print>`` | string | a code for one's own identities: m, until when it is good (ms); ``used`` and by which event | code_put, member_join | after 15 minutes by the injected clock; by Redis's after a day |
| ``{s}:c:<c>:tried:<who>`` | zset | event of a try with a code → when (ms) | code_try | after 2 h by Redis's clock |
| ``{s}:c:<c>:move`` | hash | the latest move of the space that the community began with: ``number``, ``kind``, ``from``, ``to``, ``state``, where it is told | move_begin, move_end | never |
| ``{s}:c:<c>:moves`` | hash | a space → the number of its latest move here, and how that went | move_ready, move_enter, move_leave, move_stay | never |
| ``{s}:c:<c>:rounds`` | zset | r → when it was opened (ms) | round_open | with the round |
| ``{s}:c:<c>:gone`` | hash | a space that Muse was removed from → when (ms); ``!`` once the community is being erased | space_left, space_back, erase_begin | when it comes back, or with the community |
| ``{s}:c:<c>:channels`` | hash | channel → its latest r; ``m:<message>`` → the r that a message shows | round_open, `messages.py` (one HSET) | with the round |
| ``{s}:c:<c>:seen`` | zset | event id of a vote, a pick, or an organiser's deed for challenges → when (ms) | vote, ballot_*, plan_set, challenge_* | after 2 h by the injected clock, with the community's next of them |
| ``{s}:c:<c>:past`` | list | the latest 500 texts, newest first: ``r/k``, a space, the text | entry_add, entry_withdraw, round_expire | with the round |
| ``{s}:c:<c>:prompts`` | list | the latest 50 prompts that Muse gave people, newest first | round_prompt | never |
| ``{s}:c:<c>:lore`` | hash | number → event id, a space, the line; ``next`` | lore_add, lore_remove | never |
| ``{s}:c:<c>:angles`` | hash | ``own:<lens>`` → a lens of its own as JSON; ``hidden:<lens>`` | angle_put, angle_hide | never |
| ``{s}:c:<c>:usage:<day>`` | hash | what the model has cost that day: tokens, cost (millionths), calls, in, cached, out; ``m<m>`` tokens of a member | usage_settle | after 32 days, by usage_hold |
| ``{s}:c:<c>:holds`` | hash | a call under way → until when (ms), tokens, cost and m that it may cost at most | usage_hold, usage_settle | when it is done, or after 15 minutes |
| ``{s}:c:<c>:leaving`` | hash | m who is being forgotten → what was kept in ``ids`` for each identity, a line each | member_leave | once they are |
| ``{s}:c:<c>:pace`` | zset | m, and # with a channel → when their last round was opened (ms) | round_open | after a day, with the community's next round |
| ``{s}:c:<c>:rules`` | hash | what the community has set (`bot.community.rules`): ``rule`` or ``rule@channel`` → value; ~ what the latest preset changed, as it was before | rule_set | never |
| ``{s}:c:<c>:organisers`` | hash | identity of a named organiser → 1 | set_change | on forgetting |
| ``{s}:c:<c>:words`` | hash | a word that no text may hold here → 1 | set_change | never |
| ``{s}:c:<c>:blocked`` | hash | a keyed hash of a member's identity → the identity, or 1 once they are forgotten | set_change, member_leave | never: it outlives forgetting |
| ``{s}:c:<c>:joined`` | zset | a keyed hash, as among ``blocked``, of who joined the space that the community began with, where its platform says so → when (ms) | join_note, `joins.py` (one ZREM) | on forgetting, unless a gate is shut by it; after a year, with the next who joins; the latest 20,000 |
| ``{s}:c:<c>:reported`` | zset | ``r/k`` and ``=x/alias`` that was reported and not decided → when first (ms) | report, entry_decide, round_delete, contender_report, contender_decide, `reports.py` (one ZREM) | once decided, or with the round |
| ``{s}:c:<c>:accused`` | zset | author.reporter.``r/k``, numbers of members → when (ms) | report, contender_report | after 30 days, with the next report; the latest 5,000 |
| ``{s}:c:<c>:notices`` | hash | platform identity, a space, ``r/k`` → what its author is to be told, as JSON; or ``!x<x>.<m>`` → what m is told of a challenge that is counted | entry_decide, contender_decide, challenge_count, notices_take | once told; of a challenge, with the next one's |
| ``{s}:c:<c>:log`` | list | the latest 1,000 deeds of organisers as JSON, newest first: when, m, what, of what, why | every script that ends with `record` | never |
| ``{s}:c:<c>:lenses`` | hash | lens → wins and losses, what its entries taught (`bot.stats.lens_choice`) | round_close | never |
| ``{s}:r:<c>:<r>`` | hash | the round: state, prompt, ``by`` (m whose words the prompt is, 0 for Muse's), times, prior, and for each entry ``a<k>`` = author.rank.parent author (before it x: taken back, h: hidden, d: disqualified), ``h<print>`` = k of the same text, ``e<event>`` = k and parent's author; ``b<m>`` = how many m put in; ``t:<event>`` = a remix to be written: m.entry, a space, what to make of it; ``k:<event>`` once it was asked; ``n<k>`` = who saw it, at the close; ``stale`` 1 while it has changed since somebody last began to show it; ``posting:message`` and ``posting:result``, which process posts it, and its last beat | round_*, entry_*, vote | agenda, 90 days after the close |
| ``{s}:r:<c>:<r>:entries`` | hash | k → the entry as JSON | entry_add, entry_withdraw | with the round |
| ``{s}:r:<c>:<r>:votes`` | hash | m → their votes, in the code of `bot.storage.votes` | vote | with the round |
| ``{s}:r:<c>:<r>:tally`` | hash | ``k`` approvals, ``k:1|2|4`` reasons, ``s<n>`` voters who had seen n entries | vote | with the round |
| ``{s}:r:<c>:<r>:reports`` | hash | ``k.m`` → 1 or 0 (of standing), a space, why; ``n<k>`` all and ``s<k>`` those of standing | report, round_delete | with the round |
| ``{s}:b:<c>:entries:<p>`` | zset | ``r/k`` → approval score | round_close, round_expire | entry by entry, with the round |
| ``{s}:b:<c>:people:<p>`` | zset | m → points | round_close, round_expire | 90 days on; ``all`` never |
| ``{s}:b:<c>:lenses:<p>`` | hash | ``lens:a``, ``lens:n``, ``lens:r`` → approvals, chances, rounds | round_close, round_expire | 90 days on; ``all`` never |
| ``{s}:b:<c>:pieces`` | hash | ``r/k`` → author's m, a space, and the piece as JSON | round_close, round_expire | with the round, the all-time first 100 kept |
| ``{s}:b:<c>:hall`` | set | those of ``pieces`` whose round is gone | round_expire | when they fall out of the first 100 |
| ``{s}:c:<c>:plan`` | hash | ``weekly`` and ``daily`` plans as JSON, ``rev`` how often they were changed, ``next`` and ``dnext`` when the next challenge and daily prompt begin (ms), ``skip`` until when none does, ``once`` 1 where the next begins though none does each week, ``count`` of challenges, ``current`` x, ``latest`` x and ``begun`` by what, ``last`` x that is no example, ``days`` the rounds of the week's daily prompts | plan_*, challenge_* | never |
| ``{s}:c:<c>:themes`` | hash | proposals: id → m, a space, the theme; ``v<id>.<m>`` → 1; ``next`` m, a space, what the last winner named; ``n`` the last id given | theme_*, challenge_open | a proposal once it is drawn |
| ``{s}:c:<c>:themed`` | list | the latest 20 themes, newest first | challenge_open | never |
| ``{s}:c:<c>:challenges`` | zset | x → when it was opened (ms), later than any before | challenge_open | never |
| ``{s}:x:<c>:<x>`` | hash | the challenge (`challenge_records.read_challenge`); ``rev`` how often its pool has changed, ``redrawn`` when (ms) what is posted of it last had to be shown anew; ``msg:<space>:<step>`` → a message that announced it, and its channel on a second line | challenge_* | never |
| ``{s}:x:<c>:<x>:put`` | hash | ``m<m>`` and ``a<n>`` → a contribution as JSON; ``r<m>`` who wants to be reminded → the space they asked from | contribution_* | at the deadline; where there was no voting, never |
| ``{s}:x:<c>:<x>:pool`` | hash | alias → an entry of the pool as JSON | challenge_freeze, contender_*, member_forget_challenge | never |
| ``{s}:x:<c>:<x>:shown`` | hash | alias, ``alias|alias`` → how often offered; the same after ``f:`` in finals | ballot_offer | never |
| ``{s}:x:<c>:<x>:ballots`` | hash | m → the offer that stands; ``b<m>`` what comes after it, once a pick was taken back; ``q<m>`` quota once it was raised; ``w<m>`` the space that they first voted from; ``n<m>`` how many offers | ballot_* | never |
| ``{s}:x:<c>:<x>:picks`` | hash | ``m.n`` → a pick | ballot_pick, ballot_unpick | never |
| ``{s}:x:<c>:<x>:said`` | hash | ``s<m>`` the entries that m is asked about; ``g<m>.<alias>`` → a guess, ``p<m>.<facet>`` → alias | ballot_ask, ballot_say | never |
| ``{s}:x:<c>:<x>:reports`` | hash | ``alias.m`` → 1 or 0 (of standing), a space, why; ``n<alias>`` all and ``s<alias>`` those of standing | contender_report | never |
| ``{s}:x:<c>:<x>:results`` | string | what was counted at the close, as JSON | challenge_count | never |
| ``{s}:x:<c>:<x>:spent`` | set | a keyed hash of each identity that was forgotten once it had had a ballot in it, as among ``blocked`` | member_leave | at the close |
| ``{s}:agenda`` | zset | item (`agenda_items.py`) → when due, or when its lease ends (ms) | round_*, entry_*, vote, report, agenda_*, challenge_*, contender_decide, member_forget_* | when done |
| ``{s}:agenda:tries`` | hash | item → how often it was begun | agenda_*, round_withdraw, round_close | when done |
| ``{s}:agenda:dead`` | hash | item → when and why it was given up, and what people may read of that, as JSON | agenda_later, agenda_again | once it is tried again; the latest 1,000 |

Records that belong to everyone are single keys without a tag: ``space:…``, ``within:…``, ``under:…``, ``code:…``, ``schema``.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from functools import lru_cache

from bot.models import SpaceRef

SHARDS = 64
SCHEMA = "schema"
SCHEMA_LOCK = "lock:schema"
HALF = "half"  # in the place of a version: an import is under way, or broke off


@lru_cache(maxsize=16384)
def shard(community: str) -> int:
    """The shard of a community: CRC16 (XMODEM, as Redis Cluster computes it) mod 64."""
    return binascii.crc_hqx(community.encode(), 0) % SHARDS


def space(ref: SpaceRef) -> str:
    """Where a space's community is named."""
    return f"space:{ref}"


def within(ref: SpaceRef) -> str:
    """Where the spaces within a space are named."""
    return f"within:{ref}"


def under(ref: SpaceRef) -> str:
    """Where it is named by whose installation Muse is in a space."""
    return f"under:{ref}"


def installation(ref: SpaceRef) -> str:
    """What is held of an installation."""
    return f"installation:{ref}"


def commands(platform: str, scope: str) -> str:
    """What was noted of the native commands last registered on a platform."""
    return f"commands:{platform}:{scope}"


def place_code(print_of_it: str) -> str:
    """A code under which a place may join a community."""
    return f"code:{print_of_it}"


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
    rounds: str
    gone: str
    leaving: str
    channels: str
    seen: str
    past: str
    pace: str
    rules: str
    organisers: str
    words: str
    blocked: str
    reported: str
    accused: str
    notices: str
    log: str
    prompts: str
    lore: str
    angles: str
    lenses: str
    pieces: str
    hall: str
    agenda: str
    tries: str
    board_root: str
    usage_root: str
    holds: str
    move: str
    moves: str
    plan: str
    themes: str
    themed: str
    challenges: str
    joined: str

    def member_code(self, print_of_it: str) -> str:
        """A code for a member's own identities."""
        return f"{self.record}:code:{print_of_it}"

    def tried(self, who: str) -> str:
        """Tries with codes; `who` stands for a space or a member."""
        return f"{self.record}:tried:{who}"

    def usage(self, day: str) -> str:
        """What the model has cost on a day."""
        return f"{self.usage_root}:{day}"

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
    reports: str


@dataclass(frozen=True, slots=True)
class ChallengeKeys:
    """The keys of one challenge."""

    record: str
    put: str
    pool: str
    shown: str
    ballots: str
    picks: str
    said: str
    reports: str
    results: str
    spent: str


@lru_cache(maxsize=4096)  # some 4 KB each
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
        rounds=f"{root}:rounds",
        gone=f"{root}:gone",
        leaving=f"{root}:leaving",
        channels=f"{root}:channels",
        seen=f"{root}:seen",
        past=f"{root}:past",
        pace=f"{root}:pace",
        rules=f"{root}:rules",
        organisers=f"{root}:organisers",
        words=f"{root}:words",
        blocked=f"{root}:blocked",
        reported=f"{root}:reported",
        accused=f"{root}:accused",
        notices=f"{root}:notices",
        log=f"{root}:log",
        prompts=f"{root}:prompts",
        lore=f"{root}:lore",
        angles=f"{root}:angles",
        lenses=f"{root}:lenses",
        pieces=f"{boards}:pieces",
        hall=f"{boards}:hall",
        agenda=agenda(number),
        tries=agenda_tries(number),
        board_root=boards,
        usage_root=f"{root}:usage",
        holds=f"{root}:holds",
        move=f"{root}:move",
        moves=f"{root}:moves",
        plan=f"{root}:plan",
        themes=f"{root}:themes",
        themed=f"{root}:themed",
        challenges=f"{root}:challenges",
        joined=f"{root}:joined",
    )


@lru_cache(maxsize=4096)
def round_keys(community_id: str, ident: str) -> RoundKeys:
    """The keys of a round."""
    root = f"{{{shard(community_id)}}}:r:{community_id}:{ident}"
    return RoundKeys(root, f"{root}:entries", f"{root}:votes", f"{root}:tally", f"{root}:reports")


@lru_cache(maxsize=1024)
def challenge_keys(community_id: str, ident: str) -> ChallengeKeys:
    """The keys of a challenge."""
    root = f"{{{shard(community_id)}}}:x:{community_id}:{ident}"
    parts = ("put", "pool", "shown", "ballots", "picks", "said", "reports", "results", "spent")
    return ChallengeKeys(root, *(f"{root}:{part}" for part in parts))
