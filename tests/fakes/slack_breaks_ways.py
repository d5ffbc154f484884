"""Breaking the rules of OAuth, of Socket Mode and of signed HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from aiohttp import web
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from yarl import URL

from tests.fakes.slack_breaks import breaks, client, fine, room, said
from tests.fakes.slack_oauth import Code
from tests.fakes.slack_sample_app import SampleApp, on_socket
from tests.fakes.slack_server import SlackServer

SCOPES = frozenset({"chat:write", "commands"})
BACK = "http://127.0.0.1/slack/oauth_redirect"


async def _access(slack: SlackServer, code: Code | None = None, **how: Any) -> str:
    held = {"client_id": slack.oauth.client_id, "client_secret": slack.oauth.client_secret}
    given = {"code": code.value} if code else {}
    return await said(client(slack, "").oauth_v2_access(**held | given | how))


def _code(slack: SlackServer, **how: Any) -> Code:
    return slack.oauth.code(slack.member(), SCOPES, **how)


@breaks("client-known")
async def _(slack: SlackServer) -> str:
    return await _access(slack, _code(slack), client_id="1.1")


@breaks("client-secret")
async def _(slack: SlackServer) -> str:
    return await _access(slack, _code(slack), client_secret="wrong")


@breaks("code-known")
async def _(slack: SlackServer) -> str:
    await _access(slack, code=_code(slack))
    unknown = Code("unknown", "", "", SCOPES, "", 0)
    return await _access(slack, unknown)


@breaks("code-once")
async def _(slack: SlackServer) -> str:
    code = _code(slack)
    assert await _access(slack, code) == "ok"
    return await _access(slack, code)


@breaks("code-fresh")
async def _(slack: SlackServer) -> str:
    soon, late = _code(slack), _code(slack)
    slack.clock.shift(590)
    assert await _access(slack, soon) == "ok"
    slack.clock.shift(20)
    return await _access(slack, late)


@breaks("redirect-same")
async def _(slack: SlackServer) -> str:
    assert await _access(slack, _code(slack, redirect_uri=BACK), redirect_uri=BACK) == "ok"
    return await _access(slack, _code(slack, redirect_uri=BACK), redirect_uri="http://else/")


@breaks("grant-type")
async def _(slack: SlackServer) -> str:
    return await _access(slack, _code(slack), grant_type="barter")


@breaks("refresh-once")
async def _(slack: SlackServer) -> str:
    slack.oauth.rotation = True
    web_client = client(slack, "")
    held = {"client_id": slack.oauth.client_id, "client_secret": slack.oauth.client_secret}
    first = await fine(web_client.oauth_v2_access(code=_code(slack).value, **held))
    assert first["expires_in"] == 43_200
    renews = held | {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = await fine(web_client.oauth_v2_access(**renews))
    await fine(client(slack, second["access_token"]).auth_test())
    assert second["refresh_token"] != first["refresh_token"]
    return await said(web_client.oauth_v2_access(**renews))


async def _visit(slack: SlackServer, **query: str) -> str:
    """What the page of authorisation does: the error, or where it leads."""
    usual = {"client_id": slack.oauth.client_id, "scope": "chat:write", "state": "s"}
    page = URL(slack.authorize_url).with_query(usual | {"redirect_uri": BACK} | query)
    async with (
        aiohttp.ClientSession() as session,
        session.get(page, allow_redirects=False) as answer,
    ):
        return answer.headers.get("Location") or await answer.text()


@breaks("authorize-client")
async def _(slack: SlackServer) -> str:
    back = URL(await _visit(slack))
    assert back.query["state"] == "s"
    assert await _access(slack, slack.oauth.codes[back.query["code"]], redirect_uri=BACK) == "ok"
    slack.oauth.consents = "deny"
    assert URL(await _visit(slack)).query["error"] == "access_denied"
    return await _visit(slack, client_id="1.1")


@breaks("authorize-scopes")
async def _(slack: SlackServer) -> str:
    return await _visit(slack, scope="")


@breaks("redirect-registered")
async def _(slack: SlackServer) -> str:
    slack.oauth.redirect_urls = [BACK]
    assert (await _visit(slack)).startswith(BACK)
    return await _visit(slack, redirect_uri="http://else/")


async def _socket_url(slack: SlackServer) -> str:
    opened = await fine(client(slack).apps_connections_open(app_token=slack.app_token))
    return str(opened["url"])


@breaks("socket-ticket")
async def _(slack: SlackServer) -> str:
    url = await _socket_url(slack)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            hello = await socket.receive_json()
            assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        async with session.get(url.replace("ws://", "http://")) as again:
            return await again.text()


@breaks("socket-count")
async def _(slack: SlackServer) -> str:
    async with aiohttp.ClientSession() as session:
        held = [await session.ws_connect(await _socket_url(slack)) for _ in range(10)]
        last = [(await each.receive_json())["num_connections"] for each in held]
        assert last == list(range(1, 11))
        async with session.ws_connect(await _socket_url(slack)) as one_more:
            told = await one_more.receive_json()
        for each in held:
            await each.close()
    return str(told["reason"])


async def _by_hand(slack: SlackServer, answer: Any) -> str:
    """What the fake notes when an event's envelope is answered so, by a client without Bolt."""
    socket = SocketModeClient(app_token=slack.app_token, web_client=client(slack))

    async def listen(_client: Any, request: Any) -> None:
        await socket.send_socket_mode_response(answer(request.envelope_id))

    socket.socket_mode_request_listeners.append(listen)
    await socket.connect()  # type: ignore[no-untyped-call] # slack_sdk's has no types
    await slack.socket.connected()
    slack.deliveries.window, slack.deliveries.pauses = 0.2, ()
    await slack.mention(slack.member(), room(slack), "hello")
    await socket.close()  # type: ignore[no-untyped-call] # slack_sdk's has no types
    return next(each.error for each in slack.refusals if each.method == "acknowledge")


