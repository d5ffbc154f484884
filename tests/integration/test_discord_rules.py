"""The loopback Discord keeps Discord's rules: each one is broken here, and refused.

The ways to break them are in `discord_breaks_*.py`, by the rule's name. A rule that nothing
breaks fails, and so does a break of no rule.
"""

from __future__ import annotations

import pytest

from tests.fakes.discord_rule_table import RULES
from tests.integration import (
    discord_breaks_components,
    discord_breaks_connection,
    discord_breaks_interactions,
    discord_breaks_messages,
    discord_breaks_places,
)
from tests.integration.discord_bench import BREAKS, Answer, bench

#: Imported for what they note in `BREAKS`.
NOTED_IN = (
    discord_breaks_components,
    discord_breaks_connection,
    discord_breaks_interactions,
    discord_breaks_messages,
    discord_breaks_places,
)


@pytest.mark.parametrize("name", sorted(RULES))
async def test_every_rule_is_kept(name: str) -> None:
    rule = RULES[name]
    async with bench() as ready:
        outcome = await BREAKS[name](ready)
        broken = [each.rule for each in ready.server.sent if each.rule]
        own = [each for each in ready.server.violations if each.startswith("reply to")]
    assert own == [], "the fake itself against Discord's OpenAPI file"
    if rule.status == 0:
        assert outcome is None
    elif rule.status >= 4000:
        assert outcome == rule.status
    else:
        assert isinstance(outcome, Answer)
        assert (outcome.status, broken[-1:]) == (rule.status, [name]), outcome.said
        if rule.status != 429:
            assert outcome.said["code"] == rule.code


def test_every_break_is_of_a_rule() -> None:
    assert set(BREAKS) == set(RULES)


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_says_where_it_stands(name: str) -> None:
    rule = RULES[name]
    assert rule.url.startswith(
        ("https://docs.discord.com/developers/", "https://github.com/discord/")
    )
    assert len(rule.says) > 10
