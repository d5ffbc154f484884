"""What a member can do in Discord's client: each call is one act, and what it may not do raises.

`CannotAct` is what the client itself would prevent: a button that is not there, a form half filled.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes import discord_commands as commands
from tests.fakes import discord_components as c
from tests.fakes import discord_shapes as shapes
from tests.fakes.discord_asked import Asked, Modal, Spoken
from tests.fakes.discord_interaction import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    LIFE,
    SUBMIT,
    Interaction,
)
from tests.fakes.discord_message import REPLY, Message
from tests.fakes.discord_modals import CannotAct, submitted
from tests.fakes.discord_permissions import May
from tests.fakes.discord_posting import Draft, post
from tests.fakes.discord_rules import Json
from tests.fakes.discord_state import Channel, Event, Role, User, World

#: What a member may attach, in bytes. https://docs.discord.com/developers/reference#uploading-files
UPLOAD_LIMIT = 10 * 2**20
KEPT = 5_000  #: interactions that are known at least, their tokens ended or not


class Acting:
    """The members' hands. `deliveries` is how often each interaction reaches the app."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.deliveries = 1

    async def slash(self, user: User, channel: Channel, name: str, **options: Any) -> Asked:
        """Send a slash command: `name` holds a subcommand after a space, if there is one."""
        command, path = self._command(user, channel, name)
        data = self._called(command, commands.typed(command, path, options), channel)
        return self._send(COMMAND, user, channel, data)

    async def autocomplete(
        self, user: User, channel: Channel, name: str, focus: str, **options: Any
    ) -> Asked:
        """Type into the option `focus` of a command; `options` holds what is typed so far."""
        command, path = self._command(user, channel, name)
        data = self._called(command, commands.typed(command, path, options, focus), channel)
        return self._send(AUTOCOMPLETE, user, channel, data)

    async def context_menu(self, user: User, message: Message, name: str) -> Asked:
        """Choose a message's command from its menu."""
        command, _ = self._command(user, message.channel, name, commands.MESSAGE)
        data = self._called(command, [], message.channel)
        drawn = shapes.message(message, self.world)
        data |= {"target_id": str(message.id), "resolved": {"messages": {drawn["id"]: drawn}}}
        return self._send(COMMAND, user, message.channel, data)

    async def click(
        self, user: User, message: Message, custom_id: str, *, stale: bool = False
    ) -> Asked:
        """Click the button of that id, or with that label.

        `stale` clicks an id that the message may not show any more, as from an old client.
        """
        pressed = custom_id
        if not stale:
            self._see(user, message)
            shown = [each for each in message.buttons if not each.disabled]
            found = [each for each in shown if custom_id in (each.custom_id, each.label)]
            if not found:
                raise CannotAct(f"no button {custom_id!r} among {shown}")
            pressed = found[0].custom_id
        data: Json = {"custom_id": pressed, "component_type": c.BUTTON, "id": 1}
        return self._send(COMPONENT, user, message.channel, data, message)

    async def select(
        self, user: User, message: Message, custom_id: str, values: Sequence[str]
    ) -> Asked:
        """Choose values in a select menu."""
        self._see(user, message)
        found = message.component(custom_id)
        if found is None or found["type"] not in c.SELECTS or found.get("disabled"):
            raise CannotAct(f"no select {custom_id!r} among {message.selects}")
        offered = {each["value"] for each in found.get("options") or ()}
        if found["type"] == c.SELECT and (odd := set(values) - offered):
            raise CannotAct(f"{custom_id!r} offers {offered}, not {odd}")
        if not found.get("min_values", 1) <= len(values) <= found.get("max_values", 1):
            raise CannotAct(f"{custom_id!r} does not take {len(values)} values")
        data: Json = {"custom_id": custom_id, "component_type": found["type"], "id": found["id"]}
        return self._send(COMPONENT, user, message.channel, data | {"values": values}, message)

    async def submit(self, user: User, modal: Modal, fields: Mapping[str, Any]) -> Asked:
        """Submit a form: values by field's label or id; what is left out keeps its default."""
        before = modal.interaction
        if before.user is not user:
            raise CannotAct("the form is somebody else's")
        data: Json = {"custom_id": modal.data["custom_id"]}
        data["components"] = submitted(modal.data, fields)
        return self._send(SUBMIT, user, before.channel, data, before.source, before)

    async def say(
        self,
        user: User,
        channel: Channel,
        text: str,
        *,
        to: Message | None = None,
        ping: bool = True,
    ) -> Spoken:
        """Write a message; `to` makes it a reply, which pings unless it is switched off."""
        if not self.world.may(channel, user) & May.SEND_MESSAGES:
            raise CannotAct(f"{user.name} may not write there")
        message = Message(self.world.snowflake(), channel, user, self.world.clock.now())
        if to is not None:
            message.kind, message.reference = REPLY, to
        allowed = {"parse": ["users", "roles", "everyone"], "replied_user": ping}
        draft = Draft({"content": text, "allowed_mentions": allowed})
        return Spoken(self.world, post(self.world, message, draft))

    async def mention(self, user: User, channel: Channel, text: str) -> Spoken:
        """Write a message that begins with a mention of the bot."""
        return await self.say(user, channel, f"{self.world.bot.mention} {text}")

    async def dm(self, user: User, text: str) -> Spoken:
        """Write to the bot in private."""
        return await self.say(user, self.world.dm(user), text)

    async def reply(self, user: User, message: Message, text: str, *, ping: bool = True) -> Spoken:
        """Answer a message."""
        return await self.say(user, message.channel, text, to=message, ping=ping)

    def _see(self, user: User, message: Message) -> None:
        if message.deleted or message.loading:
            raise CannotAct(f"{message!r} is not there")
        if message.only_for not in (None, user.id):
            raise CannotAct(f"{user.name} does not see {message!r}")

    def _command(
        self, user: User, channel: Channel, name: str, kind: int = commands.CHAT
    ) -> tuple[Json, list[str]]:
        first, *path = [name] if kind == commands.MESSAGE else name.split()
        command = self.world.command(first, channel.guild, kind)
        if command is None:
            raise CannotAct(f"there is no command {first!r}")
        wanted = command["default_member_permissions"]
        may = self.world.may(channel, user)
        if channel.guild and wanted is not None and not self._allowed(may, int(wanted)):
            raise CannotAct(f"{user.name} may not use {first!r}")
        contexts = command.get("contexts") or [0, 1]
        if (0 if channel.guild else 1) not in contexts:
            raise CannotAct(f"{first!r} cannot be used there")
        return command, path

    @staticmethod
    def _allowed(may: May, wanted: int) -> bool:
        if may & May.ADMINISTRATOR:
            return True
        return wanted != 0 and int(may) & wanted == wanted

    def _called(self, command: Json, options: list[Json], channel: Channel) -> Json:
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        if options:
            data |= {"options": options, "resolved": self._resolved(options, channel)}
        return data

    def _resolved(self, options: list[Json], channel: Channel) -> Json:
        """https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-resolved-data-structure."""
        held: Json = {}
        for each in options:
            for name, drawn in self._resolved(each.get("options") or [], channel).items():
                held.setdefault(name, {}).update(drawn)
            if each["type"] in (6, 7, 8, 9):
                for name, drawn in self._entity(int(each["value"]), channel).items():
                    held.setdefault(name, {})[str(each["value"])] = drawn
        return held

    def _entity(self, entity: int, channel: Channel) -> Json:
        guild = channel.guild
        if entity in self.world.channels:
            where = self.world.channels[entity]
            may = str(int(self.world.may(where)))
            return {"channels": shapes.channel(where) | {"permissions": may}}
        if guild and isinstance(guild.roles.get(entity), Role):
            return {"roles": shapes.role(guild.roles[entity])}
        found: Json = {"users": shapes.user(self.world.users[entity])}
        if guild and entity in guild.members:
            found["members"] = shapes.member(guild.members[entity], with_user=False)
            found["members"]["permissions"] = str(int(self.world.may(channel)))
        return found

    def _send(
        self,
        kind: int,
        user: User,
        channel: Channel,
        data: Json,
        source: Message | None = None,
        before: Interaction | None = None,
    ) -> Asked:
        token = secrets.token_urlsafe(48)
        now, number = self.world.clock.now(), self.world.snowflake()
        made = Interaction(number, token, kind, user, channel, now, data, source, before)
        self.world.interactions[token] = made
        self._forget(now)
        drawn = self._drawn(made)
        guild_id = channel.guild.id if channel.guild else None
        for _ in range(self.deliveries):
            self.world.tell(Event("INTERACTION_CREATE", drawn, guild_id))
        return Asked(self.world, made)

    def _forget(self, now: float) -> None:
        """Let those go whose token has ended; they stand in the order in which they were made."""
        known = self.world.interactions
        while len(known) > KEPT and now - next(iter(known.values())).at > LIFE:
            del known[next(iter(known))]

    def _drawn(self, made: Interaction) -> Json:
        """https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object."""
        channel, guild, world = made.channel, made.channel.guild, self.world
        may = str(int(world.may(channel)))
        drawn: Json = {
            "id": str(made.id),
            "application_id": str(world.application_id),
            "type": made.kind,
            "token": made.token,
            "version": 1,
            "data": made.data,
            "channel_id": str(channel.id),
            "channel": shapes.channel(channel) | {"permissions": may},
            "app_permissions": may,
            "locale": "en-US",
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": {"0": str(guild.id if guild else 0)},
            "context": 0 if guild else 1,
            "attachment_size_limit": UPLOAD_LIMIT,
        }
        if made.source is not None:
            drawn["message"] = shapes.message(made.source, world)
        if guild is None:
            return drawn | {"user": shapes.user(made.user)}
        if made.user.id not in guild.members:
            raise CannotAct(f"{made.user.name} is not in {guild.name}")
        drawn["member"] = shapes.interaction_member(guild.members[made.user.id], channel)
        drawn["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
        return drawn | {"guild_id": str(guild.id), "guild_locale": guild.locale}
