"""Clicks, which are most of what comes: served without what Bolt makes ready for its listeners.

That takes Bolt longer than a vote takes Muse. Whose a click is was checked before, by Bolt: over
the web its verifier has seen the signature, by Socket Mode it has authorised the event.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.dispatch import Dispatch
from adapters.slack.grants import Grants, NotInstalled
from adapters.slack.payloads import enterprise_of, interaction
from bot.errors import MuseError

log = logging.getLogger(__name__)

Json = dict[str, Any]


class Clicks(AsyncMiddleware):
    """Serves clicks, as the last of Bolt's middleware, and straight from the web's door."""

    def __init__(self, grants: Grants, dispatch: Dispatch) -> None:
        self._grants = grants
        self._dispatch = dispatch

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's
    ) -> BoltResponse | None:
        """Part of Bolt's middleware: answer a click, hand on anything else."""
        if not _is_click(req.body):
            return await next()
        answer = await self._dispatch.clicked(req.body, interaction(req.body))
        return BoltResponse(status=200, body=answer or "")

    async def straight(self, body: Json) -> Json | None:
        """What to acknowledge a click with that Slack signed.

        None for anything else, and where Muse is not installed: that Bolt refuses, and says so.
        """
        if not _is_click(body):
            return None
        heard = interaction(body)

        async def admitted() -> None:
            try:
                await self._grants.grant(heard.team, enterprise_of(body))
            except NotInstalled:
                raise
            except MuseError as error:  # Slack signed it; what can be served without, is
                log.warning("whether Muse is still in %s is not known: %s", heard.team, error)

        try:
            return await self._dispatch.clicked(body, heard, admitted) or {}
        except NotInstalled:
            return None


def _is_click(body: Json) -> bool:
    return body.get("type") == "block_actions"
