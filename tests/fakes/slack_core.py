"""What every part of the fake Slack shares: the world, the ways to the app, the cast, the eyes.

`SlackServer` (`slack_server.py`) is this with members who act and a port that listens.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any, Literal

from tests.fakes import slack_payloads
from tests.fakes.slack_acted import WhereMessage, WhereView, fits, view_fits
from tests.fakes.slack_chat import Ping
from tests.fakes.slack_deliveries import Deliveries, Transport
from tests.fakes.slack_faults import Faults
from tests.fakes.slack_http_events import HttpEvents
from tests.fakes.slack_oauth import OAuth
from tests.fakes.slack_response_urls import ResponseUrls
from tests.fakes.slack_socket_mode import SocketMode
from tests.fakes.slack_state import (
    APP_ID,
    Channel,
    Clock,
    Member,
    Message,
    Refusal,
    Token,
    View,
    Workspace,
    World,
)
from tests.fakes.slack_web_api import Called, WebApi

#: Every scope that the fake knows a use for; a workspace's app has them all unless told.
ALL_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "commands",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "mpim:write",
        "pins:write",
        "team:read",
        "users:read",
        "usergroups:read",
    }
)
#: What the app is subscribed to unless a test says otherwise; `message.channels` and
#: `message.groups` are the others that the fake can send.
SUBSCRIPTIONS = frozenset(
    {
        "app_mention",
        "message.im",
        "app_home_opened",
        "app_uninstalled",
        "member_joined_channel",
        "team_access_revoked",
        "team_join",
        "tokens_revoked",
    }
)


class SlackCore:
    """The shared parts; `workspace` is the first one, where the app is installed."""

    def __init__(self) -> None:
        self.world = World()
        self.numbers = count(1)
        self.app_id = APP_ID
        self.app_token = "xapp-1-of-the-fake"
        self.subscriptions: set[str] = set(SUBSCRIPTIONS)
        self.pings: list[Ping] = []
        self.faults = Faults(self.world)
        self.deliveries = Deliveries(self)
        self.socket = SocketMode(self)
        self.http = HttpEvents(self)
        self.oauth = OAuth(self)
        self.response_urls = ResponseUrls(self)
        self.web_api = WebApi(self)
        self.url = ""
        scopes = frozenset({"connections:write"})
        self.workspace = self.add_workspace("Fake space")
        self.world.tokens[self.app_token] = Token(self.app_token, "app", self.workspace.id, scopes)

    # The ways to the app, and what a process needs to find the fake.

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def authorize_url(self) -> str:
        return f"{self.url}/oauth/v2/authorize"

    @property
    def transport(self) -> Transport:
        return self.http if self.http.request_url else self.socket

    def use_http(self, request_url: str) -> None:
        """From now on everything is delivered to this URL, signed."""
        self.http.request_url = request_url

    def socket_env(self) -> dict[str, str]:
        """The environment of a process that is to connect by Socket Mode."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": self.workspace.bot_token,
            "SLACK_APP_TOKEN": self.app_token,
        }

    def http_env(self) -> dict[str, str]:
        """The environment of a process that is to serve one workspace over HTTP."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": self.workspace.bot_token,
            "SLACK_SIGNING_SECRET": self.http.signing_secret,
        }

    def oauth_env(self) -> dict[str, str]:
        """The environment of a process that is to serve whoever installs it, over HTTP."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_CLIENT_ID": self.oauth.client_id,
            "SLACK_CLIENT_SECRET": self.oauth.client_secret,
            "SLACK_SIGNING_SECRET": self.http.signing_secret,
        }

    # The cast.

    def add_workspace(
        self, name: str, *, installed: bool = True, scopes: Iterable[str] = ALL_SCOPES
    ) -> Workspace:
        """Another workspace, with the app in it unless `installed` is false."""
        world = self.world
        number = world.id("T")
        token = f"xoxb-{number}-of-the-fake" if installed else ""
        made = Workspace(number, name, world.id("U"), world.id("B"), token, installed)
        world.workspaces[number] = made
        world.members[made.bot_user] = Member(made.bot_user, number, "muse", is_bot=True)
        if token:
            world.tokens[token] = Token(token, "bot", number, frozenset(scopes))
        return made

    def member(self, name: str = "", space: Workspace | None = None, **about: Any) -> Member:
        """A new member; `about` has the fields of `Member`, such as `tz` or `is_admin`."""
        number = self.world.id("U")
        made = Member(number, (space or self.workspace).id, name or number.lower(), **about)
        self.world.members[number] = made
        return made

    def channel(
        self,
        name: str,
        members: Iterable[Member] = (),
        space: Workspace | None = None,
        kind: Literal["channel", "group"] = "channel",
        *,
        bot: bool = True,
    ) -> Channel:
        """A new channel; the app's bot is in it unless `bot` is false."""
        home = space or self.workspace
        prefix = "C" if kind == "channel" else "G"
        made = Channel(self.world.id(prefix), home.id, name, kind)
        made.members = {each.id for each in members} | ({home.bot_user} if bot else set())
        self.world.channels[made.id] = made
        return made

    def channels_of(self, member: Member) -> list[Channel]:
        held = self.world.channels.values()
        return [each for each in held if each.team == member.team and member.id in each.members]

    def unhurried(self, seconds: float = 60.0) -> None:
        """Give everything that much time: a busy machine is not slow."""
        self.deliveries.window = self.world.trigger_life = self.world.patience = seconds

    # What is to be seen.

    @property
    def clock(self) -> Clock:
        return self.world.clock

    @property
    def refusals(self) -> list[Refusal]:
        return self.world.refusals

    @property
    def calls(self) -> list[Called]:
        return self.web_api.calls

    def called(self, method: str) -> list[Called]:
        return [each for each in self.calls if each.method == method]

    def file_ids(self) -> set[str]:
        """The files that a block may show."""
        return {file.id for file in self.world.files.values() if file.complete}

    async def message_in(
        self, channel: Channel, where: WhereMessage = None, within: float | None = None
    ) -> Message:
        """The newest message that everybody in a channel sees and that fits, once it is there."""

        def look() -> Message | None:
            return next((m for m in reversed(channel.visible) if fits(m, where)), None)

        return await self.world.until(look, f"message in {channel.name}: {where!r}", within)

    async def ephemeral_to(
        self, member: Member, where: WhereMessage = None, within: float | None = None
    ) -> Message:
        """The newest message that only this member sees and that fits, once it is there."""

        def look() -> Message | None:
            for channel in self.channels_of(member):
                for m in reversed(channel.messages.values()):
                    if m.ephemeral_to == member.id and not m.deleted and fits(m, where):
                        return m
            return None

        return await self.world.until(look, f"ephemeral to {member.name}: {where!r}", within)

    async def view_of(
        self, member: Member, where: WhereView = None, since: int = -1, within: float | None = None
    ) -> View:
        """The modal's view that a member has before them and that fits, once it is there."""

        def look() -> View | None:
            for view in reversed(self.world.views.values()):
                if view.user == member.id and view.open:
                    return view if view.at > since and view_fits(view, where) else None
            return None

        return await self.world.until(look, f"view of {member.name}: {where!r}", within)

    async def home_of(
        self, member: Member, where: WhereView = None, within: float | None = None
    ) -> View:
        """A member's Home tab that fits, once it is published."""

        def look() -> View | None:
            home = self.world.homes.get(member.id)
            return home if home is not None and view_fits(home, where) else None

        return await self.world.until(look, f"home of {member.name}: {where!r}", within)

    def echo(self, channel: Channel, message: Message, *, changed: bool = False) -> None:
        """Tells the app of its own message where it is subscribed to such, as Slack does."""
        kinds = {"im": "message.im", "group": "message.groups"}
        if kinds.get(channel.kind, "message.channels") not in self.subscriptions:
            return
        body = dict(message.body)
        told = slack_payloads.message_event(channel, body)
        if changed:
            told = slack_payloads.changed_event(channel, body, self.world.ts())
        self.deliveries.later("events_api", slack_payloads.event(self, channel.team, told))
