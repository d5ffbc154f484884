"""Moderation by a model: any service that speaks OpenAI's moderation.

https://platform.openai.com/docs/api-reference/moderations/create

The client is imported with the first text, as in `openai_writer`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.writing.judging import ModerationFailed, Moderator
from bot.writing.openai_writer import OPENAI

if TYPE_CHECKING:
    from openai import AsyncOpenAI

DEFAULT_MODEL = "omni-moderation-latest"
SECONDS = 2.0  # for a verdict, whatever happens: a member waits for it, and gets 3 s at most


class OpenAIModerator(Moderator):
    """Asks the service's moderation. Safe to share; `close` it, or use it in `async with`.

    Reads no environment of its own. `api_key` and `base_url` as given; `client` goes to
    `AsyncOpenAI` as it is.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        model: str = DEFAULT_MODEL,
        seconds: float = SECONDS,
        client: Mapping[str, Any] | None = None,
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url or OPENAI
        self._model = model
        self._seconds = seconds
        self._options = dict(client or {})
        self._client: AsyncOpenAI | None = None

    async def __aenter__(self) -> OpenAIModerator:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections. A text after this opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def objects(self, text: str) -> bool:
        """Whether the model flags `text`. Raises `ModerationFailed`, `ModerationMissing`."""
        client = self._connected()  # imported before the time runs: that may take half a second
        from bot.writing.openai_errors import RAISED, moderation_failure

        try:
            async with asyncio.timeout(self._seconds):
                answer = await client.moderations.create(input=text, model=self._model)
                flags = [result.flagged for result in answer.results]
        except TimeoutError as error:
            raise ModerationFailed("The model's moderation took too long to answer.") from error
        except RAISED as error:
            raise moderation_failure(error) from error
        if len(flags) != 1 or not isinstance(flags[0], bool):
            raise ModerationFailed("The model's moderation gave an answer that can't be read.")
        return flags[0]

    def _connected(self) -> AsyncOpenAI:
        if self._client is None:
            from openai import AsyncOpenAI

            # What is given here, if only as "", the client does not look up in the environment.
            options: dict[str, Any] = {
                "api_key": self._api_key or "none",  # a server of one's own asks for no key
                "admin_api_key": "",
                "webhook_secret": "",
                "base_url": self._base_url,
                "max_retries": 0,
                "timeout": self._seconds,
            }
            self._client = AsyncOpenAI(**(options | self._options))
            for name in ("organization", "project"):
                setattr(self._client, name, self._options.get(name))
        return self._client
