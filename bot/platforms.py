"""The platforms that Muse speaks to, made where the settings have a token for them. Late."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.errors import SetupError
from bot.settings import Settings

if TYPE_CHECKING:
    from adapters.discord.platform import DiscordPlatform
    from adapters.slack.options import SlackOptions
    from adapters.slack.platform import SlackPlatform
    from bot.ports import Clock, Meter
    from bot.storage.client import Store


def discord_platform(
    settings: Settings, store: Store, meter: Meter | None = None
) -> DiscordPlatform | None:
    """Discord, where there is a token. Nothing connects yet; discord.py is imported here.

    Raises `SetupError` where the shards don't fit together.
    """
    discord = settings.discord
    if discord.token is None:
        return None
    _check_shards(discord.shard_ids, discord.shard_count)
    from adapters.discord.platform import DiscordOptions, DiscordPlatform
    from bot.storage.installed import Installed

    options = DiscordOptions(
        token=discord.token.get_secret_value(),
        dev_guild=discord.dev_guild,
        api_url=discord.api_url,
        gateway_url=discord.gateway_url,
        shard_ids=discord.shard_ids,
        shard_count=discord.shard_count,
    )
    return DiscordPlatform(options, Installed(store), meter)


def _check_shards(ids: tuple[int, ...] | None, count: int | None) -> None:
    if ids is None:
        return
    if count is None:
        raise SetupError(
            "DISCORD_SHARD_IDS says which shards are this process’s: "
            "set DISCORD_SHARD_COUNT too, to how many there are."
        )
    if beyond := [each for each in ids if each >= count]:
        raise SetupError(
            f"DISCORD_SHARD_IDS has {beyond[0]}, but with DISCORD_SHARD_COUNT={count} "
            f"they go from 0 to {count - 1}."
        )


async def discord_invitation(settings: Settings) -> str:
    """The address that adds Muse to a Discord server. Raises `SetupError`, `StageFailed`."""
    discord = settings.discord
    if discord.token is None:
        raise SetupError(
            "DISCORD_TOKEN is not set: the invitation is for the application it belongs to. "
            "docs/discord.md says where to get it."
        )
    from adapters.discord.invite import invitation

    return await invitation(discord.token.get_secret_value(), discord.api_url)


def slack_platform(
    settings: Settings, store: Store, clock: Clock, meter: Meter | None = None
) -> SlackPlatform | None:
    """Slack, where there is a bot token or a client to install it with. Nothing connects yet;
    slack_bolt is imported here. Raises `SetupError` where a setting that it needs is missing.
    """
    options = slack_options(settings)
    if options is None:
        return None
    from adapters.slack.platform import SlackPlatform
    from bot.storage.installations import StoredInstallations, StoredStates

    if not options.many:
        return SlackPlatform(options, clock, meter=meter)
    kept = settings.muse.encryption_key
    keys = kept.get_secret_value().split(",") if kept else []
    return SlackPlatform(
        options, clock, StoredInstallations(store, keys), StoredStates(store, clock), meter
    )


def slack_options(settings: Settings) -> SlackOptions | None:
    """What the settings say of Slack; None where Muse doesn't play there."""
    slack = settings.slack
    if slack.bot_token is None and (slack.client_id is None or slack.client_secret is None):
        return None
    return _slack_options(settings)


def slack_manifest(settings: Settings) -> tuple[str, str]:
    """Slack's app manifest for these settings as JSON, and what it is for in a sentence.

    Needs no token: an app comes before its tokens. Raises `SetupError` where the settings are
    at odds.
    """
    from adapters.slack.manifest import manifest, purpose

    options = _slack_options(settings)
    return json.dumps(manifest(options), indent=2, ensure_ascii=False), purpose(options)


def _slack_options(settings: Settings) -> SlackOptions:
    slack = settings.slack
    from adapters.slack.options import SlackOptions

    def secret(held: SecretStr | None) -> str | None:
        return held.get_secret_value() if held else None

    return SlackOptions(
        bot_token=secret(slack.bot_token),
        app_token=secret(slack.app_token),
        signing_secret=secret(slack.signing_secret),
        client_id=slack.client_id,
        client_secret=secret(slack.client_secret),
        command=slack.command,
        public_url=settings.muse.public_url,
        api_url=slack.api_url,
        authorize_url=slack.authorize_url,
        token_rotation=slack.token_rotation,
    )
