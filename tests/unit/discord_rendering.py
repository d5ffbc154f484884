"""A Discord message or modal as text, for golden files: a component a line, nested ones below.

The first line counts what Discord limits. ``[label]`` is a button with its id and style,
``{…}`` a select.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from discord import ui

Json = dict[str, Any]
_STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger"}
ROW, BUTTON, SELECT, INPUT, SECTION, TEXT, GALLERY, CONTAINER, LABEL = 1, 2, 3, 4, 9, 10, 12, 17, 18


def components(view: ui.LayoutView) -> list[Json]:
    """What is sent for a message."""
    parts: list[Json] = view.to_components()  # type: ignore[no-untyped-call]  # the library's own
    return parts


def walk(parts: list[Json]) -> Iterator[Json]:
    """Every component, nested ones too."""
    for each in parts:
        yield each
        yield from walk(each.get("components") or [])
        yield from walk([each[name] for name in ("accessory", "component") if name in each])


def texts(parts: list[Json]) -> list[str]:
    """What the text displays say."""
    return [each["content"] for each in walk(parts) if each["type"] == TEXT]


def ids(parts: list[Json]) -> list[str]:
    """The ids of all that can be pressed, chosen or filled in."""
    return [each["custom_id"] for each in walk(parts) if "custom_id" in each]


def render(view: ui.LayoutView) -> str:
    """A message."""
    parts = components(view)
    count, length = len(list(walk(parts))), sum(map(len, texts(parts)))
    return "\n".join([f"{count} components, {length} characters", *_lines(parts, 0)]) + "\n"


def render_modal(modal: ui.Modal) -> str:
    """A modal."""
    drawn = modal.to_dict()
    head = f"modal {drawn['title']} → {drawn['custom_id']}"
    return "\n".join([head, *_lines(drawn["components"], 1)]) + "\n"


def _lines(parts: list[Json], depth: int) -> Iterator[str]:
    for each in parts:
        yield from (f"{'  ' * depth}{line}" for line in _component(each))
        yield from _lines(each.get("components") or [], depth + 1)
        if "accessory" in each:
            yield from _lines([each["accessory"]], depth + 1)
        if "component" in each:
            yield from _lines([each["component"]], depth + 1)


def _component(part: Json) -> Iterator[str]:  # noqa: C901, PLR0912 - one branch a kind
    match part["type"]:
        case 1:
            yield "row"
        case 2:
            off = " disabled" if part.get("disabled") else ""
            yield f"[{part['label']}] {part['custom_id']} {_STYLES[part['style']]}{off}"
        case 4:
            size = "paragraph" if part["style"] == 2 else "line"
            need = "required" if part.get("required", True) else "optional"
            hint = f" “{part['placeholder']}”" if part.get("placeholder") else ""
            yield f"input {part['custom_id']} {size} {need} {part.get('max_length')}{hint}"
            if part.get("value"):
                yield f"  = {part['value']}"
        case 9:
            yield "section"
        case 10:
            first, *rest = part["content"].split("\n")
            yield f"text  {first}"
            yield from (f"      {line}" for line in rest)
        case 12:
            for item in part["items"]:
                yield f"media {item['media']['url']} ({item.get('description')})"
        case 13:
            yield f"file {part['file']['url']}"
        case 14:
            yield "———"
        case 17:
            yield "container"
        case 18:
            yield f"label {part['label']}" + (
                f" ({part['description']})" if part.get("description") else ""
            )
        case kind:
            yield f"{{{part.get('placeholder') or ''}}} {part['custom_id']} kind {kind}"
            for option in part.get("options") or part.get("default_values") or ():
                mark = "✓" if option.get("default", "label" not in option) else "·"
                value = option.get("value") or option.get("id")
                yield f"  {mark} {value}: {option.get('label', '')}"
