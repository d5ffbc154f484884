"""From events to commands, acknowledged in time.

Slack waits three seconds. What an event asks for is done first and acknowledged then, so that
nothing that was acknowledged is lost with the process; where that takes longer, it is acknowledged
and goes on. How it is answered is known from the event alone: a form's modal opens at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from adapters.guard import guarded
from adapters.slack import words
from adapters.slack.admission import Admission
from adapters.slack.answers import PAGE, SEE_ALL, Answers, again_of, kept_of
from adapters.slack.asking import WHERE, ask_view, asked
from adapters.slack.controls import told
from adapters.slack.forms import chosen, errors_on, filled, waiting_view
from adapters.slack.home import Home
from adapters.slack.payloads import PLATFORM, Heard, interaction, slash
from adapters.slack.receipts import Receipts
from adapters.slack.stage import SlackStage
from adapters.slack.work import ACK_WITHIN, Once, Work
from bot.actions import ACTIONS, answer, decode, request
from bot.app import App
from bot.cards import Answer, Card, Literal, Paragraph, Reply
from bot.errors import BadInput, NotFound
from bot.grammar import answer_to, pane_for, read
from bot.models import SpaceRef, Tenure, UserRef
from bot.ports import Meter
from bot.requests import Command, Request, Unvote, Vote

log = logging.getLogger(__name__)

Json = dict[str, Any]
Serve = Callable[[], Awaitable[Reply]]

#: What a crowd does at once: whether each of them is an admin is not asked of Slack, and whether
#: a guest only where a gate needs to know.
_OFTEN = (Vote, Unvote)


@dataclass(slots=True)
class Turn:
    """One event being served. `again` asks for the same once more, `about` is the round that a
    button belongs to, `wish` what was asked for, once that is known.
    """

    heard: Heard
    again: str = ""
    about: str = ""
    wish: Request | None = None


class Dispatch:
    """Takes what Slack sends, and says what to acknowledge it with."""

    def __init__(self, app: App, stage: SlackStage, meter: Meter | None = None) -> None:
        self._app = app
        self._stage = stage
        self.answers = Answers(stage)
        self.home = Home(stage)
        self.work = Work()
        self.once = Once(meter)
        self._receipts = Receipts(self.work, self.once)
        self._admission = Admission(stage.web, self.work)

    async def left(self, team: str) -> None:
        """Muse was removed from a workspace."""
        await self._app.left(SpaceRef(PLATFORM, team))

    async def returned(self, team: str) -> None:
        """Muse was installed in a workspace, or finds itself there."""
        await self._app.returned(SpaceRef(PLATFORM, team))

    async def came_with(self, team: str, organisation: str) -> None:
        """Muse is in a workspace by its organisation's installation."""
        await self._app.came_with(SpaceRef(PLATFORM, team), SpaceRef(PLATFORM, organisation))

    async def joined(self, heard: Heard, body: Mapping[str, Any], user: str) -> None:
        """Somebody joined a workspace: it is on record once this returns, where Muse is there."""
        if await self._admission.admits(heard, body):
            await self._app.joined(SpaceRef(PLATFORM, heard.team), UserRef(PLATFORM, user))

    async def settle(self) -> None:
        """Wait until all that came is answered."""
        self._receipts.flush()
        await self.work.settle()

    async def drain(self, seconds: float) -> None:
        """The same for what is still being served too, but not longer than that.

        What comes after this is answered at once, for whoever drains again.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        self._receipts.end()
        await self.once.settle(seconds)
        await self.work.drain(max(0.0, end - loop.time()))

    async def served(
        self, heard: Heard, body: Mapping[str, Any], serve: Callable[[], Awaitable[Json | None]]
    ) -> Json | None:
        """What to acknowledge an event with: served once, where Muse is installed, and in time."""

        async def admitted() -> Json | None:
            if await self._admission.admits(heard, body):
                return await serve()
            self._admission.refuse(heard)
            return None

        return await self.once.answer(heard.event, admitted)

    async def command(self, body: Mapping[str, Any]) -> Json | None:
        """A slash command; with nothing behind it, a form."""
        heard, text = slash(body), str(body.get("text") or "").strip()

        async def serve() -> Json | None:
            if text:
                await self.typed(heard, text)
            else:
                self.open(heard, ask_view(kept_of(heard)))
            return None

        return await self.served(heard, body, serve)

    async def clicked(self, body: Mapping[str, Any]) -> Json | None:
        """A button or a choice, in a message or a view."""
        heard = interaction(body)
        pressed = (body.get("actions") or [{}])[0]
        ident = told(str(pressed.get("action_id") or ""))

        async def serve() -> Json | None:
            if ident.startswith((SEE_ALL, PAGE)):
                self._paged(heard, ident)
            else:
                await self.pressed(heard, ident, chosen(pressed))
            return None

        return await self.served(heard, body, serve)

    async def submitted(self, body: Mapping[str, Any]) -> Json | None:
        """A form that was sent."""
        heard, view = interaction(body), body.get("view") or {}
        return await self.once.answer(heard.event, lambda: self._sent(heard, body, view))

    async def typed(self, heard: Heard, text: str, wish: Request | None = None) -> None:
        """A command as text, through whichever door; `wish` is what it was read as already."""
        turn = Turn(heard, again=text)

        async def serve() -> Reply:
            turn.wish = wish or read(text)
            kind = Answer.POST if wish else answer_to(turn.wish)
            return await self.serve(heard, turn.wish, kind, joins=kind is Answer.POST)

        if heard.trigger and wish is None and _in_a_pane(text):
            self.work.start(self.answers.open_window(heard, self._told(serve)))
        else:
            await self._answered(turn, serve)

    async def pressed(self, heard: Heard, ident: str, values: tuple[str, ...] = ()) -> None:
        """The action of a button or a menu."""
        turn = Turn(heard, again=ident)
        fields = {"value": " ".join(values)} if values else {}

        async def serve() -> Reply:
            action = decode(ident)
            turn.wish, turn.about = request(action, fields), action.round
            return await self.serve(heard, turn.wish, answer(action))

        verb = ident.split("~")[1] if ident.count("~") > 1 else ""
        spec = ACTIONS.get(verb)
        if spec is not None and (spec.answer is Answer.FORM or spec.pane):
            self.work.start(self.answers.open_window(heard, self._told(serve)))
        else:
            with self._receipts.coming():
                await self._answered(turn, serve)

    def open(self, heard: Heard, view: Json) -> None:
        """Open a modal that needs nothing read."""
        self.work.start(self.answers.open(heard, view))

    async def serve(
        self, heard: Heard, wish: Request, kind: Answer, *, joins: bool = False
    ) -> Reply:
        """Hand a request to the core. With `joins`, see first that Muse can write there.

        Raises the tree's errors.
        """
        people = self._stage.people
        people.seen(heard.team, heard.user)
        if joins and not heard.channel:
            raise BadInput(words.NOT_HERE)
        if joins:
            await self._stage.reach(heard.address)
        often = isinstance(wish, _OFTEN)
        command = Command(
            event=heard.event,
            space=heard.space,
            user=heard.author,
            address=heard.address,
            request=wish,
            answer=kind,
            manages=not often and await people.manages(heard.team, heard.user),
            standing=Tenure(zone=people.zone(heard.team, heard.user)),
            asks=partial(people.tenure, heard.team, heard.user, again=not often),
        )
        return await self._app.handle(command)

    async def _answered(self, turn: Turn, serve: Serve) -> None:
        """Do what is asked, and show what came of it once it is acknowledged."""
        reply = await self._told(serve)
        if turn.heard.view:  # somebody is in the middle of something
            self.work.start(self._shown(turn, reply))
        else:
            self._receipts.show(self._shown(turn, reply))

    async def _told(self, serve: Serve) -> Reply:
        """The reply, or the card that says what went wrong, in which commands are typed as here."""
        reply = await guarded(serve)
        if not reply.refused or not isinstance(reply.card, Card):
            return reply
        native = self._stage.people.plain_pen().native
        text = native(reply.card.summary)
        return replace(reply, card=Card((Paragraph((Literal(text),)),), text))

    async def _shown(self, turn: Turn, reply: Reply) -> None:
        heard = turn.heard
        turns_page = heard.home and reply.kind is Answer.UPDATE and isinstance(reply.card, Card)
        if turns_page and turn.wish is not None:
            assert isinstance(reply.card, Card)
            await self.home.publish(heard, self.serve, (type(turn.wish), reply.card))
            return
        await self.answers.give(heard, reply, again=turn.again, about=turn.about)

    def _paged(self, heard: Heard, ident: str) -> None:
        """Another page of something long, or all of what a message had no room for."""
        page, again = 1, ident.removeprefix(SEE_ALL)
        if ident.startswith(PAGE):
            page, again = int(ident.removeprefix(PAGE) or 1), again_of(heard.kept)

        async def serve() -> Reply:
            if not again:
                raise NotFound(words.NOT_NOW)
            wish = request(decode(again)) if again.startswith("1~") else read(again)
            return await self.serve(heard, wish, Answer.PRIVATE)

        async def whole() -> None:
            await self.answers.show_page(heard, await self._told(serve), again, page)

        self.work.start(whole())

    async def _sent(
        self, heard: Heard, body: Mapping[str, Any], view: Mapping[str, Any]
    ) -> Json | None:
        """Serve a form, and answer within its time: an error on the field, or what came of it."""
        fields, callback = filled(view), str(view.get("callback_id") or "")
        heard = replace(heard, channel=fields.pop(WHERE, "") or heard.channel)

        async def serve() -> Reply:
            if not await self._admission.admits(heard, body):
                raise BadInput(words.NOT_INSTALLED)
            if callback.startswith("slack~"):
                return await self.serve(heard, asked(callback, fields), Answer.POST, joins=True)
            action = decode(callback)
            return await self.serve(heard, request(action, fields), answer(action))

        task = asyncio.create_task(self._told(serve))
        await asyncio.wait({task}, timeout=ACK_WITHIN - 0.5)
        if not task.done():
            self.work.start(self._refilled(heard, task))
            return {"response_action": "update", "view": waiting_view()}
        reply = task.result()
        if reply.refused and isinstance(reply.card, Card):
            return errors_on(view, reply.card.summary)
        if reply.follows:
            return None
        url = heard.kept.get("url", "")
        if url:
            place = replace(heard, response_url=url, view="", message="")
            self.work.start(self.answers.give(place, reply))
            return None
        return {"response_action": "update", "view": await self.answers.as_view(heard, reply)}

    async def _refilled(self, heard: Heard, task: asyncio.Task[Reply]) -> None:
        await self.answers.refill(heard, await task)


def _in_a_pane(text: str) -> bool:
    """Whether what is typed opens a window of its own; not where it can't be read."""
    try:
        return pane_for(read(text))
    except BadInput:
        return False
