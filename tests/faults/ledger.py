"""What people were told is done, and what there is of it afterwards.

A kind of thing is a name, what was acknowledged of it, and a `Count` that finds it in Redis or on
the platform: `KINDS` has them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.challenge_requests import ChallengeRef
from bot.models import Round
from bot.storage import keys
from bot.storage.ballots import Ballots
from bot.storage.challenges import Challenges
from bot.storage.client import Store
from bot.storage.votes import pairs, read_choices
from bot.wording import en
from tests.faults.places import Said, tells_result

Thing = Hashable
#: What an announcement of each step of a challenge says, and no other message.
STEPS = {
    "opened": en.CHALLENGE_BLIND,
    "voting": en.CHALLENGE_SEALS,
    "results": en.RESULTS_HEADING.partition("{")[0],
}


@dataclass
class Ledger:
    """What was acknowledged, by kind."""

    told: dict[str, set[Thing]] = field(default_factory=lambda: {kind: set() for kind in KINDS})
    pressed: Counter[str] = field(default_factory=Counter)  #: picks that a member tried to make
    refused: int = 0  #: acts that were answered with “can’t now”
    silent: int = 0  #: acts that nobody answered: their process was gone

    def note(self, kind: str, thing: Thing) -> None:
        """Somebody was told that it is done."""
        self.told[kind].add(thing)


@dataclass
class Town:
    """Where things are to be found afterwards: of one community."""

    store: Store
    community: str
    rounds: list[Round]
    said: Sequence[Said]
    ledger: Ledger

    async def identities(self) -> Mapping[str, str]:
        """A member's number → their identity."""
        ids = pairs(await self.store.call("HGETALL", keys.community(self.community).ids))
        return {number.split(" ")[0]: identity for identity, number in ids.items()}

    async def challenges(self) -> list[ChallengeRef]:
        """All of the community's."""
        found = keys.community(self.community).challenges
        ids = await self.store.call("ZRANGE", found, 0, -1)
        return [ChallengeRef(self.community, each) for each in ids]


Count = Callable[[Town], Awaitable[Counter[Thing]]]


async def votes(town: Town) -> Counter[Thing]:
    """(prompt, identity, entry), as Redis has them."""
    found: Counter[Thing] = Counter()
    who = await town.identities()
    for each in town.rounds:
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


async def duels(town: Town) -> Counter[Thing]:
    """(challenge, identity, which), as Redis has them; what nobody tried counts as done twice."""
    found: Counter[Thing] = Counter()
    who = await town.identities()
    made: Counter[str] = Counter()
    for ref in await town.challenges():
        for pick in await Ballots(town.store).picks(ref):
            identity = who.get(str(pick.member), "")
            found[ref.challenge, identity, pick.number] += 1
            made[identity] += 1
    for identity, count in made.items():
        if (extra := count - town.ledger.pressed[identity]) > 0:
            found["nobody’s", identity] = 1 + extra
    return found


def _named(town: Town, message: Said) -> list[str]:
    """The prompts of rounds that a message names."""
    return [each.prompt for each in town.rounds if each.prompt and each.prompt in message.text]


async def rounds(town: Town) -> Counter[Thing]:
    """Prompts, by the messages that show them."""
    return Counter(
        prompt
        for message in town.said
        for prompt in _named(town, message)
        if not tells_result(message.text, prompt)
    )


async def announcements(town: Town) -> Counter[Thing]:
    """Prompts of closed rounds, by the messages that tell their results; and (challenge, step)."""
    found: Counter[Thing] = Counter(
        prompt
        for message in town.said
        for prompt in _named(town, message)
        if tells_result(message.text, prompt)
    )
    for ref in await town.challenges():
        challenge = await Challenges(town.store).read(ref)
        assert challenge is not None
        for step, says in STEPS.items():
            times = sum(
                says in each.text and challenge.theme in each.text and not each.votes
                for each in town.said
            )
            if times:
                found[challenge.theme, step] = times
    return found


KINDS: dict[str, Count] = {
    "votes": votes,
    "entries": entries,
    "duels": duels,
    "rounds": rounds,
    "announcements": announcements,
}


@dataclass(frozen=True)
class Verdict:
    """What became of it, by kind: acknowledged, there is, lost, done twice; and who was left
    waiting.
    """

    told: dict[str, int]
    there: dict[str, int]
    lost: dict[str, int]
    twice: dict[str, int]
    waiting: tuple[str, ...]
    refused: int
    silent: int
    missing: tuple[str, ...] = ()  #: what was lost, and what was done twice

    @property
    def good(self) -> bool:
        """Nothing was lost, nothing done twice, and everyone got an end."""
        return not (sum(self.lost.values()) or sum(self.twice.values()) or self.waiting)


async def judge(town: Town, waiting: Sequence[str]) -> Verdict:
    """Compare what was told with what there is."""
    there, lost, twice = {}, {}, {}
    missing: list[str] = []
    ledger = town.ledger
    for kind, count in KINDS.items():
        found = await count(town)
        there[kind] = found.total()
        gone = ledger.told[kind] - set(found)
        lost[kind] = len(gone)
        missing += [f"{kind} lost: {each}" for each in gone]
        missing += [f"{kind} {times} times: {each}" for each, times in found.items() if times > 1]
        twice[kind] = sum(times - 1 for times in found.values() if times > 1)
    told = {kind: len(things) for kind, things in ledger.told.items()}
    return Verdict(
        told, there, lost, twice, tuple(waiting), ledger.refused, ledger.silent, tuple(missing)
    )
