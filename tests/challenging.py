"""A challenge whose voting is on, written straight through the codecs, and picks in it.

For tests of what comes after the deadline. The way there is tested by the scenarios.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from bot.ballot import OwnBallot
from bot.cards import Card
from bot.challenge import (
    Challenge,
    ChallengeState,
    Contender,
    GuessMade,
    PickMade,
    Plan,
    PraiseGiven,
    Side,
)
from bot.challenge_requests import ChallengeRef, OpenBallot, Pick
from bot.models import Origin, SpaceRef, UserRef
from bot.ports import Clock
from bot.requests import Request
from bot.storage import keys
from bot.storage.ballots import Ballots
from bot.storage.challenge_records import (
    read_contender,
    write_contender,
    write_guess,
    write_pick,
    write_plan,
    write_praise,
)
from bot.storage.client import Store
from bot.storage.spaces import Spaces
from bot.storage.votes import milliseconds, pairs
from tests.support import SPACE, Table, member

VOTING = timedelta(days=2)
OPEN = timedelta(days=3)


@dataclass(frozen=True)
class Made:
    """An entry of a pool and who made it; `by` None is Muse."""

    text: str
    by: UserRef | None = None
    origin: Origin = Origin.HUMAN
    family: str = ""
    model: str = ""
    parent: str = ""
    lens: str = ""


@dataclass(frozen=True)
class VotingChallenge:
    """What was written: the challenge, its pool by alias, and the members' numbers."""

    challenge: Challenge
    pool: Mapping[str, Contender]
    numbers: Mapping[UserRef, int]

    @property
    def ref(self) -> ChallengeRef:
        return ChallengeRef(self.challenge.community, self.challenge.id)

    def alias_of(self, who: str | UserRef) -> str:
        """The alias of a member's entry; a name is one of the test's own platform."""
        user = member(who) if isinstance(who, str) else who
        (alias,) = [a for a, each in self.pool.items() if each.author == self.numbers[user]]
        return alias


def pool_of(people: int, ai: int = 0, together: int = 0) -> list[Made]:
    """So many entries: of members ``author1``, ``author2`` …, and of Muse."""
    made = [
        Made(
            f"what the rain wrote on window {n}",
            member(f"author{n}"),
            Origin.HUMAN if n <= people else Origin.TOGETHER,
            "" if n <= people else "fable",
            "" if n <= people else "fable-2",
        )
        for n in range(1, people + together + 1)
    ]
    return made + [
        Made(
            f"the rain signs its name on roof {n}",
            None,
            Origin.AI,
            "fable",
            "fable-2",
            lens="letter",
        )
        for n in range(1, ai + 1)
    ]


async def enrolled(
    store: Store, community: str, users: Iterable[UserRef], clock: Clock
) -> dict[UserRef, int]:
    """The members' numbers, as scripts give them to whom they don't know yet."""
    shared = keys.community(community)
    numbers: dict[UserRef, int] = {}
    for user in users:
        held = await store.call("HGET", shared.ids, str(user))
        if not held:
            held = str(await store.call("HINCRBY", shared.record, "members", 1))
            await store.call("HSET", shared.ids, str(user), held)
            await store.call("HSET", shared.people, held, str(user))
            await store.call("HSET", shared.record, f"s{held}", milliseconds(clock.now()))
        numbers[user] = int(held.partition(" ")[0])
    return numbers


