"""Lengths of time, typed and said."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.durations import LONGEST, parse_duration, say_duration
from bot.errors import BadInput


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("3d", timedelta(days=3)),
        ("90m", timedelta(minutes=90)),
        ("1h30m", timedelta(minutes=90)),
        (" 1H 30 Min ", timedelta(minutes=90)),
        ("2w", timedelta(days=14)),
        ("1.5 hours", timedelta(minutes=90)),
        ("45s", timedelta(seconds=45)),
        ("1 week 2 days 3 hrs 4 mins 5 secs", timedelta(9, 5, hours=3, minutes=4)),
        ("3650d", LONGEST),
    ],
)
def test_read(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "is no length of time"),
        ("soon", "“soon” is no length of time"),
        ("3", "3 what? Add a unit"),
        ("1h30", "“1h30” is no length of time"),
        ("-3d", "“-3d” is no length of time"),
        ("3y", "“y” is no unit of time"),
        ("٣d", "is no length of time"),
        ("0h", "no time at all"),
        ("3651d", "3650 days at most"),
        ("9999999999w", "3650 days at most"),
        ("99999999999999999999d", "is no length of time"),
    ],
)
def test_refused_with_what_to_type(text: str, part: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_duration(text)
    assert part in str(caught.value)
    assert str(caught.value).endswith("For example: 3d, 90m, 1h30m or 2w.")


@given(st.text() | st.text("0123456789.smhdw ", max_size=20))
def test_nothing_but_bad_input(text: str) -> None:
    with contextlib.suppress(BadInput):
        assert timedelta() <= parse_duration(text) <= LONGEST


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(days=3), "3 days"),
        (timedelta(minutes=90), "1 hour 30 minutes"),
        (timedelta(days=1, hours=1, minutes=59), "1 day 1 hour"),
        (timedelta(days=1, seconds=5), "1 day"),
        (timedelta(seconds=61.9), "1 minute 1 second"),
        (timedelta(seconds=0.4), "less than a second"),
        (timedelta(seconds=-5), "less than a second"),
    ],
)
def test_said(length: timedelta, said: str) -> None:
    assert say_duration(length) == said


@given(st.timedeltas(timedelta(seconds=1), LONGEST))
def test_what_is_said_can_be_read_and_said_again(length: timedelta) -> None:
    said = say_duration(length)
    read = parse_duration(said)
    assert say_duration(read) == said
    assert timedelta() <= length - read < max(timedelta(seconds=1), length / 24)
