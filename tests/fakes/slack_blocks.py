"""Block Kit's limits, checked as Slack checks them: what is wrong, and where.

The shapes are data in `slack_block_shapes.py`. `problems` gives everything that is wrong with the
blocks of a message, `view_problems` with a view; `named` gives blocks the ids that they lack.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.fakes.slack_rules import Refused
from tests.fakes.slack_state import Json

MARKDOWN_MOST = 12_000
VIEW_BYTES = 250_000


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that is broken at a place, in Slack's words."""

    rule: str
    said: str
    at: str

    def __str__(self) -> str:
        return f"{self.said} [json-pointer:{self.at}]"


Check = Callable[[Any, str], Iterator[Problem]]


def string(rule: str, most: int, least: int = 0) -> Check:
    """A string of `least` to `most` characters."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem("block-value", "must be a string", at)
        elif len(value) > most:
            yield Problem(rule, f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            yield Problem(rule, f"must be more than {least - 1} characters", at)

    return check


def text(rule: str, most: int = 3000, plain: str | None = None) -> Check:
    """A text object of at most `most` characters; `plain` is the rule that it is plain text."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("block-value", "must be an object", at)
            return
        kind = value.get("type")
        if kind not in ("plain_text", "mrkdwn"):
            yield Problem("text-kind", f"unsupported type: {kind}", f"{at}/type")
        elif plain and kind != "plain_text":
            yield Problem(plain, "must be a plain_text object", f"{at}/type")
        for key in value.keys() - {"type", "text", "emoji", "verbatim"}:
            yield Problem("block-fields", f"invalid additional property: {key}", at)
        if "emoji" in value and kind == "mrkdwn":
            yield Problem("text-emoji", "invalid additional property: emoji", at)
        if value.get("text") == "":
            yield Problem("text-empty", "must be more than 0 characters", f"{at}/text")
        else:
            yield from string(rule, most)(value.get("text"), f"{at}/text")

    return check


def plain(rule: str, most: int, kind: str = "block-value") -> Check:
    """A plain text of at most `most` characters."""
    return text(rule, most, kind)


def many(rule: str, most: int, each: Check, least: int = 1) -> Check:
    """An array of `least` to `most` things."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem("block-value", "must be an array", at)
            return
        if len(value) > most:
            yield Problem(rule, f"no more than {most} items allowed", at)
        if len(value) < least:
            yield Problem(rule, f"no fewer than {least} items allowed", at)
        for index, one in enumerate(value):
            yield from each(one, f"{at}/{index}")

    return check


def number(rule: str, least: int, most: int) -> Check:
    """A whole number within a range."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem("block-value", "must be an integer", at)
        elif not least <= value <= most:
            yield Problem(rule, f"must be between {least} and {most}", at)

    return check


def flag(value: Any, at: str) -> Iterator[Problem]:
    """True or false."""
    if not isinstance(value, bool):
        yield Problem("block-value", "must be a boolean", at)


def anything(_value: Any, _at: str) -> Iterator[Problem]:
    """A value that is not looked into."""
    return iter(())


def chosen(rule: str, values: Collection[str]) -> Check:
    """One of a few strings."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        if value not in values:
            yield Problem(rule, f"must be one of: {', '.join(sorted(values))}", at)

    return check


def shape(
    fields: dict[str, Check],
    needs: Collection[str] = (),
    also: Check = anything,
    needed_rules: dict[str, str] | None = None,
) -> Check:
    """An object with these fields and no others; `also` looks at it as a whole."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("block-value", "must be an object", at)
            return
        for key in needs:
            if value.get(key) is None:
                rule = (needed_rules or {}).get(key, "block-required")
                yield Problem(rule, f"missing required field: {key}", at)
        for key, held in value.items():
            if key == "type" or held is None:
                continue
            if key not in fields:
                yield Problem("block-fields", f"invalid additional property: {key}", at)
            else:
                yield from fields[key](held, f"{at}/{key}")
        yield from also(value, at)

    return check


def typed(rule: str, shapes: dict[str, Check], allowed: Collection[str]) -> Check:
    """An object of one of the types that are allowed here."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("block-value", "must be an object", at)
            return
        kind = value.get("type")
        if kind not in allowed:
            yield Problem(rule, f"unsupported type: {kind}", f"{at}/type")
        else:
            yield from shapes[str(kind)](value, at)

    return check


def problems(
    blocks: Any, surface: str, files: Collection[str] = (), at: str = "/blocks"
) -> list[Problem]:
    """All that is wrong with blocks on a surface: `message`, `modal` or `home`."""
    from tests.fakes.slack_block_shapes import BLOCKS, SURFACES

    most, rule = (50, "message-blocks") if surface == "message" else (100, "view-blocks")
    each = typed("block-kind", BLOCKS, SURFACES[surface])
    found = list(many(rule, most, each, least=0)(blocks, at))
    if not isinstance(blocks, list) or not all(isinstance(one, dict) for one in blocks):
        return found
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        if (name := block.get("block_id")) in seen:
            found.append(Problem("block-id-unique", f"block_id {name} repeats", f"{at}/{index}"))
        if name:
            seen.add(str(name))
        found += _repeated(block, f"{at}/{index}")
        found += _missing_files(block, files, f"{at}/{index}")
    length = sum(len(str(b.get("text"))) for b in blocks if b.get("type") == "markdown")
    if length > MARKDOWN_MOST:
        found.append(Problem("markdown-length", f"no more than {MARKDOWN_MOST} characters", at))
    return found


def _repeated(block: Json, at: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for element in elements(block):
        name = element.get("action_id")
        if name is not None and name in seen:
            yield Problem("action-id-unique", f"action_id {name} repeats", f"{at}/elements")
        if name is not None:
            seen.add(str(name))


def _missing_files(block: Json, files: Collection[str], at: str) -> Iterator[Problem]:
    parts = [(block, at), (block.get("accessory"), f"{at}/accessory")]
    parts += [(e, f"{at}/elements/{n}") for n, e in enumerate(block.get("elements") or ())]
    for part, where in parts:
        held = part.get("slack_file") if isinstance(part, dict) else None
        if isinstance(held, dict) and held.get("id") not in files:
            yield Problem("image-file", "invalid slack file", f"{where}/slack_file")


def elements(block: Json) -> Iterator[Json]:
    """The elements of a block, wherever it keeps them."""
    held = [block.get("accessory"), block.get("element"), *(block.get("elements") or ())]
    for one in held:
        if isinstance(one, dict) and "type" in one:
            yield one


def named(blocks: list[Json], numbers: count[int]) -> list[Json]:
    """The blocks with a block_id and action_ids where they have none, as Slack gives them."""
    made = deepcopy(blocks)
    for block in made:
        block.setdefault("block_id", f"b{next(numbers):04x}")
        for element in elements(block):
            if element["type"] not in ("image", "mrkdwn", "plain_text") and not element[
                "type"
            ].startswith("rich_text"):
                element.setdefault("action_id", f"a{next(numbers):04x}")
    return made


def refuse(found: list[Problem], error: str) -> None:
    """Raise the first of them as Slack does, with all of them told."""
    if not found:
        return
    said = [str(each) for each in found]
    special = "msg_blocks_too_long" if found[0].rule == "markdown-length" else error
    extra = {"errors": said} if error == "invalid_blocks" else {}
    told = [f"[ERROR] {each}" for each in said]
    raise Refused(found[0].rule, error=special, messages=told, **extra)
