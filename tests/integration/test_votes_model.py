"""Votes, entries and boards against a plain Python model, whatever is done in whatever order."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.errors import LimitReached, MuseError, NotAllowed, NotFound, Refusal, TooLate
from bot.game.periods import month_of, week_of
from bot.models import Draft, Facet, Origin, RoundRef, RoundState, Standing, Tally
from bot.storage import keys
from bot.storage.boards import Boards, Closer
from bot.storage.client import Store
from bot.storage.connect import make_client
from bot.storage.rounds import Opening, Rounds
from bot.storage.spaces import Spaces
from bot.storage.votes import Turn, Votes
from bot.wording import en
from tests.model import ModelCommunity, ModelRound, Refused
from tests.support import ADDRESS, SPACE, FakeClock, event, member, raw

MEMBERS = ("ana", "bo", "cem", "dua", "eli")
LIMIT = 9
TEXTS = ("moss", "Moss", "a door that hums", "rain", "ash", "tin", "loam", "salt")
LENSES = ("letter", "museum", "manual")

members = st.sampled_from(MEMBERS)
numbers = st.integers(1, 6) | st.integers(1, LIMIT + 1)
choices = st.lists(st.integers(1, 6), min_size=1, max_size=3).map(tuple)
#: For each member, the entries they vote for, one event each.
ballots = st.lists(
    st.sets(st.integers(1, 7), min_size=1, max_size=4),
    min_size=len(MEMBERS),
    max_size=len(MEMBERS),
)
facets = st.lists(st.sampled_from(Facet), max_size=3).map(tuple)


@dataclass(frozen=True)
class VoteEvent:
    """A vote on its way: it may arrive later, twice, or once more when it is old."""

    event: str
    round: str
    who: str
    entries: tuple[int, ...]
    turn: Turn
    facets: tuple[Facet, ...]


class VotesMachine(RuleBasedStateMachine):
    """Plays rounds on a real Redis and in the model at once."""

    rounds = Bundle("rounds")
    waiting = Bundle("waiting")  # votes not delivered yet

    url: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = FakeClock()
        self.model = ModelCommunity()
        self.refs: dict[str, RoundRef] = {}
        self.closes: dict[str, datetime] = {}
        self.delivered: list[tuple[VoteEvent, Any]] = []
        self.store = self.runner.run(self._connect())
        self.round_store, self.votes = Rounds(self.store), Votes(self.store)
        self.boards = Boards(self.store)
        self.community = ""

    async def _connect(self) -> Store:
        store = Store(make_client(self.url))
        async with raw(self.url) as ask:
            await ask("FLUSHALL")
        return store

    @initialize(
        target=rounds,
        early=ballots,
        late=ballots,
        why=facets,
        remixer=members,
        parent=st.integers(3, 6),
    )
    def begin(
        self,
        early: list[set[int]],
        late: list[set[int]],
        why: tuple[Facet, ...],
        remixer: str,
        parent: int,
    ) -> Any:
        """A round in full swing: three written entries, one added, three remixes, votes."""
        spaces = Spaces(self.store, "UTC")
        community = self.runner.run(spaces.community(SPACE, self.clock.now()))
        self.community = community.id
        name: Any = self.open("ana", 3)
        self.place(name, 3, "three", "museum", Origin.DECK)
        self.all_vote(name, early, why)
        self.add(name, "bo", "a lamp", 0, twice=False)
        self.place(name, 2, "two", "manual", Origin.AI)
        self.add(name, "cem", "a lamp, lit", 4, twice=False)
        self.add(name, "bo", "a lamp, out", 4, twice=False)
        self.add(name, remixer, "another", parent, twice=False)
        self.all_vote(name, late, ())
        return name

    def all_vote(self, name: str, approved: list[set[int]], why: tuple[Facet, ...]) -> None:
        for who, entries in zip(MEMBERS, approved, strict=True):
            for number in sorted(entries):
                self.vote(name, who, (number,), Turn.ON, why, "now")

    def teardown(self) -> None:
        """In the end every round that is open is closed, and all must be right."""
        try:
            for name, round_ in self.model.rounds.items():
                if round_.taking:
                    self.deadline(name, comes=True)
                self.check_round(name)
            if self.community:
                self.check_boards()
        finally:
            self.runner.run(self.store.close())
            self.runner.close()

    # --- What happens.

    @precondition(lambda self: len(self.refs) < 4)
    @rule(target=rounds, asker=members, wanted=st.integers(1, 4))
    def open(self, asker: str, wanted: int) -> Any:
        name = event()
        opening = Opening("p", "free", wanted, 1, self.clock.now() + timedelta(days=3))
        for _ in range(2):  # the platform may tell us twice
            ref = self.runner.run(
                self.round_store.open(
                    self.community, name, member(asker), ADDRESS, opening, self.clock.now()
                )
            )
        self.refs[name], self.closes[name] = ref, opening.closes
        self.model.open(name, asker, wanted)
        self.place(name, 1, TEXTS[0], LENSES[0], Origin.AI)
        return name

    @precondition(lambda self: len(self.refs) < 4)
    @rule(target=rounds, asker=members, found=st.booleans())
    def invite(self, asker: str, found: bool) -> Any:
        """A round that people begin, as soon as Muse has found its prompt."""
        name = event()
        closes = self.clock.now() + timedelta(days=3)
        opening = Opening("", "free", 0, 1, closes, for_people=True)
        self.refs[name] = self.runner.run(
            self.round_store.open(
                self.community, name, member(asker), ADDRESS, opening, self.clock.now()
            )
        )
        self.closes[name] = closes
        self.model.invite(name, asker)
        if found:
            self.give_prompt(name)
        return name

    @rule(name=rounds)
    def give_prompt(self, name: str) -> None:
        """Its prompt is found, perhaps by two processes."""
        round_ = self.model.rounds[name]
        if round_.for_people:
            expected = self.model.give_prompt(round_)
            self.same(self.round_store.give_prompt(self.refs[name], event()), expected, round_)

    @rule(name=rounds, wanted=st.integers(1, 4), twice=st.booleans())
    def let_muse(self, name: str, wanted: int, twice: bool) -> None:
        """Muse answers too: its places come behind those of people."""
        round_, ident = self.model.rounds[name], event()
        lenses = [f"lens {n}" for n in range(wanted)]
        for _ in range(2 if twice else 1):
            expected = self.model.let_muse(round_, ident, wanted, LIMIT)
            done = self.round_store.let_muse(
                self.refs[name], ident, SPACE, lenses, LIMIT, self.clock.now()
            )
            self.same(done, expected, round_)

    @rule(
        name=rounds,
        number=st.integers(1, 4),
        text=st.sampled_from(TEXTS),
        lens=st.sampled_from(LENSES),
        origin=st.sampled_from((Origin.AI, Origin.DECK)),
    )
    def place(self, name: str, number: int, text: str, lens: str, origin: Origin) -> None:
        round_ = self.model.rounds[name]
        if number > round_.wanted:
            return
        number += round_.first - 1
        expected = self.model.place(round_, number, text, lens, origin)
        draft = Draft(text, lens, origin, "some model")
        self.same(self.round_store.place(self.refs[name], number, draft), expected, round_)

    @rule(
        name=rounds,
        who=members,
        text=st.sampled_from(TEXTS),
        parent=st.just(0) | numbers,
        twice=st.booleans(),
        by=st.sampled_from((Origin.HUMAN, Origin.HUMAN, Origin.TOGETHER)),
    )
    def add(
        self,
        name: str,
        who: str,
        text: str,
        parent: int,
        twice: bool,
        by: Origin = Origin.HUMAN,
    ) -> None:
        round_, ident = self.model.rounds[name], event()
        for _ in range(2 if twice else 1):
            expected = self.model.add(round_, ident, who, text, parent, LIMIT, by)
            doing = self.round_store.add(
                *(self.refs[name], ident, SPACE, member(who), text, parent, LIMIT), origin=by
            )
            added = self.same(
                doing,
                expected if isinstance(expected, tuple) else None,
                round_,
            )
            if added is not None:
                assert added.number == expected

    @rule(name=rounds, who=members, number=numbers)
    def withdraw_entry(self, name: str, who: str, number: int) -> None:
        round_ = self.model.rounds[name]
        entry = round_.entries.get(number)
        if entry is not None and entry.author is not None and number % 2:
            who = entry.author  # else it would hardly ever be
        expected = self.model.withdraw_entry(round_, who, number)
        done = self.round_store.withdraw_entry(
            self.refs[name], SPACE, member(who), number, self.clock.now()
        )
        self.same(done, expected, round_)

    @rule(
        target=waiting,
        name=rounds,
        who=members,
        entries=choices | st.lists(numbers, min_size=1, max_size=3).map(tuple),
        turn=st.sampled_from((Turn.ON, Turn.ON, Turn.ON, Turn.OFF, Turn.LESS)),
        why=facets,
        when=st.sampled_from(("now", "now", "twice at once", "later")),
    )
    def vote(
        self,
        name: str,
        who: str,
        entries: tuple[int, ...],
        turn: Turn,
        why: tuple[Facet, ...],
        when: str,
    ) -> Any:
        if turn is Turn.ON:
            why = why[:2]
        voted = VoteEvent(event(), name, who, entries, turn, why)
        if when == "later":
            return voted
        self.deliver(voted, 2 if when == "twice at once" else 1)
        return multiple()

    @rule(voted=waiting)
    def arrives(self, voted: VoteEvent) -> None:
        """A vote that was held up comes at last, or comes again."""
        first = next((at for old, at in self.delivered if old == voted), self.clock.now())
        if self.clock.now() - first <= timedelta(hours=1):
            self.deliver(voted)

    @precondition(lambda self: self.delivered)
    @rule(which=st.integers(0, 1000), minutes=st.integers(0, 60))
    def arrives_again(self, which: int, minutes: int) -> None:
        """An old vote is delivered once more, up to an hour after it first was."""
        voted, at = self.delivered[which % len(self.delivered)]
        late = at + timedelta(minutes=minutes)
        if late > self.clock.now():
            self.clock.shift(late - self.clock.now())
        if self.clock.now() - at <= timedelta(hours=1):
            self.deliver(voted)

    def deliver(self, voted: VoteEvent, times: int = 1) -> None:
        round_ = self.model.rounds[voted.round]
        expected = self.model.vote(
            round_, voted.event, voted.who, voted.entries, voted.turn, voted.facets
        )
        for standing in self.runner.run(self._turn(voted, times, expected, round_)):
            if standing is not None:
                self.check_standing(standing, round_, voted.who)
        if all(voted != old for old, _ in self.delivered):
            self.delivered.append((voted, self.clock.now()))

    async def _turn(
        self, voted: VoteEvent, times: int, expected: Refused | None, round_: ModelRound
    ) -> list[Standing | None]:
        turns = [
            self.votes.turn(
                self.refs[voted.round],
                voted.event,
                SPACE,
                member(voted.who),
                voted.entries,
                voted.turn,
                voted.facets,
                self.clock.now(),
            )
            for _ in range(times)
        ]
        return list(await asyncio.gather(*(_same(turn, expected, round_) for turn in turns)))

    @rule(name=rounds, who=members, manages=st.booleans(), twice=st.booleans())
    def close(self, name: str, who: str, manages: bool, twice: bool) -> None:
        round_, ident = self.model.rounds[name], event()
        for _ in range(2 if twice else 1):
            expected = self.model.close(round_, ident, who, manages=manages)
            self.same(
                self._close(name, Closer(ident, SPACE, member(who), manages)), expected, round_
            )

    @rule(name=rounds, comes=st.booleans())
    def deadline(self, name: str, comes: bool) -> None:
        """The agenda comes to close it: before its time, nothing happens."""
        round_ = self.model.rounds[name]
        if round_.taking:
            when: datetime | None = self.runner.run(self._close(name, None))
            assert when == self.closes[name]
            assert when > self.clock.now()
        if not round_.taking or comes:
            expected = self.model.close(round_, "deadline", None)
            self.same(self._close(name, None, self.closes[name]), expected, round_)

    @rule(name=rounds, who=members)
    def withdraw(self, name: str, who: str) -> None:
        round_ = self.model.rounds[name]
        expected = self.model.withdraw(round_, who)
        expires = self.clock.now() + timedelta(days=90)
        self.same(
            self.round_store.withdraw(
                self.refs[name], SPACE, member(who), expires, self.clock.now()
            ),
            expected,
            round_,
        )

    def _close(
        self, name: str, by: Closer | None, now: datetime | None = None
    ) -> Coroutine[Any, Any, Any]:
        now = now or self.clock.now()
        return self.boards.close(
            self.refs[name],
            by,
            month_of(now, "UTC"),
            week_of(now, "UTC"),
            now,
            now + timedelta(days=90),
        )

    # --- What must be so.

    def same(
        self, doing: Coroutine[Any, Any, Any], expected: Refused | None, round_: ModelRound
    ) -> Any:
        """Do it; it must be refused exactly where the model refuses, in the same words."""
        return self.runner.run(_same(doing, expected, round_))

    @invariant()
    def everything_equals_the_model(self) -> None:
        if self.community:
            for name in list(self.refs)[-1:]:
                self.check_round(name)
            self.check_boards()

    def check_round(self, name: str) -> None:
        expected = self.model.rounds[name]
        view = self.runner.run(self.round_store.read(self.refs[name]))
        round_ = view.round
        assert round_.state is expected.state
        assert round_.prior == pytest.approx(expected.prior, abs=5.1e-7)
        assert round_.voters == expected.voters
        assert _counted(round_.tallies) == {
            number: (expected.approvals(number), expected.facets(number))
            for number in expected.entries
            if expected.approvals(number)
        }
        people = {number: user.id for number, user in round_.people.items()}
        assert people[round_.asker] == expected.asker
        assert {
            entry.number: (
                people.get(entry.author),
                entry.text,
                entry.origin,
                entry.lens,
                entry.rank,
                entry.parent,
                people.get(entry.parent_author),
                entry.withdrawn,
            )
            for entry in round_.entries
        } == {
            number: (
                entry.author,
                entry.text,
                entry.origin,
                entry.lens,
                entry.rank,
                entry.parent,
                entry.parent_author,
                entry.withdrawn,
            )
            for number, entry in expected.entries.items()
        }
        if expected.state is RoundState.CLOSED:
            standing = [number for number, e in expected.entries.items() if not e.withdrawn]
            seen = {number: round_.tallies[number].seen_by for number in standing}
            assert seen == {number: expected.seen_by(number) for number in standing}
        for who in MEMBERS:
            reader = self.runner.run(self.round_store.read(self.refs[name], SPACE, member(who)))
            assert {c.entry: c.facets for c in reader.choices} == expected.choices(who)

    def check_standing(self, standing: Standing, round_: ModelRound, who: str) -> None:
        assert standing.state is round_.state
        assert standing.voters == round_.voters
        assert {c.entry: c.facets for c in standing.choices} == round_.choices(who)
        assert _counted(standing.tallies) == {
            number: (round_.approvals(number), round_.facets(number))
            for number in round_.entries
            if round_.approvals(number)
        }

    def check_boards(self) -> None:
        names = {ref.round: name for name, ref in self.refs.items()}
        week = week_of(self.clock.now(), "UTC")
        for period in ("all", week):
            entries = self.runner.run(self.boards.entries(self.community, period, 0, 100))
            rows = {(names[row.round], row.number): row for row in entries.rows}
            assert {place: row.score for place, row in rows.items()} == pytest.approx(
                self.model.board, abs=1.1e-6
            )
            assert entries.total == len(rows)
            for (name, number), row in rows.items():
                round_ = self.model.rounds[name]
                assert row.approvals == round_.approvals(number)
                assert row.seen_by == self.model.seen_by[name, number]
            people = self.runner.run(self.boards.people(self.community, period, 0, 100))
            points = {row.user.id: row.points for row in people.rows if row.user}
            assert points == self.model.points
            lenses = self.runner.run(self.boards.lenses(self.community, period))
            assert {
                row.lens: [row.approvals, row.chances, row.rounds] for row in lenses
            } == self.model.lenses
        sums = self.runner.run(self._sums())
        assert sums == (self.model.approvals, self.model.chances)

    async def _sums(self) -> tuple[int, int]:
        record = keys.community(self.community).record
        approvals, chances = await self.store.call("HMGET", record, "approvals", "chances")
        return int(approvals or 0), int(chances or 0)


def _counted(tallies: Any) -> dict[int, tuple[int, dict[Facet, int]]]:
    """The tallies that say something; none may be below nothing."""
    tally: Tally
    for tally in tallies.values():
        assert tally.approvals >= 0
        assert all(count > 0 for count in tally.facets.values())
        assert tally.approvals or not tally.facets
    return {n: (t.approvals, t.facets) for n, t in tallies.items() if t.approvals}


async def _same(
    doing: Coroutine[Any, Any, Any], expected: Refused | None, round_: ModelRound
) -> Any:
    if expected is None:
        return await doing
    with pytest.raises(MuseError) as refused:
        await doing
    assert (refused.type, str(refused.value)) == _error(expected, round_)
    return None


def _error(refused: Refused, round_: ModelRound) -> tuple[type[MuseError], str]:
    """The error that a refusal is, in words."""
    kind, number = refused
    withdrawn = round_.state is RoundState.WITHDRAWN
    return {
        "state": (TooLate, en.ROUND_IS_WITHDRAWN if withdrawn else en.ROUND_IS_CLOSED),
        "none": (NotFound, en.no_such_entry(number, round_.highest)),
        "taken": (NotFound, en.entry_withdrawn(number)),
        "own": (Refusal, en.own_entry(number)),
        "same": (Refusal, en.already_there(number)),
        "answered": (Refusal, en.MUSE_ANSWERS_ALREADY),
        "early": (Refusal, en.PROMPT_STILL_COMING),
        "full": (LimitReached, en.too_many_entries(number)),
        "other": (NotAllowed, en.not_your_entry(number)),
        "forbidden": (NotAllowed, en.NOT_YOUR_ROUND),
        "asker": (NotAllowed, en.ONLY_THE_ASKER),
        "shared": (NotAllowed, en.ROUND_SHARED),
    }[kind]


def test_the_votes_equal_the_model(redis_url: str) -> None:
    class OnThisRedis(VotesMachine):
        url = redis_url

    run_state_machine_as_test(
        OnThisRedis,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
