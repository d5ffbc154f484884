"""The terminal as a stage: what was said scrolls up, so an edit prints what is new in it."""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text

from adapters.console.draw import draw, draw_block, draw_ways
from bot.cards import Buttons, Card, Pending, Person, Piece
from bot.models import Address, MessageRef, UserRef
from bot.ports import Stage

PLATFORM = "console"


class ConsoleStage(Stage):
    """Prints posts, and of edits the entries that were not there before."""

    def __init__(self, say: Callable[[list[Text]], None]) -> None:
        self._say = say
        self._shown: dict[str, set[int]] = {}
        self._unfinished: set[str] = set()

    async def post(self, address: Address, card: Card, key: str) -> MessageRef:
        """Print a card; while it is busy, only what is there of it."""
        message = MessageRef(address, key)
        self._shown[key] = {block.number for block in card.blocks if isinstance(block, Piece)}
        if card.busy:
            self._unfinished.add(key)
            self._say([Text(), *draw(_without_ways(card), self.name)])
        else:
            self._say([Text(), *draw(card, self.name)])
        return message

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Print what a card has that was not printed, and its end once it is whole."""
        if message.id not in self._shown:
            await self.post(message.address, card, message.id)
            return
        shown = self._shown[message.id]
        lines: list[Text] = []
        for block in card.blocks:
            if isinstance(block, Piece) and block.number not in shown:
                shown.add(block.number)
                lines += [Text(), *draw_block(block, self.name)]
        if message.id in self._unfinished and not card.busy:
            self._unfinished.discard(message.id)
            lines += [Text(), *self._end(card)]
        if lines:
            self._say(lines)

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


def _without_ways(card: Card) -> Card:
    """A card still being written: nothing to press yet, no empty places."""
    blocks = tuple(b for b in card.blocks if not isinstance(b, Buttons | Pending))
    bare = tuple(Piece(b.number, b.text, b.byline) if isinstance(b, Piece) else b for b in blocks)
    return Card(bare, card.summary, busy=True)
