"""The rules of Slack that the fake holds an app to: what each is called, what it says, where from.

A rule has the error with which Slack answers one who breaks it. Every refusal of the fake names
its rule (`Refused`), and `tests/integration/test_slack_rules.py` breaks each one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DOCS = "https://docs.slack.dev/"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `error` is Slack's own word for breaking it, `url` where Slack says so.

    Where Slack answers without a word (a socket that it closes, a form that "had some trouble"),
    the word is the fake's.
    """

    name: str
    error: str
    sentence: str
    url: str


def table(pages: Mapping[str, Sequence[tuple[str, str, str]]]) -> dict[str, Rule]:
    """The rules of each page of Slack's documentation: (name, error, what it says)."""
    rules = [Rule(*row, DOCS + page) for page, rows in pages.items() for row in rows]
    made = {rule.name: rule for rule in rules}
    assert len(made) == len(rules), "two rules have one name"
    return made


_METHODS = "reference/methods/"

RULES: dict[str, Rule] = table(
    {
        _METHODS + "auth.test": [
            ("token-needed", "not_authed", "A call carries a token."),
            ("token-known", "invalid_auth", "The token is one of Slack's."),
        ],
        _METHODS + "chat.postMessage": [
            ("token-installed", "account_inactive", "A bot's token dies with its installation."),
            ("scope", "missing_scope", "The token has the scope that the method needs."),
            ("channel-known", "channel_not_found", "The channel is one that the bot may see."),
            ("channel-joined", "not_in_channel", "The bot is in the channel that it posts to."),
            ("channel-open", "is_archived", "Nothing is posted to an archived channel."),
            ("text-needed", "no_text", "A message has text, blocks or attachments."),
            (
                "markdown-alone",
                "markdown_text_conflict",
                "markdown_text goes with neither blocks nor text.",
            ),
            ("blocks-format", "invalid_blocks_format", "blocks is an array of objects."),
            ("metadata-size", "metadata_too_large", "Metadata has a limit (8,000 bytes here)."),
        ],
        _METHODS + "auth.revoke": [
            ("token-unrevoked", "token_revoked", "A revoked token is dead."),
        ],
        "authentication/using-token-rotation": [
            ("token-fresh", "token_expired", "With rotation a token lives for twelve hours."),
            ("refresh-once", "invalid_refresh_token", "A refresh token is revoked by its use."),
        ],
        _METHODS + "apps.connections.open": [
            (
                "token-kind",
                "not_allowed_token_type",
                "It takes an app-level token, other methods a bot's.",
            ),
        ],
        "apis/web-api/": [
            ("method-known", "unknown_method", "The method exists."),
            ("json-valid", "invalid_json", "A JSON body is JSON."),
            ("arguments", "invalid_arguments", "Required arguments are given."),
        ],
        "apis/web-api/rate-limits": [
            ("pace", "ratelimited", "Over its tier a method answers 429 and Retry-After."),
        ],
        "changelog/2018-04-truncating-really-long-messages": [
            ("text-length", "message_truncated", "Text over 40,000 characters is cut there."),
        ],
        "messaging/message-metadata": [
            ("metadata-form", "invalid_metadata_format", "It has event_type and event_payload."),
        ],
        _METHODS + "chat.postEphemeral": [
            ("ephemeral-recipient", "user_not_in_channel", "Its recipient is in the channel."),
        ],
        _METHODS + "chat.update": [
            ("update-known", "message_not_found", "The message to update exists."),
            ("update-own", "cant_update_message", "Only one's own messages can be updated."),
            ("update-length", "msg_too_long", "An update's text has 4,000 characters at most."),
            ("update-open", "is_inactive", "No message of an archived channel can be edited."),
            (
                "update-streaming",
                "streaming_state_conflict",
                "A message that is streaming can't be edited.",
            ),
        ],
        "messaging/modifying-messages": [
            ("update-ephemeral", "message_not_found", "Ephemeral messages can't be updated."),
        ],
        _METHODS + "chat.delete": [
            ("delete-known", "message_not_found", "The message to delete exists."),
            ("delete-own", "cant_delete_message", "Only one's own messages can be deleted."),
        ],
        _METHODS + "chat.startStream": [
            (
                "stream-thread",
                "invalid_arguments",
                "Streamed messages are replies to a user's request.",
            ),
            (
                "stream-user",
                "missing_recipient_user_id",
                "Streaming to a channel names its reader.",
            ),
            (
                "stream-team",
                "missing_recipient_team_id",
                "Streaming to a channel names its reader's workspace.",
            ),
        ],
        _METHODS + "chat.appendStream": [
            (
                "stream-chunks",
                "invalid_chunks",
                "Chunks are markdown_text, task_update, plan_update or blocks.",
            ),
            ("stream-length", "msg_too_long", "markdown_text has 12,000 characters at most."),
            (
                "stream-open",
                "message_not_in_streaming_state",
                "Only a message that is streaming takes more.",
            ),
            ("stream-own", "message_not_owned_by_app", "An app appends to its own messages."),
        ],
        _METHODS + "views.open": [
            ("trigger-known", "invalid_trigger_id", "A trigger is one that Slack gave."),
            (
                "view-external",
                "duplicate_external_id",
                "An external_id is unique in its workspace.",
            ),
            ("view-size", "view_too_large", "A view has 250 kB at most."),
        ],
        "interactivity/handling-user-interaction": [
            (
                "trigger-fresh",
                "expired_trigger_id",
                "A trigger expires 3 seconds after it was sent.",
            ),
            ("trigger-once", "exchanged_trigger_id", "A trigger can be used once."),
            ("response-url-known", "invalid_url", "The response_url is one that Slack gave."),
            ("response-url-uses", "used_url", "A response_url can be used five times."),
            ("response-url-life", "expired_url", "A response_url lives for 30 minutes."),
            (
                "action-answer",
                "operation_timeout",
                "It is acknowledged in 3 s, or the member sees an error.",
            ),
        ],
        _METHODS + "views.update": [
            ("view-known", "not_found", "The view to update is there, and open."),
        ],
        "surfaces/modals": [
            ("view-hash", "hash_conflict", "A hash that is given is the view's."),
            (
                "submission-action",
                "invalid_response_action",
                "A response_action is errors, update, push or clear.",
            ),
            (
                "submission-errors",
                "invalid_response_errors",
                "Errors have the block_id of an input.",
            ),
        ],
        _METHODS + "views.push": [
            ("view-stack", "push_limit_reached", "A modal holds three views at most."),
        ],
        _METHODS + "views.publish": [
            ("home-enabled", "not_enabled", "The Home tab is enabled."),
        ],
        _METHODS + "users.info": [
            ("user-known", "user_not_found", "The user exists."),
        ],
        _METHODS + "conversations.open": [
            ("user-enabled", "user_disabled", "No conversation opens with somebody who has left."),
        ],
        _METHODS + "conversations.history": [
            ("history-joined", "not_in_channel", "A bot reads only channels that it is in."),
        ],
        _METHODS + "conversations.replies": [
            ("thread-known", "thread_not_found", "The thread exists."),
        ],
        _METHODS + "conversations.join": [
            (
                "join-public",
                "method_not_supported_for_channel_type",
                "Only a public channel can be joined.",
            ),
        ],
        _METHODS + "pins.add": [
            ("pin-once", "already_pinned", "A message is pinned once."),
            ("pin-known", "message_not_found", "The message to pin exists."),
        ],
        _METHODS + "pins.remove": [
            ("pin-there", "no_pin", "What is unpinned was pinned."),
        ],
        _METHODS + "files.completeUploadExternal": [
            (
                "file-uploaded",
                "file_not_found",
                "A file is uploaded before its upload is completed.",
            ),
        ],
        _METHODS + "files.getUploadURLExternal": [
            (
                "file-alt",
                "alt_txt_too_large",
                "An image's description has 1,000 characters at most.",
            ),
        ],
        _METHODS + "assistant.threads.setStatus": [
            ("status-thread", "invalid_thread_ts", "A status belongs to a thread."),
        ],
        _METHODS + "oauth.v2.access": [
            ("client-known", "invalid_client_id", "The client id is the app's."),
            ("client-secret", "bad_client_secret", "The client secret is the app's."),
            ("code-known", "invalid_code", "The code is one that Slack gave."),
            ("redirect-same", "bad_redirect_uri", "The redirect_uri is that of the authorisation."),
            ("grant-type", "invalid_grant_type", "The grant type is one of OAuth's two."),
        ],
        "authentication/installing-with-oauth": [
            ("code-once", "invalid_code", "A code can be exchanged once."),
            ("code-fresh", "invalid_code", "A code expires ten minutes after it was given."),
            (
                "redirect-registered",
                "bad_redirect_uri",
                "The redirect_uri is a registered one, or below it.",
            ),
            ("authorize-client", "invalid_client_id", "The page is asked for by an app."),
            ("authorize-scopes", "no_scopes", "Who asks for consent asks for scopes."),
        ],
        "apis/events-api/using-socket-mode": [
            ("socket-ticket", "invalid_ticket", "A WebSocket URL is for one connection."),
            (
                "socket-count",
                "too_many_websockets",
                "An app has ten WebSocket connections at most.",
            ),
            ("socket-envelope", "unknown_envelope", "What is acknowledged was sent."),
            (
                "socket-payload",
                "payload_not_accepted",
                "Only envelopes that accept a payload get one.",
            ),
        ],
        "apis/events-api": [
            (
                "event-answer",
                "http_timeout",
                "What has no answer in 3 s is sent up to 3 times more.",
            ),
            (
                "event-status",
                "http_error",
                "What is not answered by 200 is sent up to 3 times more.",
            ),
        ],
        "reference/events/url_verification": [
            ("url-verified", "challenge_failed", "A request URL answers with the challenge."),
        ],
        "interactivity/implementing-slash-commands": [
            ("slash-thread", "slash_in_thread", "Slash commands can't be used in threads."),
        ],
    }
)


class Refused(Exception):
    """A rule of Slack's was broken.

    `error` replaces the rule's own where one rule is broken in several ways; `messages` are
    what Slack says in `response_metadata.messages`; `extra` is the rest of its answer.
    """

    def __init__(
        self,
        rule: str,
        *,
        error: str | None = None,
        messages: Sequence[str] = (),
        **extra: Any,
    ) -> None:
        from tests.fakes.slack_block_rules import BLOCK_RULES

        self.rule = RULES.get(rule) or BLOCK_RULES[rule]
        self.error = error or self.rule.error
        self.messages = tuple(messages)
        self.extra = extra
        super().__init__(f"{self.error}: {self.rule.sentence} ({self.rule.url})")
