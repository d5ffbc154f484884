"""Turns: how many commands a process serves at once, and who is next.

A crowd that asks for everything at once must not make a vote wait: votes are served beside the
rest, and while one is under way little else is begun. Who waits is served fairly: spaces take
turns, in a space its members, and what one member asks comes in order. Newcomers come after
those who have been around, but are not left out.

    turn = await turns.take(space, user, quick=True)
    try:
        ...                      # and in it, wherever something leaves the process:
        async with outside():    # nobody waits meanwhile for the turn
            await service.ask(...)
    finally:
        turn.end()

Whoever has had a turn for long waits for something: they go on without it, and it passes on. So
a Redis that is slow or away holds nobody up but those who wait for its answer.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType

_own: ContextVar[Turn | None] = ContextVar("turn", default=None)


class Crowded(Exception):
    """More wait than can be served soon; `seconds` is how long who was served last has waited."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"about {seconds:.0f} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Widths:
    """How much is served at once, and how long is waited. `python -m benchmarks raid` has what
    comes of it: wider is hardly quicker for a crowd, and slower for who votes meanwhile.
    """

    votes: int = 64  #: under way at once, and begun before the others are heard again
    ordinary: int = 8  #: the same of all other commands
    beside: int = 1  #: of those, while a vote is under way or has just been
    just: float = 0.25  #: seconds
    held: float = (
        0.008  #: seconds after which a turn passes on: 125 a second beside votes, at least
    )
    waiting: int = 5_000  #: votes that wait, and others; more are refused
    each: int = 50  #: of one member
    newcomers: int = 4  #: every so many turns a newcomer comes before those of standing


class Turns:
    """The turns of one process."""

    def __init__(self, widths: Widths | None = None) -> None:
        self._widths = widths or Widths()
        everybody = (self._free, self._listen, self._watch)
        self._votes = _Lane(self._widths, lambda: self._widths.votes, *everybody)
        self._others = _Lane(self._widths, self._room_for_others, *everybody)
        self._votes.keeps_few = self._others
        self._listening = False

    async def take(
        self, space: Hashable, member: Hashable, *, quick: bool = False, newcomer: bool = False
    ) -> Turn:
        """Wait for a turn; who has it ends it. Raises `Crowded`."""
        lane = self._votes if quick else self._others
        turn = Turn(lane)
        if lane.waiting or not lane.begin(turn):
            await lane.wait(turn, space, member, newcomer=newcomer)
        _own.set(turn)
        return turn

    def _room_for_others(self) -> int:
        votes, widths = self._votes, self._widths
        if votes.running or asyncio.get_running_loop().time() < votes.ended + widths.just:
            return widths.beside
        return widths.ordinary

    def _listen(self) -> None:
        """Have everybody heard who is under way, before more begin than may at once."""
        if not self._listening:
            self._listening = True
            asyncio.get_running_loop().call_soon(self._heard)

    def _heard(self) -> None:
        self._listening = False
        self._votes.begun = self._others.begun = 0
        self._free()

    def _watch(self) -> None:
        self._votes.watch()
        self._others.watch()

    def _free(self) -> None:
        """Give what turns there are to who waits, votes first; mostly nobody does."""
        if self._votes.waiting or self._others.waiting:
            self._votes.give()
            self._others.give()


class Turn:
    """One command's turn; `held` until it is over, or has passed on."""

    __slots__ = ("_away", "_lane", "_over", "held", "place")

    def __init__(self, lane: _Lane) -> None:
        self._lane = lane
        self._away = 0
        self._over = False
        self.held = False
        self.place: asyncio.Future[None] | None = None  #: in the line, while it waits

    def end(self) -> None:
        """The command is served, or given up."""
        self._over = True
        if self.held:
            self._lane.free(self)

    def leave(self) -> None:
        """Something outside is waited for: the turn is another's meanwhile."""
        self._away += 1
        if self.held:
            self._lane.free(self)

    async def back(self) -> None:
        """Wait for a turn again, before those who have not begun, once nothing else is away."""
        self._away -= 1
        if not (self._away or self._over or self.held):
            await self._lane.wait_again(self)


class outside:  # noqa: N801 it reads ``async with outside():``
    """Waits for something outside the process, and lets others have the turn meanwhile."""

    __slots__ = ("_turn",)

    def __init__(self) -> None:
        self._turn = _own.get()

    async def __aenter__(self) -> None:
        """The turn goes."""
        if self._turn is not None:
            self._turn.leave()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The turn comes back; whoever is stopped needs none."""
        if self._turn is not None and (kind is None or issubclass(kind, Exception)):
            await self._turn.back()


class _Line:
    """Who waits: spaces take turns, in a space its members, and a member's own stay in order."""

    def __init__(self) -> None:
        self._spaces: OrderedDict[Hashable, OrderedDict[Hashable, deque[Turn]]] = OrderedDict()

    def __bool__(self) -> bool:
        return bool(self._spaces)

    def join(self, space: Hashable, member: Hashable, turn: Turn, most: int) -> bool:
        """Stand in line, where not `most` of the member's do; whether they do now."""
        members = self._spaces.get(space)
        if members is None:
            members = self._spaces[space] = OrderedDict()
        own = members.get(member)
        if own is None:
            members[member] = deque((turn,))
            return True
        if len(own) >= most:
            return False
        own.append(turn)
        return True

    def next(self) -> Turn:
        """Who is next, and leaves the line."""
        space, members = self._spaces.popitem(last=False)
        member, own = members.popitem(last=False)
        turn = own.popleft()
        if own:
            members[member] = own
        if members:
            self._spaces[space] = members
        return turn


