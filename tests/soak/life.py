"""What people do in the city, how long they wait to be told, and what became of it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections import Counter, defaultdict
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.wording import en
from tests.challenging import VotingChallenge
from tests.faults.evening import PICK, READING
from tests.faults.ledger import Absence, Ledger
from tests.faults.places import SILENCE, DiscordPlace
from tests.soak.city import MEMBERS, City

VOTING = 30.0  # seconds that a challenge is at its ballots
VOTERS, PICKS = 3, 3  # of each challenge
BOTH = ("Discord", "Slack")
OPEN = 3  # rounds of a community that people still vote in
ASKS, ADDS, CLOSES = 0.02, 0.04, 0.06  # of all events, cumulated; the rest are votes


class _Ledgers(defaultdict[int, Ledger]):
    """A ledger for each community; the absences are its platform’s."""

    def __init__(self, absences: Mapping[str, list[Absence]]) -> None:
        super().__init__()
        self._absences = absences

    def __missing__(self, number: int) -> Ledger:
        self[number] = made = Ledger(absences=self._absences[platform(number)])
        return made


def platform(number: int) -> str:
    """Where a community is: every other one is on Slack."""
    return BOTH[number % 2]


@dataclass
class Life:
    """Events at a rate, spread over the communities by Zipf’s law: the k-th is met 1/k as often as
    the first.
    """

    city: City
    rng: Random
    events: Counter[str] = field(default_factory=Counter)
    ledgers: dict[int, Ledger] = field(init=False)  #: of each community that was met
    absences: dict[str, list[Absence]] = field(default_factory=lambda: {each: [] for each in BOTH})
    challenges: int = 0
    seconds: float = 1.0  #: that it lasted

    def __post_init__(self) -> None:
        self.ledgers = _Ledgers(self.absences)
        for number, place in enumerate(self.city.places):
            place.watch(self.ledgers[number].gone_since)
        count = len(self.city.places)
        self._weights = list(itertools.accumulate(1 / (n + 1) for n in range(count)))
        self._cards: dict[int, list[tuple[Any, str]]] = defaultdict(list)
        self._acts: set[asyncio.Task[None]] = set()
        self._numbers = itertools.count(1)

    def begin(self) -> None:
        """One more event, somewhere."""
        [number] = self.rng.choices(range(len(self._weights)), cum_weights=self._weights)
        cards, chance = self._cards[number], self.rng.random()
        if not cards or chance < ASKS:
            self._start(self._ask(number, f"soak number {next(self._numbers):06}"))
            return
        card, prompt = self.rng.choice(cards[-OPEN:])
        who = self.rng.randrange(1, MEMBERS)
        if chance < ADDS:
            self._start(self._add(number, who, card, prompt))
        elif chance < CLOSES and len(cards) > 1:
            cards.remove((card, prompt))
            self._start(self._close(number, card, prompt))
        else:
            self._start(self._vote(number, who, card, prompt))

    def begin_challenge(self) -> None:
        """A challenge of one more community comes to its ballots, and closes soon after."""
        number = 2 * self.challenges % len(self.city.places)  # every other one is on Discord
        self.challenges += 1
        self._start(self._challenge(number, self.challenges))

    def away(self, platforms: Sequence[str]) -> list[Absence]:
        """A process is gone, and nobody there may hear people, until the absences are ended."""
        begun = [Absence(time.monotonic()) for _ in platforms]
        for each, absence in zip(platforms, begun, strict=True):
            self.absences[each].append(absence)
        return begun

    async def end(self) -> None:
        """Wait until each act has had its answer, or long enough."""
        while self._acts:
            await asyncio.gather(*self._acts)

    def _start(self, act: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(act)
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)

    async def _ask(self, number: int, prompt: str) -> None:
        place, ledger = self.city.places[number], self.ledgers[number]
        card = None
        with self._tried(number, f"{prompt}, asked for"):
            card = await place.ask(0, prompt)
        if card is None:
            return
        ledger.note("rounds", prompt)
        with contextlib.suppress(*SILENCE):
            await place.whole(card)
            self._cards[number].append((card, prompt))

    async def _vote(self, number: int, who: int, card: Any, prompt: str) -> None:
        place, entry = self.city.places[number], self.rng.randint(1, 4)
        with self._tried(number, f"a vote on {prompt}"):
            if await place.vote(who, card, entry):
                self.ledgers[number].note("votes", (prompt, place.identity(who), entry))

    async def _add(self, number: int, who: int, card: Any, prompt: str) -> None:
        place, text = self.city.places[number], f"{prompt} said the keeper, {who} times"
        with self._tried(number, f"a piece for {prompt}"):
            if await place.add(who, card, text):
                self.ledgers[number].note("entries", (prompt, text))

    async def _close(self, number: int, card: Any, prompt: str) -> None:
        place = self.city.places[number]
        with self._tried(number, f"the end of {prompt}"):
            if await place.close(0, card):
                self.ledgers[number].note("announcements", prompt)

    async def _challenge(self, number: int, count: int) -> None:
        place = self.city.places[number]
        assert isinstance(place, DiscordPlace)
        made = await self.city.challenge(place, count, VOTING)
        self.ledgers[number].note("announcements", (made.challenge.theme, "results"))
        for who in range(VOTERS):
            self._start(self._ballot(number, place, who, made))

    async def _ballot(
        self, number: int, place: DiscordPlace, who: int, made: VotingChallenge
    ) -> None:
        ledger, user, identity = self.ledgers[number], place.people[who], place.identity(who)
        with self._tried(number, "a ballot"):
            shown = await place.told(user, "challenge vote")
            for _ in range(PICKS):
                if (at := PICK.search(shown.text)) is None:
                    return
                await asyncio.sleep(READING)
                ledger.pressed[identity] += 1
                self.events["Discord"] += 1
                await place.pick(user, shown, en.BALLOT_RIGHT)
                after = PICK.search(shown.text)
                if after is not None and int(after[1]) == int(at[1]) + 1:
                    ledger.note("duels", (made.ref.challenge, identity, int(at[1])))

    def _tried(self, number: int, what: str) -> contextlib.AbstractContextManager[None]:
        """An event, until whoever caused it is told; where nobody tells them, it is noted."""
        self.events[platform(number)] += 1
        return self.ledgers[number].trying(what)
