"""The routes for everything that is no message: the app, its commands, guilds, channels, events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.fakes import discord_commands as commands
from tests.fakes import discord_shapes as shapes
from tests.fakes.discord_http import Call, Route
from tests.fakes.discord_permissions import May, in_guild
from tests.fakes.discord_rules import Json, Refused, length
from tests.fakes.discord_state import Event, Guild

COMMANDS = "/applications/{application_id}/commands"
GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"
GUILD = "/guilds/{guild_id}"
EXTERNAL = 3
EVENT_INTENT = 1 << 16


def me(call: Call) -> Json:
    return shapes.bot_user(call.world.bot)


def my_guilds(call: Call) -> list[Json]:
    """At most 200 a page, by id: https://docs.discord.com/developers/resources/user#get-current-user-guilds."""
    most, after = int(call.query.get("limit", 200)), int(call.query.get("after", 0))
    mine = [
        guild
        for _, guild in sorted(call.world.guilds.items())
        if guild.id > after and call.world.bot.id in guild.members
    ]
    return [
        {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(int(in_guild(guild, guild.members[call.world.bot.id]))),
            "features": [],
        }
        for guild in mine[: min(most, 200)]
    ]


def user(call: Call) -> Json:
    found = call.world.users.get(int(call.path["user_id"]))
    if found is None:
        raise Refused("unknown_user")
    return shapes.user(found)


