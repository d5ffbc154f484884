"""What Slack sends to an app: slash commands, interactions and events, as they are documented.

https://docs.slack.dev/interactivity/implementing-slash-commands,
https://docs.slack.dev/reference/interaction-payloads, https://docs.slack.dev/apis/events-api.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.fakes.slack_state import Channel, Json, Member, Message, View, Workspace

if TYPE_CHECKING:
    from tests.fakes.slack_core import SlackCore

#: What a member typed as a mention of somebody or of a channel; the rest is escaped.
_MARKUP = re.compile(r"(<[@#][A-Z0-9]+(?:\|[^>]*)?>)")
#: The token of old, which Slack still sends.
VERIFICATION = "verification-token-of-old"


def typed(text: str) -> str:
    """A text as Slack sends it on: `&`, `<` and `>` are entities, mentions are kept.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    parts = _MARKUP.split(text)
    return "".join(
        part if at % 2 else part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for at, part in enumerate(parts)
    )


def organisation(space: Workspace) -> Json | None:
    """The organisation that the app is installed for, as payloads and grants name it."""
    if not space.organisation:
        return None
    return {"id": space.organisation, "name": space.organisation.lower()}


def _head(slack: SlackCore, member: Member, kind: str) -> Json:
    space = slack.world.workspaces[member.team]
    person = {"id": member.id, "username": member.name, "name": member.name, "team_id": member.team}
    return {
        "type": kind,
        "token": VERIFICATION,
        "api_app_id": slack.app_id,
        "team": {"id": space.id, "domain": space.domain},
        "user": person,
        "enterprise": organisation(space),
        "is_enterprise_install": bool(space.organisation),
    }


def slash(
    slack: SlackCore, member: Member, channel: Channel, command: str, text: str, **extra: str
) -> Json:
    """A slash command; `extra` holds trigger_id and response_url."""
    space = slack.world.workspaces[member.team]
    return (
        {
            "token": VERIFICATION,
            "team_id": space.id,
            "team_domain": space.domain,
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": member.id,
            "user_name": member.name,
            "command": command,
            "text": typed(text),
            "api_app_id": slack.app_id,
            "is_enterprise_install": "true" if space.organisation else "false",
        }
        | ({"enterprise_id": space.organisation} if space.organisation else {})
        | extra
    )


def _where(slack: SlackCore, place: Message | View) -> Json:
    """The container of an interaction, and what it holds."""
    from tests.fakes.slack_views import shown

    if isinstance(place, View):
        return {
            "container": {"type": "view", "view_id": place.id},
            "view": shown(slack, place),
        }
    channel = slack.world.channels[place.channel]
    private = place.ephemeral_to is not None
    held: Json = {
        "container": {
            "type": "message",
            "message_ts": place.ts,
            "channel_id": channel.id,
            "is_ephemeral": private,
        },
        "channel": {"id": channel.id, "name": channel.name},
    }
    if place.thread_ts:
        held["container"]["thread_ts"] = place.thread_ts
    # The source of an ephemeral message's action is not sent along.
    return held if private else held | {"message": place.body}


def block_actions(
    slack: SlackCore,
    member: Member,
    place: Message | View,
    action: Json,
    values: Json,
    **extra: str,
) -> Json:
    """A click or a choice in a message or a view."""
    said = _head(slack, member, "block_actions") | _where(slack, place)
    if isinstance(place, Message):
        said["state"] = {"values": values}
    return said | {"actions": [action | {"action_ts": slack.world.ts()}]} | extra


def view_submission(slack: SlackCore, member: Member, view: View, trigger_id: str) -> Json:
    from tests.fakes.slack_views import shown

    head = _head(slack, member, "view_submission")
    return head | {"trigger_id": trigger_id, "view": shown(slack, view), "response_urls": []}


def view_closed(slack: SlackCore, member: Member, view: View, *, cleared: bool) -> Json:
    from tests.fakes.slack_views import shown

    return _head(slack, member, "view_closed") | {
        "view": shown(slack, view),
        "is_cleared": cleared,
    }


def shortcut(slack: SlackCore, member: Member, callback_id: str, trigger_id: str) -> Json:
    head = _head(slack, member, "shortcut")
    return head | {
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "action_ts": slack.world.ts(),
    }


