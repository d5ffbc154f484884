"""Members' clicks on a round's message, as Slack sends them over HTTP, ready to be written."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

from adapters.slack.fitting import fit
from adapters.slack.options import EVENTS_PATH
from adapters.slack.text import Pen
from benchmarks.electorate import ENTRIES
from bot.actions import Action, encode
from bot.cards import Button, Buttons, Card, Heading, Piece, Plain, Style
from bot.models import RoundRef

SECRET = "a signing secret"
TEAM, BOT = "T0000000001", "U0000000002"


class Crowd:
    """Makes members' clicks on a round's message."""

    def __init__(self, port: int, respond: str) -> None:
        self._host = f"127.0.0.1:{port}"
        self._respond = respond
        self._numbers = itertools.count(10**9)

    def clicks(self, ref: RoundRef, count: int) -> list[bytes]:
        """First votes in a round."""
        message = _message(ref)
        return [self._click(ref, next(self._numbers), message) for _ in range(count)]

    def _click(self, ref: RoundRef, number: int, message: dict[str, Any]) -> bytes:
        entry = 1 + number % ENTRIES
        ident = encode(Action("vote", ref.community, ref.round, entry))
        payload: dict[str, Any] = {
            "type": "block_actions",
            "user": {"id": f"U{number}", "username": "m", "name": "m", "team_id": TEAM},
            "api_app_id": "A1",
            "token": "of-old",
            "container": {
                "type": "message",
                "message_ts": "1700000000.000100",
                "channel_id": "C0000000001",
                "is_ephemeral": False,
            },
            "trigger_id": f"{number}.{number}.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "team": {"id": TEAM, "domain": "bench"},
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": "C0000000001", "name": "room"},
            "message": message,
            "state": {"values": {}},
            "response_url": f"{self._respond}/{number}",
            "actions": [
                {
                    "action_id": ident,
                    "block_id": "b1",
                    "text": {"type": "plain_text", "text": "Vote", "emoji": False},
                    "style": "primary",
                    "type": "button",
                    "action_ts": "1700000001.000100",
                }
            ],
        }
        return self._signed(urlencode({"payload": json.dumps(payload)}).encode())

    def _signed(self, body: bytes) -> bytes:
        stamp = str(int(time.time()))
        base = b"v0:" + stamp.encode() + b":" + body
        signature = hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
        head = (
            f"POST {EVENTS_PATH} HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={signature}\r\n\r\n"
        )
        return head.encode() + body


def _message(ref: RoundRef) -> dict[str, Any]:
    """A round's message, as Slack sends it along with every click on it."""
    pieces = tuple(
        Piece(
            number,
            "It leaves the light on for itself, and tells nobody. " * 4,
            (Plain("the night shift · AI"),),
            Button(
                encode(Action("vote", ref.community, ref.round, number)), "Vote", "", Style.MAIN
            ),
        )
        for number in range(1, ENTRIES + 1)
    )
    ways = Buttons((Button(encode(Action("show", ref.community, ref.round)), "See all"),))
    card = Card((Heading((Plain("a lighthouse"),)), *pieces, ways), "a lighthouse")
    return {
        "type": "message",
        "user": BOT,
        "bot_id": "B1",
        "app_id": "A1",
        "ts": "1700000000.000100",
        "text": card.summary,
        "team": TEAM,
        "blocks": fit(card, Pen(str)).blocks,
    }
