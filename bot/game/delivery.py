"""Getting a round's messages onto its platform, and keeping them true.

What a platform would not take is tried again by the agenda, by a process that speaks to
the platform; meanwhile the round goes on in Redis, where its members can still see it.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Protocol
from weakref import WeakValueDictionary

from bot.cards import Card
from bot.errors import MuseError, StageFailed, StoreUnavailable
from bot.models import Image, MessageRef, Round, RoundRef, RoundState
from bot.ports import Stage
from bot.present.rounds import lost_card
from bot.storage.messages import Messages
from bot.storage.rounds import Rounds
from bot.storage.showings import Posting, Showings

log = logging.getLogger(__name__)

REFRESH_PAUSE = 2.0  # seconds between two changes of one message by votes and entries
ROUND = "round"  # the kind of message that is the round itself
BEAT = 1.0  # seconds after which a process that posts says that it is still at it
WAIT, WAITS = 0.25, 20  # seconds, and how often, that another process is given for its next beat
AGAIN = 1.0  # seconds until Redis is asked once more


class Promises(Protocol):
    """What is to be shown even if this process dies before it is."""

    async def make(self, ref: RoundRef) -> datetime | None:
        """Have somebody show the round then: before it is read, so that what changes it after that
        is promised anew. None where it is shown later anyway, or has no message.
        """
        ...

    async def keep(self, ref: RoundRef, when: datetime) -> bool:
        """It is shown; nobody needs to. False where another may have shown it before as it stands
        later, so that it is to be shown again.
        """
        ...

    async def leave(self, ref: RoundRef, when: datetime) -> None:
        """It can't be shown here: have somebody show it now, and not only then."""
        ...


class NoPromises(Promises):
    """Nobody else is there to show anything."""

    async def make(self, ref: RoundRef) -> None:
        """Nothing."""

    async def keep(self, ref: RoundRef, when: datetime) -> bool:
        """Nothing."""
        del ref, when
        return True

    async def leave(self, ref: RoundRef, when: datetime) -> None:
        """Nothing."""


