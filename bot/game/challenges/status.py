"""How the challenge stands, for one member: what it is, what they can do, when the next begins."""

from __future__ import annotations

from bot.cards import Card
from bot.challenge import ChallengeState
from bot.challenge_requests import ChallengeRef, ShowChallenge
from bot.community.context import Context
from bot.game.challenges.beginning import possible
from bot.present.challenges.status import Seen, status_card
from bot.storage.challenges import Challenges
from bot.storage.contributions import Contributions, Own
from bot.storage.plans import PlanStore


class Statuses:
    """The use case of the status."""

    def __init__(
        self, challenges: Challenges, plans: PlanStore, contributions: Contributions
    ) -> None:
        self._challenges = challenges
        self._plans = plans
        self._contributions = contributions

    async def show(self, context: Context, _: ShowChallenge) -> Card:
        """How it stands."""
        community = context.community.id
        plans = await self._plans.read(community)
        challenge = await self._challenges.latest(community)
        own = Own()
        if challenge is not None and challenge.state is ChallengeState.OPEN:
            ref = ChallengeRef(community, challenge.id)
            own = await self._contributions.own(ref, context.command.user, challenge.links)
        seen = Seen(
            challenge,
            possible(plans, challenge, context.now),
            entered=own.entry is not None,
            reminded=own.reminded,
            organiser=context.organiser,
        )
        return status_card(seen)
