"""Who won: the makers of the entries in first place."""

from __future__ import annotations

from bot.challenge_requests import ChallengeRef
from bot.models import UserRef
from bot.storage.results import ResultStore


class Winning:
    """Reads the winners of counted challenges."""

    def __init__(self, results: ResultStore) -> None:
        self._results = results

    async def numbers(self, ref: ChallengeRef) -> tuple[int, ...]:
        """The numbers of the people who won; none where nobody did, or the words were Muse's."""
        kept = await self._results.read(ref, None, "")
        if kept is None or kept.counted is None or not kept.counted.picks:
            return ()
        first = [placed.alias for placed in kept.counted.order if placed.place == 1]
        made = (kept.pool[alias] for alias in first if alias in kept.pool)
        authors = (entry.author for entry in made if not entry.muses)
        return tuple(dict.fromkeys(author for author in authors if author))

    async def people(self, ref: ChallengeRef, platform: str) -> tuple[UserRef, ...]:
        """The same, as a platform knows them."""
        numbers = await self.numbers(ref)
        people = await self._results.people(ref.community, numbers, platform)
        return tuple(people[number] for number in numbers if number in people)

    async def before(self, ref: ChallengeRef, platform: str) -> tuple[UserRef, ...]:
        """Who won the last challenge before it that anybody could vote in, examples aside."""
        closed = [each for each in await self._results.closed(ref.community) if not each.quiet]
        names = [each.id for each in closed]
        earlier = closed[: names.index(ref.challenge)] if ref.challenge in names else closed
        if not earlier:
            return ()
        return await self.people(ChallengeRef(ref.community, earlier[-1].id), platform)
