"""The one composition root: everything is made here, and handed what it depends on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.agenda import Agenda, Work
from bot.app import App
from bot.community.budgets import Budgets
from bot.community.moderation import Moderation
from bot.community.rules import defaults_of
from bot.community.standing import Standings
from bot.errors import NotYet, StoreUnavailable
from bot.game.asking import Asking
from bot.game.briefing import Briefing
from bot.game.challenges.secrecy import Secrecy
from bot.game.closing import Closing
from bot.game.composing import Composers
from bot.game.delivery import REFRESH_PAUSE, Delivery
from bot.game.entering import Entering
from bot.game.looking import Looking
from bot.game.mending import Mending
from bot.game.painting import Painting
from bot.game.promising import ShownLater
from bot.game.prompting import Prompting
from bot.game.queueing import Queue
from bot.game.remixing import Remixing
from bot.game.voting import Voting
from bot.game.writing import WritingRounds
from bot.metering import MeteredApp, metered_composers, metered_stages, metered_work
from bot.models import Round, RoundRef
from bot.ports import Clock, Meter, Stage
from bot.present.results import result_card
from bot.present.rounds import round_card
from bot.requests import (
    Add,
    Again,
    Ask,
    Close,
    Compose,
    Help,
    Invite,
    LetMuse,
    Refine,
    Remix,
    Say,
    Show,
    Spark,
    Top,
    Unvote,
    Vote,
    Withdraw,
)
from bot.settings import BudgetSettings, LimitSettings
from bot.storage import agenda_items as items
from bot.storage.agenda import AgendaStore
from bot.storage.boards import Boards
from bot.storage.challenges import Challenges
from bot.storage.charters import Charters
from bot.storage.client import Store
from bot.storage.connect import check_engine, make_client
from bot.storage.joins import Joins
from bot.storage.knowledge import Knowledge
from bot.storage.memory import Memory
from bot.storage.messages import Messages
from bot.storage.metered import MeteredAgendaStore, MeteredStore
from bot.storage.remixes import Remixes
from bot.storage.rounds import Rounds
from bot.storage.schema import migrate
from bot.storage.showings import Showings
from bot.storage.spaces import Spaces
from bot.storage.usage import UsageStore
from bot.storage.votes import Votes
from bot.storage.writing_line import WritingLine
from bot.turns import Turns, Widths
from bot.wiring.around import Around
from bot.wiring.challenges import ballot_handlers, wire_challenges
from bot.wiring.community import wire_community
from bot.wiring.results import wire_results

NO_BUDGET = BudgetSettings.model_construct(tokens_per_day=0, member_tokens_per_day=0)
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

    async def due(self) -> datetime | None:
        """When something falls due next; None where nothing does."""
        return await self.agenda.next()


@asynccontextmanager
async def playing(
    store: Store,
    clock: Clock,
    composers: Composers,
    limits: LimitSettings,
    zone: str,
    stages: Mapping[str, Stage],
    draw_seed: Callable[[], int],
    *,
    refresh_pause: float = REFRESH_PAUSE,
    budget: BudgetSettings | None = None,
    works: bool = True,
    meter: Meter | None = None,
) -> AsyncIterator[Muse]:
    """The game on a store, with its agenda running, until the block ends."""
    muse = compose(
        store,
        clock,
        composers,
        limits,
        zone,
        stages,
        draw_seed,
        refresh_pause,
        budget,
        works=works,
        meter=meter,
    )
    loop = asyncio.create_task(muse.agenda.run())
    try:
        yield muse
    finally:
        await muse.agenda.stop(GRACE)
        await loop
        await muse.delivery.end()


def compose(
    store: Store,
    clock: Clock,
    composers: Composers,
    limits: LimitSettings,
    zone: str,
    stages: Mapping[str, Stage],
    draw_seed: Callable[[], int],
    refresh_pause: float = REFRESH_PAUSE,
    budget: BudgetSettings | None = None,
    *,
    works: bool = True,
    meter: Meter | None = None,
    turns: Turns | None = None,
) -> Muse:
    """The game on a store. Nothing runs yet.

    `zone` is the IANA zone of a new community, `stages` the platforms this process speaks
    to by name, `draw_seed` gives 32 random bits a round, `refresh_pause` is in seconds; without
    a `budget` the model may cost what it likes. Without `works`, only what needs a platform is
    done here. A `meter` is put around every part that can have it. `turns` bound what is served at
    once, by the limits where there are none.
    """
    door: Callable[..., App] = App
    agenda_store: Callable[[Store], AgendaStore] = AgendaStore
    if meter is not None:
        door, agenda_store = partial(MeteredApp, meter), partial(MeteredAgendaStore, meter=meter)
        composers, stages = metered_composers(composers, meter), metered_stages(stages, meter)
    rounds, boards, votes = Rounds(store), Boards(store), Votes(store)
    spaces, memory, kept_agenda = Spaces(store, zone), Memory(store), agenda_store(store)
    knowledge, charters = Knowledge(store), Charters(store)

    def nudge(community: str) -> None:
        agenda.nudge(community)

    async def catch_up(round_: Round) -> None:
        ref = RoundRef(round_.community, round_.id)
        await kept_agenda.add(items.show(ref, round_.address.space.platform), clock.now())

    messages, showings = Messages(store), Showings(store)
    promises = ShownLater(showings, clock)
    delivery = Delivery(
        rounds,
        messages,
        showings,
        stages,
        round_card,
        catch_up,
        refresh_pause,
        result_card,
        promises,
    )
    defaults = defaults_of(limits)
    budgets = Budgets(UsageStore(store), spaces, clock, budget or NO_BUDGET)
    moderation = Moderation(charters, defaults, composers.judge)
    briefing = Briefing(rounds, memory, knowledge, charters, moderation, budgets, defaults)
    painting = Painting(composers.painter, delivery)
    writing = WritingRounds(rounds, briefing, composers.rounds, painting, delivery)
    prompting = Prompting(rounds, memory, briefing, composers.prompts, delivery)
    closing = Closing(rounds, boards, spaces, delivery, limits, clock, nudge)
    twists = composers.remixes is not None
    entering = Entering(rounds, delivery, moderation, limits, twists=twists)
    remixing = Remixing(
        rounds,
        Remixes(store, rounds),
        briefing,
        composers.remixes,
        entering,
        delivery,
        moderation,
        limits,
        clock,
        nudge,
    )
    results = wire_results(store, rounds, charters, clock, nudge)
    around = Around(
        store,
        clock,
        stages,
        composers,
        limits,
        defaults,
        nudge,
        draw_seed,
        briefing,
        moderation,
        charters,
        spaces,
        rounds,
        Challenges(store),
        memory,
        knowledge,
        kept_agenda,
    )
    community = wire_community(around, budgets, delivery.refresh)
    life = wire_challenges(around, results.results.announcement)
    work: dict[str, Work] = {
        **results.work,
        **life.work,
        **community.work,
        "write": writing.write,
        "prompt": prompting.prompt,
        "twist": remixing.write,
        "close": closing.at_deadline,
        "expire": closing.expire,
    }
    staged: dict[str, Work] = {
        "show": writing.show,
        "paint": writing.write,
        "announce": closing.announce,
        "mend": Mending(rounds, stages).mend,
        **life.staged,
        **community.staged,
    }
    if meter is not None:
        work, staged = metered_work(work, meter), metered_work(staged, meter)
    agenda = Agenda(kept_agenda, clock, work if works else {}, staged, stages)
    paints = composers.painter is not None
    asking = Asking(
        rounds,
        messages,
        memory,
        knowledge,
        moderation,
        limits,
        nudge,
        draw_seed,
        Queue(WritingLine(store), clock),
        delivery,
        Secrecy(around.challenges),
        paints=paints,
    )
    voting = Voting(rounds, votes, delivery)
    looking = Looking(rounds, boards, memory, limits, draw_seed)

    app = door(
        spaces,
        charters,
        community.leaving,
        Standings(Joins(store), clock),
        defaults,
        clock,
        {
            Ask: asking.ask,
            Again: asking.again,
            Say: asking.say,
            Refine: asking.refine,
            Invite: asking.invite,
            LetMuse: asking.let_muse,
            Remix: remixing.remix,
            Spark: looking.spark,
            Vote: voting.vote,
            Unvote: voting.unvote,
            Compose: entering.compose,
            Add: entering.add,
            Withdraw: entering.withdraw,
            Close: closing.close,
            Show: looking.show,
            Top: looking.top,
            Help: looking.help,
            **community.handlers,
            **ballot_handlers(around, community.reporting),
            **results.handlers,
            **life.handlers,
        },
        turns or Turns(_widths(limits)),
        community.with_notices,
        timedelta(days=limits.newcomer_days),
    )
    return Muse(app, agenda, delivery, store)


def _widths(limits: LimitSettings) -> Widths:
    """How much a process serves at once, by its settings."""
    return Widths(
        votes=limits.votes_at_once,
        ordinary=limits.commands_at_once,
        beside=min(limits.commands_beside_votes, limits.commands_at_once),
        held=limits.turn_ms / 1000,
        waiting=limits.commands_waiting,
        each=limits.waiting_per_member,
    )


async def open_store(url: str, meter: Meter | None = None) -> Store:
    """The store at `url`, once its engine is fit and its data are of this version.

    A `meter` times it. Raises `SetupError`.
    """
    client = make_client(url)
    try:
        await check_engine(client)
    except BaseException:
        await client.aclose()
        raise
    store = Store(client) if meter is None else MeteredStore(client, meter)
    try:
        await migrate(store)
    except BaseException as wrong:
        await store.close()
        if isinstance(wrong, StoreUnavailable):
            raise NotYet("Redis broke off at the start. Look into its log.") from wrong
        raise
    return store
