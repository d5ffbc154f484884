"""Blind means blind: whether anything that left Muse before a challenge closed tells who made an
entry, what it is, or how it does.

`leaks` looks at everything at once: what a platform was sent (`from_discord`, `from_slack`,
`from_text` for a terminal), and the log (`from_log`). What an author is told of their own is aside,
and so is what a test names.

    found = leaks([*from_discord(server), *from_log(caplog.records)], pool, people)
    assert found == []
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.actions import decode
from bot.cards import Card
from bot.challenge import Contender
from bot.errors import MuseError
from bot.models import Origin
from bot.wording import en
from tests.fakes.discord_server import DiscordServer
from tests.fakes.slack_server import SlackServer


@dataclass(frozen=True)
class Seen:
    """Something that left Muse: where it went, and all of its texts. `to` is the identity of the
    one member who sees it, where there is one; `log` says that it is a line of the log.
    """

    where: str
    texts: tuple[str, ...]
    to: str = ""
    names: tuple[str, ...] = field(default=())  #: of files
    log: bool = False


#: What Muse says to everybody, whatever the entries are, and holds the words of origins: sentences,
#: and texts that are a whole label.
SAID = (
    en.BALLOT_HOW,
    en.CHALLENGE_AI,
    en.ENTRY_COUNTS,
    *(text for name, text in vars(en).items() if name.startswith("HELP_")),
)
_LABELS = {en.GUESS_PERSON, en.GUESS_AI, en.GUESS_TOGETHER, en.GUESS_PASS}
_GUESSES = re.compile(r"challenge guess (?:person|ai|together|skip) \d")
#: What one member is told of their own part.
_OWN = (
    re.compile(r"You made (?:\d+|one) picks?\b"),
    re.compile(r"\d+ picks made so far"),
    re.compile(r"One pick made so far"),
    re.compile(r"\b[Pp]ick \d+ of \d+"),
    re.compile(r"\(\d of 3\): who wrote this"),
)
_ORIGINS = re.compile(
    r"(?i)\b(?:AIs?|humans?|together|machines?|models?|deck|written by|made by|by a person)\b"
)
_COUNTS = re.compile(
    r"(?i)\b(\d+|one|two|three|four|five|six|seven|eight|nine|ten) +"
    r"(?:\w+ +)?(entries|entry|pieces?|picks?|votes?|voters?|people|members|wins?|reports?)\b"
)
_SHARES = re.compile(r"\d\s?%|\b\d+\s*/\s*\d+\b")
_CHOOSING = ("guess", "setplan")
_ACTION = re.compile(r"1~[A-Za-z0-9_.:~\-]+")
_KEY = re.compile(r"\b[ma]\d+\b")
ENOUGH = 5  # entries in a list, from which on its order can tell; a page of reports has four


def leaks(
    seen: Iterable[Seen],
    pool: Mapping[str, Contender],
    people: Mapping[int, Collection[str]],
    *,
    aside: Sequence[str] = (),
) -> list[str]:
    """What tells too much, and where; nothing where all is blind. `people` are the ids and names by
    which a member can be known, by number; `aside` are sentences that may say what they say.
    """
    found: list[str] = []
    for each in seen:
        found += [f"{each.where}: {what}" for what in _leaks_of(each, pool, people, aside)]
    return found


def _leaks_of(
    seen: Seen,
    pool: Mapping[str, Contender],
    people: Mapping[int, Collection[str]],
    aside: Sequence[str],
) -> Iterator[str]:
    whole = "\n".join(seen.texts)
    shown = [entry for entry in pool.values() if _shows(whole, entry)]
    yield from _secrets(seen, whole, pool, shown, people)
    yield from _ids(whole)
    yield from (f"a file’s name tells: {name!r}" for name in seen.names if _ORIGINS.search(name))
    if shown or seen.log:
        yield from _words(_without(seen.texts, pool, aside), len(pool))
    yield from _order(whole, pool)


def _secrets(
    seen: Seen,
    whole: str,
    pool: Mapping[str, Contender],
    shown: Sequence[Contender],
    people: Mapping[int, Collection[str]],
) -> Iterator[str]:
    """What is nobody's to see: salts, models, and beside an entry its maker."""
    for alias, entry in pool.items():
        for what in ("salt", "model", "family", "parent"):
            secret = getattr(entry, what)
            if what == "parent" and secret in pool:
                continue  # the alias of another entry, which is nobody's secret
            if secret and re.search(rf"(?<![A-Za-z0-9]){re.escape(secret)}(?![A-Za-z0-9])", whole):
                yield f"the {what} of {alias}: {secret!r}"
        if seen.log and (entry in shown or re.search(rf"\b{re.escape(alias)}\b", whole)):
            yield f"the log names {alias}"
        known = people.get(entry.author, ()) if entry.author else ()
        if entry in shown and seen.to not in known:
            yield from (f"{who!r}, who made {alias}" for who in known if _word(who, whole))


