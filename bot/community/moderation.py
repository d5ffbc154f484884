"""Moderation: every text is checked before anyone else sees it, a person's and a model's."""

from __future__ import annotations

import asyncio

from bot.community.context import Context
from bot.community.rules import Rules, effective
from bot.community.text_rules import fault
from bot.errors import Refusal
from bot.models import Draft, Origin
from bot.storage.charters import Charters
from bot.wording import en
from bot.writing.judging import Judge, Verdict

Text = tuple[str, str]
"""A text, and what it is to its author: a key of the wording's `MODERATED`."""


class Moderation:
    """Holds texts against a community's own rules, then asks the model's moderation."""

    def __init__(self, charters: Charters, defaults: Rules, judge: Judge) -> None:
        """`defaults` hold where a community has set nothing else."""
        self._charters = charters
        self._defaults = defaults
        self._judge = judge

    async def check(self, context: Context, text: str, what: str) -> None:
        """Let a person's text pass, or raise a `Refusal` that says what to change."""
        await self.check_each(context, (text, what))

    async def check_each(self, context: Context, *texts: Text) -> None:
        """As `check`, of several texts in the time of one; empty ones pass."""
        given = [(text, what) for text, what in texts if text.strip()]
        rules = context.rules
        for text, what in given:
            wrong = fault(text, context.charter.words, links=rules.links)
            if wrong is not None:
                raise Refusal(en.refused_text(what, wrong))
        if not rules.moderation:
            return
        verdicts = await asyncio.gather(*(self._judge.verdict(text) for text, _ in given))
        for verdict, (_, what) in zip(verdicts, given, strict=True):
            if verdict is not Verdict.FINE:
                raise Refusal(en.refused_text(what, verdict))

    async def allows(self, community: str, draft: Draft) -> bool:
        """Whether a draft may be shown in a community.

        The deck's texts were written by hand: they are held against the community's own rules.
        """
        charter = await self._charters.of(community)
        rules = effective(charter.rules, self._defaults, "")
        if fault(draft.text, charter.words, links=rules.links) is not None:
            return False
        if not rules.moderation or draft.origin is Origin.DECK:
            return True
        return await self._judge.verdict(draft.text) is Verdict.FINE
