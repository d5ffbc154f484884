"""The part of the composition root that makes results and the verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.agenda import Work
from bot.app import Handler
from bot.challenge_requests import (
    ChallengeRef,
    ExportResults,
    ShowOwnResult,
    ShowPodiums,
    ShowResults,
    ShowUnlikePicks,
    ShowVerdict,
)
from bot.game.challenges.counting import Counting
from bot.game.challenges.exporting import Exporting
from bot.game.challenges.results import Results
from bot.game.challenges.verdicts import Verdicts
from bot.models import SpaceRef
from bot.ports import Clock
from bot.storage import agenda_items as items
from bot.storage.challenges import Challenges
from bot.storage.charters import Charters
from bot.storage.client import Store
from bot.storage.results import ResultStore
from bot.storage.rounds import Rounds


@dataclass(frozen=True, slots=True)
class ResultsWired:
    """What results bring: their handlers, the agenda's work, and who makes the announcement."""

    handlers: Mapping[type[Any], Handler]
    work: Mapping[str, Work]
    results: Results


def _items(ref: ChallengeRef, spaces: Sequence[str]) -> list[str]:
    """The items that tell a challenge's results, space by space."""
    named = (SpaceRef(*space.split(":", 1)) for space in spaces)
    return [items.proclaim(ref, "results", space) for space in named]


def wire_results(
    store: Store,
    rounds: Rounds,
    charters: Charters,
    clock: Clock,
    nudge: Callable[[str], None],
) -> ResultsWired:
    """Results on a store."""
    kept = ResultStore(store)
    counting = Counting(kept, charters, clock, nudge, _items)
    results = Results(kept, counting, rounds)
    return ResultsWired(
        {
            ShowResults: results.show,
            ShowOwnResult: results.own,
            ShowPodiums: results.podiums,
            ShowUnlikePicks: results.unlike,
            ExportResults: Exporting(results, kept, Challenges(store)).export,
            ShowVerdict: Verdicts(kept).show,
        },
        {"count": counting.count},
        results,
    )
