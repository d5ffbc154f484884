"""Voting in a challenge: two entries at a time, each act three round trips as a rule: what is done,
how often pairs were shown that are looked at, what is offered next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from weakref import WeakValueDictionary

from bot.ballot import OwnBallot, Word, next_offer, pairs_wanted, to_ask
from bot.cards import Card
from bot.challenge import Challenge, Side
from bot.challenge_requests import ChallengeRef, MorePicks, OpenBallot, Pick, Unpick
from bot.community.context import Context
from bot.errors import NotFound, Refusal, TooLate
from bot.game.challenges.electorate import may_vote
from bot.game.challenges.finals import Finals
from bot.models import UserRef
from bot.present.challenges.ballot import ballot_card, not_voting_card
from bot.stats.pairing import Offer
from bot.storage.ballots import Ballots, NotVoting
from bot.storage.challenges import Challenges
from bot.wording import en

_KEPT = 64  # challenges kept in memory, for whom they ask to vote
_TRIES = 40  # others take an offer's counts on, and entries are hidden, while it is worked out
_PAUSE, _LONGEST = 0.002, 0.064  # seconds, at most, before the second try, and before any

#: What a member is told besides the pair that then stands.
NOTES = {
    Word.QUICK: en.BALLOT_QUICK,
    Word.LATE: en.BALLOT_LATE,
    Word.PASSED: en.BALLOT_PASSED,
    Word.UNPICKED: en.BALLOT_UNPICKED,
    Word.UNASKED: en.BALLOT_UNASKED,
}


class Balloting:
    """The use cases of picks. What a member sees is what Redis holds."""

    def __init__(
        self,
        ballots: Ballots,
        challenges: Challenges,
        finals: Finals,
        draw: Callable[[], int],
    ) -> None:
        """`draw` gives 32 random bits: how long who lost a race waits before the next."""
        self._draw = draw
        self._ballots = ballots
        self._challenges = challenges
        self._finals = finals
        self._asks: dict[ChallengeRef, Challenge] = {}  # whom one asks for never changes
        self._turns: WeakValueDictionary[ChallengeRef, asyncio.Lock] = WeakValueDictionary()

    async def open(self, context: Context, request: OpenBallot) -> Card:
        """The pair that stands, or the next. Raises `NotAllowed` for who may not vote."""
        ref = await self.challenge_here(context, request.challenge)
        command = context.command
        try:
            ballot = await self._ballots.open(ref, command.space, command.user, context.now)
        except NotVoting as over:
            return not_voting_card(over.challenge)
        return await self.go_on(context, ballot)

    async def pick(self, context: Context, request: Pick) -> Card:
        """Make a pick. One that comes twice, or late, changes nothing."""
        ref = await self.challenge_here(context, request.challenge)
        return await self.go_on(
            context, await self.take(context, ref, request.number, request.side)
        )

    async def unpick(self, context: Context, request: Unpick) -> Card:
        """Take the last pick back, as long as the next is not made."""
        ref, command = await self.challenge_here(context, request.challenge), context.command
        await self._admit(context, ref)
        try:
            ballot = await self._ballots.unpick(
                ref, context.event, command.space, command.user, request.number, context.now
            )
        except NotVoting as over:
            raise _too_late(over.challenge) from over
        late = en.BALLOT_NOT_UNPICKED if ballot.word is Word.LATE else ""
        return await self.go_on(context, ballot, late)

    async def more(self, context: Context, request: MorePicks) -> Card:
        """Have more pairs than the first few."""
        ref, command = await self.challenge_here(context, request.challenge), context.command
        await self._admit(context, ref)
        try:
            ballot = await self._ballots.more(ref, command.space, command.user, context.now)
        except NotVoting as over:
            raise _too_late(over.challenge) from over
        return await self.go_on(context, ballot)

    async def take(self, context: Context, ref: ChallengeRef, number: int, side: Side) -> OwnBallot:
        """Put a pick or a skip on record.

        Raises `TooLate` where voting is over, `NotAllowed` for who may not vote any more.
        """
        await self._admit(context, ref)
        command = context.command
        try:
            return await self._ballots.pick(
                ref, context.event, command.space, command.user, number, side, context.now
            )
        except NotVoting as over:
            raise _too_late(over.challenge) from over

    async def go_on(self, context: Context, ballot: OwnBallot, note: str = "") -> Card:
        """The card of a ballot, once it has an offer, or the questions that come after it."""
        self._know(ballot.ref, ballot.challenge)
        may_vote(context, ballot.challenge)
        note = note or NOTES.get(ballot.word, "")
        command, now = context.command, context.now
        if ballot.offer is None:
            ballot = await self._offered(context, ballot)
        if ballot.offer is None and ballot.seen and not ballot.asked:
            asked = to_ask(ballot)
            if asked:
                ballot = await self._ballots.ask(
                    ballot.ref, command.space, command.user, asked, now
                )
        return ballot_card(ballot, note)

    async def _offered(self, context: Context, ballot: OwnBallot) -> OwnBallot:
        """A ballot with its next offer, where there is one.

        Many open theirs in the same moment, and the fairest pair is nearly the same for all. They
        take turns in a process; of processes one wins, and the others try again after a pause by
        chance, twice as long each time.
        Raises `Refusal` where that goes on: an offer that may not be the fairest is never made.
        """
        command, now = context.command, context.now
        turn = self._turns.setdefault(ballot.ref, asyncio.Lock())
        async with turn:
            for tried in range(_TRIES):
                if tried:
                    longest = min(_PAUSE * 2 ** (tried - 1), _LONGEST)
                    await asyncio.sleep(longest * self._draw() / 2**32)
                finalists = await self._finals.of(ballot, now)
                offer = await drawn(self._ballots, ballot, command.user, finalists)
                if offer is None:
                    return ballot
                ballot = await self._ballots.offer(ballot, offer, command.space, command.user, now)
                if ballot.offer is not None:
                    return ballot
        raise Refusal(en.BALLOT_BUSY)

    async def _admit(self, context: Context, ref: ChallengeRef) -> None:
        """Raise `NotAllowed` for who may not vote any more, before anything of theirs is put down.

        A ballot that was begun does not let them: they may have become a guest since, and the
        community may have shut its gates.
        """
        challenge = self._asks.get(ref) or await self._challenges.read(ref)
        if challenge is not None:  # else the script says so
            self._know(ref, challenge)
            may_vote(context, challenge)

    def _know(self, ref: ChallengeRef, challenge: Challenge) -> None:
        self._asks.pop(ref, None)
        self._asks[ref] = challenge
        while len(self._asks) > _KEPT:
            del self._asks[next(iter(self._asks))]

    async def challenge_here(self, context: Context, ref: ChallengeRef | None) -> ChallengeRef:
        """The challenge that is meant: the one a button names, else the community's latest.

        Raises `NotFound` where there is none.
        """
        if ref is not None:
            return ref
        latest = await self._challenges.latest(context.community.id)
        if latest is None:
            raise NotFound(en.NO_CHALLENGE)
        return ChallengeRef(latest.community, latest.id)


async def drawn(
    ballots: Ballots, ballot: OwnBallot, user: UserRef, finalists: tuple[str, ...] = ()
) -> Offer | None:
    """What a member is to be offered next; None for nothing."""
    voter = str(user)
    met = await ballots.met(ballot.ref, pairs_wanted(ballot, voter, finalists))
    return next_offer(ballot, voter, finalists, met)


def _too_late(challenge: Challenge) -> TooLate:
    """What a click is told once picks are not taken any more, or not yet."""
    return TooLate(en.VOTING_WAITS if challenge.taking_entries else en.VOTING_OVER_UNTHEMED)
