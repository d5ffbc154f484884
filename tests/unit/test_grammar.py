from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import COMMANDS, FORM_NAMES, NAMES, PERIODS, CommandSpec
from bot.community.context import bounded
from bot.community_requests import (
    AddLore,
    DescribeAngle,
    HideAngle,
    LinkMember,
    Lore,
    Mine,
    RemoveAngle,
    RemoveLore,
    ShowAngles,
    UnlinkMember,
)
from bot.errors import BadInput, LimitReached, Refusal
from bot.grammar import answer_to, nearest, read, read_prompt, read_slashed, write
from bot.models import Facet, RoundRef
from bot.requests import (
    Add,
    Again,
    Ask,
    Close,
    Compose,
    Help,
    Invite,
    LetMuse,
    Refine,
    Remix,
    Request,
    Show,
    Spark,
    Top,
    Unvote,
    Vote,
    Withdraw,
)
from bot.wording import en
from bot.writing.plain import blank
from tests.unit.strategies import ANYTHING, AWKWARD_TEXT, REQUEST, TEXT

LONG_WORD = "w" * 4000
BUS = ("the last bus", "as its driver")
READERS = (read, read_slashed, read_prompt)


def _refused(text: str, by: Callable[[str], Request] = read) -> str:
    with pytest.raises(BadInput) as caught:
        by(text)
    said = str(caught.value)
    _well_said(said)
    return said


def _well_said(said: str) -> None:
    assert said.endswith("."), said
    assert len(said) <= 400, said
    assert "\n" not in said
    assert "Traceback" not in said


def _attempt(text: str) -> None:
    for reader in READERS:
        outcome = _outcome(reader, text)
        if isinstance(outcome, str):
            assert len(outcome) <= 400
            assert outcome.endswith(".")
        else:
            assert isinstance(outcome, Request)


def _outcome(reader: Callable[[str], Request], text: str) -> Request | str:
    try:
        return reader(text)
    except BadInput as wrong:
        return str(wrong)


@given(ANYTHING)
def test_reading_any_text_raises_nothing_but_bad_input(text: str) -> None:
    _attempt(text)


@given(AWKWARD_TEXT)
def test_reading_awkward_text_raises_nothing_but_bad_input(text: str) -> None:
    _attempt(text)


@given(st.sampled_from((*NAMES, "muse muse")), AWKWARD_TEXT)
def test_reading_a_command_with_awkward_text_raises_nothing_but_bad_input(
    name: str, text: str
) -> None:
    _attempt(f"{name} {text}")


@given(REQUEST)
def test_what_is_written_reads_back(request: Request) -> None:
    text = write(request)
    assert read(text) == request
    assert read(f"  {text}\n") == request
    assert answer_to(request) is answer_to(read(text))


@given(REQUEST)
def test_a_slash_before_what_is_written_reads_the_same(request: Request) -> None:
    text = write(request)
    assert read_slashed(f"muse {text}" if isinstance(request, Ask) else text) == request
    if isinstance(request, Ask):
        assert read_prompt(text) == request


@pytest.mark.parametrize(
    "text",
    [
        'she said "go"',
        '"go"',
        '"go" she said',
        "“Wait,” said the moon",
        "„Warte“, sagte der Mond",
        "«Attends»",
        "back\\slash",
        "ends in a backslash\\",
        '\\"',
        "two\nlines",
        "two\n\nparagraphs --form haiku",
        "vote",
        "vote for the moon",
        "VOTE for the moon",
        "help",
        "muse on the moon",
        "a cat --form haiku",
        "a cat —form haiku",
        "a cat --unknown",
        "--form",
        "well-known — and dashed",
        "2",
        "2 3 moved",
        "#2",
        "👩‍🚀 finds a door 🏳️‍🌈",
        "مرحبا بالعالم",
        "\u202eturned",
        "{prompt} %s [bold]",
        "/vote 2",
    ],
)
@pytest.mark.parametrize("make", [Ask, lambda t: Ask(t, "haiku"), Add, lambda t: Add(t, 2)])
def test_texts_that_look_like_grammar_survive(text: str, make: type[Ask]) -> None:
    request = make(text)
    assert read(write(request)) == request


