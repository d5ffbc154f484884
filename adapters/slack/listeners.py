"""What Bolt hands on, and to whom. Each listener acknowledges with what its server answered."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.clicks import Clicks
from adapters.slack.dispatch import Dispatch
from adapters.slack.grants import Grants
from adapters.slack.installs import Authorize
from adapters.slack.options import SlackOptions
from adapters.slack.payloads import enterprise_of, event
from adapters.slack.ways_in import ASK_CALLBACK, ON_THIS_CALLBACK, REMIX_CALLBACK, WaysIn
from bot.errors import StageFailed

log = logging.getLogger(__name__)

Json = dict[str, Any]
Body = Mapping[str, Any]

_ANY = re.compile(r".*", re.DOTALL)


def bolt_app(
    options: SlackOptions,
    grants: Grants,
    dispatch: Dispatch,
    clicks: Clicks,
    ways: WaysIn,
    flow: AsyncOAuthFlow | None,
) -> AsyncApp:
    """Bolt's app, with everything that Muse listens for.

    With `process_before_response` an event is acknowledged when its listener has ended, rather
    than when Bolt next looks, which it does every 10 ms.
    """
    logger = logging.getLogger(f"{__name__}.bolt")
    logger.setLevel(logging.ERROR)  # below that Bolt logs the whole body of what it refuses
    bolt = AsyncApp(
        name="muse",
        logger=logger,
        client=AsyncWebClient(base_url=options.api, logger=logger),
        signing_secret=options.signing_secret or "",
        authorize=Authorize(),  # type: ignore[arg-type,no-untyped-call]  # Bolt takes its own too
        oauth_flow=flow,
        process_before_response=True,
    )
    bolt.middleware(clicks)
    bolt.command(_ANY)(_acknowledged(dispatch.command))
    bolt.view(_ANY)(_acknowledged(dispatch.submitted))
    bolt.global_shortcut(ASK_CALLBACK)(_acknowledged(ways.shortcut))
    bolt.message_shortcut(ON_THIS_CALLBACK)(_acknowledged(ways.message_shortcut))
    bolt.message_shortcut(REMIX_CALLBACK)(_acknowledged(ways.message_shortcut))
    bolt.event("app_mention")(_heard(ways.mentioned))
    bolt.event("message")(_heard(ways.messaged))
    bolt.event("member_joined_channel")(_heard(ways.joined))
    bolt.event("team_join")(_heard(ways.arrived))
    bolt.event("app_home_opened")(_heard(ways.home_opened))
    gone = _Gone(grants, dispatch)
    bolt.event("app_uninstalled")(_heard(gone.uninstalled))
    bolt.event("tokens_revoked")(_heard(gone.revoked))
    bolt.event("team_access_revoked")(_heard(gone.withdrawn))
    return bolt


class _Gone:
    """Forgets installations that ended.

    https://docs.slack.dev/reference/events/tokens_revoked,
    https://docs.slack.dev/reference/events/team_access_revoked
    """

    def __init__(self, grants: Grants, dispatch: Dispatch) -> None:
        self._grants = grants
        self._dispatch = dispatch

    async def uninstalled(self, body: Body) -> None:
        """Muse was removed."""
        await self._forget(body)

    async def revoked(self, body: Body) -> None:
        """Tokens were revoked; people's Muse has none of."""
        if ((body.get("event") or {}).get("tokens") or {}).get("bot"):
            await self._forget(body)

    async def withdrawn(self, body: Body) -> None:
        """An organisation took its installation away from some of its workspaces."""
        for team in (body.get("event") or {}).get("team_ids") or ():
            if await self._grants.withdrawn(str(team)):
                log.info("Muse was taken out of %s by its organisation", team)
                await self._dispatch.left(str(team))

    async def _forget(self, body: Body) -> None:
        owner = enterprise_of(body) or event(body).team
        log.info("Muse was removed from %s", owner)
        await self._grants.spoilt(owner)
        await self._dispatch.left(owner)


def _acknowledged(serve: Callable[[Body], Awaitable[Json | None]]) -> Callable[..., Any]:
    async def listener(ack: AsyncAck, body: Json) -> None:
        answer = await serve(body)
        await ack(**answer) if answer else await ack()

    return listener


def _heard(serve: Callable[[Body], Awaitable[None]]) -> Callable[..., Any]:
    async def listener(body: Json) -> None:
        try:
            await serve(body)
        except StageFailed as failure:  # told again, it would fail again
            log.warning("an event could not be served: %s", failure)

    return listener
