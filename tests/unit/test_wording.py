from __future__ import annotations

import ast
import inspect
import re
import string
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from bot import commands
from bot.models import Facet, Origin
from bot.wording import en
from bot.writing.forms import FORMS
from bot.writing.lenses import LENSES

ROOT = Path(__file__).parents[2]

CONSTANTS = {name: value for name, value in vars(en).items() if name.isupper()}
FUNCTIONS = {
    name: value
    for name, value in vars(en).items()
    if inspect.isfunction(value) and value.__module__ == en.__name__ and name[0] != "_"
}

# What each function is given, so that its sentences can be read.
_GIVEN: dict[str, tuple[object, ...]] = {
    "word": ("wrod", "w" * 4000),
    "close": ("", "vote"),
    "option": ("--frm",),
    "options": ((), ("--form",), ("week", "month")),
    "command": ("vote", "muse"),
    "choices": (("free", "haiku"),),
    "value": ("hiaku", "w" * 4000),
    "name": ("pieces", "piece", "text", "prompt", "form"),
    "example": ("vote 2", "add The keeper sings to it."),
    "number": (1, 40),
    "count": (0, 1, 5),
    "length": (612,),
    "limit": (500,),
    "what": ("prompt", "piece"),
    "choice": ("month",),
    "earlier": ("week",),
    "values": ((1,), (1, 2), (1, 2, 4)),
}


def _said_by(function: Callable[..., str]) -> Iterator[str]:
    names = list(inspect.signature(function).parameters)
    for turn in range(max(len(_GIVEN[name]) for name in names)):
        yield function(*(_GIVEN[name][turn % len(_GIVEN[name])] for name in names))


SENTENCES = [
    (name, text)
    for name, function in FUNCTIONS.items()
    for text in _said_by(function)
    if name != "numbers"
]


def _texts() -> dict[str, str]:
    """Every text of the catalogue, those in its tables too, by name."""
    found = {}
    for name, value in CONSTANTS.items():
        if isinstance(value, str):
            found[name] = value
        else:
            found |= {f"{name}[{key}]": text for key, text in value.items()}
    return found


TEXTS = _texts()


@cache
def _sources() -> dict[Path, str]:
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "adapters").rglob("*.py")]
    return {path: path.read_text(encoding="utf-8") for path in files if path.name != "en.py"}


def _used_attributes() -> set[str]:
    used = set()
    for source in _sources().values():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "en":
                used.add(node.attr)
    return used


def test_every_text_is_said_somewhere() -> None:
    used = _used_attributes()
    assert sorted((CONSTANTS.keys() | FUNCTIONS.keys()) - used) == []


def test_every_text_that_is_said_is_there() -> None:
    assert sorted(_used_attributes() - CONSTANTS.keys() - FUNCTIONS.keys()) == []


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _fillings() -> list[tuple[str, set[str]]]:
    """Each place where a template is filled: the template's name, and what it is given."""
    found = []
    for source in _sources().values():
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.Call):
                continue
            keywords = {keyword.arg for keyword in node.keywords if keyword.arg}
            called = node.func
            if isinstance(called, ast.Name) and called.id in ("fill", "words") and node.args:
                templates = [node.args[0]]
            elif isinstance(called, ast.Attribute) and called.attr == "format":
                templates = [called.value]
            else:
                continue
            found += [
                (name.attr, keywords)
                for template in templates
                for name in ast.walk(template)
                if isinstance(name, ast.Attribute) and ast.unparse(name.value) == "en"
            ]
    return found


def test_templates_are_given_exactly_what_they_hold() -> None:
    fillings = [(name, given) for name, given in _fillings() if name in TEXTS]
    assert {(name, *sorted(given)) for name, given in fillings} == {
        (name, *sorted(_slots(TEXTS[name]))) for name, _ in fillings
    }


def test_every_template_is_filled_somewhere() -> None:
    # A template of a table is named after its table: that is what the code names.
    templates = {name.partition("[")[0] for name, text in TEXTS.items() if _slots(text)}
    assert sorted(templates - {name for name, _ in _fillings()}) == []


def test_the_tables_name_what_the_core_knows() -> None:
    words = {*Origin, *Facet, *commands.BOARDS, *commands.PERIODS}
    assert set(en.LABELS) == words
    assert set(en.MOST) == set(Facet)


ALL = [*TEXTS.items(), *SENTENCES]


@pytest.mark.parametrize(("name", "text"), ALL, ids=[name for name, _ in ALL])
def test_marks_are_typographic_and_words_are_peoples(name: str, text: str) -> None:
    assert "'" not in text, "an apostrophe is ’"
    assert '"' not in text, "quotes are “ and ”"
    assert "..." not in text
    assert " -- " not in text
    assert text.count("“") == text.count("”")
    assert "  " not in text
    assert text
    assert text == text.strip() or name in ("LINEAGE_JOIN", "RECEIPT_WHY", "RECEIPT_WHY_ON")
    internal = (
        r"(?i)\b(round_id|entry|entries|lens|lenses|community|space|card|stage|lore|facets?)\b"
    )
    shown = re.sub(r"\{\w+\}", "", text)
    assert not re.search(internal, shown), "people read piece, angle, server, message, why"
    assert not re.search(r"(?i)\b(error|invalid|traceback|exception|null|none)\b", shown)


@pytest.mark.parametrize(("name", "text"), SENTENCES, ids=[name for name, _ in SENTENCES])
def test_what_is_told_when_something_is_wrong_is_a_short_sentence(name: str, text: str) -> None:
    assert text.endswith("."), name
    assert text[0].isupper() or not text[0].isalpha() or text[0].isdigit(), name
    assert len(text) <= 400, name
    assert "\n" not in text


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, text in TEXTS.items()
        if text.count(" ") >= 4
        and not name.startswith(
            ("HELP_", "PARAM_", "BYLINE", "LINEAGE", "BOARD_ENTRY", "BOARD_LENS")
        )
        and name not in ("ROUND_ASKED", "ROUND_AGAIN", "ROUND_CLOSES", "RESULT_HEADING")
        and not name.startswith(("ROUND_SUMMARY", "RESULT_SHARED"))
    ],
)
def test_sentences_end(name: str) -> None:
    assert TEXTS[name].endswith((".", "…", "?", "!")), TEXTS[name]


def test_numbers_are_listed_as_people_say_them() -> None:
    assert en.numbers([2]) == "2"
    assert en.numbers([2, 4]) == "2 and 4"
    assert en.numbers([1, 2, 4]) == "1, 2 and 4"


def test_counts_agree_with_their_words() -> None:
    assert "no pieces yet" in en.no_such_entry(2, 0)
    assert "numbered up to 4" in en.no_such_entry(9, 4)


def test_what_is_shown_of_forms_and_angles_is_typographic_too() -> None:
    labels = [form.label for form in FORMS] + [lens.label for lens in LENSES]
    lines = [form.line for form in FORMS] + [lens.line for lens in LENSES]
    for text in labels + lines:
        assert text
        assert "'" not in text
        assert '"' not in text