_SAID: dict[str, Request] = {
    "a lighthouse afraid of the dark": Ask("a lighthouse afraid of the dark"),
    "the last bookshop on Mars --form haiku": Ask("the last bookshop on Mars", "haiku"),
    "the sea in winter --without grey,gulls --bold": Ask(
        "the sea in winter", without=("grey", "gulls"), bold=True
    ),
    "vote 2": Vote((2,)),
    "vote 1 3": Vote((1, 3)),
    "vote 2 moved": Vote((2,), (Facet.MOVED,)),
    "unvote 2": Unvote((2,)),
    "unvote 2 deep": Unvote((2,), (Facet.DEEP,)),
    "add The keeper sings to it until the ships come home.": Add(
        "The keeper sings to it until the ships come home."
    ),
    "add The same night, but the moth tells it. --from 2": Add(
        "The same night, but the moth tells it.", 2
    ),
    "remix 2 the same night, told by the moth": Remix(2, "the same night, told by the moth"),
    "refine 2 fewer words, and a dog": Refine("fewer words, and a dog", (2,)),
    "refine make them all funnier --without rain": Refine(
        "make them all funnier", without=("rain",)
    ),
    "again": Again(),
    "again --form haiku": Again(None, "haiku"),
    "again --without moon,tide --bold": Again(None, "", ("moon", "tide"), bold=True),
    "prompt": Invite(),
    "prompt small kindnesses": Invite("small kindnesses"),
    "prompt the sea --form six-words": Invite("the sea", "six-words"),
    "answer": LetMuse(),
    "spark": Spark(),
    "spark a lost umbrella": Spark("a lost umbrella"),
    "show": Show(),
    "close": Close(),
    "withdraw 5": Withdraw(5),
    "withdraw": Withdraw(),
    "top": Top(),
    "top people week": Top("people", "week"),
    "top angles all": Top("lenses", "all"),
    "top pieces month 2": Top("entries", "month", 2),
    "help": Help(),
    "help vote": Help("vote"),
    "muse-admin lore": Lore(),
    "muse-admin lore-add Every Friday the lift breaks, and we call it Gerald.": AddLore(
        "Every Friday the lift breaks, and we call it Gerald."
    ),
    "muse-admin lore-remove 3": RemoveLore(3),
    "muse-admin angles": ShowAngles(),
    "muse-admin angle-add the last bus: As the driver of the last bus, who has seen us all.": (
        DescribeAngle("the last bus", "As the driver of the last bus, who has seen us all.")
    ),
    "muse-admin angle-hide a weather report": HideAngle("a weather report"),
    "muse-admin angle-show a weather report": HideAngle("a weather report", hidden=False),
    "muse-admin angle-remove the last bus": RemoveAngle("the last bus"),
}


