"""Muse itself: where everything is kept, its address, its log, and how much of everything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from bot import setting_rules as rules
from bot.settings.groups import (
    Folder,
    Group,
    LogFormat,
    LogLevel,
    Moderated,
    Secret,
    Tallies,
    WebAddress,
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
    encryption_key: Secret | None = Field(
        default=None,
        description="Encrypts the tokens of Slack workspaces that install Muse by themselves: "
        "`muse key` makes one. A new one goes before the old, with a comma.",
        examples=["bXVzZS1tdXNlLW11c2UtbXVzZS1tdXNlLW11c2UhISE="],
    )
    log_level: Annotated[LogLevel, BeforeValidator(rules.lower)] = Field(
        default="info",
        description="How much the log tells: debug, info, warning or error. The terminal tells "
        "warnings where it is not set.",
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
    moderation: Annotated[Moderated, BeforeValidator(rules.lower)] = Field(
        default="auto",
        description="Who checks texts besides a word list: auto (the service, if it can), on, off.",
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
    challenge_min_chars: int = Field(
        default=20,
        ge=1,
        le=200,
        description="How short an entry of a challenge may be, from 1 to 200 characters.",
    )
    challenge_max_chars: int = Field(
        default=600,
        ge=200,
        le=1000,
        description="How long an entry of a challenge may be, from 200 to 1000 characters.",
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
    votes_at_once: int = Field(
        default=64,
        ge=1,
        le=1000,
        description="How many votes a process serves at once, from 1 to 1000.",
    )
    commands_at_once: int = Field(
        default=8,
        ge=1,
        le=1000,
        description="How many other commands a process serves at once, from 1 to 1000.",
    )
    commands_beside_votes: int = Field(
        default=1,
        ge=1,
        le=1000,
        description="How many of those while people vote, from 1 to 1000.",
    )
    turn_ms: int = Field(
        default=8,
        ge=1,
        le=1000,
        description="Milliseconds, from 1 to 1000, after which the next begins beside one in hand.",
    )
    commands_waiting: int = Field(
        default=5000,
        ge=10,
        le=100_000,
        description="How many votes, and others, may wait to be served, from 10 to 100000.",
    )
    waiting_per_member: int = Field(
        default=50,
        ge=2,
        le=1000,
        description="How many commands of one member may wait, from 2 to 1000.",
    )
    newcomer_days: int = Field(
        default=7,
        ge=0,
        le=365,
        description="Days, from 0 to 365, in which who is new waits behind others in a crowd.",
    )
