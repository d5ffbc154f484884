"""A challenge of a week as people play it, on whichever platform: what they write, what a test
does with time, and whether anything that was sent before the close tells too much.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.challenge import Challenge, ChallengeState, Contender, Side
from bot.challenge_requests import ChallengeRef
from bot.game.challenges.winning import Winning
from bot.game.composing import Composers
from bot.models import Origin, SpaceRef, UserRef
from bot.storage.ballots import Ballots
from bot.storage.challenges import Challenges
from bot.storage.client import Store
from bot.storage.plans import PlanStore
from bot.storage.results import ResultStore
from bot.storage.spaces import Spaces
from bot.writing.deck import DeckWriter
from bot.writing.engine import Engine
from bot.writing.invitations import InvitationDeck
from tests.blind import Seen, leaks
from tests.challenging import enrolled, pool_now
from tests.fakes.openai_calls import writer
from tests.fakes.openai_server import OpenAIServer
from tests.support import FakeClock

THEME = "what the lift hears at night"
OTHER_THEME = "a door that opens on Tuesdays"
PIECES = (
    "The last bus knows us all by our coughs.",
    "Nobody rings the bell twice in this street.",
    "My grandmother salted the snow before it fell.",
    "I keep a drawer for keys that fit nothing yet.",
    "What the gutter said, it only said in passing.",
    "Every window is a letter that the street forgot.",
)
OWN = 2  # of Muse's, drawn for six people's
VOTERS = 40
PICKS = 3  # of each voter, at least
READING = timedelta(seconds=3)


@asynccontextmanager
async def model() -> AsyncIterator[tuple[OpenAIServer, Composers]]:
    """A fake of OpenAI's service, and what writes by it through the real client."""
    async with OpenAIServer() as server, writer(server) as made:
        yield (
            server,
            Composers(
                Engine(made, DeckWriter(0.0)),
                Engine(made, InvitationDeck(), stand_in=False),
                Engine(made, None),
            ),
        )


class Week:
    """The challenge of a community, as Redis holds it, and time."""

    def __init__(
        self, store: Store, clock: FakeClock, space: SpaceRef, settle: Callable[[], Awaitable[None]]
    ) -> None:
        self.store, self.clock, self.space, self.settle = store, clock, space, settle
        self.challenges = Challenges(store)
        self.plans = PlanStore(store)

    async def community(self) -> str:
        return (await Spaces(self.store, "UTC").community(self.space, self.clock.now())).id

    async def next(self) -> datetime:
        """When the next one begins."""
        begins = (await self.plans.read(await self.community())).next
        assert begins is not None
        return begins

    async def now(self) -> Challenge:
        latest = await self.challenges.latest(await self.community())
        assert latest is not None
        return latest

    async def ref(self) -> ChallengeRef:
        return ChallengeRef((await self.now()).community, (await self.now()).id)

    async def pool(self) -> dict[str, Contender]:
        return await pool_now(self.store, await self.ref())

    async def until(self, when: datetime) -> None:
        """Let time pass, and all be done that falls due."""
        self.clock.shift(when - self.clock.now())
        await self.settle()

    async def voting(self) -> Challenge:
        """Go to the deadline; six people's entries and two of Muse's are in the pool."""
        await self.until((await self.now()).deadline)
        challenge = await self.now()
        assert challenge.state is ChallengeState.VOTING
        made = [each.origin for each in (await self.pool()).values()]
        assert made.count(Origin.HUMAN) == len(PIECES)
        assert made.count(Origin.AI) == OWN
        assert len(made) == len(PIECES) + OWN
        return challenge

    async def closed(self) -> Challenge:
        """Go to the close; it is counted."""
        await self.until((await self.now()).closes)
        challenge = await self.now()
        assert challenge.state is ChallengeState.CLOSED
        assert challenge.counted
        return challenge

    async def voters(self, picks: int = PICKS) -> int:
        """How many have picked, each as often as they were asked to at least."""
        made = await Ballots(self.store).picks(await self.ref())
        often = {each.member: each.number for each in made}
        assert all(count >= picks for count in often.values())
        return len(often)

    async def winners(self) -> set[int]:
        """The ids of the people who are in first place, where they are numbers."""
        found = await Winning(ResultStore(self.store)).people(await self.ref(), self.space.platform)
        return {int(each.id) for each in found}

    async def leaks(self, seen: Iterable[Seen], users: Iterable[UserRef]) -> list[str]:
        """What was sent too much, before the close."""
        numbers = await enrolled(self.store, await self.community(), users, self.clock)
        people = {number: (user.id,) for user, number in numbers.items()}
        return leaks(seen, await self.pool(), people)


def liked(shown: str, pool: Iterable[Contender]) -> Side:
    """What everybody here would pick of two: whichever of people's was written down earlier, and
    Muse's least.
    """
    texts = [*PIECES, *(each.text for each in pool if each.text not in PIECES)]
    left, right = sorted((text for text in texts if text in shown), key=shown.index)
    return Side.LEFT if texts.index(left) < texts.index(right) else Side.RIGHT


def told_verdict(said: str) -> bool:
    """Whether the verdict tells of this week: of those who had one of people's beside one of AI's,
    which were most, if not all.
    """
    found = re.search(r"One challenge, (\d+) voters", said)
    return found is not None and VOTERS // 2 < int(found[1]) <= VOTERS


def written_blind(server: OpenAIServer) -> bool:
    """Whether Muse's entries were asked for, and no person's was told to the model."""
    asked = json.dumps(server.requests, ensure_ascii=False)
    return server.calls > 0 and THEME in asked and not any(piece in asked for piece in PIECES)