def test_every_example_says_what_it_should() -> None:
    asked = {type(request) for request in _SAID.values()}
    examples = [each for spec in COMMANDS if spec.request in asked for each in spec.examples]
    assert {example: read(example) for example in examples} == _SAID


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.name)
def test_every_example_is_written_as_it_reads(spec: CommandSpec) -> None:
    for example in spec.examples:
        assert read(write(read(example))) == read(example)


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        (
            "muse a lighthouse afraid of the dark --form haiku",
            Ask("a lighthouse afraid of the dark", "haiku"),
        ),
        ("muse --form haiku a lighthouse", Ask("a lighthouse", "haiku")),
        ("muse a --form haiku lighthouse", Ask("a lighthouse", "haiku")),
        ("a lighthouse —form haiku", Ask("a lighthouse", "haiku")),
        ("a lighthouse –form haiku", Ask("a lighthouse", "haiku")),
        ("a lighthouse --form=haiku", Ask("a lighthouse", "haiku")),
        ("a lighthouse --FORM Haiku", Ask("a lighthouse", "haiku")),
        ("a lighthouse --form “haiku”", Ask("a lighthouse", "haiku")),
        ("a lighthouse — form and all", Ask("a lighthouse — form and all")),
        ("a lighthouse —lit", Ask("a lighthouse —lit")),
        ("“a lighthouse” --form haiku", Ask("a lighthouse", "haiku")),
        ("--form haiku „Leuchtturm“", Ask("Leuchtturm", "haiku")),
        ("„latarnia”", Ask("latarnia")),
        ("«phare»", Ask("phare")),
        ("»Turm«", Ask("Turm")),
        ('"vote for the moon"', Ask("vote for the moon")),
        ('"say \\"hi\\""', Ask('say "hi"')),
        ('"one" or "two"', Ask('"one" or "two"')),
        ('"unfinished', Ask('"unfinished')),
        ("vote #1, #3", Vote((1, 3))),
        ("vote 1,2,2", Vote((1, 2))),
        ("vote 1, 2 and 4", Vote((1, 2, 4))),
        ("vote 1 & 2", Vote((1, 2))),
        ("vote 2.", Vote((2,))),
        ("vote moved 2", Vote((2,), (Facet.MOVED,))),
        ("vote 2 DEEP, original", Vote((2,), (Facet.DEEP, Facet.ORIGINAL))),
        ("VOTE 2", Vote((2,))),
        ("vote 00002", Vote((2,))),
        ("remix #2 a moth", Remix(2, "a moth")),
        ('remix #2 "a moth --form haiku"', Remix(2, "a moth --form haiku")),
        ("remix 2 3 blind mice", Remix(2, "3 blind mice")),
        ("add 3 blind mice", Add("3 blind mice")),
        ("add --from 2 the moth tells it", Add("the moth tells it", 2)),
        ("add the moth —from #2 tells it", Add("the moth tells it", 2)),
        ("refine shorter", Refine("shorter")),
        ("refine 1, 2 and 4: shorter", Refine("shorter", (1, 2, 4))),
        ("refine 2 2 & 3 and funnier", Refine("and funnier", (2, 3))),
        ("refine and funnier", Refine("and funnier")),
        ('refine "3 blind mice" --bold', Refine("3 blind mice", bold=True)),
        ('refine 1 and 2 "less, --bold and all"', Refine("less, --bold and all", (1, 2))),
        ("refine 2 --form haiku in snow", Refine("in snow", (2,), "haiku")),
        ('a cat --without "the sea, whiskers"', Ask("a cat", without=("the sea", "whiskers"))),
        ("a cat --without “rain; snow”", Ask("a cat", without=("rain", "snow"))),
        ("a cat --without=rain,rain,, on a mat", Ask("a cat on a mat", without=("rain",))),
        ("--bold a cat —bold --form haiku", Ask("a cat", "haiku", bold=True)),
        ("a bold cat", Ask("a bold cat")),
        ("prompt --form haiku", Invite(form="haiku")),
        ("Admin LORE-ADD the lift breaks", AddLore("the lift breaks")),
        ("muse-admin  angle-add  the   last bus :as its driver", DescribeAngle(*BUS)),
        ('muse-admin angle-add the last bus: "as its driver"', DescribeAngle(*BUS)),
        ("muse-admin angle-add a: b: c", DescribeAngle("a", "b: c")),
        ("muse-admin angle-hide “a weather report”", HideAngle("a weather report")),
        ("muse-admin angles hide a weather report", HideAngle("a weather report")),
        ("muse-admin angle add the last bus: as its driver", DescribeAngle(*BUS)),
        ("muse-admin Lore Add add milk", AddLore("add milk")),
        ("muse-admin lore remove 3", RemoveLore(3)),
        ("help muse-admin", Help("muse-admin")),
        ("help muse-admin lore-add", Help("lore-add")),
        ("help lore-add", Help("lore-add")),
        ('"admin of a small island"', Ask("admin of a small island")),
        ("add one\ntwo", Add("one\ntwo")),
        ("top week people", Top("people", "week")),
        ("top people", Top("people")),
        ("top 3", Top(page=3)),
        ("top entries", Top("entries")),
        ("top lenses", Top("lenses")),
        ("top pieces pieces", Top("entries")),
        ("help /vote", Help("vote")),
        ("help muse", Help("muse")),
    ],
)
def test_what_people_type(text: str, request_: Request) -> None:
    assert read(text) == request_


