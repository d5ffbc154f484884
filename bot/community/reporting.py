"""Members' reports: what they hide, who is of standing, and who is reported by the same few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.cards import Card
from bot.challenge_requests import ChallengeRef
from bot.community.context import Context, bounded, round_here
from bot.community.gates import closed_gate
from bot.community.moderation import Moderation
from bot.community_requests import (
    DeleteRound,
    Disqualify,
    HideEntry,
    KeepEntry,
    Report,
    RestoreEntry,
    ShowReports,
)
from bot.listings import Accusation
from bot.models import RoundRef
from bot.present.guarding import noticed, waiting
from bot.present.receipts import said
from bot.storage.charters import Charters
from bot.storage.contenders import Contenders
from bot.storage.report_values import Outcome
from bot.storage.reports import Reports
from bot.storage.rounds import Rounds
from bot.wording import en

REASON = 200  # characters
FEW = 3  # people
FEWEST_REPORTS = 3  # against one author, below which nothing can be said of who makes them

#: What organisers do about reports.
DECIDING = (ShowReports, KeepEntry, HideEntry, RestoreEntry, Disqualify, DeleteRound)

_SAID = {
    Outcome.TAKEN: en.REPORTED,
    Outcome.HIDDEN: en.REPORTED,  # that it was the last needed would tell who the others are
    Outcome.AGAIN: en.REPORT_AGAIN,
    Outcome.KEPT: en.REPORT_KEPT,
}


class Reporting:
    """The use case of a report, and what authors are told."""

    def __init__(
        self,
        reports: Reports,
        contenders: Contenders,
        rounds: Rounds,
        charters: Charters,
        moderation: Moderation,
        refresh: Callable[[RoundRef], None],
    ) -> None:
        """`refresh` has a round's message show it as it stands."""
        self._reports = reports
        self._contenders = contenders
        self._rounds = rounds
        self._charters = charters
        self._moderation = moderation
        self._refresh = refresh

    async def report(self, context: Context, request: Report) -> Card:
        """Put a report on record; enough of them by members of standing hide the entry."""
        why = await self._reason(context, request.why)
        ref = await round_here(context, self._rounds, request.round)
        command, rules = context.command, context.rules
        outcome = await self._reports.report(
            ref,
            command.space,
            command.user,
            request.piece,
            why,
            context.now,
            rules.reports,
            gated=bool(closed_gate(rules, command.standing, context.now)),
        )
        if outcome is Outcome.HIDDEN:
            self._refresh(ref)
        return said(_SAID[outcome])

    async def report_contender(
        self, context: Context, ref: ChallengeRef, alias: str, why: str
    ) -> str:
        """Put a report of a challenge's entry on record, and what its reporter is told: nothing
        from which to tell how many others there are.
        """
        reason = await self._reason(context, why)
        command, rules = context.command, context.rules
        outcome = await self._contenders.report(
            ref,
            context.event,
            command.space,
            command.user,
            alias,
            reason,
            context.now,
            rules.reports,
            gated=bool(closed_gate(rules, command.standing, context.now)),
        )
        return _SAID[outcome]

    async def _reason(self, context: Context, given: str) -> str:
        """Why something is reported, once it may be kept; nothing where nothing is said."""
        if not given.strip():
            return ""
        why = " ".join(bounded(given, REASON, "reason", en.REASON_UNREADABLE).split())
        await self._moderation.check(context, why, "reason")
        return why

    async def with_notices(self, context: Context, card: Card) -> Card:
        """A member's private card with what they are to be told, which is told once; and an
        organiser's with that reports wait, as long as they do.
        """
        community, user = context.community.id, context.command.user
        if (
            context.organiser
            and context.charter.reported
            and not isinstance(context.command.request, DECIDING)
        ):
            card = replace(card, blocks=(*card.blocks, waiting()))
        if not context.told:
            return card
        notices = await self._reports.notices(community, user)
        self._charters.forget(community)
        if not notices:
            return card
        return replace(card, blocks=(*noticed(notices), *card.blocks))


def by_a_few(accusations: Iterable[Accusation], author: int) -> bool:
    """Whether most reports against an author come from the same few, who report them again and
    again: three people at most, each with two reports or more.

    One entry that many dislike is no sign of it, however few they are.
    """
    if not author:
        return False
    counts = Counter(each.reporter for each in accusations if each.author == author)
    total = sum(counts.values())
    again = [count for _, count in counts.most_common(FEW) if count > 1]
    return total >= FEWEST_REPORTS and 2 * sum(again) > total
