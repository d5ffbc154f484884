"""What the fake of Slack knows: workspaces, people, channels, messages, views, tokens.

`World` holds it all and tells whoever waits that something has changed (`World.until`). Times are
those of its own clock, which a test may shift: a trigger dies after 3 s without anybody sleeping.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import count
from typing import Any, Literal, TypeVar

from tests.fakes.slack_rules import Refused

Json = dict[str, Any]
Found = TypeVar("Found")
APP_ID = "A0FAKE001"
_TOLD = 20  # messages and views, the latest, that are told of where something did not come


class NeverSaid(AssertionError):
    """What a test waits for did not come."""


class Clock:
    """Unix time in seconds, and a shift that only the fake sees."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead

    def shift(self, seconds: float) -> None:
        self.ahead += seconds


@dataclass(slots=True)
class Member:
    """A person. https://docs.slack.dev/reference/objects/user-object."""

    id: str
    team: str
    name: str
    tz: str = "Europe/London"
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Message:
    """A message as it stands. `ephemeral_to` is who alone sees it; `at` counts its last change."""

    channel: str
    ts: str
    body: Json
    at: int
    ephemeral_to: str | None = None
    deleted: bool = False
    streaming: bool = False
    versions: int = 1

    @property
    def text(self) -> str:
        return str(self.body.get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        return list(self.body.get("blocks", ()))

    @property
    def metadata(self) -> Json:
        return dict(self.body.get("metadata") or {})

    @property
    def thread_ts(self) -> str | None:
        return self.body.get("thread_ts")

    @property
    def user(self) -> str | None:
        return self.body.get("user")

    @property
    def says(self) -> str:
        """All that can be read in it: the text, and every text in its blocks."""
        return "\n".join([self.text, *texts(self.blocks)])


@dataclass(slots=True)
class View:
    """A modal's view or a Home tab. `open` until the member or the app closes it."""

    id: str
    team: str
    user: str
    body: Json
    hash: str
    root: str
    previous: str | None
    at: int
    open: bool = True
    errors: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, Json]] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        return list(self.body.get("blocks", ()))

    @property
    def title(self) -> str:
        return str((self.body.get("title") or {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        return str(self.body.get("callback_id", ""))

    @property
    def says(self) -> str:
        return "\n".join([self.title, *texts(self.blocks)])


@dataclass(slots=True)
class Channel:
    """A channel, a private one (`group`) or a direct message (`im`, with `user`)."""

    id: str
    team: str
    name: str
    kind: Literal["channel", "group", "im"] = "channel"
    members: set[str] = field(default_factory=set)
    archived: bool = False
    user: str | None = None
    messages: dict[str, Message] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)

    @property
    def visible(self) -> list[Message]:
        """What everybody in it sees, oldest first."""
        return [m for m in self.messages.values() if not m.deleted and m.ephemeral_to is None]


@dataclass(slots=True)
class Workspace:
    """A workspace, and the app's installation there."""

    id: str
    name: str
    bot_user: str
    bot_id: str
    bot_token: str
    installed: bool = True
    home_enabled: bool = True
    #: The organisation for the whole of which the app is installed, if it is.
    #: https://docs.slack.dev/enterprise/organization-ready-apps
    organisation: str = ""
    #: User groups: id → handle.
    groups: dict[str, str] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        return self.name.lower().replace(" ", "-")


@dataclass(slots=True)
class Token:
    """`kind` is `bot` or `app`; `expires` is Unix time, None for one that does not."""

    value: str = field(repr=False)
    kind: Literal["bot", "app"]
    team: str
    scopes: frozenset[str]
    expires: float | None = None
    revoked: bool = False


@dataclass(slots=True)
class Trigger:
    """What one interaction may open one view with."""

    id: str
    user: str
    team: str
    born: float
    view: str | None = None
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where an app may answer one interaction."""

    url: str
    channel: str
    user: str
    born: float
    ts: str | None = None
    uses: int = 0


@dataclass(slots=True)
class File:
    """An uploaded file; `data` is None until the upload came."""

    id: str
    team: str
    name: str
    alt: str | None = None
    data: bytes | None = None
    complete: bool = False
    shares: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that was broken: its name, the error that was answered, and by which call."""

    rule: str
    error: str
    method: str


class World:
    """Everything that this Slack knows, and the waking of those who wait for it to change."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.workspaces: dict[str, Workspace] = {}
        self.members: dict[str, Member] = {}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.tokens: dict[str, Token] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.files: dict[str, File] = {}
        self.statuses: dict[tuple[str, str], str] = {}
        self.refusals: list[Refusal] = []
        self._numbers = count(1)
        self._waiting: set[asyncio.Event] = set()
        self.changes = 0
        #: Seconds that a trigger may open a view. https://docs.slack.dev/surfaces/modals
        self.trigger_life = 3.0
        #: Seconds that whoever waits for something waits for it.
        self.patience = 10.0
        #: Items in a page at most; 15 for an app that is sold outside Slack's Marketplace.
        #: https://docs.slack.dev/reference/methods/conversations.replies
        self.page_most = 1_000

    def id(self, prefix: str) -> str:
        """A new id, such as `C00000012`."""
        return f"{prefix}{next(self._numbers):08d}"

    def ts(self) -> str:
        """A new timestamp of a message, later than every one before."""
        return f"{int(self.clock.now())}.{next(self._numbers):06d}"

    def touch(self) -> int:
        """Something has changed: wake those who wait. Gives the number of this change."""
        self.changes += 1
        for each in self._waiting:
            each.set()
        return self.changes

    def refuse(self, refused: Refused, method: str) -> None:
        self.refusals.append(Refusal(refused.rule.name, refused.error, method))
        self.touch()

    async def until(
        self, found: Callable[[], Found | None], what: str, within: float | None = None
    ) -> Found:
        """What `found` gives once it gives something; asked anew at each change.

        Raises `NeverSaid` with `what` and all that was said meanwhile, after `within` seconds.
        """
        within = self.patience if within is None else within
        wake = asyncio.Event()
        self._waiting.add(wake)
        try:
            async with asyncio.timeout(within):
                while (value := found()) is None:
                    await wake.wait()
                    wake.clear()
                return value
        except TimeoutError:
            raise NeverSaid(f"no {what} within {within} s.\n{self.told()}") from None
        finally:
            self._waiting.discard(wake)

    def told(self) -> str:
        """What there is, for the message of a test that failed."""
        lines = [f"refused: {each}" for each in self.refusals[-10:]]
        said = ((m, of) for of in self.channels.values() for m in of.messages.values())
        for m, channel in nlargest(_TOLD, said, lambda each: each[0].at):
            seen = f" (only {m.ephemeral_to})" if m.ephemeral_to else ""
            lines.append(f"{channel.name}{seen} {m.user}: {m.says[:300]!r}")
        views = list(self.views.values())[-_TOLD:]
        lines += [f"view {v.id} of {v.user}: {v.says[:300]!r}" for v in views]
        return "\n".join(lines)

    def direct(self, team: str, user: str) -> Channel:
        """The direct message between the app and a member, opened where it was not."""
        for channel in self.channels.values():
            if channel.kind == "im" and channel.user == user:
                return channel
        made = Channel(self.id("D"), team, "directmessage", "im", user=user)
        made.members = {user, self.workspaces[team].bot_user}
        self.channels[made.id] = made
        return made


def texts(part: Any) -> Iterator[str]:
    """Every text in blocks, in their order."""
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for key, value in part.items():
            if key not in ("options", "confirm") and not isinstance(value, str):
                yield from texts(value)
    elif isinstance(part, list):
        for each in part:
            yield from texts(each)