async def voting_challenge(
    store: Store,
    clock: Clock,
    made: Sequence[Made],
    *,
    space: SpaceRef = SPACE,
    number: int = 1,
    theme: str = "what the rain keeps",
    state: ChallengeState = ChallengeState.VOTING,
    voting: timedelta = VOTING,
    plan: Plan | None = None,
    example: bool = False,
    seed: int = 7,
) -> VotingChallenge:
    """A community's challenge as it is once entries have become the pool, and voting is on.

    It opened three days ago; it closes `voting` from now, or has just closed.
    """
    now = clock.now()
    community = (await Spaces(store, "UTC").community(space, now)).id
    shared = keys.community(community)
    authors = [each.by for each in made if each.by]
    numbers = await enrolled(store, community, dict.fromkeys(authors), clock)
    links = int(await store.call("HGET", shared.record, "links") or 0)
    closed = state is ChallengeState.CLOSED
    challenge = Challenge(
        community=community,
        id=f"x{number}",
        number=number,
        state=state,
        theme=theme,
        opened=now - OPEN - (voting if closed else timedelta(0)),
        deadline=now - (voting if closed else timedelta(0)),
        closes=now if closed else now + voting,
        plan=plan or Plan(running=True),
        seed=seed,
        links=links,
        example=example,
        voting_since=now - (voting if closed else timedelta(0)),
        closed=now if closed else None,
    )
    rng = Random(f"aliases {seed} {number}")
    pool: dict[str, Contender] = {}
    for each in made:
        while (alias := "".join(rng.choices("bcdfghjkmnpqrstvwxz", k=4))) in pool:
            pass
        pool[alias] = Contender(
            alias=alias,
            text=each.text,
            origin=each.origin,
            author=numbers[each.by] if each.by else 0,
            model=each.model,
            family=each.family,
            parent=each.parent,
            lens=each.lens,
            salt=f"{rng.getrandbits(128):032x}",
        )
    for alias, contender in pool.items():
        sealed = f"{contender.salt}\n{alias}\n{contender.text}\n{contender.origin}"
        commitment = hashlib.sha256(sealed.encode()).hexdigest()
        pool[alias] = replace(contender, commitment=commitment)
    own = keys.challenge_keys(community, challenge.id)
    await store.call("HSET", own.record, *_flat(record_of(challenge)))
    if pool:
        rows = {alias: write_contender(each) for alias, each in pool.items()}
        await store.call("HSET", own.pool, *_flat(rows))
    await store.call("ZADD", shared.challenges, milliseconds(challenge.opened), challenge.id)
    kept = {"count": str(number), "latest": challenge.id}
    if not example:
        kept["last"] = challenge.id
    if not closed:
        kept["current"] = challenge.id
    await store.call("HSET", shared.plan, *_flat(kept))
    return VotingChallenge(challenge, pool, numbers)


def record_of(challenge: Challenge) -> dict[str, str]:
    """A challenge's record, as `read_challenge` reads it."""
    fields = {
        "state": str(challenge.state),
        "number": str(challenge.number),
        "theme": challenge.theme,
        "opened": str(milliseconds(challenge.opened)),
        "deadline": str(milliseconds(challenge.deadline)),
        "closes": str(milliseconds(challenge.closes)),
        "plan": write_plan(challenge.plan),
        "seed": str(challenge.seed),
        "links": str(challenge.links),
        "example": "1" if challenge.example else "",
        "voting": str(milliseconds(challenge.voting_since)) if challenge.voting_since else "",
        "closed": str(milliseconds(challenge.closed)) if challenge.closed else "",
        "proposer": str(challenge.proposer or ""),
    }
    return {name: value for name, value in fields.items() if value}


async def put_picks(store: Store, ref: ChallengeRef, made: Iterable[PickMade]) -> None:
    """Picks as if members had made them."""
    own = keys.challenge_keys(ref.community, ref.challenge)
    rows = {f"{pick.member}.{pick.number}": write_pick(pick) for pick in made}
    await store.call("HSET", own.picks, *_flat(rows))


async def put_said(
    store: Store,
    ref: ChallengeRef,
    guesses: Iterable[GuessMade] = (),
    praises: Iterable[PraiseGiven] = (),
) -> None:
    """Guesses and praises as if members had made them."""
    own = keys.challenge_keys(ref.community, ref.challenge)
    rows = dict([*map(write_guess, guesses), *map(write_praise, praises)])
    await store.call("HSET", own.said, *_flat(rows))


async def pool_now(store: Store, ref: ChallengeRef) -> dict[str, Contender]:
    """The pool as it stands in Redis, by alias."""
    own = keys.challenge_keys(ref.community, ref.challenge)
    flat = await store.call("HGETALL", own.pool)
    kept = flat if isinstance(flat, dict) else pairs(flat)
    return {alias: read_contender(alias, text) for alias, text in kept.items()}


def _flat(rows: Mapping[str, str]) -> list[str]:
    return [part for row in rows.items() for part in row]


# --- Playing in it, through the game's own door.


class Voter:
    """A member who votes, by what their card offers: as an adapter would."""

    def __init__(
        self, table: Table, voting: VotingChallenge, who: str, space: SpaceRef = SPACE
    ) -> None:
        self.table, self.voting, self.who, self.space = table, voting, who, space
        self.card: Card | None = None

    async def do(self, request: Request, at: str | None = None) -> Card:
        """Serve a request of theirs."""
        self.card = await self.table.quick(request, self.who, at=at, space=self.space)
        return self.card

    async def open(self) -> Card:
        return await self.do(OpenBallot(self.voting.ref))

    async def pick(self, side: Side = Side.LEFT, number: int = 0, at: str | None = None) -> Card:
        """Pick, once they have read the two."""
        self.table.clock.shift(timedelta(seconds=3))
        return await self.do(Pick(number, side, self.voting.ref), at)

    async def ballot(self) -> OwnBallot:
        """Their ballot as Redis holds it."""
        return await Ballots(self.table.muse.store).open(
            self.voting.ref, self.space, member(self.who), self.table.clock.now()
        )
