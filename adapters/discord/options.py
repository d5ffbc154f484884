"""A native command as Discord sends it: which command of the registry, and what it asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from adapters.discord import words
from adapters.discord.naming import NAMED
from bot.commands import BY_NAME, CommandSpec, Kind, Param, Value
from bot.errors import BadInput
from bot.requests import Request

Json = Mapping[str, Any]
_SUBCOMMANDS = (1, 2)  # an option that is a subcommand, or a group of them


def called(data: Json) -> tuple[CommandSpec, Sequence[Json]]:
    """The command that was used, and its options as they came.

    Raises KeyError for a command that Discord knows from another version of Muse.
    """
    name, options = str(data["name"]), data.get("options") or ()
    while options and options[0]["type"] in _SUBCOMMANDS:
        name, options = f"{name} {options[0]['name']}", options[0].get("options") or ()
    return BY_NAME[NAMED[name]], options


def request(data: Json) -> Request:
    """What a command asks for. Raises `BadInput`; KeyError as `called`."""
    spec, options = called(data)
    return spec.build(dict(_values(spec, options)))


def focused(data: Json) -> tuple[Param, str]:
    """The argument that is being typed, and what of it. Raises KeyError, StopIteration."""
    spec, options = called(data)
    option = next(each for each in options if each.get("focused"))
    return spec.param(str(option["name"])), str(option.get("value") or "")


def _values(spec: CommandSpec, options: Sequence[Json]) -> Iterator[tuple[str, Value]]:
    params = {param.name: param for param in spec.params}
    for option in options:
        param = params.get(str(option["name"]))
        if param is not None:
            yield param.name, _value(param, option["value"])


def _value(param: Param, given: Any) -> Value:
    made = _READ.get(param.kind, _text)
    return made(param, given)


def _text(_: Param, given: Any) -> str:
    return str(given)


def _number(_: Param, given: Any) -> int:
    return int(given)


def _switch(_: Param, given: Any) -> bool:
    return bool(given)


def _numbers(_: Param, given: Any) -> tuple[int, ...]:
    text = str(given)
    found = re.findall(r"[0-9]{1,5}", text)
    if not found:
        raise BadInput(words.NOT_A_NUMBER.format(text=text[:40]))
    return tuple(dict.fromkeys(map(int, found)))


def _phrases(_: Param, given: Any) -> tuple[str, ...]:
    parts = (" ".join(part.split()) for part in re.split(r"[,;\n]", str(given)))
    return tuple(dict.fromkeys(part for part in parts if part))


def _choices(param: Param, given: Any) -> tuple[str, ...]:
    return tuple(_choice(param, word) for word in re.split(r"[\s,]+", str(given).strip()))


def _choice(param: Param, given: Any) -> str:
    word = str(given)
    choice = param.choice(word.casefold())
    if not choice:
        listed = ", ".join(param.choices)
        raise BadInput(words.NOT_A_CHOICE.format(text=word[:40], choices=listed))
    return choice


_READ: Mapping[Kind, Callable[[Param, Any], Value]] = {
    Kind.NUMBER: _number,
    Kind.SWITCH: _switch,
    Kind.NUMBERS: _numbers,
    Kind.WORDS: _phrases,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
}
