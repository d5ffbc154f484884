"""The fake Slack keeps Slack's rules: each is broken here through the real client, and refused.

A rule without a way to break it fails, and so does a way that breaks no rule.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes import (
    slack_breaks_blocks,
    slack_breaks_chat,
    slack_breaks_streams,
    slack_breaks_views,
    slack_breaks_ways,
)
from tests.fakes.slack_block_rules import BLOCK_RULES
from tests.fakes.slack_breaks import BREAKS
from tests.fakes.slack_rules import DOCS, RULES
from tests.fakes.slack_server import SlackServer

ALL = RULES | BLOCK_RULES
REGISTERED_BY = (
    slack_breaks_blocks,
    slack_breaks_chat,
    slack_breaks_streams,
    slack_breaks_views,
    slack_breaks_ways,
)


#: slack_sdk 3.47 still hands its client id and secret to aiohttp by this class.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as made:
        yield made


@pytest.mark.parametrize("name", sorted(ALL))
async def test_a_rule_that_is_broken_is_refused(slack: SlackServer, name: str) -> None:
    seen = await BREAKS[name](slack)
    assert seen == ALL[name].error
    assert name in {each.rule for each in slack.refusals}


def test_every_break_is_of_a_rule_and_every_rule_says_where_it_is_from() -> None:
    assert BREAKS.keys() <= ALL.keys()
    assert RULES.keys().isdisjoint(BLOCK_RULES)
    for rule in ALL.values():
        assert rule.url.startswith(DOCS)
        assert rule.sentence.endswith(".")
