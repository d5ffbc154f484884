"""What is one member's own: seeing it, having it whole, having it forgotten."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.cards import Card
from bot.commands.own import EXPORT, FORGET
from bot.community.challenge_privacy import ChallengePrivacy
from bot.community.context import Context, blocked
from bot.community.joining_dates import JoiningDates
from bot.community_requests import Mine
from bot.errors import NotFound
from bot.models import RoundRef, Tally
from bot.ports import Clock
from bot.present.lines import words
from bot.present.mine import (
    Own,
    PieceRow,
    VoteRow,
    exported,
    forget_card,
    forgotten_card,
    mine_card,
)
from bot.settings import LimitSettings
from bot.storage.audit import AuditLog
from bot.storage.members import Members, OwnPiece, OwnRound
from bot.storage.rounds import Rounds
from bot.wording import en

log = logging.getLogger(__name__)

PAGE = 5  # pieces, which are long
LONGEST_OPEN = timedelta(days=8)  # no round is open for longer
PATIENCE = 1.0  # seconds that a member waits at most; what takes longer goes on without them
SKEW = timedelta(hours=1)  # by which two processes' clocks may differ, and then some


class Privacy:
    """The use cases of `mine`, and the agenda's work of forgetting.

    From the moment a member confirms, nothing leads from them to what they did, and if they
    play on they are somebody new: nobody has to wait for the work that follows, and nothing
    they do meanwhile can be mixed up with it.
    """

    def __init__(
        self,
        members: Members,
        challenges: ChallengePrivacy,
        joined: JoiningDates,
        rounds: Rounds,
        audit: AuditLog,
        limits: LimitSettings,
        clock: Clock,
        nudge: Callable[[str], None],
    ) -> None:
        self._members = members
        self._challenges = challenges
        self._joined = joined
        self._rounds = rounds
        self._audit = audit
        self._limits = limits
        self._clock = clock
        self._nudge = nudge

    async def mine(self, context: Context, request: Mine) -> Card:
        """A page of what is one's own; all of it as a file; or an end of it."""
        if request.what == EXPORT:
            return await self._export(context)
        if request.what == FORGET:
            return await self._leave(context) if request.sure else forget_card()
        if request.what:
            raise NotFound(en.no_such_own(request.what))
        return await self._page(context, request.page)

    async def forget(self, ref: RoundRef) -> datetime | None:
        """Take a member who left out of everything; `ref` names their number for a round."""
        community, begun = ref.community, self._clock.now()
        numbers = await self._members.leaving(community, ref.round)
        if not numbers:
            return None
        challenges = await self._challenges.forget(community, numbers, begun)
        touched = await self._forget_rounds(community, numbers, None)
        # Somebody may have asked one of their prompts again under way, in a newer round.
        touched += await self._forget_rounds(community, numbers, begun - SKEW)
        await self._members.forget_in_hall(community, numbers)
        await self._members.forgotten(community, ref.round)
        log.info(
            "a member of %s was forgotten, in %d rounds and %d challenges",
            community,
            touched,
            challenges,
        )
        return None

    async def _forget_rounds(
        self, community: str, numbers: Sequence[str], since: datetime | None
    ) -> int:
        now = self._clock.now()
        expires = now + timedelta(days=self._limits.keep_days)
        return await self._members.forget(community, numbers, now, expires, since)

    async def _leave(self, context: Context) -> Card:
        """Forget a member: what leads to them at once, the rest as far as they need to wait."""
        user, begun = context.command.user, []
        # First: if this process dies after it, only a date that nothing asks for has gone.
        joined = await self._joined.forget(context)
        for community in await self._members.communities(context.community.id):
            if member := await self._members.leave(community, user, context.now):
                begun.append(RoundRef(community, member))  # noqa: PERF401 one after the other
        whole = True
        try:
            async with asyncio.timeout(PATIENCE):
                for ref in begun:
                    await self.forget(ref)
        except TimeoutError:
            whole = False
        for ref in begun:
            self._nudge(ref.community)  # for the rest, and for messages that showed their words
        return forgotten_card(known=bool(begun) or joined, whole=whole)

    async def _rounds_of(self, context: Context) -> AsyncIterator[tuple[datetime, OwnRound]]:
        """What is theirs here, the newest first, and after it what was theirs in places that
        have joined: with each, when the last round was opened that was looked at.
        """
        for community in await self._members.communities(context.community.id):
            numbers = await self._members.numbers(community, context.command.user)
            if numbers:
                async for opened, found in self._members.rounds(community, numbers):
                    for own in found:
                        yield opened, own

    async def _held(self, context: Context) -> dict[str, tuple[str, ...]]:
        """What is kept for their identities here, and in places that have joined."""
        return {
            community: await self._members.numbers(community, context.command.user)
            for community in await self._members.communities(context.community.id)
        }

    async def _page(self, context: Context, page: int) -> Card:
        community, command = context.community.id, context.command
        numbers = await self._members.numbers(community, command.user)
        linked = await self._members.identities(community, command.user)
        latest = await self._rounds.latest(community, command.address)
        first = (page - 1) * PAGE
        pieces: list[PieceRow] = []
        votes: list[VoteRow] = []
        async for opened, own in self._rounds_of(context):
            if len(pieces) > first + PAGE and opened < context.now - LONGEST_OPEN:
                break
            pieces += [_piece_row(own, piece, latest) for piece in reversed(_standing(own))]
            if own.taking and own.choices:
                votes.append(VoteRow(own.prompt, tuple(c.entry for c in own.choices)))
        challenges = await self._challenges.rows(await self._held(context))
        return mine_card(
            Own(
                pieces=pieces[first : first + PAGE],
                votes=votes,
                challenges=challenges,
                page=page,
                more=len(pieces) > first + PAGE,
                known=bool(numbers or pieces) or context.organiser or blocked(context),
                organiser=context.organiser,
                keep_days=self._limits.keep_days,
                linked=linked[1:],
                joined=[each.since for each in await self._joined.of(context)],
            )
        )

    async def _export(self, context: Context) -> Card:
        community, user = context.community.id, context.command.user
        numbers = await self._members.numbers(community, user)
        linked = await self._members.identities(community, user)
        deeds = await self._audit.page(community, 0, 1000)
        kept: dict[str, Any] = {
            "about": en.EXPORT_ABOUT,
            "made": context.now.isoformat(),
            "community": community,
            "you": {
                "platform": user.platform,
                "id": user.id,
                "linked_with": [str(each) for each in linked[1:]],
                "joined": [
                    {"place": str(each.space), "when": each.since.isoformat()}
                    for each in await self._joined.of(context)
                ],
                "number_here": int(numbers[0].partition(" ")[0]) if numbers else 0,
                "named_organiser": str(user) in context.charter.organisers,
                "blocked": blocked(context),
                "points_of_all_time": await self._members.points(community, numbers),
            },
            "rounds": [],
            "best_of_all_time": [],
            "as_organiser": [
                {
                    "when": row.at.isoformat(),
                    "what": row.what,
                    "of": ""
                    if ":" in row.of or row.of[:1] == "#"
                    else row.of,  # others’ ids are theirs
                    "why": row.why,
                }
                for row in deeds.rows
                if row.by == user
            ],
            "organisers_about_you": [
                {"when": row.at.isoformat(), "what": row.what, "why": row.why}
                for row in deeds.rows
                if row.of == str(user)
            ],
        }
        kept |= await self._challenges.exported(await self._held(context))
        kept["rounds"] = [_exported_round(own) async for _, own in self._rounds_of(context)]
        kept["best_of_all_time"] = [
            {
                "round": old.name.partition("/")[0],
                "number": int(old.name.partition("/")[2]),
                "text": old.text,
                "votes": old.approvals,
                "seen_by": old.seen_by,
            }
            for old in await self._members.hall(community, numbers)
        ]
        name = words(en.EXPORT_NAME, day=f"{context.now:%Y-%m-%d}")
        return exported(name, json.dumps(kept, ensure_ascii=False, indent=2))


