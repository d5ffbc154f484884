from __future__ import annotations

import typing
from types import UnionType

import pytest
from hypothesis import given

from bot.cards import Answer
from bot.commands import (
    BOARD_WORDS,
    BOARDS,
    BY_NAME,
    COMMANDS,
    FACETS,
    FORM_NAMES,
    MUSE,
    NAMES,
    CommandSpec,
    Kind,
    spec_of,
)
from bot.grammar import answer_to
from bot.present.help import command_help, help_card
from bot.requests import Ask, Compose, Request, RoundRef
from bot.writing.forms import FORMS
from tests.unit.rendering import render
from tests.unit.strategies import REQUEST

EVERY = pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.name)


@EVERY
def test_every_command_is_documented(spec: CommandSpec) -> None:
    assert spec.name.isascii()
    assert spec.name.isalpha()
    assert spec.name.islower()
    assert spec.line
    assert not spec.line.endswith(".")
    assert len(spec.line) <= 100, "a native command's description holds 100 characters"
    assert spec.examples
    for param in spec.params:
        assert param.name.isidentifier()
        assert param.line
        assert len(param.line) <= 100
        assert bool(param.choices) is (param.kind in (Kind.CHOICE, Kind.CHOICES))
        assert all(choice in param.choices for choice in param.also.values())
        assert spec.param(param.name) is param


@EVERY
def test_what_is_required_comes_first(spec: CommandSpec) -> None:
    required = [param.required for param in spec.params]
    assert required == sorted(required, reverse=True)
    names = [param.name for param in spec.params]
    assert len(names) == len(set(names))
    assert sum(param.kind is Kind.TEXT for param in spec.params) <= 1


@EVERY
def test_examples_are_of_their_command(spec: CommandSpec) -> None:
    for example in spec.examples:
        first = example.split()[0]
        assert (first == spec.name) or (spec is MUSE and first not in BY_NAME)


@EVERY
def test_no_command_opens_a_form_when_it_is_typed(spec: CommandSpec) -> None:
    assert spec.answer in (Answer.PRIVATE, Answer.POST)


def test_names_are_the_registry() -> None:
    assert tuple(spec.name for spec in COMMANDS) == NAMES
    assert len(NAMES) == len(set(NAMES))
    assert set(BY_NAME) == set(NAMES)
    assert all(BY_NAME[spec.name] is spec for spec in COMMANDS)


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
    assert {spec.request for spec in COMMANDS} == requests - {Compose}
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


def test_values_name_no_defaults() -> None:
    assert MUSE.values(Ask("a cat")) == {"prompt": "a cat"}


def test_the_help_names_every_command() -> None:
    text = render(help_card())
    for spec in COMMANDS:
        assert f"/{spec.name}" in text
        assert spec.line in text


@EVERY
def test_the_help_of_a_command_names_all_it_takes(spec: CommandSpec) -> None:
    text = render(command_help(spec.name))
    assert spec.line in text
    for param in spec.params:
        assert param.line in text
        assert all(choice in text for choice in param.choices)
    for example in spec.examples:
        assert example in text
