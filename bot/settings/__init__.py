"""Every setting, in one frozen tree: the only reader of the environment and of `.env`.

Nothing is read at import. `load_settings()` reads once and gives a `Settings`, which is
handed down from there. A field's variable is its group's prefix and its name:
`SlackSettings.bot_token` is `SLACK_BOT_TOKEN`. The environment goes before `.env`, and an
empty value counts as none. `.env.example` lists them all; a test holds it to the fields.
"""

from bot.settings.groups import Group
from bot.settings.loading import load_settings, variables
from bot.settings.model import BudgetSettings, OpenAISettings
from bot.settings.own import LimitSettings, MuseSettings, RedisSettings
from bot.settings.platforms import DiscordSettings, SlackSettings
from bot.settings.tree import GROUPS, Settings

__all__ = [
    "GROUPS",
    "BudgetSettings",
    "DiscordSettings",
    "Group",
    "LimitSettings",
    "MuseSettings",
    "OpenAISettings",
    "RedisSettings",
    "Settings",
    "SlackSettings",
    "load_settings",
    "variables",
]
