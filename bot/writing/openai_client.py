"""The client of a service that speaks OpenAI's API, made at its first use.

It takes half a second and 50 MB to import: that happens with the first call.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from ssl import SSLContext

    from openai import AsyncOpenAI

OPENAI = "https://api.openai.com/v1"


@lru_cache(1)
def _trusted() -> SSLContext:
    """Whose certificates are believed. To read them holds up everything for a twentieth of a
    second, and every client would by itself.
    """
    from httpx2 import create_ssl_context

    return create_ssl_context()


class OpenAIService:
    """What calls such a service. `close` it, or use it in `async with`; a call after that
    connects anew.

    Reads no environment of its own. `api_key` and `base_url` as given; `seconds` for a call as a
    whole and `connect` of them for its beginning, where the caller does not see to that itself;
    `options` go to `AsyncOpenAI` as they are (`http_client`, `default_headers`, …).
    """

    def __init__(
        self,
        api_key: str | None,
        base_url: str | None,
        seconds: float,
        connect: float | None,
        options: Mapping[str, Any] | None,
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url or OPENAI
        self._seconds = (seconds, connect)
        self._options = dict(options or {})
        self._client: AsyncOpenAI | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _connected(self) -> AsyncOpenAI:
        if self._client is None:
            from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

            whole, connect = self._seconds
            # What is given here, if only as "", the client does not look up in the environment.
            # It never retries by itself: that would not count into the caller's time.
            options: dict[str, Any] = {
                "api_key": self._api_key or "none",  # a server of one's own asks for no key
                "admin_api_key": "",
                "webhook_secret": "",
                "base_url": self._base_url,
                "max_retries": 0,
                "timeout": Timeout(whole, connect=whole if connect is None else connect),
            }
            if "http_client" not in self._options:
                options["http_client"] = DefaultAsyncHttpxClient(verify=_trusted())
            self._client = AsyncOpenAI(**(options | self._options))
            for name in ("organization", "project"):
                setattr(self._client, name, self._options.get(name))
        return self._client
