"""Which workspaces Muse is in, with which token: the settings' one, or all that installed it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import words
from adapters.slack.options import SlackOptions
from adapters.slack.payloads import PLATFORM
from adapters.slack.troubles import SlackRefused, translated
from bot.errors import SetupError, StageFailed, StoreUnavailable
from bot.models import SpaceRef
from bot.ports import Clock, Installations

log = logging.getLogger(__name__)

_REMEMBERED = 2_000  # workspaces whose token is kept in memory
_FRESH = timedelta(seconds=60)  # after which it is read again: another process may have changed it
_PATIENCE = 0.5  # seconds that a known token's successor is waited for
_EARLY = timedelta(hours=2)  # a token is renewed so long before it ends


@dataclass(frozen=True, slots=True)
class Grant:
    """Muse's right to act in a workspace: its token, and who it is there."""

    team: str
    token: str = field(repr=False)
    bot: str = ""
    expires: str = field(default="", compare=False)  #: ISO 8601; empty where it lives for good


class Grants(Protocol):
    """Tells with which token Muse acts in a workspace."""

    async def grant(self, team: str, enterprise: str = "") -> Grant:
        """The grant of a workspace; `enterprise` is its organisation, where the event came by
        that one's installation. Raises `StageFailed`, a `NotInstalled` where there is none.
        """
        ...

    async def spoilt(self, team: str) -> None:
        """Know that the token is dead, and keep nothing of it."""
        ...

    async def withdrawn(self, team: str) -> bool:
        """Know that an organisation's installation serves a workspace no longer; whether Muse is
        away from there now, which it is not where the workspace has installed it by itself.
        """
        ...

    @property
    def only(self) -> str:
        """The one workspace there is; empty where there may be many, or before it is known."""
        ...


class NotInstalled(StageFailed):
    """Muse is not, or no longer, in that workspace."""

    def __init__(self) -> None:
        super().__init__(words.NOT_INSTALLED)


def _unknown(error: BaseException | None) -> bool:
    """Whether it leaves open what is kept."""
    known = isinstance(error, NotInstalled)
    return isinstance(error, StageFailed | StoreUnavailable) and not known


class OneWorkspace(Grants):
    """The workspace of a token in the settings, which Slack is asked for once."""

    def __init__(self, options: SlackOptions) -> None:
        assert options.bot_token is not None
        self._token = options.bot_token
        self._api = options.api
        self._known: Grant | None = None

    async def grant(self, team: str, enterprise: str = "") -> Grant:  # noqa: ARG002 - the port's
        """The grant, where `team` is the token's own workspace."""
        known = self._known or await self._ask()
        if known.team != team:
            raise NotInstalled
        return known

    async def spoilt(self, team: str) -> None:
        """The settings' token is not Muse's to forget."""

    async def withdrawn(self, team: str) -> bool:  # noqa: ARG002 - the port's
        """The settings' token is the workspace's own."""
        return False

    @property
    def only(self) -> str:
        """The workspace, once it is known."""
        return self._known.team if self._known else ""

    async def check(self) -> None:
        """Ask for the workspace. Raises `SetupError` where Slack doesn't take the token."""
        try:
            await self._ask()
        except SlackRefused as refused:
            raise SetupError(f"SLACK_BOT_TOKEN does not work: {refused}") from refused

    async def _ask(self) -> Grant:
        client = AsyncWebClient(self._token, base_url=self._api, retry_handlers=[])
        with translated():
            said = await client.auth_test()
        self._known = Grant(str(said["team_id"]), self._token, str(said["user_id"]))
        return self._known


