"""Something to vote on: a community of known members, its rounds, and their votes.

Every vote here is a known member's first in its round. The same vote can be had as the
command that a button makes, or as the script call that comes of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.actions import Action, answer, decode, encode, request
from bot.clock import SystemClock
from bot.game.composing import Composers
from bot.models import Address, Draft, Origin, RoundRef, SpaceRef, UserRef
from bot.ports import Meter
from bot.requests import Command, Vote
from bot.settings import LimitSettings
from bot.storage import keys
from bot.storage.client import Arg, Reply, Script, Store
from bot.storage.rounds import Opening, Rounds
from bot.storage.spaces import Spaces
from bot.storage.votes import Turn, Votes
from bot.wiring import Muse, compose
from bot.writing.deck import DeckWriter
from bot.writing.engine import Engine

SPACE = SpaceRef("bench", "space")
ENTRIES = 4
KNOWN = 100_000  # members of the community before the first vote
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a script, as anybody may make it."""

    sha: str
    keys: tuple[str, ...]
    args: tuple[Arg, ...]


class Electorate:
    """A community, and votes in its rounds. Made by `gather`."""

    def __init__(self, store: Store, community: str, space: SpaceRef, known: int) -> None:
        self.community = community
        self.known = known
        self._space, self._address = space, Address(space, "room")
        self._rounds = Rounds(store)
        self._events = itertools.count(10**18)  # as long as a platform's own
        self._random = Random(1)

    async def round(self) -> RoundRef:
        """A new round of four entries."""
        now = datetime.now(UTC)
        opening = Opening("a lighthouse", "free", ENTRIES, 1, now + timedelta(days=1))
        event = f"bench:{next(self._events)}"
        ref = await self._rounds.open(
            self.community, event, UserRef("bench", "asker"), self._address, opening, now
        )
        for number in range(1, ENTRIES + 1):
            draft = Draft(f"{event}, entry {number}", "a letter", Origin.DECK)
            await self._rounds.place(ref, number, draft)
        return ref

    def ballots(self, ref: RoundRef, count: int) -> list[Command]:
        """Members' first votes in a round, as their buttons make them."""
        members = self._random.sample(range(self.known), count)
        return [self._ballot(ref, member, 1 + member % ENTRIES) for member in members]

    def _ballot(self, ref: RoundRef, member: int, entry: int) -> Command:
        pressed = decode(encode(Action("vote", ref.community, ref.round, entry)))
        return Command(
            event=f"bench:{next(self._events)}",
            space=self._space,
            user=UserRef("bench", f"{member:012}"),
            address=self._address,
            request=request(pressed),
            answer=answer(pressed),
        )


async def gather(store: Store, known: int = KNOWN, space: SpaceRef = SPACE) -> Electorate:
    """A community of so many members."""
    now = datetime.now(UTC)
    found = await Spaces(store, "UTC").community(space, now)
    shared = keys.community(found.id)
    for first in range(0, known, _AT_ONCE):
        block = range(first, min(first + _AT_ONCE, known))
        ids: list[Arg] = [part for m in block for part in (f"bench:{m:012}", m + 1)]
        people: list[Arg] = [part for m in block for part in (m + 1, f"bench:{m:012}")]
        await store.call("HSET", shared.ids, *ids)
        await store.call("HSET", shared.people, *people)
    await store.call("HSET", shared.record, "members", known)
    return Electorate(store, found.id, space, known)


def play(store: Store, folder: Path, meter: Meter | None = None) -> Muse:
    """The game, composed as a process composes it, with no platform behind it."""
    clock = SystemClock(folder / "clock")
    return compose(
        store,
        clock,
        Composers.by(Engine(None, DeckWriter())),
        LimitSettings(),
        "UTC",
        {},
        lambda: 1,
        meter=meter,
    )


async def as_calls(commands: Sequence[Command]) -> list[Call]:
    """What those votes ask of Redis, to the last argument."""
    listener = _Listener()
    votes, now = Votes(listener), datetime.now(UTC)
    for command in commands:
        vote = command.request
        assert isinstance(vote, Vote)
        assert vote.round is not None
        await votes.turn(
            vote.round, command.event, command.space, command.user, vote.entries, Turn.ON, (), now
        )
    return listener.heard


class _Listener(Store):
    """Notes the calls it is given, and sends none."""

    def __init__(self) -> None:
        self.heard: list[Call] = []

    def run(self, which: Script, keys: Sequence[str], args: Sequence[Arg]) -> Awaitable[Reply]:
        self.heard.append(Call(which.sha, tuple(keys), tuple(args)))
        return _nothing()


async def _nothing() -> Reply:
    return ("ok", "", "", "open", (), "")
