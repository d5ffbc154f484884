"""Which two are shown next: evenly, never one's own, never twice, and nothing to fish for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.stats.pairing import (
    FIRST_OFFER,
    MOST,
    SPREAD,
    Ballot,
    Offer,
    Pair,
    Shown,
    finals_on,
    next_pair,
    pair,
)


@dataclass
class Challenge:
    """What the store keeps of a challenge in voting, with the checks that hold at every offer."""

    entries: int
    own: Sequence[frozenset[int]]
    quota: int = FIRST_OFFER
    finalists: Sequence[int] = ()
    shown: list[int] = field(init=False)
    met: defaultdict[Pair, int] = field(default_factory=lambda: defaultdict(int))
    finals: list[int] = field(init=False)
    finals_met: defaultdict[Pair, int] = field(default_factory=lambda: defaultdict(int))
    had: list[set[Pair]] = field(init=False)

    def __post_init__(self) -> None:
        self.shown, self.finals = [0] * self.entries, [0] * self.entries
        self.had = [set() for _ in self.own]

    def offer(self, voter: int, seed: str) -> Offer | None:
        """The next offer, counted as the store would."""
        ballot = Ballot(
            Shown(self.shown, self.met),
            self.own[voter],
            self.had[voter],
            seed,
            self.quota,
            self.finalists,
            Shown(self.finals, self.finals_met),
        )
        offer = next_pair(ballot)
        if offer is None:
            return None
        both = pair(offer.left, offer.right)
        assert offer.left != offer.right
        assert both not in self.had[voter]
        assert not self.own[voter] & set(both)
        self.had[voter].add(both)
        shown, met = (self.finals, self.finals_met) if offer.final else (self.shown, self.met)
        met[both] += 1
        for entry in both:
            shown[entry] += 1
        return offer

    @property
    def apart(self) -> int:
        return max(self.shown) - min(self.shown)


def _challenge(entries: int, voters: int, authors: int, quota: int = FIRST_OFFER) -> Challenge:
    own = [frozenset({n}) if n < authors else frozenset[int]() for n in range(voters)]
    return Challenge(entries, own, quota)


def test_over_100_000_duels_appearances_differ_by_two_at_most() -> None:
    # Challenges of many sizes, half of the authors vote too, and voters come in any order. At no
    # moment is any entry ahead of another by more than two.
    rng, duels, lefts = Random(7), 0, 0
    while duels < 100_000:
        entries = rng.choice((12, 16, 24, 40))
        voters = rng.randint(300, 500)
        challenge = _challenge(entries, voters, entries // 2)
        waiting = list(range(voters))
        while waiting:
            place = rng.randrange(len(waiting))
            offer = challenge.offer(waiting[place], str(duels))
            if offer is None:
                waiting[place] = waiting[-1]
                waiting.pop()
                continue
            duels += 1
            lefts += offer.left < offer.right
            assert challenge.apart <= SPREAD
    assert lefts / duels == pytest.approx(0.5, abs=0.01)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 14), st.integers(1, 12), st.integers(1, MOST), st.randoms())
def test_only_where_a_voter_has_no_other_choice_do_appearances_drift(
    entries: int, voters: int, quota: int, rng: Random
) -> None:
    # Any challenge however small, one ballot after the other or mixed, with authors among them.
    challenge = _challenge(entries, voters, min(entries, voters), quota)
    for turn in range(voters * quota):
        voter = rng.randrange(voters)
        before, had = list(challenge.shown), set(challenge.had[voter])
        bound = min(before) + SPREAD
        offer = challenge.offer(voter, str(turn))
        if offer is None:
            continue
        free = [n for n in range(entries) if n not in challenge.own[voter]]
        open_pairs = [(a, b) for a in free for b in free if a < b and (a, b) not in had]
        least = min(min(before[a], before[b]) for a, b in open_pairs)
        both = pair(offer.left, offer.right)
        assert min(before[entry] for entry in both) == least
        if max(before[entry] for entry in both) >= bound:  # the offer goes beyond two
            firsts = [p for p in open_pairs if least in (before[p[0]], before[p[1]])]
            chosen = [p for p in firsts if set(p) & set(both)]
            first = min(both, key=before.__getitem__)
            others = [b if a == first else a for a, b in chosen if first in (a, b)]
            assert all(before[other] >= bound for other in others)


def test_an_entry_meets_those_it_met_least() -> None:
    shown = Shown([4, 5, 5, 5], {(0, 1): 2, (0, 2): 1, (0, 3): 2})
    for seed in range(20):
        offer = next_pair(Ballot(shown, (), (), str(seed)))
        assert offer is not None
        assert {offer.left, offer.right} == {0, 2}


def test_of_those_it_met_as_often_the_one_shown_least() -> None:
    shown = Shown([3, 4, 4, 3, 4], {(0, 1): 1})
    seen = Counter[frozenset[int]]()
    for seed in range(40):
        offer = next_pair(Ballot(shown, (), (), str(seed)))
        assert offer is not None
        seen[frozenset((offer.left, offer.right))] += 1
    assert set(seen) == {frozenset({0, 3})}


def test_an_opponent_that_is_two_ahead_waits_however_seldom_they_met() -> None:
    shown = Shown([2, 3, 4], {(0, 1): 2, (0, 2): 0})
    offer = next_pair(Ballot(shown, (), (), "seed"))
    assert offer is not None
    assert {offer.left, offer.right} == {0, 1}


def test_among_equals_it_is_drawn() -> None:
    first = [next_pair(Ballot(Shown([0] * 6), (), (), str(seed))) for seed in range(300)]
    seen = Counter(pair(offer.left, offer.right) for offer in first if offer)
    assert len(seen) == 15
    assert max(seen.values()) < 45


def test_many_who_draw_from_the_same_stale_counts_are_spread_over_all() -> None:
    # Sixty draws from one reading: as many as if each entry had been drawn by lot, no pile-up;
    # and it is made up for by the next draws.
    shown = [0] * 12
    offers = [next_pair(Ballot(Shown([0] * 12), (), (), f"stale {n}")) for n in range(60)]
    for offer in offers:
        assert offer is not None
        shown[offer.left] += 1
        shown[offer.right] += 1
    assert max(shown) <= 20
    challenge = _challenge(12, 60, 0)
    challenge.shown = shown
    for turn in range(420):
        challenge.offer(turn % 60, str(turn))
    assert challenge.apart <= SPREAD


def test_a_ballot_is_seven_duels_then_up_to_twenty() -> None:
    challenge = _challenge(10, 1, 0)
    assert sum(challenge.offer(0, str(n)) is not None for n in range(30)) == 7
    challenge.quota = 100
    assert sum(challenge.offer(0, str(n)) is not None for n in range(30)) == 13
    assert len(challenge.had[0]) == MOST == 20


def test_it_ends_when_all_pairs_were_had() -> None:
    challenge = _challenge(4, 1, 1, MOST)
    assert sum(challenge.offer(0, str(n)) is not None for n in range(30)) == 3


@pytest.mark.parametrize("entries", [0, 1, 2])
def test_without_two_entries_that_are_not_ones_own_there_is_no_offer(entries: int) -> None:
    assert next_pair(Ballot(Shown([0] * entries), (0,), (), "seed")) is None


def test_left_and_right_are_drawn_for_each_member_and_duel() -> None:
    # 10,000 duels, seeded: the same two entries, so that nothing but the draw decides.
    lefts = 0
    for seed in range(10_000):
        offer = next_pair(Ballot(Shown([0, 0]), (), (), f"member {seed % 500} duel {seed // 500}"))
        assert offer is not None
        lefts += offer.left == 0
    assert lefts / 10_000 == pytest.approx(0.5, abs=0.02)


def test_the_same_seed_makes_the_same_offer() -> None:
    ballot = Ballot(Shown([1, 0, 2, 0, 1]), (1,), {(0, 3)}, "member 5, duel 2")
    assert next_pair(ballot) == next_pair(ballot)


def test_skipping_does_not_fish_for_a_chosen_entry() -> None:
    # One voter wants entry 0: skips everything else, through the whole quota of twenty, in
    # challenges where others vote meanwhile. Offers don't depend on what was done with them, so
    # all that skipping can do is use up the quota: entry 0 comes in 2 of 12 offers, as for anybody.
    rng, wanted, offered = Random(11), 0, 0
    for turn in range(250):
        challenge = _challenge(12, 30, 0, MOST)
        for draw in range(200):
            challenge.offer(rng.randrange(1, 30), f"{turn} {draw}")
            if rng.random() < 0.15:
                offer = challenge.offer(0, f"{turn} {draw} fisher")
                if offer is not None:
                    offered += 1
                    wanted += 0 in (offer.left, offer.right)
    chance = 2 / 12
    assert offered > 4_000
    assert wanted / offered < chance + 3 * (chance * (1 - chance) / offered) ** 0.5


def test_finals_take_half_of_the_duels_and_only_the_top_eight() -> None:
    challenge = _challenge(24, 200, 24)
    challenge.finalists = (1, 3, 5, 7, 11, 13, 17, 19)
    offers = [challenge.offer(n % 200, str(n)) for n in range(1_200)]
    finals = [offer for offer in offers if offer and offer.final]
    assert len(finals) / len(offers) == pytest.approx(0.5, abs=0.05)
    assert {offer.left for offer in finals} | {offer.right for offer in finals} == set(
        challenge.finalists
    )
    # Counted apart: finals are even among the eight, and the rest among all, as if there were none.
    eight = [challenge.finals[entry] for entry in challenge.finalists]
    assert max(eight) - min(eight) <= SPREAD
    assert challenge.apart <= SPREAD


def test_a_voter_who_had_all_finals_goes_on_with_the_rest() -> None:
    challenge = _challenge(24, 1, 0, MOST)
    challenge.finalists = (0, 1)
    offers = [challenge.offer(0, str(n)) for n in range(MOST)]
    assert sum(bool(offer and offer.final) for offer in offers) == 1
    assert all(offers)


def test_finals_are_the_last_quarter_of_a_large_challenge() -> None:
    opened = datetime(2026, 3, 2, 18, tzinfo=UTC)
    closes = opened + timedelta(hours=48)
    assert not finals_on(24, opened, closes, opened + timedelta(hours=35))
    assert finals_on(24, opened, closes, opened + timedelta(hours=36))
    assert not finals_on(23, opened, closes, opened + timedelta(hours=47))
