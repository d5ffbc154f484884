"""The app manifest that is right for the settings: all that Muse uses, and nothing else. Pure.

https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from adapters.slack import words
from adapters.slack.options import EVENTS_PATH, REDIRECT_PATH, SlackOptions
from adapters.slack.ways_in import ASK_CALLBACK, ON_THIS_CALLBACK, REMIX_CALLBACK
from bot.errors import SetupError

Json = dict[str, Any]

#: What a bot's token needs to call each method that the adapter calls: every one of these, since
#: which of them it is depends on the kind of place. A test holds it to the calls.
#: https://docs.slack.dev/reference/methods has a page on each.
SCOPES: Final[Mapping[str, tuple[str, ...]]] = {
    "auth.test": (),
    "chat.appendStream": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.startStream": ("chat:write",),
    "chat.stopStream": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": (
        "channels:history",
        "groups:history",
        "im:history",
        "mpim:history",
    ),
    "conversations.info": ("channels:read", "groups:read", "im:read", "mpim:read"),
    "conversations.join": ("channels:join",),
    "conversations.open": ("im:write",),
    "conversations.replies": (
        "channels:history",
        "groups:history",
        "im:history",
        "mpim:history",
    ),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "oauth.v2.access": (),
    "pins.add": ("pins:write",),
    "pins.remove": ("pins:write",),
    "usergroups.list": ("usergroups:read",),
    "users.info": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}
#: What an app needs to be sent each event that the adapter listens for.
#: https://docs.slack.dev/reference/events has a page on each.
EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "member_joined_channel": ("channels:read", "groups:read"),
    "message.im": ("im:history",),
    "team_access_revoked": (),
    "team_join": ("users:read",),
    "tokens_revoked": (),
}
#: What comes only where an organisation may install Muse for all of its workspaces.
ORGANISATIONS: Final = frozenset({"team_access_revoked"})
#: What commands and shortcuts need.
COMMANDS: Final = ("commands",)


def bot_scopes() -> tuple[str, ...]:
    """Every scope that Muse needs, by name."""
    needed = [*SCOPES.values(), *EVENTS.values(), COMMANDS]
    return tuple(sorted({scope for scopes in needed for scope in scopes}))


def manifest(options: SlackOptions) -> Json:
    """The manifest for these settings, to be pasted where an app is made.

    An app comes before its tokens: where the settings name neither way by which events come,
    it is the web if Muse has an address there, else Socket Mode. Raises `SetupError` where Slack
    would not take the address, or where it is missing.
    """
    public = _public(options)
    by_socket = options.socket or not public
    address = "" if by_socket else f"{public}{EVENTS_PATH}"
    command: Json = {
        "command": options.command,
        "description": words.COMMAND_LINE,
        "usage_hint": words.COMMAND_HINT,
        "should_escape": False,
    }
    interactivity: Json = {"is_enabled": True}
    wanted = EVENTS if options.many else EVENTS.keys() - ORGANISATIONS
    events: Json = {"bot_events": sorted(wanted)}
    if address:
        command["url"] = address
        interactivity["request_url"] = address
        events["request_url"] = address
    oauth: Json = {"scopes": {"bot": list(bot_scopes())}}
    if options.many and public:
        oauth["redirect_urls"] = [f"{public}{REDIRECT_PATH}"]
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": words.APP,
            "description": words.DESCRIPTION,
            "long_description": words.LONG_DESCRIPTION,
            "background_color": "#2b2140",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": words.APP, "always_online": True},
            "shortcuts": [
                _shortcut("global", ASK_CALLBACK, words.SHORTCUT_ASK, words.SHORTCUT_ASK_LINE),
                _shortcut(
                    "message",
                    ON_THIS_CALLBACK,
                    words.SHORTCUT_ON_THIS,
                    words.SHORTCUT_ON_THIS_LINE,
                ),
                _shortcut(
                    "message", REMIX_CALLBACK, words.SHORTCUT_REMIX, words.SHORTCUT_REMIX_LINE
                ),
            ],
            "slash_commands": [command],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": options.many,
            "socket_mode_enabled": by_socket,
            "token_rotation_enabled": options.many and options.token_rotation,
        },
    }


def purpose(options: SlackOptions) -> str:
    """What the manifest for these settings is for, and what makes it one for something else."""
    way = words.BY_SOCKET if options.socket or not options.public_url else words.BY_WEB
    return f"{way} {words.FOR_MANY if options.many else words.FOR_ONE}"


def _public(options: SlackOptions) -> str:
    """Where the world reaches Muse; empty where it need not."""
    public = (options.public_url or "").rstrip("/")
    if not public and not options.socket and options.signing_secret is not None:
        raise SetupError(
            "SLACK_SIGNING_SECRET is set and SLACK_APP_TOKEN is not, so events come over the web: "
            "the manifest needs MUSE_PUBLIC_URL, the https address at which Slack reaches Muse."
        )
    if not public and options.many:
        raise SetupError(
            "Installing over the web needs MUSE_PUBLIC_URL, the https address at which browsers "
            "reach Muse."
        )
    if public and not public.startswith("https://"):
        raise SetupError(
            "Slack takes https addresses only: MUSE_PUBLIC_URL has to begin with https://."
        )
    return public


def _shortcut(kind: str, callback: str, name: str, line: str) -> Json:
    return {"type": kind, "callback_id": callback, "name": name, "description": line}
