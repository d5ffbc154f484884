from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.governing import PRESET_NAMES, RULE_NAMES, SECTION_NAMES
from bot.community.rules import (
    BY_NAME,
    PRESETS,
    RULES,
    Rules,
    Section,
    channel_of,
    defaults_of,
    effective,
)
from bot.community.settled import summary
from bot.errors import BadInput
from bot.models import Address, SpaceRef
from bot.settings import LimitSettings
from bot.wording import en
from bot.writing.forms import form

ROOM = "test:one/room"
EVERY = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def test_words_and_rules_are_the_same() -> None:
    assert set(en.RULES) == set(BY_NAME) == set(RULE_NAMES)
    assert set(en.SECTIONS) == set(Section) == set(SECTION_NAMES)
    assert set(en.PRESETS) == set(PRESETS) == set(PRESET_NAMES) - {en.PRESET_BACK}


@EVERY
def test_every_choice_is_taken_by_value_and_by_word(rule) -> None:  # type: ignore[no-untyped-def]
    for value, label in rule.choices:
        assert rule.checked(value) == value
        assert rule.checked(label.upper()) == value
        assert rule.says(value) == label


@EVERY
@given(value=st.text(max_size=30))
def test_what_a_rule_takes_it_can_read_again(rule, value: str) -> None:  # type: ignore[no-untyped-def]
    try:
        kept = rule.checked(value)
    except BadInput as refused:
        assert rule.label in str(refused)  # noqa: PT017 either outcome is right
        return
    assert rule.checked(kept) == kept
    assert isinstance(effective({rule.name: kept}, Rules(), ROOM), Rules)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_presets_hold_what_their_rules_take(preset: dict[str, str]) -> None:
    for name, value in preset.items():
        assert BY_NAME[name].checked(value) == value


def test_a_channel_goes_before_the_community_and_that_before_the_operator() -> None:
    operator = defaults_of(LimitSettings(round_hours=12))
    assert effective({}, operator, ROOM).hours == 12
    kept = {"hours": "48", f"hours@{ROOM}": "1"}
    assert effective(kept, operator, ROOM).hours == 1
    assert effective(kept, operator, "test:one/other").hours == 48


def test_what_holds_everywhere_can_not_be_slipped_in_for_a_channel() -> None:
    assert effective({f"links@{ROOM}": "off"}, Rules(), ROOM).links


@pytest.mark.parametrize("kept", [{"hours": "soon"}, {"tallies": "maybe"}, {"reports": "-1"}])
def test_a_value_of_another_version_counts_as_none(kept: dict[str, str]) -> None:
    assert effective(kept, Rules(), ROOM) == Rules()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("hours", "48", "48 hours"),
        ("hours", "24", "24 hours"),
        ("pause", "45", "45 seconds"),
        ("member-days", "14", "14 days"),
        ("tokens", "30000", "30,000 tokens"),
        ("entries", "7", "7"),
        ("links", "off", "no"),
        ("forms", "haiku", "only haiku"),
    ],
)
def test_a_value_is_said_with_its_unit(name: str, value: str, said: str) -> None:
    assert BY_NAME[name].says(value) == said


def test_every_number_has_a_unit() -> None:
    assert set(en.RULE_UNITS) == {rule.name for rule in RULES if rule.highest}


def test_what_is_set_is_told_in_a_few_lines() -> None:
    assert summary({}, ROOM) == [en.RULES_SET_NOTHING]
    kept = {
        "links": "off",
        "hours": "48",
        f"hours@{ROOM}": "6",
        "forms@test:one/attic": "haiku",
        "tallies@test:one/attic": "close",
        "colour": "of another version",
        "~": "{}",
    }
    assert summary(kept, ROOM) == [
        "Set for every channel: Rounds stay open: 48 hours; Links: no.",
        "Only in this channel: Rounds stay open: 6 hours.",
        "One other channel has settings of its own.",
    ]
    assert summary({**kept, "quiet@test:one/hall": "10"}, "elsewhere")[-1].startswith("3 other")


def test_every_form_that_is_offered_is_one() -> None:
    rule = BY_NAME["forms"]
    assert Rules().offered == ()
    for value, _ in rule.choices[1:]:
        assert all(form(each) for each in Rules(forms=value).offered)


def test_nothing_is_open_for_no_time_at_all() -> None:
    assert effective({"hours": "0", "entries": "0"}, Rules(), ROOM).hours == 1
    assert effective({"entries": "0"}, Rules(), ROOM).entries == 1


def test_a_thread_shares_its_channels_rules() -> None:
    space = SpaceRef("test", "one")
    assert (
        channel_of(Address(space, "room", "thread")) == channel_of(Address(space, "room")) == ROOM
    )
