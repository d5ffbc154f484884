"""Ballots against a plain Python model, whatever is done in whatever order, twice or late."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.ballot import to_ask
from bot.challenge import Side
from bot.game.challenges.balloting import drawn
from bot.models import Facet, Origin, SpaceRef, UserRef
from bot.stats import pairing
from bot.storage import keys
from bot.storage.ballots import Ballots
from bot.storage.client import Store
from bot.storage.connect import make_client
from bot.storage.votes import pairs
from tests.ballot_model import ModelBallot, ModelPolls
from tests.challenging import VotingChallenge, pool_of, voting_challenge
from tests.support import SPACE, FakeClock, event, member, raw

MEMBERS = ("author1", "author2", "cy", "dua")
members = st.sampled_from(MEMBERS)
sides = st.sampled_from(Side)
numbers = st.integers(0, 22)
places = st.integers(0, 7)


class BallotsMachine(RuleBasedStateMachine):
    """Votes on a real Redis, by two processes, and in the model at once."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = FakeClock()
        self.begun = self.clock.now()
        self.done: list[tuple[str, str, tuple[Any, ...]]] = []
        self.turn = 0
        self.store, self.voting = self.runner.run(self._begin())
        self.ballots = (Ballots(self.store), Ballots(self.store))
        self.names = {number: user.id for user, number in self.voting.numbers.items()}
        self.aliases = sorted(self.voting.pool)
        self.model = ModelPolls(
            {a: self.names.get(each.author, "") for a, each in self.voting.pool.items()}
        )

    async def _begin(self) -> tuple[Store, VotingChallenge]:
        store = Store(make_client(self.url))
        async with raw(self.url) as ask:
            await ask("FLUSHALL")
        return store, await voting_challenge(store, self.clock, pool_of(5, 3))

    def teardown(self) -> None:
        self.runner.run(self.store.close())
        self.runner.close()

    @property
    def now(self) -> float:
        return (self.clock.now() - self.begun).total_seconds()

    def process(self) -> Ballots:
        """The two processes take turns."""
        self.turn += 1
        return self.ballots[self.turn % 2]

    def asked(self, who: str) -> tuple[SpaceRef, UserRef]:
        return SPACE, member(who)

    # --- What happens.

    @initialize(who=members)
    def one_is_well_under_way(self, who: str) -> None:
        for _ in range(5):
            self.offered(who)
            self.clock.shift(timedelta(seconds=3))
            self.pick(who, 0, Side.LEFT)

    @rule(who=members)
    def opened(self, who: str) -> None:
        found = self.runner.run(
            self.process().open(self.voting.ref, *self.asked(who), self.clock.now())
        )
        assert found.word == self.model.open(who, self.now)

    @rule(who=members)
    def offered(self, who: str) -> None:
        """The offer that the use case would make."""
        process = self.process()
        ballot = self.runner.run(process.open(self.voting.ref, *self.asked(who), self.clock.now()))
        self.model.open(who, self.now)
        offer = self.runner.run(drawn(process, ballot, member(who)))
        if ballot.offer is not None or offer is None:
            return
        made = self.runner.run(process.offer(ballot, offer, *self.asked(who), self.clock.now()))
        pair = (ballot.standing[offer.left], ballot.standing[offer.right])
        assert self.model.offer(who, ballot.offered + 1, pair, self.now) == "offered"
        assert made.word == "offered"

    @rule(who=members, left=places, right=places)
    def offered_anything(self, who: str, left: int, right: int) -> None:
        """What a process would offer that read nothing of what others did."""
        process = self.process()
        ballot = self.runner.run(process.open(self.voting.ref, *self.asked(who), self.clock.now()))
        self.model.open(who, self.now)
        aliases = ballot.standing
        offer = pairing.Offer(left % len(aliases), right % len(aliases))
        made = self.runner.run(process.offer(ballot, offer, *self.asked(who), self.clock.now()))
        pair = (aliases[offer.left], aliases[offer.right])
        assert made.word == self.model.offer(who, ballot.offered + 1, pair, self.now)

    @rule(who=members, number=numbers, side=sides)
    def pick(self, who: str, number: int, side: Side) -> None:
        self.do("pick", who, (number, side))

    @rule(who=members, side=sides)
    def pick_what_stands(self, who: str, side: Side) -> None:
        self.do("pick", who, (0, side))

    @rule(who=members, number=st.just(0) | numbers)
    def unpick(self, who: str, number: int) -> None:
        self.do("unpick", who, (number,))

    @rule(who=members, place=places, origin=st.sampled_from((Origin.AI, Origin.HUMAN, None)))
    def guess(self, who: str, place: int, origin: Origin | None) -> None:
        asked = self.model.ballots.get(who, ModelBallot()).asked
        alias = (asked or self.aliases)[place % len(asked or self.aliases)]
        self.do("guess", who, (alias, origin))

    @rule(who=members, place=places, facet=st.sampled_from(Facet))
    def praise(self, who: str, place: int, facet: Facet) -> None:
        self.do("praise", who, (self.aliases[place], facet))

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def again(self, data: st.DataObject) -> None:
        """An event comes once more, however late."""
        self.serve(*data.draw(st.sampled_from(self.done)))

    @rule(who=members)
    def more(self, who: str) -> None:
        now = self.clock.now()
        self.runner.run(self.process().more(self.voting.ref, *self.asked(who), now))
        self.model.more(who)

    @rule(who=members)
    def ask(self, who: str) -> None:
        process = self.process()
        ballot = self.runner.run(process.open(self.voting.ref, *self.asked(who), self.clock.now()))
        self.model.open(who, self.now)
        aliases = to_ask(ballot)
        if ballot.member and aliases:
            now = self.clock.now()
            self.runner.run(process.ask(self.voting.ref, *self.asked(who), aliases, now))
            self.model.ask(who, aliases)

    @rule(place=places)
    def hide_or_show(self, place: int) -> None:
        """At most two are out of sight at once, so that there is something to offer."""
        alias = self.aliases[place]
        if alias not in self.model.out and len(self.model.out) >= 2:
            return
        own = keys.challenge_keys(self.voting.ref.community, self.voting.ref.challenge)
        kept = self.runner.run(self._call("HGET", own.pool, alias))
        if alias in self.model.out:
            kept = kept.replace('"hd": "organiser", ', "", 1)
        else:
            kept = kept.replace("{", '{"hd": "organiser", ', 1)
        self.model.out ^= {alias}
        self.runner.run(self._call("HSET", own.pool, alias, kept))
        self.runner.run(self._call("HINCRBY", own.record, "rev", 1))

    @rule(seconds=st.sampled_from((0.5, 1.9, 2.0, 600.0)))
    def time_passes(self, seconds: float) -> None:
        self.clock.shift(timedelta(seconds=seconds))

    def do(self, what: str, who: str, args: tuple[Any, ...]) -> None:
        """Serve something new."""
        self.serve(what, who, (event(), *args))

    def serve(self, what: str, who: str, args: tuple[Any, ...]) -> None:
        ident: str = args[0]
        rest: Any = args[1:]
        act = getattr(self.process(), what)
        ballot = self.runner.run(
            act(self.voting.ref, ident, *self.asked(who), *rest, self.clock.now())
        )
        if what == "pick":
            number, side = rest
            expected = self.model.pick(who, ident, number, side, self.now)
        elif what == "unpick":
            expected = self.model.unpick(who, ident, rest[0], self.now)
        elif what == "guess":
            expected = self.model.guess(who, ident, rest[0], rest[1] or "")
        else:
            expected = self.model.praise(who, ident, *rest)
        assert ballot.word == expected, what
        self.done.append((what, who, args))

    async def _call(self, *command: Any) -> Any:
        return await self.store.call(*command)

    # --- What must hold.

    @invariant()
    def every_ballot_is_the_models(self) -> None:
        own = keys.challenge_keys(self.voting.ref.community, self.voting.ref.challenge)
        kept = pairs(self.runner.run(self._call("HGETALL", own.shown)))
        assert {name: int(count) for name, count in kept.items()} == self.model.shown
        for who in MEMBERS:
            self.model.open(who, self.now)
            ballot = self.runner.run(
                self.process().open(self.voting.ref, *self.asked(who), self.clock.now())
            )
            model = self.model.ballots.get(who, ModelBallot())
            assert ballot.offered == len(model.offers)
            assert ballot.quota == model.quota
            assert (ballot.offer.number if ballot.offer else 0) == model.standing
            assert (ballot.waiting.number if ballot.waiting else 0) == model.waiting
            for offer in (ballot.offer, ballot.waiting):
                if offer is not None:
                    assert (offer.left, offer.right) == model.offers[offer.number]
                    assert offer.asked_again == (offer.number in model.twice)
            assert {pick.number: pick.side for pick in ballot.picks} == model.sides
            for pick in ballot.picks:
                assert (pick.left, pick.right) == model.offers[pick.number]
            assert ballot.had == {frozenset(pair) for pair in model.offers.values()}
            assert ballot.asked == model.asked
            assert {each.alias: each.origin or "" for each in ballot.guesses} == model.guesses
            assert {each.facet: each.alias for each in ballot.praises} == model.praises
            owned = {a for a, author in self.model.entries.items() if author == who}
            assert not owned & {alias for pair in ballot.had for alias in pair}


def test_ballots_are_as_the_model_has_them(redis_url: str) -> None:
    machine = type("Machine", (BallotsMachine,), {"url": redis_url})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
