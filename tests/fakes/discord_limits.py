"""Rate limits and faults of the loopback Discord, as a test orders them.

https://docs.discord.com/developers/topics/rate-limits
"""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fakes.discord_rules import Json, Refused
from tests.fakes.discord_state import Clock

#: Where no test has ordered a limit there is one that nobody reaches.
GENEROUS = (10_000, 1.0)
#: The top-level resources, which have buckets of their own.
MAJOR = ("channel_id", "guild_id", "webhook_id", "interaction_token", "webhook_token")


class Limited(Refused):
    """A request beyond a limit, with what a 429 says of it."""

    def __init__(self, name: str, retry_after: float, scope: str) -> None:
        super().__init__(name)
        self.retry_after = retry_after
        self.scope = scope

    @property
    def body(self) -> Json:
        what = "The resource is" if self.scope == "shared" else "You are"
        return {
            "message": f"{what} being rate limited.",
            "retry_after": round(self.retry_after, 3),
            "global": self.scope == "global",
        }

    @property
    def headers(self) -> dict[str, str]:
        """`Via` is what discord.py knows Discord's own 429 by, as against Cloudflare's."""
        said = {"Retry-After": str(math.ceil(self.retry_after)), "Via": "1.1 google"}
        if self.scope == "global":
            said["X-RateLimit-Global"] = "true"
        return said | {"X-RateLimit-Scope": self.scope}


@dataclass
class Window:
    """What is left of a bucket until it resets."""

    limit: int
    left: int
    until: float


@dataclass
class Fault:
    """What goes wrong with the next `times` requests to a route."""

    route: str
    times: int
    status: int = 0
    retry_after: float = 0.0
    scope: str = ""
    #: Applied, and the connection is closed before the answer.
    drops: bool = False
    #: Not looked at until it is released.
    gate: asyncio.Event | None = None
    waiting: int = 0

    def release(self) -> None:
        """Let go of what is held, and hold no more."""
        self.times = 0
        if self.gate is not None:
            self.gate.set()


@dataclass
class Limits:
    """The buckets, the global limit, and the faults that are due."""

    clock: Clock
    ordered: dict[str, tuple[int, float]] = field(default_factory=dict)
    windows: dict[tuple[str, str], Window] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    global_until: float = 0.0

    def order(self, route: str, limit: int, per: float) -> None:
        """From now on, `limit` requests each `per` seconds for each top-level resource."""
        self.ordered[route] = (limit, per)
        self.windows = {key: each for key, each in self.windows.items() if key[0] != route}

    def fault(self, route: str) -> Fault | None:
        """The fault that strikes a request to this route, if one is due."""
        for each in self.faults:
            if each.times > 0 and each.route in (route, "*"):
                each.times -= 1
                return each
        return None

    def take(self, route: str, path: Mapping[str, str], *, bound: bool) -> dict[str, str]:
        """Count a request, and return the headers that say what is left.

        `bound` is whether the global limit covers it. Raises `Limited`.
        """
        now = self.clock.now()
        if bound and now < self.global_until:
            raise Limited("global_limit", self.global_until - now, "global")
        window = self._window(route, path, now)
        if window.left <= 0:
            refused = Limited("route_limit", window.until - now, "user")
            raise refused
        window.left -= 1
        return self._headers(route, window, now)

    def headers(self, route: str, path: Mapping[str, str]) -> dict[str, str]:
        """The same headers, without counting."""
        now = self.clock.now()
        return self._headers(route, self._window(route, path, now), now)

    def _window(self, route: str, path: Mapping[str, str], now: float) -> Window:
        major = "/".join(path[name] for name in MAJOR if name in path)
        limit, per = self.ordered.get(route, GENEROUS)
        found = self.windows.get((route, major))
        if found is None or now >= found.until:
            found = self.windows[route, major] = Window(limit, limit, now + per)
        return found

    def _headers(self, route: str, window: Window, now: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(window.left),
            "X-RateLimit-Reset": f"{window.until:.3f}",
            "X-RateLimit-Reset-After": f"{max(window.until - now, 0.0):.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:16],
        }
