from __future__ import annotations

import re
import typing
from types import UnionType

import pytest
from hypothesis import given

from bot.actions import Action, pane
from bot.cards import Answer
from bot.challenge_requests import ComposeContribution, OpenBallot, ShowChallenge
from bot.commands import (
    BOARD_WORDS,
    BOARDS,
    BY_HELP,
    BY_NAME,
    CHALLENGE,
    COMMANDS,
    DEFAULTS,
    FACETS,
    FORM_NAMES,
    GROUPS,
    MUSE,
    NAMES,
    ORGANISERS,
    CommandSpec,
    Kind,
    members_of,
    spec_of,
)
from bot.community_requests import LinkMember, UnlinkMember, Welcome
from bot.errors import BadInput
from bot.grammar import answer_to, pane_for, read
from bot.models import RoundRef
from bot.present.help import command_help, help_card
from bot.requests import Ask, Compose, Help, Request, Say
from bot.writing.forms import FORMS
from tests.unit.rendering import render
from tests.unit.strategies import REQUEST

WORD = r"[a-z]+(-[a-z]+)*"
NAME = rf"({ORGANISERS}|{CHALLENGE}) {WORD}"
EVERY = pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.name)


@EVERY
def test_every_command_is_documented(spec: CommandSpec) -> None:
    assert re.fullmatch(NAME if spec.group else WORD, spec.name)
    assert spec.line
    assert not spec.line.endswith(".")
    assert len(spec.line) <= 100, "a native command's description holds 100 characters"
    assert spec.examples
    for param in spec.params:
        assert re.fullmatch(WORD, param.name), "an option of a native command is one small word"
        assert param.line
        assert len(param.line) <= 100
        assert bool(param.choices) is (param.kind in (Kind.CHOICE, Kind.CHOICES))
        assert all(choice in param.choices for choice in param.also.values())
        assert spec.param(param.name) is param


@EVERY
def test_what_is_required_comes_first(spec: CommandSpec) -> None:
    # Numbers go before a text and may be left out: "refine 2 fewer words", "refine fewer words".
    required = [param.required for param in spec.params if param.kind is not Kind.NUMBERS]
    assert required == sorted(required, reverse=True)
    names = [param.name for param in spec.params]
    assert len(names) == len(set(names))
    assert sum(param.kind is Kind.TEXT for param in spec.params) <= 1


@EVERY
def test_examples_are_of_their_command(spec: CommandSpec) -> None:
    for example in spec.examples:
        first = example.split()[0]
        if spec is MUSE:
            assert first not in (*BY_NAME, *GROUPS)
        else:
            assert f"{example} ".startswith(f"{spec.name} ")


@EVERY
def test_no_command_opens_a_form_when_it_is_typed(spec: CommandSpec) -> None:
    assert spec.answer in (Answer.PRIVATE, Answer.POST)


def test_names_are_the_registry() -> None:
    assert len(BY_NAME) == len(COMMANDS)
    assert all(BY_NAME[spec.name] is spec for spec in COMMANDS)
    assert len(BY_HELP) == len(COMMANDS)
    assert len(NAMES) == len(set(NAMES))
    assert set(NAMES) == {*BY_HELP, *GROUPS.values()}
    assert all(BY_NAME[name].group == group for group, name in DEFAULTS.items())


def test_what_organisers_do_is_in_their_group() -> None:
    members = members_of(ORGANISERS)
    assert members == tuple(spec for spec in COMMANDS if spec.for_organisers)
    assert all(spec.answer is Answer.PRIVATE for spec in members)
    assert set(GROUPS.values()) == {ORGANISERS, CHALLENGE}
    assert not set(GROUPS) & set(BY_NAME)


def test_choices_are_what_the_core_knows() -> None:
    assert tuple(form.name for form in FORMS) == FORM_NAMES
    assert MUSE.param("form").choices == FORM_NAMES
    assert BY_NAME["vote"].param("why").choices == FACETS
    board = BY_NAME["top"].param("board")
    assert board.choices == BOARD_WORDS
    assert [board.choice(name) for name in BOARDS] == list(BOARD_WORDS)
    assert board.choice("nonsense") == ""
    assert BY_NAME["help"].param("command").choices == NAMES


def test_every_request_is_reached_by_a_command_or_is_a_buttons_own() -> None:
    assert isinstance(Request, UnionType)
    requests = set(typing.get_args(Request))
    # What a button or a platform alone asks for; linking is typed as "mine link".
    others = {Compose, ComposeContribution, Say, Welcome, LinkMember, UnlinkMember}
    assert {spec.request for spec in COMMANDS} == requests - others
    with pytest.raises(KeyError):
        spec_of(Compose(RoundRef("c", "r")))


@given(REQUEST)
def test_values_is_the_inverse_of_build(request: Request) -> None:
    spec = spec_of(request)
    assert spec.request is type(request)
    values = spec.values(request)
    assert spec.build(values) == request
    assert spec.values(spec.build(values)) == values
    assert set(values) <= {param.name for param in spec.params}
    assert answer_to(request) is spec.answer


def test_a_ballot_wants_a_window_of_its_own_however_it_is_asked_for() -> None:
    assert pane_for(OpenBallot())
    assert pane(Action("ballot"))
    assert [spec.name for spec in COMMANDS if spec.pane] == ["challenge vote"]


def test_a_groups_first_word_alone_is_its_first_command() -> None:
    assert read("challenge") == read("challenge status") == ShowChallenge()
    with pytest.raises(BadInput, match="one more word"):
        read("muse-admin")


def test_values_name_no_defaults() -> None:
    assert MUSE.values(Ask("a cat")) == {"prompt": "a cat"}


def test_the_help_names_every_command() -> None:
    texts = {"": render(help_card())}
    texts |= {group: render(command_help(group)) for group in (ORGANISERS, CHALLENGE)}
    for spec in COMMANDS:
        assert f"/{spec.name}" in texts[spec.group]
        assert spec.line in texts[spec.group]
    for group in (ORGANISERS, CHALLENGE):
        assert f"/help {group}" in texts[""], "members are shown the way, no more"
    assert "lore-add" not in texts[""]


@EVERY
def test_the_help_of_a_command_names_all_it_takes(spec: CommandSpec) -> None:
    text = render(command_help(spec.name))
    assert text == render(command_help(spec.help_name))
    assert read(f"help {spec.name}") == Help(spec.help_name)
    assert spec.line in text
    for param in spec.params:
        assert param.line in text
        assert spec.name == "help" or all(choice in text for choice in param.choices)
    for example in spec.examples:
        assert example in text
