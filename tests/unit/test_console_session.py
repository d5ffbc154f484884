from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from rich.text import Text

from adapters.console.chat import WELCOME, _Words
from adapters.console.script import plain_printer, play_script
from adapters.console.session import (
    ADDRESS,
    FIRST_MEMBER,
    LEAVING,
    LONGEST_NAME,
    OWN_COMMANDS,
    SPACE,
    STEPS,
    Session,
    words_to_complete,
)
from adapters.console.stage import ConsoleStage
from bot.app import App, Handler
from bot.cards import Answer, Card, FormCard, Literal, Paragraph
from bot.commands import BOARD_WORDS, BY_NAME, COMMANDS, FACETS, FORM_NAMES, PERIODS
from bot.community.context import Context
from bot.community.leaving import Leaving
from bot.community.rules import Rules
from bot.community.standing import Standings
from bot.errors import Refusal
from bot.models import RoundRef, SpaceRef, Tenure
from bot.present.blanks import entry_form
from bot.present.help import help_card
from bot.present.receipts import said
from bot.requests import Add, Ask, Close, Command, Help, Show, Top, Vote
from bot.storage.charters import Charter, Charters
from bot.storage.refusals import ForeignSpace
from bot.storage.spaces import Community, Spaces
from bot.turns import Turns
from tests.unit.strategies import ANYTHING, AWKWARD_TEXT

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class MemorySpaces:
    """Spaces without a store: every space is one community."""

    def __init__(self) -> None:
        self.forgotten: list[SpaceRef] = []

    async def community(self, _space: SpaceRef, _now: datetime) -> Community:
        return Community("community1", "UTC")

    def forget(self, space: SpaceRef) -> None:
        self.forgotten.append(space)


class Untold:
    """Nothing is known of anybody but what the terminal says."""

    async def complete(self, context: Context) -> Context:
        return context


class MemoryCharters:
    """Charters without a store: nothing was settled anywhere."""

    async def of(self, _community: str) -> Charter:
        return Charter()


class StandingClock:
    """A clock that stands until it is shifted."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment

    def shift(self, delta: timedelta) -> None:
        self.moment += delta


class Sitting:
    """A session on a game of few handlers, and what it printed."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.printed: list[Text] = []
        self.settled = 0
        self.agenda: list[datetime] = []
        self.done: list[datetime] = []
        self.clock = StandingClock()
        self.spaces = MemorySpaces()
        handlers: dict[type[Any], Handler] = {
            Ask: self._ask,
            Vote: self._answer,
            Add: self._add,
            Show: self._form,
            Close: self._moved_once,
            Top: self._break,
            Help: self._help,
        }
        self.session = Session(
            App(
                cast(Spaces, self.spaces),
                cast(Charters, MemoryCharters()),
                cast(Leaving, None),  # nobody leaves a terminal
                cast(Standings, Untold()),
                Rules(),
                self.clock,
                handlers,
                Turns(),
            ),
            self.clock,
            ConsoleStage(self._say),
            self._settle,
            self._due,
            self._say,
        )

    async def type(self, *lines: str) -> str:
        """Type lines; what was printed."""
        self.printed.clear()
        for line in lines:
            await self.session.line(line)
        return "\n".join(line.plain for line in self.printed)

    def _say(self, lines: list[Text]) -> None:
        self.printed += lines

    async def _settle(self) -> None:
        self.settled += 1
        while self.agenda and self.agenda[0] <= self.clock.moment:
            self.agenda.pop(0)
            self.done.append(self.clock.moment)

    async def _due(self) -> datetime | None:
        return self.agenda[0] if self.agenda else None

    def _note(self, context: Context) -> None:
        assert context.community.id == "community1"
        assert context.now == self.clock.moment
        self.commands.append(context.command)

    async def _ask(self, context: Context, _: Any) -> Card:
        self._note(context)
        return said("this is drawn by the stage")

    async def _answer(self, context: Context, request: Vote) -> Card:
        self._note(context)
        return said(f"voted {request.entries}")

    async def _add(self, context: Context, request: Add) -> Card:
        self._note(context)
        if not request.parent:
            raise Refusal("Not this one.")
        return Card((Paragraph((Literal(request.text),)),), "added")

    async def _form(self, context: Context, _: Any) -> FormCard:
        self._note(context)
        return entry_form(RoundRef("c", "r"), 0, 1000)

    async def _moved_once(self, context: Context, _: Any) -> Card:
        self._note(context)
        if not self.spaces.forgotten:
            raise ForeignSpace
        return said("closed")

    async def _break(self, context: Context, _: Any) -> Card:
        self._note(context)
        raise ZeroDivisionError("a secret")

    async def _help(self, context: Context, _: Any) -> Card:
        self._note(context)
        return help_card()


