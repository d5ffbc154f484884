"""Answering interactions without asking Discord to send the answer back.

discord.py asks for it each time (``with_response``) and parses it, buttons and all; Muse has no
use for a copy of what it has just said. This is worth a seventh of what a click costs.
https://docs.discord.com/developers/interactions/receiving-and-responding#create-interaction-response
"""

from __future__ import annotations

from typing import Any

import aiohttp
from discord.http import MultipartParameters, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context


class QuietAdapter(AsyncWebhookAdapter):
    """discord.py's way to webhooks and interactions, but for the copies."""

    async def create_interaction_response(  # type: ignore[override]  # a coroutine is one of its own
        self,
        interaction_id: int,
        token: str,
        *,
        session: aiohttp.ClientSession,
        proxy: str | None = None,
        proxy_auth: aiohttp.BasicAuth | None = None,
        params: MultipartParameters,
    ) -> dict[str, Any]:
        """Answer; what discord.py is told of the answer is the interaction's id alone."""
        route = Route(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=interaction_id,
            webhook_token=token,
        )
        await self.request(
            route,
            session=session,
            proxy=proxy,
            proxy_auth=proxy_auth,
            payload=None if params.files else params.payload,
            multipart=params.multipart if params.files else None,
            files=params.files,
        )
        return {"interaction": {"id": str(interaction_id)}}


def be_quiet() -> None:
    """Answer so in this task, and in those that it begins."""
    async_context.set(QuietAdapter())  # type: ignore[no-untyped-call]  # the library's own
