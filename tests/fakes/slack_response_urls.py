"""response_url: five answers within thirty minutes, to one member or to the channel.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses. A message that is
posted through it has no `ts` in the answer; `replace_original` and `delete_original` reach the
message that the interaction came from, an ephemeral one too.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from aiohttp import web

from tests.fakes.slack_chat import content, remove, rewrite, write
from tests.fakes.slack_rules import Refused
from tests.fakes.slack_state import Channel, Json, Member, Message, ResponseUrl

if TYPE_CHECKING:
    from tests.fakes.slack_core import SlackCore

USES_MOST = 5
LIFE = 30 * 60.0


class ResponseUrls:
    """Gives them out, and answers `POST /respond/…`."""

    def __init__(self, slack: SlackCore) -> None:
        self.slack = slack
        self.posted: list[tuple[str, str]] = []  #: every answer: whose URL it came by, the body

    def give(self, channel: Channel, member: Member, ts: str | None = None) -> ResponseUrl:
        """A URL for one interaction; `ts` is of the message that it came from."""
        world = self.slack.world
        secret = secrets.token_hex(12)
        url = f"{self.slack.url}/respond/{member.team}/{secret}"
        made = ResponseUrl(url, channel.id, member.id, world.clock.now(), ts)
        world.response_urls[secret] = made
        return made

    async def handle(self, request: web.Request) -> web.StreamResponse:
        secret, team = request.match_info["secret"], request.match_info["team"]
        known = self.slack.world.response_urls.get(secret)
        where = {"channel": known.channel if known else None}
        fault = await self.slack.faults.meet("response_url", where, team)
        if fault is not None and fault.answer is not None:
            return web.json_response(fault.answer, status=fault.status, headers=fault.headers)
        try:
            text = await request.text()
            self.posted.append((known.user if known else "", text))
            self._use(known, text)
        except Refused as refused:
            self.slack.world.refuse(refused, "response_url")
            status = 404 if refused.rule.name.startswith("response-url") else 400
            return web.json_response({"ok": False, "error": refused.error}, status=status)
        if fault is not None and fault.drops and request.transport is not None:
            request.transport.abort()
        return web.json_response({"ok": True})

    def _use(self, known: ResponseUrl | None, text: str) -> None:
        """Does what a body says, and counts it; raises `Refused`."""
        if known is None:
            raise Refused("response-url-known")
        if self.slack.world.clock.now() - known.born > LIFE:
            raise Refused("response-url-life")
        if known.uses >= USES_MOST:
            raise Refused("response-url-uses")
        try:
            held = json.loads(text)
        except json.JSONDecodeError:
            raise Refused("json-valid", error="invalid_payload") from None
        respond(self.slack, known, held)
        known.uses += 1


def respond(slack: SlackCore, url: ResponseUrl, held: Json) -> Message | None:
    """What an answer does: a new message, or another text for the old; raises `Refused`."""
    channel = slack.world.channels[url.channel]
    space = slack.world.workspaces[channel.team]
    if not space.installed:
        raise Refused("token-installed")
    original = channel.messages.get(url.ts or "")
    if held.get("delete_original") in (True, "true"):
        if original is not None:
            remove(slack, original)
        return None
    body = content(slack, held, lambda _: None)
    if not any(body.get(key) for key in ("text", "blocks", "attachments")):
        raise Refused("text-needed")
    if original is not None and held.get("replace_original") in (True, "true"):
        rewrite(slack, original, body)
        return original
    public = held.get("response_type") == "in_channel"
    thread = held.get("thread_ts") or None
    user = None if public else url.user
    return write(slack, space, channel, body, ephemeral_to=user, thread_ts=thread)
