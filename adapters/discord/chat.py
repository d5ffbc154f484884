"""Talking to Muse: a mention, a private message or a reply to it is a prompt, or refines a round.

Without the intent to read all messages, Discord sends the text only of those that mention
Muse, and of private ones. A reply whose ping is off comes without its text: it asks nothing.
https://docs.discord.com/developers/events/gateway#message-content-intent
"""

from __future__ import annotations

import logging
import re

import discord

from adapters.discord import places
from adapters.discord.draw import Drawing
from adapters.discord.failures import translated
from adapters.discord.rest import NOBODY
from adapters.discord.text import PLATFORM
from adapters.guard import guarded
from bot.app import App
from bot.cards import Answer, Card, Reply
from bot.errors import StageFailed
from bot.grammar import read_prompt
from bot.models import Address
from bot.requests import Command, Help, Request, Say

log = logging.getLogger(__name__)

_EMOJI = re.compile(r"<a?:(\w+):\d+>")


class Chat:
    """Serves messages that speak to Muse."""

    def __init__(self, app: App, drawing: Drawing) -> None:
        self._app = app
        self._drawing = drawing

    async def hear(self, message: discord.Message, me: discord.abc.User) -> None:
        """Serve a message, if it speaks to Muse. Raises nothing of Discord's."""
        if not speaks_to(message, me):
            return
        text, answered = said_in(message, me), _answered(message, me)
        if not text and (answered or not _mentions(message, me)):
            return  # a picture, a sticker, or a reply that came without its text

        async def serve() -> Reply:
            if why := _barred(message):
                raise StageFailed(why)
            return await self._app.handle(_asked(message, _request(text, answered)))

        reply = await guarded(serve)
        if reply.follows or not isinstance(reply.card, Card):
            return  # the stage posts it, and goes on with it
        try:
            await self._tell(message, reply.card)
        except StageFailed as failure:
            log.info("a message could not be answered: %s", failure)

    async def _tell(self, message: discord.Message, card: Card) -> None:
        """Answer below the message; where Muse may not write, in private."""
        drawn = self._drawing.everyone(card)
        try:
            with translated():
                reference = message.to_reference(fail_if_not_exists=False)
                await message.channel.send(
                    **drawn.sent(),
                    reference=reference,
                    mention_author=False,
                    allowed_mentions=NOBODY,
                )
        except StageFailed:
            if message.guild is None:
                raise
            with translated():
                await message.author.send(**drawn.sent(), allowed_mentions=NOBODY)


def speaks_to(message: discord.Message, me: discord.abc.User) -> bool:
    """Whether a person speaks to Muse in it."""
    if message.author.bot or message.webhook_id is not None or message.is_system():
        return False
    return message.guild is None or _mentions(message, me) or bool(_answered(message, me))


def said_in(message: discord.Message, me: discord.abc.User) -> str:
    """What a message says, without the mention of Muse, with names for whom else it mentions."""
    bare = re.sub(rf"<@!?{me.id}>", " ", message.content)
    for who in message.mentions:
        bare = re.sub(rf"<@!?{who.id}>", f"@{who.display_name}", bare)
    bare = _EMOJI.sub(r":\1:", bare)
    return "\n".join(" ".join(line.split()) for line in bare.strip().splitlines())


def _mentions(message: discord.Message, me: discord.abc.User) -> bool:
    return any(who.id == me.id for who in message.mentions)


def _answered(message: discord.Message, me: discord.abc.User) -> str:
    """The id of Muse's message that it replies to, or nothing."""
    reference = message.reference
    if reference is None or reference.message_id is None:
        return ""
    before = reference.resolved
    if isinstance(before, discord.Message) and before.author.id == me.id:
        return str(reference.message_id)
    return ""


def _barred(message: discord.Message) -> str:
    """Why Muse can't answer where the message stands; '' if it can, as far as is known."""
    where = message.channel
    if message.guild is None or isinstance(where, discord.PartialMessageable):
        return ""
    return places.barred(where, where.permissions_for(message.guild.me))


def _request(text: str, answered: str) -> Request:
    if answered:
        return Say(text, answered)
    return read_prompt(text) if text else Help()


def _asked(message: discord.Message, request: Request) -> Command:
    guild = message.guild.id if message.guild else None
    who = message.author
    permissions = (
        who.guild_permissions if isinstance(who, discord.Member) else discord.Permissions.none()
    )
    where: Address = places.address(message.channel, guild, who, message.channel.id)
    return Command(
        event=f"{PLATFORM}:{message.id}",
        space=where.space,
        user=places.user(who),
        address=where,
        request=request,
        answer=Answer.POST,
        manages=places.manages(guild, permissions),
        standing=places.standing(who),
    )
