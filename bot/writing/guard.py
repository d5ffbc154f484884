"""The guard: keeps what is written from repeating what a community has seen before.

`Past` answers by exactly the rule of `similarity.duplicate_of_past`, but for all the texts of a
past at once: words are looked up in an inverted index, so that a text costs one pass over the
places where its own words stand, instead of one comparison for each text of the past.

Everything here is lexical: it sees shared words, never shared ideas. A paraphrase in fresh words
passes for new, as `benchmarks/guard.py` shows in figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from bot.writing.similarity import DUPLICATE_F1, SHORT_WORDS, content, counts


@dataclass(frozen=True, slots=True)
class Near:
    """The text of a past that is most like another, and how like (0 to 1).

    `text` is empty, and `similarity` 0, where the past holds nothing that shares a word.
    """

    similarity: float
    text: str


class Past:
    """What a community has seen: its last entries and its hall of fame, in any order.

    Never changes once made; a new one is made where the past has grown. Meant for some 600 texts:
    asking costs as much as there are occurrences of the asked text's words in the past.
    """

    __slots__ = ("_blank", "_contents", "_layers", "_lengths", "_short_contents", "_texts")

    def __init__(self, texts: Iterable[str]) -> None:
        # The hall of fame and the last entries overlap; the same text twice changes no answer.
        self._texts = tuple(dict.fromkeys(texts))
        counted = [counts(text) for text in self._texts]
        self._lengths = tuple(each.total() for each in counted)
        # layers[word][k]: the texts in which the word stands more than k times. The overlap of
        # two texts, a sum of min(count, count), is then how often the one turns up in as many
        # layers of each word as the other has of it: nothing but counting, which Counter does in C.
        self._layers: dict[str, list[list[int]]] = {}
        for index, each in enumerate(counted):
            for word, count in each.items():
                layers = self._layers.setdefault(word, [])
                while len(layers) < count:
                    layers.append([])
                for layer in layers[:count]:
                    layer.append(index)
        contents = [content(text) for text in self._texts]
        self._contents = frozenset(contents)
        self._short_contents = frozenset(
            each
            for each, length in zip(contents, self._lengths, strict=True)
            if length <= SHORT_WORDS
        )
        self._blank = next((i for i, length in enumerate(self._lengths) if not length), None)

    def __len__(self) -> int:
        return len(self._texts)

    def nearest(self, text: str) -> Near:
        """The text most like `text` by ROUGE-1 F1; of several alike, the one given first."""
        length = counts(text).total()
        if not length:
            # Only another text without words shares everything with it.
            return Near(0.0, "") if self._blank is None else Near(1.0, self._texts[self._blank])
        best, at = 0.0, -1
        for index, overlap in self._overlaps(text).items():
            similarity = 2 * overlap / (length + self._lengths[index])
            if similarity > best or (similarity == best and index < at):
                best, at = similarity, index
        return Near(best, self._texts[at]) if best else Near(0.0, "")

    def repeats(self, text: str) -> bool:
        """Whether `duplicate_of_past` holds between `text` and any text of the past."""
        length = counts(text).total()
        if length <= SHORT_WORDS:
            return content(text) in self._contents
        if content(text) in self._short_contents:
            return True
        return any(
            2 * overlap / (length + other) > DUPLICATE_F1
            for index, overlap in self._overlaps(text).items()
            if (other := self._lengths[index]) > SHORT_WORDS
        )

    def novelty(self, text: str) -> float:
        """1 - the greatest similarity to the past, between 0 and 1: a *lexical* measure.

        High where the words are new here, which an old idea in other words has too; 1 where
        there is no past, which says nothing about the text.
        """
        return 1.0 - self.nearest(text).similarity

    def _overlaps(self, text: str) -> Counter[int]:
        """How many words each text of the past shares with `text`; those with none left out."""
        return Counter(
            chain.from_iterable(
                layer
                for word, count in counts(text).items()
                if (layers := self._layers.get(word))
                for layer in layers[:count]
            )
        )
