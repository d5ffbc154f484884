from __future__ import annotations

import ast
import importlib.util
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
from bot.wording.en import guarding
from bot.writing.forms import FORMS
from bot.writing.lenses import LENSES

ROOT = Path(__file__).parents[2]

CONSTANTS = {name: value for name, value in vars(en).items() if name.isupper()}
FUNCTIONS = {
    name: value
    for name, value in vars(en).items()
    if inspect.isfunction(value) and value.__module__.startswith(en.__name__) and name[0] != "_"
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
    "what": ("prompt", "piece", "twist"),
    "choice": ("month",),
    "earlier": ("week",),
    "values": ((1,), (1, 2), (1, 2, 4)),
    "words": (("lore", "lore-add"),),
    "fault": tuple(guarding._FAULTS),
}
_ANY: dict[str, tuple[object, ...]] = {"int": (1, 40), "str": ("a word",), "bool": (True, False)}


def _said_by(function: Callable[..., str]) -> Iterator[str]:
    found = inspect.signature(function).parameters.values()
    given = [_GIVEN.get(each.name, _ANY.get(each.annotation, (("a", "b"),))) for each in found]
    for turn in range(max(len(each) for each in given)):
        yield function(*(each[turn % len(each)] for each in given))


SENTENCES = [
    (name, text)
    for name, function in FUNCTIONS.items()
    for text in _said_by(function)
    if name not in ("numbers", "did_you_mean", "ordinal", "listed")  # parts of sentences
]


def _texts() -> dict[str, str]:
    """Every text of the catalogue, those in its tables too, by name."""
    found: dict[str, str] = {}

    def add(name: str, value: object) -> None:
        if isinstance(value, str):
            found[name] = value
        else:
            assert isinstance(value, dict | tuple)
            rows = value.items() if isinstance(value, dict) else enumerate(value)
            for key, each in rows:
                add(f"{name}[{key}]", each)

    for name, value in CONSTANTS.items():
        add(name, value)
    return found


TEXTS = _texts()


@cache
def _sources() -> dict[Path, str]:
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "adapters").rglob("*.py")]
    own = ROOT / "bot" / "wording"
    return {path: path.read_text(encoding="utf-8") for path in files if own not in path.parents}


def _used_attributes() -> set[str]:
    used = set()
    for source in _sources().values():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "en":
                used.add(node.attr)
    return used


def _used_within() -> set[str]:
    """What the catalogue's own sentences are made of."""
    trees = [ast.parse(p.read_text("utf-8")) for p in (ROOT / "bot" / "wording").rglob("*.py")]
    names = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Load)}


def test_every_text_is_said_somewhere() -> None:
    used = _used_attributes()
    assert sorted((CONSTANTS.keys() | FUNCTIONS.keys()) - used - _used_within()) == []


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


#: Templates that the code takes out of a table or a choice before it fills them.
CHOSEN = {
    *("DEEDS", "DISQUALIFIED", "HIDDEN_NOW", "KEPT", "RESTORED"),
    *("CONTENDER_HIDE", "CONTENDER_HIDDEN_NOW", "CONTENDER_KEEP", "CONTENDER_KEPT"),
    *("CONTENDER_RESTORED", "CONTENDER_STRUCK"),
    *("CHALLENGE_STARTED", "EXAMPLE_STARTED", "THEME_VOTED", "THEME_UNVOTED"),
    *("JOINED_HERE", "JOINED_THERE", "PARTED_HERE", "PARTED_THERE"),
    *("CHALLENGES_MANY", "VOTERS_MANY", "PICKS_MANY", "MISSING_CHALLENGES", "MISSING_VOTERS"),
    *("NOTE_FIRST", "NOTE_FIRST_CLOSE", "NOTE_FIRST_SHARED", "NOTE_PLACE", "NOTE_SHARED"),
    *("OWN_PLACE_CLOSE",),
    *("OWN_PLACE", "OWN_PLACE_SHARED", "OWN_SHOWN", "OWN_SHOWN_ONE", "OWN_UNFOOLED"),
    *("PIECE_MUSE", "PIECE_MUSE_MODEL", "PIECE_TOGETHER", "PIECE_TOGETHER_MODEL"),
    *("RESULTS_CLOSE", "RESULTS_FIRST", "RESULTS_HEADING", "RESULTS_HEADING_EXAMPLE"),
    *("RESULTS_OUT", "RESULTS_SPACE", "RESULTS_SPACE_FIRST"),
    *("VERIFY_ALL", "VERIFY_BROKEN", "VERIFY_HOLDS", "VERIFY_UNSALTED", "VERIFY_UNSEALED"),
}


