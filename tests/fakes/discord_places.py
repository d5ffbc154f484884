"""Servers, channels and people, as a test sets them up and changes them under a running bot."""

from __future__ import annotations

from tests.fakes import discord_shapes as shapes
from tests.fakes.discord_message import Message
from tests.fakes.discord_permissions import INVITED, NOTHING, May
from tests.fakes.discord_posting import remove
from tests.fakes.discord_rules import Json
from tests.fakes.discord_sessions import GUILDS
from tests.fakes.discord_state import (
    PUBLIC_THREAD,
    TEXT,
    YEAR,
    Channel,
    Event,
    Guild,
    Role,
    User,
    World,
)


class Places:
    """Everything that people with the right to it do outside of the bot."""

    world: World

    def guild(self, name: str = "The Reading Room", permissions: May = INVITED) -> Guild:
        """A server that the bot joins now; its own role grants `permissions`."""
        made = self.world.add_guild(name, permissions)
        self._tell_guild(made)
        return made

    def arrive(self, guild: Guild) -> None:
        """Let the bot be added to a server now, or be added again."""
        world = self.world
        world.guilds[guild.id] = guild
        role = next(each for each in guild.roles.values() if each.bot_id == world.bot.id)
        world.add_member(guild, world.bot, since=0.0).roles.add(role.id)
        self._tell_guild(guild)

    def channel(self, guild: Guild, name: str = "prompts") -> Channel:
        """A text channel."""
        made = Channel(self.world.snowflake(), TEXT, name, guild)
        self.world.add_channel(made)
        self._about("CHANNEL_CREATE", made)
        return made

    def thread(self, channel: Channel, name: str = "talk") -> Channel:
        """A thread that somebody begins in a channel."""
        made = Channel(self.world.snowflake(), PUBLIC_THREAD, name, channel.guild, channel)
        self.world.add_channel(made)
        self._about("THREAD_CREATE", made)
        return made

    def member(
        self,
        guild: Guild,
        name: str,
        permissions: May = NOTHING,
        *,
        age: float = YEAR,
        since: float = YEAR,
    ) -> User:
        """Somebody in a server; the account is `age` seconds old, they joined `since` ago."""
        user = self.world.add_user(name, age=age)
        self.join(guild, user, permissions, since=since)
        return user

    def join(
        self, guild: Guild, user: User, permissions: May = NOTHING, *, since: float = 0.0
    ) -> None:
        """Let a user join (another) server, with a role of those permissions."""
        member = self.world.add_member(guild, user, since=since)
        if permissions:
            member.roles.add(self.role(guild, f"{user.name}'s", permissions).id)

    def role(
        self, guild: Guild, name: str, permissions: May = NOTHING, *, below: bool = False
    ) -> Role:
        """A role above all others or, with `below`, under the bot's own."""
        made = self.world.add_role(guild, name, permissions)
        if below:
            made.position = 0
        data: Json = {"guild_id": str(guild.id), "role": shapes.role(made)}
        self.world.tell(Event("GUILD_ROLE_CREATE", data, guild.id, GUILDS))
        return made

    def allow(self, channel: Channel, permissions: May, who: User | None = None) -> None:
        """Grant permissions in a channel, to the bot or to somebody."""
        self._overwrite(channel, permissions, NOTHING, who)

    def deny(self, channel: Channel, permissions: May, who: User | None = None) -> None:
        """Take permissions away in a channel, from the bot or from somebody."""
        self._overwrite(channel, NOTHING, permissions, who)

    def grant(self, guild: Guild, permissions: May) -> None:
        """Set what the bot's own role grants in the whole server."""
        role = next(each for each in guild.roles.values() if each.bot_id == self.world.bot.id)
        role.permissions = permissions
        data: Json = {"guild_id": str(guild.id), "role": shapes.role(role)}
        self.world.tell(Event("GUILD_ROLE_UPDATE", data, guild.id, GUILDS))

    def kick(self, guild: Guild) -> None:
        """Remove the bot from a server."""
        del self.world.guilds[guild.id]
        del guild.members[self.world.bot.id]
        self.world.tell(Event("GUILD_DELETE", {"id": str(guild.id)}, guild.id, GUILDS))

    def outage(self, guild: Guild) -> None:
        """Let a server be unavailable for a while, which is no removal.

        https://docs.discord.com/developers/events/gateway-events#guild-delete
        """
        gone: Json = {"id": str(guild.id), "unavailable": True}
        self.world.tell(Event("GUILD_DELETE", gone, guild.id, GUILDS))

    def delete(self, what: Channel | Message) -> None:
        """Delete a channel, a thread or a message."""
        if isinstance(what, Message):
            remove(self.world, what)
            return
        del self.world.channels[what.id]
        self._about("THREAD_DELETE" if what.is_thread else "CHANNEL_DELETE", what)

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """Archive a thread and, if asked, lock it."""
        thread.archived, thread.locked = True, locked
        self._about("THREAD_UPDATE", thread)

    def messages(self, channel: Channel, seen_by: User | None = None) -> list[Message]:
        """What stands in a channel, oldest first: for all, and for `seen_by` in private."""
        me = seen_by.id if seen_by else None
        held = channel.messages.values()
        return sorted((m for m in held if m.only_for in (None, me)), key=lambda m: m.id)

    def _overwrite(self, channel: Channel, allow: May, deny: May, who: User | None) -> None:
        target = (who or self.world.bot).id
        had_allow, had_deny = channel.overwrites.get(target, (NOTHING, NOTHING))
        now = (had_allow & ~deny | allow, had_deny & ~allow | deny)
        channel.overwrites[target] = now
        self._about("CHANNEL_UPDATE", channel)

    def _about(self, name: str, channel: Channel) -> None:
        assert channel.guild is not None
        self.world.tell(Event(name, shapes.channel(channel), channel.guild.id, GUILDS))

    def _tell_guild(self, guild: Guild) -> None:
        drawn = shapes.guild(guild, self.world)
        # Said only of guilds that were there before.
        del drawn["unavailable"]
        self.world.tell(Event("GUILD_CREATE", drawn, guild.id, GUILDS))
