"""What the parts of the composition root share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.community.moderation import Moderation
from bot.community.rules import Rules
from bot.game.briefing import Briefing
from bot.game.composing import Composers
from bot.ports import Clock, Stage
from bot.settings import LimitSettings
from bot.storage.agenda import AgendaStore
from bot.storage.challenges import Challenges
from bot.storage.charters import Charters
from bot.storage.client import Store
from bot.storage.knowledge import Knowledge
from bot.storage.memory import Memory
from bot.storage.rounds import Rounds
from bot.storage.spaces import Spaces


@dataclass(frozen=True, slots=True)
class Around:
    """What several parts of the game are made of."""

    store: Store
    clock: Clock
    stages: Mapping[str, Stage]
    composers: Composers
    limits: LimitSettings
    defaults: Rules
    nudge: Callable[[str], None]
    draw_seed: Callable[[], int]
    briefing: Briefing
    moderation: Moderation
    charters: Charters
    spaces: Spaces
    rounds: Rounds
    challenges: Challenges
    memory: Memory
    knowledge: Knowledge
    agenda: AgendaStore
