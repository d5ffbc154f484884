"""A challenge that has closed and is counted by the game itself, for tests of what is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

from bot.cards import Card, Line, Literal, Person, Piece, Plain, Strong
from bot.challenge import ChallengeState, GuessMade, PickMade, PraiseGiven, Side
from bot.challenge_requests import (
    ChallengeRef,
)
from bot.game.challenges.commitments import commitment, maker_pseudonym
from bot.models import Facet, Origin
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.challenge_records import write_contender
from bot.storage.client import Store
from bot.storage.results import ResultStore
from tests.challenging import Made, VotingChallenge, pool_of, put_picks, put_said, voting_challenge
from tests.support import FakeClock, Table

VOTERS = range(101, 131)


async def closed(
    table: Table,
    made: Sequence[Made] | None = None,
    *,
    picks: int = 8,
    said: bool = True,
    counted: bool = True,
    **changes: Any,
) -> VotingChallenge:
    """A challenge that has closed: by default five people, two of Muse's, one made together."""
    store = table.muse.store
    entries = made if made is not None else pool_of(5, 2, 1)
    found = await voting_challenge(
        store, table.clock, entries, state=ChallengeState.CLOSED, **changes
    )
    aliases = sorted(found.pool, key=lambda alias: found.pool[alias].text)
    rng, cast, guesses, praises = Random("voters"), [], [], []
    pairs = [(a, b) for a in aliases for b in aliases if a < b]
    for voter in VOTERS:
        for n, (a, b) in enumerate(rng.sample(pairs, min(picks, len(pairs))), 1):
            side = Side.LEFT if rng.random() < 0.75 else Side.RIGHT
            better = aliases.index(a) < aliases.index(b)
            left, right = (a, b) if better else (b, a)
            cast.append(PickMade(voter, n, left, right, side))
        if said:
            guesses += [
                GuessMade(voter, alias, rng.choice((Origin.HUMAN, Origin.AI)))
                for alias in rng.sample(aliases, min(3, len(aliases)))
            ]
            praises += [PraiseGiven(voter, facet, rng.choice(aliases)) for facet in Facet]
    if cast:
        await put_picks(store, found.ref, cast)
    if guesses:
        await put_said(store, found.ref, guesses, praises)
    if counted:
        await begin_count(store, found.ref, table.clock)
        await table.muse.settle()
    return found


async def begin_count(store: Store, ref: ChallengeRef, clock: FakeClock) -> None:
    """What the close puts on the agenda."""
    shared = keys.community(ref.community)
    await store.call("ZADD", shared.agenda, int(clock.now().timestamp() * 1000), items.count(ref))


async def on_agenda(store: Store, community: str) -> list[str]:
    found: list[str] = await store.call("ZRANGE", keys.community(community).agenda, 0, -1)
    return found


async def seal(store: Store, found: VotingChallenge) -> None:
    """Commitments as LIFE makes them when voting opens."""
    secret = await ResultStore(store).secret(found.ref.community, "5ec5e7")
    own = keys.challenge_keys(found.ref.community, found.ref.challenge)
    for alias, entry in found.pool.items():
        maker = maker_pseudonym(secret, entry.author)
        made = commitment(entry.salt, alias, entry.text, entry.origin, maker)
        await store.call("HSET", own.pool, alias, write_contender(replace(entry, commitment=made)))


def words_of(card: Card) -> str:
    """All that a card says, people by their ids."""
    said = []
    for block in card.blocks:
        for name in ("line", "byline", "label", "value"):
            line: Line = getattr(block, name, ())
            if isinstance(line, tuple):
                said.append("".join(_span(span) for span in line))
        if isinstance(block, Piece):
            said.append(block.text)
    return "\n".join(said)


def _span(span: object) -> str:
    match span:
        case Plain(text) | Literal(text) | Strong(text):
            return text
        case Person(user):
            return f"@{user.id}" if user else "@–"
    return ""
