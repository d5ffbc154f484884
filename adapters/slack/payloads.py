"""What Slack sends, read into one value: who did what, where, and how they can be answered. Pure.

https://docs.slack.dev/reference/interaction-payloads,
https://docs.slack.dev/interactivity/implementing-slash-commands,
https://docs.slack.dev/apis/events-api.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.models import Address, SpaceRef, UserRef

Json = Mapping[str, Any]

PLATFORM = "slack"


@dataclass(frozen=True, slots=True)
class Heard:
    """One event. What is not there is empty.

    `event` is the id that stays the same when Slack sends the event again: `event_id` of an
    event, `trigger_id` of an interaction. `view` is the view that was acted in, `home` says that
    it is the Home tab; `private` that the message acted on is an ephemeral one; `kept` is what
    the view carries along. `response_url` lets whoever has it write, as `token` does elsewhere.
    """

    event: str
    team: str
    user: str
    channel: str = ""
    thread: str = ""
    message: str = ""
    trigger: str = field(default="", repr=False)
    response_url: str = field(default="", repr=False)
    view: str = ""
    home: bool = False
    private: bool = False
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def space(self) -> SpaceRef:
        """The workspace; what is said to Muse alone is a space of its own."""
        if self.channel.startswith("D"):
            return SpaceRef(PLATFORM, f"{self.team}:{self.channel}")
        return SpaceRef(PLATFORM, self.team)

    @property
    def author(self) -> UserRef:
        """Who did it."""
        return UserRef(PLATFORM, self.user)

    @property
    def address(self) -> Address:
        """Where what comes of it is posted. Its token names whom a streamed reply is for."""
        return Address(self.space, self.channel, self.thread, self.user if self.thread else "")

    def among(self, kept: Mapping[str, str]) -> Heard:
        """The same, in the place that a view says it was opened from."""
        return replace(
            self,
            channel=self.channel or kept.get("channel", ""),
            thread=self.thread or kept.get("thread", ""),
            kept=kept,
        )


def team_of_space(space: SpaceRef) -> str:
    """The workspace of a space, whichever kind it is."""
    return space.id.partition(":")[0]


def slash(body: Json) -> Heard:
    """A slash command."""
    return Heard(
        event=_event(body),
        team=str(body.get("team_id") or ""),
        user=str(body.get("user_id") or ""),
        channel=str(body.get("channel_id") or ""),
        trigger=str(body.get("trigger_id") or ""),
        response_url=str(body.get("response_url") or ""),
    )


def interaction(body: Json) -> Heard:
    """A click, a choice, a form that was sent, a shortcut."""
    container = _object(body, "container")
    view = _object(body, "view")
    message = _object(body, "message")
    heard = Heard(
        event=_event(body),
        team=_team(body, view),
        user=_text(_object(body, "user"), "id"),
        channel=_text(_object(body, "channel"), "id") or _text(container, "channel_id"),
        thread=_text(message, "thread_ts") or _text(container, "thread_ts"),
        message=_text(container, "message_ts") or _text(body, "message_ts"),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        view=_text(view, "id"),
        home=view.get("type") == "home",
        private=bool(container.get("is_ephemeral")),
    )
    return heard.among(carried(_text(view, "private_metadata"))) if view else heard


def event(body: Json) -> Heard:
    """An event of the Events API, such as a mention."""
    inner = _object(body, "event")
    authorizations = body.get("authorizations") or [{}]
    return Heard(
        event=f"{PLATFORM}:{_text(body, 'event_id')}",
        team=_text(authorizations[0], "team_id") or _text(body, "team_id"),
        user=_text(inner, "user"),
        channel=_text(inner, "channel"),
        thread=_text(inner, "thread_ts"),
        message=_text(inner, "ts"),
    )


def carried(metadata: str) -> dict[str, str]:
    """What a view of the adapter's carries along."""
    if not metadata:
        return {}
    held = json.loads(metadata)
    return {str(key): str(value) for key, value in held.items()}


def carry(kept: Mapping[str, str]) -> str:
    """The same as the view's metadata; what is empty is left out."""
    return json.dumps({key: value for key, value in kept.items() if value}, ensure_ascii=False)


def enterprise_of(body: Json) -> str:
    """The organisation whose installation an event comes from, where it is an organisation's."""
    whole = (body.get("authorizations") or [body])[0]
    if whole.get("is_enterprise_install") not in (True, "true"):
        return ""
    named = whole.get("enterprise_id") or body.get("enterprise_id") or body.get("enterprise")
    return _text(named, "id") if isinstance(named, Mapping) else str(named or "")


def _event(body: Json) -> str:
    """An interaction's id. A trigger is one interaction's alone, and comes along with it again."""
    return f"{PLATFORM}:{_text(body, 'trigger_id') or _text(body, 'action_ts')}"


def _team(body: Json, view: Json) -> str:
    """The workspace that Muse is installed in. With an organisation's installation `team` is
    empty; of a view opened from another workspace, `app_installed_team_id` is the one meant.
    """
    return (
        _text(view, "app_installed_team_id")
        or _text(_object(body, "team"), "id")
        or _text(_object(body, "user"), "team_id")
        or _text(view, "team_id")
    )


def _object(body: Json, key: str) -> Json:
    held = body.get(key)
    return held if isinstance(held, Mapping) else {}


def _text(held: Json, key: str) -> str:
    value = held.get(key)
    return value if isinstance(value, str) else ""
