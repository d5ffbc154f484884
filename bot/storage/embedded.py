"""The Redis server that Muse runs itself where no other is named.

A child on a unix socket, without TCP, its data safe on disk before it acknowledges a
write. It is started again when it dies; `guard` sees to it that it never outlives Muse.

This module speaks the few words of Redis's protocol that it needs itself: the terminal
spawns the server before it imports the client.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from bot.errors import NotYet, SetupError
from bot.storage.engine import claim_folder, explain_log, find_engine
from bot.storage.folder import DataFolder
from bot.storage.guard import Guard, kill_group

log = logging.getLogger(__name__)

#: Seconds between two looks whether the server answers, at first and in the long run.
_POLL, _SLOW_POLL = 0.001, 0.01
#: Seconds without any sign of life after which a start has failed. Loading is a sign.
_PATIENCE = 30.0
#: Seconds a server gets to end by itself: a leaked one by its guard, any one when asked.
_GUARD_TIME, _END_TIME = 3.0, 5.0
#: A server that lived shorter than this, in seconds, is started again after a pause.
_SHORT_LIFE = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


class EmbeddedServer:
    """A Redis server of Muse's own in `data_dir`, alive from `start` to `stop`.

    `binary` is the server to run; without it, `engine.find_engine` picks one. Where time
    matters, call `spawn` early and await `ready` later; together they are `start`.
    """

    def __init__(self, data_dir: Path, binary: Path | None = None) -> None:
        self._folder = DataFolder(data_dir)
        self._binary = binary
        self._guard = Guard()
        self._process: subprocess.Popen[bytes] | None = None
        self._ended: asyncio.Future[int] | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._log_start = 0
        self._claimed = False

    @property
    def socket(self) -> Path:
        """The unix socket it answers on, known once spawned and the same until `stop`."""
        return self._folder.socket

    @property
    def url(self) -> str:
        """The same as a client's URL, `unix:///…`."""
        return f"unix://{quote(str(self.socket))}"

    @property
    def pid(self) -> int | None:
        """The server's process id; None while there is none."""
        return self._process.pid if self._process else None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start it and wait until it answers. Raises `SetupError` as `spawn`, `ready` do."""
        await self.ready()

    def spawn(self) -> None:
        """Take the folder and launch the server, without waiting for it; once is enough.

        Raises `SetupError` where the folder is in use or can't be used, where there is no
        server to run, or where it is too old for the data.
        """
        if self._claimed:
            return
        self._folder.claim()
        self._claimed = True
        try:
            self._launch()  # False where an old server is alive: `ready` sees to it
        except BaseException:
            self._release()
            raise

    async def ready(self) -> None:
        """Wait until the spawned server answers, and keep it alive from then on.

        A server that an earlier Muse left behind is ended first. Raises `SetupError` with
        the reason that the server's log gives, and leaves nothing running.
        """
        if self._supervisor is not None:
            return
        self.spawn()
        try:
            if self._process is None:
                await self._take_over()
            await self._answering()
        except BaseException:
            await self.stop()
            raise
        self._supervisor = asyncio.create_task(self._supervise(), name="embedded redis")

    async def stop(self) -> None:
        """End the server and give the folder back. May be called at any time, and again."""
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.wait([self._supervisor])
            self._supervisor = None
        if self._process is not None:
            await self._end(self._process)
            self._process = self._ended = None
        self._release()

    def _launch(self) -> bool:
        """Run the server; False, and nothing run, where one is alive in the folder."""
        folder = self._folder
        lock = output = None
        try:
            lock = folder.server_lock()
            if lock is None:
                return False
            engine = find_engine(self._binary)
            claim_folder(folder.path, engine)
            output, self._log_start = folder.open_log()
            self._process = self._guard.launch(
                _command(engine.path, folder),
                folder=folder.path,
                socket=folder.socket,
                lock=lock,
                output=output,
            )
        except OSError as error:
            raise folder.unusable(error) from error
        finally:
            for handle in (lock, output):
                if handle is not None:
                    os.close(handle)
        self._ended = None
        return True

    async def _answering(self) -> None:
        """Wait until the server answers; `SetupError` where it ends or falls silent first."""
        ended, loop = self._watch(), asyncio.get_running_loop()
        begun = heard = loop.time()
        loading = False
        while not ended.done():
            reply = await _ask(self.socket, "PING")
            now = loop.time()
            if reply.startswith(b"+PONG"):
                return
            if reply:
                heard = now
            elif now - heard > _PATIENCE:
                raise NotYet(
                    f"The Redis server in {self._folder.path} did not answer for "
                    f"{_PATIENCE:.0f} seconds. Its log is {self._folder.log}."
                )
            if not loading and now - begun > 2:
                loading = True
                log.info("The Redis server is still loading %s.", self._folder.path)
            await asyncio.sleep(_POLL if now - begun < 0.5 else _SLOW_POLL)
        reason = explain_log(self._folder.logged_since(self._log_start), self._folder.path)
        raise SetupError(
            f"The Redis server did not start in {self._folder.path} ({_how(ended.result())}): "
            f"{reason}. Its log is {self._folder.log}."
        )

    def _watch(self) -> asyncio.Future[int]:
        """The end of the server's process, with its status as `Popen.returncode` has it."""
        process = self._process
        assert process is not None
        if self._ended is None:
            loop = asyncio.get_running_loop()
            ended = self._ended = loop.create_future()

            def wait() -> None:
                status = process.wait()
                with contextlib.suppress(RuntimeError):  # the loop has closed: nobody asks
                    loop.call_soon_threadsafe(ended.set_result, status)

            # A thread and not the loop's executor: at exit that would wait for it.
            threading.Thread(target=wait, name="redis wait", daemon=True).start()
        return self._ended

    async def _supervise(self) -> None:
        """Start the server again whenever it ends: at once, or with pauses if that goes on."""
        loop, pause, since = asyncio.get_running_loop(), 0.0, -_SHORT_LIFE
        while True:
            # Shielded: `stop` cancels this task, and still needs to see the end.
            status = await asyncio.shield(self._watch())
            died = loop.time()
            pause = _longer(pause) if died - since < _SHORT_LIFE else 0.0
            log.warning(
                "The Redis server ended unexpectedly (%s). Starting it again.", _how(status)
            )
            while True:
                await asyncio.sleep(pause)
                try:
                    await self._restart()
                except SetupError as error:
                    pause = _longer(pause)
                    log.warning("%s Trying again in %.1f s.", error, pause)
                else:
                    break
            since = loop.time()
            log.warning("The Redis server is back after %.2f s.", since - died)

    async def _restart(self) -> None:
        if not self._launch():
            # A child of the server's is still rewriting its file, to no end now.
            kill_group(self._folder.last_server()[0])
            await self._take_over()
        await self._answering()

    async def _take_over(self) -> None:
        """Launch the server once no other is alive in the folder; end one that stays."""
        if await self._launched_within(_GUARD_TIME):
            return
        pid, socket = self._folder.last_server()
        log.warning("A Redis server of an earlier Muse (process %s) is alive. Ending it.", pid)
        if socket is not None:
            await _ask(socket, "SHUTDOWN NOSAVE")
        if await self._launched_within(_END_TIME):
            return
        kill_group(pid)  # it has the lock, so it lives
        if not await self._launched_within(_END_TIME):
            raise SetupError(
                f"A Redis server (process {pid}) still uses {self._folder.path} and can't be "
                "ended. End it, or give Muse another folder with --data or MUSE_DATA_DIR."
            )

    async def _launched_within(self, seconds: float) -> bool:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while not self._launch():
            if loop.time() > until:
                return False
            await asyncio.sleep(_SLOW_POLL)
        return True

    async def _end(self, process: subprocess.Popen[bytes]) -> None:
        """Ask the server to end, and after a while make it."""
        ended = self._watch()
        if not ended.done():
            process.terminate()
            # It looks for signals ten times a second; a command it obeys at once.
            await _ask(self.socket, "SHUTDOWN NOSAVE")
            if not (await asyncio.wait([ended], timeout=_END_TIME))[0]:
                kill_group(process.pid)
        await ended

    def _release(self) -> None:
        self._guard.dismiss()
        self._folder.release()
        self._claimed = False


def _command(binary: Path, folder: DataFolder) -> list[str]:
    """How the server is run: no TCP, no snapshots, every write on disk before its reply."""
    options = {
        "port": "0",
        "unixsocket": str(folder.socket),
        "unixsocketperm": "700",
        "dir": str(folder.path),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "always",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    return [str(binary), *(word for key, value in options.items() for word in (f"--{key}", value))]


async def _ask(socket: Path, words: str) -> bytes:
    """The first line of the reply to a command; nothing where there is none in a second."""
    writer = None
    try:
        async with asyncio.timeout(1):
            reader, writer = await asyncio.open_unix_connection(socket)
            writer.write(f"{words}\r\n".encode())
            return await reader.readline()
    except (OSError, TimeoutError):
        return b""
    finally:
        if writer is not None:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def _longer(pause: float) -> float:
    return min(max(pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"
