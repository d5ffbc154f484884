"""Which of two stands on the left is drawn by the rule that ballots are offered by."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from bot.ballot import next_offer
from bot.challenge import Contender, PickMade, Side
from bot.models import Origin
from bot.stats import pairing
from tests.unit.ballot_cards import DONE


def test_the_left_is_as_often_the_one_as_the_other_in_10_000_duels() -> None:
    """Five weeks of 100 members who have all their 20, in turns, with the seeds of the game."""
    pool = {f"k{n:02}": Contender(f"k{n:02}", f"piece {n}", Origin.HUMAN) for n in range(16)}
    left = total = 0
    sides: Counter[str] = Counter()  # how often each entry stood on the left
    for week in range(1, 6):
        challenge = replace(DONE.challenge, id=f"x{week}", number=week, seed=week)
        begun = replace(DONE, challenge=challenge, pool=pool, owns=frozenset(), picks=(), offered=0)
        ballots = {n: replace(begun, member=n, raised=pairing.MOST) for n in range(1, 101)}
        shown: Counter[str] = Counter()
        for turn in range(1, pairing.MOST + 1):
            for member, ballot in ballots.items():
                offer = next_offer(replace(ballot, shown=shown), "", (), shown)
                assert offer is not None
                pair = ballot.standing[offer.left], ballot.standing[offer.right]
                shown.update((*pair, "|".join(sorted(pair))))
                pick = PickMade(member, turn, *pair, Side.SKIP)
                ballots[member] = replace(ballot, offered=turn, picks=(*ballot.picks, pick))
                left += pair[0] < pair[1]
                sides[pair[0]] += 1
                total += 1
    assert total == 10_000
    assert left / total == pytest.approx(0.5, abs=0.02)
    for alias in pool:  # each is shown 1,250 times
        assert sides[alias] / 1_250 == pytest.approx(0.5, abs=0.05)
