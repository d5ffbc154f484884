"""How events come: by Socket Mode, or signed over the web.

https://docs.slack.dev/apis/events-api/using-socket-mode,
https://docs.slack.dev/authentication/verifying-requests-from-slack. Signatures and their five
minutes are Bolt's to check, and who an event is for is Bolt's to say; bodies are bounded before
they are read.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from yarl import URL

from adapters.slack.limits import BODY_BYTES
from adapters.slack.options import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH, SlackOptions
from bot.errors import SetupError

log = logging.getLogger(__name__)

PING_SECONDS = 10.0
CLOSE_SECONDS = 3.0
_FORM = "payload="


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

    def __init__(self, options: SlackOptions, flow: AsyncOAuthFlow | None = None) -> None:
        self._options = options
        self._flow = flow
        self._bolt: AsyncApp | None = None

    def open(self, bolt: AsyncApp) -> None:
        """Let events in."""
        self._bolt = bolt

    async def is_open(self) -> bool:
        """Whether events can come."""
        return self._bolt is not None

    def shut(self) -> None:
        """Let no more in."""
        self._bolt = None

    def routes(self) -> list[web.RouteDef]:
        """What Muse's web server is to serve."""
        made = [] if self._options.socket else [web.post(EVENTS_PATH, self.events)]
        if self._flow is not None:
            made += [web.get(INSTALL_PATH, self.install), web.get(REDIRECT_PATH, self.redirected)]
        return made

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Everything that Slack sends."""
        if self._bolt is None:
            return web.Response(status=503)
        body = await _bounded(request)
        asked = _asked(request, body) if _plausible(request) else None
        answer = await self._bolt.async_dispatch(asked) if asked is not None else None
        if answer is None or answer.status == 401:
            log.warning("a request without a good signature was refused")
            return web.json_response({"error": "invalid request"}, status=401)
        if asked is not None and not asked.body:
            log.warning("a request that Slack signed can’t be read")
            return web.Response(status=400)
        if not answer.body and answer.status == 200:
            return web.Response()  # as almost always; what follows takes its time
        return await to_aiohttp_response(answer)

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


def _plausible(request: web.Request) -> bool:
    """Whether Bolt can check it at all: over what is no number or no ASCII it would trip."""
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    return timestamp.isdecimal() and len(timestamp) <= 12 and signature.isascii()


def _asked(request: web.Request, body: bytes) -> AsyncBoltRequest | None:
    """The request for Bolt; its body is empty where it can't be read. None where it is no text.

    Bolt takes the form of an interaction apart with urllib. yarl does it in a tenth of the time,
    so Bolt is given a body that is read already, and besides the text that it checks.
    """
    headers: dict[str, str | Sequence[str]] = {k: str(v) for k, v in request.headers.items()}
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    try:
        if not text.startswith(_FORM):
            return AsyncBoltRequest(body=text, query=request.query_string, headers=headers)
        read = json.loads(URL.build(query_string=text, encoded=True).query["payload"])
    except ValueError:
        read = {}
    asked = AsyncBoltRequest(
        body=read if isinstance(read, dict) else {},
        query=request.query_string,
        headers=headers,
        mode="socket_mode",
    )
    asked.raw_body, asked.mode = text, "http"
    return asked


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
