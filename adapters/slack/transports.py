"""How events come: by Socket Mode, or signed over the web.

https://docs.slack.dev/apis/events-api/using-socket-mode,
https://docs.slack.dev/authentication/verifying-requests-from-slack. Signatures and their five
minutes are Bolt's to check; bodies are bounded before they are read.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.middleware.async_builtins import AsyncRequestVerification
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from yarl import URL

from adapters.slack.dispatch import Dispatch
from adapters.slack.grants import Grants, NotInstalled
from adapters.slack.limits import BODY_BYTES
from adapters.slack.options import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH, SlackOptions
from adapters.slack.payloads import enterprise_of, interaction
from bot.errors import SetupError

log = logging.getLogger(__name__)

PING_SECONDS = 10.0
CLOSE_SECONDS = 3.0
_FORM = b"payload="


class Socket:
    """Socket Mode: connections that Muse opens, so that it needs no address of its own."""

    def __init__(self, options: SlackOptions, bolt: AsyncApp) -> None:
        self._options = options
        self._bolt = bolt
        self._client: Any = None  # slack_sdk's types leave out what its methods return

    async def is_open(self) -> bool:
        """Whether events can come."""
        return self._client is not None and await self._client.is_connected()

    async def run(
        self, stop: asyncio.Event, finish: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        """Take events until `stop`; `finish` those that came, then close.

        Raises `SetupError` where Slack doesn't take the token.
        """
        handler = AsyncSocketModeHandler(
            self._bolt, self._options.app_token, ping_interval=PING_SECONDS
        )
        client: Any = handler.client
        self._client = client
        try:
            client.wss_uri = await client.issue_new_wss_url()
        except SlackApiError as error:
            await client.close()
            code = error.response.get("error", "")
            raise SetupError(
                f"Slack does not take SLACK_APP_TOKEN ({code}). Make one with the scope "
                "connections:write, page Basic Information, App-Level Tokens."
            ) from error
        connecting = asyncio.create_task(_connect(client))
        try:
            await stop.wait()
            await finish()
        finally:
            connecting.cancel()
            try:
                async with asyncio.timeout(CLOSE_SECONDS):
                    await client.close()
            except TimeoutError:
                log.warning("Slack did not end the connection in time")


async def _connect(client: Any) -> None:
    await client.connect()  # tries again by itself until it is closed
    log.info("connected to Slack by Socket Mode")


class Door:
    """The web's way in. Answers 503 until there is a game behind it."""

    def __init__(
        self, options: SlackOptions, grants: Grants, flow: AsyncOAuthFlow | None = None
    ) -> None:
        self._options = options
        self._grants = grants
        self._flow = flow
        self._verification = AsyncRequestVerification(options.signing_secret or "")
        self._bolt: AsyncApp | None = None
        self._dispatch: Dispatch | None = None

    def open(self, bolt: AsyncApp, dispatch: Dispatch) -> None:
        """Let events in."""
        self._bolt, self._dispatch = bolt, dispatch

    async def is_open(self) -> bool:
        """Whether events can come."""
        return self._bolt is not None

    def shut(self) -> None:
        """Let no more in."""
        self._bolt = self._dispatch = None

    def routes(self) -> list[web.RouteDef]:
        """What Muse's web server is to serve."""
        made = [] if self._options.socket else [web.post(EVENTS_PATH, self.events)]
        if self._flow is not None:
            made += [web.get(INSTALL_PATH, self.install), web.get(REDIRECT_PATH, self.redirected)]
        return made

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Everything that Slack sends."""
        if self._bolt is None or self._dispatch is None:
            return web.Response(status=503)
        body = await _bounded(request)
        if not self._genuine(request, body):
            log.warning("a request without a good signature was refused")
            return web.json_response({"error": "invalid request"}, status=401)
        try:
            payload = _clicked(body)
            if payload is not None:
                return await self._click(self._dispatch, payload)
            bolt_request = AsyncBoltRequest(
                body=body.decode(), query=request.query_string, headers=_headers(request)
            )
        except ValueError:
            log.warning("a request that Slack signed can’t be read")
            return web.Response(status=400)
        return await to_aiohttp_response(await self._bolt.async_dispatch(bolt_request))

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

    async def _click(self, dispatch: Dispatch, payload: Mapping[str, Any]) -> web.StreamResponse:
        """A click: most of what comes, so it goes past Bolt's listeners straight to its server."""
        heard = interaction(payload)
        try:
            await self._grants.grant(heard.team, enterprise_of(payload))
        except NotInstalled:
            log.warning("a click from a workspace where Muse is not installed is refused")
            return web.Response(status=200)
        answer = await dispatch.clicked(payload, heard)
        return web.json_response(answer) if answer else web.Response(status=200)

    def _genuine(self, request: web.Request, body: bytes) -> bool:
        """Whether Slack signed it, and not long ago."""
        verifier = self._verification.verifier
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "0")
        signature = request.headers.get("X-Slack-Signature", "")
        if not timestamp.isdecimal() or len(timestamp) > 12:
            return False
        return bool(verifier.is_valid(body, timestamp, signature))


def _clicked(body: bytes) -> dict[str, Any] | None:
    """What a click sent; None where it was something else. Raises ValueError.

    yarl takes the form apart, in a tenth of the time that urllib needs.
    """
    if not body.startswith(_FORM):
        return None
    held = json.loads(URL.build(query_string=body.decode(), encoded=True).query["payload"])
    return held if isinstance(held, dict) and held.get("type") == "block_actions" else None


async def _bounded(request: web.Request) -> bytes:
    """The body. Raises 413 where it is longer than anything that Slack sends."""
    parts: list[bytes] = []
    length = 0
    async for part in request.content.iter_any():
        length += len(part)
        if length > BODY_BYTES:
            raise web.HTTPRequestEntityTooLarge(BODY_BYTES, length)
        parts.append(part)
    return b"".join(parts)


def _headers(request: web.Request) -> dict[str, str | Sequence[str]]:
    return {str(name): str(value) for name, value in request.headers.items()}
