from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import limits, options, words
from adapters.discord.invite import NEEDED, invite_url, permissions
from adapters.discord.naming import CALLED, NAMED, native, paths
from adapters.discord.tree import command_hash, commands, completed, completions
from bot.challenge_requests import OpenBallot
from bot.commands import BY_NAME, CHALLENGE, COMMANDS, ORGANISERS, Kind, Param
from bot.community_requests import HideAngle, RemoveLore
from bot.errors import BadInput
from bot.requests import Ask, Help, Invite, Top

#: https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming
NAME = re.compile(r"[-_'\w]{1,32}\Z")
TREE = commands()
BY_TREE = {each["name"]: each for each in TREE}


def option(command: str, name: str) -> dict[str, Any]:
    (found,) = (each for each in BY_TREE[command]["options"] if each["name"] == name)
    return dict(found)


def call(name: str, **given: object) -> dict[str, Any]:
    """A command as Discord sends it."""
    sent = [{"name": key, "type": 3, "value": value} for key, value in given.items()]
    head, _, tail = name.partition(" ")
    if tail:
        sent = [{"name": tail, "type": 1, "options": sent}]
    return {"name": head, "type": 1, "options": sent}


def test_members_see_what_no_button_does_and_organisers_a_group() -> None:
    natives = [spec.name for spec in COMMANDS if native(spec)]
    members = [name for name in natives if " " not in name]
    assert {"muse", "prompt", "spark", "top", "help"} <= set(members)
    assert "vote" not in members
    groups = [CHALLENGE, ORGANISERS]
    assert list(BY_TREE) == [*members, *groups, words.ON_THIS, words.REMIX]
    for group in groups:
        assert sorted(_paths(BY_TREE[group])) == sorted(
            CALLED[name] for name in natives if name.startswith(f"{group} ")
        )
    assert {"challenge enter", "challenge vote", "challenge verdict"} <= set(
        _paths(BY_TREE[CHALLENGE])
    )
    assert f"{ORGANISERS} challenge now" in _paths(BY_TREE[ORGANISERS])


def _paths(command: dict[str, Any]) -> list[str]:
    """What can be called of a command: itself, or all that it holds."""
    held = [each for each in command.get("options", []) if each["type"] in (1, 2)]
    if not held:
        return [command["name"]]
    return [f"{command['name']} {path}" for each in held for path in _paths(each)]


def test_names_that_begin_alike_are_a_group() -> None:
    names = ("angles", "angle-add", "angle-hide", "lore", "lore-add", "lore-cut", "word-add")
    assert paths(names) == {
        "angles": ("angles",),
        "angle-add": ("angle", "add"),
        "angle-hide": ("angle", "hide"),
        "lore": ("lore", "show"),
        "lore-add": ("lore", "add"),
        "lore-cut": ("lore", "cut"),
        "word-add": ("word-add",),
    }
    assert CALLED[f"{ORGANISERS} angle-add"] == f"{ORGANISERS} angle add"
    assert {NAMED[called]: called for called in NAMED} == CALLED


def test_a_grouped_command_becomes_its_request() -> None:
    given = {"name": "name", "type": 3, "value": "the last bus"}
    hidden = {"name": "hide", "type": 1, "options": [given]}
    sent = {"name": ORGANISERS, "options": [{"name": "angle", "type": 2, "options": [hidden]}]}
    assert options.request(sent) == HideAngle("the last bus")


def test_the_organisers_group_is_hidden_by_its_permission() -> None:
    manage_guild = 1 << 5
    assert BY_TREE[ORGANISERS]["default_member_permissions"] == manage_guild
    assert all(
        "default_member_permissions" not in each
        for name, each in BY_TREE.items()
        if name != ORGANISERS
    )


def test_the_tree_is_within_discords_limits() -> None:
    kinds = [each["type"] for each in TREE]
    assert kinds.count(1) <= limits.COMMANDS_OF_A_KIND["chat"]
    assert kinds.count(3) <= limits.COMMANDS_OF_A_KIND["message"]
    for each in TREE:
        if each["type"] == 1:
            _within_limits(each)


def _within_limits(command: dict[str, Any]) -> None:
    assert NAME.match(command["name"])
    assert command["name"] == command["name"].lower()
    assert 1 <= len(command["description"]) <= limits.COMMAND_DESCRIPTION
    held = command.get("options", [])
    assert len(held) <= limits.COMMAND_OPTIONS
    assert len({each["name"] for each in held}) == len(held)
    required = [each.get("required", False) for each in held]
    assert required == sorted(required, reverse=True)
    for each in held:
        assert not ("choices" in each and each.get("autocomplete"))
        assert len(each.get("choices", [])) <= limits.OPTION_CHOICES
        _within_limits(each)