def _standing(own: OwnRound) -> list[OwnPiece]:
    return [piece for piece in own.pieces if not piece.entry.withdrawn]


def _piece_row(own: OwnRound, piece: OwnPiece, latest: RoundRef | None) -> PieceRow:
    return PieceRow(
        ref=own.ref,
        prompt=own.prompt,
        entry=piece.entry,
        closes=own.closes,
        ended=None if own.taking else own.closed or own.closes,
        tally=piece.tally if _sees_tally(own) else None,
        latest=own.ref == latest,
    )


def _sees_tally(own: OwnRound) -> bool:
    """Whether the votes are shown to the member: in an open round, as it says itself."""
    if not own.taking or own.tallies_for == "always":
        return True
    return own.tallies_for == "vote" and bool(own.choices)


def _exported_round(own: OwnRound) -> dict[str, Any]:
    """What of a round is the member's, as they get it. Nobody else's words are in it."""
    found: dict[str, Any] = {
        "round": own.ref.round,
        "state": own.state.value,
        "opened": own.opened.isoformat(),
    }
    if own.closed:
        found["closed"] = own.closed.isoformat()
    if own.words:
        found["your_prompt"] = own.prompt
    if own.asked:
        wish = own.wish
        found["you_asked"] = {
            "theme": own.theme,
            "change": wish.twist,
            "source": wish.source,
            "without": list(wish.without),
        }
    if own.pieces:
        found["your_pieces"] = [_exported_piece(own, piece) for piece in own.pieces]
    if own.choices:
        found["your_votes"] = [
            {"number": choice.entry, "why": sorted(facet.value for facet in choice.facets)}
            for choice in own.choices
        ]
    if own.reports:
        found["your_reports"] = [{"of": number, "why": why} for number, why in own.reports]
    if own.twists:
        found["your_twists"] = [{"of": number, "twist": text} for number, text in own.twists]
    return found


def _exported_piece(own: OwnRound, piece: OwnPiece) -> dict[str, Any]:
    entry, tally = piece.entry, piece.tally if _sees_tally(own) else Tally()
    found: dict[str, Any] = {
        "number": entry.number,
        "text": entry.text,
        "origin": entry.origin.value,
        "remix_of": entry.parent or None,
        "taken_back": entry.withdrawn,
        "hidden": bool(entry.hidden),
        "out_of_the_running": entry.struck,
    }
    if _sees_tally(own):
        found["votes"] = tally.approvals
    return found