def test_every_template_is_filled_somewhere() -> None:
    # A template of a table is named after its table: that is what the code names.
    templates = {name.partition("[")[0] for name, text in TEXTS.items() if _slots(text)}
    assert templates - {name for name, _ in _fillings()} == CHOSEN


def test_the_tables_name_what_the_core_knows() -> None:
    words = {*Origin, *Facet, *commands.BOARDS, *commands.PERIODS}
    assert set(en.LABELS) == words
    assert set(en.MOST) == set(Facet)


ALL = [*TEXTS.items(), *SENTENCES]
#: What is put into a challenge is called an entry, there and nowhere else.
_OF_CHALLENGES = {
    name
    for page in ("challenges", "ballots", "verdicts", "result_files")
    if importlib.util.find_spec(f"{en.__name__}.{page}")
    for name in vars(importlib.import_module(f"{en.__name__}.{page}"))
}


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
    entry = (
        "duel|contender|pool|alias" if name.partition("[")[0] in _OF_CHALLENGES else "entry|entries"
    )
    internal = (
        rf"(?i)\b(round_id|{entry}|lens|lenses|space|card|stage|lore|facets?|tally|agenda|redis)\b"
    )
    shown = re.sub(r"\{\w+\}|/muse-admin [a-z-]+|\blore(-add)?(?=[,.])", "", text)
    assert not re.search(internal, shown), "people read piece, angle, server, message, why"
    if text != "none":  # as the value of a setting
        assert not re.search(r"(?i)\b(error|invalid|traceback|exception|null|none)\b", shown)


@pytest.mark.parametrize(("name", "text"), SENTENCES, ids=[name for name, _ in SENTENCES])
def test_what_is_told_when_something_is_wrong_is_a_short_sentence(name: str, text: str) -> None:
    assert text.endswith("."), name
    assert text[0].isupper() or not text[0].isalpha() or text[0].isdigit(), name
    assert len(text) <= 400, name
    assert "\n" not in text


# What stands before something else, above a field or in it as an example, is no sentence.
LABELS = {
    *("ROUND_ASKED", "ROUND_AGAIN", "ROUND_REFINED", "ROUND_FROM_TEXT", "ROUND_INVITED"),
    *("ROUND_FOR_PEOPLE", "ROUND_NO_PROMPT"),
    *("RULE_DEED_HERE", "RULE_BY_ITSELF", "USAGE_CALL", "USAGE_CALLS"),
    *("ROUND_CLOSES", "ROUND_UNREMIXED", "FORM_LORE", "FORM_ANGLE_NAME", "FORM_ANGLE_DOES"),
    *("NOTICE", "LINK_TYPE", "UNLINK_FIRST", "MY_CODE_TYPE", "EXAMPLE_PROMPT"),
    *("BALLOT_PROGRESS", "CONTENDER_NOTICE", "CONTENDER_NOTICE_UNTHEMED", "UNTHEMED_ON"),
    *("RESULTS_HEADING", "RESULTS_HEADING_EXAMPLE", "RESULTS_CLOSE", "VERDICT_GUESSED"),
    *("VERDICT_HEADING_SO_FAR", "THEME_PASSED_OVER"),
    *("PLAN_TYPED", "PLAN_EXAMPLE", "CHALLENGE_OPENED", "CHALLENGE_SEALS_WHOLE", "CHALLENGE_OFF"),
    *("FORM_CHALLENGE_TEXT", "ENTRY_NONE", "FORM_THEME", "FORM_THEME_HINT", "ROUND_DAILY"),
    *("FORM_REMIX_TEXT", "FORM_REMIX_HINT", "FORM_HOW_TWIST", "FORM_HOW_OWN"),
}


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, text in TEXTS.items()
        if text.count(" ") >= 4
        and not name.startswith(
            (
                *("HELP_", "PARAM_", "BYLINE", "LINEAGE", "TREE", "BOARD_ENTRY", "BOARD_LENS"),
                *("DEEDS", "RULES[", "PRESETS", "MODERATED", "MINE_", "WELCOME_", "REPORTS_"),
                *(
                    "PLAN_PRESETS",
                    "PIECE_",
                    "PIECES_",
                    "NOTE_",
                    "PAGE_",
                    "VERIFY_UN",
                    "PAIR_",
                    "CHART_",
                ),
                *("GIVEN_UP_WORK", "ELECTORATES", "THEME_SOURCES", "DECLARED", "ROUND_WHY"),
            )
        )
        and not name.endswith(("_HEADING", "_HEADING_ON"))
        and name not in LABELS
        and not name.startswith(("ROUND_SUMMARY", "RESULT_SHARED"))
    ],
)
def test_sentences_end(name: str) -> None:
    assert TEXTS[name].endswith((".", "…", "?", "!", ":")), TEXTS[name]


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
