from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import ACTIONS, MAX_LENGTH, VERSION, Action, answer, decode, encode, request
from bot.cards import Answer
from bot.challenge_requests import ShowPlan
from bot.community_requests import ShowRules
from bot.errors import BadInput
from bot.listings import Page
from bot.models import Facet, RoundRef, Standing, View
from bot.present.blanks import entry_form
from bot.present.boards import entries_board, lenses_board, people_board
from bot.present.receipts import added, receipt, shown
from bot.present.results import result_card
from bot.present.rounds import round_card
from bot.present.welcome import welcome_card
from bot.requests import Add, Again, Close, Compose, Request, Show, Top, Unvote, Vote, Withdraw
from bot.wording import en
from tests.unit.rendering import buttons
from tests.unit.strategies import ANYTHING, choices, rounds

_WORD = st.text("abcdefghijklmnopqrstuvwxyz234567", max_size=26)
_REF = RoundRef("c" * 10, "r" * 12)
_MOST = 99_999  # the highest number of an entry or a page that an id can carry

ACTION = st.builds(
    Action,
    st.sampled_from(sorted(ACTIONS)),
    _WORD,
    _WORD,
    st.integers(0, _MOST),
    st.sampled_from(("", *Facet, "entries.week.1", "lenses.month.9999")),
)


@given(ACTION)
def test_what_is_encoded_decodes(action: Action) -> None:
    text = encode(action)
    assert len(text) <= MAX_LENGTH
    assert text.startswith(f"{VERSION}~")
    assert decode(text) == action


def test_the_welcome_leads_to_the_setups_and_leaves_itself_standing() -> None:
    opened = {each.label: decode(each.action) for each in buttons(welcome_card())}
    for label, leads in (
        (en.WELCOME_SETUP, ShowRules()),
        (en.WELCOME_CHALLENGE, ShowPlan()),
    ):
        assert request(opened[label]) == leads
        assert answer(opened[label]) is Answer.PRIVATE


@pytest.mark.parametrize("verb", sorted(ACTIONS))
def test_the_longest_id_of_each_verb_fits(verb: str) -> None:
    # A shard's number, a linked space's longer id: twice what ids take today.
    action = Action(verb, "c" * 20, "r" * 24, _MOST, "entries.month.9999")
    text = encode(action)
    assert len(text) <= MAX_LENGTH
    assert decode(text) == action


@settings(max_examples=40)
@given(st.data())
def test_every_button_of_every_card_fits_and_decodes(data: st.DataObject) -> None:
    of = data.draw(rounds())
    chosen = data.draw(choices(of))
    standing = Standing(of.state, chosen, of.tallies, of.voters)
    cards = [
        round_card(of),
        result_card(of),
        shown(View(of, of.asker, chosen), tallies=True, may_close=True),
        receipt(_REF, standing),
        entries_board(Page(99_999, ()), "month", 99_980, 10),
        people_board(Page(0, ()), "all", 0, 10),
        lenses_board((), 0.3, "week", 30, 10),
        *(added(View(of), entry.number) for entry in of.entries[:1]),
    ]
    for card in cards:
        for button in buttons(card):
            assert len(button.action) <= MAX_LENGTH
            action = decode(button.action)
            assert encode(action) == button.action
            assert isinstance(request(action), Request)
    form = entry_form(_REF, 40, 1000)
    assert request(decode(form.action), {"text": "mine"}) == Add("mine", 40, _REF)


@pytest.mark.parametrize(
    ("action", "wanted"),
    [
        (Action("vote", "c", "r", 2), Vote((2,), (), RoundRef("c", "r"))),
        (Action("back", "c", "r", 2), Unvote((2,), (), RoundRef("c", "r"))),
        (Action("why", "c", "r", 2, "deep"), Vote((2,), (Facet.DEEP,), RoundRef("c", "r"))),
        (Action("unwhy", "c", "r", 2, "deep"), Unvote((2,), (Facet.DEEP,), RoundRef("c", "r"))),
        (Action("compose", "c", "r"), Compose(RoundRef("c", "r"))),
        (Action("compose", "c", "r", 3), Compose(RoundRef("c", "r"), 3)),
        (Action("add", "c", "r", 3), Add("", 3, RoundRef("c", "r"))),
        (Action("again", "c", "r"), Again(RoundRef("c", "r"))),
        (Action("close", "c", "r"), Close(RoundRef("c", "r"))),
        (Action("withdraw", "c", "r", 5), Withdraw(5, RoundRef("c", "r"))),
        (Action("show", "c", "r"), Show(RoundRef("c", "r"))),
        (Action("top", argument="people.month.3"), Top("people", "month", 3)),
        (Action("top", argument="people.month.1.b"), Top("people", "month", 1)),
    ],
)
def test_what_each_action_asks(action: Action, wanted: Request) -> None:
    assert request(decode(encode(action))) == wanted


