"""Slack, put together: what the composition root is given."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow

from adapters.slack import words
from adapters.slack.clicks import Clicks
from adapters.slack.dispatch import Dispatch
from adapters.slack.grants import Grants, ManyWorkspaces, OneWorkspace
from adapters.slack.installs import oauth_flow
from adapters.slack.listeners import bolt_app
from adapters.slack.options import SlackOptions
from adapters.slack.payloads import PLATFORM
from adapters.slack.reaching import reached
from adapters.slack.stage import SlackStage
from adapters.slack.transports import Door, Socket
from adapters.slack.ways_in import WaysIn
from bot.app import App
from bot.errors import SetupError
from bot.ports import Clock, Installations, InstallStates, Meter, Ready, Unmetered

__all__ = ["SlackOptions", "SlackPlatform"]

log = logging.getLogger(__name__)

DRAIN_SECONDS = 4.0  # that what was acknowledged gets to be answered, at the end
LAST_SECONDS = 1.0  # the same for what was coming in just then


class SlackPlatform(Ready):
    """Muse on Slack: one workspace by its token, or all that install it. Nothing connects here."""

    name = PLATFORM

    def __init__(
        self,
        options: SlackOptions,
        clock: Clock,
        installations: Installations | None = None,
        states: InstallStates | None = None,
        meter: Meter | None = None,
    ) -> None:
        """`installations` and `states` are needed where many may install Muse.

        Raises `SetupError` where the options can't work.
        """
        options.check()
        self._options = options
        self._meter = meter or Unmetered()
        self._flow: AsyncOAuthFlow | None = None
        self.grants: Grants
        if options.many:
            if installations is None or states is None:
                raise SetupError("Installations over the web need a place to be kept.")
            many = ManyWorkspaces(options, installations, clock)
            self._flow = oauth_flow(options, installations, states, many, clock)
            self.grants = many
        else:
            self.grants = OneWorkspace(options)
        self.stage = SlackStage(options, self.grants)
        self._door = Door(options, self._meter, self._flow)
        self._dispatch: Dispatch | None = None
        self._socket: Socket | None = None

    async def run(self, app: App, stop: asyncio.Event) -> None:
        """Play until `stop`; ends within seconds. Where Slack can't be reached it is tried again,
        later each time. Raises `SetupError` for a token that Slack does not take.
        """
        dispatch = self._dispatch = Dispatch(app, self.stage, self._meter)
        if isinstance(self.grants, OneWorkspace):
            if not await reached(self.grants.check, stop):
                return
            await dispatch.returned(self.grants.only)
        elif isinstance(self.grants, ManyWorkspaces):
            self.grants.welcome, self.grants.met = dispatch.returned, dispatch.came_with
        ways = WaysIn(dispatch, self.stage, self.grants)
        clicks = Clicks(dispatch)
        bolt = bolt_app(self._options, self.grants, dispatch, clicks, ways, self._flow)
        try:
            if self._options.socket:

                async def finish() -> None:
                    await dispatch.once.settle(DRAIN_SECONDS)

                self._socket = Socket(self._options, bolt, self._meter)
                await self._socket.run(stop, finish)
            else:
                self._door.open(bolt, clicks)
                log.info("Slack’s events are taken at %s", self._options.public_url or "the web")
                await stop.wait()
        finally:
            self._door.shut()
            self._socket = None
            await dispatch.drain(DRAIN_SECONDS)

    async def ready(self) -> str:
        """Nothing, or that no event could come."""
        way = self._socket if self._options.socket else self._door
        return "" if way is not None and await way.is_open() else words.UNCONNECTED

    def routes(self) -> list[web.RouteDef]:
        """What Muse's web server serves for Slack; nothing where all comes by Socket Mode."""
        return self._door.routes()

    async def settle(self) -> None:
        """Wait until all that came is answered, and every message shows its last card."""
        if self._dispatch is not None:
            await self._dispatch.settle()
        await self.stage.settle()

    async def close(self) -> None:
        """Let the stage's connections go, once nothing is posted any more.

        Requests that were coming in as the door shut have been served by now; they are answered.
        """
        if self._dispatch is not None:
            await self._dispatch.drain(LAST_SECONDS)
        await self.stage.close()