class Delivery:
    """Posts and edits rounds through the stages of the platforms this process speaks to.

    `draw` makes a round's public card, `draw_result` that of its result, `catch_up` has the
    agenda show a round later.
    """

    def __init__(
        self,
        rounds: Rounds,
        messages: Messages,
        showings: Showings,
        stages: Mapping[str, Stage],
        draw: Callable[[Round], Card],
        catch_up: Callable[[Round], Awaitable[None]],
        pause: float = REFRESH_PAUSE,
        draw_result: Callable[[Round], Card] | None = None,
        promises: Promises | None = None,
    ) -> None:
        self._rounds = rounds
        self._messages = messages
        self._showings = showings
        self._stages = stages
        self._draw = draw
        self._catch_up = catch_up
        self._pause = pause
        self._draw_result = draw_result
        self._promises = promises or NoPromises()
        self._refreshing: dict[RoundRef, asyncio.Task[None]] = {}
        self._stale: set[RoundRef] = set()
        self._posting: WeakValueDictionary[tuple[RoundRef, str], asyncio.Lock] = (
            WeakValueDictionary()
        )
        self._name = secrets.token_hex(4)  # of this process, among those that post
        self._beats = count(1)
        self._ending = False

    async def post(self, round_: Round, card: Card, kind: str) -> str:
        """Post a message of a round; its id. Raises `StageFailed`.

        `kind` and the round make its key: the stage posts one message for each.
        """
        message, _ = await self._posted(round_, card, kind)
        return message

    async def _posted(self, round_: Round, card: Card, kind: str) -> tuple[str, bool]:
        """The id of a round's message, and whether it was posted now; by one process at a time,
        and where one died over it, once it has been looked for.
        """
        ref, stage = RoundRef(round_.community, round_.id), self._stage(round_)
        field = "message" if kind == ROUND else kind
        async with self._posting.setdefault((ref, kind), asyncio.Lock()):
            state, there = await self._begun(ref, field)
            if state is Posting.THERE:
                return there, False
            # Only the round itself answers whoever asked for it: a process that remembers that
            # they wait for an answer does not know of one that another process gave.
            address = round_.address if kind == ROUND else replace(round_.address, token="")
            doubtful = state is Posting.DOUBTFUL
            async with self._at_it(ref, field):
                message = await stage.post(address, card, f"{kind}:{round_.id}", doubtful=doubtful)
            await self._messages.note(ref, message.id)
            expected = None if kind == ROUND else RoundState.CLOSED
            await self._rounds.note(ref, expected, **{field: message.id})
            return message.id, True

    async def _begun(self, ref: RoundRef, field: str) -> tuple[Posting, str]:
        """Begin to post, once no other process that lives is at it. Raises `StageFailed` where one
        goes on for longer than can be waited for.
        """
        state, said = await self._post_on(ref, field)
        first = said
        for _ in range(WAITS):
            if state is not Posting.BUSY:
                return state, said
            await asyncio.sleep(WAIT)
            state, said = await self._post_on(ref, field)
        if state is Posting.BUSY:  # whoever has not said for so long that they live is dead
            state, said = await self._post_on(ref, field, over=first)
        if state is Posting.BUSY:
            raise StageFailed("another process is posting it")
        return state, said

    async def _post_on(self, ref: RoundRef, field: str, over: str = "") -> tuple[Posting, str]:
        return await self._showings.posting(ref, field, self._name, next(self._beats), over)

    @asynccontextmanager
    async def _at_it(self, ref: RoundRef, field: str) -> AsyncIterator[None]:
        """Others see that this process lives, and leave the message to it."""

        async def beat() -> None:
            while True:
                await asyncio.sleep(BEAT)
                try:
                    await self._post_on(ref, field)
                except MuseError as failure:  # if it goes on, another will look for the message
                    log.debug("nobody is told that %s is being posted: %s", ref.round, failure)

        beating = asyncio.create_task(beat())
        try:
            yield
        finally:
            beating.cancel()

    async def show(self, round_: Round) -> str:
        """Make the round's message show it as it stands, posting it where there is none.

        Returns the message's id. Raises `StageFailed`.
        """
        if not round_.message:
            ref = RoundRef(round_.community, round_.id)
            card = self._draw(round_)
            message, posted = await self._posted(round_, card, ROUND)
            # What changed meanwhile found no message that had to show it.
            now = (await self._rounds.read(ref)).round
            if (latest := self._draw(now)) != card or not posted:
                await self._stage(now).edit(MessageRef(now.address, message), latest)
            return message
        message_ref = MessageRef(round_.address, round_.message)
        await self._stage(round_).edit(message_ref, self._draw(round_))
        if round_.result and self._draw_result is not None:  # it may have been told otherwise
            result = MessageRef(round_.address, round_.result)
            await self._stage(round_).edit(result, self._draw_result(round_))
        return round_.message

    async def show_waiting(self, round_: Round, card: Card) -> None:
        """Post a round that will not be written for a while, as `card` says; where that can't
        be, it is posted when it is written.
        """
        try:
            await self.post(round_, card, ROUND)
        except StageFailed as failure:
            log.info("round %s is shown when it is written: %s", round_.id, failure)

    async def keep(self, round_: Round, image: Image, name: str) -> str:
        """Keep a picture with the round's message, posting that where there is none yet.

        Returns what the platform names it by. Raises `StageFailed`.
        """
        if not round_.message:  # it may have been posted since the round was read
            round_ = (await self._rounds.read(RoundRef(round_.community, round_.id))).round
        message = round_.message or await self.show(round_)
        return await self._stage(round_).keep(MessageRef(round_.address, message), image, name)

    async def show_or_catch_up(self, round_: Round) -> None:
        """Show the round, or leave it to the agenda: its last state always arrives."""
        try:
            await self.show(round_)
        except StageFailed as failure:
            log.info("round %s is shown later: %s", round_.id, failure)
            await self._catch_up(round_)

    async def show_if_possible(self, round_: Round) -> None:
        """Show a state that is not the last one; the next will make up for it."""
        try:
            await self.show(round_)
        except StageFailed as failure:
            log.debug("round %s is not shown now: %s", round_.id, failure)

    async def show_lost(self, round_: Round) -> None:
        """Say of a round that is not in Redis any more that it is lost. A Redis that took over from
        another has nothing of the last moment, and whoever asked should not wait for ever.
        """
        log.warning("round %s is lost: the Redis that answers now does not have it", round_.id)
        try:
            stage, card = self._stage(round_), lost_card(round_)
            message = MessageRef(round_.address, round_.message)
            if not round_.message:  # or it was posted a moment ago: the stage looks for it
                key = f"{ROUND}:{round_.id}"
                message = await stage.post(round_.address, card, key, doubtful=True)
            await stage.edit(message, card)
        except StageFailed as failure:
            log.warning("nobody could be told that round %s is lost: %s", round_.id, failure)

    def refresh(self, ref: RoundRef) -> None:
        """Show the round soon: many changes become one edit, and the last state always arrives."""
        self._stale.add(ref)
        if ref not in self._refreshing:
            task = asyncio.create_task(self._refresh(ref))
            self._refreshing[ref] = task

    async def end(self) -> None:
        """Show what can be shown; what Redis does not give now is shown by who comes next."""
        self._ending = True
        await self.settle()

    async def settle(self) -> None:
        """Wait until every message shows what it should."""
        while self._refreshing:
            await asyncio.gather(*self._refreshing.values(), return_exceptions=True)

    def _stage(self, round_: Round) -> Stage:
        platform = round_.address.space.platform
        stage = self._stages.get(platform)
        if stage is None:
            raise StageFailed(f"this process does not speak to {platform}")
        return stage

    async def _refresh(self, ref: RoundRef) -> None:
        try:
            while ref in self._stale:
                self._stale.discard(ref)
                try:
                    await self._refreshed(ref)
                except StoreUnavailable as failure:  # what was acknowledged is shown all the same
                    log.warning("round %s could not be refreshed: %s", ref.round, failure)
                    if not self._ending:
                        self._stale.add(ref)
                        await asyncio.sleep(AGAIN)
        except MuseError as failure:
            log.warning("round %s could not be refreshed: %s", ref.round, failure)
        finally:
            del self._refreshing[ref]

    async def _refreshed(self, ref: RoundRef) -> None:
        """Show a round as it stands, and rest; what comes meanwhile is promised by what changes
        it, since a process may die while it rests.
        """
        when = await self._promises.make(ref)
        round_ = (await self._rounds.read(ref)).round
        if round_.message:  # else whoever writes the round is about to post it
            try:
                await self.show(round_)
            except StageFailed as failure:
                log.info("round %s is shown later: %s", round_.id, failure)
                if when is not None:
                    await self._promises.leave(ref, when)
                await self._catch_up(round_)
            else:
                if when is not None and not await self._promises.keep(ref, when):
                    self._stale.add(ref)  # what another has shown may lie under this
        if self._pause:
            await asyncio.sleep(self._pause)
