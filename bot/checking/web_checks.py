"""The web server: whether its port can be had, and whether the world reaches it."""

from __future__ import annotations

from bot.checking.findings import Finding, fine, note, of_error, warning
from bot.checking.outside import Said, Unreached, ask
from bot.errors import SetupError
from bot.settings import Settings
from bot.web import ALIVE, HEALTH, WebServer

ABOUT = "web server"
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 what a setting may be


async def web_checks(settings: Settings) -> list[Finding]:
    """What there is to say of the port, and of the public address: that can only be a warning.

    While the public address is asked, the port is listened on, so that Muse itself answers.
    """
    muse = settings.muse
    server = WebServer(muse.http_host, muse.http_port)
    try:
        await server.start()
    except SetupError as error:
        if not await _ourselves(muse.http_host, muse.http_port):
            return [of_error(ABOUT, error), *await _public(settings)]
        running = f"port {muse.http_port}: a running Muse listens on it"
        return [fine(ABOUT, running), *await _public(settings)]
    try:
        free = f"port {server.port} on {muse.http_host} is free"
        return [fine(ABOUT, free), *await _public(settings)]
    finally:
        await server.stop()


async def _ourselves(host: str, port: int) -> bool:
    """Whether it is a Muse that has the port."""
    host = _EVERYWHERE.get(host, host)
    try:
        said = await ask("GET", f"http://{f'[{host}]' if ':' in host else host}:{port}{HEALTH}")
    except Unreached:
        return False
    return _alive(said)


async def _public(settings: Settings) -> list[Finding]:
    url, about = settings.muse.public_url, "public address"
    if url is None:
        return [note(about, "none is set")]
    slack = settings.slack
    if not url.startswith("https://") and (slack.signing_secret or slack.client_id):
        says = "It is no https address, and Slack takes no other."
        return [warning(about, says, "Set MUSE_PUBLIC_URL to one that begins with https://.")]
    try:
        said = await ask("GET", f"{url}{HEALTH}")
    except Unreached as error:
        remedy = "Look at MUSE_PUBLIC_URL, and at the name server and proxy behind it."
        return [warning(about, str(error), remedy)]
    if _alive(said):
        return [fine(about, "reaches Muse’s web server")]
    says = f"It answers {HEALTH} with status {said.status}, and not as Muse does."
    remedy = "Have its proxy pass requests on to Muse’s port. Passing on /slack alone is enough."
    return [warning(about, says, remedy)]


def _alive(said: Said) -> bool:
    return said.status == 200 and said.body == ALIVE
