"""Every setting, in one frozen tree: the only reader of the environment and of `.env`.

Nothing is read at import. `load_settings()` reads once and gives a `Settings`, which is
handed down from there. A field's variable is its group's prefix and its name:
`SlackSettings.bot_token` is `SLACK_BOT_TOKEN`. The environment goes before `.env`, and an
empty value counts as none. `.env.example` lists them all; a test holds it to the fields.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import unquote

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import setting_rules as rules
from bot.errors import SetupError

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

Tallies = Literal["vote", "always", "close"]
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["text", "json"]

Secret = Annotated[SecretStr, AfterValidator(rules.one_word)]
WebAddress = Annotated[str, AfterValidator(rules.web_address)]
Folder = Annotated[Path, AfterValidator(Path.expanduser)]


# --- The tree.


class Group(BaseSettings):
    """Settings that belong together. Frozen; made by `load_settings()`."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",  # of what code hands in; other variables are not looked at
        env_ignore_empty=True,
        hide_input_in_errors=True,  # an input may be a secret
    )


class DiscordSettings(Group):
    """Discord: Muse plays there when there is a token."""

    model_config = SettingsConfigDict(env_prefix="DISCORD_")

    token: Secret | None = Field(
        default=None,
        description="The bot's token, from the developer portal, page Bot.",
        examples=["MTIz.abc.defghi"],
    )
    api_url: WebAddress | None = Field(
        default=None,
        repr=False,
        description="Another address for Discord's API: a proxy, or a test server.",
        examples=["http://localhost:8081/api/v10"],
    )
    gateway_url: Annotated[str, AfterValidator(rules.socket_address)] | None = Field(
        default=None,
        repr=False,
        description="Another address for Discord's gateway. Without it, Discord is asked for one.",
        examples=["ws://localhost:8081/gateway"],
    )


class SlackSettings(Group):
    """Slack: Muse plays there when there is a bot token, or a client to install it with."""

    model_config = SettingsConfigDict(env_prefix="SLACK_")

    bot_token: Annotated[SecretStr, AfterValidator(rules.bot_token)] | None = Field(
        default=None,
        description="The bot token of your one workspace, page OAuth & Permissions.",
        examples=["xoxb-123-456-abcdef"],
    )
    app_token: Annotated[SecretStr, AfterValidator(rules.app_token)] | None = Field(
        default=None,
        description="The app-level token for Socket Mode: no public address is needed with it.",
        examples=["xapp-1-A01-234-abcdef"],
    )
    signing_secret: Secret | None = Field(
        default=None,
        description="Proves that a web request is Slack's. Needed without Socket Mode.",
        examples=["0123456789abcdef"],
    )
    client_id: str | None = Field(
        default=None,
        description="With the secret below, lets more than one workspace install Muse.",
        examples=["1234.5678"],
    )
    client_secret: Secret | None = Field(
        default=None,
        description="Goes with the client id above.",
        examples=["0123456789abcdef"],
    )
    api_url: WebAddress | None = Field(
        default=None,
        repr=False,
        description="Another address for Slack's API: a proxy, or a test server.",
        examples=["http://localhost:8082/api"],
    )


class OpenAISettings(Group):
    """The model that writes. Without a key or an address, Muse's own deck writes."""

    model_config = SettingsConfigDict(env_prefix="OPENAI_")

    api_key: Secret | None = Field(
        default=None,
        description="The key of the service that runs the model.",
        examples=["sk-abcdef"],
    )
    base_url: WebAddress | None = Field(
        default=None,
        repr=False,
        description="Another service that speaks the same API, also a model of your own.",
        examples=["http://localhost:11434/v1"],
    )
    model: str | None = Field(
        default=None,
        description="The model's name. Without it, Muse picks one.",
        examples=["llama3.2"],
    )
    temperature: float | None = Field(
        default=None,
        ge=0,
        le=2,
        description="How freely it writes, from 0 to 2. Some models refuse to be told.",
        examples=["1.0"],
    )
    top_p: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="The share of likely words it draws from, from 0 to 1; better left alone.",
        examples=["0.95"],
    )
    reasoning_effort: str | None = Field(
        default=None,
        description="How long a reasoning model thinks first: what the model calls it.",
        examples=["low"],
    )
    seconds: float = Field(
        default=120,
        ge=10,
        le=600,
        description="How long one round may keep it, from 10 to 600 seconds; then the deck writes.",
    )


class RedisSettings(Group):
    """Where everything is kept."""

    model_config = SettingsConfigDict(env_prefix="REDIS_")

    url: Annotated[SecretStr, AfterValidator(rules.redis_url)] | None = Field(
        default=None,
        description="A Redis or Valkey of your own, 6.2 or newer. Without it, Muse runs one.",
        examples=["redis://:password@localhost:6379/0"],
    )


