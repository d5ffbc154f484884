"""The contract that every adapter keeps: see `adapter_contract.py`."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings

import adapters
from bot.brief import Angles, Lens, LoreLine
from bot.cards import (
    Bar,
    Button,
    Buttons,
    Card,
    FormCard,
    Heading,
    Literal,
    Note,
    Option,
    Paragraph,
    Piece,
    Plain,
    Ranked,
    Select,
    Tree,
)
from bot.models import Round, View
from bot.present.knowing import angles_card, lore_card
from bot.present.receipts import shown
from bot.present.results import result_card
from bot.present.rounds import round_card
from tests.unit.adapter_contract import ADAPTERS, AdapterUnderTest
from tests.unit.strategies import ANYTHING, rounds
from tests.unit.test_present import EVERY, longest

CARDS = {name: card for name, card in EVERY.items() if isinstance(card, Card)} | {
    "receipt_shown_longest": shown(View(longest(), 1), tallies=True, may_close=True),
}
FORMS = {name: form for name, form in EVERY.items() if isinstance(form, FormCard)}
#: What pings, links or steers somewhere: Discord's, Slack's and a terminal's.
HOSTILE = (
    "@everyone @here <@1> <@!1> <@&2> <#3> [a](https://b.example) <https://c.example|d> "
    "<!channel> <!here> <!everyone> <@U0123> <#C0123> <!subteam^S01> &lt;!here&gt; "
    "\x1b[2J\x1b]0;t\x07 \u202e\u2066 **b** *c* _d_ ~e~ `f` ||g||"
)


@pytest.fixture(params=ADAPTERS, ids=lambda make: make().name)
def adapter(request: pytest.FixtureRequest) -> AdapterUnderTest:
    made: AdapterUnderTest = request.param()
    return made


def buttons(card: Card) -> Iterator[Button]:
    for block in card.blocks:
        if isinstance(block, Buttons):
            yield from block.buttons
        if isinstance(block, Piece) and block.button:
            yield block.button


def words_of(text: str) -> list[str]:
    """A text's words alone, whatever a platform makes of its marks and spaces."""
    return re.findall(r"[^\W_]+", text)


def test_every_platform_in_the_tree_is_held_to_the_contract() -> None:
    folders = {path.parent.name for path in Path(adapters.__path__[0]).glob("*/stage.py")}
    assert folders == {make().name for make in ADAPTERS}, "register it in adapter_contract.ADAPTERS"


@pytest.mark.parametrize("name", CARDS)
def test_every_card_is_drawn_and_none_is_refused(adapter: AdapterUnderTest, name: str) -> None:
    for sent in (adapter.everyone(CARDS[name]), adapter.private(CARDS[name])):
        assert sent.seen.strip()
        assert not sent.refused


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_drawn_and_none_is_refused(adapter: AdapterUnderTest, name: str) -> None:
    form = FORMS[name]
    sent = adapter.form(form)
    assert form.title in sent.seen
    assert all(field.label in sent.seen for field in form.fields)
    assert not sent.refused
    if adapter.presses:
        assert form.action in sent.actions


@pytest.mark.parametrize("name", CARDS)
def test_in_private_every_text_is_whole_and_every_button_there(
    adapter: AdapterUnderTest, name: str
) -> None:
    card = CARDS[name]
    sent = adapter.private(card)
    seen = " ".join(words_of(sent.seen))
    for block in card.blocks:
        if isinstance(block, Piece | Ranked):
            assert " ".join(words_of(block.text)) in seen
    if adapter.presses:
        assert {each.action for each in buttons(card)} <= set(sent.actions)


def test_whatever_a_community_told_muse_is_shown_whole(adapter: AdapterUnderTest) -> None:
    """More lore, and more angles of its own, than any message holds: nothing goes unsaid."""
    lines = [LoreLine(n, f"line{n}x {'lorem ipsum ' * 19}end{n}x") for n in range(1, 201)]
    own = tuple(
        Lens(f"own{n}x", f"own{n}x", *[f"{'as a driver ' * 20}end{n}x"] * 2) for n in range(20)
    )
    for card, last in ((lore_card(lines), 200), (angles_card(Angles(own)), 19)):
        sent = adapter.private(card)
        assert not sent.refused
        assert set(re.findall(r"end\d+x", sent.seen)) >= {f"end{n}x" for n in range(1, last + 1)}


