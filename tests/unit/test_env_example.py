"""`.env.example` says what the settings' fields say: every variable, once, with its default."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from bot.settings import GROUPS, Group, load_settings, variables

EXAMPLE = Path(__file__).parents[2] / ".env.example"
HEAD = """\
# Muse's settings. Copy this file to .env, then take the # away from a line and fill it in.
# A line that stays as it is shows the default, or nothing where there is none.
# What is set in the environment goes before what is set in .env.
"""


def example_of(groups: list[type[Group]]) -> str:
    """What the file must say: a block a group, and a comment and a line a variable."""
    blocks = [HEAD]
    for group in groups:
        lines = [f"# --- {line}" for line in inspect.getdoc(group).splitlines()]  # type: ignore[union-attr]
        for variable, field in variables(group).items():
            lines += ["", f"# {field.description}"]
            if field.default is None:
                lines[-1] += f" For example: {field.examples[0]}"  # type: ignore[index]
            lines.append(f"#{variable}={'' if field.default is None else field.default}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def test_the_file_equals_the_fields() -> None:
    assert EXAMPLE.read_text("utf-8") == example_of(list(GROUPS.values()))


def test_every_field_is_explained_in_one_line() -> None:
    for group in GROUPS.values():
        for variable, field in variables(group).items():
            text = field.description or ""
            assert text.endswith("."), variable
            assert "\n" not in text, variable
            for bound in field.metadata:  # the bounds that are checked are the ones told
                for side, word in (("ge", "from"), ("le", "to")):
                    if hasattr(bound, side):
                        assert f"{word} {getattr(bound, side)}" in text.replace(
                            "0 (any free one)", "0"
                        )


def test_it_is_a_whole_env_file_with_or_without_its_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for group in GROUPS.values():
        for variable in variables(group):
            monkeypatch.delenv(variable, raising=False)
    text = EXAMPLE.read_text("utf-8")
    as_it_is, all_set = tmp_path / "as_it_is", tmp_path / "all_set"
    as_it_is.write_text(text)
    all_set.write_text("\n".join(x[1:] if x[:2] not in ("# ", "") else x for x in text.split("\n")))

    defaults = load_settings(None)

    assert load_settings(as_it_is) == defaults
    assert load_settings(all_set) == defaults


def test_every_example_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    for group in GROUPS.values():
        for variable, field in variables(group).items():
            for example in field.examples or ():
                monkeypatch.setenv(variable, example)
    load_settings(None)
