"""Discord: whose the token is, whether interactions come here, what Muse may in its servers, how
many sessions are left.

https://docs.discord.com/developers/resources/application
https://docs.discord.com/developers/events/gateway#get-gateway-bot
https://docs.discord.com/developers/resources/user#get-current-user-guilds
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bot import __version__
from bot.checking.findings import Finding, fine, name, note, warning, wrong
from bot.checking.outside import Said, Unreached, ask
from bot.settings import Settings

ABOUT = "Discord"
API = "https://discord.com/api/v10"
#: https://docs.discord.com/developers/reference#user-agent: others are turned away.
AGENT = f"DiscordBot (https://localhost, {__version__})"
FEW_SESSIONS = 50  # starts left today, below which a process that restarts by itself is trouble

#: What Muse uses, as its invitation asks for it (`adapters.discord.invite`).
#: https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
NEEDED = {
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Attach Files": 1 << 15,
    "Read Message History": 1 << 16,
    "Manage Roles": 1 << 28,
    "Create Public Threads": 1 << 35,
    "Send Messages in Threads": 1 << 38,
    "Create Events": 1 << 44,
    "Pin Messages": 1 << 51,
}
ADMINISTRATOR = 1 << 3
PAGE, PAGES = 200, 10  # servers that Discord tells of at once; how often it is asked at most
LONG_ENOUGH = 5.0  # seconds after which it is asked for no further page
NAMED = 3  # servers that are named, of those where something is missing

_PORTAL = "In the developer portal, page General Information, "


async def discord_checks(settings: Settings) -> list[Finding]:
    """What there is to say of the bot that the settings have a token for."""
    discord = settings.discord
    if discord.token is None:
        return [note(ABOUT, "not set up", "To play there, set DISCORD_TOKEN.")]
    base = discord.api_url or API
    headers = {"Authorization": f"Bot {discord.token.get_secret_value()}"}

    async def get(path: str) -> Said:
        return await ask("GET", f"{base}{path}", headers=headers, agent=AGENT)

    try:
        me, app, gateway, (servers, more) = await asyncio.gather(
            get("/users/@me"),
            get("/applications/@me"),
            get("/gateway/bot"),
            _servers(get),
        )
    except Unreached as error:
        remedy = "Look at discordstatus.com, and at what this machine may reach."
        if discord.api_url is not None:
            remedy = "Put the right address into DISCORD_API_URL, or take it out."
        return [wrong(ABOUT, str(error), remedy)]
    refused = next((each for each in (me, app, gateway) if each.status != 200), None)
    if refused is not None:
        return [_refused(refused.status)]
    who = f"{name(me.body.get('username'))}, the bot of {name(app.body.get('name'))}"
    count = app.body.get("approximate_guild_count")
    joined = f", in about {count} servers" if isinstance(count, int) else ""
    return [
        fine(ABOUT, who + joined),
        *_application(app),
        *permitted(servers, of_more=more),
        *_sessions(gateway),
    ]


def _refused(status: int) -> Finding:
    if status == 401:
        remedy = "Reset the token on the portal’s page Bot, and put the new one into DISCORD_TOKEN."
        return wrong(ABOUT, "The token is not accepted.", remedy)
    if status == 429:
        return warning(ABOUT, "Discord asks to wait.", "Check again in some minutes.")
    remedy = "Look at discordstatus.com, and at DISCORD_API_URL where it is set."
    return wrong(ABOUT, f"Discord answers with status {status}.", remedy)


def _application(app: Said) -> list[Finding]:
    """What in the application's settings would keep Muse from playing."""
    found = []
    if app.body.get("interactions_endpoint_url"):
        says = "Clicks and commands are sent to a web address, and never reach Muse."
        found.append(wrong("Discord clicks", says, f"{_PORTAL}empty Interactions Endpoint URL."))
    else:
        found.append(fine("Discord clicks", "clicks and commands come by the gateway"))
    if app.body.get("bot_require_code_grant"):
        says = "Invitations don’t work: they ask for a code grant."
        remedy = "In the developer portal, page Bot, turn Requires OAuth2 Code Grant off."
        found.append(warning("Discord invites", says, remedy))
    return found


async def _servers(
    get: Callable[[str], Awaitable[Said]],
) -> tuple[list[Mapping[str, Any]], bool]:
    """The servers that Muse is in, and whether there may be more than those: Discord tells of
    them a page at a time, and may ask to wait. Raises `Unreached`.
    """
    loop, found = asyncio.get_running_loop(), list[Mapping[str, Any]]()
    began = loop.time()
    path = f"/users/@me/guilds?limit={PAGE}"
    for _ in range(PAGES):
        after = f"&after={found[-1].get('id')}" if found else ""
        said = await get(path + after)
        found += said.listed
        if len(said.listed) < PAGE:
            return found, said.status != 200
        if loop.time() - began > LONG_ENOUGH:
            break
    return found, True


def permitted(servers: Sequence[Mapping[str, Any]], *, of_more: bool = False) -> list[Finding]:
    """Whether Muse's role has all that it uses in these servers, which may be the first of more.
    Pure.
    """
    lacking: dict[str, set[str]] = {}
    for server in servers:
        given = str(server.get("permissions", ""))
        has = int(given) if given.isdecimal() else 0
        if not has & ADMINISTRATOR and (lacks := {k for k, bit in NEEDED.items() if not has & bit}):
            lacking[name(server.get("name"))] = lacks
    if not servers:
        return []
    if not lacking:
        where = f"the first {len(servers)} servers" if of_more else "every server"
        return [fine("Discord permissions", f"all that Muse uses, in {where}")]
    where = ", ".join([*list(lacking)[:NAMED], *(["…"] if len(lacking) > NAMED else [])])
    what = ", ".join(each for each in NEEDED if any(each in lacks for lacks in lacking.values()))
    of = f"{'the first ' if of_more else ''}{len(servers)}"
    says = f"In {len(lacking)} of {of} servers Muse’s role lacks {what}: {where}."
    remedy = "Invite Muse there again, or give its role what is missing in Server Settings, Roles."
    return [warning("Discord permissions", says, remedy)]


def _sessions(gateway: Said) -> list[Finding]:
    """How many shards Discord wants, and how often the bot may still start today."""
    limit = gateway.body.get("session_start_limit")
    left = limit.get("remaining") if isinstance(limit, dict) else None
    shards = gateway.body.get("shards")
    if not isinstance(left, int) or not isinstance(shards, int):
        return []
    says = f"{shards} shard{'' if shards == 1 else 's'} wanted, {left} starts left today"
    if left < max(FEW_SESSIONS, shards):
        remedy = "Find out what restarts Muse so often: at 0 Discord resets the token."
        return [warning("Discord starts", f"{says}.", remedy)]
    return [fine("Discord starts", says)]