ATTACKS = tomllib.loads((Path(__file__).parents[1] / "injections.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_as_an_entry_pings_nobody(adapter: AdapterUnderTest, name: str) -> None:
    for attack in ATTACKS[name]:
        card = Card((Heading((Literal(attack),)), Piece(1, attack, (Literal(attack),))), "x")
        for sent in (adapter.everyone(card), adapter.private(card)):
            assert not adapter.pings(sent), attack
            assert not sent.refused


@pytest.mark.parametrize("name", CARDS)
def test_what_is_pressed_carries_the_actions_own_id(adapter: AdapterUnderTest, name: str) -> None:
    if not adapter.presses:
        assert adapter.private(CARDS[name]).actions == ()
        return
    ours = {each.action for each in buttons(CARDS[name])}
    ours |= {each.action for each in CARDS[name].blocks if isinstance(each, Select)}
    private = [ident for ident in adapter.private(CARDS[name]).actions if ident.startswith("1~")]
    assert set(private) <= ours
    assert len(private) == len(set(private))


EVERYWHERE = Card(
    (
        Heading((Literal(HOSTILE),)),
        Paragraph((Literal(HOSTILE),)),
        Note((Literal(HOSTILE),)),
        Piece(1, HOSTILE, (Literal(HOSTILE),), Button("1~show~c~r~~", "Vote")),
        Ranked(1, (Literal(HOSTILE),), (Literal(HOSTILE),), HOSTILE),
        Bar((Literal(HOSTILE),), 1, 2, (Literal(HOSTILE),)),
        Tree(((0, (Literal(HOSTILE),)), (1, (Literal(HOSTILE),)))),
        Select("s", HOSTILE, (Option("a", HOSTILE[:80]),)),
    ),
    "x",
)


def test_nobodys_text_pings_links_or_steers(adapter: AdapterUnderTest) -> None:
    for sent in (adapter.everyone(EVERYWHERE), adapter.private(EVERYWHERE)):
        assert "everyone" in sent.seen
        assert not adapter.pings(sent)


@pytest.mark.parametrize("name", ["problem", "problem_quoting", "unexpected"])
def test_a_problem_quotes_without_pinging(adapter: AdapterUnderTest, name: str) -> None:
    sent = adapter.private(CARDS[name])
    assert not adapter.pings(sent)


def test_a_blind_card_tells_nothing_but_what_it_says(adapter: AdapterUnderTest) -> None:
    """Two entries that say the same are drawn the same, but for their numbers and ids."""
    blind = [
        Card((Piece(n, "A key to nothing.", (), Button(f"1~vote~c~r~{n}~", "Vote")),), "x")
        for n in (987, 988)
    ]
    one, two = (adapter.everyone(card) for card in blind)
    assert one.raw.replace("987", "988") == two.raw
    assert len(one.actions) == len(two.actions)


def test_the_same_card_is_drawn_the_same(adapter: AdapterUnderTest) -> None:
    card = CARDS["round_lineage"]
    assert adapter.everyone(card) == adapter.everyone(card)


@settings(max_examples=25, deadline=None)
@given(rounds(ANYTHING.filter(lambda text: bool(text.strip()))))
def test_any_round_is_drawn(of: Round) -> None:
    for make in ADAPTERS:
        adapter = make()
        for card in (
            round_card(of),
            result_card(of),
            shown(View(of, 1), tallies=True, may_close=True),
        ):
            assert not adapter.everyone(card).refused
            sent = adapter.private(card)
            assert not sent.refused
            assert not adapter.pings(sent)


def test_no_adapter_looks_behind_the_games_door() -> None:
    """The import rules, as import-linter has them, for adapters that are not yet in its list."""
    allowed = {
        "bot.app",
        "bot.actions",
        "bot.cards",
        "bot.commands",
        "bot.durations",
        "bot.errors",
        "bot.figures",
        "bot.grammar",
        "bot.models",
        "bot.ports",
        "bot.references",
        "bot.challenge_requests",
        "bot.community_requests",
        "bot.requests",
    }
    root = Path(adapters.__path__[0])
    for path in root.rglob("*.py"):
        platform = path.relative_to(root).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for name in _imported(node):
                if name.split(".")[0] == "bot":
                    module = ".".join(name.split(".")[:2])
                    assert module in allowed | {"bot"}, f"{path.name}: {name}"
                if name.startswith("adapters."):
                    assert name.split(".")[1] in (platform, "guard"), f"{path.name}: {name}"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom) and node.module:
        return [
            f"{node.module}.{alias.name}" if node.module == "bot" else node.module
            for alias in node.names
        ]
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return []


def test_muses_own_words_are_read_as_they_are(adapter: AdapterUnderTest) -> None:
    text = "Set MUSE_CLOCK_FILE: 3 * 4 = 12, and #1 > #2."
    assert text in adapter.everyone(Card((Paragraph((Plain(text),)),), "x")).seen
