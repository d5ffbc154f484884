"""Reading a model's answer while it arrives: each piece as soon as it is whole. Pure.

The stream is looked through once for objects. One that stands in a list, or alone, is read
when its last bracket comes; one inside another object is read together with that. So fences,
prose, a bare list, JSON lines and two objects need no rules of their own. The standard reader
takes what is JSON, `lenient_json` the rest. At the end, what is whole of an object that was cut
off is read too, and only where nothing at all was found the whole answer is searched again for
anything that can be read.

Not jiter's partial mode: asked again with each chunk it costs the square of the answer, and it
takes any mistake for the end, so that a quote left unescaped would cut a text short unnoticed.

Nothing here raises, whatever the text. No candidate is a judgement: form, duplicates and
moderation are others' business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.brief import Lens
from bot.writing.answer_shapes import Candidate, candidates, refusal
from bot.writing.lenient_json import parse

__all__ = ["AnswerReader", "Candidate"]

#: Characters of an answer that are looked at; what comes after is not.
MAX_CHARS = 100_000
#: Candidates an answer gives at most.
MAX_CANDIDATES = 24
#: Places at which a text that could not be read is tried again.
TRIES = 40

# Reasoning that some servers leave in the text. It may hold drafts, which are not answers.
_THINKING = re.compile(
    r"<(/?)(think|thinking|thought|reasoning|analysis|scratchpad|reflection)>", re.IGNORECASE
)
_LONGEST_TAG = len("</scratchpad>")
#: Blanks that may stand before a quote; an answer is indented by less.
_BLANKS = 64
_MARK = re.compile(r'[{}\[\]"\\<]')


@dataclass(slots=True)
class _Open:
    """A bracket not closed yet: which, where, and whether a piece within was given already."""

    mark: str
    at: int
    given: bool = False


class AnswerReader:
    """Reads one answer. Feed it what comes, in pieces of any size, then `finish` it.

    `lenses` are the brief's, in the order in which they were numbered: a candidate's lens may
    come as number, name or label, and is given as the name, or "" where it is none of them.
    """

    def __init__(self, lenses: Sequence[Lens] = ()) -> None:
        self._lenses = tuple(lenses)
        self._text = ""
        self._at = 0
        self._open: list[_Open] = []
        self._in_string = False
        self._until = ""  # the tag that ends the reasoning we are in
        self._seen: set[str] = set()
        self._refusal = ""
        self._finished = False

    @property
    def refusal(self) -> str:
        """The model's words where it refused instead of writing; else ""."""
        return self._refusal

    def feed(self, chunk: str) -> list[Candidate]:
        """Take the next part of the answer; the candidates that are whole with it."""
        if self._finished or len(self._text) >= MAX_CHARS:
            return []
        self._text += chunk[: MAX_CHARS - len(self._text)]
        return list(self._scan(final=False))

    def finish(self) -> list[Candidate]:
        """The answer has ended, or was cut: the candidates that are whole all the same."""
        if self._finished:
            return []
        self._finished = True
        found = list(self._scan(final=True))
        if self._open:
            found += self._cut_off()
        if not self._seen:
            found += self._search()
        if not self._seen and not self._refusal:
            self._refusal = refusal(self._text)
        return found

    def _scan(self, *, final: bool) -> Iterator[Candidate]:
        """Look through what is new, from bracket to bracket."""
        while self._at < len(self._text):
            if self._until:
                if not self._skip_reasoning():
                    return
                continue
            found = _MARK.search(self._text, self._at)
            if found is None:
                self._at = len(self._text)
                return
            mark, self._at = found[0], found.start()
            if mark in "}]" and not self._in_string:
                self._at += 1
                yield from self._close("{" if mark == "}" else "[")
            elif not self._step(mark, final):
                return

    def _step(self, mark: str, final: bool) -> bool:
        """Go past a mark that closes nothing. False: more must come to tell what it is."""
        if mark == "\\":
            if self._in_string and self._at + 1 == len(self._text) and not final:
                return False
            self._at += 2 if self._in_string else 1
            return True
        if mark == "<" and not self._in_string:
            return self._tag(final)
        if mark == '"':
            self._in_string = not self._in_string and self._begins_string()
        elif mark in "{[" and not self._in_string:
            self._open.append(_Open(mark, self._at))
        self._at += 1
        return True

    def _begins_string(self) -> bool:
        """Whether the quote at `_at` opens a JSON string: in prose, quotes need not match."""
        if not self._open:
            return False
        start = max(self._open[-1].at, self._at - _BLANKS)
        before = self._text[start : self._at].rstrip()[-1:]
        return not before.isalpha()

    def _tag(self, final: bool) -> bool:
        """At a "<": begin to skip reasoning, or step over it. False: more must come to tell."""
        tag = _THINKING.match(self._text, self._at)
        if tag is not None:
            self._at = tag.end()
            # Some templates open the reasoning themselves, so that only its end is seen: what
            # was open then was part of it.
            self._open.clear()
            self._until = "" if tag[1] else f"</{tag[2]}>"
            return True
        head = self._text[self._at : self._at + _LONGEST_TAG]
        if not final and len(head) < _LONGEST_TAG and re.fullmatch(r"</?\w*", head):
            return False
        self._at += 1
        return True

    def _skip_reasoning(self) -> bool:
        """Go to the end of the reasoning. False: it is still to come."""
        end = re.compile(self._until, re.IGNORECASE).search(self._text, self._at)
        if end is None:
            self._at = max(self._at, len(self._text) - len(self._until))
            return False
        self._at = end.end()
        self._until = ""
        return True

    def _close(self, mark: str) -> Iterator[Candidate]:
        """A bracket closed at `_at`: read what it closes, unless its holder will."""
        if not any(each.mark == mark for each in self._open):
            return
        while (last := self._open.pop()).mark != mark:
            pass  # a bracket that was never closed
        holder = self._open[-1] if self._open else None
        if last.given:
            if holder:
                holder.given = True
            return
        if holder and (holder.mark == "{" or mark == "["):
            return
        given = list(self._read(self._text[last.at : self._at]))
        if holder:
            holder.given = bool(given) or holder.given
        yield from given

    def _read(self, text: str) -> Iterator[Candidate]:
        value = _value(text)
        if value is not None:
            yield from self._fresh(candidates(value, self._lenses))

    def _fresh(self, found: Iterator[Candidate]) -> Iterator[Candidate]:
        """Those not given before, with refusals kept out and remembered."""
        for each in found:
            key = " ".join(each.text.casefold().split())
            if key in self._seen or len(self._seen) >= MAX_CANDIDATES:
                continue
            if said := refusal(each.text):
                self._refusal = self._refusal or said
                continue
            self._seen.add(key)
            yield each

    def _cut_off(self) -> Iterator[Candidate]:
        """What is whole in the object that the end of the text cut through."""
        innermost_given = max((n for n, each in enumerate(self._open) if each.given), default=-1)
        rest = self._open[innermost_given + 1 :]
        if not rest:
            return
        tail = self._text[rest[0].at :]
        try:
            value, _ = parse(tail)
        except (ValueError, RecursionError):
            return
        yield from self._fresh(candidates(value, self._lenses))

    def _search(self) -> Iterator[Candidate]:
        """Nothing was found: try anew at every bracket, with no trust in quotes or in tags."""
        text = re.sub(r"(?is)<(think|thinking|reasoning)>.*?</\1>", "", self._text)
        starts = (found.start() for found in re.finditer(r"[{\[]", text))
        past = 0
        for _, start in zip(range(TRIES), starts, strict=False):
            if start < past:
                continue
            try:
                value, end = parse(text, start)
            except (ValueError, RecursionError):
                continue
            given = list(self._fresh(candidates(value, self._lenses)))
            if given:
                past = end
            yield from given


def _value(text: str) -> Any:
    """`text` as a value, by the stricter reader that takes it; None where neither does."""
    try:
        # Takes raw line breaks and halves of characters too; the latter are cleaned away.
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return parse(text)[0]
    except (ValueError, RecursionError):
        return None
