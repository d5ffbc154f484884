"""An interaction, and how an app may answer it.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes import discord_shapes as shapes
from tests.fakes.discord_commands import MESSAGE as MESSAGE_MENU
from tests.fakes.discord_commands import check_choices
from tests.fakes.discord_message import COMMAND as COMMAND_TYPE
from tests.fakes.discord_message import EPHEMERAL, LOADING, MENU, REPLY, Message
from tests.fakes.discord_modals import check_modal
from tests.fakes.discord_posting import Draft, edit, keep, post
from tests.fakes.discord_rules import Json, Refused

if TYPE_CHECKING:
    from tests.fakes.discord_state import Channel, User, World

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
SAY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
#: How an acknowledgement is called in tests.
KINDS = {
    SAY: "message",
    DEFER: "defer",
    DEFER_UPDATE: "defer update",
    UPDATE: "update",
    CHOICES: "choices",
    MODAL: "modal",
}
#: How long a token lives, in seconds.
LIFE = 900.0


@dataclass(frozen=True, slots=True)
class Ack:
    """How an interaction was acknowledged: `kind` is one of `KINDS`, `after` is in seconds."""

    kind: str
    after: float
    ephemeral: bool
    data: Json


@dataclass(eq=False)
class Interaction:
    """One interaction; `source` is the message that its component stands on."""

    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    at: float
    data: Json
    source: Message | None = None
    #: The interaction that was answered with the form that this one submits.
    opened_by: Interaction | None = None
    ack: Ack | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    tries: int = 0
    late: bool = False  #: it was acknowledged, but after the three seconds

    def metadata(self) -> Json:
        """https://docs.discord.com/developers/resources/message#message-interaction-metadata-object."""
        guild = self.channel.guild
        drawn: Json = {
            "id": str(self.id),
            "type": self.kind,
            "user": shapes.user(self.user),
            "authorizing_integration_owners": {"0": str(guild.id if guild else 0)},
        }
        if self.kind == COMPONENT and self.source:
            drawn["interacted_message_id"] = str(self.source.id)
        if self.opened_by is not None:
            drawn["triggering_interaction_metadata"] = self.opened_by.metadata()
        return drawn

    def blank(self, world: World) -> Message:
        """A message of the app's in this interaction, before it says anything."""
        made = Message(world.snowflake(), self.channel, world.bot, world.clock.now())
        made.token, made.interaction = self.token, self.metadata()
        if self.kind == COMMAND:
            made.kind = MENU if self.data["type"] == MESSAGE_MENU else COMMAND_TYPE
        elif self.source is not None:
            made.kind, made.reference = REPLY, self.source
        return made


def acknowledge(world: World, interaction: Interaction, kind: int, draft: Draft) -> None:
    """Answer an interaction for the first time. Raises `Refused`."""
    interaction.tries += 1
    after = world.clock.now() - interaction.at
    if interaction.ack is not None:
        waits = interaction.ack.kind in ("defer", "defer update")
        raise Refused("modal_after_defer" if kind == MODAL and waits else "ack_once")
    if after > world.ack_window:
        interaction.late = True
        raise Refused("ack_in_time")
    _check_kind(interaction, kind)
    _act(world, interaction, kind, draft)
    hidden = bool(interaction.original and interaction.original.ephemeral)
    interaction.ack = Ack(KINDS[kind], after, hidden, draft.body)
    world.fire()


def _check_kind(interaction: Interaction, kind: int) -> None:
    if (kind == CHOICES) != (interaction.kind == AUTOCOMPLETE):
        raise Refused("choices_only", "type")
    if kind in (UPDATE, DEFER_UPDATE) and interaction.source is None:
        raise Refused("update_component", "type")
    if kind == MODAL and interaction.kind == SUBMIT:
        raise Refused("modal_after_modal", "type")
    if kind not in KINDS:
        raise Refused("choices_only", "type", f"Unknown type {kind}.")


def _act(world: World, interaction: Interaction, kind: int, draft: Draft) -> None:
    if kind == MODAL:
        check_modal(draft.body)
    elif kind == CHOICES:
        check_choices(draft.body.get("choices"), "data", "choices_count")
    elif kind == SAY:
        message = _hidden(interaction.blank(world), interaction, draft.body)
        interaction.original = post(world, message, draft, webhook=True)
    elif kind == DEFER:
        if (draft.body.get("flags") or 0) & ~EPHEMERAL:
            raise Refused("defer_flags", "data.flags")
        message = _hidden(interaction.blank(world), interaction, draft.body)
        message.flags |= LOADING
        interaction.original = keep(world, message)
    else:
        interaction.original = interaction.source
        if kind == UPDATE and interaction.source is not None:
            edit(world, interaction.source, draft, webhook=True)


def _hidden(message: Message, interaction: Interaction, body: Json) -> Message:
    if (body.get("flags") or 0) & EPHEMERAL:
        message.flags |= EPHEMERAL
        message.only_for = interaction.user.id
    return message


def follow_up(world: World, interaction: Interaction, draft: Draft) -> Message:
    """One more message; the first after a deferral fills that one instead.

    https://docs.discord.com/developers/interactions/receiving-and-responding#create-followup-message
    """
    first = interaction.original
    if first is not None and first.loading and not first.deleted:
        return edit(world, first, draft, webhook=True)
    message = _hidden(interaction.blank(world), interaction, draft.body)
    said = post(world, message, draft, webhook=True)
    interaction.followups.append(said)
    return said
