"""One sitting at the terminal: a line typed becomes a command, its reply is printed.

`/as`, `/wait` and `/quit` are the terminal's own: being somebody else, letting time pass,
leaving. Everything else is the game's.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from rich.text import Text

from adapters.console.draw import draw_form
from adapters.console.stage import PLATFORM, ConsoleStage
from adapters.guard import guarded
from bot.app import App, refusal
from bot.cards import Attachment, Card, Reply
from bot.commands import BY_NAME
from bot.durations import parse_duration, say_duration
from bot.errors import BadInput, MuseError, NotAllowed, SetupError, StageFailed
from bot.grammar import answer_to, read_prompt, read_slashed
from bot.models import Address, SpaceRef, Tenure, UserRef
from bot.requests import Command

SPACE = SpaceRef(PLATFORM, "terminal")
ADDRESS = Address(SPACE, "room")
FIRST_MEMBER = "you"  # who also is the organiser here
LONGEST_NAME = 32
STEPS = 1_000  # of a wait, after which the rest of it is one
_AGO = re.compile(r"(?<=\S) ([0-9]\S*)\Z")  # how long ago a member came, after their name
LEAVING = ("quit", "exit", "bye")
OWN_COMMANDS = {
    "as": "be another member: /as ana; /as ana 2d came two days ago; /as you is the organiser",
    "wait": "let time pass: /wait 25h, /wait 3d",
    "quit": "leave; everything stays",
}


class Shiftable(Protocol):
    """The clock, which the terminal may move."""

    def now(self) -> datetime:
        """The moment."""
        ...

    def shift(self, delta: timedelta) -> None:
        """Move it for every process."""
        ...


@dataclass(slots=True)
class Session:
    """Who is at the terminal, and what their lines do.

    `settle` waits until all that is due is done, `due` says when something is next, `say` prints,
    `may_wait` says that the clock is this terminal's own or a rehearsal's. `refused` counts the
    lines that could not be done.
    """

    app: App
    clock: Shiftable
    stage: ConsoleStage
    settle: Callable[[], Awaitable[None]]
    due: Callable[[], Awaitable[datetime | None]]
    say: Callable[[list[Text]], None]
    may_wait: bool = True
    member: str = FIRST_MEMBER
    refused: int = 0
    left: bool = False
    came: dict[str, datetime] = field(default_factory=dict)  #: members who came when it was said

    async def line(self, typed: str) -> None:
        """Do what a line asks, and print the outcome. Nothing it holds raises."""
        typed = typed.strip()
        if not typed:
            return
        word, rest = _first_word(typed)
        slashed = typed.startswith("/")
        if word in LEAVING and (slashed or not rest):
            self.left = True
            return
        if slashed and word in OWN_COMMANDS:
            await self._own(word, rest)
            return
        if typed.casefold() == "help":
            typed = "/help"
        about = rest.casefold().lstrip("/")
        if slashed and word == "help" and about in OWN_COMMANDS:
            self.say([_own_help(about)])
            return
        reply = await guarded(lambda: self._serve(typed))
        await self._tell(reply)
        if typed.casefold() == "/help":
            self.say([Text(), Text("And in this terminal:"), *map(_own_help, OWN_COMMANDS)])

    async def _serve(self, typed: str) -> Reply:
        slashed = typed.startswith("/")
        request = read_slashed(typed[1:], OWN_COMMANDS) if slashed else read_prompt(typed)
        command = Command(
            event=f"{PLATFORM}:{uuid.uuid4().hex}",
            space=SPACE,
            user=UserRef(PLATFORM, self.member),
            address=ADDRESS,
            request=request,
            answer=answer_to(request),
            manages=self.member == FIRST_MEMBER,
            standing=Tenure(self.came.get(self.member), self.came.get(self.member)),
        )
        return await self.app.handle(command)

    async def _tell(self, reply: Reply) -> None:
        if reply.refused:
            self.refused += 1
        if reply.follows:
            return  # the stage prints it, and goes on with it
        if isinstance(reply.card, Card):
            lines = await self.stage.drawn(reply.card)
            if reply.card.file is not None:
                lines.append(self._saved(reply.card.file))
        else:
            lines = draw_form(reply.card)
        if reply.refused:
            for text in lines:
                text.stylize("red")
        self.say(lines)

    def _saved(self, file: Attachment) -> Text:
        """Where a card's file is now, or why it is nowhere."""
        try:
            return Text(f"It is in {self.stage.save(file)}")
        except StageFailed as failure:
            self.refused += 1
            return Text(str(failure), style="red")

    async def _own(self, word: str, rest: str) -> None:
        try:
            if word == "as":
                self._become(rest)
            else:
                await self._wait(rest)
        except MuseError as error:
            await self._tell(refusal(error))

    def _become(self, rest: str) -> None:
        name = " ".join(rest.split()).lstrip("@")
        ago = _AGO.search(name)
        name = name[: ago.start()] if ago else name
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise BadInput(
                f"/as needs a name of up to {LONGEST_NAME} letters. For example: /as ana."
            )
        if ago:
            self.came[name] = self.clock.now() - parse_duration(ago[1])
        self.member = name
        who = "yourself again" if name == FIRST_MEMBER else f"{name} now"
        since = f", who came {say_duration(parse_duration(ago[1]))} ago" if ago else ""
        self.say([Text(f"You are {who}{since}.")])

    async def _wait(self, length: str) -> None:
        if not length:
            raise BadInput("/wait needs a length of time. For example: /wait 25h or /wait 3d.")
        if not self.may_wait:
            raise NotAllowed(
                "This Redis is shared, so the terminal can’t let time pass for everyone on it. "
                "To rehearse, set MUSE_CLOCK_FILE for all its processes."
            )
        delta = parse_duration(length)
        try:
            await self._pass(delta)
        except SetupError as too_far:
            raise BadInput("That is further than the clock here can go.") from too_far
        now = self.clock.now().astimezone()
        self.say([Text(f"{say_duration(delta)} later: it is {now:%A} {now.day} {now:%B, %H:%M}.")])
        await self.settle()

    async def _pass(self, delta: timedelta) -> None:
        """Let time pass from one thing that falls due to the next, as it does where nobody waits:
        in one leap whatever has its hour, a daily prompt say, would come too late to be done.
        """
        left = delta
        for _ in range(STEPS):
            due, now = await self.due(), self.clock.now()
            if due is None or due - now >= left:
                break
            step = max(due - now, timedelta())
            self.clock.shift(step)
            left -= step
            await self.settle()
        self.clock.shift(left)


def _first_word(typed: str) -> tuple[str, str]:
    """The first word, without its slash, and the rest."""
    word, *rest = typed.removeprefix("/").split(None, 1) or [""]
    return word.casefold(), "".join(rest).strip()


def _own_help(name: str) -> Text:
    """A line on one of the terminal's own commands."""
    return Text.assemble((f"/{name}", "cyan"), f" — {OWN_COMMANDS[name]}")


def words_to_complete() -> dict[str, str]:
    """What can be typed after a slash, with a line on each."""
    return {name: spec.line for name, spec in BY_NAME.items()} | OWN_COMMANDS