def test_a_slash_names_a_command() -> None:
    asked = Ask("a lighthouse afraid of the dark", "haiku")
    assert read_slashed("muse a lighthouse afraid of the dark --form haiku") == asked
    assert read_slashed("vote 2 moved") == Vote((2,), (Facet.MOVED,))
    assert read_slashed("top people week") == Top("people", "week")
    assert read_slashed('"vote for the moon" --form haiku') == Ask("vote for the moon", "haiku")


def test_a_prompt_that_begins_with_a_command_word() -> None:
    said = _refused("muse Show me the sea", read_slashed)
    assert "“me”" in said
    assert "put it in quotes" in said
    assert read_slashed('muse "Show me the sea"') == Ask("Show me the sea")
    assert read_prompt("Show me the sea") == Ask("Show me the sea")
    assert read_prompt("vote 2") == Ask("vote 2")
    assert read_prompt("help --form haiku") == Ask("help", "haiku")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("vot 2", ["/vot", "“/vote”", "/help"]),
        ("halp", ["“/help”"]),
        ("mus a cat", ["“/muse”"]),
        ("xyzzy", ["There is no /xyzzy. /help"]),
        ("", ["no command after the slash"]),
        ("a lighthouse", ["without the slash it is a prompt"]),
        (LONG_WORD, ["There is no /www", "…"]),
    ],
)
def test_an_unknown_slash_word_is_refused_with_the_nearest(text: str, words: list[str]) -> None:
    said = _refused(text, read_slashed)
    assert all(word in said for word in words), said


def test_a_door_may_have_commands_of_its_own() -> None:
    with pytest.raises(BadInput, match="“/wait”"):
        read_slashed("wai 3d", ("wait",))
    assert "“/" not in _refused("wai 3d", read_slashed)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a cat --form hiaku", ["There is no form “hiaku”", "“haiku”", *FORM_NAMES]),
        ("again --form hiaku", ["“haiku”"]),
        ("a cat —form hiaku", ["“haiku”"]),
        (f"a cat --form {LONG_WORD}", ["…”", *FORM_NAMES]),
        ("a cat --form", ["--form needs a word after it", *FORM_NAMES]),
        ("a cat --frm haiku", ["no option --frm", "“--form”", "in quotes"]),
        ("again --loud", ["no option --loud", "Did you mean “--bold”?"]),
        ("again --xyzzy", ["no option --xyzzy", "It knows --form, --without, --bold"]),
        ("add a cat --bold", ["/add has no option --bold", "It knows --from"]),
        ("remix 2 a cat --bold", ["/remix has no option --bold", "It has no options"]),
        ("add a cat --from", ["--from needs a word after it"]),
        ("add a cat --from two", ["“two” is not a number"]),
        ("a cat --without", ["--without needs a word after it"]),
        ("refine 2", ["/refine needs some text"]),
        ("refine 99999 shorter", ["“99999” is not a number"]),
        ("answer me", ["/answer can’t use “me”", "in quotes"]),
        ("muse-admin", ["/muse-admin needs one more word", "/help muse-admin"]),
        ("admin of a small island", ["has no “of”", "/help muse-admin", "put it in quotes"]),
        ("muse-admin lor-add x", ["Did you mean “lore-add”"]),
        ("muse-admin lore-remove", ["needs the number of a line"]),
        ("muse-admin angle-add the last bus", ["a name, with a colon after it"]),
        ("muse-admin angle-add the last bus:", ["needs some text"]),
        ("muse-admin angle-add : as its driver", ["a name, with a colon after it"]),
        ("muse-admin angle-hide", ["needs a name"]),
        (f"muse-admin {LONG_WORD}", ["/muse-admin has no “www"]),
        (f"a cat --{LONG_WORD}", ["--www", "…"]),
        ("--form haiku", ["Give Muse a prompt"]),
        ('""', ["Give Muse a prompt"]),
        ("", ["Give Muse a prompt"]),
        ("add", ["/add needs some text"]),
        ('add ""', ["/add needs some text"]),
        ("remix", ["/remix needs the number of a piece"]),
        ("remix 2", ["/remix needs some text"]),
        ("remix two moths", ["“two” is not a number"]),
        (f"remix {LONG_WORD}", ["is not a number"]),
        ("vote", ["/vote needs the number of a piece", "/vote 2"]),
        ("vote moved", ["needs the number of a piece"]),
        ("vote 0", ["“0” is not a number"]),
        ("vote 99999", ["“99999” is not a number"]),
        ("vote 000000001" + "9" * 5000, ["is not a number"]),
        ("vote " + "9" * 5000, ["is not a number"]),
        ("vote -1", ["can’t use “-1”"]),
        ("vote two", ["can’t use “two”", "numbers of pieces", "moved"]),
        ("vote 2 movd", ["can’t use “movd”", "“moved”"]),
        (f"vote {LONG_WORD}", ["can’t use “www"]),
        ("withdraw 1 2", ["takes one number"]),
        ("withdraw mine", ["can’t use “mine”"]),
        ("close now", ["/close can’t use “now”", "in quotes"]),
        ("top week month", ["“week” or “month”, not both"]),
        ("top peple", ["“people”"]),
        ("top yesterday", ["pieces, people, angles", *PERIODS]),
        ("help voting", ["“vote”"]),
        ("help me", ["can’t use “me”"]),
    ],
)
def test_what_can_not_be_read_is_said_with_the_remedy(text: str, words: list[str]) -> None:
    said = _refused(text)
    assert all(word in said for word in words), said


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mine link", LinkMember()),
        ("mine link BCDFG-HJKMN", LinkMember("BCDFG-HJKMN")),
        ("mine bcdfghjkmn", LinkMember("bcdfghjkmn")),
        ("mine unlink", UnlinkMember()),
        ("mine everything", Mine("everything")),  # no code, and so no try with one
        ("mine forget yes", Mine("forget", sure=True)),
    ],
)
def test_what_is_ones_own(typed: str, meant: Request) -> None:
    assert read_slashed(typed) == meant


