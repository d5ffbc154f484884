"""What people type, read into requests, and requests written as people type them.

One grammar for every text door: Slack's ``/muse …``, a mention, the terminal. A first word
that names a command is that command; anything else is a prompt; quotes around the whole
make it a prompt (or an entry) word for word. Options are ``--form haiku``, anywhere.
Reading raises nothing but `BadInput`, and `read(write(request)) == request`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.cards import Answer
from bot.commands import (
    BY_NAME,
    DEFAULTS,
    GROUPS,
    MUSE,
    CommandSpec,
    Kind,
    Param,
    Value,
    members_of,
    spec_of,
)
from bot.errors import BadInput
from bot.grammar_options import (
    BETWEEN,
    FLAG,
    QUOTES,
    is_code,
    is_number,
    nearest,
    number_of,
    partition,
    placed,
    take_flags,
    take_quoted,
)
from bot.requests import Request
from bot.wording import en

_MOST_LISTED = 16  # words that a refusal may list and still be read

__all__ = ["answer_to", "nearest", "pane_for", "read", "read_prompt", "read_slashed", "write"]


def read(text: str) -> Request:
    """The request that `text` asks for. Raises `BadInput`, saying how to put it right."""
    text = _readable(text)
    spec, rest = _command(text)
    return _read_as(MUSE, text) if spec is None else _read_as(spec, rest)


def read_slashed(text: str, besides: Iterable[str] = ()) -> Request:
    """As `read`, but a first word that names no command is refused with the nearest one.

    For doors where a slash already said "this is a command". `besides` are the door's own
    commands, which may be what was meant.
    """
    text = _readable(text)
    if text[:1] in QUOTES:
        return _read_as(MUSE, text)
    head, _, rest = partition(text)
    if head.casefold() == MUSE.name:
        return read(rest)
    if head.casefold() in GROUPS or head.casefold() in BY_NAME:
        return read(text)
    raise BadInput(en.unknown_command(head, nearest(head, [*BY_NAME, *GROUPS, *besides])))


def read_prompt(text: str) -> Request:
    """The text as a prompt, whatever its first word: for doors where people simply talk."""
    return _read_as(MUSE, _readable(text))


def answer_to(request: Request) -> Answer:
    """How a typed request is answered."""
    return spec_of(request).answer


def pane_for(request: Request) -> bool:
    """Whether a typed request's card is best shown in a window of its own."""
    return spec_of(request).pane


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
        elif param.kind is Kind.NAME:
            words.append(f"{value}:")
        elif param.kind is Kind.SWITCH:
            words.append(f"--{param.name}")
        elif param.kind is Kind.WORDS:
            assert isinstance(value, tuple)
            words.append(f'--{param.name} "{", ".join(str(part) for part in value)}"')
        elif param.flag:
            words.append(f"--{param.name} {value}")
        elif isinstance(value, tuple):
            words.extend(str(part) for part in value)
        else:
            words.append(str(value))
    return " ".join(words)


