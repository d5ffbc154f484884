"""What the loopback Discord keeps: users, guilds, roles, channels, messages, commands.

Plain records, and `World`, which holds them all and tells whoever listens what has changed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.discord_message import Message
from tests.fakes.discord_permissions import EVERYONE, INVITED, NOTHING, May, in_channel
from tests.fakes.discord_rules import Json, Refused

if TYPE_CHECKING:
    from tests.fakes.discord_interaction import Interaction

TEXT, DM, ANNOUNCEMENT = 0, 1, 5
PUBLIC_THREAD, PRIVATE_THREAD = 11, 12
THREADS = (10, PUBLIC_THREAD, PRIVATE_THREAD)
#: The first second of 2015, in milliseconds: snowflakes count from there.
#: https://docs.discord.com/developers/reference#snowflakes
EPOCH = 1_420_070_400_000
MESSAGE_CONTENT = 1 << 15
YEAR = 365 * 86_400.0


@dataclass
class Clock:
    """The world's time in seconds since 1970; a test moves it on."""

    shift: float = 0.0

    def now(self) -> float:
        return time.time() + self.shift

    def advance(self, seconds: float) -> None:
        self.shift += seconds


@dataclass(eq=False)
class User:
    id: int
    name: str
    bot: bool = False
    #: Does not take messages from apps.
    closed: bool = False

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"


@dataclass(eq=False)
class Role:
    id: int
    name: str
    permissions: May = NOTHING
    position: int = 1
    mentionable: bool = False
    bot_id: int | None = None


@dataclass(eq=False)
class Member:
    user: User
    joined_at: float
    roles: set[int] = field(default_factory=set)


@dataclass(eq=False)
class Guild:
    id: int
    name: str
    owner_id: int
    locale: str = "en-US"
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    events: dict[int, Json] = field(default_factory=dict)

    def top(self, member: Member) -> int:
        """The position of a member's highest role."""
        return max((self.roles[role].position for role in member.roles), default=0)


@dataclass(eq=False)
class Channel:
    id: int
    kind: int
    name: str
    guild: Guild | None = None
    parent: Channel | None = None
    owner: User | None = None
    recipient: User | None = None
    created_at: float = 0.0
    overwrites: dict[int, tuple[May, May]] = field(default_factory=dict)
    archived: bool = False
    locked: bool = False
    duration: int = 1440
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def is_thread(self) -> bool:
        return self.kind in THREADS


@dataclass(frozen=True, slots=True)
class Event:
    """A dispatch for the gateway. `message` lets a session without the intent see it emptied."""

    name: str
    data: Json
    guild_id: int | None = None
    intent: int = 0
    message: Message | None = None


class World:
    """Everything that Discord would keep, for one app. `token` is the bot's."""

    def __init__(self, token: str) -> None:
        self.clock = Clock()
        self.token = token
        self._last = 0
        self._past = 0
        self.bot = User(self.snowflake(-YEAR), "Muse", bot=True)
        #: Not the bot's id: old apps' differ, and so a mix-up is found.
        self.application_id = self.snowflake(-YEAR)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.interactions: dict[str, Interaction] = {}
        #: By guild, and by None for the global ones.
        self.commands: dict[int | None, list[Json]] = {}
        #: The privileged intents that are switched on in the developer portal.
        self.privileged = 0
        #: Within how many seconds of the clock an interaction must be acknowledged.
        self.ack_window = 3.0
        #: The permissions in a server that the bot has had any use for.
        self.used = NOTHING
        self.listeners: list[Callable[[Event], None]] = []
        self._waiting: set[asyncio.Future[None]] = set()

    def snowflake(self, seconds: float = 0.0) -> int:
        """A new id, of now or of so many seconds later; those of now only grow."""
        made = int((self.clock.now() + seconds) * 1000 - EPOCH) << 22
        if seconds:
            self._past += 1
            return made + self._past
        self._last = max(self._last + 1, made)
        return self._last

    def tell(self, event: Event) -> None:
        """Hand an event to every listener."""
        for each in self.listeners:
            each(event)
        self.fire()

    def fire(self) -> None:
        """Wake whoever waits in `changed`."""
        for each in self._waiting:
            if not each.done():
                each.set_result(None)

    async def changed(self) -> None:
        """Wait until something happens."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)

    def add_user(self, name: str, *, age: float = YEAR) -> User:
        """Somebody whose account is `age` seconds old."""
        user = User(self.snowflake(-age), name)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, permissions: May = INVITED, *, since: float = YEAR) -> Guild:
        """A guild with the bot in it for so many seconds, whose role grants `permissions`."""
        guild = Guild(self.snowflake(-YEAR), name, owner_id=self.add_user(f"owner of {name}").id)
        guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYONE, position=0)
        self.guilds[guild.id] = guild
        self.add_member(guild, self.users[guild.owner_id])
        role = self.add_role(guild, "Muse", permissions, bot_id=self.bot.id)
        self.add_member(guild, self.bot, since=since).roles.add(role.id)
        return guild

    def add_role(
        self, guild: Guild, name: str, permissions: May = NOTHING, *, bot_id: int | None = None
    ) -> Role:
        """A role above those that are there."""
        role = Role(self.snowflake(), name, permissions, len(guild.roles), bot_id=bot_id)
        guild.roles[role.id] = role
        return role

    def add_member(self, guild: Guild, user: User, *, since: float = YEAR) -> Member:
        """A member who joined `since` seconds ago."""
        member = Member(user, self.clock.now() - since)
        guild.members[user.id] = member
        return member

    def add_channel(self, channel: Channel) -> Channel:
        channel.created_at = self.clock.now()
        self.channels[channel.id] = channel
        return channel

    @property
    def reads_content(self) -> bool:
        """Whether the app has the message content intent."""
        return bool(self.privileged & MESSAGE_CONTENT)

    def dm(self, user: User) -> Channel:
        """The one DM channel of the bot with a user."""
        for each in self.channels.values():
            if each.recipient is user:
                return each
        return self.add_channel(Channel(self.snowflake(), DM, "", recipient=user))

    def channel(self, channel_id: int | str) -> Channel:
        """A channel by its id, or the refusal of an unknown one."""
        found = self.channels.get(int(channel_id))
        if found is None:
            raise Refused("unknown_channel")
        return found

    def may(self, channel: Channel, user: User | None = None) -> May:
        """What the bot, or a user, may do there; in a DM, whatever belongs to one."""
        if channel.guild is None:
            return EVERYONE | May.PIN_MESSAGES
        member = channel.guild.members.get((user or self.bot).id)
        return in_channel(channel, member) if member else NOTHING

    def command(self, name: str, guild: Guild | None, kind: int) -> Json | None:
        """A command as a member finds it: the guild's own before the global one."""
        found = self.commands.get(guild.id, []) if guild else []
        for each in [*found, *self.commands.get(None, [])]:
            if each["name"] == name and each["type"] == kind:
                return each
        return None
