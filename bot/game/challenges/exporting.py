"""Results as files, with pseudonyms: a keyed hash, whose key is the community's own."""

from __future__ import annotations

import secrets

from bot.cards import Card
from bot.challenge import Contender, Side
from bot.challenge_requests import ChallengeRef, ExportResults
from bot.challenge_results import Closed
from bot.community.context import Context
from bot.errors import NotFound
from bot.game.challenges.commitments import (
    MUSE,
    maker_pseudonym,
    root_of,
    voter_pseudonym,
)
from bot.game.challenges.results import Results
from bot.present.challenges.celebrating import celebrated
from bot.present.challenges.files import Named, as_csv, as_jsonl, as_published, as_seals
from bot.present.challenges.halls import KINDS, file_card, published_card
from bot.present.challenges.pages import as_page
from bot.present.challenges.results import told
from bot.storage.challenges import Challenges
from bot.storage.refusals import ForeignSpace
from bot.storage.results import ResultStore
from bot.wording import en


class Exporting:
    """The use case of taking results along."""

    def __init__(self, results: Results, store: ResultStore, challenges: Challenges) -> None:
        self._results = results
        self._store = store
        self._challenges = challenges

    async def export(self, context: Context, request: ExportResults) -> Card:
        """A closed challenge as a file; picks are in it for organisers only. Of one that people
        vote in its seals alone, which are published.

        Raises `NotFound` for a kind that there isn't, or where nothing has closed.
        """
        if request.kind not in KINDS:
            raise NotFound(en.no_such_file(request.kind))
        if request.kind == "commitments":
            published = await self._published(context, request.challenge)
            if published is not None:
                return published
        closed = await self._results.here(context, request.challenge)
        ref = ChallengeRef(closed.challenge.community, closed.challenge.id)
        secret = await self._store.secret(ref.community, secrets.token_hex(16))
        named = Named(_makers(closed, secret), {})
        match request.kind:
            case "csv":
                text = as_csv(closed, named)
            case "jsonl":
                text = await self._lines(context, closed, ref, secret)
            case "commitments":
                text = as_seals(closed, named)
            case _:
                text = as_page(closed, named, [*celebrated(closed), *told(closed)])
        return file_card(closed, request.kind, text)

    async def _published(self, context: Context, named: ChallengeRef | None) -> Card | None:
        """The seals of a challenge whose voting is on; None where that is not so."""
        if named is None:
            challenge = await self._challenges.latest(context.community.id)
        else:
            challenge = await self._challenges.read(named)
        if challenge is None or not challenge.taking_picks:
            return None
        here = challenge.community == context.community.id
        if not here and challenge.plan.at(context.command.space) is None:
            raise ForeignSpace
        pool = await self._challenges.pool(ChallengeRef(challenge.community, challenge.id))
        seals = [each.commitment for each in pool.values()]
        return published_card(challenge, as_published(challenge, seals, root_of(seals)))

    async def _lines(self, context: Context, closed: Closed, ref: ChallengeRef, secret: str) -> str:
        makers = _makers(closed, secret)
        if not context.organiser:
            return as_jsonl(closed, Named(makers, {}))
        material = await self._store.material(ref)
        picks = [p for p in material.picks if p.side is not Side.SKIP] if material else []
        names = {p.member: voter_pseudonym(secret, ref.challenge, p.member) for p in picks}
        # By pseudonym, so that the order of lines does not tell who came to Muse first.
        picks.sort(key=lambda pick: (names[pick.member], pick.number))
        return as_jsonl(closed, Named(makers, names), picks)


def _makers(closed: Closed, secret: str) -> dict[str, str]:
    """Makers by alias, as their entries were sealed; '' for somebody who is forgotten.

    Who put in what is the deck's keeps their own: what was sealed does not change.
    """
    return {alias: _maker(entry, secret) for alias, entry in closed.pool.items()}


def _maker(entry: Contender, secret: str) -> str:
    if entry.author:
        return maker_pseudonym(secret, entry.author)
    return MUSE if entry.muses else ""
