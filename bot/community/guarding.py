"""What organisers keep out: words, reported entries, rounds. All but a removal can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.cards import Answer, Card
from bot.challenge_requests import ChallengeRef, DecideContender
from bot.community.context import Context, bounded, organiser_only, round_here
from bot.community.moderation import Moderation
from bot.community.reporting import REASON, by_a_few
from bot.community.text_rules import WORD_CHARS, fold
from bot.community_requests import (
    DeleteRound,
    Disqualify,
    HideEntry,
    KeepEntry,
    RestoreEntry,
    SetWord,
    ShowReports,
    ShowWords,
)
from bot.errors import BadInput, NotFound
from bot.listings import ReportedContender
from bot.models import RoundRef
from bot.present.guarding import (
    ContenderRow,
    QueueRow,
    contender_decided,
    decided,
    remove_card,
    reports_card,
    words_card,
)
from bot.present.receipts import said
from bot.settings import LimitSettings
from bot.storage.challenges import Challenges
from bot.storage.charters import Charters
from bot.storage.contenders import Contenders
from bot.storage.report_values import Decision
from bot.storage.reports import Reports
from bot.storage.rounds import Rounds
from bot.wording import en

_DECISIONS = {
    "keep": Decision.KEEP,
    "hide": Decision.HIDE,
    "restore": Decision.RESTORE,
    "strike": Decision.DISQUALIFY,
}
_CONTENDER_DONE = {
    Decision.HIDE: en.CONTENDER_HIDDEN_NOW,
    Decision.KEEP: en.CONTENDER_KEPT,
    Decision.RESTORE: en.CONTENDER_RESTORED,
    Decision.DISQUALIFY: en.CONTENDER_STRUCK,
}
PAGE = 4  # reported entries on a card, each with a row of buttons

_DONE = {
    Decision.HIDE: en.HIDDEN_NOW,
    Decision.KEEP: en.KEPT,
    Decision.RESTORE: en.RESTORED,
    Decision.DISQUALIFY: en.DISQUALIFIED,
}


class Guarding:
    """The use cases of organisers against what should not be here."""

    def __init__(
        self,
        charters: Charters,
        reports: Reports,
        contenders: Contenders,
        challenges: Challenges,
        rounds: Rounds,
        moderation: Moderation,
        limits: LimitSettings,
        refresh: Callable[[RoundRef], None],
        nudge: Callable[[str], None],
    ) -> None:
        """`refresh` has a round's message show it as it stands, `nudge` tells the agenda."""
        self._nudge = nudge
        self._charters = charters
        self._reports = reports
        self._contenders = contenders
        self._challenges = challenges
        self._rounds = rounds
        self._moderation = moderation
        self._limits = limits
        self._refresh = refresh

    async def words(self, context: Context, _: ShowWords) -> Card:
        """The words that no text may hold."""
        organiser_only(context)
        return words_card(context.charter.words)

    async def set_word(self, context: Context, request: SetWord) -> Card:
        """Put a word on the list, or take it off."""
        organiser_only(context)
        word = " ".join(fold(request.word).split())
        if not 2 <= len(word) <= WORD_CHARS or not any(each.isalnum() for each in word):
            raise BadInput(en.BAD_WORD)
        community = context.community.id
        deed = context.deed("word-add" if request.on else "word-remove")
        changed = await self._charters.set_word(
            community, context.command.space, word, deed, on=request.on
        )
        if request.on:
            done = en.WORD_ADDED if changed else en.WORD_ADDED_BEFORE
        else:
            done = en.WORD_REMOVED if changed else en.WORD_REMOVED_BEFORE
        return words_card((await self._charters.of(community)).words, done)

    async def reports(self, context: Context, request: ShowReports) -> Card:
        """What was reported and waits for a decision."""
        organiser_only(context)
        return await self._queue(context, request.page)

    async def keep(self, context: Context, request: KeepEntry) -> Card:
        """Keep an entry, whatever else is reported of it."""
        return await self._decide(context, request, Decision.KEEP)

    async def hide(self, context: Context, request: HideEntry) -> Card:
        """Hide an entry; it keeps its votes."""
        return await self._decide(context, request, Decision.HIDE, request.why)

    async def restore(self, context: Context, request: RestoreEntry) -> Card:
        """Bring an entry back whole."""
        return await self._decide(context, request, Decision.RESTORE)

    async def disqualify(self, context: Context, request: Disqualify) -> Card:
        """Take an entry out of the running; its author is told why."""
        organiser_only(context)
        why = bounded(request.why, REASON, "reason", en.WHY_NEEDED)
        return await self._decide(context, request, Decision.DISQUALIFY, why)

    async def delete_round(self, context: Context, request: DeleteRound) -> Card:
        """Remove a round with its texts, for good; first say what that means."""
        organiser_only(context)
        why = bounded(request.why, REASON, "reason", en.WHY_REMOVED_NEEDED)
        await self._moderation.check(context, why, "reason")
        ref = await round_here(context, self._rounds, request.round)
        if not request.sure:
            round_ = (await self._rounds.read(ref, context.command.space)).round
            return remove_card(ref, round_, " ".join(why.split()))
        expires = context.now + timedelta(days=self._limits.keep_days)
        deed = context.deed("delete-round", ref.round, " ".join(why.split()))
        changed = await self._reports.delete_round(ref, context.command.space, expires, deed)
        if changed:
            self._refresh(ref)
        return said(en.ROUND_DELETED if changed else en.NOTHING_CHANGED)

    async def decide(self, context: Context, request: DecideContender) -> Card:
        """Do what an organiser decided of a challenge's entry, by its alias. What they are told is
        the same whoever made it.
        """
        organiser_only(context)
        decision = _DECISIONS.get(request.decision)
        if decision is None:
            raise BadInput(en.BAD_DECISION)
        why = request.why
        if decision is Decision.DISQUALIFY:
            why = bounded(why, REASON, "reason", en.WHY_NEEDED)
        await self._moderation.check(context, why, "reason")
        ref = await self._challenge(context, request.challenge)
        alias = request.alias.strip().lower()
        of = f"{alias} ({ref.challenge})"
        deed = context.deed(decision, of, " ".join(why.split())[:REASON])
        changed = await self._contenders.decide(ref, context.command.space, alias, decision, deed)
        if changed:
            self._charters.forget(ref.community)  # somebody may have to be told
            self._nudge(ref.community)  # for results that were posted
        done = en.NOTHING_CHANGED
        if changed:
            done = _CONTENDER_DONE[decision].format(alias=alias)
            if await self._crowned(ref):
                done = f"{done} {en.CONTENDER_ROLE}"
        if context.command.answer is Answer.UPDATE:  # pressed in the queue
            return await self._queue(context, 1, done)
        undo = changed and decision in (Decision.HIDE, Decision.DISQUALIFY)
        return contender_decided(ref, alias, done, undo=undo)

    async def _crowned(self, ref: ChallengeRef) -> bool:
        """Whether the winner of a challenge was given a role, whoever that is."""
        challenge = await self._challenges.read(ref)
        if challenge is None or challenge.example or not challenge.counted:
            return False
        return bool(challenge.plan.winner_role)

    async def _challenge(self, context: Context, ref: ChallengeRef | None) -> ChallengeRef:
        if ref is not None:
            return ref
        latest = await self._challenges.latest(context.community.id)
        if latest is None:
            raise NotFound(en.NO_CHALLENGE)
        return ChallengeRef(latest.community, latest.id)

    async def _decide(
        self,
        context: Context,
        request: KeepEntry | HideEntry | RestoreEntry | Disqualify,
        decision: Decision,
        why: str = "",
    ) -> Card:
        organiser_only(context)
        await self._moderation.check(context, why, "reason")
        ref = await round_here(context, self._rounds, request.round)
        of = f"{request.piece} ({ref.round})"
        deed = context.deed(decision, of, " ".join(why.split())[:REASON])
        changed = await self._reports.decide(
            ref, context.command.space, request.piece, decision, deed
        )
        if changed:
            self._charters.forget(ref.community)  # somebody may have to be told
            self._refresh(ref)
        done = _DONE[decision].format(number=request.piece) if changed else en.NOTHING_CHANGED
        if context.command.answer is Answer.UPDATE:  # pressed in the queue
            return await self._queue(context, 1, done)
        undo = changed and decision in (Decision.HIDE, Decision.DISQUALIFY)
        return decided(ref, request.piece, done, undo=undo)

    async def _queue(self, context: Context, page: int, done: str = "") -> Card:
        community = context.community.id
        first = (page - 1) * PAGE
        found = await self._reports.queue(community, first, PAGE)
        accusations = await self._reports.accusations(community, context.now) if found.rows else ()
        here = await self._rounds.latest(community, context.command.address)
        rows: list[QueueRow | ContenderRow] = []
        for row in found.rows:
            if isinstance(row, ReportedContender):
                # Not by whom it is reported: that would tell of who made it.
                rows.append(ContenderRow(ChallengeRef(community, row.challenge), row))
            else:
                ref = RoundRef(community, row.round)
                few = by_a_few(accusations, row.entry.author)
                rows.append(QueueRow(ref, row, few, ref == here))
        return reports_card(rows, page, more=first + PAGE < found.total, done=done)