class _Lane:
    """Commands of a kind: those under way, and those that wait to be."""

    def __init__(
        self,
        widths: Widths,
        room: Callable[[], int],
        freed: Callable[[], None],
        listen: Callable[[], None],
        watched: Callable[[], None],
    ) -> None:
        """`room` says how many may be under way now, `freed` gives what is free to who waits,
        `listen` does so once everybody under way was heard, `watched` sees that turns pass on.
        """
        self._widths = widths
        self._room = room
        self._freed = freed
        self._listen = listen
        self._watched = watched
        self._returning: deque[Turn] = deque()
        self._standing, self._newcomers = _Line(), _Line()
        self._given = 0
        self._last_wait = 0.0  # seconds
        self._timer: asyncio.TimerHandle | None = None
        self.keeps_few: _Lane | None = None  # those of which less is begun while this one is busy
        self.running: dict[Turn, float] = {}  # the oldest first
        self.waiting = 0
        self.begun = 0  # since everybody was heard
        self.ended = 0.0  # when one was last, by the event loop's clock

    def begin(self, turn: Turn) -> bool:
        """Begin a turn if there is room; whether there was."""
        room = self._room()
        if self.begun >= room or len(self.running) >= room:
            return False
        turn.held = True
        self.running[turn] = asyncio.get_running_loop().time()
        self.begun += 1
        if self.begun >= room:
            self._listen()
        return True

    def free(self, turn: Turn) -> None:
        """A turn is over, or passes on."""
        turn.held = False
        del self.running[turn]
        self.ended = asyncio.get_running_loop().time()
        self._freed()

    async def wait(self, turn: Turn, space: Hashable, member: Hashable, *, newcomer: bool) -> None:
        """Stand in line until the turn begins. Raises `Crowded`."""
        line = self._newcomers if newcomer else self._standing
        widths = self._widths
        if self.waiting >= widths.waiting or not line.join(space, member, turn, widths.each):
            raise Crowded(self._last_wait)
        came = asyncio.get_running_loop().time()
        await self._until_begun(turn)
        self._last_wait = asyncio.get_running_loop().time() - came

    async def wait_again(self, turn: Turn) -> None:
        """Stand before the line until the turn begins anew."""
        self._returning.append(turn)
        await self._until_begun(turn)

    def give(self) -> None:
        """Begin those that wait, as many as there is room for."""
        while self.waiting:
            room = self._room()
            if self.begun >= room or len(self.running) >= room:
                break
            turn = self._next()
            self.waiting -= 1
            assert turn.place is not None, "who stands in line has a place"
            if not turn.place.done():  # done: the command was stopped meanwhile
                self.begin(turn)
                turn.place.set_result(None)
        if self.waiting and self.begun:
            self._listen()
        self.watch()

    def _next(self) -> Turn:
        if self._returning:
            return self._returning.popleft()
        self._given += 1
        newcomers_turn = not self._given % self._widths.newcomers or not self._standing
        return (self._newcomers if newcomers_turn and self._newcomers else self._standing).next()

    async def _until_begun(self, turn: Turn) -> None:
        turn.place = asyncio.get_running_loop().create_future()
        self.waiting += 1
        self._watched()
        if self.begun:  # it may wait for nothing else than that everybody is heard
            self._listen()
        if self._returning:
            self._freed()
        try:
            await turn.place
        except asyncio.CancelledError:
            if turn.held:  # it was stopped in the moment in which it was to begin
                self.free(turn)
            raise

    def watch(self) -> None:
        """See to it that turns pass on while anybody waits for them."""
        waited_for = self.waiting or (self.keeps_few is not None and self.keeps_few.waiting)
        if self._timer is None and self.running and waited_for:
            loop = asyncio.get_running_loop()
            oldest = next(iter(self.running.values()))
            due = oldest + self._widths.held
            self._timer = loop.call_at(due, self._pass_on, due)

    def _pass_on(self, due: float) -> None:
        self._timer = None
        # A loop may call a little early; and uvloop's handle of what is due at once has no time.
        now, held = max(due, asyncio.get_running_loop().time()), self._widths.held
        for turn in [turn for turn, began in self.running.items() if began + held <= now]:
            turn.held = False
            del self.running[turn]
            self.ended = now
        self._freed()
