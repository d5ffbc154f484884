"""Results as the terminal draws them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from adapters.console.draw import draw
from bot.cards import Person
from tests.unit.contests import CARDS

Golden = Callable[[str, str], None]


def _name(person: Person) -> str:
    return person.user.id if person.user else "?"


@pytest.mark.parametrize("name", CARDS)
def test_every_card_is_drawn_as_it_was_read(name: str, golden: Golden) -> None:
    lines = draw(CARDS[name], _name)
    golden(f"console/{name}", "".join(f"{line.plain}\n" for line in lines))
