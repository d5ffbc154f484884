"""What is asked after a ballot: who wrote this, and what moved; and reports from a ballot."""

from __future__ import annotations

from bot.ballot import OwnBallot, Word
from bot.cards import Card
from bot.challenge import Side
from bot.challenge_requests import GuessMaker, PraiseContender, ReportContender
from bot.community.context import Context
from bot.community.reporting import Reporting
from bot.errors import NotFound, Refusal, TooLate
from bot.game.challenges.balloting import Balloting
from bot.game.challenges.electorate import may_vote
from bot.models import Origin
from bot.present.challenges.ballot import report_card
from bot.storage.ballots import Ballots, NotVoting
from bot.wording import en


class Questioning:
    """The use cases of guesses, praises and reports."""

    def __init__(self, ballots: Ballots, balloting: Balloting, reporting: Reporting) -> None:
        self._ballots = ballots
        self._balloting = balloting
        self._reporting = reporting

    async def guess(self, context: Context, request: GuessMaker) -> Card:
        """Keep a guess; the next question follows. A later guess takes the earlier one's place."""
        if request.origin is Origin.DECK:
            raise NotFound(en.BUTTON_UNKNOWN)
        ballot = await self._open(context, request)
        if not 1 <= request.number <= len(ballot.asked):
            return await self._balloting.go_on(context, ballot, en.BALLOT_UNASKED)
        command, alias = context.command, ballot.asked[request.number - 1]
        ballot = await self._ballots.guess(
            ballot.ref,
            context.event,
            command.space,
            command.user,
            alias,
            request.origin,
            context.now,
        )
        return await self._balloting.go_on(context, ballot)

    async def praise(self, context: Context, request: PraiseContender) -> Card:
        """Keep which entry was original, moving or deep."""
        ballot = await self._open(context, request)
        if not 1 <= request.number <= len(ballot.seen):
            raise NotFound(en.NOT_SHOWN_THAT)
        command, alias = context.command, ballot.seen[request.number - 1]
        ballot = await self._ballots.praise(
            ballot.ref,
            context.event,
            command.space,
            command.user,
            alias,
            request.facet,
            context.now,
        )
        note = en.BALLOT_SAID if ballot.word is Word.SAID else ""
        return await self._balloting.go_on(context, ballot, note)

    async def report(self, context: Context, request: ReportContender) -> Card:
        """Report one of the two; a pair that stands is skipped with it, so that nobody has to
        judge what they would rather not see, nor learns whether theirs was the last report needed.
        """
        ballot = await self._open(context, request)
        number = request.number or (ballot.offer.number if ballot.offer else 0)
        pair = ballot.pair_of(number)
        if pair is None:
            raise Refusal(en.NOTHING_TO_REPORT)
        if request.side is None:
            return report_card(ballot, number, pair)
        if request.side not in (Side.LEFT, Side.RIGHT):
            raise Refusal(en.REPORT_NEEDS_SIDE)
        alias = pair[request.side is Side.RIGHT]
        told = await self._reporting.report_contender(context, ballot.ref, alias, request.why)
        if ballot.offer is not None and ballot.offer.number == number:
            ballot = await self._balloting.take(context, ballot.ref, number, Side.SKIP)
        return await self._balloting.go_on(context, ballot, told)

    async def _open(
        self, context: Context, request: GuessMaker | PraiseContender | ReportContender
    ) -> OwnBallot:
        ref = await self._balloting.challenge_here(context, request.challenge)
        command = context.command
        try:
            ballot = await self._ballots.open(ref, command.space, command.user, context.now)
        except NotVoting as over:
            raise TooLate(en.VOTING_OVER_UNTHEMED) from over
        may_vote(context, ballot.challenge)
        return ballot
