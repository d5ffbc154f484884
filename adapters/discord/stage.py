"""Discord as a stage: rounds posted and kept true, over REST alone, so that a worker can too."""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
from weakref import WeakValueDictionary

import discord

from adapters.discord import limits, words
from adapters.discord.announcing import Announcing, may_ping, told_role
from adapters.discord.draw import Drawing
from adapters.discord.failures import NotPermitted, OutcomeUnknown, translated
from adapters.discord.pacing import Pacing
from adapters.discord.parts import ENDINGS, file_name, in_words
from adapters.discord.recent import Recent
from adapters.discord.rest import NOBODY, Rest, member_elsewhere
from adapters.discord.text import PLATFORM
from bot.cards import Card
from bot.errors import StageFailed
from bot.models import Address, Image, MessageRef, UserRef
from bot.ports import Stage

log = logging.getLogger(__name__)

_LOOKED_AT = 50  # messages of a channel in which Muse looks for its own
_NAMES = 2000  # display names kept in memory
_DOUBTS = 1000  # keys whose outcome is unknown, kept in memory
_ILLUSTRATED = 1000  # messages whose illustration is known to be attached
_OWED = 1000  # interactions that were told to wait, kept in memory
_LOADING = discord.MessageFlags(loading=True).value


class DiscordStage(Stage):
    """Posts and edits messages. An edit waits until it, or a later one, is shown."""

    def __init__(self, rest: Rest, drawing: Drawing, pause: float = limits.EDIT_PAUSE) -> None:
        self._rest = rest
        self._drawing = drawing
        self._pacing = Pacing(pause)
        self._in_doubt: Recent[str, None] = Recent(_DOUBTS)
        self._owed: Recent[str, None] = Recent(_OWED)
        self._keeping: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._names: Recent[str, str] = Recent(_NAMES)
        self._illustrated: Recent[tuple[str, str], None] = Recent(_ILLUSTRATED)
        self._announcing = Announcing(rest)

    def owe(self, token: str) -> None:
        """Know that an interaction of this process was told to wait for a message."""
        self._owed.put(token, None)

    async def post(
        self, address: Address, card: Card, key: str, *, doubtful: bool = False
    ) -> MessageRef:
        """Post `card`, once for each `key`. Raises `StageFailed`.

        Where an interaction waits for it, it is that one's answer; else a message with a nonce.
        Where an earlier try may have got through, Muse looks for its own message first.
        """
        mark = mark_of(key)
        if doubtful:
            self._in_doubt.put(key, None)
        posted = await self._answer(address, card, mark) if address.token else None
        if posted is None:
            posted = await self._once(address, card, key, mark)
        await self._announcing.carry_out(address, posted, card)
        return MessageRef(address, posted)

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Make `message` show `card`, or a later one. Raises `StageFailed`.

        While a card is busy the next one is on its way: nobody waits for it to be shown.
        """
        place = message.address.thread or message.address.channel

        async def show(latest: Card) -> None:
            try:
                await self._change(message, latest)
            except NotPermitted:
                # An answer to an interaction may stand where Muse may not even look.
                if not message.address.token:
                    raise
                drawn = self._drawing.everyone(in_words(latest), message=message.id)
                await self._rest.answer(message.address.token, drawn, message.id)

        shown = self._pacing.show((place, message.id), card, show)
        if not card.busy:
            await asyncio.shield(shown)

    async def keep(self, message: MessageRef, image: Image, name: str) -> str:
        """Attach a picture to the message, once for each name. Raises `StageFailed`.

        Returns channel, message, attachment and file name, with strokes between them.
        """
        # Discord is told all that is to stay attached, so two at once would each lose the other's.
        async with self._keeping.setdefault(message.id, asyncio.Lock()):
            return await self._kept(message, image, name)

    async def _kept(self, message: MessageRef, image: Image, name: str) -> str:
        place = message.address.thread or message.address.channel
        channel = await self._rest.channel(place)
        file_name = f"{name}.{ENDINGS.get(image.mime, 'png')}"
        with translated():
            said = await channel.fetch_message(int(message.id))
        found = _attached(said, name)
        if found is None:
            file = discord.File(io.BytesIO(image.data), file_name)
            try:
                with translated():
                    said = await said.edit(attachments=[*said.attachments, file])
            except NotPermitted as refused:
                raise StageFailed(words.NO_FILES) from refused
            found = _attached(said, name)
        if found is None:
            raise StageFailed("Discord did not keep the picture.")
        return f"{place}/{message.id}/{found.id}/{found.filename}"

    async def display_name(self, user: UserRef) -> str:
        """A member's name on Discord; where it can't be had, what to call them instead."""
        if user.platform != PLATFORM or not user.id.isdecimal():
            return member_elsewhere()
        known = self._names.get(user.id)
        if known is not None:
            return known
        try:
            client = await self._rest.client()
            with translated():
                found = await client.fetch_user(int(user.id))
        except StageFailed as failure:
            log.debug("a member's name could not be had: %s", failure)
            return member_elsewhere()
        self._names.put(user.id, found.display_name)
        return found.display_name

    async def settle(self) -> None:
        """Wait until every message shows its last card."""
        await self._pacing.settle()

    async def _once(self, address: Address, card: Card, key: str, mark: int) -> str:
        """Post the card as an ordinary message, if it is not there; its id."""
        channel = await self._rest.channel(address.thread or address.channel)
        if key in self._in_doubt and (found := await self._own(channel, mark)):
            self._in_doubt.drop(key)
            return found
        try:
            try:
                sent = await self._send(channel, address, card, key, mark)
            except NotPermitted:
                if card.illustration is None:
                    raise
                # It may be the picture alone that may not be sent; then words say it.
                sent = await self._send(channel, address, in_words(card), key, mark)
                log.warning(words.NO_PERMISSION_FILES.format(channel=channel.id))
        except OutcomeUnknown:
            self._in_doubt.put(key, None)
            log.warning("it is not known whether a message was posted; it is looked for next time")
            raise
        self._in_doubt.drop(key)
        return str(sent.id)

    async def _send(
        self, channel: discord.PartialMessageable, address: Address, card: Card, key: str, mark: int
    ) -> discord.Message:
        role = told_role(card, address)
        drawn = self._drawing.everyone(card, mark=mark, role=role)
        with translated():
            return await channel.send(
                **drawn.sent(), nonce=nonce_of(key), allowed_mentions=may_ping(role)
            )

    async def _change(self, message: MessageRef, card: Card) -> None:
        """Make the message show the card, its illustration too."""
        address = message.address
        channel = await self._rest.channel(address.thread or address.channel)
        partial = channel.get_partial_message(int(message.id))
        role = told_role(card, address)
        drawn = self._drawing.everyone(card, message=message.id, role=role)
        before = await self._before(partial, card)
        if before is None:
            with translated():
                await partial.edit(view=drawn.view, allowed_mentions=NOBODY)
            return
        files: list[discord.Attachment | discord.File] = [*before, *drawn.attached()]
        try:
            with translated():
                await partial.edit(view=drawn.view, attachments=files, allowed_mentions=NOBODY)
        except NotPermitted:
            log.warning(words.NO_PERMISSION_FILES.format(channel=channel.id))
            await self._change(message, in_words(card))
        else:
            self._illustrated.put(_illustration(message.id, card), None)

    async def _before(
        self, message: discord.PartialMessage, card: Card
    ) -> list[discord.Attachment] | None:
        """What is attached to a message that has to get the card's illustration yet, else None."""
        if card.illustration is None:
            return None
        mark = _illustration(str(message.id), card)
        if mark in self._illustrated:
            return None
        with translated():
            before = (await message.fetch()).attachments
        if all(each.filename != file_name(card.illustration) for each in before):
            # What showed something else goes: it may be what somebody had forgotten.
            stem = f"{card.illustration.name}-"
            return [each for each in before if not each.filename.startswith(stem)]
        self._illustrated.put(mark, None)
        return None

    async def _answer(self, address: Address, card: Card, mark: int) -> str | None:
        """Make the card the answer to the interaction, if that still waits for one."""
        owed = address.token in self._owed
        if not owed:
            original = await self._rest.original(address.token)
            if original is None:
                return None
            if _mark(original.get("components")) == mark:
                return str(original["id"])  # an earlier try got through
            if not int(original.get("flags", 0)) & _LOADING:
                return None
        role = told_role(card, address)
        drawn = self._drawing.everyone(card, mark=mark, role=role)
        try:
            answered = await self._rest.answer(address.token, drawn, allowed=may_ping(role))
        except OutcomeUnknown:
            raise
        except StageFailed as failure:
            log.info("an interaction waits no more, so the message is an ordinary one: %s", failure)
            return None
        self._owed.drop(address.token)
        return answered

    async def _own(self, channel: discord.PartialMessageable, mark: int) -> str | None:
        """Muse's own message with this mark among the latest, where Muse may look."""
        me = (await self._rest.client()).user
        try:
            with translated():
                async for said in channel.history(limit=_LOOKED_AT):
                    ours = me is not None and said.author.id == me.id
                    if ours and any(getattr(c, "id", None) == mark for c in said.components):
                        return str(said.id)
        except OutcomeUnknown:
            raise
        except StageFailed as failure:
            log.warning("Muse may not look for its own message, and may post it twice: %s", failure)
        return None


def _illustration(message: str, card: Card) -> tuple[str, str]:
    return message, file_name(card.illustration) if card.illustration else ""


def nonce_of(key: str) -> str:
    """What Discord knows a message by for a few minutes, within its 25 characters."""
    return hashlib.sha256(key.encode()).hexdigest()[: limits.NONCE]


def mark_of(key: str) -> int:
    """The number that the card's container carries, to know a message by for good: 31 bits."""
    digest = hashlib.sha256(f"mark\n{key}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1 or 1


def _mark(components: object) -> int | None:
    if isinstance(components, list) and components and isinstance(components[0], dict):
        found = components[0].get("id")
        return found if isinstance(found, int) else None
    return None


def _attached(message: discord.Message, name: str) -> discord.Attachment | None:
    return next((a for a in message.attachments if a.filename.rsplit(".", 1)[0] == name), None)
