"""What a streamed chat completion tells, chunk by chunk, trusting no chunk's shape.

The client builds its objects without checking: any field may be missing or of another type.
https://platform.openai.com/docs/api-reference/chat-streaming
"""

from __future__ import annotations

from typing import Any

from bot.errors import WriterFailed
from bot.writing.calls import AnswerUnusable, Usage, WriterRefused

_CHARS_A_TOKEN = 4
_NOTHING = "The model's service gave no answer."


class Told:
    """All that a stream has told so far, its text aside."""

    def __init__(self, model: str, sent_chars: int) -> None:
        """`model` is the one asked for, `sent_chars` the length of what was sent."""
        self.model = model
        self.begun = False  #: whether anything of the answer, or of its reasoning, has come
        self.finish = ""
        self.chars = 0
        self.refusal = ""
        self._sent_chars = sent_chars
        self._thought = 0
        self._usage: Any = None

    def take(self, chunk: Any) -> str:
        """Note what `chunk` tells; its part of the answer's text."""
        model = getattr(chunk, "model", None)
        if isinstance(model, str) and model:
            self.model = model[:80]
        # The last figures count: some services send them with every chunk, growing.
        self._usage = getattr(chunk, "usage", None) or self._usage
        choices = getattr(chunk, "choices", None)
        if not isinstance(choices, list) or not choices:
            return ""
        choice = choices[0]
        finish = getattr(choice, "finish_reason", None)
        if isinstance(finish, str):
            self.finish = finish
        delta = getattr(choice, "delta", None)
        refusal = getattr(delta, "refusal", None)
        if isinstance(refusal, str):
            self.refusal += refusal[:400]
        thought = getattr(delta, "reasoning_content", None) or getattr(delta, "reasoning", None)
        self._thought += len(thought) if isinstance(thought, str) else 0
        text = _text(getattr(delta, "content", None))
        self.chars += len(text)
        self.begun = self.begun or bool(text or thought or refusal)
        return text

    def usage(self) -> Usage:
        """The service's own figures, or an estimate where it gave none."""
        sent = _count(self._usage, "prompt_tokens")
        answered = _count(self._usage, "completion_tokens")
        if sent is None or answered is None:
            return Usage(
                self.model,
                -(-self._sent_chars // _CHARS_A_TOKEN),
                0,
                -(-(self.chars + self._thought) // _CHARS_A_TOKEN),
                reported=False,
            )
        details = getattr(self._usage, "prompt_tokens_details", None)
        cached = min(_count(details, "cached_tokens") or 0, sent)
        return Usage(self.model, sent, cached, answered, reported=True)

    def problem(self, given: int, refused: str) -> WriterFailed | None:
        """What was wrong with an answer that gave `given` pieces; None where nothing was.

        `refused`: the model's words, where its text was a refusal.
        """
        if self.finish == "content_filter":
            return WriterRefused("The model's service stopped the answer by its content filter.")
        if self.refusal or (refused and not given):
            return WriterRefused("The model would not write this.")
        wrong = ""
        if self.finish == "length":
            wrong = "The model's answer was cut at its length limit."
        elif not self.finish:
            wrong = "The model's answer broke off." if self.chars else _NOTHING
        elif not given:
            wrong = "The model's answer held no pieces."
        return AnswerUnusable(wrong) if wrong else None


def _text(content: Any) -> str:
    """A delta's text; some services give it as a list of typed parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = (each.get("text") for each in content if isinstance(each, dict))
        return "".join(part for part in parts if isinstance(part, str))
    return ""


def _count(held: Any, name: str) -> int | None:
    value = getattr(held, name, None)
    return value if isinstance(value, int) and value >= 0 else None