def message_action(
    slack: SlackCore, member: Member, message: Message, callback_id: str, **extra: str
) -> Json:
    channel = slack.world.channels[message.channel]
    head = _head(slack, member, "message_action")
    return (
        head
        | {
            "callback_id": callback_id,
            "channel": {"id": channel.id, "name": channel.name},
            "message": message.body,
            "message_ts": message.ts,
            "action_ts": slack.world.ts(),
        }
        | extra
    )


def block_suggestion(
    slack: SlackCore, member: Member, place: Message | View, element: Json, block: str, said: str
) -> Json:
    """What is typed in a menu whose options the app gives."""
    head = _head(slack, member, "block_suggestion") | _where(slack, place)
    return head | {"action_id": element["action_id"], "block_id": block, "value": said}


def event(slack: SlackCore, team: str, inner: Json) -> Json:
    """An event in its wrapper. https://docs.slack.dev/apis/events-api#event-type-structure."""
    space = slack.world.workspaces[team]
    authorization = {
        "enterprise_id": space.organisation or None,
        "team_id": team,
        "user_id": space.bot_user,
        "is_bot": True,
        "is_enterprise_install": bool(space.organisation),
    }
    return {
        "token": VERIFICATION,
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": space.organisation or None,
        "api_app_id": slack.app_id,
        "event": {"event_ts": slack.world.ts()} | inner,
        "type": "event_callback",
        "event_id": slack.world.id("Ev"),
        "event_time": int(slack.world.clock.now()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": "4-of-the-fake",
    }


def organisations_event(slack: SlackCore, organisation: str, inner: Json) -> Json:
    """An event that is of no workspace, but of the organisation that the app is installed for.

    https://docs.slack.dev/reference/events/team_access_revoked
    """
    authorization = {
        "enterprise_id": organisation,
        "team_id": None,
        "user_id": None,
        "is_bot": False,
        "is_enterprise_install": True,
    }
    return {
        "token": VERIFICATION,
        "team_id": None,
        "enterprise_id": organisation,
        "api_app_id": slack.app_id,
        "event": {"event_ts": slack.world.ts()} | inner,
        "type": "event_callback",
        "event_id": slack.world.id("Ev"),
        "event_time": int(slack.world.clock.now()),
        "authorizations": [authorization],
    }


def message_event(channel: Channel, body: Json) -> Json:
    """The event that a message was said. https://docs.slack.dev/reference/events/message."""
    kind = {"im": "im", "group": "group"}.get(channel.kind, "channel")
    return body | {"channel": channel.id, "channel_type": kind, "event_ts": body["ts"]}


def joined_event(channel: Channel, user: str, ts: str, inviter: str = "") -> Json:
    """Somebody is in a channel now; `inviter` is not there where they came by themselves.

    https://docs.slack.dev/reference/events/member_joined_channel
    """
    told: Json = {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.kind == "group" else "C",
        "team": channel.team,
        "event_ts": ts,
    }
    return told | {"inviter": inviter} if inviter else told


def changed_event(channel: Channel, body: Json, ts: str) -> Json:
    """https://docs.slack.dev/reference/events/message/message_changed."""
    said: Json = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": ts}
    return message_event(channel, said | {"message": body})


def chosen_value(element: Json, value: Any) -> Json:
    """What an element holds after a choice, as `state.values` and `actions` tell it.

    Raises LookupError where the element does not offer that, as no member could choose it.
    """
    kind = element["type"]
    if kind in ("static_select", "radio_buttons", "overflow"):
        return {"type": kind, "selected_option": _option(element, value)}
    if kind in ("multi_static_select", "checkboxes"):
        return {"type": kind, "selected_options": [_option(element, each) for each in value]}
    keys = {
        "external_select": "selected_option",
        "users_select": "selected_user",
        "multi_users_select": "selected_users",
        "channels_select": "selected_channel",
        "conversations_select": "selected_conversation",
        "datepicker": "selected_date",
        "timepicker": "selected_time",
        "datetimepicker": "selected_date_time",
    }
    return {"type": kind, keys.get(kind, "value"): value}


def _option(element: Json, value: str) -> Json:
    groups = element.get("option_groups") or [{"options": element.get("options") or []}]
    for option in (one for group in groups for one in group["options"]):
        if option["value"] == value:
            return dict(option)
    offered = [one["value"] for group in groups for one in group["options"]]
    raise LookupError(f"{element.get('action_id')} offers {offered}, not {value!r}")
