"""Announcements: what is on the agenda is posted in each space, once, and noted."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.beginnings import PutOff, begun_before
from bot.cards import Announcement, Card, Event
from bot.challenge import Challenge, ChallengeState, role_on
from bot.challenge_requests import ChallengeRef
from bot.errors import StageFailed
from bot.game.challenges.commitments import root_of
from bot.models import Address, MessageRef, RoundRef, UserRef
from bot.ports import Clock, Stage
from bot.present.challenges.announcements import (
    calendar_title,
    cancelled_card,
    extended_card,
    longer_card,
    opened_card,
    talk_title,
    voting_card,
)
from bot.present.challenges.contributing import Band
from bot.settings import LimitSettings
from bot.storage import agenda_items as items
from bot.storage.challenges import Challenges
from bot.storage.plans import PlanStore

log = logging.getLogger(__name__)

ResultsCard = Callable[[ChallengeRef, str], Awaitable[Card]]
"""The card of a counted challenge's results, for a platform."""

Winners = Callable[[ChallengeRef, str], Awaitable[Sequence[UserRef]]]
"""Who won it, or the one before it, as a platform knows them."""

SOON = timedelta(minutes=3)  # as long as a post that failed is tried again shortly after
AGAIN = timedelta(minutes=5)  # from then on
PATIENCE = timedelta(days=1)  # then it is given up: nobody can post there

#: The announcements that are pinned, in order: each takes the pin of the one before.
_PINNED = ("opened", "voting", "results")
_BACK = 10  # challenges before that are looked at: examples, and those not told there, have no pin


