"""The plain way to ask a model for answers: what most bots do, and what Muse is held against.

One short message in ordinary words, with the form and its limits, so that lengths compare, and
with the word *different*. Nothing else differs from how Muse asks: service, model, sampling,
timeouts, retries, the schema where the service knows it, and the reader of the answer.
"""

from __future__ import annotations

from typing import Any

from bot.brief import Brief
from bot.writing import forms
from bot.writing.briefs import PROMPT_CHARS
from bot.writing.openai_writer import OpenAIWriter
from bot.writing.plain import plain

_ONE = "Write one creative response to the prompt below, in the prompt's language."
_SEVERAL = (
    "Write {} different creative responses to the prompt below, in the prompt's language."
    " Each stands alone."
)
_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
_TASK = """\
{order}
{instruction} At most {chars} characters{each}.

Answer with JSON: {{"responses": [{{"text": "…"}}]}}, {count}.

Prompt: {prompt}"""


def message(prompt: str, form: str, count: int) -> str:
    """All that a plain call says, to have `count` answers. Raises `BadInput` for an unknown form.

    An answer of these objects is read piece by piece as it comes, as Muse's own is.
    """
    shape = forms.form(form)
    return _TASK.format(
        order=_ONE if count == 1 else _SEVERAL.format(_NUMBERS.get(count, count)),
        instruction=shape.instruction,
        chars=shape.max_chars,
        each="" if count == 1 else " each",
        count="one object" if count == 1 else f"one object for each of the {count} responses",
        prompt=plain(prompt, PROMPT_CHARS),
    )


def schema() -> dict[str, Any]:
    """The answer's strict JSON schema, within what services know, as for Muse's own call."""
    piece = {
        "type": "object",
        "properties": {"text": {"type": "string"}},
        "required": ["text"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"responses": {"type": "array", "items": piece}},
        "required": ["responses"],
        "additionalProperties": False,
    }


class PlainAsking(OpenAIWriter):
    """Asks plainly, through the connection of the writer it is made from.

    Of a brief, the prompt and the form are told, and how many lenses there are; not the lenses.
    """

    def __init__(self, writer: OpenAIWriter) -> None:
        # One state for both, not a copy: what either finds out of the service (the model it
        # picked, the parts it refuses) the other knows, and neither is slower for a first call.
        self.__dict__ = vars(writer)

    def _request(self, brief: Brief, ask: int, model: str) -> dict[str, Any]:
        request = super()._request(brief, ask, model)
        request["messages"] = [
            {"role": "user", "content": message(brief.prompt, brief.form, ask)},
        ]
        if "response_format" in request:
            request["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "responses", "strict": True, "schema": schema()},
            }
        return request
