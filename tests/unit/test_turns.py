"""Turns: who is served when many ask at once."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Hashable

import pytest

from bot.turns import Crowded, Turn, Turns, Widths, outside

ONE = Widths(ordinary=1, beside=1, just=0.0, held=3_600.0)


async def ticks(count: int = 5) -> None:
    """Let everything run that can."""
    for _ in range(count):
        await asyncio.sleep(0)


class Jumping(selectors.SelectSelector):
    """Jumps to the next moment instead of waiting for it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += timeout or 0.0
        return super().select(0 if timeout is not None else None)


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop whose seconds take no time."""

    def __init__(self) -> None:
        self._clock = Jumping()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


class Hall:
    """A queue of commands that are served until they are told to end."""

    def __init__(self, widths: Widths = ONE) -> None:
        self.turns = Turns(widths)
        self.begun: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._ends: dict[str, asyncio.Event] = {}

    def ask(
        self,
        name: str,
        member: Hashable = "",
        *,
        space: Hashable = "home",
        quick: bool = False,
        newcomer: bool = False,
    ) -> None:
        self._ends[name] = asyncio.Event()

        async def serve() -> None:
            turn = await self.turns.take(space, member or name, quick=quick, newcomer=newcomer)
            try:
                self.begun.append(name)
                await self._ends[name].wait()
            finally:
                turn.end()

        self.tasks[name] = asyncio.create_task(serve())

    async def end(self, *names: str) -> None:
        for name in names:
            self._ends[name].set()
            await self.tasks[name]
        await ticks()

    async def end_all(self) -> None:
        """End each as it begins, until none is left."""
        while any(not task.done() for task in self.tasks.values()):
            for name in self._ends.keys() & set(self.begun):
                self._ends[name].set()
            await ticks()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


async def test_as_many_are_served_at_once_as_there_is_room_for_in_the_order_they_came() -> None:
    hall = Hall(Widths(ordinary=2, held=3_600.0))
    for name in "abcd":
        hall.ask(name)
    await ticks()
    assert hall.begun == ["a", "b"]
    await hall.end("b")
    assert hall.begun == ["a", "b", "c"]
    await hall.end("a")
    assert hall.begun == ["a", "b", "c", "d"]
    await hall.end_all()


async def test_votes_pass_the_queue() -> None:
    hall = Hall()
    for name in "abc":
        hall.ask(name)
    hall.ask("vote", quick=True)
    await ticks()
    assert hall.begun == ["a", "vote"]
    await hall.end_all()
    assert hall.begun == ["a", "vote", "b", "c"]


async def test_while_a_vote_is_under_way_little_else_begins() -> None:
    hall = Hall(Widths(ordinary=3, beside=1, just=0.0, held=3_600.0))
    hall.ask("vote", quick=True)
    await ticks()
    for name in "abc":
        hall.ask(name)
    await ticks()
    assert hall.begun == ["vote", "a"]
    await hall.end("vote")
    assert hall.begun == ["vote", "a", "b", "c"]
    await hall.end_all()


async def test_for_a_while_after_a_vote_another_is_expected() -> None:
    hall = Hall(Widths(ordinary=3, beside=1, just=3_600.0, held=3_600.0))
    hall.ask("vote", quick=True)
    await ticks()
    await hall.end("vote")
    for name in "abc":
        hall.ask(name)
    await ticks()
    assert hall.begun == ["vote", "a"]
    await hall.end_all()


async def test_votes_without_an_end_do_not_starve_the_rest() -> None:
    hall = Hall(Widths(votes=1, ordinary=4, beside=1, just=0.0, held=3_600.0))
    for number in range(20):
        hall.ask(f"vote{number}", quick=True)
        hall.ask(f"other{number}")
    for number in range(20):
        await ticks()
        await hall.end(f"vote{number}", f"other{number}")
    assert hall.begun.index("other9") < hall.begun.index("vote12")


async def test_what_never_waits_is_bounded_too_before_others_are_heard() -> None:
    """Refusals need nobody's answer: all of a crowd's in one go would be one long moment."""
    turns, begun = Turns(Widths(ordinary=2)), 0

    async def refused(number: int) -> None:
        nonlocal begun
        turn = await turns.take("home", number)
        begun += 1
        turn.end()

    tasks = [asyncio.create_task(refused(number)) for number in range(9)]
    seen = []
    while not all(task.done() for task in tasks):
        await asyncio.sleep(0)
        seen.append(begun)
    steps = [after - before for before, after in zip([0, *seen], seen, strict=False)]
    assert max(steps) == 2
    assert begun == 9


async def test_members_take_turns() -> None:
    hall = Hall()
    for number in range(4):
        hall.ask(f"greedy{number}", "greedy")
    hall.ask("modest")
    await ticks()
    await hall.end_all()
    assert hall.begun == ["greedy0", "greedy1", "modest", "greedy2", "greedy3"]


async def test_spaces_take_turns() -> None:
    hall = Hall()
    for number in range(4):
        hall.ask(f"raider{number}", space="raided")
    for number in range(2):
        hall.ask(f"neighbour{number}", space="next door")
    await ticks()
    await hall.end_all()
    names = ("raider0", "raider1", "neighbour0", "raider2", "neighbour1", "raider3")
    assert hall.begun == list(names)


async def test_newcomers_come_after_those_of_standing_but_are_not_left_out() -> None:
    hall = Hall(Widths(ordinary=1, held=3_600.0, newcomers=4))
    hall.ask("first")
    await ticks()
    for number in range(6):
        hall.ask(f"new{number}", newcomer=True)
    for number in range(6):
        hall.ask(f"old{number}")
    await ticks()
    await hall.end_all()
    told = ["old0", "old1", "old2", "new0", "old3", "old4", "old5", "new1", "new2"]
    assert hall.begun[1:10] == told


@pytest.mark.parametrize("begun", [False, True], ids=["waiting", "under way"])
async def test_who_is_stopped_leaves_their_place(begun: bool) -> None:
    hall = Hall()
    for name in "abc":
        hall.ask(name)
    await ticks()
    stopped = "a" if begun else "b"
    hall.tasks[stopped].cancel()
    await ticks()
    await hall.end_all()
    assert hall.tasks[stopped].cancelled()
    assert hall.begun[-1] == "c"


async def test_who_is_stopped_in_the_moment_they_were_to_begin_leaves_their_turn() -> None:
    hall = Hall()
    for name in "abc":
        hall.ask(name)
    await ticks()
    hall._ends["a"].set()
    # In the step that ends it, "b" is given its turn.
    while not hall.tasks["a"].done():  # noqa: ASYNC110 a task's wait would be a step too long
        await asyncio.sleep(0)
    hall.tasks["b"].cancel()
    await ticks()
    assert hall.begun == ["a", "c"]
    await hall.end_all()


async def test_who_waits_outside_leaves_the_turn_to_others_and_comes_back_first() -> None:
    turns, told, answer = Turns(ONE), list[str](), asyncio.Event()

    async def asks_outside() -> None:
        turn = await turns.take("home", "a")
        async with outside():
            told.append("outside")
            await answer.wait()
        told.append("back")
        turn.end()

    hall = Hall()
    hall.turns, hall.begun = turns, told
    first = asyncio.create_task(asks_outside())
    await ticks()
    for name in "bcd":
        hall.ask(name)
    await ticks()
    assert told == ["outside", "b"]
    answer.set()
    await ticks()
    assert told == ["outside", "b"]
    await hall.end("b")
    assert told == ["outside", "b", "back", "c"]
    await first
    await hall.end_all()


async def test_a_turn_is_left_once_for_all_that_is_asked_outside_at_once() -> None:
    turns, answers = Turns(ONE), [asyncio.Event(), asyncio.Event()]

    async def one(answer: asyncio.Event) -> None:
        async with outside():
            await answer.wait()

    async def asks_outside() -> Turn:
        turn = await turns.take("home", "a")
        await asyncio.gather(*(one(answer) for answer in answers))
        return turn

    task = asyncio.create_task(asks_outside())
    await ticks()
    other = await turns.take("home", "b")
    answers[0].set()
    await ticks()
    assert not task.done()
    answers[1].set()
    await ticks()
    assert not task.done()
    other.end()
    turn = await task
    assert turn.held
    turn.end()


@pytest.mark.parametrize("error", [RuntimeError, asyncio.CancelledError])
async def test_what_fails_outside_comes_back_and_what_is_stopped_does_not(
    error: type[BaseException],
) -> None:
    turns = Turns(ONE)
    turn = await turns.take("home", "a")
    with pytest.raises(error):
        async with outside():
            raise error
    assert turn.held is (error is RuntimeError)
    turn.end()
    (await turns.take("home", "b")).end()


async def test_outside_of_any_command_nothing_is_waited_for() -> None:
    turn = await Turns(ONE).take("home", "a")
    turn.end()
    async with outside():  # as a task does that a command began and did not wait for
        assert not turn.held
    assert not turn.held


async def test_a_turn_without_an_end_passes_on() -> None:
    hall = Hall(Widths(ordinary=2, held=0.001))
    for name in "abcdef":
        hall.ask(name)
    while len(hall.begun) < 6:  # noqa: ASYNC110 what is waited for has no event
        await asyncio.sleep(0)
    assert hall.begun == list("abcdef")
    await hall.end_all()


async def test_a_line_has_an_end() -> None:
    hall = Hall(Widths(ordinary=1, held=3_600.0, waiting=3, each=2))
    for name in ("first", "own1", "own2", "own3"):
        hall.ask(name, name[:3])
    await ticks()
    assert isinstance(hall.tasks["own3"].exception(), Crowded), "one of a member's too many"
    hall.ask("other")
    hall.ask("last")
    await ticks()
    assert isinstance(hall.tasks["last"].exception(), Crowded), "one too many of all"
    hall.ask("vote", quick=True)
    await ticks()
    assert "vote" in hall.begun
    await hall.end_all()
    assert hall.begun == ["first", "vote", "own1", "other", "own2"]


@pytest.mark.parametrize("votes", [True, False])
def test_a_slow_redis_leaves_room_for_a_hundred_a_second_beside_votes(votes: bool) -> None:
    async def served_in_a_second() -> int:
        turns, served = Turns(), list[int]()

        async def serve(number: int, *, quick: bool) -> None:
            turn = await turns.take(f"place{number % 3}", number, quick=quick)
            try:
                await asyncio.sleep(0.2)
            finally:
                turn.end()
            if not quick:
                served.append(number)

        async def vote() -> None:
            async with asyncio.TaskGroup() as voting:
                for number in range(240):
                    voting.create_task(serve(number, quick=True))
                    await asyncio.sleep(0.005)

        async with asyncio.TaskGroup() as crowd:
            if votes:
                crowd.create_task(vote())
                await asyncio.sleep(0)
            others = [crowd.create_task(serve(n, quick=False)) for n in range(500)]
            await asyncio.sleep(1.2)
            found = len(served)
            for task in others:
                task.cancel()
        return found

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        assert runner.run(served_in_a_second()) >= (100 if votes else 300)


def test_a_vote_that_hangs_keeps_the_others_few_for_a_moment_only() -> None:
    async def begun() -> int:
        hall = Hall(Widths(ordinary=4, beside=1, just=0.25, held=3.0))
        hall.ask("vote", quick=True)
        await ticks()
        for number in range(9):
            hall.ask(f"other{number}")
        await asyncio.sleep(3.0 + 0.25 + 3.0 + 0.1)
        count = len(hall.begun)
        await hall.end_all()
        return count

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        # The vote; one beside it, and one more as that one's turn has passed on; then four at once.
        assert runner.run(begun()) == 1 + 1 + 1 + 4


def test_a_turn_that_was_due_already_passes_on_at_once_under_uvloop() -> None:
    uvloop = pytest.importorskip("uvloop")
    wrong: list[str] = []

    async def begun() -> list[str]:
        asyncio.get_running_loop().set_exception_handler(lambda _, what: wrong.append(str(what)))
        hall = Hall(Widths(ordinary=1, held=0.0))  # due as soon as somebody waits
        hall.ask("first")
        await ticks()
        hall.ask("second")
        await ticks(20)
        served = list(hall.begun)
        await hall.end("first", "second")
        return served

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(begun()) == ["first", "second"]
    assert not wrong
