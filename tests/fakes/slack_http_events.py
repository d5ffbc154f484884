"""Signed HTTP: Slack as the one who calls the app's request URL.

https://docs.slack.dev/authentication/verifying-requests-from-slack. Commands and interactions are
forms, events are JSON; a repetition carries X-Slack-Retry-Num and X-Slack-Retry-Reason.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack_deliveries import Ack, Delivery, Retry
from tests.fakes.slack_rules import Refused

if TYPE_CHECKING:
    from tests.fakes.slack_core import SlackCore

FORM = "application/x-www-form-urlencoded"


class HttpEvents:
    """POSTs to `request_url`, signed with the app's signing secret."""

    def __init__(self, slack: SlackCore) -> None:
        self.slack = slack
        self.signing_secret = "signing-secret-of-the-fake"
        self.request_url = ""
        self._session: aiohttp.ClientSession | None = None

    async def attempt(self, delivery: Delivery, retry: Retry | None) -> Ack:
        """One request, answered within the window or not."""
        if delivery.kind == "events_api":
            body, kind = json.dumps(delivery.payload), "application/json"
        elif delivery.kind == "interactive":
            body, kind = urlencode({"payload": json.dumps(delivery.payload)}), FORM
        else:
            body, kind = urlencode(delivery.payload), FORM
        ack = await self.post(body, kind, retry)
        if ack.error == "http_timeout" and delivery.kind != "events_api":
            return Ack(None, 0, "operation_timeout")
        return ack

    def headers(self, body: str, kind: str, retry: Retry | None = None) -> dict[str, str]:
        """The headers of a request, signed, well or (within `forging`) badly."""
        forged = self.slack.deliveries.forgery
        stamp = str(int(time.time() - (forged.age if forged else 0)))
        secret = (forged.secret if forged else None) or self.signing_secret
        base = f"v0:{stamp}:{body}".encode()
        signature = f"v0={hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()}"
        said = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": (forged.signature if forged else None) or signature,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        if retry is not None:
            said["X-Slack-Retry-Num"] = str(retry.number)
            said["X-Slack-Retry-Reason"] = retry.reason
        return said

    async def post(self, body: str, kind: str, retry: Retry | None = None) -> Ack:
        """Any body to the request URL, signed."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        window = aiohttp.ClientTimeout(total=self.slack.deliveries.window)
        headers = self.headers(body, kind, retry)
        try:
            async with self._session.post(
                self.request_url, data=body.encode(), headers=headers, timeout=window
            ) as answer:
                text = await answer.text()
                error = None if answer.status == 200 else "http_error"
                stop = answer.headers.get("X-Slack-No-Retry") == "1"
                said = json.loads(text) if answer.content_type == "application/json" else text
                return Ack(said or None, answer.status, error, stop)
        except TimeoutError:
            return Ack(None, 0, "http_timeout")
        except aiohttp.ClientError:
            return Ack(None, 0, "connection_failed")

    async def verify(self) -> bool:
        """Asks the request URL for the challenge, as Slack does when it is entered.

        https://docs.slack.dev/reference/events/url_verification
        """
        challenge = secrets.token_hex(16)
        asked = {"type": "url_verification", "token": "x", "challenge": challenge}
        ack = await self.post(json.dumps(asked), "application/json")
        said = ack.payload.get("challenge") if isinstance(ack.payload, dict) else ack.payload
        if not ack.ok or said != challenge:
            self.slack.world.refuse(Refused("url-verified"), "url_verification")
            return False
        return True

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
