"""What Muse counts and times of itself, each figure once, as `/metrics` shows it.

A label is one of a few words that the code knows (a platform, a verb, a kind of error) or the
name of a model. No id, no name and no text of anybody is ever one.
https://prometheus.io/docs/practices/naming/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["counter", "histogram", "gauge"]

#: Upper bounds, in seconds: of what people wait for at once (a platform waits three seconds),
#: of a round trip to the store, of writing, and of how late something is.
QUICK: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0)
TRIP: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0, 15.0)
WRITING: Final = (0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 20.0, 30.0, 60.0, 120.0)
LATE: Final = (0.05, 0.25, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 1800.0)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name on `/metrics`, what it says, what tells its parts apart.

    `buckets` are a histogram's upper bounds, in seconds.
    """

    name: str
    says: str
    labels: tuple[str, ...] = ()
    kind: Kind = "counter"
    buckets: tuple[float, ...] = ()


def _counter(name: str, says: str, *labels: str) -> Figure:
    return Figure(f"muse_{name}_total", says, labels)


def _times(name: str, says: str, buckets: tuple[float, ...], *labels: str) -> Figure:
    return Figure(f"muse_{name}_seconds", says, labels, "histogram", buckets)


ROUNDS_OPENED: Final = _counter("rounds_opened", "Rounds put on record.")
ROUNDS_CLOSED: Final = _counter("rounds_closed", "Rounds closed and taken into the boards.")
ENTRIES: Final = _counter("entries", "Entries put into rounds, by people and by Muse.")
VOTES: Final = _counter("votes", "Times a member's votes in a round were set.")
DUELS: Final = _counter("duels", "Picks made in the ballots of challenges.")

COMMANDS: Final = _counter(
    "commands", "Commands served, by what was asked and what came of it.", "request", "outcome"
)
COMMAND_TIME: Final = _times(
    "command", "From a command to its reply, in the core.", QUICK, "platform"
)
ACKNOWLEDGED: Final = _times(
    "acknowledgement", "From an event to its acknowledgement by Muse.", QUICK, "platform"
)
UNACKNOWLEDGED: Final = _counter(
    "unacknowledged", "Events that a platform waited for in vain, by its own word.", "platform"
)

WRITTEN: Final = _counter(
    "writings",
    "What was written: rounds, prompts, remixes; whole, or why the deck stood in.",
    "what",
    "outcome",
)
FIRST_ENTRY: Final = _times(
    "first_entry", "From when writing began to the first entry.", WRITING, "what"
)
LAST_ENTRY: Final = _times("last_entry", "The same to the last entry.", WRITING, "what")
TOKENS: Final = _counter(
    "tokens", "Tokens by model: in, cached (among those in), out.", "model", "kind"
)

AGENDA_ITEMS: Final = _counter(
    "agenda_items", "Work on the agenda, by verb and what came of it.", "verb", "outcome"
)
AGENDA_LATE: Final = _times(
    "agenda_late", "How long after it was due a piece of work was begun.", LATE, "verb"
)
AGENDA_BEHIND: Final = Figure(
    "muse_agenda_behind_seconds",
    "For how long the oldest work that is due, and that this process can do, has been waiting; "
    "NaN: not known.",
    kind="gauge",
)
AGENDA_DUE: Final = Figure(
    "muse_agenda_due_seconds",
    "The same of all work, for whichever process it is, by verb; NaN: not known.",
    ("verb",),
    kind="gauge",
)

PLATFORM_CALLS: Final = _counter(
    "platform_calls",
    "Messages posted, edited and kept on platforms, and what came of it.",
    "platform",
    "call",
    "outcome",
)
PLATFORM_TIME: Final = _times("platform_call", "How long a platform took.", QUICK, "platform")

STORE_TIME: Final = _times("redis", "A pipeline's round trip to Redis.", TRIP)
STORE_FAILURES: Final = _counter(
    "redis_failures", "Pipelines that Redis did not answer, and commands that it refused."
)

FIGURES: Final = (
    ROUNDS_OPENED,
    ROUNDS_CLOSED,
    ENTRIES,
    VOTES,
    DUELS,
    COMMANDS,
    COMMAND_TIME,
    ACKNOWLEDGED,
    UNACKNOWLEDGED,
    WRITTEN,
    FIRST_ENTRY,
    LAST_ENTRY,
    TOKENS,
    AGENDA_ITEMS,
    AGENDA_LATE,
    AGENDA_BEHIND,
    AGENDA_DUE,
    PLATFORM_CALLS,
    PLATFORM_TIME,
    STORE_TIME,
    STORE_FAILURES,
)
