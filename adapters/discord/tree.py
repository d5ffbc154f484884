"""Discord's commands, made from the registry: what is registered, and a hash of it.

The tree is data and not a `discord.app_commands.CommandTree`: every call is served by one
dispatcher, so that nothing but names, arguments and descriptions is needed.
https://docs.discord.com/developers/interactions/application-commands
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import discord

from adapters.discord import limits, words
from adapters.discord.naming import CALLED, native
from adapters.discord.text import shortened
from bot.commands import COMMANDS, ORGANISERS, CommandSpec, Kind, Param

Json = dict[str, Any]
Localised = Mapping[str, Mapping[str, str]]
"""Other languages' words: an English name or line → Discord's locale → what it is there."""

GROUP_LINE = "What organisers of this server can do"
CHALLENGE_LINE = "The weekly challenge: people and AI, blind, judged by everyone here"
GROUP_LINES = "What organisers can do: {name}"
_CHAT, _MESSAGE = 1, 3  # kinds of command
_SUBCOMMAND, _GROUP, _STRING, _INTEGER, _BOOLEAN, _USER = 1, 2, 3, 4, 5, 6  # kinds of option
_GUILD, _BOT_DM = 0, 1  # where a command can be used
_INSTALLED_IN_GUILD = 0
_LARGEST = 10_000
_KINDS = {
    Kind.NUMBER: _INTEGER,
    Kind.SWITCH: _BOOLEAN,
    Kind.PERSON: _USER,
}


def commands(localised: Localised | None = None) -> list[Json]:
    """Every command to be registered, in the registry's order."""
    natives = [spec for spec in COMMANDS if native(spec)]
    made = [_command(spec, localised or {}) for spec in natives if not spec.group]
    for group in dict.fromkeys(spec.group for spec in natives if spec.group):
        specs = [spec for spec in natives if spec.group == group]
        made.append(_group(group, specs, localised or {}))
    return [*made, _menu(words.ON_THIS, localised or {}), _menu(words.REMIX, localised or {})]


def command_hash(tree: Sequence[Json]) -> str:
    """What changes exactly when the commands do."""
    text = json.dumps(tree, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def completed(param: Param) -> bool:
    """Whether what is typed into an argument is completed as it is typed."""
    return param.kind is Kind.CHOICES or (
        param.kind is Kind.CHOICE and len(param.choices) > limits.OPTION_CHOICES
    )


def completions(param: Param, typed: str) -> list[str]:
    """What an argument may go on as, given what is typed: the nearest words, some of them."""
    before, separator, last = "", "", typed.strip().casefold()
    if param.kind is Kind.CHOICES:
        *earlier, last = typed.casefold().replace(",", " ").split(" ") or [""]
        before, separator = " ".join(word for word in earlier if word in param.choices), " "
    found = [word for word in param.choices if word.startswith(last)]
    found += [word for word in param.choices if last and last in word and word not in found]
    offered = [f"{before}{separator}{word}".strip() for word in found if word not in before.split()]
    return [word for word in offered if len(word) <= limits.CHOICE_NAME][: limits.OPTION_CHOICES]


def _command(spec: CommandSpec, localised: Localised) -> Json:
    return {
        "type": _CHAT,
        **_named(spec.name, spec.line, localised),
        "options": _options(spec, localised),
        **_places(),
    }


def _group(group: str, specs: Sequence[CommandSpec], localised: Localised) -> Json:
    """Commands that share their first word. Members don't see the organisers', unless a
    server's rules say so.
    """
    subcommands: dict[str, Json] = {}
    for spec in specs:
        _, *path = CALLED[spec.name].split(" ")
        command = {
            "type": _SUBCOMMAND,
            **_named(path[-1], spec.line, localised),
            "options": _options(spec, localised),
        }
        if len(path) == 1:
            subcommands[path[0]] = command
            continue
        line = GROUP_LINES.format(name=path[0])
        empty: Json = {"type": _GROUP, **_named(path[0], line, localised), "options": []}
        subcommands.setdefault(path[0], empty)["options"].append(command)
    ours = group == ORGANISERS
    made = {
        "type": _CHAT,
        **_named(group, GROUP_LINE if ours else CHALLENGE_LINE, localised),
        "options": list(subcommands.values()),
        **_places(),
    }
    if ours:
        # A number: so Discord's OpenAPI file wants it, and discord.py sends it. What comes back is
        # text, as every set of permissions is.
        made["default_member_permissions"] = discord.Permissions(manage_guild=True).value
    return made


def _menu(name: str, localised: Localised) -> Json:
    """A command in a message's menu."""
    made: Json = {"type": _MESSAGE, "name": name, **_places()}
    if others := localised.get(name):
        made["name_localizations"] = dict(others)
    return made


def _places() -> Json:
    """In servers and in private with Muse, not between others."""
    return {"contexts": [_GUILD, _BOT_DM], "integration_types": [_INSTALLED_IN_GUILD]}


def _options(spec: CommandSpec, localised: Localised) -> list[Json]:
    """The arguments; Discord wants those first that must be given."""
    ordered = sorted(spec.params, key=lambda param: not param.required)
    return [_option(param, localised) for param in ordered]


def _option(param: Param, localised: Localised) -> Json:
    kind = _KINDS.get(param.kind, _STRING)
    made: Json = {
        "type": kind,
        **_named(param.name, param.line, localised),
        "required": param.required,
    }
    if kind == _INTEGER:
        made |= {"min_value": 1, "max_value": _LARGEST}
    if completed(param):
        made["autocomplete"] = True
    elif param.kind is Kind.CHOICE and param.choices:
        made["choices"] = [{"name": word, "value": word} for word in param.choices]
    elif kind == _STRING:
        made["max_length"] = limits.STRING_OPTION
    return made


def _named(name: str, line: str, localised: Localised) -> Json:
    made: Json = {"name": name, "description": shortened(line, limits.COMMAND_DESCRIPTION)}
    for key, text in (("name_localizations", name), ("description_localizations", line)):
        if others := localised.get(text):
            made[key] = dict(others)
    return made
