"""What people were told is done, and what there is of it afterwards.

A kind of thing is a name, what was acknowledged of it, and a `Count` that finds it in Redis or on
the platform: `KINDS` has them all. Another (a challenge's duels) is one more line there, and one
more act in `play.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field

from bot.models import Round
from bot.storage import keys
from bot.storage.client import Store
from bot.storage.votes import pairs, read_choices
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_state import Channel

Thing = Hashable
RESULT = "### The votes are in"


@dataclass
class Town:
    """Where things are to be found afterwards."""

    store: Store
    server: DiscordServer
    channel: Channel
    rounds: list[Round]


Count = Callable[[Town], Awaitable[Counter[Thing]]]


async def votes(town: Town) -> Counter[Thing]:
    """(prompt, identity, entry), as Redis has them."""
    found: Counter[Thing] = Counter()
    for each in town.rounds:
        ids = pairs(await town.store.call("HGETALL", keys.community(each.community).ids))
        who = {number.split(" ")[0]: identity for identity, number in ids.items()}
        kept = await town.store.call("HGETALL", keys.round_keys(each.community, each.id).votes)
        for number, code in pairs(kept).items():
            for choice in read_choices(code):
                found[each.prompt, who.get(number, ""), choice.entry] += 1
    return found


async def entries(town: Town) -> Counter[Thing]:
    """(prompt, text) of what people put in."""
    return Counter(
        (each.prompt, entry.text) for each in town.rounds for entry in each.entries if entry.author
    )


async def rounds(town: Town) -> Counter[Thing]:
    """Prompts, by the messages that show them."""
    return Counter(
        prompt
        for message in town.server.messages(town.channel)
        if message.author is town.server.world.bot and not message.text.startswith(RESULT)
        for prompt in [each.prompt for each in town.rounds if each.prompt in message.text]
    )


async def announcements(town: Town) -> Counter[Thing]:
    """Prompts of closed rounds, by the messages that tell their results."""
    return Counter(
        prompt
        for message in town.server.messages(town.channel)
        if message.text.startswith(RESULT)
        for prompt in [each.prompt for each in town.rounds if f"{each.prompt}" in message.text]
    )


KINDS: dict[str, Count] = {
    "votes": votes,
    "entries": entries,
    "rounds": rounds,
    "announcements": announcements,
}


@dataclass
class Ledger:
    """What was acknowledged, by kind."""

    told: dict[str, set[Thing]] = field(default_factory=lambda: {kind: set() for kind in KINDS})
    refused: int = 0  #: acts that were answered with “can’t now”
    silent: int = 0  #: acts that nobody answered: their process was gone

    def note(self, kind: str, thing: Thing) -> None:
        """Somebody was told that it is done."""
        self.told[kind].add(thing)


@dataclass(frozen=True)
class Verdict:
    """What became of it, by kind: acknowledged, lost, done twice; and who was left waiting."""

    told: dict[str, int]
    lost: dict[str, int]
    twice: dict[str, int]
    waiting: tuple[str, ...]
    refused: int
    silent: int

    @property
    def good(self) -> bool:
        """Nothing was lost, nothing done twice, and everyone got an end."""
        return not (sum(self.lost.values()) or sum(self.twice.values()) or self.waiting)


async def judge(ledger: Ledger, town: Town, waiting: Sequence[str]) -> Verdict:
    """Compare what was told with what there is."""
    lost, twice = {}, {}
    for kind, count in KINDS.items():
        there = await count(town)
        lost[kind] = len(ledger.told[kind] - set(there))
        twice[kind] = sum(times - 1 for times in there.values() if times > 1)
    told = {kind: len(things) for kind, things in ledger.told.items()}
    return Verdict(told, lost, twice, tuple(waiting), ledger.refused, ledger.silent)
