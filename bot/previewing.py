"""``muse brief``: what a model would be sent for a prompt, as text. Pure: nothing is called."""

from __future__ import annotations

import json
from random import Random

from bot.brief import Brief
from bot.errors import BadInput
from bot.writing import briefs, forms, lenses
from bot.writing.calls import SPARE

WANTED = 4  # entries of a round, unless settings say otherwise


def preview(
    prompt: str,
    form: str,
    seed: int,
    *,
    wanted: int = WANTED,
    without: str = "",
    bold: bool = False,
) -> str:
    """The messages for `prompt` and the schema of the answer, each below its heading.

    `seed` draws the angles, `wanted` is how many entries a round has, `without` lists what to
    leave out, with commas. Raises `BadInput` for an unknown form and for no prompt.
    """
    if not prompt.strip():
        raise BadInput('There is no prompt to show. For example: muse brief "a lighthouse".')
    drawn = tuple(each.name for each in lenses.pick(Random(seed), wanted))
    brief = Brief(
        prompt=prompt,
        form=forms.form(form).name,
        lenses=drawn,
        without=tuple(part.strip() for part in without.split(",") if part.strip()),
        bold=bold,
    )
    ask = wanted + SPARE
    parts = [f"=== {each.role}\n{each.content}" for each in briefs.messages(brief, ask)]
    shape = json.dumps(briefs.schema(ask, drawn), indent=2, ensure_ascii=False)
    return "\n\n".join((*parts, f"=== the answer’s JSON schema\n{shape}"))
