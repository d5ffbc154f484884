"""The rules of votes, entries and boards once more, in plain Python, to hold the real ones to."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.models import Facet, Origin, RoundState
from bot.stats.approval import prior, score
from bot.storage.votes import Turn

#: A refusal: its kind, and the number it names.
Refused = tuple[str, int]
FACETS = {1: Facet.MOVED, 2: Facet.ORIGINAL, 4: Facet.DEEP}


@dataclass
class ModelEntry:
    author: str | None  #: None is Muse
    text: str
    origin: Origin
    lens: str
    rank: int
    parent: int = 0
    parent_author: str | None = None
    withdrawn: bool = False


@dataclass
class ModelRound:
    name: str
    asker: str
    wanted: int
    prior: float
    state: RoundState = RoundState.WRITING
    ended_by: str = ""
    entries: dict[int, ModelEntry] = field(default_factory=dict)
    added: dict[str, int] = field(default_factory=dict)  #: event → the number it got
    votes: dict[str, dict[int, frozenset[Facet]]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)  #: voter → entries there were
    highest: int = 0
    first: int = 1  #: the first number of Muse's places
    for_people: bool = False
    prompted: bool = False
    answered_for: str = ""  #: the event of the press that let Muse answer

    def __post_init__(self) -> None:
        self.highest = self.wanted

    @property
    def taking(self) -> bool:
        return self.state in (RoundState.WRITING, RoundState.OPEN)

    def choices(self, who: str) -> dict[int, frozenset[Facet]]:
        return self.votes.get(who, {})

    @property
    def voters(self) -> int:
        return len(self.votes)

    def approvals(self, number: int) -> int:
        return sum(number in votes for votes in self.votes.values())

    def facets(self, number: int) -> dict[Facet, int]:
        counts = {
            facet: sum(facet in votes.get(number, ()) for votes in self.votes.values())
            for facet in Facet
        }
        return {facet: count for facet, count in counts.items() if count}

    def seen_by(self, number: int) -> int:
        """n: voters, the author aside, whose latest vote came after the entry."""
        entry = self.entries[number]
        return sum(who != entry.author and self.seen[who] >= entry.rank for who in self.votes)


@dataclass
class ModelCommunity:
    rounds: dict[str, ModelRound] = field(default_factory=dict)
    voted: set[str] = field(default_factory=set)  #: events of votes that were taken
    approvals: int = 0
    chances: int = 0
    board: dict[tuple[str, int], float] = field(default_factory=dict)
    seen_by: dict[tuple[str, int], int] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)
    lenses: dict[str, list[int]] = field(default_factory=dict)  #: approvals, chances, rounds

    def open(self, name: str, asker: str, wanted: int) -> ModelRound:
        p0 = prior(self.approvals, self.chances)
        return self.rounds.setdefault(name, ModelRound(name, asker, wanted, p0))

    def invite(self, name: str, asker: str) -> ModelRound:
        round_ = self.open(name, asker, 0)
        round_.for_people = True
        return round_

    def give_prompt(self, round_: ModelRound) -> Refused | None:
        if round_.prompted and round_.state is not RoundState.WITHDRAWN:
            return None
        if not round_.taking:
            return ("state", 0)
        round_.prompted, round_.state = True, RoundState.OPEN
        return None

    def let_muse(self, round_: ModelRound, event: str, wanted: int, limit: int) -> Refused | None:
        if event == round_.answered_for:
            return None
        if not round_.taking:
            return ("state", 0)
        if not round_.for_people or round_.wanted:
            return ("answered", 0)
        if not round_.prompted:
            return ("early", 0)
        if round_.highest >= limit:
            return ("full", limit)
        round_.first, round_.wanted = round_.highest + 1, min(wanted, limit - round_.highest)
        round_.highest += round_.wanted
        round_.answered_for, round_.state = event, RoundState.WRITING
        return None

    def place(
        self, round_: ModelRound, number: int, text: str, lens: str, origin: Origin
    ) -> Refused | None:
        if number in round_.entries:
            return None
        if not round_.taking:
            return ("state", 0)
        if same := _same(round_, text):
            return ("same", same)
        rank = len(round_.entries) + 1
        round_.entries[number] = ModelEntry(None, text, origin, lens, rank)
        return None

    def add(
        self,
        round_: ModelRound,
        event: str,
        who: str,
        text: str,
        parent: int,
        limit: int,
        origin: Origin = Origin.HUMAN,
    ) -> Refused | int:
        if event in round_.added:
            return round_.added[event]
        if not round_.taking:
            return ("state", 0)
        refused: Refused | None = None
        ancestor, source = None, round_.entries.get(parent)
        if parent and source is None:
            refused = ("none", parent)
        elif source is not None and source.withdrawn:
            refused = ("taken", parent)
        elif same := _same(round_, text):
            refused = ("same", same)
        elif round_.highest >= limit:
            refused = ("full", limit)
        if refused:
            return refused
        if source is not None:
            ancestor = source.author
            if source.origin in (Origin.AI, Origin.TOGETHER):
                origin = Origin.TOGETHER
        round_.highest += 1
        rank = len(round_.entries) + 1
        round_.entries[round_.highest] = ModelEntry(who, text, origin, "", rank, parent, ancestor)
        round_.added[event] = round_.highest
        return round_.highest

    def withdraw_entry(self, round_: ModelRound, who: str, number: int) -> Refused | None:
        entry = round_.entries.get(number)
        if entry is None:
            return ("none", number)
        if entry.author != who:
            return ("other", number)
        if not entry.withdrawn and not round_.taking:
            return ("state", 0)
        if not entry.withdrawn:
            entry.text, entry.withdrawn = "", True
            for voter in list(round_.votes):
                round_.votes[voter].pop(number, None)
                if not round_.votes[voter]:
                    del round_.votes[voter], round_.seen[voter]
        return None

    def vote(
        self,
        round_: ModelRound,
        event: str,
        who: str,
        entries: tuple[int, ...],
        turn: Turn,
        facets: tuple[Facet, ...],
    ) -> Refused | None:
        if event in self.voted:
            return None
        if not round_.taking:
            return ("state", 0)
        after = dict(round_.choices(who))
        for number in entries:
            if refused := _unvotable(round_, who, number, turn):
                return refused
            if turn is Turn.ON:
                after[number] = after.get(number, frozenset()) | frozenset(facets)
            elif turn is Turn.OFF:
                after.pop(number, None)
            elif number in after:
                after[number] -= frozenset(facets)
        self.voted.add(event)
        if after:
            round_.votes[who] = after
            round_.seen[who] = len(round_.entries)
        else:
            round_.votes.pop(who, None)
            round_.seen.pop(who, None)
        return None

    def close(
        self, round_: ModelRound, event: str, who: str | None, *, manages: bool = False
    ) -> Refused | None:
        """Close by a member, or with `who` None by the deadline that has come."""
        if who is not None and who != round_.asker and not manages:
            return ("forbidden", 0)
        if round_.state is RoundState.CLOSED and round_.ended_by == event:
            return None
        if not round_.taking:
            return ("state", 0)
        round_.state, round_.ended_by = RoundState.CLOSED, event
        angles = set()
        for number, entry in round_.entries.items():
            if entry.withdrawn:
                continue
            a, n = round_.approvals(number), round_.seen_by(number)
            self.approvals += a
            self.chances += n
            self.seen_by[round_.name, number] = n
            if a:
                self.board[round_.name, number] = score(a, n, round_.prior)
                self._credit(round_, number, entry, a)
            if entry.lens and n:
                sums = self.lenses.setdefault(entry.lens, [0, 0, 0])
                sums[0] += a
                sums[1] += n
                angles.add(entry.lens)
        for lens in angles:
            self.lenses[lens][2] += 1
        return None

    def _credit(self, round_: ModelRound, number: int, entry: ModelEntry, a: int) -> None:
        if entry.author:
            self.points[entry.author] = self.points.get(entry.author, 0) + a
        ancestor = entry.parent_author
        if ancestor and ancestor != entry.author:
            given = a - (number in round_.choices(ancestor))
            if given:
                self.points[ancestor] = self.points.get(ancestor, 0) + given / 2

    def withdraw(self, round_: ModelRound, who: str) -> Refused | None:
        if who != round_.asker:
            return ("asker", 0)
        if round_.state is RoundState.WITHDRAWN:
            return None
        if round_.state is RoundState.CLOSED:
            return ("state", 0)
        for entry in round_.entries.values():
            if entry.author not in (None, round_.asker) and not entry.withdrawn:
                return ("shared", 0)
        round_.state = RoundState.WITHDRAWN
        for entry in round_.entries.values():
            entry.text, entry.withdrawn = "", True
        return None


def _unvotable(round_: ModelRound, who: str, number: int, turn: Turn) -> Refused | None:
    entry = round_.entries.get(number)
    if entry is None:
        return ("none", number)
    if turn is Turn.ON and entry.withdrawn:
        return ("taken", number)
    if turn is Turn.ON and entry.author == who:
        return ("own", number)
    return None


def _same(round_: ModelRound, text: str) -> int:
    for number, entry in round_.entries.items():
        if not entry.withdrawn and entry.text.lower() == text.lower():
            return number
    return 0
