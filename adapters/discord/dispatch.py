"""Every interaction, from whatever was pressed, chosen or sent, to the game and back.

What an interaction means is read from its own id and data: nothing is kept between two of
them, so that a button works after a restart and a year later.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord

from adapters.discord import forms, options, places, words
from adapters.discord.draw import PageId
from adapters.discord.replies import Interaction, Replies, Wanted
from adapters.discord.text import PLATFORM, unescape
from adapters.discord.tree import completions
from bot import actions
from bot.app import App
from bot.cards import Answer, FormCard, Reply
from bot.challenge_requests import ExportResults, OpenBallot, ShowOwnResult, ShowResults
from bot.community_requests import Lore, ShowAngles, ShowLog, ShowOrganisers, ShowRules
from bot.errors import BadInput, MuseError
from bot.grammar import read_slashed, write
from bot.models import RoundRef
from bot.requests import Ask, Blank, Command, Compose, Help, Request, Show, Top

log = logging.getLogger(__name__)

Data = Mapping[str, Any]
#: What only looks, so that it can be asked again to turn a page.
LOOKING = (Help, Lore, Show, ShowAngles, ShowLog, ShowOrganisers, ShowRules, Top)
#: What is shown anew each time: the message before may have been dismissed, or be far up.
_ANEW = (ExportResults, OpenBallot, ShowOwnResult, ShowResults)
_CHAT_COMMAND, _MESSAGE_COMMAND = 1, 3
_SHOWN_TEXT = 10  # a component that is a text display


class Dispatch:
    """The one dispatcher of interactions."""

    def __init__(self, app: App, replies: Replies) -> None:
        self._app = app
        self._replies = replies

    async def serve(self, interaction: Interaction) -> None:
        """Serve an interaction and answer it, whatever comes of it."""
        data: Data = interaction.data or {}
        match interaction.type:
            case discord.InteractionType.application_command:
                await self._command(interaction, data)
            case discord.InteractionType.component:
                await self._pressed(interaction, str(data["custom_id"]), _chosen(data))
            case discord.InteractionType.modal_submit:
                await self._sent(
                    interaction, str(data["custom_id"]), forms.filled(data["components"])
                )
            case discord.InteractionType.autocomplete:
                await self._replies.offer(interaction, _completed(data))
            case other:
                log.info("an interaction of a kind that Muse does not know: %s", other)

    async def _command(self, interaction: Interaction, data: Data) -> None:
        if data.get("type", _CHAT_COMMAND) == _MESSAGE_COMMAND:
            await self._menu(interaction, data)
            return
        try:
            spec, _ = options.called(data)
        except KeyError:
            await self._refuse(interaction, words.COMMAND_UNKNOWN)
            return
        try:
            request = options.request(data)
        except BadInput as wrong:
            await self._refuse(interaction, str(wrong))
            return
        again = write(request) if isinstance(request, LOOKING) else ""
        await self._give(interaction, Wanted(spec.answer, again=again), request)

    async def _menu(self, interaction: Interaction, data: Data) -> None:
        """A command from a message's menu, on that message."""
        target = str(data.get("target_id", ""))
        message = data.get("resolved", {}).get("messages", {}).get(target, {})
        if data.get("name") == words.REMIX:
            ref = _round_of(message.get("components") or ())
            if ref is not None:
                await self._remix(interaction, ref, pieces_of(message.get("components") or ()))
                return
        text = _text_of(message)
        if not text:
            await self._refuse(interaction, words.NO_TEXT)
        elif data.get("name") == words.REMIX:
            await self._replies.open(interaction, forms.twist_form(text))
        else:
            await self._give(interaction, Wanted(Answer.POST), Ask(text))

    async def _remix(
        self, interaction: Interaction, ref: RoundRef, pieces: Mapping[int, str]
    ) -> None:
        """The form to remix a piece of a round; of several, it asks which."""

        async def serve() -> Reply:
            compose = Compose(ref, min(pieces, default=0), Blank.ENTRY)
            reply = await self._app.handle(_asked(interaction, Answer.FORM, compose))
            if len(pieces) > 1 and isinstance(reply.card, FormCard):
                return replace(reply, card=forms.with_pieces(reply.card, pieces))
            return reply

        await self._replies.give(interaction, Wanted(Answer.FORM), serve)

    async def _pressed(
        self, interaction: Interaction, ident: str, fields: Mapping[str, str]
    ) -> None:
        """A button or a select."""
        turned = PageId.parse(ident)
        if turned is not None:
            await self._turn(interaction, turned)
        else:
            await self._act(interaction, ident, fields)

    async def _sent(self, interaction: Interaction, ident: str, fields: Mapping[str, str]) -> None:
        """A form."""
        if ident == forms.TWIST:
            ask = Ask(fields.get(forms.TWIST_FIELD, ""), source=fields.get(forms.SOURCE_FIELD, ""))
            await self._give(interaction, Wanted(Answer.POST), ask)
            return
        if ident.startswith(f"{forms.OF_PIECE}~"):
            try:
                ident = forms.piece_chosen(ident, fields)
            except BadInput as wrong:
                await self._refuse(interaction, str(wrong))
                return
        await self._act(interaction, ident, fields)

    async def _act(self, interaction: Interaction, ident: str, fields: Mapping[str, str]) -> None:
        try:
            action = actions.decode(ident)
            request = actions.request(action, fields)
        except BadInput as wrong:
            await self._refuse(interaction, str(wrong))
            return
        again = receipt = ""
        if isinstance(request, LOOKING):
            again = ident  # whoever looks anew wants to see it here, and not where it was
        elif action.round and not isinstance(request, _ANEW):
            receipt = f"{action.community}~{action.round}~{action.verb}"
        wanted = Wanted(actions.answer(action), receipt, again)
        await self._give(interaction, wanted, request)

    async def _turn(self, interaction: Interaction, turned: PageId) -> None:
        """Another page of a private message: what it shows is asked again."""
        try:
            if turned.again.startswith(f"{actions.VERSION}~"):
                request = actions.request(actions.decode(turned.again))
            else:
                request = read_slashed(turned.again)
        except BadInput as wrong:
            await self._refuse(interaction, str(wrong))
            return
        if not isinstance(request, LOOKING):
            await self._refuse(interaction, words.COMMAND_UNKNOWN)
            return
        wanted = Wanted(Answer.UPDATE, again=turned.again, page=turned.page)
        await self._give(interaction, wanted, request)

    async def _refuse(self, interaction: Interaction, why: str) -> None:
        async def refuse() -> Reply:
            raise BadInput(why)

        await self._replies.give(interaction, Wanted(Answer.PRIVATE), refuse)

    async def _give(self, interaction: Interaction, wanted: Wanted, request: Request) -> None:
        if wanted.kind is Answer.POST and interaction.guild_id is not None:
            # The answer itself would stand; what follows it, and its result, would not.
            why = places.barred(interaction.channel, interaction.app_permissions)
            if why:
                await self._refuse(interaction, why)
                return

        async def serve() -> Reply:
            return await self._app.handle(_asked(interaction, wanted.kind, request))

        await self._replies.give(interaction, wanted, serve)


