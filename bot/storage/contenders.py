"""Entries of a challenge that are reported, and what organisers decide of them, by alias.

Before the close nobody learns who made one: not from the queue, nor from what a decision answers.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from bot.challenge import ChallengeState
from bot.challenge_requests import ChallengeRef
from bot.listings import ReportedContender
from bot.models import SpaceRef, UserRef
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.audit import Deed
from bot.storage.challenge_records import read_contender
from bot.storage.client import Store, script
from bot.storage.refusals import refuse
from bot.storage.report_values import (
    KNOWN_FOR,
    MOST_ACCUSED,
    MOST_NOTICES,
    MOST_OTHERS,
    REMEMBERED,
    Decision,
    Outcome,
)
from bot.storage.votes import milliseconds

_MARK = "="  # begins what an entry of a challenge is called among reported pieces


class Contenders:
    """The repository of what becomes of single entries of a pool."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def report(
        self,
        ref: ChallengeRef,
        event: str,
        space: SpaceRef,
        user: UserRef,
        alias: str,
        why: str,
        now: datetime,
        most: int,
        *,
        gated: bool = False,
    ) -> Outcome:
        """Put a report on record, once a member and entry. `most` of members of standing hide
        the entry, 0 never; `gated` says that a gate is closed to this one.

        Raises `NotFound`, `TooLate`, `ForeignSpace`.
        """
        shared = keys.community(ref.community)
        own = keys.challenge_keys(ref.community, ref.challenge)
        reply = await self._store.run(
            script("contender_report"),
            (
                *(own.record, own.pool, own.reports, shared.reported, shared.accused),
                *(shared.spaces, shared.record, shared.ids, shared.people, shared.seen),
            ),
            (
                *(str(space), str(user), alias, why, milliseconds(now), most),
                *("1" if gated else "", _name(ref, alias), MOST_OTHERS),
                *(_before(now, KNOWN_FOR), _before(now, REMEMBERED), MOST_ACCUSED, event),
            ),
        )
        if reply[0] != "ok":
            refuse(reply)
        return Outcome(reply[1])

    async def decide(
        self, ref: ChallengeRef, space: SpaceRef, alias: str, decision: Decision, deed: Deed
    ) -> bool:
        """Do what an organiser decided; whether that changed anything.

        Raises `NotFound`, `TooLate`, `ForeignSpace`.
        """
        shared = keys.community(ref.community)
        own = keys.challenge_keys(ref.community, ref.challenge)
        reply = await self._store.run(
            script("contender_decide"),
            (
                *(own.record, own.pool, shared.reported, shared.notices, shared.spaces),
                shared.agenda,
                *deed.keys(ref.community),
            ),
            (
                *(str(space), alias, decision, _name(ref, alias), MOST_NOTICES),
                *(milliseconds(deed.at), items.redraw(ref)),
                *deed.args(),
            ),
        )
        if reply[0] != "ok":
            refuse(reply)
        return bool(reply[1])


def of_challenge(name: str) -> bool:
    """Whether what is called so among reported pieces is of a challenge, not of a round."""
    return name.startswith(_MARK)


async def reported_contender(store: Store, community: str, name: str) -> ReportedContender | None:
    """A reported entry by what it is called in the queue; None where there is nothing to decide
    any more. Alias and text, and no more.
    """
    challenge, _, alias = name.removeprefix(_MARK).partition("/")
    own = keys.challenge_keys(community, challenge)
    state = await store.call("HGET", own.record, "state")
    kept = await store.call("HGET", own.pool, alias)
    decidable = state in (ChallengeState.VOTING, ChallengeState.CLOSED)
    if not decidable or not kept or json.loads(kept).get("dq"):
        return None
    entry = read_contender(alias, kept)
    return (
        ReportedContender(challenge, alias, entry.text, bool(entry.hidden)) if entry.text else None
    )


def _name(ref: ChallengeRef, alias: str) -> str:
    return f"{_MARK}{ref.challenge}/{alias}"


def _before(now: datetime, length: timedelta) -> int:
    return milliseconds(now - length)
