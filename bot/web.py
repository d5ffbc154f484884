"""Muse's one web server: its own health and figures, and the routes that platforms need."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import secrets
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from types import TracebackType
from typing import Self

from aiohttp import hdrs, web

from bot import references
from bot.errors import SetupError
from bot.ports import Ready

log = logging.getLogger(__name__)

#: Bytes of a request. The longest are Slack's interactions: a view of 250 kB, percent-encoded.
LONGEST_BODY = 1024 * 1024
READY_TIME = 2.0  # seconds that each part may take to say whether it is ready
GRACE = 5.0  # seconds that requests in hand get at the end
LINGERING = 1.0  # seconds that the rest of a refused request is read and thrown away
HEALTH, READY, FIGURES = "/healthz", "/readyz", "/metrics"
STORE = "redis"  # the part that every other one needs
ALIVE = {"muse": "alive"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Figures = Callable[[], Awaitable[tuple[bytes, str]]]
"""All figures as text, and its content type."""


class WebServer:
    """Serves from `start` to `stop`, or while in `async with`. Nothing is bound when made.

    `routes` are those of the platforms, `ready` says what must be there for ``/readyz``,
    `figures` gives ``/metrics``; without it there is none. With port 0 the system picks one.
    """

    def __init__(
        self,
        host: str,
        port: int,
        routes: Iterable[web.RouteDef] = (),
        ready: Sequence[Ready] = (),
        figures: Figures | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._routes = tuple(routes)
        self._ready = tuple(ready)
        self._figures = figures
        self._runner: web.AppRunner | None = None

    @property
    def port(self) -> int:
        """The port it listens on, once started."""
        if self._runner is None:
            raise RuntimeError("the web server is not started")
        return int(self._runner.addresses[0][1])

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen. Raises `SetupError` where the address can't be had."""
        app = web.Application(client_max_size=LONGEST_BODY, middlewares=[_guarded])
        app.on_response_prepare.append(_without_server)
        app.router.add_get(HEALTH, self._alive)
        app.router.add_get(READY, self._is_ready)
        app.router.add_get(f"{READY}/{{part}}", self._is_ready_for)
        if self._figures is not None:
            app.router.add_get(FIGURES, self._shown)
        app.add_routes(self._routes)
        # No log of requests: their addresses are people's, or a platform's.
        runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=GRACE, lingering_time=LINGERING
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            await runner.cleanup()
            raise unusable(self._host, self._port, error) from error
        self._runner = runner
        log.info("the web server listens on %s, port %d", self._host, self.port)

    async def stop(self) -> None:
        """Take nothing new, and let requests in hand end within `GRACE` seconds."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _alive(self, _: web.Request) -> web.Response:
        return _json(ALIVE)

    async def _is_ready(self, _: web.Request) -> web.Response:
        return await _ready(self._ready)

    async def _is_ready_for(self, request: web.Request) -> web.Response:
        """One part alone with the store, which all need: a platform’s trouble is not another’s."""
        name = request.match_info["part"]
        parts = [each for each in self._ready if each.name in (STORE, name)]
        if all(each.name != name for each in parts):
            raise web.HTTPNotFound
        return await _ready(parts)

    async def _shown(self, _: web.Request) -> web.Response:
        assert self._figures is not None
        body, kind = await self._figures()
        return web.Response(body=body, headers={hdrs.CONTENT_TYPE: kind})


def unusable(host: str, port: int, error: OSError) -> SetupError:
    """The sentence for an address that can't be listened on."""
    if error.errno == errno.EADDRINUSE:
        why = (
            f"Port {port} on {host} is taken by another program. "
            "End it, or choose another port with MUSE_HTTP_PORT."
        )
    elif error.errno == errno.EACCES:
        why = (
            f"Port {port} may not be listened on by this user. "
            "Choose one above 1023 with MUSE_HTTP_PORT."
        )
    elif error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        why = (
            f"{host} is no address of this machine. Set MUSE_HTTP_HOST to one that is: "
            "127.0.0.1 is this machine alone, 0.0.0.0 is all of its addresses."
        )
    else:
        why = (
            f"The web server can’t listen on {host}, port {port} ({error.strerror}). "
            "Set MUSE_HTTP_HOST and MUSE_HTTP_PORT."
        )
    return SetupError(why)


async def _ready(parts: Sequence[Ready]) -> web.Response:
    said = await asyncio.gather(*(_asked(each) for each in parts))
    missing = {each.name: why for each, why in zip(parts, said, strict=True) if why}
    if missing:
        return _json({"ready": False, "missing": missing}, 503)
    return _json({"ready": True})


async def _asked(part: Ready) -> str:
    """What a part says of itself; one that fails or does not answer is not ready."""
    try:
        async with asyncio.timeout(READY_TIME):
            return await part.ready()
    except TimeoutError:
        return f"no answer within {READY_TIME:g} s"
    except Exception:
        log.exception("whether %s is ready could not be found out", part.name)
        return "could not be found out"


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what is too long before it is read; tell no one outside what went wrong within."""
    if (request.content_length or 0) > LONGEST_BODY:
        raise web.HTTPRequestEntityTooLarge(LONGEST_BODY, request.content_length or 0)
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception:
        reference = references.reference() or secrets.token_hex(4)
        log.exception("a web request failed, reference %s", reference)
        return _json({"error": "unexpected", "reference": reference}, 500)


async def _without_server(_: web.Request, response: web.StreamResponse) -> None:
    """Say neither what serves nor in which version."""
    response.headers.popall(hdrs.SERVER, None)


def _json(said: object, status: int = 200) -> web.Response:
    return web.Response(
        text=json.dumps(said, ensure_ascii=False) + "\n",
        status=status,
        content_type="application/json",
        headers={hdrs.CACHE_CONTROL: "no-store"},
    )
