"""All settings, as one start of Muse has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict, SecretStr

from bot.settings.groups import Group
from bot.settings.model import BudgetSettings, OpenAISettings
from bot.settings.own import LimitSettings, MuseSettings, RedisSettings
from bot.settings.platforms import DiscordSettings, SlackSettings


class Settings(BaseModel):
    """The whole tree, as one start of Muse has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    discord: DiscordSettings
    slack: SlackSettings
    openai: OpenAISettings
    redis: RedisSettings
    muse: MuseSettings
    limits: LimitSettings
    budget: BudgetSettings

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
    "budget": BudgetSettings,
}