@pytest.fixture
def sitting() -> Sitting:
    return Sitting()


async def test_a_line_is_a_prompt(sitting: Sitting) -> None:
    assert await sitting.type("  show me the sea --form haiku \n") == ""
    (command,) = sitting.commands
    assert command.request == Ask("show me the sea", "haiku")
    assert command.answer is Answer.POST
    assert command.space == SPACE
    assert command.address == ADDRESS
    assert command.user.id == FIRST_MEMBER
    assert command.manages
    assert sitting.session.refused == 0


async def test_a_slash_is_a_command(sitting: Sitting) -> None:
    assert await sitting.type("/vote 1 3") == "voted (1, 3)"
    assert await sitting.type("/muse vote 2") == "voted (2,)"
    assert sitting.commands[0].answer is Answer.PRIVATE
    assert await sitting.type('/"vote 2"') == ""
    assert sitting.commands[-1].request == Ask("vote 2")


async def test_every_event_is_another(sitting: Sitting) -> None:
    await sitting.type("a cat", "a cat", "/vote 1")
    assert len({command.event for command in sitting.commands}) == 3


@pytest.mark.parametrize("line", ["", "   ", "\n", "\t"])
async def test_nothing_is_nothing(sitting: Sitting, line: str) -> None:
    assert await sitting.type(line) == ""
    assert sitting.commands == []


async def test_a_refusal_is_told_in_red_and_counted(sitting: Sitting) -> None:
    assert await sitting.type("/add mine") == "Not this one."
    assert any(span.style == "red" for line in sitting.printed for span in line.spans)
    assert await sitting.type("/vot 2") == (
        "There is no /vot. Did you mean “/vote”? "
        "/help lists what there is; without the slash it is a prompt."
    )
    assert "“/wait”" in await sitting.type("/wai 3d")
    assert "no command after the slash" in await sitting.type("/")
    assert sitting.session.refused == 4


async def test_an_unforeseen_error_is_a_reference(
    sitting: Sitting, caplog: pytest.LogCaptureFixture
) -> None:
    text = await sitting.type("/top")
    assert "Something went wrong" in text
    assert "secret" not in text
    assert sitting.session.refused == 1
    assert len(caplog.records) == 1


async def test_a_space_that_moved_is_read_anew(sitting: Sitting) -> None:
    assert await sitting.type("/close") == "closed"
    assert sitting.spaces.forgotten == [SPACE]
    assert len(sitting.commands) == 2


async def test_a_form_is_told_in_words(sitting: Sitting) -> None:
    assert await sitting.type("/show") == "Add yours\n  Your text (1000)"


async def test_nobodys_text_steers_the_terminal(sitting: Sitting) -> None:
    assert await sitting.type("/add a \x1b[31mred\x1b[0m moth\x07 --from 2") == "a red moth"


# --- The terminal's own commands.


async def test_being_somebody_else(sitting: Sitting) -> None:
    assert await sitting.type("/as ana") == "You are ana now."
    await sitting.type("/vote 1")
    assert sitting.commands[-1].user.id == "ana"
    assert not sitting.commands[-1].manages
    assert await sitting.type("/AS  @Ana   Maria ") == "You are Ana Maria now."
    assert sitting.session.member == "Ana Maria"
    assert await sitting.type(f"/as {FIRST_MEMBER}") == "You are yourself again."
    await sitting.type("/vote 1")
    assert sitting.commands[-1].manages


