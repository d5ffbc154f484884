"""What Muse makes of a running challenge's theme is shown to nobody before the close."""

from __future__ import annotations

import pytest

from bot.cards import Card
from bot.challenge_requests import CancelChallenge, StartChallenge
from bot.errors import Refusal
from bot.models import SpaceRef
from bot.requests import Again, Ask, Invite
from tests.support import Table

THEME = "what the lift hears at night"


@pytest.mark.parametrize(
    "asked",
    [
        Ask(THEME),
        Ask("What the LIFT  hears at night"),
        Ask("a poem about what the lift hears at night, please"),
        Invite(THEME),
    ],
)
async def test_the_theme_is_no_prompt_while_a_challenge_runs(
    table: Table, asked: Ask | Invite
) -> None:
    await table.do(StartChallenge(THEME), "org", manages=True)
    with pytest.raises(Refusal, match="private message"):
        await table.do(asked)
    assert isinstance(await table.do(Ask("the last bookshop on Mars")), Card)
    await table.do(CancelChallenge("it was a rehearsal"), "org", manages=True)
    assert isinstance(await table.do(asked), Card)


async def test_a_round_from_before_is_not_asked_again(table: Table) -> None:
    await table.do(Ask(THEME))
    await table.do(StartChallenge(THEME), "org", manages=True)
    with pytest.raises(Refusal, match="private message"):
        await table.do(Again())


async def test_in_private_it_may_be_asked(table: Table) -> None:
    await table.do(StartChallenge(THEME), "org", manages=True)
    alone = SpaceRef("console", "dm-of-ana")
    assert isinstance(await table.do(Ask(THEME), space=alone), Card)


async def test_a_short_theme_keeps_nobody_from_other_prompts(table: Table) -> None:
    await table.do(StartChallenge("art"), "org", manages=True)
    with pytest.raises(Refusal, match="private message"):
        await table.do(Ask("Art!"))
    assert isinstance(await table.do(Ask("a party in the garden")), Card)
    assert isinstance(await table.do(Ask("what art is for")), Card)
