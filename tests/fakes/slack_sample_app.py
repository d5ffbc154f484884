"""A small Bolt app for the tests of the fake Slack: a card, a vote, a form, a mention, a Home tab.

It runs on Socket Mode (`on_socket`) or behind signed HTTP (`on_http`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack_server import SlackServer

CARD = {
    "type": "section",
    "block_id": "entry-1",
    "text": {"type": "mrkdwn", "text": "*The last lighthouse*"},
    "accessory": {
        "type": "button",
        "action_id": "vote",
        "value": "round-1.1",
        "text": {"type": "plain_text", "text": "Vote"},
    },
}


def form(title: str = "A round") -> dict[str, Any]:
    field = {"type": "plain_text_input", "action_id": "typed", "max_length": 20}
    return {
        "type": "modal",
        "callback_id": "ask",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Go"},
        "blocks": [
            {
                "type": "input",
                "block_id": "prompt",
                "label": {"type": "plain_text", "text": "Prompt"},
                "element": field,
            }
        ],
    }


class SampleApp:
    """An app with a little of everything, and what it heard."""

    def __init__(self, slack: SlackServer) -> None:
        token = slack.workspace.bot_token
        client = AsyncWebClient(token, base_url=slack.api_url)
        self.app = AsyncApp(client=client, signing_secret=slack.http.signing_secret)
        self.events: list[str] = []
        self.votes: list[str] = []
        self.retries: list[str] = []
        self.app.command("/muse")(self.muse)
        self.app.action("vote")(self.vote)
        self.app.view("ask")(self.asked)
        self.app.event("app_mention")(self.mentioned)
        self.app.event("message")(self.said)
        self.app.event("app_home_opened")(self.home)
        self.app.shortcut("ask-anywhere")(self.anywhere)

    async def muse(self, ack: Any, command: Any, client: Any, body: Any) -> None:
        await ack()
        if command["text"] == "form":
            opened = await client.views_open(trigger_id=body["trigger_id"], view=form("Wait"))
            view = opened["view"]
            await client.views_update(view_id=view["id"], hash=view["hash"], view=form())
        else:
            channel = command["channel_id"]
            await client.chat_postMessage(channel=channel, text=command["text"], blocks=[CARD])

    async def vote(self, ack: Any, respond: Any, body: Any) -> None:
        await ack()
        self.votes.append(body["user"]["id"])
        if "response_url" in body:  # Slack sends none from a view
            value = body["actions"][0]["value"]
            await respond(text=f"Your vote: {value}", replace_original=False)

    async def asked(self, ack: Any, view: Any, client: Any, body: Any) -> None:
        typed = view["state"]["values"]["prompt"]["typed"]["value"]
        if typed == "no":
            await ack(response_action="errors", errors={"prompt": "Say more."})
        else:
            await ack()
            await client.chat_postMessage(channel=body["user"]["id"], text=f"Asked: {typed}")

    async def mentioned(self, event: Any, request: Any, say: Any) -> None:
        self.events.append(event["text"])
        self.retries += request.headers.get("x-slack-retry-num", [])
        await say(text="Yes?", thread_ts=event["ts"])

    async def said(self, event: Any) -> None:
        self.events.append(event["text"])

    async def home(self, event: Any, client: Any) -> None:
        view = {"type": "home", "blocks": [CARD]}
        await client.views_publish(user_id=event["user"], view=view)

    async def anywhere(self, ack: Any, client: Any, body: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())


@asynccontextmanager
async def on_socket(slack: SlackServer, heard: SampleApp) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(heard.app, slack.app_token, ping_interval=0.2)
    await handler.client.connect()  # type: ignore[no-untyped-call] # Bolt's handler has no types
    await slack.socket.connected()
    try:
        yield handler
    finally:
        await slack.deliveries.settle()
        await handler.client.close()  # type: ignore[no-untyped-call] # nor has its client


@asynccontextmanager
async def on_http(slack: SlackServer, heard: SampleApp) -> AsyncIterator[None]:
    runner = web.AppRunner(heard.app.web_app(path="/slack/events"), shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.use_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield
    finally:
        await slack.deliveries.settle()
        await runner.cleanup()