class ManyWorkspaces(Grants):
    """The workspaces that installed Muse, as they are kept; tokens that end are renewed in time.

    https://docs.slack.dev/authentication/using-token-rotation. A refresh token works once: where
    another process was quicker, what that one kept is taken.
    """

    def __init__(self, options: SlackOptions, kept: Installations, clock: Clock) -> None:
        self._options = options
        self._kept = kept
        self._clock = clock
        self._known: OrderedDict[str, tuple[datetime, Grant]] = OrderedDict()
        self._reading: dict[tuple[str, str], asyncio.Task[Grant]] = {}
        #: Told of each workspace that Muse is installed in, once there is a game.
        self.welcome: Callable[[str], Awaitable[None]] | None = None
        #: Told of each workspace that is served by its organisation's installation, and of that.
        self.met: Callable[[str, str], Awaitable[None]] | None = None

    async def grant(self, team: str, enterprise: str = "") -> Grant:
        """The grant of a workspace, or of its organisation."""
        now = self._clock.now()
        read, grant = self._known.get(team, (None, None))
        if read is not None and grant is not None and now - _FRESH <= read <= now:
            return grant
        reading = self._reading.get((team, enterprise))
        if reading is None:
            reading = asyncio.create_task(self._latest(team, enterprise))
            self._reading[team, enterprise] = reading
            reading.add_done_callback(partial(self._was_read, team, enterprise))
        if grant is None or not self._good(grant.expires):
            return await asyncio.shield(reading)
        await asyncio.wait({reading}, timeout=_PATIENCE)
        if not reading.done() or _unknown(reading.exception()):
            return grant
        return reading.result()

    async def spoilt(self, team: str) -> None:
        """Erase what is kept of an installation."""
        self._forget(team)
        await self._kept.erase(_space(team))

    async def withdrawn(self, team: str) -> bool:
        """Erase that a workspace is served by its organisation, where it is."""
        held = await self._kept.find(_space(team))
        if held is not None and not held.get("org"):
            return False
        await self.spoilt(team)
        return True

    @property
    def only(self) -> str:
        """There may be many."""
        return ""

    async def installed(self, team: str) -> None:
        """Know that Muse was installed in a workspace, perhaps again."""
        self._forget(team)
        if self.welcome is not None:
            await self.welcome(team)

    def _forget(self, team: str) -> None:
        """Know nothing of a workspace, not even what is being read of it."""
        self._known.pop(team, None)
        for key in [key for key in self._reading if key[0] == team]:
            del self._reading[key]

    async def _latest(self, team: str, enterprise: str) -> Grant:
        """What is kept now, for all who ask meanwhile."""
        now, this = self._clock.now(), asyncio.current_task()
        grant = await self._read(team, enterprise)
        if self._reading.get((team, enterprise)) is this:
            self._known[team] = (now, grant)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return grant

    def _was_read(self, team: str, enterprise: str, reading: asyncio.Task[Grant]) -> None:
        if self._reading.get((team, enterprise)) is reading:
            del self._reading[team, enterprise]
            if not reading.cancelled() and isinstance(reading.exception(), NotInstalled):
                self._known.pop(team, None)
        elif not reading.cancelled():
            reading.exception()  # nobody may have waited for it

    def _good(self, expires: str) -> bool:
        return not expires or self._clock.now() < datetime.fromisoformat(expires)

    async def _read(self, team: str, enterprise: str) -> Grant:
        held = await self._kept.find(_space(team))
        owner = team
        if held is None and enterprise:
            await self._kept.save(_space(team), {"org": enterprise})
            held = {"org": enterprise}
        if held is not None and held.get("org"):
            owner = held["org"]
            held = await self._kept.find(_space(owner))
        if held is None or not held.get("token"):
            raise NotInstalled
        if held.get("expires") and self._soon(held["expires"]):
            held = await self._renewed(owner, dict(held))
        if owner != team and self.met is not None:
            await self.met(team, owner)
        return Grant(team, held["token"], held.get("bot", ""), held.get("expires", ""))

    def _soon(self, expires: str) -> bool:
        return datetime.fromisoformat(expires) - _EARLY <= self._clock.now()

    async def _renewed(self, owner: str, held: dict[str, str]) -> dict[str, str]:
        client = AsyncWebClient(base_url=self._options.api, retry_handlers=[])
        assert self._options.client_id is not None
        assert self._options.client_secret is not None
        try:
            with translated():
                said = await client.oauth_v2_access(
                    client_id=self._options.client_id,
                    client_secret=self._options.client_secret,
                    grant_type="refresh_token",
                    refresh_token=held.get("refresh", ""),
                )
        except SlackRefused as refused:
            latest = await self._kept.find(_space(owner))
            if latest is not None and latest.get("token") not in (None, held["token"]):
                return dict(latest)
            log.warning("a token could not be renewed: %s", refused)
            raise NotInstalled from refused
        except StageFailed as failure:
            if not self._good(held["expires"]):
                raise
            log.warning("a token is not renewed yet: %s", failure)
            return held
        renewed = held | {
            "token": str(said["access_token"]),
            "refresh": str(said.get("refresh_token") or ""),
            "expires": expiry(self._clock.now(), said.get("expires_in")),
        }
        await self._kept.save(_space(owner), renewed)
        return renewed


def expiry(now: datetime, seconds: object) -> str:
    """When a token ends that lives for `seconds` from now; empty where it lives for good."""
    if not isinstance(seconds, int | float | str) or not seconds:
        return ""
    return (now + timedelta(seconds=float(seconds))).isoformat()


def _space(ident: str) -> SpaceRef:
    return SpaceRef(PLATFORM, ident)
