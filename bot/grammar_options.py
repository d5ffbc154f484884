"""Options and quotes: what stands around the words of a command, and what keeps text as it is.

``--form haiku`` may stand anywhere, ``--bold`` needs no word after it. A text in quotes is taken
word for word, options in it too. Reading raises nothing but `BadInput`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from bot.commands import CommandSpec, Kind, Param, Value
from bot.errors import BadInput
from bot.wording import en

QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«"}  # what may close each
BETWEEN = ("and", "&", "+")  # as Muse itself says "1, 2 and 4"
# Phones and Slack turn two hyphens into a dash, so a dash before a known option is one too.
FLAG = re.compile(r"(?:(?<=\s)|\A)(--|—|–)([A-Za-z][\w-]*)(?=[=\s]|\Z)")
_FLAG_VALUE = re.compile(r"(?:=|\s+)(\"[^\"]*\"|“[^”]*”|(?!--|—|–)\S+)(?=\s|\Z)")
# As Discord and Slack write a person within a text; elsewhere a name with @ before it.
_MENTION = re.compile(r"<@!?(\w+)(?:\|[^>]*)?>")
_MAX_NUMBER = 10_000
_SHORTEST_CODE = 8


def nearest(word: str, options: Iterable[str]) -> str:
    """The option most like `word`, or nothing where none is close."""
    if len(word) < 2:
        return ""
    found = difflib.get_close_matches(word.casefold(), list(options), n=1, cutoff=0.6)
    return found[0] if found else ""


def partition(text: str) -> tuple[str, str, str]:
    """The first word, the white space after it, and the rest."""
    match = re.match(r"(\S*)(\s*)", text)
    assert match is not None
    return match.group(1), match.group(2), text[match.end() :]


def is_number(word: str) -> bool:
    """Whether a word is a number as people list them: ``2``, ``#2``, ``2,``."""
    return word.strip("#,:").isdecimal()


def is_code(word: str) -> bool:
    """Whether a word may be one that Muse gave: a code, or what stands for a place."""
    return len(word) >= _SHORTEST_CODE or bool(re.search(r"\w[:-]\w", word))


def number_of(word: str, spec: CommandSpec) -> int:
    """The number that a word is. Raises `BadInput` where it is none that a command takes."""
    digits = word.lstrip("#")
    if not digits.isdecimal() or len(digits) > 9 or not 1 <= int(digits) <= _MAX_NUMBER:
        raise BadInput(en.not_a_number(word, spec.name, spec.examples[0]))
    return int(digits)


def placed(param: Param, word: str, spec: CommandSpec) -> Value:
    """The value of an argument that is one word. Raises `BadInput`."""
    if param.kind is Kind.NUMBER:
        return number_of(word, spec)
    if param.kind is Kind.CHOICE:
        return _choice(param, word)
    if param.kind is Kind.CODE:
        return word
    mention = _MENTION.fullmatch(word)
    return mention.group(1) if mention else word.removeprefix("@")


def take_quoted(text: str, spec: CommandSpec) -> tuple[str | None, str]:
    """A quoted text, which reaches from an opening quote to the last closing one, and what
    stands around it: numbers before, options on either side. None where nothing is quoted.
    """
    start = _text_start(text, spec)
    if start >= len(text) or text[start] not in QUOTES:
        return None, text
    closing = QUOTES[text[start]]
    position = start + 1
    taken: list[str] = []
    while position < len(text):
        character = text[position]
        if character == "\\" and text[position + 1 : position + 2] in (*closing, "\\"):
            taken.append(text[position + 1])
            position += 2
            continue
        if character in closing:
            after = text[position + 1 :]
            if not _only_flags(after, spec):
                return None, text
            return "".join(taken), text[:start] + after
        taken.append(character)
        position += 1
    return None, text


def take_flags(spec: CommandSpec, text: str, values: dict[str, Value]) -> str:
    """Read the options; what is left of the text without them."""
    left: list[str] = []
    position = 0
    for match in FLAG.finditer(text):
        if match.start() < position:
            continue  # within the value of the one before
        if not _take_flag(spec, match, text, values):
            continue  # an ordinary dash before a word
        left.append(text[position : match.start()].strip())
        position = _flag_end(spec, match, text)
    left.append(text[position:].strip())
    return " ".join(part for part in left if part)


def _take_flag(
    spec: CommandSpec, match: re.Match[str], text: str, values: dict[str, Value]
) -> bool:
    flags = {param.name: param for param in spec.params if param.flag}
    dash, name = match.group(1), match.group(2).casefold()
    if name not in flags:
        if dash != "--":
            return False
        options = [f"--{option}" for option in flags]
        close = nearest(f"--{name}", options)
        raise BadInput(en.unknown_option(f"--{name}", spec.name, close, options))
    param = flags[name]
    if param.kind is Kind.SWITCH:
        values[param.name] = True
        return True
    found = _FLAG_VALUE.match(text, match.end())
    if not found:
        raise BadInput(en.option_without_value(f"--{name}", param.choices))
    value = found.group(1)
    if param.kind is Kind.WORDS:
        values[param.name] = _phrases(value)
    elif param.kind is Kind.NUMBER:
        values[param.name] = number_of(value, spec)
    else:
        values[param.name] = _choice(param, value)
    return True


def _text_start(text: str, spec: CommandSpec) -> int:
    """Where a command's text begins: behind options and the numbers that come first."""
    position = 0
    for param in spec.params:
        if param.kind in (Kind.CHOICE, Kind.CODE, Kind.PERSON) and not param.flag:
            word = re.compile(r"\s*\S*").match(text, position)
            position = word.end() if word else position
    several = any(param.kind is Kind.NUMBERS for param in spec.params)
    numbers = sum(param.kind is Kind.NUMBER and not param.flag for param in spec.params)
    if several:
        numbers = _MAX_NUMBER
    if any(param.kind is Kind.NAME for param in spec.params):
        position = text.find(":") + 1
    while True:
        position += len(text[position:]) - len(text[position:].lstrip())
        flag = FLAG.match(text, position)
        if flag:
            position = _flag_end(spec, flag, text)
            continue
        head, _, rest = partition(text[position:])
        if numbers and is_number(head):
            numbers -= 1
            position += len(head)
            continue
        if several and head.casefold() in BETWEEN and is_number(partition(rest)[0]):
            position += len(head)
            continue
        return position


def _only_flags(text: str, spec: CommandSpec) -> bool:
    """Whether nothing but options stands in `text`."""
    position = 0
    while True:
        position += len(text[position:]) - len(text[position:].lstrip())
        if position == len(text):
            return True
        flag = FLAG.match(text, position)
        if not flag:
            return False
        position = _flag_end(spec, flag, text)


def _flag_end(spec: CommandSpec, flag: re.Match[str], text: str) -> int:
    """Where an option ends, with its value if it takes one."""
    named = flag.group(2).casefold()
    if any(param.name == named and param.kind is Kind.SWITCH for param in spec.params):
        return flag.end()
    value = _FLAG_VALUE.match(text, flag.end())
    return value.end() if value else flag.end()


def _phrases(value: str) -> tuple[str, ...]:
    """Words or phrases with commas between them, each once."""
    bare = (" ".join(part.split()) for part in re.split(r"[,;]", value.strip('"“”')))
    return tuple(dict.fromkeys(part for part in bare if part))


def _choice(param: Param, value: str) -> str:
    bare = value.casefold().strip("\"“”'")
    choice = param.choice(bare)
    if not choice:
        raise BadInput(
            en.unknown_choice(param.name, value, nearest(bare, param.choices), param.choices)
        )
    return choice
