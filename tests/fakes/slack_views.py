"""views.*: modals, their stack of three, and App Home.

https://docs.slack.dev/surfaces/modals. What a member does in a view is in `slack_members.py`;
what the app answers to that comes back here (`answer_submission`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.fakes.slack_block_shapes import view_problems
from tests.fakes.slack_blocks import VIEW_BYTES, named, refuse
from tests.fakes.slack_rules import Refused
from tests.fakes.slack_state import Json, Trigger, View
from tests.fakes.slack_web_api import Call, method

if TYPE_CHECKING:
    from tests.fakes.slack_core import SlackCore

STACK_MOST = 3


def checked(slack: SlackCore, body: Any, surface: str) -> Json:
    """A view as it is to be held; raises `Refused`."""
    if len(json.dumps(body)) > VIEW_BYTES:
        raise Refused("view-size")
    refuse(view_problems(body, surface, slack.file_ids()), "invalid_arguments")
    return dict(body) | {"blocks": named(body["blocks"], slack.numbers)}


def shown(slack: SlackCore, view: View) -> Json:
    """A view as Slack tells it to the app.

    https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
    """
    space = slack.world.workspaces[view.team]
    usual: Json = {"private_metadata": "", "callback_id": "", "external_id": ""}
    usual |= {"clear_on_close": False, "notify_on_close": False, "close": None, "submit": None}
    return (
        usual
        | view.body
        | {
            "id": view.id,
            "team_id": view.team,
            "app_id": slack.app_id,
            "bot_id": space.bot_id,
            "app_installed_team_id": view.team,
            "hash": view.hash,
            "root_view_id": view.root,
            "previous_view_id": view.previous,
            "state": {"values": view.values},
        }
    )


def stack(slack: SlackCore, view: View) -> list[View]:
    """The open views of the modal that a view is in, from the root up."""
    held = slack.world.views.values()
    return [each for each in held if each.root == view.root and each.open]


def _trigger(call: Call) -> Trigger:
    call.need("trigger_id")
    trigger = call.world.triggers.get(call.text("trigger_id"))
    if trigger is None or trigger.team != call.space.id:
        raise Refused("trigger-known")
    if trigger.used:
        raise Refused("trigger-once")
    if call.world.clock.now() - trigger.born > call.world.trigger_life:
        raise Refused("trigger-fresh")
    return trigger


def _external(slack: SlackCore, body: Json, but: View | None = None) -> None:
    name = body.get("external_id")
    for view in slack.world.views.values():
        if name and view is not but and view.open and view.body.get("external_id") == name:
            raise Refused("view-external")


def _made(slack: SlackCore, trigger: Trigger, body: Json, below: View | None) -> View:
    number = slack.world.id("V")
    view = View(
        number,
        trigger.team,
        trigger.user,
        body,
        _hash(slack),
        below.root if below else number,
        below.id if below else None,
        slack.world.touch(),
    )
    slack.world.views[number] = view
    slack.world.touch()
    return view


def _hash(slack: SlackCore) -> str:
    return f"{int(slack.world.clock.now())}.{next(slack.numbers):08x}"


def replace(slack: SlackCore, view: View, body: Json) -> None:
    """Puts another body into a view; what was typed stays where block and action are the same."""
    view.body = body
    view.hash = _hash(slack)
    view.errors = {}
    kept = {str(each.get("block_id")) for each in body["blocks"]}
    view.values = {block: held for block, held in view.values.items() if block in kept}
    view.at = slack.world.touch()


@method("views.open")
def open_view(call: Call) -> Json:
    call.need("view")
    trigger = _trigger(call)
    body = checked(call.slack, call.json("view"), "modal")
    _external(call.slack, body)
    trigger.used = True
    return {"view": shown(call.slack, _made(call.slack, trigger, body, None))}


@method("views.push")
def push(call: Call) -> Json:
    call.need("view")
    trigger = _trigger(call)
    below = call.world.views.get(trigger.view or "")
    if below is None or not below.open:
        raise Refused("view-known")
    body = checked(call.slack, call.json("view"), "modal")
    _external(call.slack, body)
    view = pushed(call.slack, trigger, below, body)
    trigger.used = True
    return {"view": shown(call.slack, view)}


def pushed(slack: SlackCore, trigger: Trigger, below: View, body: Json) -> View:
    """Puts a view on top of a modal's stack."""
    views = stack(slack, below)
    if len(views) >= STACK_MOST:
        raise Refused("view-stack")
    return _made(slack, trigger, body, views[-1])


@method("views.update")
def update(call: Call) -> Json:
    call.need("view")
    wanted, external = call.text("view_id"), call.text("external_id")
    if not wanted and not external:
        call.need("view_id")
    found = None
    for view in call.world.views.values():
        named = external and view.body.get("external_id") == external
        if view.team == call.space.id and view.open and (view.id == wanted or named):
            found = view
    home = next((h for h in call.world.homes.values() if h.id == wanted), None)
    found = found or home
    if found is None:
        raise Refused("view-known")
    if call.text("hash") and call.text("hash") != found.hash:
        raise Refused("view-hash")
    body = checked(call.slack, call.json("view"), "home" if found is home else "modal")
    _external(call.slack, body, but=found)
    replace(call.slack, found, body)
    return {"view": shown(call.slack, found)}


@method("views.publish")
def publish(call: Call) -> Json:
    call.need("user_id", "view")
    if not call.space.home_enabled:
        raise Refused("home-enabled")
    member = call.world.members.get(call.text("user_id"))
    if member is None or member.team != call.space.id:
        raise Refused("user-known")
    body = checked(call.slack, call.json("view"), "home")
    home = call.world.homes.get(member.id)
    if home is None:
        number = call.world.id("V")
        at = call.world.touch()
        home = View(number, member.team, member.id, body, _hash(call.slack), number, None, at)
        call.world.homes[member.id] = home
        call.world.touch()
    else:
        if call.text("hash") and call.text("hash") != home.hash:
            raise Refused("view-hash")
        replace(call.slack, home, body)
    return {"view": shown(call.slack, home)}


def answer_submission(slack: SlackCore, view: View, trigger: Trigger, answer: Any) -> None:
    """Does what a submission was answered with; raises `Refused`.

    https://docs.slack.dev/surfaces/modals#closing_views: without an answer the view closes.
    """
    if not answer:
        _close(slack, [view])
        return
    action = answer.get("response_action") if isinstance(answer, dict) else None
    if action == "clear":
        _close(slack, stack(slack, view))
    elif action == "errors":
        inputs = {each["block_id"] for each in view.blocks if each["type"] == "input"}
        errors = answer.get("errors")
        if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
            raise Refused("submission-errors")
        view.errors = {str(block): str(said) for block, said in errors.items()}
        view.at = slack.world.touch()
    elif action == "update":
        replace(slack, view, checked(slack, answer.get("view"), "modal"))
    elif action == "push":
        pushed(slack, trigger, view, checked(slack, answer.get("view"), "modal"))
    else:
        raise Refused("submission-action")


def _close(slack: SlackCore, views: list[View]) -> None:
    for view in views:
        view.open = False
    slack.world.touch()
