"""A running challenge's theme is not written on where everybody reads along."""

from __future__ import annotations

from bot.community.context import Context
from bot.errors import Refusal
from bot.game.challenges.likeness import tells_of
from bot.storage.challenges import Challenges
from bot.wording import en


class Secrecy:
    """Keeps Muse from showing, before the close, what it makes of the theme: who reads that
    would know its entries by it. In private with Muse, a community of one's own, it may be asked.
    """

    def __init__(self, challenges: Challenges) -> None:
        self._challenges = challenges

    async def keep(self, context: Context, prompt: str) -> None:
        """Raise `Refusal` where a prompt is nearly the theme of a challenge that runs here."""
        challenge = await self._challenges.latest(context.community.id)
        if challenge is None or not (challenge.taking_entries or challenge.taking_picks):
            return
        if tells_of(prompt, challenge.theme):
            raise Refusal(en.THEME_IS_RUNNING)
