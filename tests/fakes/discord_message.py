"""A message as Discord keeps it, and what people read and can press on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes import discord_components as c
from tests.fakes.discord_rules import Json

if TYPE_CHECKING:
    from tests.fakes.discord_state import Channel, User

#: Message flags. https://docs.discord.com/developers/resources/message#message-object-message-flags
HAS_THREAD, EPHEMERAL, LOADING, V2 = 1 << 5, 1 << 6, 1 << 7, 1 << 15
#: Suppressed embeds, and suppressed notifications.
QUIET = 1 << 2 | 1 << 12
#: Message types.
DEFAULT, PINNED, THREAD_CREATED, REPLY, COMMAND, MENU = 0, 6, 18, 19, 20, 23


@dataclass(eq=False)
class Attachment:
    id: int
    filename: str
    content: bytes
    content_type: str
    description: str | None = None


@dataclass(slots=True)
class Pinged:
    """Who a message gave a notification to."""

    users: set[int] = field(default_factory=set)
    roles: set[int] = field(default_factory=set)
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.roles or self.everyone)


@dataclass(frozen=True, slots=True)
class Button:
    """A button on a message, as people see it."""

    label: str
    custom_id: str
    disabled: bool
    style: int
    url: str


@dataclass(eq=False)
class Message:
    """One message. `versions` holds what it said, from the first to the present."""

    id: int
    channel: Channel
    author: User
    at: float
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    kind: int = DEFAULT
    nonce: str | int | None = None
    reference: Message | None = None
    mentions: Pinged = field(default_factory=Pinged)
    pinged: Pinged = field(default_factory=Pinged)
    #: The token of the interaction that it came from, and what that was.
    token: str | None = None
    interaction: Json | None = None
    #: Who alone sees it, if it is ephemeral.
    only_for: int | None = None
    edited_at: float | None = None
    pinned_at: float | None = None
    thread: Channel | None = None
    deleted: bool = False
    versions: list[str] = field(default_factory=list)

    @property
    def loading(self) -> bool:
        """“… is thinking”: deferred, and nothing said yet."""
        return bool(self.flags & LOADING)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def v2(self) -> bool:
        return bool(self.flags & V2)

    @property
    def text(self) -> str:
        """Everything it says, from top to bottom."""
        return "\n".join(part for part in (self.content, *c.texts(self.components)) if part)

    @property
    def buttons(self) -> list[Button]:
        return [
            Button(
                each.get("label") or "",
                each.get("custom_id") or "",
                bool(each.get("disabled")),
                each["style"],
                each.get("url") or "",
            )
            for each in c.walk(self.components)
            if each["type"] == c.BUTTON
        ]

    @property
    def selects(self) -> list[Json]:
        return [each for each in c.walk(self.components) if each["type"] in c.SELECTS]

    def button(self, label: str) -> Button:
        """The first button whose label holds that text. Raises `LookupError`."""
        for each in self.buttons:
            if label in each.label:
                return each
        raise LookupError(f"no button {label!r} among {[each.label for each in self.buttons]}")

    def component(self, custom_id: str) -> Json | None:
        """The component of that id, if the message holds it now."""
        for each in c.walk(self.components):
            if each.get("custom_id") == custom_id:
                return each
        return None

    def pictures(self) -> list[str]:
        """The names of the files that it holds."""
        return [each.filename for each in self.attachments]

    def __repr__(self) -> str:
        return f"<Message {self.id} {self.text[:60]!r}>"
