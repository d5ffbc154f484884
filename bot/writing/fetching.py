"""Fetching a picture that a service gave as an address instead of as bytes.

An address comes from outside: only the service itself is asked, and OpenAI's own store of
pictures, nothing else that this machine could reach. Nothing secret is sent along.

Imported late: httpx2 comes with the openai client.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx2

from bot.errors import WriterFailed
from bot.writing.calls import AnswerUnusable, Passing, Timeouts

#: Where OpenAI keeps the pictures of models that name them by address.
#: https://platform.openai.com/docs/api-reference/images/object
OPENAI_PICTURES = "oaidalleapiprodscus.blob.core.windows.net"
_PORTS = {"http": 80, "https": 443}


def reachable(url: str, service: str) -> str | None:
    """`url` as an absolute address, or None where it is not to be fetched.

    It must be at the scheme, host and port of `service`, the address that was configured, or
    relative to it; or at OpenAI's store, encrypted.
    """
    try:
        whole = urljoin(f"{service}/", url)
        parts = urlsplit(whole)
        own = _origin(parts) == _origin(urlsplit(service))
    except ValueError:
        return None
    stored = parts.scheme == "https" and parts.netloc == OPENAI_PICTURES
    return whole if stored or (own and parts.scheme in _PORTS) else None


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


async def fetched(url: str, service: str, most: int, timeouts: Timeouts, deadline: float) -> bytes:
    """What is at `url`, up to `most` bytes, by `deadline` (of the event loop's clock).

    Follows no redirection. Raises `WriterFailed`, and what httpx2 raises.
    """
    whole = reachable(url, service)
    if whole is None:
        raise WriterFailed("The image model's service keeps its pictures where Muse may not look.")
    limits = httpx2.Timeout(timeouts.whole, connect=timeouts.connect)
    async with (
        asyncio.timeout_at(deadline),
        httpx2.AsyncClient(timeout=limits, follow_redirects=False) as client,
        client.stream("GET", whole) as response,
    ):
        status = response.status_code
        if status != httpx2.codes.OK:
            said = f"The picture can't be fetched: its service answers with status {status}."
            raise Passing(said) if status >= 500 or status == 429 else WriterFailed(said)
        return await bounded(response.aiter_bytes(), most, timeouts.between, deadline)


async def bounded(
    parts: AsyncGenerator[bytes, None], most: int, between: float, deadline: float
) -> bytes:
    """All of `parts`, each within `between` seconds of the last and all by `deadline`.

    Raises `AnswerUnusable` where they are more than `most` bytes, `TimeoutError` where they
    are late.
    """
    loop = asyncio.get_running_loop()
    held = bytearray()
    while True:
        async with asyncio.timeout_at(min(deadline, loop.time() + between)):
            part = await anext(parts, None)
        if part is None:
            return bytes(held)
        held += part
        if len(held) > most:
            raise AnswerUnusable("The image model's service gave far too much for a picture.")
