"""The rules of Discord that the fake keeps: each with Discord's own words and where they stand.

The words are abridged at “[…]”; a field's stand after its name, an error's after its code.

`discord_rule_table.py` and its two companions hold the rows. A request that breaks one is answered
with `Refused(name)`, drawn as Discord draws its errors; `tests/integration/test_discord_rules.py`
breaks each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DOCS = "https://docs.discord.com/developers/"

Json = dict[str, Any]

#: What Discord says beside a code.
#: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes
MESSAGES = {
    0: "401: Unauthorized",
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10007: "Unknown Member",
    10008: "Unknown Message",
    10011: "Unknown Role",
    10013: "Unknown User",
    10015: "Unknown Webhook",
    10062: "Unknown interaction",
    10063: "Unknown application command",
    30003: "Maximum number of pins reached for the channel (250)",
    30015: "Maximum number of attachments in a message reached (10)",
    30032: "Maximum number of application commands reached",
    30038: "Maximum number of uncompleted guild scheduled events reached (100)",
    40060: "Interaction has already been acknowledged.",
    50001: "Missing Access",
    50005: "Cannot edit a message authored by another user",
    50006: "Cannot send an empty message",
    50007: "Cannot send messages to this user",
    50013: "Missing Permissions",
    50019: "A message can only be pinned to the channel it was sent in",
    50027: "Invalid Webhook Token",
    50033: "Invalid Recipient(s)",
    50035: "Invalid Form Body",
    50083: "Tried to perform an operation on an archived thread",
    50109: "The request body contains invalid JSON.",
    50146: "Uploaded file not found.",
    160002: "Cannot reply without permission to read message history",
    160004: "A thread has already been created for this message",
    160005: "Thread is locked",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What Discord says, where, and how it answers a request (`status`) that breaks it.

    `status` is an HTTP status, or a gateway's close code from 4000 on; 0 where nothing is
    refused and the rule decides what happens. `code` is the JSON error code.
    """

    says: str
    url: str
    status: int = 400
    code: int = 50035


class Refused(Exception):
    """A request that breaks the rule of that name. `at` is the path in its body, by dots."""

    def __init__(self, name: str, at: str = "", detail: str = "") -> None:
        super().__init__(name, at, detail)
        self.name = name
        self.at = at
        self.detail = detail

    @property
    def rule(self) -> Rule:
        from tests.fakes.discord_rule_table import RULES

        return RULES[self.name]

    @property
    def body(self) -> Json:
        """The error as Discord writes it.

        https://docs.discord.com/developers/reference#error-messages
        """
        code = self.rule.code
        said: Json = {"message": MESSAGES[code], "code": code}
        if code == 50035:
            said["errors"] = self._nested()
        return said

    def _nested(self) -> Json:
        reason = {"code": self.name.upper(), "message": self.detail or self.rule.says}
        nested: Json = {"_errors": [reason]}
        for part in reversed(self.at.split(".") if self.at else []):
            nested = {part: nested}
        return nested


def length(name: str, text: Any, most: int, at: str, *, least: int = 0) -> None:
    """Raise `Refused(name)` where a text is no text, or not of that many characters."""
    if not isinstance(text, str) or not least <= len(text) <= most:
        found = len(text) if isinstance(text, str) else type(text).__name__
        raise Refused(name, at, f"Must be between {least} and {most} in length, not {found}.")


def count(name: str, items: Any, most: int, at: str, *, least: int = 0) -> None:
    """Raise `Refused(name)` where a list is no list, or not of that many items."""
    if not isinstance(items, list) or not least <= len(items) <= most:
        found = len(items) if isinstance(items, list) else type(items).__name__
        raise Refused(name, at, f"Must have between {least} and {most} items, not {found}.")
