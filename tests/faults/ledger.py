"""What people were told is done, and what there is of it afterwards.

A kind of thing is a name, what was acknowledged of it, and a `Count` that finds it in Redis or on
the platform: `KINDS` has them all.
"""

from __future__ import annotations

import contextlib
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.challenge_requests import ChallengeRef
from bot.models import Round
from bot.storage import keys
from bot.storage.ballots import Ballots
from bot.storage.challenges import Challenges
from bot.storage.client import Store
from bot.storage.votes import pairs, read_choices
from bot.wording import en
from tests.faults.places import NOT_OFFERED, SILENCE, Late, Said, tells_result

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
    refused: int = 0  #: acts that were answered with “can’t now”, or had nothing to press
    late: int = 0  #: acts that were answered after the platform’s three seconds
    broken: list[str] = field(default_factory=list)  #: what no act may come to
    silences: list[Silence] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)

    def note(self, kind: str, thing: Thing) -> None:
        """Somebody was told that it is done."""
        self.told[kind].add(thing)

    def leave(self) -> None:
        """Muse is no more, or can’t hear."""
        if not self.absences or self.absences[-1].ended is not None:
            self.absences.append(Absence(time.monotonic()))

    def come_back(self) -> None:
        """It plays again."""
        if self.absences and self.absences[-1].ended is None:
            self.absences[-1].ended = time.monotonic()

    @contextlib.contextmanager
    def trying(self, what: str) -> Iterator[None]:
        """Somebody tries something; how it went otherwise than by a yes or a no is noted."""
        began = time.monotonic()
        try:
            yield
        except SILENCE as error:
            said = f"{what}: {type(error).__name__}: {error}".partition("\n")[0]
            self.silences.append(Silence(began, time.monotonic(), said))
        except Late:
            self.late += 1
        except NOT_OFFERED:
            self.refused += 1
        except Exception as error:  # noqa: BLE001 it is told at the end
            said = f"{what}: {type(error).__name__}: {error}".partition("\n")[0]
            self.broken.append(f"{said}, at {_where(error)}")

    def gone_since(self, began: float) -> bool:
        """Whether Muse was gone at some time since then."""
        return any(each.within(began, time.monotonic()) for each in self.absences)

    @property
    def unheard(self) -> list[Silence]:
        """Silences that no absence explains."""
        return [
            each
            for each in self.silences
            if not any(gone.within(each.began, each.ended) for gone in self.absences)
        ]


@dataclass
class Absence:
    """Muse could not hear anybody: it was killed, or cut off from the platform."""

    began: float
    ended: float | None = None  #: None until it plays again

    def within(self, began: float, ended: float) -> bool:
        """Whether there was some of it between two moments."""
        return self.began <= ended and (self.ended is None or began <= self.ended)


@dataclass(frozen=True)
class Silence:
    """Nobody answered somebody, who waited from one moment to another."""

    began: float
    ended: float
    what: str


def _where(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


@dataclass
class Town:
    """Where things are to be found afterwards: of one community."""

    store: Store
    community: str
    rounds: list[Round]
    said: Sequence[Said]
    ledger: Ledger
    wrong: list[str] = field(default_factory=list)  #: what does not agree with itself

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
    """(prompt, identity, entry), as Redis has them: who voted for what is a set, so the
    tally is held against it, too.
    """
    found: Counter[Thing] = Counter()
    who = await town.identities()
    for each in town.rounds:
        kept = await town.store.call("HGETALL", keys.round_keys(each.community, each.id).votes)
        counted: Counter[int] = Counter()
        for number, code in pairs(kept).items():
            for choice in read_choices(code):
                found[each.prompt, who.get(number, ""), choice.entry] += 1
                counted[choice.entry] += 1
        tally = {entry: given.approvals for entry, given in each.tallies.items()}
        for entry in set(tally) | set(counted):
            extra = tally.get(entry, 0) - counted[entry]
            if extra > 0:
                found[each.prompt, "the tally’s", entry] = 1 + extra
            elif extra < 0:
                town.wrong.append(f"{each.prompt}: {-extra} votes for {entry} are in no tally")
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
    """Prompts that are on record and that a message shows: the more of both."""
    kept = Counter(each.prompt for each in town.rounds)
    shown = Counter(
        prompt
        for message in town.said
        for prompt in kept
        if prompt and prompt in message.text and not tells_result(message.text, prompt)
    )
    return Counter({prompt: max(kept[prompt], shown[prompt]) for prompt in kept if shown[prompt]})


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
    late: int
    silent: int  #: answered by nobody, whatever the reason
    wrong: tuple[str, ...] = ()  #: what else is not as it should be
    missing: tuple[str, ...] = ()  #: what was lost, and what was done twice

    @property
    def good(self) -> bool:
        """Nothing was lost, nothing done twice, and everyone got an end."""
        return self.whole and not sum(self.lost.values())

    @property
    def whole(self) -> bool:
        """It is good, apart from what was lost."""
        return not (sum(self.twice.values()) or self.waiting or self.wrong)


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
    wrong = [
        *town.wrong,
        *(f"broke: {each}" for each in ledger.broken),
        *(f"nobody answered: {each.what}" for each in ledger.unheard),
    ]
    return Verdict(
        told,
        there,
        lost,
        twice,
        tuple(waiting),
        ledger.refused,
        ledger.late,
        len(ledger.silences),
        tuple(wrong),
        tuple(missing),
    )
