"""The model that writes, and what it may cost."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from bot.settings.groups import Group, Secret, WebAddress


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
    moderation_model: str = Field(
        default="omni-moderation-latest",
        description="The model that says which texts are harmful, where the service has one.",
    )
    image_model: str | None = Field(
        default=None,
        description="The model that paints. Without it, there are no pictures.",
        examples=["gpt-image-2.5-flare"],
    )
    image_size: str = Field(
        default="1024x1024",
        pattern=r"^(?:auto|[1-9]\d{1,3}x[1-9]\d{1,3})$",
        description="How large it paints, in pixels: 1024x1024, or auto.",
        examples=["1024x1024"],
    )
    image_quality: str | None = Field(
        default=None,
        description="How carefully it paints: what the model calls it.",
        examples=["low"],
    )


class BudgetSettings(Group):
    """What the model may cost a community in a day; then the deck answers."""

    model_config = SettingsConfigDict(env_prefix="MUSE_")

    tokens_per_day: int = Field(
        default=200_000,
        ge=0,
        description="Tokens a community may use in a day, from 0, which is as many as it likes.",
    )
    member_tokens_per_day: int = Field(
        default=40_000,
        ge=0,
        description="Tokens one member may use in a day, from 0, which is as many as they like.",
    )
    money_per_day: float | None = Field(
        default=None,
        ge=0,
        description="Money a community may use in a day, from 0, in the currency of the prices.",
        examples=["0.50"],
    )
    price_in: float | None = Field(
        default=None,
        ge=0,
        description="The model's price of a million tokens in, from 0.",
        examples=["2"],
    )
    price_cached: float | None = Field(
        default=None,
        ge=0,
        description="The price of a million that it had in its cache, from 0.",
        examples=["0.5"],
    )
    price_out: float | None = Field(
        default=None, ge=0, description="The price of a million tokens out, from 0.", examples=["8"]
    )
    currency: str = Field(default="USD", max_length=8, description="What the prices are in.")
    most_tokens: int = Field(
        default=6_000,
        ge=500,
        le=200_000,
        description="Tokens one answer may have at most, from 500 to 200000; reasoning counts.",
    )
