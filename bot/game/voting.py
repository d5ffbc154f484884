"""Votes: approvals and their reasons, set and taken back, each one round trip."""

from __future__ import annotations

from bot.cards import Card
from bot.community.context import Context, round_here
from bot.community.gates import through_gate
from bot.game.delivery import Delivery
from bot.models import RoundState
from bot.present.receipts import receipt
from bot.requests import Unvote, Vote
from bot.storage.rounds import Rounds
from bot.storage.votes import Turn, Votes


class Voting:
    """The use cases of a vote. What a member sees is what Redis holds."""

    def __init__(self, rounds: Rounds, votes: Votes, delivery: Delivery) -> None:
        self._rounds = rounds
        self._votes = votes
        self._delivery = delivery

    async def vote(self, context: Context, request: Vote) -> Card:
        """Approve entries, with reasons where given. Raises `NotAllowed` at a closed gate."""
        through_gate(context)
        return await self._turn(context, request, Turn.ON)

    async def unvote(self, context: Context, request: Unvote) -> Card:
        """Take approvals back, or only reasons."""
        return await self._turn(context, request, Turn.LESS if request.facets else Turn.OFF)

    async def _turn(self, context: Context, request: Vote | Unvote, turn: Turn) -> Card:
        ref = await round_here(context, self._rounds, request.round)
        command = context.command
        standing = await self._votes.turn(
            ref,
            context.event,
            command.space,
            command.user,
            request.entries,
            turn,
            request.facets,
            context.now,
        )
        self._delivery.refresh(ref)
        hidden = standing.tallies_for == "close" and standing.state is not RoundState.CLOSED
        return receipt(ref, standing, hidden=hidden)
