"""The terminal as a stage: what was said scrolls up, so an edit prints what is new in it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.text import Text

from adapters.console.draw import draw, draw_block, draw_ways
from adapters.console.pictures import PictureFolder
from bot.cards import (
    Attachment,
    Block,
    Buttons,
    Card,
    Heading,
    Note,
    Pending,
    Person,
    Picture,
    Piece,
    Plain,
    Select,
)
from bot.errors import StageFailed
from bot.models import Address, Image, MessageRef, UserRef
from bot.ports import Stage

PLATFORM = "console"


class ConsoleStage(Stage):
    """Prints posts, and of edits the entries that were not there before.

    Pictures are files in the folder `pictures`; without one, in a folder that goes with the
    stage.
    """

    def __init__(self, say: Callable[[list[Text]], None], pictures: Path | None = None) -> None:
        self._say = say
        self._pictures = PictureFolder(pictures)
        self._shown: dict[str, set[int]] = {}
        self._headings: dict[str, Block | None] = {}
        self._unfinished: set[str] = set()

    async def post(
        self, address: Address, card: Card, key: str, *, doubtful: bool = False
    ) -> MessageRef:
        """Print a card, once for each key; while it is busy, only what is there of it."""
        del doubtful  # what another process printed is not here
        message = MessageRef(address, key)
        if key in self._shown:
            return message
        self._shown[key] = {block.number for block in card.blocks if isinstance(block, Piece)}
        self._headings[key] = _heading(card)
        if card.busy:
            self._unfinished.add(key)
            self._say([Text(), *draw(_without_ways(card), self.name)])
        else:
            self._say([Text(), *_for_whom(address), *await self.drawn(card)])
        return message

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Print what a card has that was not printed, and its end once it is whole."""
        if message.id not in self._shown:
            await self.post(message.address, card, message.id)
            return
        shown = self._shown[message.id]
        lines: list[Text] = []
        heading = _heading(card)
        if heading is not None and heading != self._headings[message.id]:
            self._headings[message.id] = heading
            lines += [Text(), *draw_block(heading, self.name)]
        if card.busy:
            self._unfinished.add(message.id)
        for block in card.blocks:
            if isinstance(block, Piece) and block.number not in shown:
                shown.add(block.number)
                lines += [Text(), *draw_block(block, self.name)]
        if message.id in self._unfinished and not card.busy:
            self._unfinished.discard(message.id)
            lines += [Text(), *self._end(card)]
        if lines:
            self._say(lines)

    async def keep(
        self,
        message: MessageRef,  # noqa: ARG002 - the port's; a file belongs to no message
        image: Image,
        name: str,
    ) -> str:
        """Write a picture to a file; its path. What is kept under a name stays."""
        return str(await asyncio.to_thread(self._pictures.keep, image, name))

    async def drawn(self, card: Card) -> list[Text]:
        """A whole card, its illustration in a file beside the pictures that it is named by."""
        illustration = card.illustration
        if illustration is None:
            return draw(card, self.name)
        # What is drawn under one name changes with what it tells.
        mark = hashlib.sha256(illustration.image.data).hexdigest()[:8]
        shown: Block
        try:
            kept = await asyncio.to_thread(
                self._pictures.keep, illustration.image, f"{illustration.name}-{mark}"
            )
            shown = Picture(str(kept), illustration.alt)
        except StageFailed as failure:
            shown = Note((Plain(str(failure)),))
        return draw(replace(card, blocks=(*card.blocks, shown), illustration=None), self.name)

    def save(self, attachment: Attachment) -> Path:
        """Write a card's file beside the pictures; its path. Raises `StageFailed`."""
        return self._pictures.save(attachment)

    async def display_name(self, user: UserRef) -> str:
        """In the terminal a member's id is the name they gave with /as."""
        return user.id

    def name(self, person: Person) -> str:
        """What to call a member."""
        return person.user.id if person.user else "someone who left"

    def _end(self, card: Card) -> list[Text]:
        """What stands behind the last piece of a card, and what to type."""
        last = max((i for i, b in enumerate(card.blocks) if isinstance(b, Piece)), default=1)
        lines: list[Text] = []
        for block in card.blocks[last + 1 :]:
            lines += draw_block(block, self.name)
        return lines + draw_ways(card)


def _for_whom(address: Address) -> list[Text]:
    """Who alone sees a post, where it is one to a member: ``@`` and their name."""
    name = address.channel.removeprefix("@")
    if name == address.channel:
        return []
    sees = "see" if name == "you" else "sees"
    return [Text(f"(Only {name} {sees} this.)", style="dim")]


def _heading(card: Card) -> Block | None:
    return next((block for block in card.blocks if isinstance(block, Heading)), None)


def _without_ways(card: Card) -> Card:
    """A card still being written: nothing to press yet, no empty places."""
    blocks = tuple(b for b in card.blocks if not isinstance(b, Buttons | Pending | Select))
    bare = tuple(replace(b, button=None) if isinstance(b, Piece) else b for b in blocks)
    return Card(bare, card.summary, busy=True)
