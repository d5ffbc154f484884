"""The Home tab: what a member sees of Muse at a glance, made of the core's own cards.

https://docs.slack.dev/surfaces/app-home
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.models.blocks import DividerBlock

from adapters.guard import guarded
from adapters.slack.fitting import pages
from adapters.slack.forms import home_view
from adapters.slack.limits import VIEW_BLOCKS
from adapters.slack.payloads import Heard
from adapters.slack.stage import SlackStage
from bot.cards import Answer, Card, Reply
from bot.commands import BY_NAME
from bot.requests import Request

log = logging.getLogger(__name__)

Json = dict[str, Any]
Serve = Callable[[Heard, Request, Answer], Awaitable[Reply]]

#: What is on it, in this order, by the command that shows it: the running challenge, one's own,
#: the boards, the settings, the help. What only organisers may see is left out for the others.
SECTIONS = ("challenge status", "mine", "top", "muse-admin settings", "help")


def sections() -> list[Request]:
    """What the Home tab asks for: each section whose command there is."""
    return [BY_NAME[name].build({}) for name in SECTIONS if name in BY_NAME]


class Home:
    """Publishes the Home tab of whoever opens it, and again when they press something there."""

    def __init__(self, stage: SlackStage) -> None:
        self._stage = stage

    async def publish(
        self, heard: Heard, serve: Serve, changed: tuple[type[Request], Card] | None = None
    ) -> None:
        """Show a member their Home tab; `changed` is a section that they turned to another page.

        Raises `StageFailed`.
        """
        blocks: list[Json] = []
        for request in sections():
            card = changed[1] if changed and changed[0] is type(request) else None
            if card is None:
                card = await self._card(heard, request, serve)
            if card is None:
                continue
            pen = await self._stage.people.pen(heard.team, card, mentions=True)
            drawn = pages(card, pen)[0]
            if len(blocks) + len(drawn) < VIEW_BLOCKS:
                blocks += [*([DividerBlock().to_dict()] if blocks else []), *drawn]
        async with self._stage.web.calling(heard.team, "views.publish") as client:
            await client.views_publish(user_id=heard.user, view=home_view(blocks))

    async def _card(self, heard: Heard, request: Request, serve: Serve) -> Card | None:
        """A section's card; None where the member may not see it."""
        reply = await guarded(lambda: serve(heard, request, Answer.PRIVATE))
        return None if reply.refused or not isinstance(reply.card, Card) else reply.card
