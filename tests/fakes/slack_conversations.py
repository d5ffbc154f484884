"""Conversations, people and their groups, pins, auth, api.test and the status of a thread."""

from __future__ import annotations

from typing import Any

from tests.fakes import slack_payloads
from tests.fakes.slack_rules import Refused
from tests.fakes.slack_state import Channel, Json, Member, Message
from tests.fakes.slack_web_api import Call, by_kind, method

#: Items a page, where the call asks for none and at most, by method. Each method's page has them:
#: https://docs.slack.dev/reference/methods/conversations.replies, conversations.history,
#: conversations.members.
PAGES = {"replies": (1_000, 1_000), "history": (100, 999), "members": (100, 1_000)}


@method("api.test", token="none")
def api_test(call: Call) -> Json:
    if wrong := call.text("error"):
        return {"ok": False, "error": wrong, "args": call.args}
    return {"args": call.args}


@method("auth.test")
def auth_test(call: Call) -> Json:
    space = call.space
    return {
        "url": f"{call.slack.url}/",
        "team": space.name,
        "user": "muse",
        "team_id": space.id,
        "user_id": space.bot_user,
        "bot_id": space.bot_id,
        "is_enterprise_install": False,
    }


@method("auth.revoke")
def auth_revoke(call: Call) -> Json:
    assert call.token is not None
    if not call.flag("test"):
        call.token.revoked = True
    return {"revoked": not call.flag("test")}


def told(channel: Channel) -> Json:
    """A channel as Slack tells it. https://docs.slack.dev/reference/objects/conversation-object."""
    said: Json = {
        "id": channel.id,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": channel.kind == "im",
        "is_private": channel.kind != "channel",
        "is_archived": channel.archived,
        "context_team_id": channel.team,
    }
    return said | ({"user": channel.user} if channel.kind == "im" else {"name": channel.name})


@method("conversations.info", by_kind("read"))
def info(call: Call) -> Json:
    channel = call.channel()
    said = told(channel) | {"is_member": call.space.bot_user in channel.members}
    if call.flag("include_num_members"):
        said["num_members"] = len(channel.members)
    return {"channel": said}


@method("conversations.open", "im:write")
def open_direct(call: Call) -> Json:
    if known := call.world.channels.get(call.text("channel")):
        return {"channel": {"id": known.id}}
    call.need("users")
    member = call.world.members.get(call.text("users"))
    if member is None or member.team != call.space.id:
        raise Refused("user-known")
    if member.deleted:
        raise Refused("user-enabled")
    channel = call.world.direct(member.team, member.id)
    return {"channel": told(channel) if call.flag("return_im") else {"id": channel.id}}


@method("conversations.members", by_kind("read"))
def members(call: Call) -> Json:
    return _page(call, "members", "members", sorted(call.channel().members))


@method("conversations.join", "channels:join")
def join(call: Call) -> Json:
    wanted = call.world.channels.get(call.text("channel"))
    if wanted is not None and wanted.team == call.space.id and wanted.kind != "channel":
        raise Refused("join-public")
    channel = call.channel()
    if channel.archived:
        raise Refused("channel-open")
    if call.space.bot_user not in channel.members and (
        "member_joined_channel" in call.slack.subscriptions
    ):
        inner = slack_payloads.joined_event(channel, call.space.bot_user, call.world.ts())
        call.slack.deliveries.later(
            "events_api", slack_payloads.event(call.slack, call.space.id, inner)
        )
    channel.members.add(call.space.bot_user)
    call.world.touch()
    return {"channel": told(channel) | {"is_member": True}}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    if call.space.bot_user not in channel.members:
        raise Refused("history-joined")
    return channel


def _within(call: Call, messages: list[Message]) -> list[Json]:
    """Those between `oldest` and `latest`, without metadata unless it is asked for."""
    oldest, latest = call.text("oldest") or "0", call.text("latest") or "9999999999"
    same = call.flag("inclusive")
    said = []
    for each in messages:
        if float(oldest) < float(each.ts) < float(latest) or (same and each.ts in (oldest, latest)):
            body = dict(each.body)
            if not call.flag("include_all_metadata"):
                body.pop("metadata", None)
            said.append(body)
    return said


