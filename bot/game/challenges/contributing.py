"""What people put into a challenge: their one entry, changed and taken out until the deadline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.beginnings import begun_before
from bot.cards import Card, FormCard
from bot.challenge import Challenge, ChallengeState, Contribution, Declared
from bot.challenge_requests import (
    ChallengeRef,
    ComposeContribution,
    Enter,
    Remind,
    TakeBackEntry,
)
from bot.community.context import Context, bounded
from bot.community.gates import through_gate
from bot.community.moderation import Moderation
from bot.errors import MuseError, NotFound, Refusal, StageFailed, TooLate
from bot.game.challenges.normalising import normalised
from bot.game.challenges.scheduling import reminder
from bot.models import Address, Origin, RoundRef, UserRef
from bot.ports import Clock, Stage
from bot.present.challenges.contributing import Band, entry_card, entry_form, reminder_card
from bot.settings import LimitSettings
from bot.storage.challenges import Challenges
from bot.storage.contributions import Contributions
from bot.storage.identities import identities
from bot.wording import en

AGAIN = timedelta(minutes=1)  # until what is due at a deadline has been done


class Contributing:
    """The use cases of a member's entry, and the agenda's work of reminding."""

    def __init__(
        self,
        challenges: Challenges,
        contributions: Contributions,
        moderation: Moderation,
        limits: LimitSettings,
        stages: Mapping[str, Stage],
        clock: Clock,
    ) -> None:
        self._challenges = challenges
        self._contributions = contributions
        self._moderation = moderation
        self._band = Band(limits.challenge_min_chars, limits.challenge_max_chars)
        self._stages = stages
        self._clock = clock

    async def compose(self, context: Context, request: ComposeContribution) -> FormCard:
        """The form for one's entry, with what one has put in; blank where that can't be read."""
        ref = request.challenge or ChallengeRef(context.community.id, "")
        entry: Contribution | None = None
        try:
            challenge = await self._here(context, request.challenge)
            ref = _ref(challenge)
            own = await self._contributions.own(ref, context.command.user, challenge.links)
            entry = own.entry
        except (NotFound, TooLate):
            raise
        except MuseError:
            if not ref.challenge:
                raise
        return entry_form(ref, entry, self._band)

    async def enter(self, context: Context, request: Enter) -> Card:
        """Put in one's entry, or another in its place; without a text, see what one has put in.

        It is shown as voters will see it.
        """
        challenge = await self._here(context, request.challenge)
        if not request.text.strip():
            return await self._own(context, challenge)
        through_gate(context)
        longest = 4 * self._band.most  # what is taken away is not counted yet
        text = normalised(bounded(request.text, longest, "piece", en.EMPTY_CHALLENGE_ENTRY))
        if not self._band.least <= len(text) <= self._band.most:
            raise Refusal(en.out_of_band(len(text), self._band.least, self._band.most))
        await self._moderation.check(context, text, "piece")
        command = context.command
        helped = request.declared is Declared.HELPED
        made = Contribution(
            key="",
            text=text,
            origin=Origin.TOGETHER if helped else Origin.HUMAN,
            declared=request.declared,
            at=context.now,
        )
        new = await self._contributions.put(
            _ref(challenge), command.space, command.user, made, context.now
        )
        return await self._own(context, challenge, en.ENTERED if new else en.ENTERED_ANEW)

    async def take_back(self, context: Context, request: TakeBackEntry) -> Card:
        """Take one's entry out."""
        challenge = await self._here(context, request.challenge)
        command = context.command
        gone = await self._contributions.drop(
            _ref(challenge), command.space, command.user, context.now
        )
        return await self._own(context, challenge, en.TAKEN_OUT if gone else en.NOTHING_IN)

    async def remind(self, context: Context, request: Remind) -> Card:
        """Be reminded before entries close, or not."""
        challenge = await self._here(context, request.challenge)
        command = context.command
        when = reminder(challenge, context.now)
        await self._contributions.remind(
            _ref(challenge), command.space, command.user, when, context.now, on=request.on
        )
        return await self._own(context, challenge, en.REMINDED if request.on else en.REMINDED_NOT)

    async def at_reminder(self, ref: RoundRef) -> datetime | None:
        """Remind a member who asked for it and has not entered. Raises `StageFailed`."""
        ident, _, member = ref.round.partition(".")
        named = ChallengeRef(ref.community, ident)
        challenge = await self._challenges.read(named)
        if challenge is None or challenge.state is not ChallengeState.OPEN:
            return None
        asked, entered = await self._contributions.wish(named, int(member))
        if not asked or entered:
            return None
        now = self._clock.now()
        if now >= challenge.deadline:  # after hours down; it may get more time yet
            return now + AGAIN
        due = reminder(challenge, challenge.opened)
        if due > now:  # it was given more time meanwhile
            return due
        platform, _, space = asked.partition(":")
        user = await self._person(ref.community, int(member), platform)
        home = self._challenges.space_of(asked)
        if user is None or home not in await self._challenges.spaces(ref.community):
            return None
        stage = self._stages.get(platform)
        if stage is None:
            raise StageFailed(f"this process does not speak to {platform}")
        address = Address(home, f"@{user.id}")
        key = f"remind:{ref.community}:{ref.round}:{space}"
        await stage.post(address, reminder_card(challenge), key, doubtful=begun_before())
        return None

    async def _person(self, community: str, member: int, platform: str) -> UserRef | None:
        people = await self._challenges.people(community, [member])
        found = identities(people.get(member, ""))
        return next((each for each in found if each.platform == platform), None)

    async def _own(self, context: Context, challenge: Challenge, done: str = "") -> Card:
        own = await self._contributions.own(_ref(challenge), context.command.user, challenge.links)
        return entry_card(challenge, own.entry, self._band, reminded=own.reminded, done=done)

    async def _here(self, context: Context, ref: ChallengeRef | None) -> Challenge:
        """The challenge that is meant, which takes entries. Raises `NotFound`, `TooLate`."""
        if ref is None or not ref.challenge:
            challenge = await self._challenges.latest(context.community.id)
        else:
            challenge = await self._challenges.read(ref)
        if challenge is None:
            raise NotFound(en.NO_CHALLENGE)
        if not challenge.taking_entries or context.now >= challenge.deadline:
            raise TooLate(en.ENTRIES_OVER)
        return challenge


def _ref(challenge: Challenge) -> ChallengeRef:
    return ChallengeRef(challenge.community, challenge.id)
