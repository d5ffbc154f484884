"""One member's ballot in a challenge, as it stands. Frozen; and what follows from it, purely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from bot.challenge import Challenge, Contender, GuessMade, Offered, PickMade, PraiseGiven, Side
from bot.challenge_requests import ChallengeRef
from bot.stats import pairing

ASKED = 3  #: entries that a member is asked about: who wrote this?


class Word(StrEnum):
    """What became of what a member did with their ballot."""

    OPEN = "open"
    OFFERED = "offered"
    STANDS = "stands"  #: another offer stands already
    MOVED = "moved"  #: what was to be offered can't be any more
    PICKED = "picked"
    SKIPPED = "skipped"
    QUICK = "quick"  #: too soon to have read both: it is asked again
    AGAIN = "again"  #: it was done before
    LATE = "late"  #: another offer stands than the one that was meant
    PASSED = "passed"  #: one of the two is not shown any more
    UNPICKED = "unpicked"
    MORE = "more"
    ASKED = "asked"
    SAID = "said"
    UNASKED = "unasked"


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """A member's ballot. `member` is 0 for somebody who has no number yet.

    `owns` are all numbers that are theirs, `offer` what they are to choose between and `waiting`
    what comes after it, once a pick was taken back; `offered` counts their offers. `shown` is how
    often each entry was offered to all (after f: in finals), where no offer stands.
    """

    word: Word
    challenge: Challenge
    member: int
    owns: frozenset[int]
    pool: Mapping[str, Contender] = field(repr=False)
    offer: Offered | None
    waiting: Offered | None
    offered: int
    raised: int  #: the quota once it was raised, else 0
    picks: tuple[PickMade, ...]
    guesses: tuple[GuessMade, ...]
    praises: tuple[PraiseGiven, ...]
    asked: tuple[str, ...]
    shown: Mapping[str, int] = field(repr=False)

    @property
    def ref(self) -> ChallengeRef:
        """The challenge that it is of."""
        return ChallengeRef(self.challenge.community, self.challenge.id)

    @property
    def quota(self) -> int:
        """How many offers the member may have by now."""
        return min(self.raised or pairing.FIRST_OFFER, pairing.MOST)

    @property
    def most(self) -> int:
        """How many offers there can be in all by now: the quota, or as many as there are pairs.

        Of few entries there are fewer pairs than a ballot has picks, and nobody should wait for
        the seventh of three.
        """
        free = {a for a in self.standing if self.pool[a].author not in self.owns}
        left = len(free) * (len(free) - 1) // 2 - sum(pair <= free for pair in self.had)
        return min(max(self.quota, self.offered), self.offered + left)

    @property
    def standing(self) -> tuple[str, ...]:
        """The entries that are shown to voters, by alias."""
        return tuple(sorted(alias for alias, each in self.pool.items() if each.standing))

    @property
    def had(self) -> frozenset[frozenset[str]]:
        """The pairs that the member was offered."""
        pairs = [(pick.left, pick.right) for pick in self.picks]
        pairs += [(each.left, each.right) for each in (self.offer, self.waiting) if each]
        return frozenset(map(frozenset, pairs))

    @property
    def seen(self) -> tuple[str, ...]:
        """The entries that the member was shown, in the order in which they first were."""
        made = sorted(self.picks, key=lambda pick: pick.number)
        return tuple(dict.fromkeys(alias for pick in made for alias in (pick.left, pick.right)))

    @property
    def last(self) -> PickMade | None:
        """The pick that may be taken back: the last, as long as the next is not made."""
        if self.waiting or not self.picks:
            return None
        number = self.offer.number - 1 if self.offer else self.offered
        made = next((pick for pick in self.picks if pick.number == number), None)
        both = made and all(self._shown(alias) for alias in (made.left, made.right))
        return made if both else None

    @property
    def picked(self) -> int:
        """How many picks were made, without skips."""
        return sum(pick.side is not Side.SKIP for pick in self.picks)

    @property
    def more_to_have(self) -> bool:
        """Whether the member may still ask for more offers, and there are pairs for them."""
        return self.offered < pairing.MOST and self._open_pairs()

    @property
    def to_guess(self) -> int:
        """The number of the first entry asked about that still waits for an answer; 0 for none."""
        answered = {guess.alias for guess in self.guesses}
        for number, alias in enumerate(self.asked, 1):
            if alias not in answered and self._shown(alias):
                return number
        return 0

    def pair_of(self, number: int) -> tuple[str, str] | None:
        """The two entries of the offer `number`, 0 for the one that stands."""
        if self.offer and number in (0, self.offer.number):
            return self.offer.left, self.offer.right
        made = next((pick for pick in self.picks if pick.number == number), None)
        return (made.left, made.right) if made else None

    def _shown(self, alias: str) -> bool:
        entry = self.pool.get(alias)
        return entry is not None and entry.standing and entry.author not in self.owns

    def _open_pairs(self) -> bool:
        free = [a for a in self.standing if self.pool[a].author not in self.owns]
        had = self.had
        return any(
            frozenset((one, other)) not in had for one in free for other in free if one < other
        )


def next_offer(
    ballot: OwnBallot,
    voter: str,
    finalists: tuple[str, ...] = (),
    met: Mapping[str, int] | None = None,
) -> pairing.Offer | None:
    """What the member is to be offered next, by places in `ballot.standing`; None for nothing.

    `voter` tells the member from others where they have no number yet; `met` is how often the pairs
    were shown that are wanted for it.
    """
    if ballot.offered >= ballot.quota:
        return None
    return pairing.next_pair(_drawing(ballot, voter, finalists, met or {}))


def pairs_wanted(ballot: OwnBallot, voter: str, finalists: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The pairs whose counts `next_offer` looks at, by what they are kept under: there are by far
    too many of them in a large challenge to read them all for each pick.
    """
    if ballot.offered >= ballot.quota:
        return ()
    aliases = ballot.standing
    wanted = pairing.wanted(_drawing(ballot, voter, finalists, {}))
    return tuple(
        f"{before}{aliases[one]}|{aliases[other]}"  # a lower place is an earlier alias
        for before, pairs in (("", wanted.pairs), ("f:", wanted.finals))
        for one, other in sorted(pairs)
    )


