"""Moderation by a model: any service that speaks OpenAI's moderation.

https://platform.openai.com/docs/api-reference/moderations/create
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.writing.judging import ModerationFailed, Moderator
from bot.writing.openai_client import OpenAIService

DEFAULT_MODEL = "omni-moderation-latest"
SECONDS = 2.0  # for a verdict, whatever happens: a member waits for it, and gets 3 s at most


class OpenAIModerator(OpenAIService, Moderator):
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
        super().__init__(api_key, base_url, seconds, None, client)
        self._model = model
        self._patience = seconds

    async def objects(self, text: str) -> bool:
        """Whether the model flags `text`. Raises `ModerationFailed`, `ModerationMissing`."""
        client = self._connected()  # imported before the time runs: that may take half a second
        from bot.writing.openai_errors import RAISED, moderation_failure

        try:
            async with asyncio.timeout(self._patience):
                answer = await client.moderations.create(input=text, model=self._model)
                flags = [result.flagged for result in answer.results]
        except TimeoutError as error:
            raise ModerationFailed("The model's moderation took too long to answer.") from error
        except RAISED as error:
            raise moderation_failure(error) from error
        if len(flags) != 1 or not isinstance(flags[0], bool):
            raise ModerationFailed("The model's moderation gave an answer that can't be read.")
        return flags[0]