@pytest.mark.parametrize("name", ["", " ", "@", "x" * (LONGEST_NAME + 1), "a\x1bb", "\u202eabc"])
async def test_a_name_that_is_none(sitting: Sitting, name: str) -> None:
    text = await sitting.type(f"/as {name}")
    assert text == "/as needs a name of up to 32 letters. For example: /as ana."
    assert sitting.session.member == FIRST_MEMBER
    assert sitting.session.refused == 1


async def test_letting_time_pass(sitting: Sitting) -> None:
    text = await sitting.type("/wait 3d")
    local = (NOON + timedelta(days=3)).astimezone()
    assert text == f"3 days later: it is {local:%A} {local.day} {local:%B, %H:%M}."
    assert sitting.clock.moment == NOON + timedelta(days=3)
    assert sitting.settled == 1
    await sitting.type("/vote 1")


async def test_each_thing_is_done_at_its_time(sitting: Sitting) -> None:
    """A prompt of nine o'clock is not given the next day, since somebody waited two."""
    hours = [NOON + timedelta(hours=each) for each in (20, 44, 72, 73)]
    sitting.agenda += hours
    await sitting.type("/wait 3d")
    assert sitting.done == hours[:3]
    assert sitting.agenda == hours[3:]
    assert sitting.clock.moment == NOON + timedelta(days=3)


async def test_a_wait_ends_though_something_falls_due_always(sitting: Sitting) -> None:
    sitting.agenda += [NOON + timedelta(seconds=each) for each in range(2 * STEPS)]
    await sitting.type("/wait 3d")
    assert sitting.agenda == []
    assert sitting.clock.moment == NOON + timedelta(days=3)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/wait", "/wait needs a length of time. For example: /wait 25h or /wait 3d."),
        ("/wait 3", "3 what?"),
        ("/wait soon", "“soon” is no length of time"),
        ("/wait 9999999w", "That is too long"),
    ],
)
async def test_a_length_that_is_none(sitting: Sitting, line: str, words: str) -> None:
    text = await sitting.type(line)
    assert words in text
    assert text.endswith(".")
    assert sitting.clock.moment == NOON
    assert sitting.session.refused == 1


@pytest.mark.parametrize("word", LEAVING)
async def test_leaving(word: str) -> None:
    for line in (word, f"/{word}", word.upper(), f" /{word} now "):
        sitting = Sitting()
        assert await sitting.type(line) == ""
        assert sitting.session.left
    sitting = Sitting()
    await sitting.type(f"{word} said the moon")
    assert not sitting.session.left
    assert sitting.commands[0].request == Ask(f"{word} said the moon")


async def test_help_lists_the_terminals_own_commands(sitting: Sitting) -> None:
    for line in ("/help", "help", "HELP", "/Help"):
        text = await sitting.type(line)
        assert all(f"/{name} — {said_}" in text for name, said_ in OWN_COMMANDS.items())
        assert "/vote 2" in text
    for name, said_ in OWN_COMMANDS.items():
        assert await sitting.type(f"/help {name}") == f"/{name} — {said_}"
        assert await sitting.type(f"/help /{name}") == f"/{name} — {said_}"
    assert "And in this terminal" not in await sitting.type("/help vote")


def test_own_commands_hide_none_of_the_games() -> None:
    assert not set(OWN_COMMANDS) & set(BY_NAME)
    assert not set(LEAVING) & set(BY_NAME)


@settings(max_examples=60)
@given(ANYTHING | AWKWARD_TEXT.map(lambda text: f"/{text}"))
async def test_no_line_raises(line: str) -> None:
    sitting = Sitting()
    await sitting.type(line)
    for text in sitting.printed:
        assert "\x1b" not in text.plain


# --- Scripts.


async def test_a_script_plays_to_its_end() -> None:
    sitting, out = Sitting(), io.StringIO()
    say = plain_printer(out)
    sitting.session.say = say
    lines = io.StringIO("/vote 1\n\n   \n/as ana\n/vote 2")
    assert await play_script(sitting.session, lines, say) == 0
    assert out.getvalue() == (
        "\n> /vote 1\nvoted (1,)\n\n> /as ana\nYou are ana now.\n\n> /vote 2\nvoted (2,)\n"
    )
    assert sitting.settled == 3


