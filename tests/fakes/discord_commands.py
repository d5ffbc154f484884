"""What Discord checks of an app's commands, and how a member's typing becomes a payload. Pure.

https://docs.discord.com/developers/interactions/application-commands
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.discord_modals import CannotAct
from tests.fakes.discord_rules import Json, Refused, count, length

CHAT, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN = 1, 2, 3, 4, 5
#: Discord's expression, with Python's own classes: letters, numbers, - _ ' and two scripts
#: whose vowel signs are marks.
NAME = re.compile(r"[-\w'\u0900-\u097F\u0E00-\u0E7F]{1,32}")


def check_all(commands: Any) -> None:
    """Raise `Refused` where a set of commands, or one of them, breaks a rule."""
    if not isinstance(commands, list):
        raise Refused("command_name", "", "Expected a list.")
    kinds = Counter(each.get("type", CHAT) for each in commands)
    if kinds[CHAT] > 100:
        raise Refused("command_count")
    if kinds[USER] > 15 or kinds[MESSAGE] > 15:
        raise Refused("menu_count")
    named = Counter((each.get("type", CHAT), each.get("name")) for each in commands)
    if twice := [name for name, times in named.items() if times > 1]:
        raise Refused("command_unique", "", str(twice))
    for at, each in enumerate(commands):
        check(each, str(at))


def check(command: Json, at: str) -> None:
    """Raise `Refused` where a command breaks a rule."""
    if command.get("type", CHAT) != CHAT:
        length("menu_name", command.get("name"), 32, f"{at}.name", least=1)
        length("menu_description", command.get("description") or "", 0, f"{at}.description")
        return
    _name("command_name", command.get("name"), f"{at}.name")
    length("command_description", command.get("description"), 100, at, least=1)
    _options(command.get("options") or [], f"{at}.options")
    if (size := sum(map(len, _words(command)))) > 8000:
        raise Refused("command_size", at, f"{size} characters")


def _name(rule: str, name: Any, at: str) -> None:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise Refused(rule, at, f"{name!r}")
    if name != name.lower():
        raise Refused("command_case", at, f"{name!r}")


def _options(options: Any, at: str) -> None:
    count("command_options", options, 25, at)
    names = [each.get("name") for each in options]
    if len(names) != len(set(names)):
        raise Refused("option_unique", at)
    wanted = [bool(each.get("required")) for each in options]
    if wanted != sorted(wanted, reverse=True):
        raise Refused("option_order", at)
    for index, each in enumerate(options):
        where = f"{at}.{index}"
        _name("option_name", each.get("name"), f"{where}.name")
        length("option_description", each.get("description"), 100, where, least=1)
        check_choices(each.get("choices") or [], where, "option_choices")
        _options(each.get("options") or [], f"{where}.options")


def check_choices(choices: Any, at: str, rule: str) -> None:
    """Raise `Refused` where the choices of an option, or of an autocomplete, break a rule."""
    count(rule, choices, 25, f"{at}.choices")
    for each in choices:
        length("choice_name", each.get("name"), 100, f"{at}.choices", least=1)
        if isinstance(each.get("value"), str):
            length("choice_value", each["value"], 100, f"{at}.choices")


def _words(part: Json) -> Iterator[str]:
    """What counts towards a command's 8,000 characters: the longest localisation of each."""
    for name in ("name", "description"):
        said = [part.get(name) or "", *(part.get(f"{name}_localizations") or {}).values()]
        yield max(said, key=len)
    for each in part.get("choices") or ():
        yield each["name"]
        yield str(each["value"])
    for each in part.get("options") or ():
        yield from _words(each)


def typed(command: Json, path: list[str], given: Mapping[str, Any], focus: str = "") -> list[Json]:
    """The options of an interaction: a command's or, along `path`, a subcommand's.

    Raises `CannotAct` where Discord's client would not let a member send it.
    """
    options = {each["name"]: each for each in command.get("options") or ()}
    if path:
        if path[0] not in options:
            raise CannotAct(f"{command['name']!r} has no subcommand {path[0]!r}: {list(options)}")
        inner = options[path[0]]
        nested = typed(inner, path[1:], given, focus)
        return [{"name": path[0], "type": inner["type"], "options": nested}]
    if any(each["type"] in (SUBCOMMAND, GROUP) for each in options.values()):
        raise CannotAct(f"{command['name']!r} cannot be called without a subcommand")
    if odd := set(given) - set(options):
        raise CannotAct(f"{command['name']!r} has no options {odd}, only {list(options)}")
    if not focus:
        for name, option in options.items():
            if option.get("required") and given.get(name) is None:
                raise CannotAct(f"{command['name']!r} needs {name!r}")
    return [
        _given(options[name], value, focused=name == focus)
        for name, value in given.items()
        if value is not None
    ]


def _given(option: Json, value: Any, *, focused: bool) -> Json:
    sent: Json = {"name": option["name"], "type": option["type"], "value": value}
    if focused:
        if not option.get("autocomplete"):
            raise CannotAct(f"{option['name']!r} has no autocomplete")
        return sent | {"focused": True}
    offered = [each["value"] for each in option.get("choices") or ()]
    if offered and value not in offered:
        raise CannotAct(f"{option['name']!r} offers {offered}, not {value!r}")
    size = len(value) if isinstance(value, str) else value
    least = option.get("min_length", option.get("min_value"))
    most = option.get(
        "max_length", option.get("max_value", 6000 if isinstance(value, str) else None)
    )
    if option["type"] in (STRING, INTEGER) and (
        (least is not None and size < least) or (most is not None and size > most)
    ):
        raise CannotAct(f"{option['name']!r} must be within {least} and {most}, not {size}")
    if option["type"] not in (STRING, INTEGER, BOOLEAN, 10):
        sent["value"] = str(getattr(value, "id", value))
    return sent
