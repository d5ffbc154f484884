"""Answering an interaction, as its kind of answer asks, within Discord's three seconds.

What is known soon enough is the answer itself; else Discord is told to wait, and the answer
takes the place of "is thinking…". A form is never put off. An answer for everyone that the
stage goes on with is told to wait at once: the stage's message then takes the place.
https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import discord

from adapters.discord import limits, words
from adapters.discord.draw import Drawing, Drawn
from adapters.discord.failures import ALREADY_ANSWERED, UNKNOWN_INTERACTION, translated
from adapters.discord.forms import modal
from adapters.discord.recent import Recent
from adapters.discord.rest import NOBODY
from adapters.discord.text import PLATFORM
from adapters.guard import guarded
from bot.app import refusal
from bot.cards import Answer, Card, FormCard, Reply
from bot.errors import BadInput, StageFailed
from bot.figures import ACKNOWLEDGED, UNACKNOWLEDGED
from bot.ports import Meter, Unmetered
from bot.references import elapsed

log = logging.getLogger(__name__)

_T = TypeVar("_T")
Interaction = discord.Interaction[discord.Client]
Serve = Callable[[], Awaitable[Reply]]
ORIGINAL: Any = "@original"  # in place of an id: the first answer to an interaction
_RECEIPTS = 5000  # private messages kept in memory, to be edited in place of new ones


@dataclass(frozen=True, slots=True)
class Wanted:
    """How an interaction is to be answered.

    `receipt` names the private message that stands for it, where there is one a member.
    `again` is what to ask again to turn a page, `page` the one that is shown.
    """

    kind: Answer
    receipt: str = ""
    again: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class _Receipt:
    """A private message that can still be edited, until `until` by the monotonic clock."""

    hook: discord.Webhook
    message: int
    until: float


class _Stale(Exception):
    """The interaction was answered already, or Discord waits for it no more."""


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
    """Whatever goes wrong with an answer is in the log; nobody could be told of it."""
    try:
        with translated():
            yield
    except _Stale as stale:
        log.info("an interaction was left as it is: %s", stale)
    except StageFailed as failure:
        log.warning("an interaction could not be answered: %s", failure)


class Replies:
    """Serves interactions and draws what they are answered with."""

    def __init__(
        self,
        drawing: Drawing,
        owe: Callable[[str], None],
        prompt: float = limits.PROMPT,
        meter: Meter | None = None,
    ) -> None:
        """`owe` tells the stage of an interaction that waits for its message.

        `prompt` is how long an answer may take, in seconds, before Discord is told to wait.
        """
        self._drawing = drawing
        self._owe = owe
        self._prompt = prompt
        self._meter = meter or Unmetered()
        self._receipts: Recent[tuple[int, str], _Receipt] = Recent(_RECEIPTS)

    async def give(self, interaction: Interaction, wanted: Wanted, serve: Serve) -> None:
        """Serve an interaction and answer it. Raises nothing of Discord's."""
        async with _answering():
            match wanted.kind:
                case Answer.FORM:
                    await self._form(interaction, serve)
                case Answer.POST:
                    await self._post(interaction, serve)
                case Answer.PRIVATE | Answer.UPDATE:
                    await self._told(interaction, wanted, serve)

    async def open(self, interaction: Interaction, form: discord.ui.Modal) -> None:
        """Answer with a form of Discord's own."""
        async with _answering():
            await self._first(interaction.response.send_modal(form))

    async def offer(self, interaction: Interaction, found: Sequence[str]) -> None:
        """Answer what is being typed with words it may go on as."""
        choices = [discord.app_commands.Choice(name=word, value=word) for word in found]
        async with _answering():
            await self._first(interaction.response.autocomplete(choices))

    async def _form(self, interaction: Interaction, serve: Serve) -> None:
        reply = await self._in_time(serve)
        if reply is None:
            reply = refusal(BadInput(words.FORM_LATE))
        if isinstance(reply.card, FormCard):
            form = modal(reply.card)
            await self._first(interaction.response.send_modal(form))
        else:
            await self._say(interaction, reply.card)

    async def _in_time(self, serve: Serve) -> Reply | None:
        """The reply, or None where Discord would not wait for it. Nothing is written for a form."""
        try:
            async with asyncio.timeout(self._prompt + limits.ACKNOWLEDGE / 3):
                return await guarded(serve)
        except TimeoutError:
            return None

    async def _post(self, interaction: Interaction, serve: Serve) -> None:
        await self._first(interaction.response.defer(thinking=True))
        self._owe(interaction.token)
        reply = await guarded(serve)
        if reply.follows:
            return  # the stage's message takes the place of the waiting
        card = _card(reply)
        if reply.refused:
            # What everyone saw waiting can't become private, so it goes.
            await interaction.delete_original_response()
            await self._add(interaction, card)
        else:
            drawn = self._drawing.everyone(card)
            await interaction.edit_original_response(**drawn.edited(), allowed_mentions=NOBODY)

    async def _told(self, interaction: Interaction, wanted: Wanted, serve: Serve) -> None:
        """Answer in private, or by changing the private message that was pressed."""
        task = asyncio.ensure_future(guarded(serve))
        try:
            done, _ = await asyncio.wait({task}, timeout=self._prompt)
        except asyncio.CancelledError:
            task.cancel()
            raise
        updates = wanted.kind is Answer.UPDATE and _private(interaction.message)
        before = None if updates else self._receipt(interaction, wanted)
        if not done:
            if updates or before:
                await self._first(interaction.response.defer())
            else:
                await self._first(interaction.response.defer(ephemeral=True, thinking=True))
        reply = await task
        card = _card(reply)
        if reply.refused and (updates or before):
            await self._say(interaction, card)
        elif updates:
            await self._update(interaction, card, wanted)
        elif before:
            await self._edit_receipt(interaction, card, wanted, before)
        else:
            await self._say(interaction, card, wanted, refused=reply.refused)

    async def _say(
        self,
        interaction: Interaction,
        card: Card,
        wanted: Wanted | None = None,
        *,
        refused: bool = True,
    ) -> None:
        """Tell the member in private: as the answer, or in place of the waiting, or behind it."""
        wanted = wanted or Wanted(Answer.PRIVATE)
        first, *more = self._drawing.private(card, wanted.again, wanted.page)
        message = ORIGINAL
        if not interaction.response.is_done():
            await self._first(
                interaction.response.send_message(
                    **first.sent(), ephemeral=True, allowed_mentions=NOBODY
                )
            )
        elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            await interaction.edit_original_response(**first.edited(), allowed_mentions=NOBODY)
        else:
            followed = await _followup(interaction, first)
            message = followed.id
        for each in more:
            await _followup(interaction, each)
        if wanted.receipt and not refused:
            self._keep(interaction, wanted, message)

    async def _add(self, interaction: Interaction, card: Card) -> None:
        for each in self._drawing.private(card):
            await _followup(interaction, each)

    async def _update(self, interaction: Interaction, card: Card, wanted: Wanted) -> None:
        first, *more = self._drawing.private(card, wanted.again, wanted.page)
        if interaction.response.is_done():
            await interaction.edit_original_response(**first.edited(), allowed_mentions=NOBODY)
        else:
            await self._first(
                interaction.response.edit_message(**first.edited(), allowed_mentions=NOBODY)
            )
        for each in more:
            await _followup(interaction, each)

    async def _edit_receipt(
        self, interaction: Interaction, card: Card, wanted: Wanted, before: _Receipt
    ) -> None:
        """Change the private message that the member has of this, or give them a new one."""
        if not interaction.response.is_done():
            await self._first(interaction.response.defer())
        first, *more = self._drawing.private(card, wanted.again, wanted.page)
        try:
            await before.hook.edit_message(
                before.message, **first.edited(), allowed_mentions=NOBODY
            )
        except discord.HTTPException as gone:
            log.debug("an earlier receipt is gone: %s", gone.code)
            await self._say(interaction, card, wanted, refused=False)
            return
        for each in more:
            await _followup(interaction, each)

    async def _first(self, answer: Awaitable[_T]) -> _T:
        """The first answer to an interaction. Raises `_Stale` where it is second or too late."""
        try:
            answered = await answer
        except discord.HTTPException as error:
            if error.code == UNKNOWN_INTERACTION:
                self._meter.add(UNACKNOWLEDGED, PLATFORM)
                log.warning("an interaction was answered too late: Discord waits no more")
            if error.code in (ALREADY_ANSWERED, UNKNOWN_INTERACTION):
                raise _Stale(f"{error.code}") from error
            raise
        except discord.InteractionResponded as error:
            raise _Stale("answered here") from error
        self._meter.took(ACKNOWLEDGED, elapsed(), PLATFORM)
        return answered

    def _receipt(self, interaction: Interaction, wanted: Wanted) -> _Receipt | None:
        """What the member has of this already. Whoever sends a form looks for something new."""
        if not wanted.receipt or interaction.type is not discord.InteractionType.component:
            return None
        found = self._receipts.get((interaction.user.id, wanted.receipt))
        return found if found and found.until > time.monotonic() else None

    def _keep(self, interaction: Interaction, wanted: Wanted, message: int) -> None:
        until = time.monotonic() + limits.TOKEN_SAFE
        receipt = _Receipt(interaction.followup, message, until)
        self._receipts.put((interaction.user.id, wanted.receipt), receipt)


def _card(reply: Reply) -> Card:
    assert isinstance(reply.card, Card), "a form comes only where a form was promised"
    return reply.card


def _private(message: discord.Message | None) -> bool:
    return message is not None and message.flags.ephemeral


async def _followup(interaction: Interaction, drawn: Drawn) -> discord.WebhookMessage:
    sent: discord.WebhookMessage = await interaction.followup.send(
        **drawn.sent(), ephemeral=True, wait=True, allowed_mentions=NOBODY
    )
    return sent
