"""How a reply gets back to who asked: as a message of theirs alone, in a modal, on the Home tab.

A message's buttons answer by their `response_url`, a view's by the view; what is too long for a
message is shown in a modal, page by page. On a card of a member's own the same message changes;
else it is a new one, and the one that it makes stale is removed where Slack gave a way to.
https://docs.slack.dev/interactivity/handling-user-interaction
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any

from adapters.slack import words
from adapters.slack.controls import actions
from adapters.slack.files import TRIES
from adapters.slack.fitting import fit, pages
from adapters.slack.forms import card_view, form_view, telling_view, waiting_view
from adapters.slack.limits import ACTION_ID, MESSAGE_BLOCKS, RESPONSE_URL_SECONDS, VIEW_METADATA
from adapters.slack.payloads import Heard, carry
from adapters.slack.spans import context
from adapters.slack.stage import SlackStage
from adapters.slack.text import fallback
from adapters.slack.troubles import SlackRefused
from bot.cards import Answer, Attachment, Button, Buttons, Card, FormCard, Note, Plain, Reply
from bot.errors import StageFailed

log = logging.getLogger(__name__)

Json = dict[str, Any]

SEE_ALL = "slack~all~"  # ids of the adapter's own buttons; what follows is what to ask again
PAGE = "slack~page~"
_RECEIPTS = 5_000  # kept in memory
_LONGEST_AGAIN = ACTION_ID - len(SEE_ALL)


class Answers:
    """Draws replies where they belong."""

    def __init__(self, stage: SlackStage) -> None:
        self._stage = stage
        self._web = stage.web
        self._receipts: OrderedDict[tuple[str, str, str], tuple[str, float]] = OrderedDict()

    async def give(self, heard: Heard, reply: Reply, *, again: str = "", about: str = "") -> None:
        """Show a reply. `again` asks for it once more, `about` is the round that it is on.

        Raises `StageFailed`.
        """
        if reply.follows or isinstance(reply.card, FormCard):
            return
        card = await self._stage.files.illustrated(heard.team, reply.card)
        if card.file is not None:
            card = await self._handed(heard, card, card.file)
        if heard.view and not heard.home:
            await self._in_view(heard, card, again, update=reply.kind is Answer.UPDATE)
        elif heard.response_url:
            await self._by_url(heard, reply, card, again, about)
        elif heard.home or not heard.channel:
            await self.open(heard, await self._view(heard, card, again))
        else:
            await self._in_channel(heard, card, again)

    async def _handed(self, heard: Heard, card: Card, file: Attachment) -> Card:
        """Give the member a card's file, and say on the card where it is."""
        try:
            await self._stage.files.hand(heard.team, heard.user, file)
            said = words.FILE_COMES
        except StageFailed as failure:
            log.warning("a file could not be handed over: %s", failure)
            said = words.FILE_FAILED.format(why=failure)
        blocks = (*card.blocks, Note((Plain(said),)))
        return replace(card, blocks=blocks, summary=f"{card.summary} {said}", file=None)

    async def open_window(self, heard: Heard, reply: Awaitable[Reply]) -> None:
        """Open a modal at once, and fill it when `reply` is there: a form, or a card whose own
        buttons change it. A trigger does not live long enough to wait. Raises `StageFailed`.
        """
        opening = asyncio.ensure_future(self.open(heard, waiting_view()))
        try:
            made = await reply
        finally:
            view_id = await _settled(opening)
        if isinstance(view_id, StageFailed):
            log.info("a window could not be opened: %s", view_id)
            await self._without_window(heard, made)
            return
        view = await self._form(heard, made)
        async with self._web.calling(heard.team, "views.update") as client:
            await client.views_update(view_id=view_id, view=view)

    async def show_page(self, heard: Heard, reply: Reply, again: str, page: int) -> None:
        """Show a page of something long in the view that is open, or in a new one."""
        assert isinstance(reply.card, Card)
        view = await self._view(heard, reply.card, again, page)
        if heard.view:
            async with self._web.calling(heard.team, "views.update") as client:
                await client.views_update(view_id=heard.view, view=view)
        else:
            await self.open(heard, view)

    async def as_view(self, heard: Heard, reply: Reply) -> Json:
        """A reply as a view, for the answer to a form that was sent from nowhere in particular."""
        if isinstance(reply.card, FormCard):
            return form_view(reply.card, heard.kept)
        return await self._view(heard, reply.card, "")

    async def refill(self, heard: Heard, reply: Reply) -> None:
        """Show what came of a form in its own view, which was told to wait."""
        if reply.follows:
            view = telling_view(words.SENT)
        else:
            view = await self.as_view(heard, reply)
        async with self._web.calling(heard.team, "views.update") as client:
            await client.views_update(view_id=heard.view, view=view)

    async def _form(self, heard: Heard, reply: Reply) -> Json:
        if isinstance(reply.card, FormCard):
            return form_view(reply.card, kept_of(heard))
        return await self._view(heard, reply.card, "")

    async def _view(self, heard: Heard, card: Card, again: str, page: int = 1) -> Json:
        pen = await self._stage.people.pen(heard.team, card, mentions=True)
        made = pages(card, pen)
        page = max(1, min(page, len(made)))
        blocks = made[page - 1]
        if len(made) > 1:
            blocks = [*blocks, *context((Plain(words.page_of(page, len(made))),), pen)]
            turns = [(page - 1, words.BACK), (page + 1, words.NEXT)]
            ways = [Button(f"{PAGE}{n}", label) for n, label in turns if 1 <= n <= len(made)]
            if again:
                blocks += actions(Buttons(tuple(ways)))
        kept = kept_of(heard)
        whole = kept | {"again": again}
        return card_view(words.APP, blocks, whole if len(carry(whole)) <= VIEW_METADATA else kept)

    async def _in_view(self, heard: Heard, card: Card, again: str, *, update: bool) -> None:
        view = await self._view(heard, card, again)
        if not update:
            try:
                await self._push(heard, view)
            except SlackRefused as refused:
                if refused.code != "push_limit_reached":
                    raise
            else:
                return
        async with self._web.calling(heard.team, "views.update") as client:
            await client.views_update(view_id=heard.view, view=view)

    async def _by_url(self, heard: Heard, reply: Reply, card: Card, again: str, about: str) -> None:
        pen = await self._stage.people.pen(heard.team, card)
        fitted = fit(card, pen)
        if fitted.left and heard.trigger and await self._opened(heard, card, again):
            return
        replaces = reply.kind is Answer.UPDATE and bool(heard.message)
        body: Json = {
            "text": fallback(card.summary),
            "blocks": _with_way(fitted.blocks, again) if fitted.left else fitted.blocks,
            "response_type": "ephemeral",
            "replace_original": replaces,
        }
        if heard.thread and not replaces:
            body["thread_ts"] = heard.thread
        try:
            await self._web.respond(heard.response_url, body)
        except SlackRefused:
            await self._ephemeral(heard, card, fitted.blocks)
        await self._one_receipt(heard, about, replaced=replaces)

    async def _one_receipt(self, heard: Heard, about: str, *, replaced: bool) -> None:
        """Keep one receipt a member and round: remove the one that a new one makes stale."""
        if not about:
            return
        key, now = (heard.team, heard.user, about), asyncio.get_running_loop().time()
        if replaced:
            if heard.private:
                self._receipts[key] = (heard.response_url, now + RESPONSE_URL_SECONDS)
                if len(self._receipts) > _RECEIPTS:
                    self._receipts.popitem(last=False)
            return
        url, until = self._receipts.pop(key, ("", 0.0))
        if url and now < until:
            try:
                await self._web.respond(url, {"delete_original": True})
            except StageFailed as failure:
                log.info("a receipt that is stale could not be removed: %s", failure)

    async def _in_channel(self, heard: Heard, card: Card, again: str) -> None:
        pen = await self._stage.people.pen(heard.team, card)
        fitted = fit(card, pen)
        blocks = _with_way(fitted.blocks, again) if fitted.left else fitted.blocks
        if not heard.channel.startswith("D"):
            await self._ephemeral(heard, card, blocks)
            return
        async with self._web.calling(heard.team, "chat.postMessage") as client:
            await client.chat_postMessage(
                channel=heard.channel,
                thread_ts=heard.thread or None,
                text=fallback(card.summary),
                blocks=blocks,
                mrkdwn=False,
                unfurl_links=False,
                unfurl_media=False,
            )

    async def _ephemeral(self, heard: Heard, card: Card, blocks: list[Json]) -> None:
        for left in reversed(range(TRIES)):
            try:
                async with self._web.calling(heard.team, "chat.postEphemeral") as client:
                    await client.chat_postEphemeral(
                        channel=heard.channel,
                        user=heard.user,
                        thread_ts=heard.thread or None,
                        text=fallback(card.summary),
                        blocks=blocks,
                    )
            except SlackRefused as refused:
                await self._stage.files.wait(refused, left)
            else:
                return

    async def _opened(self, heard: Heard, card: Card, again: str) -> bool:
        """Whether a modal with all of a card could be opened."""
        try:
            await self.open(heard, await self._view(heard, card, again))
        except StageFailed as failure:
            log.info("a modal could not be opened: %s", failure)
            return False
        return True

    async def open(self, heard: Heard, view: Json) -> str:
        """Open a modal, above the one that is open; its id."""
        if heard.view and not heard.home:
            return await self._push(heard, view)
        async with self._web.calling(heard.team, "views.open") as client:
            said = await client.views_open(trigger_id=heard.trigger, view=view)
        return str(said["view"]["id"])

    async def _push(self, heard: Heard, view: Json) -> str:
        async with self._web.calling(heard.team, "views.push") as client:
            said = await client.views_push(trigger_id=heard.trigger, view=view)
        return str(said["view"]["id"])

    async def _without_window(self, heard: Heard, reply: Reply) -> None:
        """A card is shown where it was asked for; a form can't be."""
        if isinstance(reply.card, Card):
            await self.give(heard, reply)
        elif heard.response_url:
            await self._web.respond(
                heard.response_url,
                {"text": words.NOT_NOW, "response_type": "ephemeral", "replace_original": False},
            )


def kept_of(heard: Heard) -> dict[str, str]:
    """What a view carries along: where it was opened, and how its sender can be answered."""
    return {
        "channel": heard.channel,
        "thread": heard.thread,
        "url": heard.response_url or heard.kept.get("url", ""),
    }


def _with_way(blocks: list[Json], again: str) -> list[Json]:
    """The blocks of a message that can't hold everything, with the way to all of it."""
    if not again or len(again) > _LONGEST_AGAIN or len(blocks) >= MESSAGE_BLOCKS:
        return blocks
    return [*blocks, *actions(Buttons((Button(f"{SEE_ALL}{again}", words.SEE_ALL),)))]


async def _settled(opening: asyncio.Future[str]) -> str | StageFailed:
    try:
        return await opening
    except StageFailed as failure:
        return failure


def again_of(kept: Mapping[str, str]) -> str:
    """What asks once more for the card that a view shows."""
    return kept.get("again", "")
