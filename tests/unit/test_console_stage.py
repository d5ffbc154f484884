from __future__ import annotations

from dataclasses import replace

from rich.text import Text

from adapters.console.stage import ConsoleStage
from bot.cards import Person
from bot.models import Address, Entry, MessageRef, Origin, RoundState, SpaceRef, UserRef
from bot.present.results import result_card
from bot.present.rounds import round_card
from bot.wording import en
from tests.unit.test_present import WRITTEN, a_round, closed

ROOM = Address(SpaceRef("console", "terminal"), "room")


class Screen:
    """What was printed, and a stage that prints on it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.stage = ConsoleStage(self.say)

    def say(self, lines: list[Text]) -> None:
        self.lines += [line.plain for line in lines]

    def taken(self) -> list[str]:
        """What was printed since the last time, blank lines aside."""
        lines, self.lines = [line for line in self.lines if line.strip()], []
        return lines


async def test_a_round_streams_in() -> None:
    screen = Screen()
    writing = a_round(state=RoundState.WRITING, entries=())
    message = await screen.stage.post(ROOM, round_card(writing), "round:1")
    assert message == MessageRef(ROOM, "round:1")
    first = screen.taken()
    assert first[0] == "“a lighthouse afraid of the dark”"
    assert first[1].startswith("Asked by ana · Open until ")
    assert first[2:] == ["Muse is writing…"]

    await screen.stage.edit(message, round_card(replace(writing, entries=WRITTEN[2:3])))
    assert screen.taken() == [
        " 3  Things it checks twice: the lock, the sea.",
        "    somebody’s list · Muse’s deck",
    ]
    await screen.stage.edit(message, round_card(replace(writing, entries=WRITTEN[1:3])))
    assert screen.taken()[0].startswith(" 2  The lamp keeps one eye")

    await screen.stage.edit(message, round_card(a_round()))
    last = screen.taken()
    assert [line[:2] for line in last[:4]] == [" 1", "  ", " 4", "  "]
    assert last[4] == "No votes yet. Vote, and you see the tally."
    assert last[5].startswith("No AI model is connected")
    assert last[6:] == ["/vote 1 · /add … · /again · /show"]


async def test_what_was_printed_is_not_printed_again() -> None:
    screen = Screen()
    message = await screen.stage.post(ROOM, round_card(a_round()), "round:1")
    assert len(screen.taken()) > 8
    await screen.stage.edit(message, round_card(a_round()))
    await screen.stage.edit(message, round_card(a_round(voters=3)))
    assert screen.taken() == []
    mine = Entry(5, 5, "One more.", Origin.HUMAN, 2)
    await screen.stage.edit(message, round_card(a_round(entries=(*WRITTEN, mine))))
    assert screen.taken() == [" 5  One more.", "    bea · declared human"]
    await screen.stage.edit(message, round_card(a_round(entries=WRITTEN)))
    await screen.stage.edit(message, round_card(a_round(entries=(*WRITTEN, mine))))
    assert screen.taken() == []


async def test_a_round_that_is_whole_at_once_ends_once() -> None:
    screen = Screen()
    writing = a_round(state=RoundState.WRITING, entries=WRITTEN)
    message = await screen.stage.post(ROOM, round_card(writing), "round:1")
    text = "\n".join(screen.taken())
    assert "/vote" not in text
    assert "No votes yet" not in text
    await screen.stage.edit(message, round_card(a_round()))
    ending = screen.taken()
    assert ending[0].startswith("No votes yet")
    assert ending[-1].startswith("/vote 1")
    await screen.stage.edit(message, round_card(a_round()))
    assert screen.taken() == []


async def test_an_unwritten_round_ends_too() -> None:
    screen = Screen()
    message = await screen.stage.post(
        ROOM, round_card(a_round(state=RoundState.WRITING, entries=())), "round:1"
    )
    screen.taken()
    await screen.stage.edit(message, round_card(a_round(entries=())))
    ending = screen.taken()
    assert "Muse could not write this time. Add your own, or ask again." in ending
    assert "Muse is writing…" not in ending
    assert not any(line.startswith("Asked by") for line in ending)


async def test_a_round_of_an_earlier_sitting_is_shown_whole() -> None:
    screen = Screen()
    await screen.stage.edit(MessageRef(ROOM, "round:old"), round_card(a_round(voters=1)))
    first = screen.taken()
    assert first[0] == "“a lighthouse afraid of the dark”"
    assert first[-1].startswith("/vote 1")
    await screen.stage.edit(MessageRef(ROOM, "round:old"), round_card(a_round(voters=2)))
    assert screen.taken() == []


async def test_rounds_are_kept_apart() -> None:
    screen = Screen()
    await screen.stage.post(ROOM, round_card(a_round()), "round:1")
    await screen.stage.post(ROOM, round_card(a_round(prompt="another")), "round:2")
    screen.taken()
    mine = (*WRITTEN, Entry(5, 5, "One more.", Origin.HUMAN, 2))
    await screen.stage.edit(MessageRef(ROOM, "round:1"), round_card(a_round(entries=mine)))
    assert screen.taken()[0] == " 5  One more."
    await screen.stage.edit(MessageRef(ROOM, "round:2"), round_card(a_round()))
    assert screen.taken() == []


async def test_a_result_is_printed() -> None:
    screen = Screen()
    await screen.stage.post(ROOM, result_card(closed()), "result:1")
    assert screen.taken()[0] == "Closed: “a lighthouse afraid of the dark”"


async def test_a_member_is_called_what_they_called_themselves() -> None:
    screen = Screen()
    ana = UserRef("console", "ana")
    assert await screen.stage.display_name(ana) == "ana"
    assert screen.stage.name(Person(ana)) == "ana"
    assert screen.stage.name(Person(None)) == en.FORGOTTEN
