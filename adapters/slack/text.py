"""Text as Slack shows it. Pure.

Slack reads three characters of any text as its own (``&``, ``<``, ``>``), so they are always
escaped: https://docs.slack.dev/messaging/formatting-message-text#escaping. What a person or a
model wrote never goes into mrkdwn, whose ``*``, ``_``, ``~``, backticks and ``:emoji:`` can't be
escaped at all: it goes into plain text and rich text, which show it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from adapters.slack import words
from adapters.slack.limits import FALLBACK
from bot.cards import CommandRef, Line, Literal, Person, Plain, Strong, When
from bot.commands import GROUPS, MUSE, NAMES
from bot.models import UserRef

# What would steer the text around it, or hide in it: controls, marks that turn its direction,
# characters of no width. Joiners stay, since emoji and many scripts are made with them.
_UNSEEN: dict[int, str | None] = {
    **dict.fromkeys({*range(32), *range(127, 160)} - {ord("\n")}),
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)]),
    **dict.fromkeys([0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF]),
    **dict.fromkeys(range(0xD800, 0xE000)),
    **dict.fromkeys(range(0xE0000, 0xE0080)),
    ord("\t"): " ",
    0x2028: "\n",
    0x2029: "\n",
}
_HIDING = re.compile("[" + "".join(re.escape(chr(code)) for code in _UNSEEN) + "]")
_READ_INTO = re.compile("[&<>]")
_ESCAPED = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
_TYPED = re.compile(
    r"(?<![\w/])/(" + "|".join(sorted(map(re.escape, {*NAMES, *GROUPS}), key=len)[::-1]) + r")\b"
)
_ENTITY = re.compile(r"&(amp|lt|gt);")
_IN_BRACKETS = re.compile(r"<([^<>]+)>")


def tidy(text: str) -> str:
    """A text without what can't be seen; its lines and its characters otherwise as they are."""
    if _HIDING.search(text) is None:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNSEEN)


def escape(text: str) -> str:
    """A text that Slack reads nothing into."""
    return text if _READ_INTO.search(text) is None else text.translate(_ESCAPED)


def shown(text: str) -> str:
    """Any text as it goes to Slack: tidy and escaped. A blank one is a space of its own, since
    Slack takes no empty text.
    """
    return escape(tidy(text)) or "\u00a0"


def clip(text: str, most: int) -> str:
    """The beginning of a label that may be too long, with an ellipsis; escaped like `shown`."""
    text = tidy(text)
    if len(escape(text)) <= most:
        return escape(text) or "\u00a0"
    while len(escape(text)) > most - 1:
        text = text[: len(text) - max(1, (len(escape(text)) - most) // 5)]
    return escape(text.rstrip()) + "…"


def fallback(summary: str) -> str:
    """The text of a message for readers that show no blocks, and for notifications.

    It is sent with ``mrkdwn`` off, so that it is not marked up either.
    """
    return clip(summary, FALLBACK)


@dataclass(frozen=True, slots=True)
class Pen:
    """How spans become text: what members are called, how commands are typed here.

    With `mentions` a member is drawn as a mention, which nobody is told of in a view; in a
    message it would notify them: https://docs.slack.dev/messaging/formatting-message-text.
    """

    name: Callable[[UserRef], str]
    command: str = "/muse"
    mentions: bool = False
    groups: tuple[tuple[str, str], ...] = ()  #: the workspace's user groups: id and handle
    shared: bool = False  #: that what is drawn with it is drawn the same again

    def person(self, person: Person) -> str:
        """What a member is called."""
        return self.name(person.user) if person.user else words.FORGOTTEN

    def typed(self, words_typed: str) -> str:
        """A command as it is typed in Slack, where every word follows the one command."""
        first, _, rest = words_typed.partition(" ")
        tail = rest if first == MUSE.name else words_typed
        return f"{self.command} {tail}".rstrip()

    def native(self, text: str) -> str:
        """A sentence of Muse's in which commands are named as if each were its own."""
        if "/" not in text:
            return text
        return _TYPED.sub(lambda found: self.typed(found.group(1)), text)

    def raw(self, line: Line) -> str:
        """A line in words alone, not escaped yet."""
        return "".join(self._words(span) for span in line)

    def plain(self, line: Line) -> str:
        """A line without any markup, escaped."""
        return shown(self.raw(line))

    def mentioned(self, person: Person) -> bool:
        """Whether a member is drawn as a mention."""
        user = person.user
        return self.mentions and user is not None and user.platform == "slack"

    def _words(self, span: object) -> str:
        match span:
            case Plain(text) | Strong(text):
                return self.native(text)
            case Literal(text):
                return text
            case Person():
                return self.person(span)
            case When(at):
                return spelt(at)
            case CommandRef(typed):
                return self.typed(typed)
        raise TypeError(f"no span: {span!r}")


def spelt(at: datetime) -> str:
    """A moment in words, where Slack can't put it into the reader's zone."""
    return f"{at:%a} {at.day} {at:%b}, {at:%H:%M} UTC"


def moment(at: datetime) -> str:
    """A moment in mrkdwn, in the reader's own zone and words.

    https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}}, {{time}}|{spelt(at)}>"


def heard(text: str, bot: str, name: Callable[[str], str]) -> str:
    """What somebody said, as they would have typed it: without the mention of `bot`, links as
    their addresses, members by what `name` calls them.

    https://docs.slack.dev/messaging/formatting-message-text#parsing
    """

    def plain(found: re.Match[str]) -> str:
        inside, _, label = found.group(1).partition("|")
        if inside == f"@{bot}":
            return ""
        if inside.startswith("@"):
            return f"@{label or name(inside[1:])}"
        if inside.startswith("#"):
            return f"#{label}" if label else ""
        if inside.startswith("!"):
            return label or f"@{inside[1:].partition('^')[0]}"
        return inside.removeprefix("mailto:")

    said = _IN_BRACKETS.sub(plain, text)
    said = _ENTITY.sub(lambda found: {"amp": "&", "lt": "<", "gt": ">"}[found.group(1)], said)
    return tidy(said).strip()