@method("conversations.history", by_kind("history"))
def history(call: Call) -> Json:
    held = [m for m in _readable(call).visible if m.thread_ts in (None, m.ts)]
    return _page(call, "history", "messages", _within(call, held)[::-1])


@method("conversations.replies", by_kind("history"))
def replies(call: Call) -> Json:
    channel = _readable(call)
    call.need("ts")
    root = call.text("ts")
    held = [m for m in channel.visible if root in (m.ts, m.thread_ts)]
    if not held:
        raise Refused("thread-known")
    return _page(call, "replies", "messages", _within(call, held))  # the oldest first


def _page(call: Call, kind: str, name: str, held: list[Any]) -> Json:
    """One page. https://docs.slack.dev/apis/web-api/pagination: perhaps fewer than asked for."""
    usual, most = PAGES[kind]
    start = int(call.text("cursor") or 0)
    most = min(int(call.text("limit") or usual), most, call.world.page_most)
    more = start + most < len(held)
    return {
        name: held[start : start + most],
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + most) if more else ""},
    }


@method("users.info", "users:read")
def user_info(call: Call) -> Json:
    call.need("user")
    member = call.world.members.get(call.text("user"))
    channels = call.world.channels.values()
    met = {who for each in channels if each.team == call.space.id for who in each.members}
    # Who is of another workspace can be asked for where they are in a channel that is shared.
    if member is None or (member.team != call.space.id and member.id not in met):
        raise Refused("user-known")
    return {"user": user_object(member)}


def user_object(member: Member) -> Json:
    """https://docs.slack.dev/reference/objects/user-object"""
    names = {"real_name": member.name, "display_name": member.name}
    return {
        "id": member.id,
        "team_id": member.team,
        "name": member.name,
        "real_name": member.name,
        "deleted": member.deleted,
        "tz": member.tz,
        "profile": names | {"team": member.team},
        "is_admin": member.is_admin,
        "is_owner": member.is_owner,
        "is_primary_owner": False,
        "is_restricted": member.is_restricted,
        "is_ultra_restricted": member.is_ultra_restricted,
        "is_bot": member.is_bot,
        "is_app_user": False,
    }


@method("usergroups.list", "usergroups:read")
def usergroups(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/usergroups.list"""
    space = call.space
    return {
        "usergroups": [
            {
                "id": ident,
                "team_id": space.id,
                "is_usergroup": True,
                "name": handle,
                "description": "",
                "handle": handle,
                "is_external": False,
                "date_delete": 0,
                "auto_type": None,
                "prefs": {"channels": [], "groups": []},
            }
            for ident, handle in space.groups.items()
        ]
    }


@method("team.info", "team:read")
def team_info(call: Call) -> Json:
    space = call.space
    return {"team": {"id": space.id, "name": space.name, "domain": space.domain, "icon": {}}}


def _pinnable(call: Call) -> tuple[Channel, str]:
    channel = call.channel()
    call.need("timestamp")
    if call.space.bot_user not in channel.members:
        raise Refused("history-joined")
    message = channel.messages.get(call.text("timestamp"))
    if message is None or message.deleted or message.ephemeral_to is not None:
        raise Refused("pin-known")
    return channel, message.ts


@method("pins.add", "pins:write")
def pin(call: Call) -> Json:
    channel, ts = _pinnable(call)
    if ts in channel.pins:
        raise Refused("pin-once")
    channel.pins.append(ts)
    return {}


@method("pins.remove", "pins:write")
def unpin(call: Call) -> Json:
    channel, ts = _pinnable(call)
    if ts not in channel.pins:
        raise Refused("pin-there")
    channel.pins.remove(ts)
    return {}


@method("assistant.threads.setStatus", "chat:write")
def set_status(call: Call) -> Json:
    channel = call.channel("channel_id")
    thread = call.text("thread_ts")
    if thread not in channel.messages:
        raise Refused("status-thread")
    call.world.statuses[channel.id, thread] = call.text("status")
    return {}
