"""The verdict: what counts, what may be claimed and when, and that it holds at every look."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from bot.models import Origin
from bot.stats.anytime import first_bound, later_bound
from bot.stats.duels import Duel, EntryInfo, Outcome
from bot.stats.multiway import Crossed, Weights, bootstrap, clustered, student, wilson
from bot.stats.verdict import EQUAL, PAIRS, Claim, Comparison, claim, history, verdict
from bot.stats.win_shares import Estimate, Side, between, first_look, material

HUMAN, AI, TOGETHER, DECK = Origin.HUMAN, Origin.AI, Origin.TOGETHER, Origin.DECK
ORIGINS = (HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, AI, AI, AI, AI, AI)
WEEKS = [f"week {n}" for n in range(10)]


def _season(
    lead: float,
    seed: int = 1,
    weeks: int = 10,
    voters: int = 32,
    origins: tuple[Origin, ...] = ORIGINS,
    spread: float = 0.5,
) -> tuple[list[Duel], list[EntryInfo]]:
    """Weeks in which people's entries are stronger by `lead`; every voter makes eight picks."""
    rng, duels, entries = Random(seed), [], []
    for week in WEEKS[:weeks]:
        strengths = [rng.gauss(lead * (origin is HUMAN), spread) for origin in origins]
        entries += [
            EntryInfo(f"{week}/{n}", week, origin, "gull" if n % 2 else "tern")
            for n, origin in enumerate(origins)
        ]
        for voter in range(voters):
            for _ in range(8):
                left, right = rng.sample(range(len(origins)), 2)
                chance = 1 / (1 + math.exp(strengths[right] - strengths[left]))
                outcome = Outcome.LEFT if rng.random() < chance else Outcome.RIGHT
                names = f"{week}/{left}", f"{week}/{right}"
                duels.append(Duel(week, *names, outcome, f"v{voter}"))
    return duels, entries


def _people_and_ai(duels: list[Duel], entries: list[EntryInfo], weeks: int = 10) -> Comparison:
    found = verdict(duels, entries, WEEKS[:weeks], np.random.default_rng(3), 300)
    assert [(pair.one, pair.two) for pair in found.pairs] == list(PAIRS)
    return found.pairs[0]


def _crossed(duels: list[Duel], entries: list[EntryInfo]) -> Crossed:
    return between(material(duels, entries, WEEKS), *PAIRS[0])


def test_a_clear_lead_is_claimed_both_ways_round() -> None:
    assert _people_and_ai(*_season(1.0)).claim is Claim.MORE
    assert _people_and_ai(*_season(-1.0)).claim is Claim.LESS


def test_no_lead_is_not_claimed() -> None:
    found = _people_and_ai(*_season(0.0))
    assert found.claim is Claim.NONE
    assert found.sure is not None
    assert found.sure.low < 0.5 < found.sure.high


@pytest.mark.parametrize(
    ("weeks", "voters", "missing"),
    [(7, 32, (5, 5, 1, 0)), (8, 29, (0, 0, 0, 1)), (8, 30, (0, 0, 0, 0)), (2, 3, (31, 31, 6, 27))],
)
def test_a_claim_needs_forty_entries_a_side_eight_challenges_and_thirty_voters(
    weeks: int, voters: int, missing: tuple[int, int, int, int]
) -> None:
    found = _people_and_ai(*_season(2.0, weeks=weeks, voters=voters), weeks)
    assert found.evidence.missing == missing
    assert found.evidence.enough is not any(missing)
    assert found.claim is (Claim.NONE if any(missing) else Claim.MORE)
    assert (found.sure is None) is any(missing)
    assert found.so_far is not None  # always, with its interval
    assert 0 <= found.so_far.low < found.so_far.share < found.so_far.high <= 1


def test_a_single_pick_is_told_with_all_its_doubt() -> None:
    duels, entries = _season(0.0, weeks=1)
    one = next(duel for duel in duels if {duel.left[-1], duel.right[-1]} == {"0", "7"})
    found = _people_and_ai([one], entries).so_far
    assert found is not None
    assert found.high - found.low > 0.7


def test_only_blind_cross_origin_duels_before_the_finals_of_known_challenges_count() -> None:
    duels, entries = _season(0.3, weeks=2)
    origin = {entry.name: entry.origin for entry in entries}
    crossed = [duel for duel in duels if origin[duel.left] is not origin[duel.right]]
    found = verdict(duels, entries, WEEKS[:2], np.random.default_rng(1), 50).pairs[0]
    assert found.evidence.duels == len(crossed)
    finals = [replace(duel, final=True) for duel in duels]
    assert verdict(duels + finals, entries, WEEKS[:2], np.random.default_rng(1), 50).pairs[0] == (
        found
    )
    first = verdict(duels, entries, WEEKS[:1], np.random.default_rng(1), 50).pairs[0]
    assert first.evidence.duels == sum(duel.challenge == WEEKS[0] for duel in crossed)
    people = sum(
        duel.outcome.value if origin[duel.left] is HUMAN else 1 - duel.outcome.value
        for duel in crossed
    )
    assert found.so_far is not None
    assert found.so_far.share == pytest.approx(people / len(crossed))


