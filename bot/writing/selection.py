"""Choosing among candidates: what may stand in a round, at which place, and which comes last. Pure.

The first that pass are shown at once; the last place waits for the end of the answer and goes
to whichever of the rest differs most from those shown. Greedy, since what is shown can't be
taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.brief import Brief
from bot.models import Draft
from bot.writing import forms
from bot.writing.briefs import echoes
from bot.writing.similarity import duplicate, similarity, words

#: A variation shares words with what it varies; from this similarity on it is a copy.
COPY = 0.9


class Selection:
    """The places of one round and who has them: each lens of the brief once."""

    def __init__(self, brief: Brief, repeats: Callable[[str], bool]) -> None:
        """`repeats`: whether a text is the community's past again."""
        self._brief = brief
        self._form = forms.of_brief(brief.form)
        self._repeats = repeats
        self._rest: list[Draft] = []
        self.kept: list[Draft] = []
        self.free = list(brief.lenses)  #: lenses whose place is still empty, in order

    def offer(self, draft: Draft) -> Draft | None:
        """Take a candidate that was `judged` and is allowed; the draft to show at once, where
        it is one.
        """
        if not self.free:
            return None
        # With nothing to differ from, the first is as good as any for a single place.
        if len(self.free) > 1 or not self._others():
            return self.place(draft)
        self._rest.append(draft)
        return None

    def last(self) -> Draft | None:
        """At the end of an answer: the one of the rest that differs most, in the last place."""
        if not self._rest or not self.free:
            return None
        others = self._others()
        chosen = min(
            self._rest, key=lambda each: max(similarity(each.text, text) for text in others)
        )
        self._rest.clear()
        return self.place(chosen)

    def place(self, draft: Draft) -> Draft:
        """Give `draft` the place of its lens, or the first free one, whose lens it then has."""
        lens = draft.lens if draft.lens in self.free else self.free[0]
        self.free.remove(lens)
        placed = replace(draft, lens=lens)
        self.kept.append(placed)
        return placed

    def judged(self, text: str) -> str | None:
        """`text` in its form, or None where it may not stand in this round."""
        fitted = forms.fit(self._form, text)
        if fitted is None or self._clashes(fitted):
            return None
        if echoes(fitted) or self._repeats(fitted):
            return None
        return fitted

    def _clashes(self, text: str) -> bool:
        """Whether it repeats what is here, what it was shown, or says what it must not."""
        brief = self._brief
        earlier = [each.text for each in self.kept]
        return (
            any(duplicate(text, other) for other in (*earlier, *brief.avoid, *brief.loved))
            or any(similarity(text, parent) > COPY for parent in brief.parents)
            or self.unwanted(text)
        )

    def unwanted(self, text: str) -> bool:
        """Whether it says what was to be left out; what the prompt itself says can't be."""
        brief = self._brief
        return any(
            _says(text, phrase) and not _says(brief.prompt, phrase) for phrase in brief.without
        )

    def _others(self) -> Sequence[str]:
        return [each.text for each in self.kept] or self._brief.avoid


def _says(text: str, phrase: str) -> bool:
    """Whether the words of `phrase` stand in `text`, in a row. Ideas are the model's to avoid."""
    spoken, wanted = words(text), words(phrase)
    runs = range(len(spoken) - len(wanted) + 1)
    return bool(wanted) and any(spoken[at : at + len(wanted)] == wanted for at in runs)
