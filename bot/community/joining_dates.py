"""When a member joined, where the platform says so once and Muse keeps it for its gates."""

from __future__ import annotations

from datetime import timedelta

from bot.community.challenge_privacy import ChallengePrivacy
from bot.community.context import Context
from bot.storage.joins import Joining, Joins
from bot.storage.members import Members


class JoiningDates:
    """A member's own dates of joining, for the use cases of `mine`."""

    def __init__(self, members: Members, challenges: ChallengePrivacy, joins: Joins) -> None:
        self._members = members
        self._challenges = challenges
        self._joins = joins

    async def of(self, context: Context) -> tuple[Joining, ...]:
        """When they joined the places of this community, where that is kept."""
        community = context.community.id
        places = await self._members.places(community)
        identities = await self._members.identities(community, context.command.user)
        return await self._joins.kept(places, identities)

    async def forget(self, context: Context) -> bool:
        """Let go of those that nothing asks for any more; whether there were any at all.

        One stays where a gate is shut to them by it, or who joined only to vote would open the
        gate by being forgotten.
        """
        kept = await self.of(context)
        if not kept:
            return False
        running = await self._challenges.running_since(context.community.id)
        gate = timedelta(days=context.rules.member_days)
        for joining in kept:
            late = running is not None and joining.since >= running
            if not late and joining.since + gate <= context.now:
                await self._joins.drop(joining)
        return True
