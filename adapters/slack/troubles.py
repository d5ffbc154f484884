"""Slack's errors in the tree's words, translated once, here.

Each names what can be done about it. `OutcomeUnknown` says that what was asked may have been
done, `RateLimited` when to ask again. https://docs.slack.dev/reference/methods/chat.postMessage
and its neighbours list the errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import StageFailed

REMEDIES: Final = {
    "not_in_channel": "Muse is not in that channel. Invite it there: /invite @Muse.",
    "channel_not_found": "Muse can’t see that channel. Invite it there: /invite @Muse.",
    "is_archived": "That channel is archived. Unarchive it, or play in another.",
    "is_inactive": "That channel is archived. Unarchive it, or play in another.",
    "account_inactive": "Muse was removed from this workspace. Install it again.",
    "token_revoked": "Muse’s token was revoked. Install it again.",
    "token_expired": "Muse’s token has expired. Install it again.",
    "team_access_not_granted": "This workspace’s organisation took Muse out of it. An admin of "
    "the organisation can add it again.",
    "invalid_auth": "Slack does not know Muse’s token. Set SLACK_BOT_TOKEN anew, or install "
    "Muse again.",
    "not_authed": "Muse has no token for this workspace. Install it there.",
    "missing_scope": "Muse lacks a permission ({needed}). Update the app from Muse’s manifest "
    "and install it again.",
    "restricted_action": "A setting of this workspace keeps apps from posting there. An admin "
    "can allow it.",
    "ekm_access_denied": "This workspace’s keys keep Muse from posting. An admin can allow it.",
    "message_not_found": "The message is no longer there.",
    "cant_update_message": "The message is not Muse’s to change.",
    "edit_window_closed": "This workspace lets messages be changed for a while only. An admin "
    "can allow it.",
    "expired_trigger_id": "That took too long to open. Please try again.",
    "user_not_in_channel": "You are not in that channel. Join it first.",
    "storage_limit_reached": "This workspace has no room for more files. An admin can make some.",
    "file_upload_size_restricted": "This workspace does not take files so large.",
}
#: The token is dead, and what is kept of the installation with it.
DEAD: Final = frozenset({"account_inactive", "token_revoked"})
#: The door to a channel is shut, but may open by joining it.
OUTSIDE: Final = "not_in_channel"
_UNSURE: Final = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)


class SlackRefused(StageFailed):
    """Slack said no; `code` is its own word for why, `detail` the rest of what it said."""

    def __init__(self, text: str, code: str, detail: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.detail = detail


class RateLimited(StageFailed):
    """Too much at once; `seconds` are to be waited."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Slack asks Muse to wait {seconds:.0f} seconds.")
        self.seconds = seconds


class OutcomeUnknown(StageFailed):
    """Slack did not answer: what was asked may have been done all the same."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn what slack_sdk and the network raise into the tree's errors."""
    try:
        yield
    except SlackApiError as error:
        raise _refused(error) from error
    except aiohttp.ClientConnectorError as error:
        raise StageFailed("Slack can’t be reached right now.") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise OutcomeUnknown("Slack did not answer.") from error
    except SlackClientError as error:
        raise StageFailed("Slack could not be asked.") from error


def _refused(error: SlackApiError) -> StageFailed:
    response = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)
    headers = getattr(response, "headers", None) or {}
    data = getattr(response, "data", None)
    held = data if isinstance(data, dict) else {}
    code = str(held.get("error") or "")
    if status == 429 or code == "ratelimited":
        return RateLimited(_seconds(headers.get("Retry-After")))
    if status >= 500 or code in _UNSURE or not code:
        return OutcomeUnknown("Slack had a problem of its own.")
    needed = str(held.get("needed") or "see the manifest")
    text = REMEDIES.get(code, f"Slack would not do it ({code}).").format(needed=needed)
    messages = (held.get("response_metadata") or {}).get("messages") or held.get("errors") or []
    return SlackRefused(text, code, " ".join(map(str, messages)))


def _seconds(value: object) -> float:
    try:
        return max(1.0, float(str(value)))
    except ValueError:
        return 1.0