@breaks("socket-envelope")
async def _(slack: SlackServer) -> str:
    return await _by_hand(slack, lambda _: {"envelope_id": "unknown"})


@breaks("socket-payload")
async def _(slack: SlackServer) -> str:
    return await _by_hand(slack, lambda each: {"envelope_id": each, "payload": {"text": "x"}})


async def _served(
    slack: SlackServer, status: int, wait: float = 0.0, headers: dict[str, str] | None = None
) -> int:
    """How often an event is sent to a server that answers so."""
    came: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        came.append(request.headers.get("X-Slack-Retry-Reason", ""))
        await asyncio.sleep(wait)
        return web.Response(status=status, headers=headers)

    app = web.Application()
    app.router.add_post("/slack/events", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.use_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    slack.deliveries.pauses = (0.0, 0.0, 0.0)
    mentioned = await slack.mention(slack.member(), room(slack), "hello")
    await runner.cleanup()
    reasons = [ack.error for ack in mentioned.acks[:-1]]
    assert all(each in ("", *reasons) for each in came)
    return len(mentioned.acks)


@breaks("event-answer")
async def _(slack: SlackServer) -> str:
    slack.deliveries.window = 0.05
    assert await _served(slack, 200, wait=1.0) == 4
    return slack.refusals[-1].error


@breaks("event-status")
async def _(slack: SlackServer) -> str:
    assert await _served(slack, 200) == 1
    assert await _served(slack, 500) == 4
    assert await _served(slack, 500, headers={"X-Slack-No-Retry": "1"}) == 1
    return slack.refusals[-1].error


@breaks("url-verified")
async def _(slack: SlackServer) -> str:
    assert await _served(slack, 200) == 1
    assert not await slack.http.verify()  # the server has gone, too
    return slack.refusals[-1].error


@breaks("action-answer")
async def _(slack: SlackServer) -> str:
    sample = SampleApp(slack)

    @sample.app.command("/slow")
    async def slow(ack: Any) -> None:
        await asyncio.sleep(0.5)
        await ack()

    async with on_socket(slack, sample):
        slack.deliveries.window = 0.1
        asked = await slack.slash(slack.member(), room(slack), "x", command="/slow")
    return str(asked.seen_error)