class MuseSettings(Group):
    """Muse itself: its folder, its web address, its log, its clock."""

    model_config = SettingsConfigDict(env_prefix="MUSE_")

    data_dir: Folder = Field(
        default=Path("data"),
        description="The folder of the Redis server that Muse runs itself.",
        examples=["/var/lib/muse"],
    )
    redis_server: Folder | None = Field(
        default=None,
        description="The program to run as that server. Without it, Muse looks for one.",
        examples=["/usr/bin/redis-server"],
    )
    http_host: str = Field(
        default="127.0.0.1",
        description="The address that Muse's own web server listens on; 0.0.0.0 is all of them.",
        examples=["192.168.0.10"],
    )
    http_port: int = Field(
        default=8080,
        ge=0,
        le=65535,
        description="Its port, from 0 (any free one) to 65535.",
        examples=["8080"],
    )
    public_url: WebAddress | None = Field(
        default=None,
        repr=False,
        description="Where the world reaches that web server. Slack sends its events there.",
        examples=["https://muse.example.org"],
    )
    log_level: Annotated[LogLevel, BeforeValidator(rules.lower)] = Field(
        default="info",
        description="How much the log tells: debug, info, warning or error.",
        examples=["info"],
    )
    log_format: Annotated[LogFormat, BeforeValidator(rules.lower)] = Field(
        default="text",
        description="How the log is written: text, or json (one object a line).",
        examples=["json"],
    )
    timezone: Annotated[str, AfterValidator(rules.zone)] = Field(
        default="UTC",
        description="The time zone that a new community starts with.",
        examples=["Europe/Vienna"],
    )
    clock_file: Folder | None = Field(
        default=None,
        description="A file with the seconds by which Muse's clock is ahead, for rehearsals.",
        examples=["clock.txt"],
    )


class LimitSettings(Group):
    """How much of everything. Each has bounds that the platforms or the memory set."""

    model_config = SettingsConfigDict(env_prefix="MUSE_")

    entries_per_round: int = Field(
        default=4, ge=1, le=6, description="How many answers Muse gives to a prompt, from 1 to 6."
    )
    max_entries: int = Field(
        default=40,
        ge=10,
        le=60,
        description="How many entries a round may hold in all, from 10 to 60.",
    )
    entries_per_member: int = Field(
        default=5,
        ge=1,
        le=60,
        description="How many entries one member may put into a round, from 1 to 60.",
    )
    max_prompt_chars: int = Field(
        default=500,
        ge=20,
        le=2000,
        description="How long a prompt may be, from 20 to 2000 characters.",
    )
    max_entry_chars: int = Field(
        default=1000,
        ge=50,
        le=2000,
        description="How long an entry may be, from 50 to 2000 characters.",
    )
    round_hours: int = Field(
        default=24,
        ge=1,
        le=168,
        description="How many hours a round stays open, from 1 to 168 (a week).",
    )
    keep_days: int = Field(
        default=90, ge=8, le=3650, description="How many days a round is kept, from 8 to 3650."
    )
    page_size: int = Field(
        default=10, ge=3, le=25, description="How many lines a page of a board has, from 3 to 25."
    )
    tallies: Annotated[Tallies, BeforeValidator(rules.lower)] = Field(
        default="vote",
        description="Who sees a round's votes: vote (who has voted), always, or close (its end).",
    )


class Settings(BaseModel):
    """The whole tree, as one start of Muse has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    discord: DiscordSettings
    slack: SlackSettings
    openai: OpenAISettings
    redis: RedisSettings
    muse: MuseSettings
    limits: LimitSettings

    def secrets(self) -> tuple[str, ...]:
        """Every value that no log may show, the passwords within addresses among them."""
        found: list[str] = []
        for name in type(self).model_fields:
            group = getattr(self, name)
            for field in type(group).model_fields:
                value = getattr(group, field)
                text = value.get_secret_value() if isinstance(value, SecretStr) else value
                if isinstance(value, SecretStr):
                    found.append(text)
                # Not urlsplit: an address of several hosts has no one host or port.
                if isinstance(text, str) and (held := re.search(r"://[^/@]*?:([^/]*)@", text)):
                    found += [held[1], unquote(held[1])]
                if isinstance(text, str):
                    for secret in re.findall(r"[?&]\w*password=([^&#]+)", text):
                        found += [secret, unquote(secret)]
        return tuple(dict.fromkeys(filter(None, found)))


#: The groups by their names in `Settings`, in the order of `.env.example`.
GROUPS: Mapping[str, type[Group]] = {
    "discord": DiscordSettings,
    "slack": SlackSettings,
    "openai": OpenAISettings,
    "redis": RedisSettings,
    "muse": MuseSettings,
    "limits": LimitSettings,
}


# --- Reading.


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
