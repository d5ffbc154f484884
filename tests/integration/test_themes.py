"""The list of proposed themes: nobody can fill it for good, and what is on it can be taken off."""

from __future__ import annotations

import pytest

from bot.cards import Button, Buttons, Card
from bot.challenge_requests import (
    ProposeTheme,
    RemoveTheme,
    ShowThemes,
    VoteTheme,
    WithdrawTheme,
)
from bot.community_requests import ShowLog
from bot.errors import LimitReached, NotAllowed, NotFound, Refusal
from bot.storage import keys
from bot.storage.themes import MOST, ThemeStore
from tests.support import Table, words

WORDS = ("bread", "stairs", "fog", "salt", "keys", "rust", "moths", "tides", "lamps", "bells")


async def proposals(table: Table) -> list[str]:
    found = await ThemeStore(table.muse.store).read((await table.community()).id)
    return [each.id for each in found.proposals]


async def filled(table: Table, count: int) -> None:
    """So many themes, five of a member."""
    for n in range(count):
        theme = f"{WORDS[n % 10]} number{n} under roof{n}"
        await table.do(ProposeTheme(theme), f"member{n // 5}")


def buttons(card: Card) -> list[Button]:
    return [b for block in card.blocks if isinstance(block, Buttons) for b in block.buttons]


async def test_one_takes_ones_own_theme_off_with_its_votes(table: Table) -> None:
    await filled(table, 2)
    await table.do(VoteTheme("1"), "ben")
    card = await table.do(ProposeTheme(), "member0")
    withdraw = [b for b in buttons(card) if b.label == "Withdraw 1"]
    assert [b.typed for b in withdraw] == ["challenge unpropose 1"]
    assert "Withdraw" not in str(buttons(await table.do(ProposeTheme(), "ben")))
    with pytest.raises(NotAllowed, match="not yours"):
        await table.do(WithdrawTheme("1"), "ben")
    assert "Theme 1 is off" in words(await table.do(WithdrawTheme("1"), "member0"))
    assert await proposals(table) == ["2"]
    key = keys.community((await table.community()).id).themes
    assert sorted(await table.muse.store.call("HKEYS", key)) == ["2", "n", "v2.1"]
    # Pressed twice it is off; a number that no theme ever had is said to have none.
    assert "Theme 1 is off" in words(await table.do(WithdrawTheme("1"), "member0"))
    for number in ("3", "0", "x", "-1", "9" * 40):
        with pytest.raises(NotFound):
            await table.do(WithdrawTheme(number), "member0")
    assert await proposals(table) == ["2"]


async def test_an_organiser_takes_any_off_and_the_log_says_why(table: Table) -> None:
    await filled(table, 2)
    with pytest.raises(NotAllowed):
        await table.do(RemoveTheme("1", "no"), "member0")
    with pytest.raises(Refusal):
        await table.do(RemoveTheme("1", " "), "boss", manages=True)
    await table.do(RemoveTheme("1", "it names a colleague"), "boss", manages=True)
    assert await proposals(table) == ["2"]
    log = words(await table.do(ShowLog(), "boss", manages=True))
    assert "took theme 1 off the list of proposals: “it names a colleague”" in log
    before = log.count("took theme")
    await table.do(RemoveTheme("1", "once more"), "boss", manages=True)
    again = words(await table.do(ShowLog(), "boss", manages=True))
    assert again.count("took theme") == before, "what changes nothing is no deed"


async def test_a_full_list_makes_room_by_the_oldest_that_nobody_else_is_for(table: Table) -> None:
    await filled(table, MOST)
    await table.do(VoteTheme("1"), "ben")
    await table.do(VoteTheme("2", on=False), "member0")
    said = words(await table.do(ProposeTheme("the last bus home"), "new"))
    assert f"on the list, as {MOST + 1}" in said
    assert "theme 2, which nobody else was for, gave way" in said
    now = await proposals(table)
    assert len(now) == MOST
    assert now[:2] == ["1", "3"]
    # The same again is the same, and nothing gives way for it.
    said = words(await table.do(ProposeTheme("the last bus home"), "new"))
    assert "gave way" not in said
    assert await proposals(table) == now
    with pytest.raises(LimitReached, match="the most of one member"):
        await table.do(ProposeTheme("the winter coat"), "member1")
    assert await proposals(table) == now
    for number in now:
        await table.quick(VoteTheme(number), "cy")
    await table.quick(VoteTheme(str(MOST + 1)), "ben")
    with pytest.raises(LimitReached, match="all have votes"):
        await table.do(ProposeTheme("the winter coat"), "new")


async def test_the_list_is_read_page_by_page(table: Table) -> None:
    await filled(table, 25)
    seen: list[str] = []
    for page in (1, 2, 3):
        card = await table.do(ShowThemes(page), "ben")
        shown = [b.label for b in buttons(card) if b.label.startswith("Vote for")]
        seen += [label.removeprefix("Vote for ") for label in shown]
        turns = [b.typed for b in buttons(card) if b.typed.startswith("challenge themes")]
        assert turns == [f"challenge themes {n}" for n in (page - 1, page + 1) if 1 <= n <= 3]
    assert seen == [str(n) for n in range(1, 26)]
    assert words(await table.do(ShowThemes(9), "ben")) == words(card), "past the end is the last"
    # What was voted for stays in sight.
    voted = words(await table.do(VoteTheme("25", on=False), "member4"))
    assert "25. “" in voted
