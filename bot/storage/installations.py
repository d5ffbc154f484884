"""Installations of Muse and the states of those under way: single keys of everyone's.

``installation:<platform>:<id>`` (string) is what is held of an installation, as JSON, encrypted;
it goes when Muse is uninstalled. ``install:state:<sha256>`` (string) is when a state ends, in
milliseconds by the injected clock, under a hash of the state; it goes when the state is used, and
an hour on in any case.

Each operation is one command on one key, safe to repeat. The encryption is Fernet's (AES-128-CBC
with HMAC-SHA-256: https://github.com/fernet/spec), by keys from the settings: the first one
encrypts, all of them decrypt, so that a new key can be put before the old.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import SetupError
from bot.models import SpaceRef
from bot.ports import Clock, Installations, InstallStates
from bot.storage import keys
from bot.storage.client import Store
from bot.storage.votes import milliseconds

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

log = logging.getLogger(__name__)

_STATE_BYTES = 24
_STATE_KEPT = 3600  # seconds after which Redis lets go of a state that nobody used


class StoredInstallations(Installations):
    """Installations in Redis, encrypted at rest."""

    def __init__(self, store: Store, locks: Sequence[str]) -> None:
        """`locks` are Fernet keys, the newest first. Raises `SetupError` where one is none."""
        self._store = store
        self._box = _box(locks)

    async def save(self, space: SpaceRef, held: Mapping[str, str]) -> None:
        """Keep what is held of an installation, in place of what was."""
        sealed = self._box.encrypt(json.dumps(dict(held)).encode()).decode()
        await self._store.call("SET", keys.installation(space), sealed)

    async def find(self, space: SpaceRef) -> Mapping[str, str] | None:
        """What is held of an installation; None where there is none, or no key opens it."""
        from cryptography.fernet import InvalidToken

        sealed = await self._store.call("GET", keys.installation(space))
        if sealed is None:
            return None
        try:
            opened = self._box.decrypt(str(sealed).encode())
        except InvalidToken:
            log.warning("what is kept of %s was encrypted with a key that is not set", space)
            return None
        held: dict[str, str] = json.loads(opened)
        return held

    async def erase(self, space: SpaceRef) -> None:
        """Keep nothing of an installation."""
        await self._store.call("DEL", keys.installation(space))


class StoredStates(InstallStates):
    """States in Redis, as hashes of themselves."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def issue(self, seconds: int) -> str:
        """A new state, good for so many seconds of the injected clock."""
        state = secrets.token_urlsafe(_STATE_BYTES)
        ends = milliseconds(self._clock.now() + timedelta(seconds=seconds))
        await self._store.call("SET", _state(state), ends, "EX", max(seconds, _STATE_KEPT))
        return state

    async def consume(self, state: str) -> bool:
        """Whether a state is good; it is used up, whatever the answer.

        Where the reply is lost the command is sent again and finds nothing: the state then
        counts as used, which is the safe way to be wrong.
        """
        ends = await self._store.call("GETDEL", _state(state))
        return ends is not None and milliseconds(self._clock.now()) < int(ends)


def new_key() -> str:
    """A key to encrypt with, for whoever sets Muse up."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


def _box(keys: Sequence[str]) -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet

    if not keys:
        raise SetupError(
            "Tokens of installations are kept encrypted: set MUSE_ENCRYPTION_KEY to a key. "
            "`muse key` makes one."
        )
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        # Not `from`: the cause's text may hold a part of the key.
        raise SetupError(
            "MUSE_ENCRYPTION_KEY is no key: it has to be 32 bytes in URL-safe base64. "
            "`muse key` makes one."
        ) from None


def _state(state: str) -> str:
    return f"install:state:{hashlib.sha256(state.encode()).hexdigest()}"
