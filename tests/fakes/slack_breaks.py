"""Breaking the rules of the fake Slack, one by one: who breaks which, through the real client.

Each rule has one function in `BREAKS` that does what is allowed, then what is not, and gives the
error that the app saw (in Slack's words). The functions are in `slack_breaks_*.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_state import Channel, Json

Break = Callable[[SlackServer], Awaitable[str]]
BREAKS: dict[str, Break] = {}


def breaks(rule: str) -> Callable[[Break], Break]:
    """Registers what breaks a rule."""

    def register(how: Break) -> Break:
        assert rule not in BREAKS, f"{rule} is broken twice"
        BREAKS[rule] = how
        return how

    return register


def client(slack: SlackServer, token: str | None = None) -> AsyncWebClient:
    """The real client, with the bot's token unless another is given."""
    held = slack.workspace.bot_token if token is None else token
    return AsyncWebClient(held or None, base_url=slack.api_url)


async def said(call: Awaitable[Any]) -> str:
    """What a call is answered: the error, the warning, or `ok`."""
    try:
        answer = await call
    except SlackApiError as refused:
        return str(refused.response["error"])
    return str(answer.get("warning") or "ok")


async def fine(call: Awaitable[Any]) -> Any:
    """A call that is allowed; gives its answer."""
    answer = await call
    assert answer["ok"], answer
    return answer


async def raw(slack: SlackServer, method: str, **how: Any) -> Json:
    """A call without the client, for what the client would not send."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(slack.api_url + method, **how) as answer,
    ):
        return dict(await answer.json())


def room(slack: SlackServer, **how: Any) -> Channel:
    """A channel with two members."""
    return slack.channel("room", [slack.member(), slack.member()], **how)


def modal(**parts: Any) -> Json:
    """A modal that is well-formed but for these parts."""
    usual: Json = {"type": "modal", "title": plain("A form"), "blocks": [section()]}
    return usual | parts


def section(text: str = "x", **parts: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}} | parts


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def field(**parts: Any) -> Json:
    """An input block that is well-formed but for these parts."""
    element = {"type": "plain_text_input", "action_id": "typed"}
    usual: Json = {"type": "input", "block_id": "prompt", "label": plain("Prompt")}
    return usual | {"element": element} | parts


async def button_in(slack: SlackServer, channel: Channel) -> Any:
    """A message of the app's with a button in it."""
    button = {"type": "button", "action_id": "press", "text": plain("Press")}
    blocks = [section(accessory=button)]
    posted = await fine(client(slack).chat_postMessage(channel=channel.id, text="x", blocks=blocks))
    return channel.messages[posted["ts"]]
