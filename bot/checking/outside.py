"""Asking a service one thing over HTTP, quickly, and reading whatever it answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot import __version__
from bot.errors import OutsideError

SECONDS = 8.0  # that one answer may take
_LONGEST = 512 * 1024  # bytes of it that are read


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: its status, its headers, and its body where that was a JSON object, or
    `listed`, where that was a list of them.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    listed: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)


class Unreached(OutsideError):
    """No answer came."""


async def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    agent: str = f"muse/{__version__}",
) -> Said:
    """Ask `url`, and nothing that it points to: what is sent must not go elsewhere.

    Raises `Unreached`.
    """
    sent = {"User-Agent": agent, **(headers or {})}
    wait = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=wait) as session,
            session.request(method, url, headers=sent, data=form, allow_redirects=False) as answer,
        ):
            raw = bytearray()
            async for part in answer.content.iter_chunked(65_536):
                raw += part
                if len(raw) > _LONGEST:
                    break
            return Said(answer.status, dict(answer.headers), *_read(bytes(raw)))
    except TimeoutError as error:
        raise Unreached(f"No answer within {SECONDS:g} s.") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise Unreached(f"It can’t be reached ({_why(error)}).") from error


def _why(error: Exception) -> str:
    """The kind of trouble in words; the error's own text may quote an address with a password."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "no such host"
        case aiohttp.ClientConnectorCertificateError():
            return "its certificate is not valid"
        case aiohttp.ClientSSLError():
            return "no secure connection"
        case aiohttp.ClientConnectorError():
            return "no connection"
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return "the address can’t be read"
    return "the connection broke"


def _read(raw: bytes) -> tuple[Mapping[str, Any], tuple[Mapping[str, Any], ...]]:
    """The object that it is, or the objects that are listed in it."""
    try:
        held = json.loads(raw)
    except (ValueError, RecursionError):
        return {}, ()
    if isinstance(held, list):
        return {}, tuple(each for each in held if isinstance(each, dict))
    return (held if isinstance(held, dict) else {}), ()
