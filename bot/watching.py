"""What lets a process be watched: its figures, and the web server that shows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from bot.figures import AGENDA_BEHIND, AGENDA_DUE
from bot.metrics import CONTENT_TYPE, PrometheusMeter
from bot.ports import Clock, Ready
from bot.readiness import AgendaReady, RedisReady
from bot.storage.client import Store
from bot.storage.health import Health
from bot.web import WebServer

if TYPE_CHECKING:
    from aiohttp.web import RouteDef


def web_server(
    host: str,
    port: int,
    meter: PrometheusMeter,
    store: Store,
    clock: Clock,
    able: Collection[str],
    platforms: Sequence[Ready] = (),
    routes: Iterable[RouteDef] = (),
) -> WebServer:
    """The web server of one process, not yet started.

    `able` is what the process can do of the agenda, `platforms` those it speaks to, `routes`
    what they want served.
    """
    health = Health(store)
    agenda = AgendaReady(health, clock, able)

    async def figures() -> tuple[bytes, str]:
        due = await agenda.due()
        now = {AGENDA_BEHIND: agenda.behind(due), AGENDA_DUE: due}
        return meter.shown(now), CONTENT_TYPE

    return WebServer(host, port, routes, (RedisReady(health), agenda, *platforms), figures)
