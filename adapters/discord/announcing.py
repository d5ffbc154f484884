"""What an announcement brings along: a role that is told, a pin, a thread, an event, an honour.

Each is tried by itself, and each is safe to try again. What Discord refuses is one sentence in
the log: the announcement itself stands.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import discord
from discord.utils import parse_time, snowflake_time

from adapters.discord import limits, words
from adapters.discord.failures import NotPermitted, translated
from adapters.discord.rest import NOBODY, Rest
from adapters.discord.text import PLATFORM, shortened
from bot.cards import Announcement, Card, Event
from bot.errors import StageFailed
from bot.models import Address, UserRef

log = logging.getLogger(__name__)

#: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes
UNKNOWN_MEMBER, UNKNOWN_MESSAGE, HAS_THREAD = 10007, 10008, 160004
_GUILD_ONLY, _ELSEWHERE = 2, 3  # an event's privacy, and that it is in no voice channel


def told_role(card: Card, address: Address) -> int | None:
    """The one role that a card may ping. Everyone is none, whatever an organiser chose."""
    role = card.announce.mention if card.announce else ""
    return int(role) if role.isdecimal() and role != address.space.id else None


def may_ping(role: int | None) -> discord.AllowedMentions:
    """Nobody, or the one role."""
    if role is None:
        return NOBODY
    return discord.AllowedMentions(
        everyone=False, users=False, roles=[discord.Object(role)], replied_user=False
    )


class Announcing:
    """Does what announcements want besides their message."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def carry_out(self, address: Address, message: str, card: Card) -> None:
        """All that the card at `message` wants, in a server; in private there is nothing to do."""
        wants = card.announce
        if wants is None or not address.space.id.isdecimal():
            return
        client = await self._rest.client()
        work = _Work(client, int(address.space.id), address, int(message))
        if wants.mention:
            await work.see_that_it_is_told(told_role(card, address), wants.mention)
        await work.pin(wants)
        if wants.thread and not address.thread:
            await work.talk(wants.thread)
        if wants.event is not None:
            await work.put_in_the_calendar(wants.event)
        if wants.honour.isdecimal():
            await work.honour(int(wants.honour), wants)


class _Work:
    """One announcement's."""

    def __init__(self, client: discord.Client, guild: int, address: Address, message: int) -> None:
        self._http = client.http
        self._me = client.user
        self._guild = guild
        self._place = int(address.thread or address.channel)
        self._message = message

    async def see_that_it_is_told(self, role: int | None, chosen: str) -> None:
        """Say so where the role that was chosen is not one, or nobody of it is told."""
        if role is None:
            log.warning(words.NOT_A_ROLE.format(channel=self._place, role=chosen))
            return
        roles: list[Any] = []
        try:
            with translated():
                roles = list(await self._http.get_roles(self._guild))
        except StageFailed as failure:
            log.debug("a server’s roles could not be had: %s", failure)
        if any(int(each["id"]) == role and not each["mentionable"] for each in roles):
            log.warning(words.NOBODY_TOLD.format(channel=self._place, role=role))

    async def pin(self, wants: Announcement) -> None:
        """Let go of the pin before, and pin the message."""
        if wants.unpin.isdecimal():
            await self._try(
                self._http.unpin_message(self._place, int(wants.unpin)),
                words.NOT_UNPINNED,
                words.NEEDS_PINS,
                fine=UNKNOWN_MESSAGE,
            )
        if wants.pin:
            await self._try(
                self._http.pin_message(self._place, self._message),
                words.NOT_PINNED,
                words.NEEDS_PINS,
            )

    async def talk(self, title: str) -> None:
        """Begin a thread on the message."""
        begun = self._http.start_thread_with_message(
            self._place,
            self._message,
            name=shortened(" ".join(title.split()), limits.THREAD_NAME),
            auto_archive_duration=limits.THREAD_MINUTES,  # type: ignore[arg-type]  # one of its four
        )
        await self._try(begun, words.NO_THREAD, words.NEEDS_THREADS, fine=HAS_THREAD)

    async def put_in_the_calendar(self, event: Event) -> None:
        """Make it an event of the server, once."""
        await self._try(self._scheduled(event), words.NO_EVENT, words.NEEDS_EVENTS)

    async def _scheduled(self, event: Event) -> None:
        # What begins with the announcement begins a little later: Discord takes no past, and
        # the message's id is the moment by Discord's own clock.
        soonest = snowflake_time(self._message) + timedelta(seconds=limits.EVENT_LEAD)
        starts, name = max(event.starts, soonest), shortened(event.title, limits.EVENT_NAME)
        if event.ends <= starts:
            log.info("an event is over already, so it is not put among the server’s")
            return
        for known in await self._http.get_scheduled_events(self._guild, with_user_count=False):
            ours = self._me is not None and str(known.get("creator_id")) == str(self._me.id)
            if ours and known["name"] == name and _ends(known) == event.ends:
                return
        await self._http.create_guild_scheduled_event(
            self._guild,
            name=name,
            privacy_level=_GUILD_ONLY,
            entity_type=_ELSEWHERE,
            scheduled_start_time=starts.isoformat(),
            scheduled_end_time=event.ends.isoformat(),
            entity_metadata={"location": self._link},
        )

    async def honour(self, role: int, wants: Announcement) -> None:
        """Give the role to those who are honoured now, and take it from those who were."""
        now, before = _ours(wants.honours), _ours(wants.honoured)
        for who in sorted(before - now):
            await self._try(
                self._http.remove_role(self._guild, who, role),
                words.STILL_HONOURED,
                words.NEEDS_ROLES,
                fine=UNKNOWN_MEMBER,
                role=role,
            )
        for who in sorted(now):
            await self._try(
                self._http.add_role(self._guild, who, role),
                words.NOT_HONOURED,
                words.NEEDS_ROLES,
                fine=UNKNOWN_MEMBER,
                role=role,
            )

    @property
    def _link(self) -> str:
        return f"https://discord.com/channels/{self._guild}/{self._place}/{self._message}"

    async def _try(
        self, doing: Awaitable[Any], failed: str, needs: str, fine: int = 0, role: int = 0
    ) -> None:
        """Do it, or say in the log why not. `fine` is the code of what is as good as done."""
        try:
            with translated():
                await doing
        except StageFailed as failure:
            cause = failure.__cause__
            if fine and isinstance(cause, discord.HTTPException) and cause.code == fine:
                return
            why = needs if isinstance(failure, NotPermitted) else str(failure)
            log.warning(failed.format(channel=self._place, guild=self._guild, role=role, why=why))


def _ours(people: tuple[UserRef, ...]) -> set[int]:
    return {int(who.id) for who in people if who.platform == PLATFORM and who.id.isdecimal()}


def _ends(event: Any) -> Any:
    return parse_time(event.get("scheduled_end_time"))
