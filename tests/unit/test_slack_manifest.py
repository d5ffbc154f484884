"""The manifest: Slack's schema takes it, and it asks for all that is used and nothing else."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from slack_sdk.web.async_client import AsyncWebClient

import adapters.slack
from adapters.slack.limits import PER_MINUTE
from adapters.slack.manifest import EVENTS, ORGANISATIONS, SCOPES, bot_scopes, manifest
from adapters.slack.options import SlackOptions
from bot.errors import SetupError

ONE = SlackOptions(bot_token="xoxb-1", app_token="xapp-1")
OVER_WEB = SlackOptions(
    bot_token="xoxb-1", signing_secret="s", public_url="https://muse.example.org/"
)
MANY = SlackOptions(
    client_id="1.2",
    client_secret="c",
    signing_secret="s",
    public_url="https://muse.example.org",
    token_rotation=True,
)
WAYS = {
    "socket": ONE,
    "web": OVER_WEB,
    "many": MANY,
    "many_by_socket": replace(MANY, app_token="x"),
}
#: What slack_sdk and Bolt call for the adapter, beside what it calls by name.
WITHIN = {
    "files_upload_v2": ("files.getUploadURLExternal", "files.completeUploadExternal"),
}
#: Called with an app-level token, whose scope no manifest asks for.
BY_APP_TOKEN = {"apps.connections.open"}


@pytest.mark.parametrize("options", WAYS.values(), ids=WAYS)
def test_slacks_schema_takes_the_manifest(options: SlackOptions) -> None:
    named = os.environ.get("SLACK_MANIFEST_SCHEMA")
    if named is None:
        pytest.skip("SLACK_MANIFEST_SCHEMA names no file")
    schema = json.loads(Path(named).read_text(encoding="utf-8"))
    jsonschema.validate(manifest(options), schema)


@pytest.mark.parametrize("options", WAYS.values(), ids=WAYS)
def test_the_manifest_is_json_and_within_slacks_lengths(options: SlackOptions) -> None:
    """https://docs.slack.dev/reference/app-manifest has the lengths."""
    made = json.loads(json.dumps(manifest(options)))
    about, features = made["display_information"], made["features"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
    assert len(features["slash_commands"][0]["description"]) <= 2000
    assert len(features["slash_commands"][0]["usage_hint"]) <= 1000


def test_by_socket_mode_there_is_no_address_in_it() -> None:
    made = manifest(ONE)
    assert made["settings"]["socket_mode_enabled"] is True
    assert "http" not in json.dumps(made)


def test_over_the_web_every_way_leads_to_the_one_address() -> None:
    made = manifest(OVER_WEB)
    address = "https://muse.example.org/slack/events"
    assert made["settings"]["event_subscriptions"]["request_url"] == address
    assert made["settings"]["interactivity"]["request_url"] == address
    assert made["features"]["slash_commands"][0]["url"] == address
    assert "redirect_urls" not in made["oauth_config"]


def test_where_many_install_it_there_is_a_way_back() -> None:
    made = manifest(MANY)
    assert made["oauth_config"]["redirect_urls"] == [
        "https://muse.example.org/slack/oauth_redirect"
    ]
    assert made["settings"]["token_rotation_enabled"] is True
    by_socket = manifest(WAYS["many_by_socket"])
    assert by_socket["oauth_config"]["redirect_urls"]
    assert "request_url" not in by_socket["settings"]["interactivity"]


def test_the_command_is_called_what_the_setting_says() -> None:
    made = manifest(replace(ONE, command="/write"))
    assert made["features"]["slash_commands"][0]["command"] == "/write"


def test_every_method_that_is_called_is_in_the_table_and_no_other() -> None:
    assert set(called()) - BY_APP_TOKEN == set(SCOPES)
    assert set(PER_MINUTE) <= set(SCOPES)


def test_every_event_that_is_listened_for_is_in_the_table_and_no_other() -> None:
    listened = {"message" if name == "message" else name for name in listeners()}
    assert listened == {"message" if n.startswith("message.") else n for n in EVENTS}


def test_what_comes_to_organisations_alone_is_asked_for_where_they_can_install_it() -> None:
    for options in WAYS.values():
        made = manifest(options)["settings"]
        asked = set(made["event_subscriptions"]["bot_events"])
        assert asked == EVENTS.keys() - (() if made["org_deploy_enabled"] else ORGANISATIONS)
    assert EVENTS.keys() > ORGANISATIONS


def test_the_scopes_are_those_of_the_methods_events_and_commands() -> None:
    needed = {scope for method in called() for scope in SCOPES.get(method, ())}
    needed |= {scope for scopes in EVENTS.values() for scope in scopes}
    assert set(bot_scopes()) == needed | {"commands"}
    assert manifest(ONE)["oauth_config"]["scopes"] == {"bot": sorted(needed | {"commands"})}


def test_every_shortcut_has_a_listener() -> None:
    callbacks = {s["callback_id"] for s in manifest(ONE)["features"]["shortcuts"]}
    source = (Path(adapters.slack.__file__).parent / "listeners.py").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(\w+_CALLBACK)\)", source))
    from adapters.slack import ways_in

    assert callbacks == {getattr(ways_in, name) for name in named}


@pytest.mark.parametrize(
    "options",
    [
        SlackOptions(),
        SlackOptions(bot_token="b"),
        replace(MANY, bot_token="b"),
        replace(MANY, public_url=None),
        SlackOptions(client_id="1"),
    ],
)
def test_what_can_not_work_is_said_before_anything_connects(options: SlackOptions) -> None:
    with pytest.raises(SetupError, match="_"):
        options.check()


def test_no_secret_is_in_a_repr() -> None:
    options = replace(
        MANY, bot_token="xoxb-secret", app_token="xapp-secret", client_secret="sss-secret"
    )
    assert "secret=" not in repr(options)
    assert "-secret" not in repr(options)


def called() -> set[str]:
    """The methods of the Web API that the adapter calls, by its source."""
    found: set[str] = set()
    for tree in trees():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            name = node.func.attr
            if name in WITHIN:
                found.update(WITHIN[name])
            elif re.match(r"[a-z]+_[a-zA-Z]", name) and hasattr(AsyncWebClient, name):
                found.add(_method(name))
    return found


def _method(name: str) -> str:
    """The method that a function of slack_sdk's client calls, by its own source."""
    import inspect
    import textwrap

    source = textwrap.dedent(inspect.getsource(getattr(AsyncWebClient, name)))
    return next(
        str(node.args[0].value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "api_call"
        and isinstance(node.args[0], ast.Constant)
    )


def listeners() -> Iterator[str]:
    """The events that the adapter listens for, by its source."""
    for tree in trees():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "event"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield str(node.args[0].value)


def trees() -> Iterator[ast.Module]:
    for path in Path(adapters.slack.__file__).parent.glob("*.py"):
        yield ast.parse(path.read_text(encoding="utf-8"))
