"""What every adapter owes its members while the game takes its time, by the kind of answer.

A member is heard at once, whatever the game does; what they then see is the game's answer, in
the place where it belongs: a message for all, one for them alone, the one that was pressed, or
a form, which is never put off. A new platform adds itself to `TABLES`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from random import Random
from typing import Protocol

import pytest
from rich.text import Text

from adapters.console.session import Session
from adapters.console.stage import ConsoleStage
from bot.game.composing import Composers
from bot.settings import LimitSettings
from bot.storage.client import Store
from bot.wiring import playing
from bot.wording import en
from tests.e2e.discord_table import DiscordTable, discord_table, vote
from tests.e2e.slack_table import SlackTable, button, slack_table, votes
from tests.e2e.slowly import Slow
from tests.fakes.discord_server import DiscordServer
from tests.fakes.slack_state import Channel, Member
from tests.support import FakeClock, ScriptedWriter

Reads = Callable[[], Awaitable[str]]
"""What the member reads, once the game has answered."""


class AnsweringTable(Protocol):
    """A round on one platform. Each act returns once the platform knows that it was heard."""

    async def post(self) -> Reads:
        """Ask for another round."""
        ...

    async def private(self) -> Reads:
        """Vote."""
        ...

    async def update(self) -> Reads:
        """Turn the boards to those of people, where there is one to be turned."""
        ...

    async def form(self) -> str:
        """Open the form to add a piece, or hear how else it is added."""
        ...


class OnDiscord:
    """Buttons and modals."""

    def __init__(self, table: DiscordTable) -> None:
        self._table = table
        self._ana, self._bea, *_ = table.people

    async def begin(self) -> None:
        table = self._table
        self._card = await table.ask(self._ana, "a lighthouse")
        self._top = await (await table.server.slash(self._bea, table.channel, "top")).private()

    async def post(self) -> Reads:
        asked = await self._table.server.slash(
            self._ana, self._table.channel, "muse", prompt="a bell buoy"
        )
        assert (await asked.acknowledged()).kind == "defer"

        async def reads() -> str:
            return (await asked.message()).text

        return reads

    async def private(self) -> Reads:
        asked = await vote(self._table, self._bea, self._card, 1)
        ack = await asked.acknowledged()
        assert (ack.kind, ack.ephemeral) == ("defer", True)

        async def reads() -> str:
            return (await asked.private()).text

        return reads

    async def update(self) -> Reads:
        asked = await self._table.server.click(self._bea, self._top, "people")
        assert (await asked.acknowledged()).kind == "defer update"

        async def reads() -> str:
            return (await asked.updated()).text

        return reads

    async def form(self) -> str:
        asked = await self._table.server.click(self._bea, self._card, en.ADD)
        return (await asked.modal()).title


class OnSlack:
    """Block Kit, by Socket Mode."""

    def __init__(self, table: SlackTable) -> None:
        self._table, self._slack = table, table.slack
        self._ana: Member = self._slack.member("ana")
        self._bea: Member = self._slack.member("bea")
        self._room: Channel = self._slack.channel("room", members=[self._ana, self._bea])

    async def begin(self) -> None:
        self._card = await self._table.round(self._ana, self._room, "a lighthouse")
        asked = await self._slack.slash(self._bea, self._room, "top")
        self._top = await asked.ephemeral()

    async def post(self) -> Reads:
        asked = await self._slack.slash(self._ana, self._room, "a bell buoy")
        assert asked.ack.ok

        async def reads() -> str:
            return (await asked.message()).says

        return reads

    async def private(self) -> Reads:
        pressed = await self._slack.click(self._bea, self._card, votes(self._card)[0])
        assert pressed.ack.ok

        async def reads() -> str:
            return (await pressed.ephemeral()).says

        return reads

    async def update(self) -> Reads:
        pressed = await self._slack.click(self._bea, self._top, button(self._top, "people"))
        assert pressed.ack.ok

        async def reads() -> str:
            return (await pressed.ephemeral("Top people")).says

        return reads

    async def form(self) -> str:
        pressed = await self._slack.click(self._bea, self._card, button(self._card, en.ADD))
        return (await pressed.view(en.FORM_TEXT)).says  # until then the window says to wait


class InTheTerminal:
    """Lines typed: whoever typed one sees that it was taken by where the cursor stands."""

    def __init__(self, session: Session, printed: list[str]) -> None:
        self._session, self._printed = session, printed

    async def begin(self) -> None:
        await self._session.line("a lighthouse")
        await self._session.settle()

    async def post(self) -> Reads:
        return await self._line("/muse a bell buoy")

    async def private(self) -> Reads:
        return await self._line("/vote 1")

    async def update(self) -> Reads:
        return await self._line("/top people")

    async def form(self) -> str:
        await self._session.line("/add")
        return self._printed[-1]

    async def _line(self, typed: str) -> Reads:
        before = len(self._printed)
        typing = asyncio.create_task(self._session.line(typed))
        await asyncio.sleep(0)
        assert self._printed[before:] == []

        async def reads() -> str:
            await typing
            await self._session.settle()
            return "\n".join(self._printed[before:])

        return reads


@asynccontextmanager
async def on_discord(store: Store, slow: Slow | None, _: Path) -> AsyncIterator[AnsweringTable]:
    async with DiscordServer() as server, discord_table(server, store, slow=slow) as table:
        server.world.ack_window = 60.0  # a busy machine is not slow
        made = OnDiscord(table)
        await made.begin()
        yield made
        assert server.broken == []


@asynccontextmanager
async def on_slack(store: Store, slow: Slow | None, _: Path) -> AsyncIterator[AnsweringTable]:
    async with slack_table(store, socket=True, slow=slow) as table:
        made = OnSlack(table)
        await made.begin()
        yield made
        await table.settle()
        assert table.slack.refusals == []


@asynccontextmanager
async def in_the_terminal(
    store: Store, slow: Slow | None, folder: Path
) -> AsyncIterator[AnsweringTable]:
    printed: list[str] = []

    def say(lines: list[Text]) -> None:
        printed.extend(line.plain for line in lines)

    stage = ConsoleStage(say, folder)
    clock, rng = FakeClock(), Random(1)
    async with playing(
        store,
        clock,
        Composers.by(ScriptedWriter()),
        LimitSettings(),
        "UTC",
        {"console": stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
    ) as muse:
        app = slow.over(muse.app) if slow else muse.app
        made = InTheTerminal(Session(app, clock, stage, muse.settle, muse.due, say), printed)
        await made.begin()
        yield made


Opens = Callable[[Store, Slow | None, Path], AbstractAsyncContextManager[AnsweringTable]]
TABLES: dict[str, Opens] = {"discord": on_discord, "slack": on_slack, "console": in_the_terminal}


@pytest.mark.parametrize("name", TABLES)
async def test_who_acts_is_heard_at_once_and_answered_in_its_place(
    name: str, store: Store, tmp_path: Path
) -> None:
    slow = Slow()
    slow.gate.set()
    async with TABLES[name](store, slow, tmp_path) as table:
        for act, said in (
            (table.private, "You voted for 1."),
            (table.update, "Top people"),
            (table.post, "a bell buoy"),
        ):
            slow.gate.clear()
            reads = await act()  # heard, though the game has said nothing yet
            for _ in range(2000):
                if slow.waiting:
                    break
                await asyncio.sleep(0.01)
            assert slow.waiting == 1
            slow.gate.set()
            assert said in await reads()


@pytest.mark.parametrize("name", TABLES)
async def test_a_form_is_the_answer_itself(name: str, store: Store, tmp_path: Path) -> None:
    async with TABLES[name](store, None, tmp_path) as table:
        shown = await table.form()
        assert any(word in shown for word in (en.ADD, en.FORM_TEXT, "/add"))


def test_every_platform_is_held_to_it() -> None:
    adapters = Path(__file__).parents[2] / "adapters"
    assert {path.parent.name for path in adapters.glob("*/stage.py")} == set(TABLES)
