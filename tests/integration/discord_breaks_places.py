"""Breaking the rules of threads, pins, events and roles."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord_message import Message
from tests.fakes.discord_permissions import INVITED, NOTHING, May
from tests.fakes.discord_rules import Json
from tests.fakes.discord_state import PRIVATE_THREAD, PUBLIC_THREAD, Channel
from tests.integration.discord_bench import Answer, Bench, bodies, breaks, lacking

PLAIN = {"content": "x"}
THREAD = {"name": "talk", "auto_archive_duration": 1440, "type": PUBLIC_THREAD}
EVENT: Json = {
    "name": "The weekly challenge",
    "privacy_level": 2,
    "entity_type": 3,
    "scheduled_start_time": "2030-01-01T12:00:00+00:00",
    "scheduled_end_time": "2030-01-02T12:00:00+00:00",
    "entity_metadata": {"location": "#prompts"},
}


async def start_thread(bench: Bench, body: Any) -> Answer:
    return await bench.call("POST", f"/channels/{bench.channel.id}/threads", body)


async def schedule(bench: Bench, body: Any) -> Answer:
    return await bench.call("POST", f"/guilds/{bench.guild.id}/scheduled-events", body)


bodies(
    {
        "thread_name": (THREAD | {"name": "x" * 101}, THREAD | {"name": "x" * 100}),
        "thread_duration": (
            THREAD | {"auto_archive_duration": 100},
            THREAD | {"auto_archive_duration": 60},
        ),
    },
    start_thread,
)
bodies(
    {
        "event_past": (EVENT | {"scheduled_start_time": "2020-01-01T12:00:00+00:00"}, EVENT),
        "event_end": (EVENT | {"scheduled_end_time": None}, EVENT),
        "event_location": (EVENT | {"entity_metadata": None}, EVENT),
        "event_name": (EVENT | {"name": "x" * 101}, EVENT | {"name": "x" * 100}),
    },
    schedule,
)


lacking("create_threads", May.CREATE_PUBLIC_THREADS, "POST", "/channels/{channel}/threads", THREAD)
lacking("pin_messages", May.PIN_MESSAGES, "PUT", "/channels/{channel}/messages/pins/{message}")


@breaks("create_private_threads")
async def _(bench: Bench) -> Answer:
    body = THREAD | {"type": PRIVATE_THREAD}
    refused = await start_thread(bench, body)
    bench.server.allow(bench.channel, May.CREATE_PRIVATE_THREADS)
    assert (await start_thread(bench, body)).said["type"] == PRIVATE_THREAD
    bench.server.deny(bench.channel, May.CREATE_PRIVATE_THREADS)
    assert refused.status == 403
    return await start_thread(bench, body)


async def thread(bench: Bench) -> tuple[Channel, Message]:
    """A thread, and a message in it."""
    made = (await start_thread(bench, THREAD)).said
    channel = bench.world.channels[int(made["id"])]
    said = (await bench.send(PLAIN, channel)).said
    return channel, channel.messages[int(said["id"])]


@breaks("send_in_threads")
async def _(bench: Bench) -> Answer:
    channel, _said = await thread(bench)
    bench.server.deny(bench.channel, May.SEND_MESSAGES)
    assert (await bench.send(PLAIN, channel)).status == 200
    bench.server.deny(bench.channel, May.SEND_MESSAGES_IN_THREADS)
    return await bench.send(PLAIN, channel)


@breaks("archived_thread")
async def _(bench: Bench) -> Answer:
    channel, message = await thread(bench)
    assert (await bench.call("PATCH", bench.path(message), PLAIN)).status == 200
    bench.server.archive(channel)
    return await bench.call("PATCH", bench.path(message), PLAIN)


@breaks("thread_unarchived")
async def _(bench: Bench) -> None:
    channel, _said = await thread(bench)
    bench.server.archive(channel)
    assert (await bench.send(PLAIN, channel)).status == 200
    assert not channel.archived


@breaks("locked_thread")
async def _(bench: Bench) -> Answer:
    channel, _said = await thread(bench)
    bench.server.archive(channel, locked=True)
    return await bench.send(PLAIN, channel)


@breaks("thread_once")
async def _(bench: Bench) -> Answer:
    message = await bench.sent()
    path = bench.path(message) + "/threads"
    assert (await bench.call("POST", path, {"name": "talk"})).said["id"] == str(message.id)
    return await bench.call("POST", path, {"name": "talk"})


@breaks("pins_full")
async def _(bench: Bench) -> Answer:
    for _n in range(250):
        bench.written().pinned_at = bench.server.clock.now()
    pins = await bench.call("GET", f"{bench.messages}/pins")
    assert (len(pins.said["items"]), pins.said["has_more"]) == (50, True)
    message = bench.written()
    return await bench.call("PUT", f"{bench.messages}/pins/{message.id}")


@breaks("event_permission")
async def _(bench: Bench) -> Answer:
    assert (await schedule(bench, EVENT)).said["name"] == EVENT["name"]
    bench.server.grant(bench.guild, INVITED & ~May.CREATE_EVENTS)
    return await schedule(bench, EVENT)


@breaks("events_full")
async def _(bench: Bench) -> Answer:
    bench.guild.events |= {n: {} for n in range(100)}
    return await schedule(bench, EVENT)


def giving(bench: Bench, role: int, user: int | None = None) -> str:
    return f"/guilds/{bench.guild.id}/members/{user or bench.ada.id}/roles/{role}"


@breaks("manage_roles")
async def _(bench: Bench) -> Answer:
    role = bench.server.role(bench.guild, "winner", below=True)
    assert (await bench.call("PUT", giving(bench, role.id))).status == 204
    assert role.id in bench.guild.members[bench.ada.id].roles
    bench.server.grant(bench.guild, NOTHING)
    return await bench.call("PUT", giving(bench, role.id))


@breaks("role_hierarchy")
async def _(bench: Bench) -> Answer:
    return await bench.call("PUT", giving(bench, bench.server.role(bench.guild, "boss").id))


@breaks("unknown_role")
async def _(bench: Bench) -> Answer:
    return await bench.call("PUT", giving(bench, 1))


@breaks("unknown_member")
async def _(bench: Bench) -> Answer:
    return await bench.call("PUT", giving(bench, 1, user=1))


@breaks("unknown_guild")
async def _(bench: Bench) -> Answer:
    bench.server.kick(bench.guild)
    return await bench.call("GET", f"/guilds/{bench.guild.id}")


@breaks("unknown_user")
async def _(bench: Bench) -> Answer:
    assert (await bench.call("GET", f"/users/{bench.ada.id}")).said["username"] == "ada"
    return await bench.call("GET", "/users/1")
