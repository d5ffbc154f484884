"""The clock and the file that shifts it."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.errors import SetupError
from bot.ports import Clock

HOUR = timedelta(hours=1)


def ahead(clock: Clock) -> timedelta:
    """By how much the clock is ahead of the system's, to the second."""
    return timedelta(seconds=round((clock.now() - datetime.now(UTC)).total_seconds()))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "clock"


def write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(text)
    new.replace(file)


def test_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
    assert ahead(SystemClock()) == timedelta()


def test_without_a_file_the_shift_is_its_own() -> None:
    clock = SystemClock()
    clock.shift(HOUR)
    clock.shift(HOUR)
    assert ahead(clock) == 2 * HOUR
    assert ahead(SystemClock()) == timedelta()


def test_a_missing_and_an_empty_file_are_no_shift(file: Path) -> None:
    assert ahead(SystemClock(file)) == timedelta()
    write(file, " \n")
    assert ahead(SystemClock(file)) == timedelta()


def test_every_clock_on_the_file_sees_a_shift(file: Path) -> None:
    one, other = SystemClock(file), SystemClock(file)
    one.shift(HOUR)
    assert ahead(one) == ahead(other) == HOUR
    other.shift(HOUR / 2)
    assert ahead(one) == ahead(other) == ahead(SystemClock(file)) == 1.5 * HOUR
    one.shift(-2 * HOUR)
    assert ahead(other) == -HOUR / 2
    assert float(file.read_text()) == -1800
    assert list(file.parent.iterdir()) == [file]


def test_a_file_by_hand_and_gone_again(file: Path) -> None:
    clock = SystemClock(file)
    write(file, "3600\n")
    assert ahead(clock) == HOUR
    file.unlink()
    assert ahead(clock) == timedelta()


def test_read_only_when_changed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(file, "3600")
    clock = SystemClock(file)
    monkeypatch.setattr(Path, "read_text", lambda *_: pytest.fail("read again"))
    assert ahead(clock) == HOUR


@pytest.mark.parametrize("text", ["an hour", "nan", "inf", "1e30", "1 2"])
def test_a_wrong_file_at_the_start(file: Path, text: str) -> None:
    write(file, text)
    with pytest.raises(SetupError, match=r"must hold a number of seconds.* For example: 3600$"):
        SystemClock(file)


def test_a_file_that_can_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"can't be used: Is a directory\.$"):
        SystemClock(tmp_path)


def test_wrong_later_is_told_once_and_changes_nothing(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(file, "3600")
    clock = SystemClock(file)
    with caplog.at_level(logging.WARNING):
        write(file, "an hour")
        assert ahead(clock) == ahead(clock) == HOUR
    assert len(caplog.records) == 1
    assert caplog.messages[0].endswith("The clock keeps its last shift.")

    with pytest.raises(SetupError):
        clock.shift(HOUR)
    write(file, "7200")
    assert ahead(clock) == 2 * HOUR


def test_too_far_is_refused_and_leaves_the_file(file: Path) -> None:
    clock = SystemClock(file)
    clock.shift(HOUR)
    with pytest.raises(SetupError, match="a century at most"):
        clock.shift(timedelta(days=40_000))
    assert ahead(clock) == HOUR
    with pytest.raises(ValueError, match="century"):
        SystemClock().shift(timedelta(days=40_000))


def test_no_shift_is_lost_among_many(file: Path) -> None:
    clocks = [SystemClock(file) for _ in range(8)]
    threads = [threading.Thread(target=c.shift, args=(HOUR,)) for c in clocks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ahead(clocks[0]) == 8 * HOUR