async def test_a_refused_line_does_not_end_a_script() -> None:
    sitting, out = Sitting(), io.StringIO()
    say = plain_printer(out)
    sitting.session.say = say
    assert await play_script(sitting.session, io.StringIO("/vot 1\n/vote 1\n"), say) == 1
    assert "voted (1,)" in out.getvalue()


async def test_a_script_ends_where_it_leaves() -> None:
    sitting, out = Sitting(), io.StringIO()
    say = plain_printer(out)
    assert await play_script(sitting.session, io.StringIO("/quit\n/vote 1\n"), say) == 0
    assert sitting.commands == []


async def test_a_scripts_own_lines_steer_nothing() -> None:
    sitting, out = Sitting(), io.StringIO()
    say = plain_printer(out)
    await play_script(sitting.session, io.StringIO("a \x1b[2Jcat\n"), say)
    assert "\x1b" not in out.getvalue()


# --- Completion.


def _completed(before: str) -> list[str]:
    event = CompleteEvent(text_inserted=True)
    found = _Words().get_completions(Document(before, len(before)), event)
    return [before[: len(before) + each.start_position] + each.text for each in found]


def test_what_can_be_completed_is_what_can_be_typed() -> None:
    words = words_to_complete()
    assert set(words) == {*BY_NAME, *OWN_COMMANDS}
    assert all(words.values())
    assert all(words[spec.name] == spec.line for spec in COMMANDS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/", [f"/{word}" for word in words_to_complete()]),
        ("/vo", ["/vote"]),
        ("/VO", ["/vote"]),
        ("/w", ["/withdraw", "/wait"]),
        ("/a", ["/add", "/again", "/answer", "/as"]),
        ("/xyz", []),
        ("/vote ", [f"/vote {word}" for word in FACETS]),
        ("/vote 2 mo", ["/vote 2 moved"]),
        ("/vote 2 moved", []),
        ("/top ", [f"/top {word}" for word in (*BOARD_WORDS, *PERIODS)]),
        ("/top pe", ["/top people"]),
        ("/top people w", ["/top people week"]),
        ("/help v", ["/help vote"]),
        ("/again -", ["/again --form", "/again --without", "/again --bold"]),
        ("/add --fr", ["/add --from"]),
        ("/again --bold ", []),
        ("/again --without ", []),
        ("/again --form ", [f"/again --form {name}" for name in FORM_NAMES]),
        ("/again --form hai", ["/again --form haiku"]),
        ("a lighthouse --", [f"a lighthouse --{name}" for name in ("form", "without", "bold")]),
        ("a lighthouse --form w", ["a lighthouse --form what-if"]),
        ("/muse a lighthouse --form ta", ["/muse a lighthouse --form tagline"]),
        ("a lighthouse", []),
        ("vote", []),
        ("", []),
        ("/add people w", []),
        ("/as ", []),
    ],
)
def test_completion(before: str, after: list[str]) -> None:
    assert _completed(before) == after


@given(ANYTHING | AWKWARD_TEXT.map(lambda text: f"/{text}"))
def test_completing_anything_raises_nothing(before: str) -> None:
    assert all(isinstance(after, str) for after in _completed(before))


def test_what_the_first_screen_names_can_be_typed() -> None:
    text = "\n".join(line for _, line in WELCOME)
    named = {word.strip(",.") for word in text.split() if word.startswith("/")}
    assert {word[1:] for word in named} <= set(words_to_complete())


async def test_a_member_may_have_come_some_days_ago(sitting: Sitting) -> None:
    assert "You are ana now, who came 2 days ago." in await sitting.type("/as ana 2d")
    await sitting.type("/vote 1")
    tenure = sitting.commands[-1].standing
    came = sitting.session.clock.now() - timedelta(days=2)
    assert (tenure.account_since, tenure.member_since, tenure.full) == (came, came, True)
    await sitting.type("/as bo", "/vote 1")
    assert sitting.commands[-1].standing == Tenure()
    await sitting.type("/as ana", "/vote 1")
    assert sitting.commands[-1].standing == tenure, "it is remembered"
    assert "no unit of time" in await sitting.type("/as ana 2x")
