"""Angles: the lenses that a community writes from. It adds, describes and hides its own."""

from __future__ import annotations

import re

from bot.brief import Angles, Lens
from bot.cards import Card
from bot.community.context import Context, bounded, organiser_only
from bot.community.moderation import Moderation
from bot.community_requests import DescribeAngle, HideAngle, RemoveAngle, ShowAngles
from bot.errors import BadInput, NotFound
from bot.present.knowing import angles_card
from bot.storage.knowledge import Knowledge
from bot.wording import en
from bot.writing.lenses import LENSES

NAME = 40  # characters
INSTRUCTION = 240  # so that with its name it fits a brief (`bot.writing.briefs.LENS_CHARS`)
_BAD_IN_A_NAME = re.compile(r"[,:;~\x00-\x1f]")


class AngleKeeping:
    """The use cases of a community's lenses."""

    def __init__(self, knowledge: Knowledge, moderation: Moderation) -> None:
        self._knowledge = knowledge
        self._moderation = moderation

    async def show(self, context: Context, _: ShowAngles) -> Card:
        """Every lens, with those that are hidden."""
        organiser_only(context)
        return await self._card(context)

    async def describe(self, context: Context, request: DescribeAngle) -> Card:
        """Add a lens of the community's own, or describe it anew."""
        organiser_only(context)
        name = " ".join(bounded(request.name, NAME, "name", en.EMPTY_ANGLE).split())
        does = bounded(request.instruction, INSTRUCTION, "description", en.EMPTY_INSTRUCTION)
        if _BAD_IN_A_NAME.search(name):
            raise BadInput(en.BAD_ANGLE_NAME)
        does = " ".join(does.split())
        await self._moderation.check_each(context, (name, "name"), (does, "description"))
        angles = await self._knowledge.angles(context.community.id)
        known = _found(angles, name)
        if known is not None and known not in angles.own:
            raise BadInput(en.ANGLE_IS_MUSES)
        name = known.name if known else name
        lens = Lens(name, name, does, does)
        deed = context.deed("angle-add", name)
        new = await self._knowledge.put_angle(
            context.community.id, context.command.space, lens, deed
        )
        said = en.angle_added(name) if new else en.angle_described(name)
        return await self._card(context, said)

    async def hide(self, context: Context, request: HideAngle) -> Card:
        """Write from a lens no more, or again."""
        organiser_only(context)
        lens = await self._named(context, request.name)
        await self._change(context, lens, "hide" if request.hidden else "show")
        text = en.angle_hidden(lens.label) if request.hidden else en.angle_shown(lens.label)
        return await self._card(context, text)

    async def remove(self, context: Context, request: RemoveAngle) -> Card:
        """Take back a lens that the community added."""
        organiser_only(context)
        lens = await self._named(context, request.name)
        if lens in LENSES:
            raise NotFound(en.NO_OWN_ANGLE)
        await self._change(context, lens, "remove")
        return await self._card(context, en.angle_removed(lens.label, lens.instruction))

    async def _named(self, context: Context, name: str) -> Lens:
        lens = _found(await self._knowledge.angles(context.community.id), name)
        if lens is None:
            raise NotFound(en.no_such_angle(name))
        return lens

    async def _change(self, context: Context, lens: Lens, change: str) -> None:
        await self._knowledge.change_angle(
            context.community.id,
            context.command.space,
            lens.name,
            change,
            len(LENSES),
            context.deed(f"angle-{change}", lens.name),
        )

    async def _card(self, context: Context, said: str = "") -> Card:
        return angles_card(await self._knowledge.angles(context.community.id), said)


def offered(angles: Angles) -> tuple[Lens, ...]:
    """The lenses that a community's rounds are written from."""
    return tuple(lens for lens in (*LENSES, *angles.own) if lens.name not in angles.hidden)


def _found(angles: Angles, name: str) -> Lens | None:
    """The lens of that name or label, whatever its case."""
    wanted = _same(name)
    for lens in (*angles.own, *LENSES):
        if wanted in (_same(lens.name), _same(lens.label)):
            return lens
    return None


def _same(name: str) -> str:
    """A name as all spellings of it are compared."""
    return " ".join(name.split()).casefold().replace("'", "’")