def test_the_deck_is_in_no_verdict() -> None:
    duels, entries = _season(0.5, weeks=3, origins=(HUMAN, HUMAN, DECK, DECK))
    found = verdict(duels, entries, WEEKS[:3], np.random.default_rng(1), 50)
    assert [pair.evidence.duels for pair in found.pairs] == [0, 0, 0]
    assert all(pair.so_far is None for pair in found.pairs)
    assert found.families == ()


def test_nothing_at_all_is_a_verdict_too() -> None:
    found = verdict([], [], [], np.random.default_rng(1), 10)
    assert [pair.evidence.missing for pair in found.pairs] == [(40, 40, 8, 30)] * 3


def test_each_model_family_is_told_by_itself() -> None:
    duels, entries = _season(0.5)
    found = verdict(duels, entries, WEEKS, np.random.default_rng(1), 100)
    assert [family.two for family in found.families] == [Side(AI, "gull"), Side(AI, "tern")]
    assert sum(f.evidence.duels for f in found.families) == found.pairs[0].evidence.duels
    assert sum(f.evidence.twos for f in found.families) == found.pairs[0].evidence.twos


def test_the_sure_interval_holds_the_one_so_far() -> None:
    for seed in range(6):
        found = _people_and_ai(*_season(0.4, seed))
        assert found.sure is not None
        assert found.so_far is not None
        assert found.sure.low <= found.so_far.low
        assert found.sure.high >= found.so_far.high


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.501, 0.7, Claim.MORE),
        (0.5, 0.7, Claim.NONE),
        (0.3, 0.499, Claim.LESS),
        (0.45, 0.55, Claim.EQUAL),
        (0.449, 0.55, Claim.NONE),
        (0.45, 0.551, Claim.NONE),
        (0.505, 0.54, Claim.MORE),
    ],
)
def test_equal_is_claimed_only_if_the_whole_interval_is_within(
    low: float, high: float, said: Claim
) -> None:
    assert EQUAL == (0.45, 0.55)
    assert claim(Estimate((low + high) / 2, low, high)) is said


def test_the_first_look_is_when_there_was_enough_and_no_later() -> None:
    duels, entries = _season(0.0)
    assert first_look(_crossed(duels, entries)) == 7
    late = [duel for duel in duels if duel.challenge == WEEKS[-1] or duel.voter != "v5"]
    crowd = [duel for duel in late if int(duel.voter[1:]) < 30]
    assert first_look(_crossed(crowd, entries)) == 9  # the thirtieth voter came last


def test_undeclared_ai_among_people_moves_their_share_away_from_a_half() -> None:
    found = _people_and_ai(*_season(1.0))
    assert found.so_far is not None
    assert [each.part for each in found.undeclared] == [0.1, 0.2, 0.3]
    for each in found.undeclared:
        share = (found.so_far.share - each.part / 2) / (1 - each.part)
        assert each.estimate.share == pytest.approx(share)
        assert each.estimate.high - each.estimate.low > 0
    shares = [found.so_far.share, *(each.estimate.share for each in found.undeclared)]
    assert shares == sorted(shares)


def test_undeclared_ai_is_reckoned_with_against_what_was_made_together() -> None:
    origins = (HUMAN, HUMAN, AI, AI, TOGETHER, TOGETHER)
    duels, entries = _season(1.0, weeks=6, origins=origins)
    found = verdict(duels, entries, WEEKS[:6], np.random.default_rng(2), 200)
    people, with_ai = found.pairs[1], found.pairs[2]
    assert people.so_far is not None
    assert with_ai.so_far is not None
    third = people.undeclared[2]
    assert third.estimate.share == pytest.approx(
        (people.so_far.share - 0.3 * (1 - with_ai.so_far.share)) / 0.7
    )
    assert with_ai.undeclared == ()


def test_the_history_ends_at_what_is_told_now() -> None:
    duels, entries = _season(0.6, weeks=4)
    told = history(duels, entries, WEEKS[:4], PAIRS[0], np.random.default_rng(1))
    assert len(told) == 4
    now = _people_and_ai(duels, entries, 4).so_far
    assert now is not None
    assert told[3] is not None
    assert told[3].share == pytest.approx(now.share)
    wide = [each.high - each.low for each in told if each]
    assert wide[0] > wide[3]
    assert history(duels, entries, WEEKS[:2], PAIRS[1], np.random.default_rng(1)) == (None, None)


