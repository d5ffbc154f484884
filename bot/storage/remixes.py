"""Remixes: what members asked Muse to make of entries, and what came of it."""

from __future__ import annotations

from datetime import datetime

from bot.models import Draft, Origin, RoundRef, SpaceRef, Twist, UserRef
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.client import Store, script
from bot.storage.refusals import refuse
from bot.storage.rounds import Rounds
from bot.storage.votes import milliseconds


class Remixes:
    """The repository of remixes that Muse is to write."""

    def __init__(self, store: Store, rounds: Rounds) -> None:
        self._store = store
        self._rounds = rounds

    async def place(
        self,
        ref: RoundRef,
        home: SpaceRef,
        twist: Twist,
        number: int,
        draft: Draft,
        limit: int,
        now: datetime,
    ) -> None:
        """Put the `number`-th version that Muse wrote of a twist behind the others; once.

        It is its member's and Muse's together. `home` is the round's space, `limit` the most
        entries of the round. Raises `NotFound`, `TooLate`, `LimitReached`, `Refusal`.
        """
        await self._rounds.add(
            ref,
            f"{twist.key}.{number}",
            home,
            twist.user,
            draft.text,
            twist.entry,
            limit,
            each=None,  # it was counted when it was asked for
            origin=Origin.TOGETHER,
            model=draft.model,
            now=now,
        )

    async def ask(
        self,
        ref: RoundRef,
        event: str,
        space: SpaceRef,
        user: UserRef,
        entry: int,
        text: str,
        limits: tuple[int, int],
        now: datetime,
    ) -> None:
        """Note what a member wants Muse to make of an entry; once for each event.

        `limits`: the most entries of one member, and of the round. Raises `NotFound`,
        `TooLate`, `LimitReached`, `ForeignSpace`.
        """
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)
        reply = await self._store.run(
            script("round_twist"),
            (
                *(own.record, own.entries, shared.record, shared.spaces),
                *(shared.ids, shared.people, shared.agenda),
            ),
            (
                *(event, str(space), str(user), entry, text, *limits),
                *(milliseconds(now), items.twist(ref)),
            ),
        )
        if reply[0] != "ok":
            refuse(reply)

    async def strike(self, ref: RoundRef, twist: Twist, now: datetime, failure: str = "") -> None:
        """Strike a twist that is done with; `failure` says why nothing came of it."""
        await self._store.run(
            script("round_twisted"),
            (
                keys.round_keys(ref.community, ref.round).record,
                keys.community(ref.community).agenda,
            ),
            (twist.key, failure, milliseconds(now)),
        )
