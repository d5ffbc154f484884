"""What every group of settings is, and the kinds of value they share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import setting_rules as rules

Tallies = Literal["vote", "always", "close"]
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["text", "json"]
Moderated = Literal["auto", "on", "off"]

Secret = Annotated[SecretStr, AfterValidator(rules.one_word)]
WebAddress = Annotated[str, AfterValidator(rules.web_address)]
Folder = Annotated[Path, AfterValidator(Path.expanduser)]


class Group(BaseSettings):
    """Settings that belong together. Frozen; made by `load_settings()`."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",  # of what code hands in; other variables are not looked at
        env_ignore_empty=True,
        hide_input_in_errors=True,  # an input may be a secret
    )