def _readable(text: str) -> str:
    """The text without white space around it and without halves of characters, which no
    store can hold and no screen show.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()


def _command(text: str) -> tuple[CommandSpec | None, str]:
    """The command that the first words name, if they do, and the rest."""
    head, _, rest = partition(text)
    word = head.casefold()
    group = GROUPS.get(word)
    if group is None:
        return BY_NAME.get(word), _one_name(rest) if word == "help" else rest
    second, _, after = partition(rest)
    if not second and group in DEFAULTS:
        return BY_NAME[DEFAULTS[group]], ""
    spec = BY_NAME.get(f"{group} {second.casefold()}")
    # "lore add" and "angles hide" are what people guess before they have looked it up.
    third, _, last = partition(after)
    for joined in (f"{second}-{third}", f"{second.removesuffix('s')}-{third}"):
        if split := BY_NAME.get(f"{group} {joined.casefold()}"):
            return split, last
    if spec is None:
        tails = [each.name.partition(" ")[2] for each in members_of(group)]
        raise BadInput(en.unknown_in_group(group, second, nearest(second, tails)))
    return spec, after


def _one_name(rest: str) -> str:
    """A command of two words as help knows it, by one."""
    head, _, tail = partition(rest)
    spec = BY_NAME.get(f"{GROUPS.get(head.casefold(), '')} {tail.casefold().strip()}")
    return rest if spec is None else spec.help_name


def _read_as(spec: CommandSpec, text: str) -> Request:
    values: dict[str, Value] = {}
    has_text = any(param.kind in (Kind.TEXT, Kind.PERSON) for param in spec.params)
    quoted, text = take_quoted(text, spec) if has_text else (None, text)
    text = take_flags(spec, text, values)
    if has_text:
        _take_text(spec, text, quoted, values)
    else:
        _take_words(spec, text.split(), values)
    for param in spec.params:
        if param.required and param.name not in values:
            raise BadInput(en.missing(spec.name, param.name, spec.examples[0]))
    return spec.build(values)


def _take_text(spec: CommandSpec, text: str, quoted: str | None, values: dict[str, Value]) -> None:
    for param in spec.params:
        if param.flag:
            continue
        if param.kind in (Kind.NUMBER, Kind.CHOICE, Kind.CODE, Kind.PERSON):
            head, _, text = partition(text)
            if not head:
                raise BadInput(en.missing(spec.name, param.name, spec.examples[0]))
            values[param.name] = placed(param, head, spec)
        elif param.kind is Kind.NUMBERS:
            text = _take_numbers(spec, param, text, values)
        elif param.kind is Kind.NAME:
            text = _take_name(spec, param, text, values)
        elif param.kind is Kind.TEXT:
            whole = text if quoted is None else quoted
            if whole.strip():
                values[param.name] = whole.strip()


def _take_name(spec: CommandSpec, param: Param, text: str, values: dict[str, Value]) -> str:
    """What stands before the colon; what is left of the text."""
    name, colon, rest = text.partition(":")
    if not colon:
        raise BadInput(en.missing(spec.name, param.name, spec.examples[0]))
    if name.strip():
        values[param.name] = " ".join(name.split())
    return rest


def _take_numbers(spec: CommandSpec, param: Param, text: str, values: dict[str, Value]) -> str:
    """The numbers that a text begins with, if it does; what is left of it."""
    found: list[int] = []
    while True:
        head, _, rest = partition(text.lstrip())
        bare = head.strip("#,:")
        if found and head.casefold() in BETWEEN and is_number(partition(rest)[0]):
            text = rest
        elif bare.isdecimal():
            found.append(number_of(bare, spec))
            text = rest
        else:
            break
    if found:
        values[param.name] = tuple(dict.fromkeys(found))
    return text


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
            numbers.append(number_of(bare, spec))
            continue
        if number is not None and number.kind is Kind.NUMBERS and bare in BETWEEN:
            continue
        param = next((param for param in choices if param.choice(bare)), None)
        if param is None and _take_code(spec, word, values):
            continue
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


def _take_code(spec: CommandSpec, word: str, values: dict[str, Value]) -> bool:
    """Take a word that is what Muse gave; whether it is."""
    param = next((param for param in spec.params if param.kind is Kind.CODE), None)
    if param is None or param.name in values or not is_code(word):
        return False
    values[param.name] = word
    return True


def _misplaced(word: str, spec: CommandSpec, choices: Sequence[Param]) -> str:
    options = [option for param in choices for option in param.choices]
    close = nearest(word, options)
    if any(param.kind is Kind.NUMBERS for param in spec.params):
        options = [en.NUMBERS, *options]
    listed = options if len(options) <= _MOST_LISTED else []
    return en.unknown_word(word, spec.name, close, listed, spec.examples[0])


def _quoted_where_needed(text: str, spec: CommandSpec) -> str:
    head, _, _ = partition(text)
    plain = (
        text[:1] not in QUOTES
        and not (spec is MUSE and head.casefold() in (*BY_NAME, *GROUPS))
        and not (
            any(param.kind is Kind.NUMBERS for param in spec.params)
            and (is_number(head) or head.casefold() in BETWEEN)
        )
        and not FLAG.search(text)
    )
    if plain:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
