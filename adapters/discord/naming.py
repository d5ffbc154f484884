"""What the registry's commands are called on Discord.

A command of Discord's holds 25 others at most, so those whose names begin alike are a group of
their own: ``muse-admin angle-add`` is ``/muse-admin angle add``. Where the beginning is a command
itself, it is ``show`` in the group: ``muse-admin lore`` is ``/muse-admin lore show``.
https://docs.discord.com/developers/interactions/application-commands#subcommands-and-subcommand-groups
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.commands import COMMANDS, CommandSpec

ITSELF = "show"  # what a command is called within the group of those whose names begin with its own


def native(spec: CommandSpec) -> bool:
    """Whether Discord has a command for it: what a button does needs none."""
    return not spec.by_button


def paths(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Where each of a group's second words stands: alone, or under what it begins with."""
    heads = Counter(name.partition("-")[0] for name in names if "-" in name)
    shared = {head for head, count in heads.items() if count > 1}
    made: dict[str, tuple[str, ...]] = {}
    for name in names:
        head, _, tail = name.partition("-")
        made[name] = (head, tail or ITSELF) if head in shared else (name,)
    return made


def _called() -> dict[str, str]:
    natives = [spec for spec in COMMANDS if native(spec)]
    called = {spec.name: spec.name for spec in natives if not spec.group}
    for group in dict.fromkeys(spec.group for spec in natives if spec.group):
        tails = [spec.name.partition(" ")[2] for spec in natives if spec.group == group]
        for tail, path in paths(tails).items():
            called[f"{group} {tail}"] = " ".join((group, *path))
    return called


#: The registry's name of each native command → what it is called on Discord.
CALLED: Mapping[str, str] = _called()
#: The inverse.
NAMED: Mapping[str, str] = {called: name for name, called in CALLED.items()}