class Announcing:
    """The agenda's work of announcing."""

    def __init__(
        self,
        challenges: Challenges,
        plans: PlanStore,
        stages: Mapping[str, Stage],
        limits: LimitSettings,
        results_card: ResultsCard,
        winners: Winners,
        clock: Clock,
        winners_before: Winners,
        *,
        writes: bool,
    ) -> None:
        """`writes`: whether there is a model to take part."""
        self._challenges = challenges
        self._plans = plans
        self._stages = stages
        self._band = Band(limits.challenge_min_chars, limits.challenge_max_chars)
        self._results_card = results_card
        self._winners = winners
        self._clock = clock
        self._winners_before = winners_before
        self._writes = writes

    async def proclaim(self, ref: RoundRef) -> datetime | None:
        """Post a step of a challenge in a space; a platform that is down for hours is waited for.

        Raises `StageFailed`, `PutOff`.
        """
        ident, step, short = ref.round.split(".")
        named = ChallengeRef(ref.community, ident)
        challenge = await self._challenges.read(named)
        if challenge is None:
            return None
        address = await self._place(challenge, short)
        if address is None or address.space not in await self._challenges.spaces(ref.community):
            return None
        if await self._challenges.message(named, step, address):
            return None
        card = await self._card(named, challenge, step, address)
        if card is None:
            return None  # it is over before it could be told
        stage = self._stages.get(address.space.platform)
        if stage is None:
            raise StageFailed(f"this process does not speak to {address.space.platform}")
        try:
            key = f"challenge:{ref.community}:{ref.round}"
            message = await stage.post(address, card, key, doubtful=begun_before())
        except StageFailed as failure:
            moment = self._clock.now()
            if not SOON < moment - _since(challenge) < PATIENCE:
                raise
            log.warning("an announcement waits for %s: %s", address.space.platform, failure)
            raise PutOff(moment + AGAIN) from failure
        await self._challenges.note_message(named, step, message)
        if step == "voting":
            await self._retire(named, challenge, stage, address)
        now = await self._challenges.read(named)
        if now is not None and now.redrawn != challenge.redrawn:
            # What this showed was forgotten, or struck, before the message was noted.
            await self._edit(stage, named, now, step, message)
        return None

    async def redraw(self, ref: RoundRef) -> datetime | None:
        """Make all that was posted of a challenge show it as it stands. Raises `StageFailed`."""
        named = ChallengeRef(ref.community, ref.round)
        challenge = await self._challenges.read(named)
        if challenge is None:
            return None
        failed: StageFailed | None = None
        for step, message in await self._challenges.messages(named, challenge.plan):
            stage = self._stages.get(message.address.space.platform)
            if stage is None:
                continue  # another platform's is another item
            try:
                await self._edit(stage, named, challenge, step, message)
            except StageFailed as failure:  # a place that is gone keeps no other waiting
                failed = failure
        if failed is not None:
            raise failed
        return None

    async def _place(self, challenge: Challenge, short: str) -> Address | None:
        """Where a space is told: where its plan says by now, since what it began with may be gone;
        an example stays where it began.
        """
        places = challenge.plan.addresses
        if not challenge.example:
            plans = await self._plans.read(challenge.community)
            places = (*plans.weekly.addresses, *places)
        return next((each for each in places if items.short_space(each.space) == short), None)

    async def _edit(
        self,
        stage: Stage,
        ref: ChallengeRef,
        challenge: Challenge,
        step: str,
        message: MessageRef,
    ) -> None:
        card = await self._drawn(ref, challenge, step, message.address.space.platform)
        if card is not None:
            await stage.edit(message, card)

    async def _card(
        self, ref: ChallengeRef, challenge: Challenge, step: str, address: Address
    ) -> Card | None:
        is_open = challenge.state is ChallengeState.OPEN
        match step.partition("-")[0]:
            case "opened" | "extended":
                due = is_open
            case "longer":
                due = challenge.running
            case "voting":
                due = challenge.state is ChallengeState.VOTING
            case _:
                due = True
        card = await self._drawn(ref, challenge, step, address.space.platform) if due else None
        if card is None:
            return None
        return replace(card, announce=await self._wanted(ref, challenge, step, address))

    async def _drawn(
        self, ref: ChallengeRef, challenge: Challenge, step: str, platform: str
    ) -> Card | None:
        """A step's card as the challenge stands, for a platform; None where it has none yet."""
        card: Card | None = None
        match step.partition("-")[0]:
            case "opened":
                card = opened_card(challenge, self._band, ai=self._may_compete(challenge))
            case "extended":
                card = extended_card(challenge)
            case "longer":
                card = longer_card(challenge)
            case "voting":
                pool = await self._challenges.pool(ref)
                seals = [each.commitment for each in pool.values()]
                card = voting_card(challenge, seals, root_of(seals))
            case "results" if challenge.counted:
                card = await self._results_card(ref, platform)
            case "cancelled":
                card = cancelled_card(challenge)
        return card

    def _may_compete(self, challenge: Challenge) -> bool:
        return challenge.example or (challenge.plan.ai and self._writes)

    async def _wanted(
        self, ref: ChallengeRef, challenge: Challenge, step: str, address: Address
    ) -> Announcement:
        """What a platform is asked for besides the card."""
        plan, platform = challenge.plan, address.space.platform
        wanted = Announcement(
            mention=role_on(plan.mention, platform) if step in _PINNED else "",
            pin=step in _PINNED and not challenge.example,
        )
        if (step in _PINNED or step == "cancelled") and not challenge.example:
            wanted = replace(wanted, unpin=await self._pinned(ref, challenge, step, address))
        if step == "opened" and plan.event:
            title = calendar_title(challenge)
            wanted = replace(wanted, event=Event(title, challenge.opened, challenge.closes))
        if step == "results" and not challenge.quiet:
            wanted = replace(wanted, thread=talk_title(challenge))
            honour = role_on(plan.winner_role, platform)
            if honour and not challenge.example:
                now = _of(platform, await self._winners(ref, platform))
                before = _of(platform, await self._winners_before(ref, platform))
                wanted = replace(wanted, honour=honour, honours=now, honoured=before)
        return wanted

    async def _pinned(
        self, ref: ChallengeRef, challenge: Challenge, step: str, address: Address
    ) -> str:
        """The message that still has the pin in a channel: of an earlier step, else the results
        before; '' where none has, or it is in another channel.
        """
        before = _PINNED[: _PINNED.index(step)] if step in _PINNED else _PINNED[:2]
        for earlier in reversed(before):
            if message := await self._challenges.message(ref, earlier, address):
                return _id_in(message, address)
        for number in range(challenge.number - 1, max(0, challenge.number - 1 - _BACK), -1):
            last = ChallengeRef(ref.community, f"x{number}")
            told = await self._challenges.read(last)
            if told is None or told.example:
                continue
            if results := await self._challenges.message(last, "results", address):
                return _id_in(results, address)
            if await self._challenges.message(last, "opened", address):
                break  # it was cancelled, and left none
        return ""

    async def _retire(
        self, ref: ChallengeRef, challenge: Challenge, stage: Stage, address: Address
    ) -> None:
        """Make the opening say that entries have closed; a button left there does no harm."""
        message = await self._challenges.message(ref, "opened", address)
        if message is None:
            return
        ai = self._may_compete(challenge)
        try:
            await stage.edit(message, opened_card(challenge, self._band, ai=ai))
        except StageFailed as failure:
            log.info("the opening of a challenge still has its button: %s", failure)


def _id_in(message: MessageRef, address: Address) -> str:
    """The id of a message if it is in a channel, else ''."""
    return message.id if message.address.channel == address.channel else ""


def _since(challenge: Challenge) -> datetime:
    """When the stage began that a challenge is in: what is to be told is about as old."""
    return challenge.closed or challenge.voting_since or challenge.opened


def _of(platform: str, people: Sequence[UserRef]) -> tuple[UserRef, ...]:
    """Those who are on a platform."""
    return tuple(each for each in people if each.platform == platform)
