"""What members are called, and who may manage the workspace: asked of Slack, kept for minutes.

Nothing of it is stored. https://docs.slack.dev/reference/methods/users.info
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack import words
from adapters.slack.payloads import PLATFORM
from adapters.slack.text import Pen, tidy
from adapters.slack.web import Web
from bot.cards import (
    Bar,
    Card,
    Heading,
    Line,
    Note,
    Paragraph,
    Person,
    Piece,
    Pool,
    Ranked,
    Select,
    Tree,
)
from bot.errors import StageFailed
from bot.models import Tenure, UserRef

log = logging.getLogger(__name__)

KEPT_SECONDS = 300.0
KEPT = 10_000  # members in memory
PATIENCE = 1.5  # seconds that a card waits for the names on it
AGAIN = 0.5  # seconds that is waited for somebody who was waited for in vain
LONGEST_NAME = 80
#: What a full member of a workspace is not. https://docs.slack.dev/reference/objects/user-object
_OUTSIDE = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")


@dataclass(frozen=True, slots=True)
class Member:
    """What is known of a member for a while; `until` is by the event loop's clock."""

    name: str
    manages: bool
    until: float
    zone: str = ""  #: of their profile, by its IANA name
    full: bool = True  #: no guest, none from elsewhere; also while that is not known


class People:
    """Asks for each member once in a while, and for nobody twice at a time."""

    def __init__(self, web: Web, command: str) -> None:
        self._web = web
        self._plain = Pen(elsewhere, command, shared=True)
        self._plain_view = Pen(elsewhere, command, mentions=True, shared=True)
        self._command = command
        self._known: OrderedDict[tuple[str, str], Member] = OrderedDict()
        self._asking: dict[tuple[str, str], asyncio.Task[Member]] = {}
        self._homes: OrderedDict[str, str] = OrderedDict()
        self._groups: dict[str, tuple[float, tuple[tuple[str, str], ...]]] = {}

    def seen(self, team: str, user: str) -> None:
        """Know the workspace in which a member was met."""
        self._homes[user] = team
        if len(self._homes) > KEPT:
            self._homes.popitem(last=False)

    async def name(self, team: str, user: str) -> str:
        """A member's name in a workspace, or what to say instead."""
        return (await self._member(team, user)).name

    async def manages(self, team: str, user: str) -> bool:
        """Whether Slack says that a member is an admin or owner of the workspace."""
        try:
            async with asyncio.timeout(PATIENCE):
                return (await self._member(team, user)).manages
        except TimeoutError:
            log.info("Slack did not say in time whether a member manages workspace %s", team)
            return False

    async def tenure(self, team: str, user: str, *, again: bool = False) -> Tenure:
        """Whether Slack says that a member is a full one: active, no guest, of this workspace.

        What it does not say in time counts for them; when they joined it never tells.
        """
        try:
            async with asyncio.timeout(AGAIN if again else PATIENCE):
                member = await self._member(team, user)
        except TimeoutError:
            log.info("Slack did not say in time whether a member of workspace %s is a guest", team)
            return Tenure()
        return Tenure(full=member.full, zone=member.zone)

    def zone(self, team: str, user: str) -> str:
        """The zone of a member's profile, as far as it is known already."""
        known = self._known.get((team, user))
        return known.zone if known is not None else ""

    async def display_name(self, user: UserRef) -> str:
        """A member's name wherever they were met, or what to say instead."""
        team = self._homes.get(user.id) or self._web.grants.only
        if user.platform != PLATFORM or not team:
            return elsewhere(user)
        return await self.name(team, user.id)

    async def pen(self, team: str, card: Card, *, mentions: bool = False) -> Pen:
        """What a card is drawn with: the names of those on it, as far as they come in time."""
        users = set() if mentions else set(people_on(card))
        asked = [user for user in users if user.platform == PLATFORM]
        choosing = any(isinstance(b, Select) and b.pool is Pool.ROLES for b in card.blocks)
        if not asked and not choosing:
            return self._plain_view if mentions else self._plain
        if asked:
            tasks = [asyncio.ensure_future(self.name(team, user.id)) for user in asked]
            await asyncio.wait(tasks, timeout=PATIENCE)
            names = {
                user: task.result()
                for user, task in zip(asked, tasks, strict=True)
                if task.done() and not task.cancelled()
            }
        else:
            names = {}
        groups = await self._groups_of(team) if choosing else ()
        return Pen(lambda user: names.get(user) or elsewhere(user), self._command, mentions, groups)

    def plain_pen(self) -> Pen:
        """What is drawn with where nobody is named."""
        return self._plain

    async def _groups_of(self, team: str) -> tuple[tuple[str, str], ...]:
        """The user groups of a workspace: what elsewhere is a role.

        https://docs.slack.dev/reference/methods/usergroups.list
        """
        now = asyncio.get_running_loop().time()
        until, groups = self._groups.get(team, (0.0, ()))
        if now < until:
            return groups
        try:
            async with self._web.calling(team, "usergroups.list") as client:
                said = await client.usergroups_list()
        except StageFailed as failure:
            log.info("the user groups of workspace %s could not be had: %s", team, failure)
            return groups
        held = said.get("usergroups") or []
        groups = tuple((str(each["id"]), str(each["handle"])) for each in held)
        self._groups[team] = (now + KEPT_SECONDS, groups)
        return groups

    async def _member(self, team: str, user: str) -> Member:
        key = (team, user)
        known = self._known.get(key)
        if known is not None and asyncio.get_running_loop().time() < known.until:
            return known
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._ask(team, user))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def _ask(self, team: str, user: str) -> Member:
        until = asyncio.get_running_loop().time() + KEPT_SECONDS
        try:
            async with self._web.calling(team, "users.info") as client:
                said = await client.users_info(user=user)
            member = _member(said["user"], team, until)
        except StageFailed as failure:
            log.info("a member could not be asked for: %s", failure)
            member = Member(elsewhere(UserRef(PLATFORM, user)), False, until - KEPT_SECONDS / 2)
        self._known[team, user] = member
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return member


