"""Results as they are told: posted when a challenge closed, looked at later, kept in a hall."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import replace

from bot.cards import Card, Illustration
from bot.challenge import ChallengeState, Contender
from bot.challenge_requests import (
    ChallengeRef,
    ShowOwnResult,
    ShowPodiums,
    ShowResults,
    ShowUnlikePicks,
)
from bot.challenge_results import Closed, Counted, Credit
from bot.charts import results_picture
from bot.community.context import Context, organiser_only
from bot.errors import NotFound, Refusal, TooLate
from bot.game.challenges.counting import Counting
from bot.models import Origin, RoundRef, UserRef
from bot.present.challenges.halls import hall_card, unlike_card
from bot.present.challenges.own import own_card
from bot.present.challenges.results import results_card, results_page
from bot.storage.refusals import ForeignSpace
from bot.storage.results import Kept, ResultStore
from bot.storage.rounds import Rounds
from bot.wording import en

PODIUMS = 5  # of a page of the hall of fame
_PICTURES = 64  # kept in memory, about 80 kB each


class Results:
    """The use cases of looking at results, and what is posted of them."""

    def __init__(self, results: ResultStore, counting: Counting, rounds: Rounds) -> None:
        self._results = results
        self._counting = counting
        self._rounds = rounds
        self._pictures: OrderedDict[tuple[str, ...], Illustration | None] = OrderedDict()

    async def announcement(self, ref: ChallengeRef, platform: str) -> Card:
        """The card that is posted on a platform when a challenge has closed and is counted.

        Raises `NotFound` where there is none, `Refusal` while it is not counted.
        """
        closed = await self.closed(ref, None, platform)
        return await self._illustrated(closed, results_card(closed))

    async def show(self, context: Context, request: ShowResults) -> Card:
        """A page of a challenge's results, by default the latest's."""
        closed = await self.here(context, request.challenge)
        card = results_page(closed, request.page)
        return await self._illustrated(closed, card) if request.page == 1 else card

    async def own(self, context: Context, request: ShowOwnResult) -> Card:
        """How a member's own entry did."""
        return own_card(await self.here(context, request.challenge))

    async def unlike(self, context: Context, request: ShowUnlikePicks) -> Card:
        """For organisers: whose picks were unlike the rest's."""
        organiser_only(context)
        return unlike_card(await self.here(context, request.challenge))

    async def podiums(self, context: Context, request: ShowPodiums) -> Card:
        """The hall of fame."""
        community, platform = context.community.id, context.command.user.platform
        challenges = [each for each in await self._results.closed(community) if not each.quiet]
        challenges.reverse()
        first = (request.page - 1) * PODIUMS
        wanted = challenges[first : first + PODIUMS]
        found = await asyncio.gather(
            *(self.closed(ChallengeRef(community, each.id), None, platform) for each in wanted)
        )
        return hall_card(found, request.page, more=len(challenges) > first + PODIUMS)

    async def here(self, context: Context, ref: ChallengeRef | None) -> Closed:
        """The closed challenge that is meant, for the member who asks.

        Raises `NotFound`, `Refusal`, `TooLate`; `ForeignSpace` for another community's, unless it
        was told where the member is: that place has moved on since.
        """
        named = ref or await self._results.latest(context.community.id)
        if named is None:
            raise NotFound(en.NO_RESULTS)
        command = context.command
        closed = await self.closed(named, command.user, command.user.platform)
        here = named.community == context.community.id
        if not here and closed.challenge.plan.at(command.space) is None:
            raise ForeignSpace
        return closed

    async def closed(self, ref: ChallengeRef, reader: UserRef | None, platform: str) -> Closed:
        """A closed challenge as it is told to a reader on a platform.

        Raises `NotFound` where there is no such challenge, `Refusal` where it still runs or is
        not counted yet, `TooLate` where it was ended without results.
        """
        kept = await self._results.read(ref, reader, platform)
        if kept is None:
            raise NotFound(en.NO_RESULTS)
        challenge = kept.challenge
        if challenge.state is ChallengeState.CANCELLED:
            raise TooLate(en.RESULTS_CANCELLED)
        if challenge.state is not ChallengeState.CLOSED:
            raise Refusal(en.RESULTS_NOT_YET)
        counted = kept.counted or Counted()
        if challenge.quiet:
            return await self._told(kept, counted)
        if kept.counted is None:
            raise Refusal(en.RESULTS_UNCOUNTED)
        return await self._told(kept, await self._counting.standing(ref, kept.pool, counted))

    async def _told(self, kept: Kept, counted: Counted) -> Closed:
        made = [each for each in kept.pool.values() if each.origin is Origin.TOGETHER]
        whose = await asyncio.gather(*(self._credit(kept, each) for each in made))
        return Closed(
            kept.challenge,
            kept.pool,
            counted,
            kept.people,
            {e.alias: credit for e, credit in zip(made, whose, strict=True) if credit},
            kept.own,
        )

    async def _credit(self, kept: Kept, entry: Contender) -> Credit | None:
        """Whose piece an entry was made from; None where that is not known any more."""
        if entry.parent in kept.pool:  # of Muse's, in the same challenge
            return Credit(muse=True)
        round_id, _, number = entry.parent.partition("/")
        if not number.isdecimal():
            return None
        try:
            view = await self._rounds.read(RoundRef(kept.challenge.community, round_id))
        except NotFound:
            return None
        parent = next((e for e in view.round.entries if e.number == int(number)), None)
        if parent is None:
            return None
        if not parent.author:
            return Credit(muse=parent.origin in (Origin.AI, Origin.DECK))
        return Credit(by=view.round.people.get(parent.author))

    async def _illustrated(self, closed: Closed, card: Card) -> Card:
        challenge = closed.challenge
        # What it shows: an entry's author may be forgotten, an entry struck, meanwhile.
        shown = (f"{e.alias} {closed.pool[e.alias].text}" for e in closed.counted.order)
        key = (challenge.community, challenge.id, *shown)
        if key not in self._pictures:
            self._pictures[key] = await asyncio.to_thread(results_picture, closed)
            if len(self._pictures) > _PICTURES:
                self._pictures.popitem(last=False)
        return replace(card, illustration=self._pictures[key])