def test_an_example_that_is_given_can_be_typed() -> None:
    for text in ("vote", "vote 0", "remix", "refine 2", "withdraw 1 x", "close now"):
        said = _refused(text)
        example = said.split("For example: /")[1].split(". If it was")[0]
        assert read_slashed(example)


@pytest.mark.parametrize(
    "text",
    ["", " \n", "\u200b\u200b\u2060", "\ufeff\u180e", "\u3164", "\u2800", "\u202e\u202c", "\u0301"],
)
def test_a_text_that_nobody_can_see_is_no_text(text: str) -> None:
    with pytest.raises(Refusal, match=re.escape(en.EMPTY_ENTRY)):
        bounded(text, 40, "piece", en.EMPTY_ENTRY)


@pytest.mark.parametrize("text", [".", "🌧️", "猫", "\u200bé", "…", "1"])
def test_one_mark_is_a_text(text: str) -> None:
    assert bounded(text, 40, "piece", en.EMPTY_ENTRY)


@given(TEXT, st.integers(1, 40))
def test_a_limit_says_the_count_and_how_much_is_over(text: str, limit: int) -> None:
    clean = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    clean = "" if blank(clean) else clean
    if 0 < len(clean) <= limit:
        assert bounded(text, limit, "prompt", en.EMPTY_PROMPT) == clean
        return
    with pytest.raises(Refusal) as caught:
        bounded(text, limit, "prompt", en.EMPTY_PROMPT)
    _well_said(str(caught.value))
    if clean:
        assert isinstance(caught.value, LimitReached)
        for number in (len(clean), limit, len(clean) - limit):
            assert str(number) in str(caught.value)


def test_a_limit_is_said_in_words() -> None:
    assert en.too_long("prompt", 612, 500) == (
        "That prompt has 612 characters; 500 is the most. Please shorten it by 112."
    )


def test_halves_of_characters_are_replaced() -> None:
    assert read("a \udcff b") == Ask("a \ufffd b")
    assert read("a \ud83d\ude00 b") == Ask("a 😀 b")
    assert read("add \udcff") == Add("\ufffd")
    assert write(read("\udcff")).encode()


def test_a_buttons_own_request_is_not_written() -> None:
    with pytest.raises(KeyError):
        write(Compose(RoundRef("c", "r")))


def test_nearest_is_nothing_where_nothing_is_near() -> None:
    assert nearest("vot", NAMES) == "vote"
    assert nearest("a", ("as",)) == ""
    assert nearest("zzz", NAMES) == ""
    assert nearest("zzz", ()) == ""