def _member(held: Mapping[str, Any], team: str, until: float) -> Member:
    """What Slack says of a member. An admin of another workspace, who is here in a shared
    channel, manages nothing here.
    """
    profile = held.get("profile") or {}
    name = profile.get("display_name") or held.get("real_name") or held.get("name") or ""
    teams = {held.get("team_id"), *((held.get("enterprise_user") or {}).get("teams") or ())}
    manages = team in teams and bool(held.get("is_admin") or held.get("is_owner"))
    full = team in teams and not any(held.get(each) for each in _OUTSIDE)
    clean = " ".join(tidy(str(name)).split())[:LONGEST_NAME]
    zone = str(held.get("tz") or "")
    return Member(clean or elsewhere(UserRef(PLATFORM, "")), manages, until, zone, full)


def elsewhere(user: UserRef) -> str:
    """What to call a member whose name can't be had."""
    return words.SOMEBODY.format(platform=user.platform.capitalize())


def people_on(card: Card) -> Iterator[UserRef]:
    """Everybody who is named on a card."""
    for block in card.blocks:
        read = _LINES.get(type(block))
        for line in read(block) if read is not None else ():
            for span in line:
                if type(span) is Person and span.user is not None:
                    yield span.user


#: The lines of each kind of block that has some.
_LINES: dict[type, Callable[[Any], Iterable[Line]]] = {
    Heading: lambda block: (block.line,),
    Paragraph: lambda block: (block.line,),
    Note: lambda block: (block.line,),
    Piece: lambda block: (block.byline,),
    Bar: lambda block: (block.label, block.value),
    Ranked: lambda block: (block.line, block.value),
    Tree: lambda block: (line for _, line in block.rows),
}
