"""The platforms that Muse plays on."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode, SettingsConfigDict

from bot import setting_rules as rules
from bot.settings.groups import Group, Secret, WebAddress


class DiscordSettings(Group):
    """Discord: Muse plays there when there is a token."""

    model_config = SettingsConfigDict(env_prefix="DISCORD_")

    token: Secret | None = Field(
        default=None,
        description="The bot's token, from the developer portal, page Bot.",
        examples=["MTIz.abc.defghi"],
    )
    dev_guild: int | None = Field(
        default=None,
        description="A server of yours in which commands appear at once, to try them out: its id.",
        examples=["123456789012345678"],
    )
    shard_ids: Annotated[tuple[int, ...] | None, NoDecode, BeforeValidator(rules.numbers)] = Field(
        default=None,
        description="The shards this process serves, where several share the work.",
        examples=["0,1"],
    )
    shard_count: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="How many shards there are, from 1 to 100000. Without it, Discord is asked.",
        examples=["4"],
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
    command: Annotated[str, AfterValidator(rules.slash_command)] = Field(
        default="/muse",
        description="The slash command that Muse answers to, as in the app's manifest.",
        examples=["/muse"],
    )
    token_rotation: bool = Field(
        default=False,
        description="Whether the app has token rotation switched on: tokens then end after 12 h.",
        examples=["false"],
    )
    authorize_url: WebAddress | None = Field(
        default=None,
        repr=False,
        description="Another address for the page on which Slack asks for consent.",
        examples=["http://localhost:8082/oauth/v2/authorize"],
    )
    api_url: WebAddress | None = Field(
        default=None,
        repr=False,
        description="Another address for Slack's API: a proxy, or a test server.",
        examples=["http://localhost:8082/api"],
    )
