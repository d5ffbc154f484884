"""The one way into the game: a command in, a reply out. Dispatch only."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.cards import Answer, Card, FormCard, Reply
from bot.challenge_requests import MorePicks, OpenBallot, Pick, TakeBackEntry, Unpick, VoteTheme
from bot.community.context import Context, blocked
from bot.community.leaving import Leaving
from bot.community.rules import Rules, channel_of, effective
from bot.community.standing import Standings
from bot.community_requests import Mine, Welcome
from bot.errors import LimitReached, MuseError, NotAllowed
from bot.models import SpaceRef, Tenure, UserRef
from bot.ports import Clock
from bot.present.problems import problem_card, unexpected_card
from bot.references import event_id
from bot.requests import Again, Ask, Command, Help, Invite, Refine, Say, Unvote, Vote, Withdraw
from bot.storage.charters import Charters
from bot.storage.refusals import ForeignSpace
from bot.storage.spaces import Community, Spaces
from bot.turns import Crowded, Turn, Turns
from bot.wording import en

log = logging.getLogger(__name__)

Handler = Callable[[Context, Any], Awaitable[Card | FormCard]]
"""Serves one kind of request; `App` pairs each with the type it takes."""

#: What a member may do even where they are blocked: read, and take away what is theirs.
ALWAYS = (Help, Mine, Withdraw, TakeBackEntry)
#: Their card is a message that the stage posts, and for a round goes on with.
FOLLOWED = (Ask, Again, Refine, Invite, Say, Welcome)
#: What votes, and what leads to it.
VOTING = (Vote, Unvote, OpenBallot, Pick, Unpick, MorePicks, VoteTheme)


class App:
    """Knows which use case serves which request, and nothing else."""

    def __init__(
        self,
        spaces: Spaces,
        charters: Charters,
        leaving: Leaving,
        standings: Standings,
        defaults: Rules,
        clock: Clock,
        handlers: Mapping[type[Any], Handler],
        turns: Turns,
        with_notices: Callable[[Context, Card], Awaitable[Card]] | None = None,
        newcomer_for: timedelta = timedelta(days=7),
    ) -> None:
        """`defaults` hold where a community has set nothing else; `turns` are the process's;
        `with_notices` adds to a private card what its member is to be told; in a crowd
        whoever came less than `newcomer_for` ago waits behind the others.
        """
        self._turns = turns
        self._spaces = spaces
        self._charters = charters
        self._leaving = leaving
        self._standings = standings
        self._defaults = defaults
        self._clock = clock
        self._handlers = handlers
        self._with_notices = with_notices
        self._newcomer_for = newcomer_for
        self._looked, self._new_since = -math.inf, datetime.max.replace(tzinfo=UTC)

    @property
    def requests(self) -> frozenset[type[Any]]:
        """All that may be asked for."""
        return frozenset(self._handlers)

    async def handle(self, command: Command) -> Reply:
        """Serve a command in its turn. Raises the tree's errors, whose text is safe to show."""
        turn = await self._turn(command)
        try:
            return await self._handled(command)
        finally:
            turn.end()

    async def _turn(self, command: Command) -> Turn:
        """Votes and what leads to them go beside the rest, and so do forms: they can't wait."""
        quick = isinstance(command.request, VOTING) or command.answer is Answer.FORM
        try:
            return await self._turns.take(
                command.space.place,
                command.user,
                quick=quick,
                newcomer=self._new(command.standing),
            )
        except Crowded as crowd:
            log.info("more is asked for than can be served soon: a command is refused")
            raise LimitReached(en.crowded(math.ceil(crowd.seconds))) from crowd

    def _new(self, standing: Tenure) -> bool:
        """Whether somebody has not been around for long, as far as the platform tells."""
        account, member = standing.account_since, standing.member_since
        if not self._newcomer_for or (account is None and member is None):
            return False
        seconds = asyncio.get_running_loop().time()
        if seconds > self._looked + 1.0:  # a crowd's order is not worth a look at the clock each
            self._looked, self._new_since = seconds, self._clock.now() - self._newcomer_for
        since = self._new_since
        return (account is not None and account > since) or (member is not None and member > since)

    async def _handled(self, command: Command) -> Reply:
        now, again = self._clock.now(), False
        community = await self._spaces.community(command.space, now)
        while True:
            try:
                card = await self._serve(command, community, now)
            except ForeignSpace:
                # What was known of the space may be stale: it may have joined another or parted,
                # and moved on since. Where it has not, the command speaks of what is others'.
                self._spaces.forget(command.space)
                before, now = community, self._clock.now()
                community = await self._spaces.community(command.space, now)
                if again and community == before:
                    log.warning(
                        "a command from %s on what is not its own is refused", command.space
                    )
                    raise
                again = True
            else:
                return Reply(command.answer, card, follows=isinstance(command.request, FOLLOWED))

    async def left(self, space: SpaceRef) -> None:
        """Muse was removed from a space: what it keeps of it goes in 30 days."""
        await self._leaving.left(space)

    async def returned(self, space: SpaceRef) -> None:
        """Muse was added to a space, or finds itself in it when it starts: nothing goes."""
        await self._leaving.returned(space)

    async def came_with(self, space: SpaceRef, whole: SpaceRef) -> None:
        """Muse is in a space by the installation of an organisation, whose `left` is its too."""
        await self._leaving.came_with(space, whole)

    async def joined(self, space: SpaceRef, user: UserRef) -> None:
        """Somebody joined a space, where its platform says so once and can't be asked later."""
        await self._standings.joined(space, user)

    async def _serve(
        self, command: Command, community: Community, now: datetime
    ) -> Card | FormCard:
        charter = await self._charters.of(community.id)
        rules = effective(charter.rules, self._defaults, channel_of(command.address))
        context = Context(command, community, now, event_id(command.event), rules, charter)
        if blocked(context) and not isinstance(command.request, ALWAYS):
            raise NotAllowed(en.YOU_ARE_BLOCKED)
        context = await self._standings.complete(context)
        card = await self._handlers[type(command.request)](context, command.request)
        if (
            self._with_notices is not None
            and command.answer is Answer.PRIVATE
            and isinstance(card, Card)
        ):
            card = await self._with_notices(context, card)
        return card


def refusal(error: MuseError) -> Reply:
    """What a member is told of an error of the tree."""
    return Reply(Answer.PRIVATE, problem_card(error), refused=True)


def breakdown(reference: str) -> Reply:
    """What a member is told of any other error; `reference` finds it in the log."""
    return Reply(Answer.PRIVATE, unexpected_card(reference), refused=True)
