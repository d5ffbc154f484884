"""The rules of a ballot once more, in plain Python, to hold the real one to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bot.challenge import Side

FIRST, MOST, READING = 7, 20, 2.0

Pair = tuple[str, str]


@dataclass
class ModelBallot:
    offers: dict[int, Pair] = field(default_factory=dict)  #: number → left and right
    sides: dict[int, Side] = field(default_factory=dict)  #: the picks that stand
    standing: int = 0  #: the number of the offer that stands, 0 for none
    waiting: int = 0  #: the number of what comes after it
    since: float = 0.0
    twice: set[int] = field(default_factory=set)  #: offers that are not asked again any more
    quota: int = FIRST
    asked: tuple[str, ...] = ()
    guesses: dict[str, str] = field(default_factory=dict)
    praises: dict[str, str] = field(default_factory=dict)


@dataclass
class ModelPolls:
    """All ballots of one challenge."""

    entries: dict[str, str]  #: alias → its author, '' for Muse
    out: set[str] = field(default_factory=set)  #: aliases that are shown no more
    ballots: dict[str, ModelBallot] = field(default_factory=dict)
    events: set[str] = field(default_factory=set)
    shown: Counter[str] = field(default_factory=Counter)

    def open(self, who: str, now: float) -> str:
        ballot = self.ballots.get(who)
        return "passed" if ballot and self._pass_over(ballot, now) else "open"

    def offer(self, who: str, number: int, pair: Pair, now: float) -> str:
        ballot = self.ballots.setdefault(who, ModelBallot())
        left, right = pair
        if ballot.standing:
            return "stands"
        had = {frozenset(each) for each in ballot.offers.values()}
        if (
            number != len(ballot.offers) + 1
            or number > min(ballot.quota, MOST)
            or left == right
            or frozenset(pair) in had
            or any(each in self.out or self.entries[each] == who for each in pair)
        ):
            return "moved"
        ballot.offers[number] = pair
        ballot.standing, ballot.since = number, now
        self.shown.update((left, right, "|".join(sorted(pair))))
        return "offered"

    def pick(self, who: str, event: str, number: int, side: Side, now: float) -> str:
        ballot = self.ballots.get(who)
        if ballot is None:
            return "late"
        if event in self.events:
            return "again"
        if self._pass_over(ballot, now):
            return "passed"
        if not ballot.standing or number not in (0, ballot.standing):
            return "again" if ballot.sides.get(number) is side else "late"
        self.events.add(event)
        quick = side is not Side.SKIP and now - ballot.since < READING
        if quick and ballot.standing not in ballot.twice:
            ballot.twice.add(ballot.standing)
            return "quick"
        self._take(ballot, side, now)
        return "skipped" if side is Side.SKIP else "picked"

    def unpick(self, who: str, event: str, number: int, now: float) -> str:
        ballot = self.ballots.get(who)
        if ballot is None:
            return "late"
        if event in self.events:
            return "again"
        self._pass_over(ballot, now)
        last = ballot.standing - 1 if ballot.standing else len(ballot.offers)
        number = number or last
        if ballot.standing and number == ballot.standing:
            return "again"
        if number != last or ballot.waiting or number not in ballot.sides:
            return "late"
        if set(ballot.offers[number]) & self.out:
            return "late"
        self.events.add(event)
        del ballot.sides[number]
        ballot.waiting, ballot.standing = ballot.standing, number
        ballot.since = now
        ballot.twice.add(number)
        return "unpicked"

    def more(self, who: str) -> None:
        if who in self.ballots and self.ballots[who].offers:
            self.ballots[who].quota = MOST

    def ask(self, who: str, aliases: tuple[str, ...]) -> None:
        if who in self.ballots:
            self.ballots[who].asked = self.ballots[who].asked or aliases

    def guess(self, who: str, event: str, alias: str, origin: str) -> str:
        ballot = self.ballots.get(who)
        if ballot is None or alias not in ballot.asked:
            return "unasked"
        return self._say(event, ballot.guesses, alias, origin)

    def praise(self, who: str, event: str, alias: str, facet: str) -> str:
        ballot = self.ballots.get(who)
        if ballot is None or not ballot.asked:
            return "unasked"
        seen = {each for number in ballot.sides for each in ballot.offers[number]}
        return self._say(event, ballot.praises, facet, alias) if alias in seen else "unasked"

    def _say(self, event: str, said: dict[str, str], of: str, what: str) -> str:
        if event in self.events:
            return "again"
        self.events.add(event)
        said[of] = what
        return "said"

    def _take(self, ballot: ModelBallot, side: Side, now: float) -> None:
        ballot.sides[ballot.standing] = side
        ballot.standing, ballot.waiting, ballot.since = ballot.waiting, 0, now

    def _pass_over(self, ballot: ModelBallot, now: float) -> bool:
        passed = False
        while ballot.standing and set(ballot.offers[ballot.standing]) & self.out:
            self._take(ballot, Side.SKIP, now)
            passed = True
        return passed
