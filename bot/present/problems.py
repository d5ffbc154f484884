"""An error, said kindly to who caused it or met it."""

from __future__ import annotations

from bot.cards import Card, Literal, Paragraph
from bot.errors import MuseError
from bot.present.lines import naming
from bot.wording import en


def problem_card(error: MuseError) -> Card:
    """What a member is told. The text may quote them, so it is shown literally."""
    return Card((Paragraph(naming(str(error), quoting=True)),), str(error))


def unexpected_card(reference: str) -> Card:
    """For an error nobody foresaw: `reference` finds it in the log."""
    text = en.UNEXPECTED.format(reference=reference)
    return Card((Paragraph((Literal(text),)),), text)
