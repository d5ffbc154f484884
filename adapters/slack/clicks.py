"""Clicks, which are most of what comes: served without what Bolt makes ready for its listeners.

That takes Bolt longer than a vote takes Muse. That Slack sent it was checked before: over the web
Bolt's verifier has seen the signature, by Socket Mode the connection is Slack's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.dispatch import Dispatch

Json = dict[str, Any]


class Clicks(AsyncMiddleware):
    """Serves clicks, as the last of Bolt's middleware, and straight from the web's door."""

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's
    ) -> BoltResponse | None:
        """Part of Bolt's middleware: answer a click, hand on anything else."""
        answer = await self.straight(req.body)
        return await next() if answer is None else BoltResponse(status=200, body=answer or "")

    async def straight(self, body: Json) -> Json | None:
        """What to acknowledge a click with that Slack signed; None for anything else."""
        if body.get("type") != "block_actions":
            return None
        return await self._dispatch.clicked(body) or {}
