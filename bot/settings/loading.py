"""Reading the settings: the only place that looks at the environment and at `.env`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bot import setting_rules as rules
from bot.errors import SetupError
from bot.settings.groups import Group
from bot.settings.own import MuseSettings
from bot.settings.tree import GROUPS, Settings

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def variables(group: type[Group]) -> dict[str, FieldInfo]:
    """The variables that a group reads, in order, with their fields."""
    prefix = group.model_config["env_prefix"]
    return {f"{prefix}{name}".upper(): field for name, field in group.model_fields.items()}


def load_settings(
    env_file: Path | None = Path(".env"), *, data_dir: Path | None = None
) -> Settings:
    """Read the environment and, below it, `env_file` (None: no file; it need not exist).

    `data_dir`, where given, goes before both: it is what `--data` on the command line says.
    Raises `SetupError` with one sentence a line for each thing that is wrong.
    """
    outside = {name.upper() for name, value in os.environ.items() if value}
    in_file = rules.read_env_file(env_file) if env_file else {}
    known = [variable for group in GROUPS.values() for variable in variables(group)]
    problems = list(rules.misspelt(os.environ, known, "the environment"))
    problems += rules.misspelt(in_file, known, str(env_file))

    made: dict[str, Group] = {}
    for name, group in GROUPS.items():
        fields = variables(group)
        # What is handed in goes before the environment, so only what is not there is.
        given: dict[str, Any] = {
            field: in_file[variable]
            for variable, field in zip(fields, group.model_fields, strict=True)
            if variable in in_file and variable not in outside
        }
        if group is MuseSettings and data_dir is not None:
            given["data_dir"] = data_dir
        try:
            made[name] = group(**given)
        except ValidationError as error:
            by_field = dict(zip(group.model_fields, fields.items(), strict=True))
            for problem in error.errors(include_url=False):
                variable, info = by_field[str(problem["loc"][0])]
                problems.append(rules.explain(variable, info, problem))
    if problems:
        raise SetupError("\n".join(problems))
    return Settings(**made)  # type: ignore[arg-type]  # each is its name's group, by GROUPS
