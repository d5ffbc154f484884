"""A process that dies in the middle of what it does in Redis."""

from __future__ import annotations

from bot.storage.client import Arg, Reply, Script, Store


class Killed(BaseException):
    """The process is gone."""


class Dying(Store):
    """A store whose process dies at its `left`-th script, before or after Redis did it."""

    def __init__(self, store: Store, left: int, *, after: bool) -> None:
        self._through, self._left, self._after = store, left, after

    async def run(self, which: Script, keys: object = (), args: object = ()) -> Reply:
        self._left -= 1
        if self._left < 0 and not self._after:
            raise Killed
        reply = await self._through.run(which, keys, args)  # type: ignore[arg-type]
        if self._left < 0:
            raise Killed
        return reply

    async def call(self, *command: Arg) -> Reply:
        return await self._through.call(*command)
