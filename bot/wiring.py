"""The one composition root: everything is made here, and handed what it depends on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.agenda import Agenda
from bot.app import App
from bot.game.asking import Asking
from bot.game.closing import Closing
from bot.game.delivery import Delivery
from bot.game.entering import Entering
from bot.game.looking import Looking
from bot.game.voting import Voting
from bot.game.writing import Composer, WritingRounds
from bot.models import Round
from bot.ports import Clock, Stage
from bot.present.rounds import round_card
from bot.requests import (
    Add,
    Again,
    Ask,
    Close,
    Compose,
    Help,
    RoundRef,
    Show,
    Top,
    Unvote,
    Vote,
    Withdraw,
)
from bot.settings import LimitSettings
from bot.storage import agenda_items as items
from bot.storage.agenda import AgendaStore
from bot.storage.boards import Boards
from bot.storage.client import Store
from bot.storage.connect import check_engine, make_client
from bot.storage.memory import Memory
from bot.storage.rounds import Rounds
from bot.storage.spaces import Spaces
from bot.storage.votes import Votes

GRACE = 8.0  # seconds that work in hand gets at the end


@dataclass(frozen=True, slots=True)
class Muse:
    """The game, whole: what adapters are given, and what ends with the process."""

    app: App
    agenda: Agenda
    delivery: Delivery
    store: Store

    async def settle(self) -> None:
        """Wait until all that is due is done and every message shows it."""
        await self.agenda.settle()
        await self.delivery.settle()


@asynccontextmanager
async def playing(
    store: Store,
    clock: Clock,
    composer: Composer,
    limits: LimitSettings,
    zone: str,
    stages: Mapping[str, Stage],
    draw_seed: Callable[[], int],
    *,
    refresh_pause: float = 1.0,
) -> AsyncIterator[Muse]:
    """The game on a store, with its agenda running, until the block ends."""
    muse = compose(store, clock, composer, limits, zone, stages, draw_seed, refresh_pause)
    loop = asyncio.create_task(muse.agenda.run())
    try:
        yield muse
    finally:
        await muse.agenda.stop(GRACE)
        await loop
        await muse.delivery.settle()


def compose(
    store: Store,
    clock: Clock,
    composer: Composer,
    limits: LimitSettings,
    zone: str,
    stages: Mapping[str, Stage],
    draw_seed: Callable[[], int],
    refresh_pause: float = 1.0,
) -> Muse:
    """The game on a store. Nothing runs yet.

    `zone` is the IANA zone of a new community, `stages` the platforms this process speaks
    to by name, `draw_seed` gives 32 random bits a round, `refresh_pause` is in seconds.
    """
    rounds, boards, votes = Rounds(store), Boards(store), Votes(store)
    spaces, memory, kept_agenda = Spaces(store, zone), Memory(store), AgendaStore(store)

    def nudge(community: str) -> None:
        agenda.nudge(community)

    async def catch_up(round_: Round) -> None:
        ref = RoundRef(round_.community, round_.id)
        await kept_agenda.add(items.show(ref, round_.address.space.platform), clock.now())

    delivery = Delivery(
        rounds,
        stages,
        lambda round_: round_card(
            round_, tallies=limits.tallies == "always", hidden=limits.tallies == "close"
        ),
        catch_up,
        refresh_pause,
    )
    writing = WritingRounds(rounds, memory, composer, delivery)
    closing = Closing(rounds, boards, spaces, delivery, limits, clock, nudge)
    agenda = Agenda(
        kept_agenda,
        clock,
        {"write": writing.write, "close": closing.at_deadline, "expire": closing.expire},
        {"show": writing.show, "announce": closing.announce},
        stages,
    )
    asking = Asking(rounds, memory, limits, nudge, draw_seed)
    entering = Entering(rounds, delivery, limits)
    voting = Voting(rounds, votes, delivery, limits)
    looking = Looking(rounds, boards, memory, limits)
    app = App(
        spaces,
        clock,
        {
            Ask: asking.ask,
            Again: asking.again,
            Vote: voting.vote,
            Unvote: voting.unvote,
            Compose: entering.compose,
            Add: entering.add,
            Withdraw: entering.withdraw,
            Close: closing.close,
            Show: looking.show,
            Top: looking.top,
            Help: looking.help,
        },
    )
    return Muse(app, agenda, delivery, store)


async def open_store(url: str) -> Store:
    """The store at `url`, once its engine is fit. Raises `SetupError`."""
    client = make_client(url)
    try:
        await check_engine(client)
    except BaseException:
        await client.aclose()
        raise
    return Store(client)