def test_the_public_vote_button_only_ever_sets() -> None:
    assert isinstance(request(Action("vote", "c", "r", 2)), Vote)
    assert answer(Action("vote", "c", "r", 2)) is Answer.PRIVATE
    assert answer(Action("back", "c", "r", 2)) is Answer.UPDATE


def test_every_verb_says_how_it_is_answered() -> None:
    assert all(isinstance(spec.answer, Answer) for spec in ACTIONS.values())
    assert {verb for verb in ACTIONS if answer(Action(verb)) is Answer.FORM} == {
        "compose",
        "contribute",
    }


def _asked(text: str) -> Request | str:
    try:
        return request(decode(text), {})
    except BadInput as wrong:
        return str(wrong)


@given(ANYTHING)
def test_junk_is_refused(text: str) -> None:
    assert _asked(text) == en.BUTTON_UNKNOWN


@given(
    st.sampled_from((VERSION, "0", "2", "10", "", " 1", "１")),
    st.sampled_from((*sorted(ACTIONS), "Vote", "", "vote ", "delete")),
    st.lists(st.sampled_from(("", "c", "r", "2", "-2", "0", "02", "２", "9" * 70)) | ANYTHING),
)
def test_forged_ids_raise_nothing_but_bad_input(version: str, verb: str, parts: list[str]) -> None:
    text = "~".join((version, verb, *parts))
    asked = _asked(text)
    assert asked == en.BUTTON_UNKNOWN or (version == VERSION and isinstance(asked, Request))


@given(st.sampled_from(sorted(ACTIONS)), ANYTHING | _WORD)
def test_forged_arguments_raise_nothing_but_bad_input(verb: str, argument: str) -> None:
    asked = _asked(f"{VERSION}~{verb}~c~r~2~{argument}")
    assert asked == en.BUTTON_UNKNOWN or isinstance(asked, Request)
    try:
        made: Request | None = request(Action(verb, "c", "r", 2, argument))
    except BadInput:
        made = None
    assert made is None or isinstance(made, Request)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1~vote~c~r~2",
        "1~vote~c~r~2~~",
        "2~vote~c~r~2~",
        "1~vote~c~r~-2~",
        "1~vote~c~r~02~",
        "1~vote~c~r~²~",
        "1~vote~c~r~100000~",
        "1~vote~c~r~2~\n",
        "1~vote~c~r~2\n~",
        "1~vote~c c~r~2~",
        "1~vote~ç~r~2~",
        "1~why~c~r~2~clever",
        "1~top~~~~",
        "1~top~~~~entries",
        "1~top~~~~entries.week",
        "1~top~~~~entries.week.0",
        "1~top~~~~entries.week.-1",
        "1~top~~~~entries.week.1_0",
        "1~top~~~~entries.week.999999999999999999999",
        "1~top~~~~entries.week.1.1",
        "1~top~~~~entries.week.1.bb",
        "1~top~~~~..1",
        f"1~vote~{'c' * 100}~r~2~",
    ],
)
def test_what_is_not_of_this_version_is_refused_in_clear_words(text: str) -> None:
    assert _asked(text) == en.BUTTON_UNKNOWN


@pytest.mark.parametrize(
    "action",
    [
        Action("dance", "c", "r"),
        Action("vote", "c~c", "r", 2),
        Action("vote", "c", "r r", 2),
        Action("vote", "c", "r", -1),
        Action("vote", "c", "r", _MOST + 1),
        Action("vote", "c" * 100, "r", 2),
        Action("why", "c", "r", 2, "ç"),
    ],
)
def test_a_malformed_action_is_never_sent(action: Action) -> None:
    with pytest.raises(ValueError, match="action"):
        encode(action)


@pytest.mark.parametrize("make", [lambda f: f, dict])
def test_a_forms_text_is_the_entry(make: Callable[[dict[str, str]], dict[str, str]]) -> None:
    fields = make({"text": "a moth", "other": "ignored"})
    assert request(Action("add", "c", "r", 2), fields) == Add("a moth", 2, RoundRef("c", "r"))
