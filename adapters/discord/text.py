r"""Text as Discord reads it: people's words shown literally, Muse's spans as markdown.

Discord's markdown is undone with backslashes, as its own client does; mentions are broken by
an invisible space, as `discord.utils.escape_mentions` does. What would steer the layout
(control characters, marks that turn the direction of what follows, invisible ones, heaps of
accents) is taken out. https://docs.discord.com/developers/reference#message-formatting
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

from adapters.discord import words
from adapters.discord.naming import CALLED
from bot.cards import CommandRef, Line, Literal, Person, Plain, Span, Strong, When
from bot.commands import BY_NAME, MUSE
from bot.errors import BadInput
from bot.grammar import read

PLATFORM = "discord"
BROKEN = "\N{ZERO WIDTH SPACE}"
_LINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}
_INVISIBLE = {0x00AD, 0x180E, 0x200B, *range(0x2060, 0x2066), *range(0x206A, 0x2070), 0xFEFF}
_TAGS = range(0xE0000, 0xE1000)  # invisible too, but for the flags of emoji, which are rare
_TAKEN_OUT: Mapping[int, str | None] = {
    **dict.fromkeys({*range(32), *range(127, 160)} - {ord("\n")}),
    **dict.fromkeys(_BIDI | _INVISIBLE),
    **dict.fromkeys(range(0xD800, 0xE000)),
    **dict.fromkeys(_TAGS),
    ord("\t"): " ",
}
_ACCENTS = 6  # on one character; no language needs more
_SPECIAL = re.compile(r"[\\`*_~|\[\]<]")
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_SCHEME = re.compile(r":(?=//)")
_LINE_START = re.compile(
    r"^([^\S\n]*)(#{1,3}(?=\s)|-#|>{1,3}|[-+](?=\s)|\d+(?=[.)]\s))", re.MULTILINE
)
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")
_RIGHT_TO_LEFT = ("R", "AL")
_ISOLATED = "\N{FIRST STRONG ISOLATE}{}\N{POP DIRECTIONAL ISOLATE}"


def clean(text: str) -> str:
    """Somebody's text without what would steer the layout; lines stay."""
    text = _LINES.sub("\n", text).translate(_TAKEN_OUT)
    text = _BLANK_LINES.sub("\n\n", text)
    if not text.isascii():
        text = _few_accents(text)
    return text.strip()


def escape(text: str) -> str:
    """The text with every mark of Discord's markdown made literal, and no mention left whole."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _SCHEME.sub(r"\\:", text)
    text = text.replace("@", f"@{BROKEN}")
    return _LINE_START.sub(_start, text)


def unescape(text: str) -> str:
    """What `escape` was given, on one line."""
    return " ".join(_ESCAPED.sub(r"\1", text).replace(f"@{BROKEN}", "@").split())


def literal(text: str) -> str:
    """Somebody's text, over several lines if it has them."""
    return escape(clean(text))


@lru_cache(4096)
def one_line(text: str) -> str:
    """Somebody's text within a line of Muse's; right-to-left text turns nothing around it."""
    flat = escape(" ".join(clean(text).split()))
    if any(unicodedata.bidirectional(mark) in _RIGHT_TO_LEFT for mark in flat):
        return _ISOLATED.format(flat)
    return flat


@lru_cache(4096)
def own(text: str) -> str:
    """Muse's own words, which hold no markdown either."""
    return escape(text)


def shortened(text: str, limit: int) -> str:
    """The beginning of a bare text, at most `limit` characters, with an ellipsis if cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    if " " in cut[limit // 2 :]:
        cut = cut.rsplit(" ", 1)[0]
    return cut.rstrip(" ,;:–—-\n") + "…"


def shortened_literal(text: str, limit: int) -> str:
    """Somebody's text, escaped, the beginning of it if all would be over `limit` characters."""
    whole = clean(text)
    drawn = escape(whole)
    share = limit
    while len(drawn) > limit and share > 1:
        drawn = escape(shortened(whole, share))
        share = min(share - 1, share * limit // max(len(drawn), 1))
    return drawn[:limit]


class Writing:
    """Spans as Discord's markdown. `command_ids` are those of the commands as registered."""

    def __init__(self, command_ids: Callable[[], Mapping[str, str]]) -> None:
        self._ids = command_ids

    def line(self, line: Line, *, flat: bool = True) -> str:
        """A line. With `flat` somebody's text stays within it, whatever lines it has."""
        return "".join(self._span(span, flat=flat) for span in line)

    def _span(self, span: Span, *, flat: bool) -> str:
        match span:
            case Plain(text):
                return own(text)
            case Literal(text):
                return one_line(text) if flat else literal(text)
            case Strong(text):
                return _strong(text)
            case Person():
                return person(span)
            case When(at):
                return f"<t:{int(at.timestamp())}:f>"
            case CommandRef(typed):
                return self.command(typed)

    def command(self, typed: str) -> str:
        """A command as it is given here: a native one to click, or the button that does it."""
        name = _name(typed)
        if name in words.PRESSED:
            return f"**{words.PRESSED[name]}**"
        root = name.partition(" ")[0]
        ident = self._ids().get(root)
        called = CALLED.get(name, name)
        shown = f"</{called}:{ident}>" if ident else f"**/{escape(called)}**"
        arguments = _arguments(typed, name)
        return f"{shown} {arguments}" if arguments else shown


def person(who: Person) -> str:
    """A member: drawn by Discord itself where they are of it; nobody is pinged."""
    if who.user is None:
        return words.FORGOTTEN
    if who.user.platform == PLATFORM and who.user.id.isdecimal():
        return f"<@{who.user.id}>"
    return own(words.MEMBER_ELSEWHERE.format(platform=who.user.platform.capitalize()))


def _strong(text: str) -> str:
    """Words that stand out; the spaces around them are no part of it."""
    bare = text.strip()
    return text.replace(bare, f"**{one_line(bare)}**", 1) if bare else text


def _name(typed: str) -> str:
    """The command that a typed line names."""
    head, _, rest = typed.partition(" ")
    pair = f"{head} {rest.partition(' ')[0]}"
    if pair in BY_NAME:
        return pair
    return head if head in BY_NAME else head.partition(" ")[0]


def _arguments(typed: str, name: str) -> str:
    """A command's arguments as Discord asks for them: ``prompt: the sea  form: haiku``."""
    rest = typed[len(name) :].strip()
    spec = BY_NAME.get(name)
    if spec is None or not rest:
        return own(rest)
    try:
        values = spec.values(read(rest if spec is MUSE else typed))
    except (BadInput, AssertionError):
        return own(rest)
    said = []
    for param in spec.params:
        value = values.get(param.name)
        if value is None:
            continue
        shown = ", ".join(str(each) for each in value) if isinstance(value, tuple) else str(value)
        said.append(f"*{escape(param.name)}:* {one_line(shown)}")
    return " ".join(said)


def _start(match: re.Match[str]) -> str:
    """What begins a heading, a list, a quotation or small print, made literal."""
    mark = match[2]
    return f"{match[1]}{mark}\\" if mark.isdecimal() else f"{match[1]}\\{mark}"


def _few_accents(text: str) -> str:
    kept: list[str] = []
    heap = 0
    for mark in text:
        heap = heap + 1 if unicodedata.combining(mark) else 0
        if heap <= _ACCENTS:
            kept.append(mark)
    return "".join(kept)
