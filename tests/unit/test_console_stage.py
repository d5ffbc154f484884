from __future__ import annotations

import asyncio
import gc
from dataclasses import replace
from pathlib import Path

import pytest
from rich.text import Text

from adapters.console.stage import ConsoleStage
from bot.cards import Card, Heading, Illustration, Person, Plain
from bot.errors import StageFailed
from bot.models import Address, Entry, Image, MessageRef, Origin, RoundState, SpaceRef, UserRef
from bot.present.challenges.contributing import reminder_card
from bot.present.results import result_card
from bot.present.rounds import round_card
from bot.wording import en
from tests.unit.challenge_cards import OPEN
from tests.unit.test_present import WRITTEN, a_round, closed

ROOM = Address(SpaceRef("console", "terminal"), "room")


class Screen:
    """What was printed, and a stage that prints on it."""

    def __init__(self, pictures: Path | None = None) -> None:
        self.lines: list[str] = []
        self.stage = ConsoleStage(self.say, pictures)

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
    assert last[4] == "No votes yet. Vote, and you see how many votes each piece has."
    assert last[5].startswith("No AI model is connected")
    assert last[6:] == ["/vote 1 · /add … · /again · /refine … · /show"]


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


async def test_a_message_is_printed_once() -> None:
    screen = Screen()
    first = await screen.stage.post(ROOM, round_card(a_round()), "round:1")
    assert len(screen.taken()) > 8
    assert await screen.stage.post(ROOM, round_card(a_round()), "round:1") == first
    assert screen.taken() == []


async def test_a_reminder_says_whom_it_is_for_once() -> None:
    screen = Screen()
    address = Address(ROOM.space, "@ana")
    first = await screen.stage.post(address, reminder_card(OPEN), "remind:c1:x1.3:s1")
    said = screen.taken()
    assert said[0] == "(Only ana sees this.)"
    assert en.REMINDER_HEADING in said[1]
    assert any("/challenge enter" in line for line in said), "what to type for it"
    again = await screen.stage.post(address, reminder_card(OPEN), "remind:c1:x1.3:s1")
    assert again == first
    assert screen.taken() == []


async def test_rounds_are_kept_apart() -> None:
    screen = Screen()
    await screen.stage.post(ROOM, round_card(a_round()), "round:1")
    await screen.stage.post(ROOM, round_card(a_round(prompt="another")), "round:2")
    screen.taken()
    mine = (*WRITTEN, Entry(5, 5, "One more.", Origin.HUMAN, 2))
    await screen.stage.edit(MessageRef(ROOM, "round:1"), round_card(a_round(entries=mine)))
    assert screen.taken()[0] == " 5  One more."
    other = round_card(a_round(prompt="another"))
    await screen.stage.edit(MessageRef(ROOM, "round:2"), other)
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


# --- Pictures.

MESSAGE = MessageRef(ROOM, "round:1")


def files(folder: Path) -> dict[str, bytes]:
    """What is in a folder, if it is there."""
    return {file.name: file.read_bytes() for file in folder.glob("*")}


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def test_a_picture_is_a_file_of_its_owners(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    stage = Screen(folder).stage
    assert files(tmp_path) == {}
    kept = await stage.keep(MESSAGE, Image(b"one", "image/png"), "abc-1")
    assert kept == str(folder / "abc-1.png")
    assert (mode(Path(kept)), mode(folder)) == (0o600, 0o700)
    await stage.keep(MESSAGE, Image(b"two", "image/webp"), "abc-2")
    assert files(folder) == {"abc-1.png": b"one", "abc-2.webp": b"two"}


async def test_a_picture_never_takes_anothers_place(tmp_path: Path) -> None:
    first = await Screen(tmp_path).stage.keep(MESSAGE, Image(b"one", "image/png"), "abc-1")
    again = Screen(tmp_path).stage
    assert await again.keep(MESSAGE, Image(b"another", "image/png"), "abc-1") == first
    assert await again.keep(MESSAGE, Image(b"another", "image/jpeg"), "abc-1") == first
    assert files(tmp_path) == {"abc-1.png": b"one"}


async def test_of_many_at_once_one_is_kept_whole(tmp_path: Path) -> None:
    stage = Screen(tmp_path).stage
    datas = [bytes([n]) * 100_000 for n in range(8)]
    kept = await asyncio.gather(*(stage.keep(MESSAGE, Image(data), "abc-1") for data in datas))
    assert set(kept) == {str(tmp_path / "abc-1.png")}
    (held,) = files(tmp_path).values()
    assert held in datas


@pytest.mark.parametrize("name", ["", "../abc", "a/b", ".hidden", "a b", "é", "a" * 101])
async def test_a_pictures_name_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(StageFailed, match="name"):
        await Screen(tmp_path / "pictures").stage.keep(MESSAGE, Image(b"one"), name)
    assert files(tmp_path) == {}


async def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file")
    with pytest.raises(StageFailed, match=r"^The picture can’t be written to a file \(.*\)\.$"):
        await Screen(tmp_path / "pictures").stage.keep(MESSAGE, Image(b"one"), "abc-1")


async def test_without_a_folder_pictures_go_with_the_stage() -> None:
    screen = Screen()
    kept = Path(await screen.stage.keep(MESSAGE, Image(b"one"), "abc-1"))
    assert files(kept.parent) == {"abc-1.png": b"one"}
    assert mode(kept) == 0o600
    del screen
    gc.collect()
    assert files(kept.parent) == {}


async def test_a_picture_is_shown_while_the_round_is_written() -> None:
    screen = Screen()
    seen = replace(WRITTEN[0], text="A woodcut by night.", picture="pictures/abc-1.png")
    writing = a_round(state=RoundState.WRITING, entries=(seen,), form="picture")
    await screen.stage.post(ROOM, round_card(writing), "round:1")
    printed = screen.taken()
    at = printed.index(" 1  A woodcut by night.")
    assert printed[at + 1] == "    pictures/abc-1.png"
    more = replace(WRITTEN[1], text="A child’s drawing.", picture="pictures/abc-2.png")
    await screen.stage.edit(MESSAGE, round_card(replace(writing, entries=(seen, more))))
    assert screen.taken()[:2] == [" 2  A child’s drawing.", "    pictures/abc-2.png"]


async def test_what_muse_drew_is_a_file_that_is_named_beside_its_words(tmp_path: Path) -> None:
    screen = Screen(tmp_path / "pictures")
    drawn = Illustration("challenge-1", Image(b"bars"), "Two bars: 68 and 32.")
    card = Card((Heading((Plain("It is decided"),)),), "It is decided", illustration=drawn)
    await screen.stage.post(ROOM, card, "results:1")
    (file,) = (tmp_path / "pictures").iterdir()
    assert file.read_bytes() == b"bars"
    assert screen.taken() == ["It is decided", "Two bars: 68 and 32.", str(file)]
    other = replace(card, illustration=replace(drawn, image=Image(b"other bars")))
    await screen.stage.drawn(other)
    assert len(list((tmp_path / "pictures").iterdir())) == 2, "what it tells has changed"


async def test_a_drawing_that_cannot_be_kept_takes_nothing_else_away(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file")
    screen = Screen(tmp_path / "pictures")
    drawn = Illustration("challenge-1", Image(b"bars"), "Two bars: 68 and 32.")
    card = Card((Heading((Plain("It is decided"),)),), "It is decided", illustration=drawn)
    printed = [line.plain for line in await screen.stage.drawn(card)]
    assert printed[0] == "It is decided"
    assert any("can’t be written" in line for line in printed)
