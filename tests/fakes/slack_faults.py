"""What may go wrong at Slack, as a test orders it: errors, 429, 503, a hang, a reply that is lost.

    slack.faults.error("chat.postMessage", "restricted_action", channel=room, times=1)
    slack.faults.limit("chat.update", seconds=1, times=3)     # 429, Retry-After: 1
    slack.faults.pace("chat.update", per_minute=50)           # as the method's tier has it
    slack.faults.status("chat.postMessage", 503)
    slack.faults.hang("views.open", times=1)                  # until `release()` or the end
    slack.faults.drop_reply("chat.postMessage", times=1)      # it is done, nobody is told

Each holds for a method (None: all; `response_url` for those), and where told for one channel or
workspace, `times` times or until `clear`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack_rules import Refused
from tests.fakes.slack_state import Channel, Json, Workspace, World


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong. `answer` replaces the method's; `drops` loses its reply."""

    method: str | None
    channel: str | None = None
    team: str | None = None
    times: int | None = None
    answer: Json | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drops: bool = False
    hangs: bool = False
    met: int = 0

    def fits(self, method: str, args: Mapping[str, Any], team: str | None) -> bool:
        return (
            self.times != 0
            and self.method in (None, method)
            and self.channel in (None, args.get("channel"), args.get("channel_id"))
            and self.team in (None, team)
        )


@dataclass(slots=True)
class Pace:
    """So many calls a minute for each workspace (or channel), as a tier has it."""

    method: str
    per_minute: int
    by_channel: bool = False
    came: dict[str, deque[float]] = field(default_factory=dict)


class Faults:
    """The faults in force."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._faults: list[Fault] = []
        self._paces: list[Pace] = []
        self._release = asyncio.Event()

    def error(self, method: str | None, code: str, **where: Any) -> Fault:
        """Answers `{"ok": false, "error": code}`. `where`: channel, team, times."""
        return self._add(method, {"ok": False, "error": code}, 200, {}, where)

    def limit(self, method: str | None, seconds: int = 1, **where: Any) -> Fault:
        """Answers 429 with Retry-After. https://docs.slack.dev/apis/web-api/rate-limits."""
        headers = {"Retry-After": str(seconds)}
        return self._add(method, {"ok": False, "error": "ratelimited"}, 429, headers, where)

    def status(self, method: str | None, status: int, **where: Any) -> Fault:
        """Answers with a status of HTTP's, such as 500 or 503."""
        code = "service_unavailable" if status == 503 else "internal_error"
        return self._add(method, {"ok": False, "error": code}, status, {}, where)

    def hang(self, method: str | None, **where: Any) -> Fault:
        """Does not answer until `release`; then as usual."""
        fault = self._add(method, None, 200, {}, where)
        fault.hangs = True
        return fault

    def drop_reply(self, method: str | None, **where: Any) -> Fault:
        """Does what it is asked, and closes the connection instead of answering."""
        fault = self._add(method, None, 200, {}, where)
        fault.drops = True
        return fault

    def pace(self, method: str, per_minute: int, *, by_channel: bool = False) -> None:
        """Holds a method to its tier: 429 for what comes faster, by the fake's own clock."""
        self._paces.append(Pace(method, per_minute, by_channel))

    def release(self) -> None:
        """Lets everything that hangs go on."""
        self._release.set()
        self._release = asyncio.Event()

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._faults.clear()
        self._paces.clear()
        self.release()

    async def meet(self, method: str, args: Mapping[str, Any], team: str | None) -> Fault | None:
        """The fault that a call meets, counted; raises `Refused` over the pace."""
        for pace in self._paces:
            if pace.method == method:
                self._keep(pace, str(args.get("channel") if pace.by_channel else team))
        for fault in self._faults:
            if fault.fits(method, args, team):
                fault.met += 1
                self._world.touch()
                if fault.times is not None:
                    fault.times -= 1
                if fault.hangs:
                    await self._release.wait()
                return fault
        return None

    def _keep(self, pace: Pace, key: str) -> None:
        now = self._world.clock.now()
        came = pace.came.setdefault(key, deque())
        while came and came[0] <= now - 60:
            came.popleft()
        if len(came) >= pace.per_minute:
            raise Refused("pace", seconds=max(1, int(came[0] + 60 - now)))
        came.append(now)

    def _add(
        self,
        method: str | None,
        answer: Json | None,
        status: int,
        headers: dict[str, str],
        where: dict[str, Any],
    ) -> Fault:
        channel, team = where.pop("channel", None), where.pop("team", None)
        fault = Fault(
            method,
            channel.id if isinstance(channel, Channel) else channel,
            team.id if isinstance(team, Workspace) else team,
            where.pop("times", None),
            answer,
            status,
            headers,
        )
        assert not where, f"unknown: {where}"
        self._faults.append(fault)
        return fault
