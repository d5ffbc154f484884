"""The log: its two shapes, what it hides and how it shows exceptions."""

from __future__ import annotations

import json
import logging
import re

import pytest

from bot.errors import StoreUnavailable
from bot.logs import configure_logging

log = logging.getLogger("bot.trial")


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def failing() -> None:
    """Logs a chain of two exceptions, as the edge of the store would make it."""
    try:
        try:
            raise ConnectionError("host hunter2 is\ngone")  # noqa: TRY301  # the chain is the point
        except ConnectionError as error:
            raise StoreUnavailable("Redis did not answer.") from error
    except StoreUnavailable:
        log.exception("The vote failed", extra={"reference": "k3f9"})


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "text")
    log.info("Round %s is open", "r1", extra={"reference": "k3f9"})
    log.debug("not shown")
    (line,) = lines(capsys)
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info bot\.trial: Round r1 is open reference=k3f9",
        line,
    )


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("debug", "json")
    log.debug("Round %s is open\n…", "r1", extra={"reference": "k3f9", "message_id": 5})
    (line,) = lines(capsys)
    found = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", found.pop("time"))
    assert found == {
        "level": "debug",
        "logger": "bot.trial",
        "message": "Round r1 is open\n…",
        "reference": "k3f9",
        "message_id": "5",
    }


def test_an_extra_can_not_pass_for_a_part_of_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    log.info("yes", extra={"level": "error", "time": "never"})
    found = json.loads(lines(capsys)[0])
    assert found["level"] == "info"
    assert found["time"] != "never"


def test_exceptions_in_short_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "text", ["hunter2"])
    failing()
    head, first, second = lines(capsys)
    assert head.endswith("error bot.trial: The vote failed reference=k3f9")
    here = r"\(unit/test_logs\.py:\d+ failing\)"
    assert re.fullmatch(rf"    StoreUnavailable: Redis did not answer\. {here}", first)
    assert re.fullmatch(rf"    ConnectionError: host \[hidden\] is\\ngone {here}", second)


def test_exceptions_in_short_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json", ["hunter2"])
    failing()
    (line,) = lines(capsys)
    first, second = json.loads(line)["errors"]
    assert first.startswith("StoreUnavailable: Redis did not answer. (")
    assert second.startswith("ConnectionError: host [hidden] is\ngone (")


def test_groups_and_deep_stacks(capsys: pytest.CaptureFixture[str]) -> None:
    def deep(left: int) -> None:
        if left == 0:
            raise ExceptionGroup("two", [ValueError("one"), KeyError()])
        deep(left - 1)

    configure_logging("info", "text")
    try:
        deep(20)
    except ExceptionGroup:
        log.exception("no")
    _, line = lines(capsys)
    assert line.startswith("    ExceptionGroup: two (2 sub-exceptions) (… > unit/test_logs.py:")
    assert line.count(" > ") == 6
    assert line.endswith(" [ValueError: one] [KeyError]")


@pytest.mark.parametrize("shape", ["text", "json"])
def test_secrets_are_hidden_wherever_they_are(
    capsys: pytest.CaptureFixture[str], shape: str
) -> None:
    secrets = ["tok", "token-1", "token-1-long", 'quo"te', ""]
    configure_logging("info", "json" if shape == "json" else "text", secrets)
    log.warning("%s and token-1-long, tok", {"a": "token-1"}, extra={"x": 'quo"te'})
    (line,) = lines(capsys)
    assert line.count("[hidden]") == 3
    assert "token-1" not in line
    assert "-long" not in line
    assert " tok" in line  # too short to be one


def test_a_message_can_not_forge_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "text")
    log.info("a\nb\r\x1b[31m\u2028c é")
    (line,) = lines(capsys)
    assert line.endswith(r"a\nb\r\x1b[31m\u2028c é")


def test_other_libraries_are_heard_from_warning_up(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("debug", "text")
    logging.getLogger("some.library").info("a payload")
    logging.getLogger("some.library").warning("trouble")
    logging.getLogger("adapters.console").debug("ours")
    assert [line.split(": ")[1] for line in lines(capsys)] == ["trouble", "ours"]


def test_again_is_instead_and_a_higher_level_holds_for_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("debug", "json")
    configure_logging("error", "text")
    log.warning("not shown")
    logging.getLogger("some.library").warning("not shown")
    log.error("shown")
    assert len(lines(capsys)) == 1
