"""What a ballot's card never does, and that it fits where it is drawn, whatever is in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from adapters.console.draw import draw
from adapters.discord import limits
from adapters.discord.draw import Drawing
from adapters.slack.blocks import measure
from adapters.slack.fitting import fit, pages
from adapters.slack.limits import MESSAGE_BLOCKS, MESSAGE_TEXT, VIEW_BLOCKS
from adapters.slack.text import Pen
from bot.ballot import next_offer, to_ask
from bot.cards import Card, Person, Select
from bot.present.challenges.ballot import ballot_card
from bot.stats import pairing
from tests.unit.ballot_cards import ALIASES, BALLOT, BALLOTS, DONE, POOL
from tests.unit.rendering import buttons, literals, own_words

BALLOT_CARDS = [name for name in BALLOTS if not name.startswith(("reports", "decided", "noticed"))]


def _name(person: Person) -> str:
    return str(person.user)


@pytest.mark.parametrize("name", BALLOTS)
def test_a_ballot_in_the_terminal(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"console/ballot_{name}", "\n".join(line.plain for line in draw(BALLOTS[name], _name)))


@pytest.mark.parametrize("name", BALLOT_CARDS)
async def test_a_ballot_is_one_message_on_discord(name: str) -> None:
    (drawn,) = Drawing().private(BALLOTS[name], again="1~pair~commun1ty0~x12~~")
    assert drawn.view.content_length() <= limits.MESSAGE_TEXT
    assert drawn.view.total_children_count <= limits.MESSAGE_COMPONENTS


@pytest.mark.parametrize("name", BALLOT_CARDS)
def test_a_ballot_is_one_message_and_one_window_on_slack_whole(name: str) -> None:
    card, pen = BALLOTS[name], Pen(str)
    fitted = fit(card, pen)
    (view,) = pages(card, pen)
    assert not fitted.left
    for blocks, most in ((fitted.blocks, MESSAGE_BLOCKS), (view, VIEW_BLOCKS)):
        assert len(blocks) <= most
        assert measure(blocks) <= MESSAGE_TEXT
        shown = json.dumps(blocks, ensure_ascii=False)
        for text in literals(card):
            end = text.rstrip("…")[-8:].strip()  # what ends in a mark is told as text, too
            assert shown.count(json.dumps(end, ensure_ascii=False)[1:-1])


def test_a_ballot_says_nothing_of_an_entry_but_its_text() -> None:
    for name in BALLOT_CARDS:
        card = BALLOTS[name]
        ids = [button.action for button in buttons(card)]
        ids += [block.action for block in card.blocks if isinstance(block, Select)]
        said = " ".join((*ids, *own_words(card), card.summary))
        assert not [alias for alias in ALIASES if alias in said], name
        assert "fable" not in said


def test_five_buttons_and_a_way_back() -> None:
    card = ballot_card(BALLOT)
    assert [each.label for each in buttons(card)] == [
        *("Left", "Right", "Both good", "Skip", "Report…"),
        "Take last pick back",
    ]
    assert all(each.typed.startswith("challenge ") for each in buttons(card))


def test_the_last_pick_may_be_taken_back_while_both_are_shown() -> None:
    assert BALLOT.last == BALLOT.picks[1]
    hidden = {**POOL, ALIASES[2]: replace(POOL[ALIASES[2]], hidden="organiser")}
    assert replace(BALLOT, pool=hidden).last is None


def test_no_offer_beyond_the_quota_whatever_became_of_the_entries() -> None:
    undone = replace(DONE, pool={a: POOL[a] for a in ALIASES[14:]})
    assert undone.had, "of entries that are all gone"
    assert next_offer(undone, "zoe") is None
    more = replace(undone, raised=pairing.MOST)
    assert next_offer(more, "zoe") is not None
    assert next_offer(replace(more, offered=pairing.MOST), "zoe") is None


def test_what_is_asked_is_of_what_was_shown_and_stays_the_same() -> None:
    asked = to_ask(DONE)
    assert asked == to_ask(DONE)
    assert len(set(asked)) == 3
    assert set(asked) <= set(DONE.seen)
    others = {to_ask(replace(DONE, member=member)) for member in range(4, 40)}
    assert len(others) > 10, "drawn for each member"


def test_praises_offer_what_was_picked_first() -> None:
    card: Card = BALLOTS["done_praises"]
    selects = [block for block in card.blocks if isinstance(block, Select)]
    assert len(selects) == 3
    values = [int(option.value) for option in selects[0].options]
    liked = {1, 4, 5, 6, 9, 12, 13, 14}  # of left, right, both, skip, and again
    assert set(values[: len(liked)]) == liked
    assert values[: len(liked)] == sorted(liked)
    assert [each.chosen for each in selects] == [(), (), ("2",)]
