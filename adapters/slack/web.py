"""The way to Slack's Web API: one connection pool, a client for each workspace's token, errors
translated, every call within its tier.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.grants import Grants
from adapters.slack.options import SlackOptions
from adapters.slack.pacing import Rates
from adapters.slack.troubles import DEAD, RateLimited, SlackRefused, translated
from bot.errors import StageFailed

log = logging.getLogger(__name__)

TIMEOUT = 15.0  # seconds that one call may take
#: Where Slack takes answers; the second is its own for governments.
HOSTS = (".slack.com", ".slack-gov.com")
_CLIENTS = 500  # kept, one a token


class Web:
    """Opened with the first call, closed by whoever made it."""

    def __init__(self, options: SlackOptions, grants: Grants) -> None:
        self.grants = grants
        self.rates = Rates()
        self._api = options.api
        self._session: aiohttp.ClientSession | None = None
        self._clients: OrderedDict[str, AsyncWebClient] = OrderedDict()

    @asynccontextmanager
    async def calling(self, team: str, method: str) -> AsyncIterator[AsyncWebClient]:
        """A workspace's client, once `method` may be called. What goes wrong within is raised as
        `StageFailed`; a dead token's installation is forgotten.
        """
        await self.rates.turn(team, method)
        try:
            with translated():
                yield await self.client(team)
        except RateLimited as limited:
            self.rates.close(team, method, limited.seconds)
            raise
        except SlackRefused as refused:
            if refused.code in DEAD:
                log.warning("the token of workspace %s is dead (%s)", team, refused.code)
                await self.grants.spoilt(team)
            raise

    async def client(self, team: str) -> AsyncWebClient:
        """A workspace's client. Raises `StageFailed`."""
        grant = await self.grants.grant(team)
        client = self._clients.get(grant.token)
        if client is None or client.session is not self.session:
            client = AsyncWebClient(
                grant.token,
                base_url=self._api,
                timeout=int(TIMEOUT),
                session=self.session,
                retry_handlers=[],  # a post that is sent twice is posted twice
            )
            self._clients[grant.token] = client
            if len(self._clients) > _CLIENTS:
                self._clients.popitem(last=False)
        return client

    @property
    def session(self) -> aiohttp.ClientSession:
        """The pool of connections."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT), cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    async def respond(self, url: str, body: dict[str, Any]) -> None:
        """Send to a `response_url`. Raises `StageFailed`.

        https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
        """
        if not self._slacks(url):
            raise StageFailed("That is no address of Slack’s to answer to.")
        with translated():
            async with self.session.post(url, json=body, allow_redirects=False) as answer:
                if answer.status == 429:
                    raise RateLimited(float(answer.headers.get("Retry-After", "1")))
                if answer.status >= 400:
                    text = await answer.text()
                    raise SlackRefused("Slack takes no answer there any more.", "url", text[:200])

    def _slacks(self, url: str) -> bool:
        """Whether an address that came with an event is Slack's, or where its API is set to be.

        What Muse answers goes nowhere else, whoever found a way to send an event.
        """
        try:
            there, api = urlsplit(url), urlsplit(self._api)
            same = (there.scheme, there.hostname, there.port) == (
                api.scheme,
                api.hostname,
                api.port,
            )
        except ValueError:
            return False
        host = there.hostname or ""
        return same or (there.scheme == "https" and host.endswith(HOSTS) and not there.username)

    async def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()
