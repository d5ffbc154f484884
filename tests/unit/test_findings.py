"""What a check finds: told in words, without secrets."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.checking.findings import (
    HIDDEN,
    WIDTH,
    Finding,
    State,
    as_json,
    fine,
    hide,
    name,
    note,
    of_error,
    passed,
    table,
    warning,
    wrong,
)
from bot.checking.redis_checks import judged
from bot.errors import SetupError
from bot.storage.probing import Probed

FINE = fine("Redis", "redis 7.2")
NOTE = note("Slack", "not set up", "Set SLACK_BOT_TOKEN.")
ODD = warning("public address", "No answer within 8 s.", "Look at MUSE_PUBLIC_URL.")
BAD = wrong("Discord", "The token is not accepted.", "Put a new one into DISCORD_TOKEN.")

TABLE = """\
✓ Redis           redis 7.2
· Slack           not set up
                  → Set SLACK_BOT_TOKEN.
! public address  No answer within 8 s.
                  → Look at MUSE_PUBLIC_URL.
✗ Discord         The token is not accepted.
                  → Put a new one into DISCORD_TOKEN.

1 of 4 must be mended before Muse can play. 1 should be looked at."""


def test_the_table() -> None:
    assert table([FINE, NOTE, ODD, BAD]) == TABLE
    assert table([FINE]) == "✓ Redis  redis 7.2\n\nEverything that is set up works."
    assert table([FINE, ODD]).endswith("Everything that is set up works. 1 should be looked at.")


def test_long_lines_are_broken_between_words_and_begin_below_each_other() -> None:
    told = table([wrong("Discord", "word " * 60, "deed " * 60), FINE])
    lines = told.split("\n")
    assert max(map(len, lines)) <= WIDTH
    assert told.count("word") == told.count("deed") == 60
    assert lines[1].startswith(" " * 11 + "word")
    endless = "x" * 200
    assert endless in table([fine("Redis", endless)])


def test_only_what_is_wrong_fails() -> None:
    assert passed([FINE, NOTE, ODD])
    assert not passed([FINE, BAD])
    assert passed([])


def test_for_programs() -> None:
    told = json.loads(as_json([FINE, BAD], "1.2.3"))
    assert told["version"] == "1.2.3"
    assert told["ok"] is False
    assert told["checks"][1] == {
        "about": "Discord",
        "state": "wrong",
        "says": BAD.says,
        "remedy": BAD.remedy,
    }
    assert "\n" not in as_json([FINE, BAD], "1.2.3")


def test_secrets_are_blotted_out_wherever_they_are() -> None:
    found = [wrong("Redis", "hunter2 and hunter22", "not hunter22."), FINE]
    shown = hide(found, ["hunter2", "hunter22", "re"])
    assert shown[0].says == f"{HIDDEN} and {HIDDEN}"
    assert shown[0].remedy == f"not {HIDDEN}."
    assert shown[1] == FINE, "what is too short to be a secret is left alone"
    assert hide([BAD], []) == (BAD,)


def test_an_error_of_the_tree_is_what_is_wrong_and_what_to_do() -> None:
    found = of_error("Redis", SetupError("It is 5.0; it must be 6.2. Update it. Then go on."))
    assert found == Finding(
        "Redis", State.WRONG, "It is 5.0; it must be 6.2.", "Update it. Then go on."
    )
    assert of_error("Redis", SetupError("No."), "Do this.") == wrong("Redis", "No.", "Do this.")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Muse", "Muse"),
        ("a\nb\x1b[31m\u2028c", "a b [31m c"),
        ("x" * 100, "x" * 60),
        (None, "None"),
    ],
)
def test_what_a_service_calls_something_is_one_short_line(given: object, shown: str) -> None:
    assert name(given) == shown


# --- Redis, as seen.

GOOD = Probed("redis 7.2", True, 0.0004, 0.01, 100, 0, False)


def states(seen: Probed) -> dict[str, State]:
    return {each.about: each.state for each in judged(seen, own=False)}


def test_a_good_redis() -> None:
    assert set(states(GOOD).values()) == {State.FINE}


@pytest.mark.parametrize(
    ("seen", "about", "state", "told"),
    [
        (replace(GOOD, on_disk=False), "Redis on disk", State.WARNING, "appendonly yes"),
        (replace(GOOD, round_trip=0.03), "Redis speed", State.WARNING, "30.0 ms"),
        (replace(GOOD, ahead=3.2), "clock", State.WARNING, "3 s ahead"),
        (replace(GOOD, ahead=-60.0), "clock", State.WARNING, "60 s behind"),
        (replace(GOOD, used=95, most=100), "Redis memory", State.WARNING, "95%"),
        (replace(GOOD, replica=True), "Redis writes", State.WRONG, "REDIS_URL"),
    ],
)
def test_what_is_not_good_about_a_redis(seen: Probed, about: str, state: State, told: str) -> None:
    found = [each for each in judged(seen, own=False) if each.state is not State.FINE]
    assert [(each.about, each.state) for each in found] == [(about, state)]
    assert told in f"{found[0].says} {found[0].remedy}"
    assert found[0].remedy
