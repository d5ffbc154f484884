"""A gateway session: what it is told, in which shape, and what it may still be told again.

https://docs.discord.com/developers/events/gateway#sharding
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.discord_rules import Json
from tests.fakes.discord_state import MESSAGE_CONTENT, Event, World

if TYPE_CHECKING:
    from tests.fakes.discord_gateway import Connection

#: How many events a session can be told again.
REMEMBERED = 5_000
GUILDS = 1 << 0
#: https://docs.discord.com/developers/events/gateway#list-of-intents
KNOWN = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))
PRIVILEGED = (1 << 1) | (1 << 8) | MESSAGE_CONTENT
#: How an app without the message content intent sees what people wrote.
EMPTIED: Json = {"content": "", "embeds": [], "components": [], "attachments": []}


@dataclass(eq=False)
class Session:
    """One identified client: `shard` is (which, of how many)."""

    id: str
    shard: tuple[int, int]
    intents: int
    seq: int = 0
    sent: deque[Json] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    connection: Connection | None = None
    #: How often it was resumed.
    resumed: int = 0

    def attach(self, connection: Connection) -> None:
        """Go on over this connection."""
        if self.sent:
            self.resumed += 1
        self.connection = connection
        connection.session = self

    def covers(self, guild_id: int | None) -> bool:
        """Whether what concerns a guild, or none, is for this shard."""
        which, of = self.shard
        return which == (0 if guild_id is None else (guild_id >> 22) % of)

    def wants(self, event: Event) -> bool:
        return self.covers(event.guild_id) and event.intent & self.intents == event.intent

    def view(self, event: Event, world: World) -> Json:
        """The event as this session sees it: without the intent, most messages are empty.

        https://docs.discord.com/developers/events/gateway#message-content-intent
        """
        message = event.message
        if message is None or self.intents & MESSAGE_CONTENT or event.guild_id is None:
            return event.data
        if message.author is world.bot or world.bot.id in message.mentions.users:
            return event.data
        seen = event.data | EMPTIED
        return seen | _emptied_reference(event.data, world)

    def dispatch(self, name: str, data: Json) -> None:
        """Send an event, or keep it for when the client is back."""
        self.seq += 1
        payload: Json = {"op": 0, "t": name, "s": self.seq, "d": data}
        self.sent.append(payload)
        if self.connection is not None:
            self.connection.send(payload)

    def remembers(self, seq: int) -> bool:
        """Whether all that came after a sequence number is still there."""
        return not self.sent or self.sent[0]["s"] <= seq + 1

    def missed(self, seq: int) -> list[Json]:
        """What came after a sequence number."""
        return [each for each in self.sent if each["s"] > seq and each["t"] != "RESUMED"]

    def received(self, name: str) -> list[Any]:
        """The data of every event of that name."""
        return [each["d"] for each in self.sent if each["t"] == name]


def _emptied_reference(data: Json, world: World) -> Json:
    inner = data.get("referenced_message")
    if not inner or inner["author"]["id"] == str(world.bot.id):
        return {}
    return {"referenced_message": inner | EMPTIED}
