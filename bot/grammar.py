"""What people type, read into requests, and requests written as people type them.

One grammar for every text door: Slack's ``/muse …``, a mention, the terminal. A first word
that names a command is that command; anything else is a prompt; quotes around the whole
make it a prompt (or an entry) word for word. Options are ``--form haiku``, anywhere.
Reading raises nothing but `BadInput`, and `read(write(request)) == request`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from bot.cards import Answer
from bot.commands import BY_NAME, MUSE, CommandSpec, Kind, Param, Value, spec_of
from bot.errors import BadInput
from bot.requests import Request
from bot.wording import en

_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«"}  # what may close each
_BETWEEN = ("and", "&", "+")  # as Muse itself says "1, 2 and 4"
# Phones and Slack turn two hyphens into a dash, so a dash before a known option is one too.
_FLAG = re.compile(r"(?:(?<=\s)|\A)(--|—|–)([A-Za-z][\w-]*)(?:=(\S+)|\s+((?!--|—|–)\S+))?(?=\s|\Z)")
_MAX_NUMBER = 10_000


def read(text: str) -> Request:
    """The request that `text` asks for. Raises `BadInput`, saying how to put it right."""
    text = _readable(text)
    head, _, rest = _partition(text)
    spec = BY_NAME.get(head.casefold())
    if spec is None:
        return _read_as(MUSE, text)
    return _read_as(spec, rest)


def read_slashed(text: str, besides: Iterable[str] = ()) -> Request:
    """As `read`, but a first word that names no command is refused with the nearest one.

    For doors where a slash already said "this is a command". `besides` are the door's own
    commands, which may be what was meant.
    """
    text = _readable(text)
    if text[:1] in _QUOTES:
        return _read_as(MUSE, text)
    head, _, rest = _partition(text)
    if head.casefold() == MUSE.name:
        return read(rest)
    if head.casefold() not in BY_NAME:
        raise BadInput(en.unknown_command(head, nearest(head, [*BY_NAME, *besides])))
    return read(text)


def read_prompt(text: str) -> Request:
    """The text as a prompt, whatever its first word: for doors where people simply talk."""
    return _read_as(MUSE, _readable(text))


def answer_to(request: Request) -> Answer:
    """How a typed request is answered."""
    return spec_of(request).answer


def write(request: Request) -> str:
    """The text that reads as `request`. Raises KeyError for a request no command makes."""
    spec = spec_of(request)
    values = spec.values(request)
    words: list[str] = [] if spec is MUSE else [spec.name]
    for param in spec.params:
        if param.name not in values:
            continue
        value = values[param.name]
        if param.kind is Kind.TEXT:
            words.append(_quoted_where_needed(str(value), spec))
        elif param.flag:
            words.append(f"--{param.name} {value}")
        elif isinstance(value, tuple):
            words.extend(str(part) for part in value)
        else:
            words.append(str(value))
    return " ".join(words)


def nearest(word: str, options: Iterable[str]) -> str:
    """The option most like `word`, or nothing where none is close."""
    if len(word) < 2:
        return ""
    found = difflib.get_close_matches(word.casefold(), list(options), n=1, cutoff=0.6)
    return found[0] if found else ""


def _readable(text: str) -> str:
    """The text without white space around it and without halves of characters, which no
    store can hold and no screen show.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()


def _partition(text: str) -> tuple[str, str, str]:
    """The first word, the white space after it, and the rest."""
    match = re.match(r"(\S*)(\s*)", text)
    assert match is not None
    return match.group(1), match.group(2), text[match.end() :]


def _read_as(spec: CommandSpec, text: str) -> Request:
    values: dict[str, Value] = {}
    has_text = any(param.kind is Kind.TEXT for param in spec.params)
    quoted, text = _take_quoted_tail(text, spec) if has_text else (None, text)
    text = _take_flags(spec, text, values)
    if has_text:
        _take_text(spec, text, quoted, values)
    else:
        _take_words(spec, text.split(), values)
    for param in spec.params:
        if param.required and param.name not in values:
            raise BadInput(en.missing(spec.name, param.name, spec.examples[0]))
    return spec.build(values)


def _take_quoted_tail(text: str, spec: CommandSpec) -> tuple[str | None, str]:
    """A quoted text, which reaches from an opening quote to the last closing one, and what
    stands around it: numbers before, options on either side. None where nothing is quoted.
    """
    start = _text_start(text, spec)
    if start >= len(text) or text[start] not in _QUOTES:
        return None, text
    closing = _QUOTES[text[start]]
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
            if _FLAG.sub("", after).strip():
                return None, text
            return "".join(taken), text[:start] + after
        taken.append(character)
        position += 1
    return None, text


