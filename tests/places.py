"""Several places on several platforms, played by several processes on one Redis."""

from __future__ import annotations

from random import Random

from bot.cards import Answer, Card, CommandRef
from bot.commands import spec_of
from bot.community_requests import LinkMember, LinkSpace, UnlinkSpace
from bot.game.composing import Composers
from bot.models import Address, RoundRef, SpaceRef, UserRef
from bot.references import event_id
from bot.requests import Ask, Command, Request
from bot.settings import LimitSettings
from bot.storage.client import Store
from bot.storage.rounds import Rounds, round_id
from bot.storage.spaces import first_community_id
from bot.wiring import Muse, compose
from tests.support import FakeClock, MemoryStage, ScriptedWriter, event

SERVER = SpaceRef("discord", "100")
WORKSPACE = SpaceRef("slack", "T200")
TERMINAL = SpaceRef("console", "terminal")
PLATFORMS = ("discord", "slack", "console")


class Places:
    """A game on one store, in as many processes as are asked for, and quick ways to play it."""

    def __init__(self, store: Store, clock: FakeClock, processes: int = 2) -> None:
        self.store, self.clock = store, clock
        self.stages = {platform: MemoryStage() for platform in PLATFORMS}
        self.rounds = Rounds(store)
        self.processes = [self.process(store, seed) for seed in range(processes)]

    def process(self, store: Store, seed: int = 9) -> Muse:
        """Another process, with nothing remembered."""
        rng = Random(seed)
        return compose(
            store,
            self.clock,
            Composers.by(ScriptedWriter()),
            LimitSettings(),
            "UTC",
            self.stages,
            lambda: rng.getrandbits(32),
            refresh_pause=0.0,
        )

    async def do(
        self,
        request: Request,
        space: SpaceRef = SERVER,
        who: str = "org",
        *,
        process: int = 0,
        at: str | None = None,
        manages: bool | None = None,
    ) -> Card:
        """Serve a request, and nothing besides. Who is called org manages the place."""
        command = Command(
            event=at or event(),
            space=space,
            user=user(space, who),
            address=Address(space, "room"),
            request=request,
            answer=_answer(request),
            manages=who == "org" if manages is None else manages,
        )
        reply = await self.processes[process].app.handle(command)
        assert isinstance(reply.card, Card)
        return reply.card

    async def settle(self) -> None:
        """Do all that is due, in every process."""
        for muse in self.processes:
            await muse.settle()

    async def code(self, space: SpaceRef = SERVER, process: int = 0) -> str:
        """A code for another place."""
        return typed_code(await self.do(LinkSpace(), space, process=process))

    async def own_code(self, space: SpaceRef, who: str) -> str:
        """A code for somebody's other identity."""
        return typed_code(await self.do(LinkMember(), space, who))

    async def join(self, space: SpaceRef = WORKSPACE, to: SpaceRef = SERVER) -> Card:
        """Make two places one community."""
        return await self.do(LinkSpace(await self.code(to), sure=True), space)

    async def part(self, space: SpaceRef = WORKSPACE, by: SpaceRef = SERVER) -> Card:
        """Part a place from its community."""
        return await self.do(UnlinkSpace(str(space)), by)

    async def begin_round(
        self, community: str, space: SpaceRef, who: str = "org", *, prompt: str = "a lighthouse"
    ) -> RoundRef:
        """A round that is open, in a community that is known."""
        ident = event()
        await self.do(Ask(prompt), space, who, at=ident)
        await self.settle()
        return RoundRef(community, opened_by(ident))

    async def link(self, who: str, space: SpaceRef, other: str, there: SpaceRef) -> Card:
        """Make two identities one member: the first gives a code, the other uses it."""
        return await self.do(LinkMember(await self.own_code(space, who)), there, other)


def first(space: SpaceRef) -> str:
    """The community that a place begins with."""
    return first_community_id(space)


def opened_by(event: str) -> str:
    """The id of the round that an event opens."""
    return round_id(event_id(event))


def user(space: SpaceRef, who: str) -> UserRef:
    """A person of a place's platform."""
    return UserRef(space.platform, who)


def typed_code(card: Card) -> str:
    """The code on a card, as it is typed."""
    spans = [span for block in card.blocks for span in getattr(block, "line", ())]
    typed, *_ = [span.typed for span in spans if isinstance(span, CommandRef)]  # then what it means
    return typed.rpartition(" ")[2]


def _answer(request: Request) -> Answer:
    try:
        return spec_of(request).answer
    except KeyError:
        return Answer.POST
