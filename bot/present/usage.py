"""What the model has cost, for organisers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.cards import Bar, Block, Card, CommandRef, Heading, Note, Paragraph, Plain, Strong, When
from bot.listings import UsageDay
from bot.models import Limits
from bot.present.lines import fill, person, words
from bot.wording import en

CENT = 10_000  # millionths


def usage_card(
    days: Sequence[UsageDay], limits: Limits, most_tokens: int, renews: datetime, currency: str
) -> Card:
    """The last days, the latest first, against their limits; `most_tokens` is what a model may
    answer in one call at most.
    """
    today = days[0]
    blocks: list[Block] = [Heading((Plain(en.USAGE_HEADING),))]
    calls = today.spending.calls
    counted = en.USAGE_CALL if calls == 1 else words(en.USAGE_CALLS, count=calls)
    told = words(en.USAGE_TODAY, tokens=f"{today.tokens:,}", calls=counted)
    if today.spending.cached:
        told += " " + words(en.USAGE_CACHED, cached=f"{today.spending.cached:,}")
    blocks.append(Paragraph((Plain(told),)))
    if today.spending.cost or limits.cost:
        cost = words(en.USAGE_COST, cost=_money(today.spending.cost, currency))
        blocks.append(Paragraph((Plain(cost),)))
    blocks.append(Note((Plain(en.USAGE_UNIT),)))
    if limits.tokens or limits.cost or limits.member_tokens:
        blocks.append(Paragraph(fill(en.USAGE_RENEWS, when=When(renews))))
        blocks += [Note((Plain(line),)) for line in _limits(limits, currency)]
        if any(0 < limit < most_tokens for limit in (limits.tokens, limits.member_tokens)):
            text = words(en.USAGE_TOO_LITTLE, most=f"{most_tokens:,}")
            blocks.append(Note((Strong(text),)))
    else:
        example = CommandRef("muse-admin set tokens 100000")
        blocks.append(Note(fill(en.USAGE_UNLIMITED, example=example)))
    most = max(limits.tokens, *(day.tokens for day in days), 1)
    blocks += [
        Bar(
            (Plain(f"{day.day:%a} {day.day.day}"),),
            day.tokens,
            most,
            (Plain(words(en.USAGE_TOKENS, tokens=f"{day.tokens:,}")),),
        )
        for day in days
    ]
    if today.members:
        blocks.append(Note((Plain(en.USAGE_MEMBERS),)))
        blocks += [
            Note((person(user), Plain(" · "), *fill(en.USAGE_TOKENS, tokens=f"{count:,}")))
            for user, count in today.members
        ]
    return Card(tuple(blocks), told)


def _limits(limits: Limits, currency: str) -> list[str]:
    lines = []
    if limits.tokens:
        lines.append(words(en.USAGE_LIMIT, tokens=f"{limits.tokens:,}"))
    if limits.member_tokens:
        lines.append(words(en.USAGE_MEMBER_LIMIT, tokens=f"{limits.member_tokens:,}"))
    if limits.cost:
        lines.append(words(en.USAGE_MONEY_LIMIT, money=_money(limits.cost, currency)))
    return lines


def _money(millionths: int, currency: str) -> str:
    if 0 < millionths < CENT:
        return words(en.USAGE_LITTLE, money=_money(CENT, currency))
    return f"{millionths / 1_000_000:,.2f} {currency}".strip()