def _text_start(text: str, spec: CommandSpec) -> int:
    """Where a command's text begins: behind options and the numbers that come first."""
    position = 0
    numbers = sum(param.kind is Kind.NUMBER for param in spec.params)
    while True:
        position += len(text[position:]) - len(text[position:].lstrip())
        flag = _FLAG.match(text, position)
        if flag:
            position = flag.end()
            continue
        head, _, _ = _partition(text[position:])
        if numbers and head.lstrip("#").isdecimal():
            numbers -= 1
            position += len(head)
            continue
        return position


def _take_flags(spec: CommandSpec, text: str, values: dict[str, Value]) -> str:
    """Read the options; what is left of the text without them."""
    left: list[str] = []
    position = 0
    for match in _FLAG.finditer(text):
        if not _take_flag(spec, match, values):
            continue  # an ordinary dash before a word
        left.append(text[position : match.start()].strip())
        position = match.end()
    left.append(text[position:].strip())
    return " ".join(part for part in left if part)


def _take_flag(spec: CommandSpec, match: re.Match[str], values: dict[str, Value]) -> bool:
    flags = {param.name: param for param in spec.params if param.flag}
    dash, name = match.group(1), match.group(2).casefold()
    value = match.group(3) or match.group(4) or ""
    if name not in flags:
        if dash != "--":
            return False
        options = [f"--{option}" for option in flags]
        close = nearest(f"--{name}", options)
        raise BadInput(en.unknown_option(f"--{name}", spec.name, close, options))
    param = flags[name]
    if not value:
        raise BadInput(en.option_without_value(f"--{name}", param.choices))
    values[param.name] = _choice(param, value)
    return True


def _take_text(spec: CommandSpec, text: str, quoted: str | None, values: dict[str, Value]) -> None:
    for param in spec.params:
        if param.kind is Kind.NUMBER and not param.flag:
            head, _, text = _partition(text)
            if not head:
                raise BadInput(en.missing(spec.name, param.name, spec.examples[0]))
            values[param.name] = _number(head, spec)
        elif param.kind is Kind.TEXT:
            whole = text if quoted is None else quoted
            if whole.strip():
                values[param.name] = whole.strip()


def _take_words(  # noqa: C901 a word is one of these kinds, in this order
    spec: CommandSpec, words: Sequence[str], values: dict[str, Value]
) -> None:
    """Place each word with the argument it fits; order does not matter."""
    numbers: list[int] = []
    chosen: list[str] = []
    number = next((p for p in spec.params if p.kind in (Kind.NUMBER, Kind.NUMBERS)), None)
    choices = [p for p in spec.params if p.choices and not p.flag]
    for word in re.split(r"[\s,]+", " ".join(words).strip(" ,")) if words else ():
        bare = word.casefold().lstrip("/#").rstrip(".")
        if number is not None and bare.isdecimal():
            if chosen and numbers:  # "6 moved 1 deep" would give both reasons to both
                raise BadInput(en.reasons_last(spec.name))
            numbers.append(_number(bare, spec))
            continue
        if number is not None and number.kind is Kind.NUMBERS and bare in _BETWEEN:
            continue
        param = next((param for param in choices if param.choice(bare)), None)
        if param is None:
            raise BadInput(_misplaced(word, spec, choices))
        choice = param.choice(bare)
        if param.kind is Kind.CHOICES:
            chosen.append(choice)
            values[param.name] = tuple(dict.fromkeys(chosen))
        elif values.setdefault(param.name, choice) != choice:
            raise BadInput(en.one_word_only(choice, str(values[param.name]), spec.name))
    if number is None or not numbers:
        return
    if number.kind is Kind.NUMBERS:
        values[number.name] = tuple(dict.fromkeys(numbers))
    elif len(numbers) > 1:
        raise BadInput(en.one_number_only(spec.name))
    else:
        values[number.name] = numbers[0]


def _misplaced(word: str, spec: CommandSpec, choices: Sequence[Param]) -> str:
    options = [option for param in choices for option in param.choices]
    close = nearest(word, options)
    if any(param.kind is Kind.NUMBERS for param in spec.params):
        options = [en.NUMBERS, *options]
    return en.unknown_word(word, spec.name, close, options, spec.examples[0])


def _choice(param: Param, value: str) -> str:
    bare = value.casefold().strip("\"“”'")
    choice = param.choice(bare)
    if not choice:
        raise BadInput(
            en.unknown_choice(param.name, value, nearest(bare, param.choices), param.choices)
        )
    return choice


def _number(word: str, spec: CommandSpec) -> int:
    digits = word.lstrip("#")
    if not digits.isdecimal() or len(digits) > 9 or not 1 <= int(digits) <= _MAX_NUMBER:
        raise BadInput(en.not_a_number(word, spec.name, spec.examples[0]))
    return int(digits)


def _quoted_where_needed(text: str, spec: CommandSpec) -> str:
    head, _, _ = _partition(text)
    plain = (
        text[:1] not in _QUOTES
        and not (spec is MUSE and head.casefold() in BY_NAME)
        and not _FLAG.search(text)
    )
    if plain:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