def test_no_line_of_the_registry_is_cut() -> None:
    for spec in COMMANDS:
        assert len(spec.line) <= limits.COMMAND_DESCRIPTION, spec.name
        for param in spec.params:
            assert len(param.line) <= limits.COMMAND_DESCRIPTION, (spec.name, param.name)


def test_arguments_have_the_kinds_that_discord_knows() -> None:
    assert option("muse", "prompt")["type"] == 3
    assert option("muse", "prompt")["required"]
    assert option("muse", "bold")["type"] == 5
    assert (option("top", "page")["type"], option("top", "page")["min_value"]) == (4, 1)
    assert "haiku" in [each["value"] for each in option("muse", "form")["choices"]]


def test_other_languages_words_stand_beside_the_english_ones() -> None:
    line = BY_NAME["spark"].line
    tree = {
        each["name"]: each
        for each in commands(
            {"spark": {"de": "funke"}, line: {"de": "drei Fragen"}, "Remix": {"fr": "Remixer"}}
        )
    }
    assert tree["spark"]["name_localizations"] == {"de": "funke"}
    assert tree["spark"]["description_localizations"] == {"de": "drei Fragen"}
    assert tree["Remix"]["name_localizations"] == {"fr": "Remixer"}
    assert "name_localizations" not in tree["muse"]


def test_the_hash_changes_with_the_tree_alone() -> None:
    assert command_hash(commands()) == command_hash(TREE)
    other = [{**TREE[0], "description": "something else"}, *TREE[1:]]
    assert command_hash(other) != command_hash(TREE)


def test_a_command_becomes_its_request() -> None:
    asked = options.request(
        call("muse", prompt="vote 2", form="haiku", without="sea, rain", bold=True)
    )
    assert asked == Ask("vote 2", "haiku", ("sea", "rain"), bold=True)
    assert options.request(call("prompt")) == Invite()
    assert options.request(call("top", board="pieces", page=3)) == Top("entries", "week", 3)
    assert options.request(call("help")) == Help()
    given = {"name": "number", "type": 4, "value": 3}
    removed = {"name": "remove", "type": 1, "options": [given]}
    lore = {"name": "lore", "type": 2, "options": [removed]}
    assert options.request({"name": ORGANISERS, "options": [lore]}) == RemoveLore(3)
    assert options.request(call("challenge vote")) == OpenBallot()


def test_what_is_no_choice_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="week, month, all"):
        options.request(call("top", period="fortnight"))


def test_a_command_or_an_argument_of_another_version_is_known_as_such() -> None:
    with pytest.raises(KeyError):
        options.request(call("gone"))
    with pytest.raises(KeyError):
        options.request(call(f"{ORGANISERS} gone"))
    assert options.request(call("spark", gone="x")) == options.request(call("spark"))


MANY = Param("word", Kind.CHOICE, "x", choices=tuple(f"word{n:03}" for n in range(60)))
SEVERAL = Param("why", Kind.CHOICES, "x", choices=("moved", "original", "deep"))


def test_more_words_than_discord_lists_are_completed() -> None:
    assert completed(MANY)
    assert completed(SEVERAL)
    assert not completed(BY_NAME["top"].param("board"))
    assert completions(MANY, "word01") == [f"word01{n}" for n in range(10)]
    assert completions(MANY, "059") == ["word059"]
    assert len(completions(MANY, "")) == limits.OPTION_CHOICES


def test_several_words_are_completed_one_after_the_other() -> None:
    assert completions(SEVERAL, "mo") == ["moved"]
    assert completions(SEVERAL, "moved d") == ["moved deep"]
    assert completions(SEVERAL, "moved ") == ["moved original", "moved deep"]


@given(st.text(max_size=40))
def test_whatever_is_typed_completions_are_discords(typed: str) -> None:
    for param in (MANY, SEVERAL):
        found = completions(param, typed)
        assert len(found) <= limits.OPTION_CHOICES
        assert all(1 <= len(word) <= limits.CHOICE_NAME for word in found)


def test_the_invitation_asks_for_what_the_table_says_and_no_more() -> None:
    url = invite_url(1234)
    assert "client_id=1234" in url
    assert "scope=bot+applications.commands" in url
    assert f"permissions={permissions().value}" in url
    asked = {name for name, on in permissions() if on}
    assert asked == {name for each in NEEDED.values() for name, on in each if on}
    assert not permissions().administrator