def _words(rest: str, sealed: int) -> Iterator[str]:
    """Words of origins, shares and counts; how many seals there are is no secret."""
    for pattern, what in ((_ORIGINS, "an origin"), (_SHARES, "a share")):
        for hit in pattern.finditer(rest):
            yield f"{what}: {rest[max(0, hit.start() - 30) : hit.end() + 30]!r}"
    for hit in _COUNTS.finditer(rest):
        entries = hit.group(2).lower().startswith(("entr", "piece"))
        if not (entries and hit.group(1) == str(sealed)):
            yield f"a count: {hit.group()!r}"


def _shows(whole: str, entry: Contender) -> bool:
    return (bool(entry.text) and entry.text in whole) or (
        bool(entry.commitment) and entry.commitment in whole
    )


def _word(word: str, whole: str) -> bool:
    return bool(re.search(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", whole))


def _without(texts: Sequence[str], pool: Mapping[str, Contender], aside: Sequence[str]) -> str:
    """What is said besides the entries themselves, and besides what is said to all alike."""
    rest = "\n".join(text for text in texts if text not in _LABELS)
    rest = _GUESSES.sub(" ", _ACTION.sub(" ", rest))
    for text in sorted((each.text for each in pool.values() if each.text), key=len, reverse=True):
        rest = rest.replace(text, "§").replace(text[:40], "§")
    for said in (*SAID, *aside):
        rest = rest.replace(said, "§")
    for own in _OWN:
        rest = own.sub("§", rest)
    return rest


def _ids(whole: str) -> Iterator[str]:
    """The ids of buttons: a guess names an origin that a voter may choose, and an organiser’s
    setting whether AI takes part; nothing else does.
    """
    for text in _ACTION.findall(whole):
        try:
            action = decode(text)
        except MuseError:
            continue
        origins = [each for each in Origin if each in re.split(r"[.\-_:]", action.argument)]
        if action.verb not in _CHOOSING and origins:
            yield f"an id tells an origin: {text!r}"
        if _KEY.search(action.argument):
            yield f"an id tells whose it is: {text!r}"


def _order(whole: str, pool: Mapping[str, Contender]) -> Iterator[str]:
    """A list of seals, or of entries, tells nothing by its order: that of seals, or aliases."""
    own = "~praise~" in whole  # what a voter was shown, in the order in which they were
    for name in ("commitment",) if own else ("commitment", "text"):
        marks = {a: getattr(each, name) for a, each in pool.items() if getattr(each, name)}
        there = [a for a in marks if marks[a] in whole]
        if len(there) < ENOUGH:
            continue
        order = sorted(there, key=lambda alias: whole.index(marks[alias]))
        orders = (sorted(there), sorted(there, key=marks.__getitem__))
        if order not in orders:
            yield f"{len(order)} entries in an order of their own, by {name}"


# --- What left Muse.


def from_card(card: Card, where: str = "a card", to: str = "") -> list[Seen]:
    """All that a card holds, what its buttons carry too."""
    return [Seen(where, tuple(_strings(asdict(card))), to)]


def from_text(text: str, where: str = "the terminal", to: str = "") -> list[Seen]:
    """What a terminal printed."""
    return [Seen(where, tuple(text.splitlines()), to)]


def from_log(records: Iterable[logging.LogRecord]) -> list[Seen]:
    """The log, from info on."""
    return [
        Seen(f"log of {each.name}", (each.getMessage(),), log=True)
        for each in records
        if each.levelno >= logging.INFO and each.name.partition(".")[0] in ("bot", "adapters")
    ]


def from_discord(server: DiscordServer) -> list[Seen]:
    """Everything that Muse sent to the loopback Discord."""
    return [
        Seen(f"Discord: {each.route}", tuple(_strings(each.body)), names=tuple(_names(each.body)))
        for each in server.sent
        if not each.route.startswith("GET ")
    ]


def from_slack(slack: SlackServer) -> list[Seen]:
    """Everything that Muse sent to the loopback Slack: calls, answers to events, and what went
    through response URLs.
    """
    seen = [
        Seen(
            f"Slack: {each.method}",
            tuple(_strings(each.args)),
            str(each.args.get("user", "")) if each.method == "chat.postEphemeral" else "",
            tuple(_names(each.args)),
        )
        for each in slack.calls
    ]
    seen += [
        Seen("Slack: an answer to an event", tuple(_strings(answer.payload)))
        for delivery in slack.deliveries.sent
        for answer in delivery.answers
    ]
    return seen + [
        Seen("Slack: a response URL", tuple(_strings(_read(text))), to)
        for to, text in slack.response_urls.posted
    ]


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _strings(part: object) -> Iterator[str]:
    """Every text in a payload, JSON in a text opened up."""
    if isinstance(part, Mapping):
        for value in part.values():
            yield from _strings(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _strings(value)
    elif isinstance(part, bytes):
        yield part.decode("utf-8", "replace")
    elif isinstance(part, str):
        opened = _read(part) if part[:1] in "{[" else part
        if isinstance(opened, str):
            yield part
        else:
            yield from _strings(opened)


def _names(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key in ("filename", "file_name") and isinstance(value, str):
                yield value
            else:
                yield from _names(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _names(value)
