"""Governing: how Muse behaves here, who may say so, who may not play, and who did what."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import Card
from bot.community.context import Context, organiser_only
from bot.community.rules import (
    BY_NAME,
    PRESETS,
    Rules,
    Section,
    channel_of,
)
from bot.community.settled import default_of, settings_card, told
from bot.community_requests import (
    Block,
    NameOrganiser,
    SetPreset,
    SetRule,
    ShowLog,
    ShowOrganisers,
    ShowRules,
)
from bot.errors import BadInput, NotAllowed, NotFound
from bot.models import UserRef
from bot.present.governing import log_card, organisers_card
from bot.present.receipts import said
from bot.settings import LimitSettings
from bot.storage.audit import AuditLog
from bot.storage.charters import Charter, Charters
from bot.storage.linked import Linked
from bot.wording import en

REASON = 200  # characters
PERSON = 64  # characters of a platform's id


class Governing:
    """The use cases of organisers."""

    def __init__(
        self,
        charters: Charters,
        linked: Linked,
        audit: AuditLog,
        defaults: Rules,
        limits: LimitSettings,
    ) -> None:
        self._charters = charters
        self._linked = linked
        self._audit = audit
        self._defaults = defaults
        self._limits = limits

    async def show(self, context: Context, request: ShowRules) -> Card:
        """A section of what is set."""
        organiser_only(context)
        if request.section not in tuple(Section):
            raise NotFound(en.no_such_rule(request.section, "", tuple(Section)))
        return self._card(context, Section(request.section), context.charter, here=request.here)

    async def set_rule(self, context: Context, request: SetRule) -> Card:
        """Set one thing, and show its section with a way back."""
        organiser_only(context)
        rule = BY_NAME.get(request.rule)
        if rule is None:
            raise NotFound(en.no_such_rule(request.rule, "", tuple(BY_NAME)))
        if request.here and not rule.per_channel:
            raise BadInput(en.not_per_channel(rule.label))
        value = rule.checked(request.value) if request.value else ""
        name = f"{rule.name}@{_channel(context)}" if request.here else rule.name
        before = await self._charters.set_rule(
            context.community.id, context.command.space, name, value, context.deed("rule")
        )
        charter = await self._charters.of(context.community.id)
        shown = rule.says(value or default_of(rule.name, self._defaults))
        done = en.RULE_SET.format(label=rule.label, value=shown)
        undo = SetRule(rule.name, before, request.here) if before != value else None
        return self._card(context, rule.section, charter, here=request.here, done=done, undo=undo)

    async def set_preset(self, context: Context, request: SetPreset) -> Card:
        """Set several things as they suit a kind of place, or as they were before that."""
        organiser_only(context)
        community, space = context.community.id, context.command.space
        undo: SetPreset | None = None
        if request.preset == en.PRESET_BACK:
            await self._charters.set_back(community, space, context.deed("preset-back"))
            done = en.PRESET_UNDONE
        elif request.preset in PRESETS:
            values, deed = PRESETS[request.preset], context.deed("preset", request.preset)
            await self._charters.set_rules(community, space, values, deed)
            done = en.PRESET_SET.format(name=en.PRESETS[request.preset][0].casefold())
            undo = SetPreset(en.PRESET_BACK)
        else:
            raise NotFound(en.no_such_rule(request.preset, "", (*PRESETS, en.PRESET_BACK)))
        charter = await self._charters.of(community)
        return self._card(context, Section.PACE, charter, here=False, done=done, undo=undo)

    async def organisers(self, context: Context, _: ShowOrganisers) -> Card:
        """Who organises here."""
        organiser_only(context)
        return organisers_card(_people(context.charter))

    async def name(self, context: Context, request: NameOrganiser) -> Card:
        """Name an organiser, or not any more. Who may manage the space always is one."""
        organiser_only(context)
        user = _person(context, request.who)
        what = "organiser-add" if request.on else "organiser-remove"
        changed = await self._charters.set_organiser(
            context.community.id,
            context.command.space,
            user,
            context.deed(what, str(user)),
            on=request.on,
        )
        done = ""
        if changed:
            done = en.ORGANISER_NAMED if request.on else en.ORGANISER_UNNAMED
        return organisers_card(_people(await self._charters.of(context.community.id)), done)

    async def block(self, context: Context, request: Block) -> Card:
        """Keep a member from Muse here, whoever they are elsewhere, or let them in again."""
        organiser_only(context)
        user = _person(context, request.who)
        why = " ".join(request.why.split())[:REASON]
        deed = context.deed("block" if request.on else "unblock", str(user), why)
        community, changed = context.community.id, False
        known: set[UserRef] = set()
        # Somebody may link another identity just now; once one is blocked, nobody can.
        while more := {user, *await self._linked.of(community, user)} - known:
            known |= more
            if request.on and context.command.user in known:
                raise NotAllowed(en.BLOCK_YOURSELF)
            changed |= await self._charters.set_blocked(
                community, context.command.space, known, deed, on=request.on
            )
        if request.on:
            return said(en.BLOCKED if changed else en.BLOCKED_BEFORE)
        return said(en.UNBLOCKED if changed else en.UNBLOCKED_BEFORE)

    async def log(self, context: Context, request: ShowLog) -> Card:
        """What organisers did, the newest first."""
        organiser_only(context)
        size = self._limits.page_size
        first = (request.page - 1) * size
        page = await self._audit.page(
            context.community.id, first, size, context.command.space.platform
        )
        return log_card(replace(page, rows=tuple(told(row) for row in page.rows)), first, size)

    def _card(
        self,
        context: Context,
        section: Section,
        charter: Charter,
        *,
        here: bool,
        done: str = "",
        undo: SetRule | SetPreset | None = None,
    ) -> Card:
        channel = _channel(context)
        return settings_card(
            section, charter.rules, channel, self._defaults, here=here, done=done, undo=undo
        )


def _channel(context: Context) -> str:
    return channel_of(context.command.address)


def _people(charter: Charter) -> list[UserRef]:
    return [UserRef.parse(identity) for identity in sorted(charter.organisers)]


def _person(context: Context, who: str) -> UserRef:
    """Somebody of the platform that the command came from. Raises `BadInput`."""
    if not who or len(who) > PERSON or not who.isprintable():
        raise BadInput(en.NO_SUCH_PERSON)
    return UserRef(context.command.user.platform, who)