def _brute(duels: Crossed) -> tuple[float, float]:
    """The clustered and the bootstrap's variance, pair of duels by pair of duels."""
    error = duels.share - duels.share.mean()
    groups = duels.groups
    sums, own = 0.0, 0.0
    boot = 0.0
    factors = (duels.one, duels.two, duels.voter)
    for i in range(len(duels)):
        for j in range(len(duels)):
            same = [bool(factor[i] == factor[j]) for factor in factors]
            product = error[i] * error[j]
            sums += product * any(same)
            own += product * sum(s / (g - 1) for s, g in zip(same, groups, strict=True))
            boot += product * (2 ** sum(same) - 1)
            boot += product * sum(s / (g - 1) for s, g in zip(same, groups, strict=True))
    return (sums + own) / len(duels) ** 2, boot / len(duels) ** 2


def test_the_clustered_variance_counts_duels_that_share_something_once() -> None:
    duels = _crossed(*_season(0.3, weeks=2, voters=10))
    variance, bootstrapped = _brute(duels)
    spread = clustered(duels)
    assert spread.variance == pytest.approx(variance)
    assert spread.bootstrapped == pytest.approx(bootstrapped)
    assert 5 < spread.freedom < 60


def test_the_bootstrap_varies_as_its_formula_says() -> None:
    duels, entries = _season(0.3)
    crossed = _crossed(duels, entries)
    weights = Weights.drawn(np.random.default_rng(4), 3_000, len(entries), 32)
    shares = bootstrap(crossed, weights)
    assert shares.var() == pytest.approx(clustered(crossed).bootstrapped, rel=0.15)
    assert shares.mean() == pytest.approx(crossed.share.mean(), abs=0.01)


def test_a_few_entries_with_opinions_widen_the_interval_beyond_wilsons() -> None:
    duels = _crossed(*_season(0.0, spread=1.5))
    low, high = wilson(float(duels.share.mean()), len(duels), 1.96)
    assert 2 * 1.96 * clustered(duels).variance ** 0.5 > 1.5 * (high - low)


def test_wilson_is_wilson() -> None:
    # Newcombe 1998 (Statistics in Medicine 17), table I: 81 of 263, 15 of 148, 0 of 20.
    assert wilson(81 / 263, 263, 1.959964) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15 / 148, 148, 1.959964) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0.0, 20, 1.959964) == pytest.approx((0.0, 0.1611), abs=5e-5)


@pytest.mark.parametrize(
    ("normal", "freedom", "table"),
    # Student's t at the tails of normal 1.959964, 2.575829 and 3.290527, from any table of it.
    [
        (1.959964, 30, 2.0423),
        (2.575829, 30, 2.7500),
        (3.290527, 30, 3.6460),
        (2.575829, 10, 3.1693),
    ],
)
def test_student_is_student(normal: float, freedom: float, table: float) -> None:
    assert student(normal, freedom) == pytest.approx(table, rel=2e-3)


def test_bounds_spend_no_more_than_the_error_they_are_given() -> None:
    # Random walks, looked at from step 8 to step 52: the weekly looks of a season.
    rng, walks = np.random.default_rng(6), 40_000
    steps = rng.normal(size=(walks, 52)).cumsum(axis=1) / np.sqrt(np.arange(1, 53))
    ever = np.abs(steps[:, 7:]).max(axis=1)
    first = np.abs(steps[:, 7])
    for error in (0.05, 0.015):
        assert np.mean(ever > later_bound(error, 52 / 8)) <= error
        assert np.mean(first > first_bound(error)) == pytest.approx(error, abs=0.004)
    # 1.96 at every look is wrong far more often than one time in twenty.
    assert np.mean(ever > first_bound(0.05)) > 0.2


def test_later_looks_need_more_the_longer_they_go_on() -> None:
    bounds = [later_bound(0.0075, growth) for growth in (1.0, 2.0, 6.5, 13.0)]
    assert bounds == sorted(bounds)
    assert bounds[0] > first_bound(0.0075)


def test_seasons_without_a_difference_are_seldom_claimed_to_have_one() -> None:
    # Forty short seasons, looked at after each challenge from the eighth on; the long ones are
    # benchmarks/season.py's. Seeded, so that this can't fail by chance.
    wrong = 0
    for seed in range(40):
        duels, entries = _season(0.0, seed, voters=30, spread=1.0)
        wrong += any(
            _people_and_ai(duels, entries, weeks).claim in (Claim.MORE, Claim.LESS)
            for weeks in (8, 10)
        )
    assert wrong <= 2