def _asked(interaction: Interaction, kind: Answer, request: Request) -> Command:
    who, guild = interaction.user, interaction.guild_id
    token = interaction.token if kind is Answer.POST else ""
    channel = interaction.channel_id or 0
    return Command(
        event=f"{PLATFORM}:{interaction.id}",
        space=places.space(guild, who),
        user=places.user(who),
        address=places.address(interaction.channel, guild, who, channel, token),
        request=request,
        answer=kind,
        manages=places.manages(guild, interaction.permissions),
        standing=places.standing(who),
    )


def _chosen(data: Data) -> dict[str, str]:
    """What was chosen in a select: the field ``value``; a button has none."""
    return {"value": forms.values(data)} if "values" in data else {}


def _completed(data: Data) -> list[str]:
    """Words that an argument may go on as; none for one of another version."""
    try:
        param, typed = options.focused(data)
    except (KeyError, StopIteration):
        return []
    return completions(param, typed)


def _walked(components: Any) -> list[Data]:
    """Every component of a message, nested ones too."""
    found: list[Data] = []
    for component in components:
        found.append(component)
        found += _walked(component.get("components") or ())
        if isinstance(component.get("accessory"), Mapping):
            found.append(component["accessory"])
    return found


def _round_of(components: Any) -> RoundRef | None:
    """The round that a message of Muse's shows, by the ids on it."""
    for component in _walked(components):
        try:
            action = actions.decode(str(component.get("custom_id", "")))
        except MuseError:
            continue
        if action.round:
            return action.ref
    return None


def pieces_of(components: Any) -> dict[int, str]:
    """The pieces that can be voted for on a message of Muse's: how each begins, by its number."""
    found: dict[int, str] = {}
    for component in _walked(components):
        accessory = component.get("accessory")
        held: Any = component.get("components") or ({},)
        if not isinstance(accessory, Mapping):
            continue
        try:
            action = actions.decode(str(accessory.get("custom_id", "")))
        except MuseError:
            continue
        if action.verb == "vote" and action.entry:
            first = str(held[0].get("content", "")).removeprefix(f"**{action.entry}**")
            found[action.entry] = unescape(first.split("\n-# ")[0])
    return found


def _text_of(message: Data) -> str:
    """What a message says."""
    shown = [
        str(component.get("content", ""))
        for component in _walked(message.get("components") or ())
        if component.get("type") == _SHOWN_TEXT
    ]
    return "\n".join([str(message.get("content") or ""), *shown]).strip()
