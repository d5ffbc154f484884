"""The part of the composition root that makes challenges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.app import Handler
from bot.challenge_requests import (
    GuessMaker,
    MorePicks,
    OpenBallot,
    Pick,
    PraiseContender,
    ReportContender,
    Unpick,
)
from bot.community.reporting import Reporting
from bot.game.challenges.balloting import Balloting
from bot.game.challenges.finals import Finals
from bot.game.challenges.questioning import Questioning
from bot.storage.ballots import Ballots
from bot.storage.challenges import Challenges
from bot.storage.client import Store


def ballot_handlers(
    store: Store, challenges: Challenges, reporting: Reporting
) -> Mapping[type[Any], Handler]:
    """What serves the requests of voting in a challenge."""
    ballots = Ballots(store)
    balloting = Balloting(ballots, challenges, Finals(ballots))
    questioning = Questioning(ballots, balloting, reporting)
    return {
        OpenBallot: balloting.open,
        Pick: balloting.pick,
        Unpick: balloting.unpick,
        MorePicks: balloting.more,
        GuessMaker: questioning.guess,
        PraiseContender: questioning.praise,
        ReportContender: questioning.report,
    }
