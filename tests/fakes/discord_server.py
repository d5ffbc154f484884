"""A Discord on 127.0.0.1 for the real client to talk to: gateway, HTTP and the people in it.

    async with DiscordServer() as server:
        guild = server.guild("The Reading Room")
        channel = server.channel(guild, "prompts")
        ada = server.member(guild, "Ada")
        # … start a bot, in this process under `pointed_at(server)`, or as a subprocess with
        # DISCORD_API_URL=server.api_url, DISCORD_GATEWAY_URL=server.gateway_url and the token
        await server.connected()
        asked = await server.slash(ada, channel, "muse", prompt="the last lighthouse")
        assert (await asked.acknowledged()).kind == "defer"
        card = await asked.message()
        receipt = await (await server.click(ada, card, card.buttons[0].custom_id)).private()
        form = await (await server.click(ada, receipt, "Add yours")).modal()
        await server.submit(ada, form, {"Your entry": "The gulls kept the light."})
        await server.until(lambda: "gulls" in card.text, "her entry on the card")

What a member does: `discord_acting.py`. What comes of it: `discord_asked.py`. Places, people and
permissions: `discord_places.py`. The rules, each with its source: `discord_rules.py`. Here are
the lifecycle, the clock, the limits and the faults. `server.gateway` drops and invalidates
connections; `server.sent` holds every request, `server.broken` those that broke a rule.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from aiohttp import web

from tests.fakes import discord_interaction_routes, discord_message_routes, discord_routes
from tests.fakes.discord_acting import Acting
from tests.fakes.discord_asked import PATIENCE, until
from tests.fakes.discord_contract import Contract
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_http import Call, Http, Route, Sent
from tests.fakes.discord_limits import Fault, Limits
from tests.fakes.discord_places import Places
from tests.fakes.discord_rules import Json
from tests.fakes.discord_state import World

T = TypeVar("T")
TOKEN = "fake.bot.token"
#: https://docs.discord.com/developers/resources/message#create-message: “maximum request size”.
BODY_LIMIT = 25 * 2**20


class DiscordServer(Acting, Places):
    """`async with DiscordServer() as server`: see above.

    Leaving it raises if a request, or a reply of the fake's own, broke Discord's OpenAPI file,
    where `DISCORD_OPENAPI` names one; `lawless` is for tests that break it on purpose.
    """

    def __init__(self, token: str = TOKEN, *, lawless: bool = False) -> None:
        self.world = World(token)
        super().__init__(self.world)
        self.clock = self.world.clock
        self.limits = Limits(self.clock)
        self.contract = Contract.from_environment()
        self._lawless = lawless
        self.http = Http(self.world, self.limits, self.contract)
        self.gateway = Gateway(self.world)
        self.routes = (
            Route("GET", "/gateway/bot", self._gateway_bot),
            *discord_message_routes.ROUTES,
            *discord_interaction_routes.ROUTES,
            *discord_routes.ROUTES,
        )
        self.base = ""
        self._runner: web.AppRunner | None = None

    @property
    def token(self) -> str:
        return self.world.token

    @property
    def api_url(self) -> str:
        return f"{self.base}/api/v10"

    @property
    def gateway_url(self) -> str:
        return self.gateway.url

    @property
    def sent(self) -> list[Sent]:
        """Every request that came."""
        return self.http.sent

    @property
    def broken(self) -> list[Sent]:
        """The requests that broke a rule, limits aside."""
        return [each for each in self.http.sent if each.rule and each.status != 429]

    @property
    def violations(self) -> list[str]:
        """What broke Discord's OpenAPI file."""
        return self.contract.violations if self.contract else []

    async def __aenter__(self) -> DiscordServer:
        app = web.Application(client_max_size=BODY_LIMIT)
        for route in self.routes:
            app.router.add_route(route.method, f"/api/v10{route.path}", self.http.bind(route))
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.gateway.url = self.base.replace("http", "ws", 1) + "/gateway"
        return self

    async def __aexit__(self, failure: type[BaseException] | None, *_: object) -> None:
        assert self._runner is not None
        for each in self.limits.faults:
            each.release()
        await self.gateway.close()
        await self._runner.cleanup()
        if failure is None and self.violations and not self._lawless:
            raise AssertionError("\n".join(["against Discord's OpenAPI file:", *self.violations]))

    async def connected(self, shards: int = 1, patience: float = PATIENCE) -> None:
        """Wait until so many sessions are ready: what is sent from now on reaches them."""
        await self.until(lambda: len(self.gateway.live) >= shards, "a connected bot", patience)

    async def disconnected(self, patience: float = PATIENCE) -> None:
        """Wait until no session is connected, as after a kill or a drop."""
        await self.until(lambda: not self.gateway.live, "the end of every connection", patience)

    async def until(
        self, probe: Callable[[], T | None], what: str, patience: float = PATIENCE
    ) -> T:
        """Wait for something; `probe` is asked whenever anything has changed."""
        return await until(self.world, probe, what, patience)

    def advance(self, seconds: float) -> None:
        """Let time pass: tokens age, limits reset."""
        self.clock.advance(seconds)

    def requests(self, route: str) -> list[Sent]:
        """The requests to one route, as `"PATCH /channels/{channel_id}/…"`."""
        return [each for each in self.sent if each.route == self._known(route)]

    def limit(self, route: str, limit: int, per: float) -> None:
        """Allow `limit` requests each `per` seconds to a route, in each channel (or guild …)."""
        self.limits.order(self._known(route), limit, per)

    def limit_next(
        self, route: str, retry_after: float = 0.05, *, times: int = 1, scope: str = "user"
    ) -> Fault:
        """Answer the next requests with 429; `scope` is `user`, `shared` or `global`."""
        return self._fault(Fault(route, times, 429, retry_after, scope))

    def limit_globally(self, seconds: float) -> None:
        """Answer everything but interactions with the global 429 for so long."""
        self.limits.global_until = self.clock.now() + seconds

    def fail(self, route: str, status: int = 500, *, times: int = 1) -> Fault:
        """Answer the next requests with 500, 502 or 503; nothing is applied."""
        return self._fault(Fault(route, times, status))

    def hold(self, route: str, *, times: int = 1) -> Fault:
        """Leave the next requests unanswered until `release()`; `waiting` counts them."""
        return self._fault(Fault(route, times, gate=asyncio.Event()))

    def drop_reply(self, route: str, *, times: int = 1) -> Fault:
        """Do what the next requests ask for, and break the connection instead of saying so."""
        return self._fault(Fault(route, times, drops=True))

    def _fault(self, fault: Fault) -> Fault:
        self._known(fault.route)
        self.limits.faults.append(fault)
        return fault

    def _known(self, route: str) -> str:
        if route != "*" and route not in {each.name for each in self.routes}:
            raise LookupError(f"no route {route!r}")
        return route

    def _gateway_bot(self, _: Call) -> Json:
        """https://docs.discord.com/developers/events/gateway#get-gateway-bot."""
        starts = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 16}
        shards = self.gateway.shards
        url = self.gateway.told or self.gateway.url
        return {"url": url, "shards": shards, "session_start_limit": starts}