def _drawing(
    ballot: OwnBallot, voter: str, finalists: tuple[str, ...], met: Mapping[str, int]
) -> pairing.Ballot:
    aliases, shown = ballot.standing, {**ballot.shown, **met}
    place = {alias: n for n, alias in enumerate(aliases)}
    challenge = ballot.challenge
    return pairing.Ballot(
        shown=_counts(shown, place),
        own=frozenset(n for n, a in enumerate(aliases) if ballot.pool[a].author in ballot.owns),
        had={
            pairing.pair(place[one], place[other])
            for one, other in map(tuple, ballot.had)
            if one in place and other in place
        },
        seed=f"{challenge.seed} {challenge.id} {ballot.member or voter} {ballot.offered + 1}",
        quota=pairing.MOST,  # theirs is of offers, whatever became of the entries since
        finalists=[place[alias] for alias in finalists if alias in place],
        shown_in_finals=_counts(_in_finals(shown) if finalists else {}, place),
    )


def to_ask(ballot: OwnBallot) -> tuple[str, ...]:
    """The entries that the member is asked about, drawn of those that they were shown."""
    seen = [alias for alias in ballot.seen if alias in ballot.standing]
    rng = Random(f"{ballot.challenge.seed} {ballot.challenge.id} asked {ballot.member}")
    return tuple(rng.sample(seen, min(ASKED, len(seen))))


def _in_finals(shown: Mapping[str, int]) -> dict[str, int]:
    """What was shown in finals, which is counted apart."""
    return {name[2:]: count for name, count in shown.items() if name.startswith("f:")}


def _counts(shown: Mapping[str, int], place: Mapping[str, int]) -> pairing.Shown:
    entries = [0] * len(place)
    pairs: dict[pairing.Pair, int] = {}
    for name, count in shown.items():
        one, _, other = name.partition("|")
        if one in place and not other:
            entries[place[one]] = count
        elif one in place and other in place:
            pairs[pairing.pair(place[one], place[other])] = count
    return pairing.Shown(entries, pairs)
