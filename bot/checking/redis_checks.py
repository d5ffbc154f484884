"""Redis: whether it is there, new enough, safe, quick, and of one mind about the time."""

from __future__ import annotations

from urllib.parse import quote

from bot.checking.findings import Finding, fine, of_error, warning, wrong
from bot.errors import SetupError
from bot.settings import Settings
from bot.storage.embedded import EmbeddedServer
from bot.storage.folder import DataFolder
from bot.storage.probing import Probed, probe

ABOUT = "Redis"
SLOW = 0.02  # seconds a round trip may take; every click waits for one or two
APART = 2.0  # seconds that clocks may differ
FULL = 0.9  # of what it may use


async def redis_checks(settings: Settings) -> list[Finding]:
    """What there is to say of the Redis that the settings name, or of Muse's own."""
    try:
        if settings.redis.url is not None:
            return judged(await probe(settings.redis.url.get_secret_value()), own=False)
        return judged(await _own(settings), own=True)
    except SetupError as error:
        return [of_error(ABOUT, error)]


async def _own(settings: Settings) -> Probed:
    """Muse's own server, run for this; or the one that a running Muse has."""
    folder = settings.muse.data_dir
    server = EmbeddedServer(folder, settings.muse.redis_server)
    try:
        server.spawn()
    except SetupError:
        _, socket = DataFolder(folder).last_server()
        if socket is None or not socket.exists():
            raise
        return await probe(f"unix://{quote(str(socket))}")
    try:
        await server.ready()
        return await probe(server.url)
    finally:
        await server.stop()


def judged(seen: Probed, *, own: bool) -> list[Finding]:
    """What is good and what is not about what was seen. `own`: Muse runs it itself. Pure."""
    whose = "Muse’s own" if own else "of yours"
    found = [fine(ABOUT, f"{seen.engine}, {whose}, throws nothing away")]
    if seen.replica:
        remedy = "Put the address of the one that it follows into REDIS_URL."
        found.append(wrong("Redis writes", "It is a replica and takes no writes.", remedy))
    if seen.most and seen.used >= FULL * seen.most:
        share = f"{seen.used / seen.most:.0%} of the memory it may use is in use."
        found.append(warning("Redis memory", share, "Raise maxmemory, or lower MUSE_KEEP_DAYS."))
    if seen.on_disk:
        found.append(fine("Redis on disk", "append-only file on"))
    else:
        remedy = (
            "Run: redis-cli CONFIG SET appendonly yes, and set it in redis.conf. A service that "
            "has none should have a replica and fail over by itself."
        )
        says = "The append-only file is off: a crash of Redis loses what is newer than its "
        found.append(warning("Redis on disk", f"{says}last snapshot.", remedy))
    trip = f"{seen.round_trip * 1000:.1f} ms a round trip"
    if seen.round_trip > SLOW:
        remedy = "Run Muse in the same place as Redis."
        found.append(warning("Redis speed", f"{trip}: every click waits for it.", remedy))
    else:
        found.append(fine("Redis speed", trip))
    if abs(seen.ahead) > APART:
        says = f"Its clock is {abs(seen.ahead):.0f} s {'ahead' if seen.ahead > 0 else 'behind'}."
        remedy = (
            "Let both machines set their clocks by NTP: one of them ends rounds at wrong times."
        )
        found.append(warning("clock", says, remedy))
    else:
        found.append(fine("clock", f"{abs(seen.ahead):.1f} s apart from Redis’s"))
    return found
