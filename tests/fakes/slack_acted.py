"""What came of something that a member did: the answer, and what the member then sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fakes.slack_deliveries import Ack, Delivery
from tests.fakes.slack_state import Channel, Member, Message, ResponseUrl, Trigger, View

if TYPE_CHECKING:
    from tests.fakes.slack_core import SlackCore

#: What to look for: a part of what it says, or a question asked of it.
WhereMessage = str | Callable[[Message], bool] | None
WhereView = str | Callable[[View], bool] | None


class CannotDo(LookupError):
    """No member could do this: there is no such button, the field must be filled in …"""


@dataclass(slots=True)
class Acted:
    """One act, already answered. `since` is the number of the world's last change before it.

    `seen_error` is what Slack shows the member where the app did not answer as it should:
    `operation_timeout`, `dispatch_failed`, `invalid_command_response` …
    """

    slack: SlackCore
    member: Member
    since: int
    delivery: Delivery | None = None
    channel: Channel | None = None
    trigger: Trigger | None = None
    response_url: ResponseUrl | None = None
    said: Message | None = None
    seen_error: str | None = None

    @property
    def ack(self) -> Ack:
        """The first answer; `acks` has those of every repetition too."""
        return self.acks[0]

    @property
    def acks(self) -> list[Ack]:
        return self.delivery.answers if self.delivery else []

    @property
    def errors(self) -> dict[str, str]:
        """The errors on the fields of a submitted modal, by block_id."""
        payload = self.ack.payload
        return dict(payload.get("errors") or {}) if isinstance(payload, dict) else {}

    async def message(self, where: WhereMessage = None, within: float | None = None) -> Message:
        """A message of the app's that was posted or changed since, where the act was."""
        return await self._found(where, None, "message", within)

    async def ephemeral(self, where: WhereMessage = None, within: float | None = None) -> Message:
        """One that only this member sees, posted or changed since."""
        return await self._found(where, self.member.id, "ephemeral message", within)

    async def view(self, where: WhereView = None, within: float | None = None) -> View:
        """The modal that this member has before them, opened or changed since."""
        return await self.slack.view_of(self.member, where, self.since, within)

    async def replay(self, number: int = 1) -> Ack:
        """Slack sends the very same again."""
        assert self.delivery is not None
        return await self.slack.deliveries.replay(self.delivery, number)

    async def _found(
        self, where: WhereMessage, only: str | None, what: str, within: float | None
    ) -> Message:
        def look() -> Message | None:
            for channel in [self.channel] if self.channel else self.slack.channels_of(self.member):
                for message in reversed(channel.messages.values()):
                    mine = message.body.get("app_id") == self.slack.app_id
                    fresh = message.at > self.since and not message.deleted
                    if mine and fresh and message.ephemeral_to == only and fits(message, where):
                        return message
            return None

        return await self.slack.world.until(look, f"{what} where {where!r}", within)


def fits(message: Message, where: WhereMessage) -> bool:
    if where is None:
        return True
    return where in message.says if isinstance(where, str) else where(message)


def view_fits(view: View, where: WhereView) -> bool:
    if where is None:
        return True
    return where in view.says if isinstance(where, str) else where(view)
