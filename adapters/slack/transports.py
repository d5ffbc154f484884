"""How events come: by Socket Mode, or signed over the web.

https://docs.slack.dev/apis/events-api/using-socket-mode,
https://docs.slack.dev/authentication/verifying-requests-from-slack. Signatures and their five
minutes are Bolt's to check; bodies are bounded by the web server that is asked for them.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_internals import (
    run_async_bolt_app,
    send_async_response,
)
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.middleware.async_builtins import AsyncRequestVerification
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.socket_mode.request import SocketModeRequest
from yarl import query_to_pairs

from adapters.slack.clicks import Clicks
from adapters.slack.options import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH, SlackOptions
from adapters.slack.payloads import PLATFORM
from adapters.slack.reaching import reached
from adapters.slack.socket_client import SteadyClient
from adapters.slack.troubles import SlackRefused, translated
from bot.errors import SetupError
from bot.figures import UNACKNOWLEDGED
from bot.ports import Meter

log = logging.getLogger(__name__)

PING_SECONDS = 10.0
CLOSE_SECONDS = 3.0
_FORM = "payload="
#: https://docs.slack.dev/apis/events-api/#retries, and what Socket Mode says for the same.
_IN_VAIN = ("http_timeout", "timeout")


class Socket:
    """Socket Mode: connections that Muse opens, so that it needs no address of its own."""

    def __init__(self, options: SlackOptions, bolt: AsyncApp, meter: Meter) -> None:
        self._options = options
        self._meter = meter
        self._bolt = bolt
        self._client: Any = None  # slack_sdk's types leave out what its methods return

    async def is_open(self) -> bool:
        """Whether events can come."""
        return self._client is not None and await self._client.is_connected()

    async def run(
        self, stop: asyncio.Event, finish: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        """Take events until `stop`; `finish` those that came, then close.

        Where Slack can't be reached it is tried again. Raises `SetupError` where it doesn't take
        the token.
        """
        client: Any = SteadyClient(
            app_token=self._options.app_token,
            logger=self._bolt.logger,
            web_client=self._bolt.client,
            ping_interval=PING_SECONDS,
        )
        client.socket_mode_request_listeners.append(self._served)
        self._client = client

        async def ask() -> None:
            try:
                with translated():
                    client.wss_uri = await client.issue_new_wss_url()
            except SlackRefused as refused:
                raise SetupError(
                    f"Slack does not take SLACK_APP_TOKEN ({refused.code}). Make one with the "
                    "scope connections:write, page Basic Information, App-Level Tokens."
                ) from refused

        try:
            if not await reached(ask, stop):
                await client.close()
                return
        except SetupError:
            await client.close()
            raise
        connecting = asyncio.create_task(_connect(client))
        try:
            await stop.wait()
            await finish()
            await client.settle(CLOSE_SECONDS)
        finally:
            connecting.cancel()
            try:
                async with asyncio.timeout(CLOSE_SECONDS):
                    await client.close()
            except TimeoutError:
                log.warning("Slack did not end the connection in time")

    async def _served(self, client: Any, request: SocketModeRequest) -> None:
        began = time.time()
        _note(self._meter, request.retry_reason)
        answer = await run_async_bolt_app(self._bolt, request)
        await send_async_response(client, request, answer, began)


async def _connect(client: Any) -> None:
    await client.connect()  # tries again by itself until it is closed
    log.info("connected to Slack by Socket Mode")


class Door:
    """The web's way in. Answers 503 until there is a game behind it."""

    def __init__(
        self, options: SlackOptions, meter: Meter, flow: AsyncOAuthFlow | None = None
    ) -> None:
        self._options = options
        self._meter = meter
        self._flow = flow
        self._verification = AsyncRequestVerification(options.signing_secret or "")
        self._bolt: AsyncApp | None = None
        self._clicks: Clicks | None = None

    def open(self, bolt: AsyncApp, clicks: Clicks) -> None:
        """Let events in: clicks to `clicks`, everything else to Bolt."""
        self._bolt, self._clicks = bolt, clicks

    async def is_open(self) -> bool:
        """Whether events can come."""
        return self._bolt is not None

    def shut(self) -> None:
        """Let no more in."""
        self._bolt = self._clicks = None

    def routes(self) -> list[web.RouteDef]:
        """What Muse's web server is to serve."""
        made = [] if self._options.socket else [web.post(EVENTS_PATH, self.events)]
        if self._flow is not None:
            made += [web.get(INSTALL_PATH, self.install), web.get(REDIRECT_PATH, self.redirected)]
        return made

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Everything that Slack sends."""
        bolt, clicks = self._bolt, self._clicks  # it may shut while the body is read
        if bolt is None or clicks is None:
            return web.Response(status=503)
        text = _text(await request.read())
        if text is None or not self._signed(request, text):
            log.warning("a request without a good signature was refused")
            return web.json_response({"error": "invalid request"}, status=401)
        _note(self._meter, request.headers.get("X-Slack-Retry-Reason"))
        body = _interaction(text)
        if body is not None:
            clicked = await clicks.straight(body)
            if clicked is not None:
                return web.json_response(clicked) if clicked else web.Response()
        asked = _asked(request, text, body)
        if asked is None:
            log.warning("a request that Slack signed can’t be read")
            return web.Response(status=400)
        return await to_aiohttp_response(await bolt.async_dispatch(asked))

    def _signed(self, request: web.Request, text: str) -> bool:
        """Whether Slack signed it, and not long ago."""
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        # Over what is no number or no ASCII the verifier would trip.
        if not (timestamp.isdecimal() and len(timestamp) <= 12 and signature.isascii()):
            return False
        return self._verification.verifier.is_valid(text, timestamp, signature)

    async def install(self, request: web.Request) -> web.StreamResponse:
        """The page from which Muse is installed."""
        assert self._flow is not None
        asked = await to_bolt_request(request)
        return await to_aiohttp_response(await self._flow.handle_installation(asked))

    async def redirected(self, request: web.Request) -> web.StreamResponse:
        """Where Slack sends whoever agreed to an installation."""
        assert self._flow is not None
        asked = await to_bolt_request(request)
        return await to_aiohttp_response(await self._flow.handle_callback(asked))


def _note(meter: Meter, why: str | None) -> None:
    """Count an event that Slack sends again since nobody acknowledged it in time."""
    if why in _IN_VAIN:
        meter.add(UNACKNOWLEDGED, PLATFORM)


def _text(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _interaction(text: str) -> dict[str, Any] | None:
    """What an interaction's form holds; empty where it can't be read, None for anything else.

    Bolt takes the form apart with urllib; yarl does it in a tenth of the time.
    """
    if not text.startswith(_FORM):
        return None
    try:
        read = json.loads(dict(query_to_pairs(text))["payload"])
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _asked(
    request: web.Request, text: str, interaction: dict[str, Any] | None
) -> AsyncBoltRequest | None:
    """The request for Bolt, which checks its text once more; None where it can't be read."""
    headers: dict[str, str | Sequence[str]] = {k: str(v) for k, v in request.headers.items()}
    if interaction is None:
        try:
            asked = AsyncBoltRequest(body=text, query=request.query_string, headers=headers)
        except (AttributeError, TypeError, ValueError):  # JSON of another shape than Slack's
            return None
    else:
        asked = AsyncBoltRequest(
            body=interaction, query=request.query_string, headers=headers, mode="socket_mode"
        )
        asked.raw_body, asked.mode = text, "http"
    return asked if asked.body else None
