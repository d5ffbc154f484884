"""People who play all evening, and what they are told, noted in the ledger."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import Coroutine
from typing import Any

from bot.wording import en
from tests.faults.ledger import Ledger
from tests.faults.places import DiscordPlace, Place

PICK = re.compile(r"[Pp]ick (\d+) of ")
READING = 3.2  # seconds: who picks faster is asked whether they have read both
VOTERS, PICKS = 10, 3  # of a round; of a ballot at a time


class Evening:
    """Rounds that are asked for, voted on, added to and closed; ballots, where there are any."""

    def __init__(self, place: Place, people: int, ledger: Ledger, challenge: str = "") -> None:
        """`challenge`: the id of the one that people pick in; '' for none."""
        self._place = place
        self._people = people
        self.ledger = ledger
        self._challenge = challenge
        self._acts: set[asyncio.Task[None]] = set()
        self._number = itertools.count(1)
        self._picking: set[int] = set()
        self._playing = False
        self.cards: list[Any] = []
        self.begun: list[float] = []  #: when each round was asked for that somebody got

    def play(self) -> None:
        """Let people ask, vote, add, close and pick, until `stop`."""
        self._playing = True
        self._do(self._turns())

    async def stop(self) -> None:
        """Begin nothing new, and wait until each act has had its answer, or long enough."""
        self._playing = False
        while self._acts:
            await asyncio.gather(*self._acts)

    @property
    def playing(self) -> bool:
        """Whether people still begin new things."""
        return self._playing

    def _do(self, act: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(act)
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)

    async def _turns(self) -> None:
        while self._playing:
            number = next(self._number)
            who = number % self._people
            self._do(self._round(who, f"fault number {number:04}"))
            if self._challenge and isinstance(self._place, DiscordPlace):
                self._do(self._ballot(self._place, (who + self._people // 2) % self._people))
            await asyncio.sleep(self._place.pace)

    async def _round(self, who: int, prompt: str) -> None:
        card = await self.asked(who, prompt)
        if card is None:
            return
        others = [(who + n) % self._people for n in range(1, self._people)]
        for n, each in enumerate(others[:VOTERS]):
            self._do(self._vote(each, card, prompt, n % 4 + 1))
            await asyncio.sleep(0.05)
        self._do(self._add(others[VOTERS], card, prompt, f"{prompt} said the keeper, twice"))
        if int(prompt[-1]) % 2:
            await asyncio.sleep(0.5)
            self._do(self._close(who, card, prompt))

    async def asked(self, who: int, prompt: str) -> Any:
        """Ask for a round; its card once it is whole, None where nobody answered."""
        began = time.monotonic()
        with self.ledger.trying(f"{prompt}, asked for"):
            card = await self._place.ask(who, prompt)
            if card is None:
                self.ledger.refused += 1
                return None
            self.ledger.note("rounds", prompt)
            self.cards.append(card)
            self.begun.append(began)
            await self._place.whole(card)
            return card
        return None

    async def _vote(self, who: int, card: Any, prompt: str, number: int) -> None:
        with self.ledger.trying(f"a vote for {number} of {prompt}"):
            done = await self._place.vote(who, card, number)
            self._noted("votes", (prompt, self._place.identity(who), number), done=done)

    async def _add(self, who: int, card: Any, prompt: str, text: str) -> None:
        with self.ledger.trying(f"a piece for {prompt}"):
            done = await self._place.add(who, card, text)
            self._noted("entries", (prompt, text), done=done)

    async def _close(self, who: int, card: Any, prompt: str) -> None:
        with self.ledger.trying(f"the end of {prompt}"):
            self._noted("announcements", prompt, done=await self._place.close(who, card))

    async def _ballot(self, place: DiscordPlace, who: int) -> None:
        """Somebody goes on with their ballot, if they are not at it already."""
        if who in self._picking:
            return
        self._picking.add(who)
        try:
            with self.ledger.trying("a pick"):
                await self._picks(place, who)
        finally:
            self._picking.discard(who)

    async def _picks(self, place: DiscordPlace, who: int) -> None:
        user, identity = place.people[who], place.identity(who)
        shown = await place.told(user, "challenge vote")
        for _ in range(PICKS):
            if (at := PICK.search(shown.text)) is None:
                return
            number = int(at[1])
            await asyncio.sleep(READING)
            self.ledger.pressed[identity] += 1
            await place.pick(user, shown, en.BALLOT_LEFT)
            after = PICK.search(shown.text)
            done = after is not None and int(after[1]) == number + 1
            self._noted("duels", (self._challenge, identity, number), done=done)

    def _noted(self, kind: str, thing: Any, *, done: bool) -> None:
        if done:
            self.ledger.note(kind, thing)
        else:
            self.ledger.refused += 1
