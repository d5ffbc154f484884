"""The other ways in: being spoken to, shortcuts, the Home tab.

Whoever mentions Muse or writes to it alone simply talks: what they say is a prompt, or a command
where it begins with one's name. In a thread it is said in reply to Muse's message there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from adapters.slack import words
from adapters.slack.answers import kept_of
from adapters.slack.asking import ask_view, remix_view
from adapters.slack.controls import told
from adapters.slack.dispatch import Dispatch
from adapters.slack.forms import telling_view
from adapters.slack.grants import Grants
from adapters.slack.payloads import Heard, event, interaction
from adapters.slack.stage import SlackStage
from adapters.slack.text import heard as said_in
from bot.actions import ACTIONS
from bot.cards import Answer
from bot.community_requests import Welcome
from bot.errors import BadInput
from bot.grammar import read
from bot.requests import Ask, Say

log = logging.getLogger(__name__)

ASK_CALLBACK = "muse_ask"  # the shortcuts, as the manifest names them
ON_THIS_CALLBACK = "muse_on_this"
REMIX_CALLBACK = "muse_remix"


class WaysIn:
    """Serves what is not a command, a click or a form."""

    def __init__(self, dispatch: Dispatch, stage: SlackStage, grants: Grants) -> None:
        self._dispatch = dispatch
        self._stage = stage
        self._grants = grants

    async def mentioned(self, body: Mapping[str, Any]) -> None:
        """Muse was mentioned."""
        await self._spoken_to(body, direct=False)

    async def messaged(self, body: Mapping[str, Any]) -> None:
        """A message to Muse alone; also one that was changed or deleted, which asks for nothing."""
        inner = body.get("event") or {}
        if inner.get("channel_type") == "im" and inner.get("subtype") in (None, "file_share"):
            await self._spoken_to(body, direct=True)

    async def shortcut(self, body: Mapping[str, Any]) -> None:
        """The shortcut that opens a form, from anywhere."""
        heard = interaction(body)

        async def serve() -> None:
            self._dispatch.open(heard, ask_view(kept_of(heard)))

        await self._dispatch.served(heard, body, serve)

    async def message_shortcut(self, body: Mapping[str, Any]) -> None:
        """A shortcut on somebody's message."""
        heard, message = interaction(body), body.get("message") or {}
        remixes = body.get("callback_id") == REMIX_CALLBACK

        async def serve() -> None:
            if remixes and (ident := _form_of(message)):
                await self._dispatch.pressed(heard, ident)  # Muse's own: its Refine button
                return
            text = await self._plain(heard, str(message.get("text") or ""))
            if not text and remixes:
                self._dispatch.open(heard, telling_view(words.NO_TEXT))
            elif remixes:
                self._dispatch.open(heard, remix_view(text, kept_of(heard)))
            else:
                await self._dispatch.typed(heard, text, Ask(text))

        await self._dispatch.served(heard, body, serve)

    async def home_opened(self, body: Mapping[str, Any]) -> None:
        """Somebody opened the Home tab."""
        if (body.get("event") or {}).get("tab") != "home":
            return
        heard = replace(event(body), channel="", message="", home=True)

        async def serve() -> None:
            self._dispatch.work.start(self._dispatch.home.publish(heard, self._dispatch.serve))

        await self._dispatch.served(heard, body, serve)

    async def joined(self, body: Mapping[str, Any]) -> None:
        """Somebody is in a channel now. Where it is Muse, and it was invited, it says what it is.

        https://docs.slack.dev/reference/events/member_joined_channel: who came by themselves, as
        Muse does where it is to post, has no inviter.
        """
        inner = body.get("event") or {}
        heard, inviter = event(body), str(inner.get("inviter") or "")
        if not inviter:
            return

        async def serve() -> None:
            if heard.user == (await self._grants.grant(heard.team)).bot:
                await self._dispatch.serve(replace(heard, user=inviter), Welcome(), Answer.POST)

        await self._dispatch.served(heard, body, serve)

    async def arrived(self, body: Mapping[str, Any]) -> None:
        """Somebody joined the workspace, which Slack tells now and never again.

        https://docs.slack.dev/reference/events/team_join
        """
        heard, who = event(body), (body.get("event") or {}).get("user") or {}
        if not (heard.team and who.get("id")) or who.get("is_bot"):
            return
        # Only once it is on record is it acknowledged: until then Slack tells it again, which does
        # no harm.
        await self._dispatch.joined(heard, body, str(who["id"]))

    async def _spoken_to(self, body: Mapping[str, Any], *, direct: bool) -> None:
        heard, inner = event(body), body.get("event") or {}
        if inner.get("bot_id") or not heard.user:
            return  # robots are not talked to: two could go on for ever

        async def serve() -> None:
            text = await self._plain(heard, str(inner.get("text") or ""))
            await self._talk(heard, text or "help", direct=direct)

        await self._dispatch.served(heard, body, serve)

    async def _talk(self, heard: Heard, text: str, *, direct: bool) -> None:
        try:
            wish = read(text)
        except BadInput:
            await self._dispatch.typed(heard, text)  # which says what is wrong with it
            return
        if not isinstance(wish, Ask):
            await self._dispatch.typed(heard, text)
        elif heard.thread:
            await self._dispatch.typed(heard, text, Say(text, heard.thread, threaded=True))
        else:
            # To Muse alone it is answered in a thread, where Slack can stream.
            place = replace(heard, thread=heard.message) if direct else heard
            await self._dispatch.typed(place, text, wish)

    async def _plain(self, heard: Heard, text: str) -> str:
        """What was said, with members by their names as whoever said it sees them."""
        grant = await self._grants.grant(heard.team)
        mentioned = {part.partition("|")[0].rstrip(">") for part in text.split("<@")[1:]}
        names = {
            user: await self._stage.people.name(heard.team, user)
            for user in {each.partition(">")[0] for each in mentioned} - {grant.bot}
        }
        return said_in(text, grant.bot, lambda user: names.get(user, user))


def _form_of(message: Mapping[str, Any]) -> str:
    """The last button of a message that opens a form on it; empty where it is none of Muse's."""
    found = ""
    for ident in _buttons(message):
        parts = ident.split("~")
        spec = ACTIONS.get(parts[1]) if len(parts) == 6 else None
        if spec is not None and spec.answer is Answer.FORM:
            found = ident
    return found


def _buttons(message: Mapping[str, Any]) -> Iterator[str]:
    for block in message.get("blocks") or []:
        for element in block.get("elements") or []:
            if isinstance(element, Mapping) and element.get("type") == "button":
                yield told(str(element.get("action_id") or ""))