def application(call: Call) -> Json:
    """https://docs.discord.com/developers/resources/application#application-object."""
    people = [each for each in call.world.users.values() if not each.bot]
    owner = people[0] if people else call.world.bot
    return {
        "id": str(call.world.application_id),
        "name": "Muse",
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot": shapes.user(call.world.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": shapes.user(owner),
        "team": None,
        "approximate_guild_count": len(call.world.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
    }


def open_dm(call: Call) -> Json:
    found = call.world.users.get(int(call.body.get("recipient_id") or 0))
    if found is None or found.bot:
        raise Refused("dm_recipient")
    return shapes.channel(call.world.dm(found))


def channel(call: Call) -> Json:
    return shapes.channel(call.channel())


def typing(call: Call) -> None:
    call.channel()


def guild(call: Call) -> Json:
    return shapes.guild(call.guild(), call.world)


def member(call: Call) -> Json:
    return shapes.member(call.member())


def roles(call: Call) -> list[Json]:
    return [shapes.role(each) for each in call.guild().roles.values()]


def add_role(call: Call) -> None:
    """https://docs.discord.com/developers/topics/permissions#permission-hierarchy."""
    where, who = call.guild(), call.member()
    role = where.roles.get(int(call.path["role_id"]))
    if role is None:
        raise Refused("unknown_role")
    call.need_in_guild("manage_roles", May.MANAGE_ROLES)
    if role.position >= where.top(where.members[call.world.bot.id]):
        raise Refused("role_hierarchy")
    who.roles.add(role.id)


def remove_role(call: Call) -> None:
    who, role = call.member(), int(call.path["role_id"])
    add_role(call)
    who.roles.discard(role)


def create_event(call: Call) -> Json:
    """https://docs.discord.com/developers/resources/guild-scheduled-event#create-guild-scheduled-event."""
    where, world, body = call.guild(), call.world, call.body
    call.need_in_guild("event_permission", May.CREATE_EVENTS)
    length("event_name", body.get("name"), 100, "name", least=1)
    starts = datetime.fromisoformat(body["scheduled_start_time"])
    if starts.timestamp() <= world.clock.now():
        raise Refused("event_past", "scheduled_start_time")
    if body.get("entity_type") == EXTERNAL:
        if not body.get("scheduled_end_time"):
            raise Refused("event_end", "scheduled_end_time")
        if not (body.get("entity_metadata") or {}).get("location"):
            raise Refused("event_location", "entity_metadata.location")
    if len(where.events) >= 100:
        raise Refused("events_full")
    event_id = world.snowflake()
    made = where.events[event_id] = _event(call, where, event_id)
    world.tell(Event("GUILD_SCHEDULED_EVENT_CREATE", made, where.id, EVENT_INTENT))
    return made


def _event(call: Call, where: Guild, event_id: int) -> Json:
    body, world = call.body, call.world
    return {
        "id": str(event_id),
        "guild_id": str(where.id),
        "channel_id": body.get("channel_id"),
        "creator_id": str(world.bot.id),
        "creator": shapes.user(world.bot),
        "name": body["name"],
        "description": body.get("description"),
        "image": None,
        "scheduled_start_time": body["scheduled_start_time"],
        "scheduled_end_time": body.get("scheduled_end_time"),
        "privacy_level": body["privacy_level"],
        "status": 1,
        "entity_type": body["entity_type"],
        "entity_id": None,
        "entity_metadata": body.get("entity_metadata"),
        "recurrence_rule": None,
        "user_count": 0,
        "user_rsvp": None,
        "guild_scheduled_event_exceptions": [],
    }


def events(call: Call) -> list[Json]:
    return list(call.guild().events.values())


def _where(call: Call) -> int | None:
    return call.guild().id if "guild_id" in call.path else None


def list_commands(call: Call) -> list[Json]:
    return call.world.commands.get(_where(call), [])


def set_commands(call: Call) -> list[Json]:
    """Bulk overwrite: the list replaces what was there.

    https://docs.discord.com/developers/interactions/application-commands#bulk-overwrite-global-application-commands
    """
    commands.check_all(call.body)
    had = list_commands(call)
    call.world.commands[_where(call)] = [_command(call, each, had) for each in call.body]
    call.world.fire()
    return list_commands(call)


def add_command(call: Call) -> Json:
    """A new command, or an old one's new shape.

    https://docs.discord.com/developers/interactions/application-commands#updating-and-deleting-a-command
    """
    had = list_commands(call)
    made = _command(call, call.body, had)
    kept = [each for each in had if each["id"] != made["id"]]
    commands.check_all([*kept, call.body])
    call.world.commands[_where(call)] = [*kept, made]
    return made


def one_command(call: Call) -> Json:
    for each in list_commands(call):
        if each["id"] == call.path["command_id"]:
            return each
    raise Refused("unknown_command")


def drop_command(call: Call) -> None:
    list_commands(call).remove(one_command(call))


def _command(call: Call, body: Json, had: list[Json]) -> Json:
    kind = body.get("type") or commands.CHAT
    same = [each for each in had if (each["name"], each["type"]) == (body.get("name"), kind)]
    asked = body.get("default_member_permissions")
    given = {name: value for name, value in body.items() if value is not None}
    drawn: dict[str, Any] = given | {
        "id": same[0]["id"] if same else str(call.world.snowflake()),
        "application_id": str(call.world.application_id),
        "version": str(call.world.snowflake()),
        "type": kind,
        "description": body.get("description") or "",
        "default_member_permissions": None if asked is None else str(asked),
    }
    return drawn | ({"guild_id": call.path["guild_id"]} if "guild_id" in call.path else {})


ROUTES = (
    Route("GET", "/users/@me", me),
    Route("POST", "/users/@me/channels", open_dm),
    Route("GET", "/users/@me/guilds", my_guilds),
    Route("GET", "/users/{user_id}", user),
    Route("GET", "/applications/@me", application),
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/channels/{channel_id}", channel),
    Route("POST", "/channels/{channel_id}/typing", typing),
    Route("GET", GUILD, guild),
    Route("GET", GUILD + "/roles", roles),
    Route("GET", GUILD + "/members/{user_id}", member),
    Route("PUT", GUILD + "/members/{user_id}/roles/{role_id}", add_role),
    Route("DELETE", GUILD + "/members/{user_id}/roles/{role_id}", remove_role),
    Route("GET", GUILD + "/scheduled-events", events),
    Route("POST", GUILD + "/scheduled-events", create_event),
    *(
        Route(method, path + tail, handler)
        for path in (COMMANDS, GUILD_COMMANDS)
        for method, tail, handler in (
            ("GET", "", list_commands),
            ("PUT", "", set_commands),
            ("POST", "", add_command),
            ("GET", "/{command_id}", one_command),
            ("DELETE", "/{command_id}", drop_command),
        )
    ),
)
