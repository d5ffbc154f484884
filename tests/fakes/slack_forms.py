"""A member before blocks: which button is meant, and what a filled-in form sends.

It refuses (`CannotDo`) what Slack's own client would not let a member do: to press what is not
there, to leave a required field empty, to write more than a field takes.
"""

from __future__ import annotations

from typing import Any

from tests.fakes.slack_acted import CannotDo
from tests.fakes.slack_block_shapes import INPUTS
from tests.fakes.slack_blocks import elements
from tests.fakes.slack_payloads import chosen_value
from tests.fakes.slack_state import Json, Message, View


def found(place: Message | View, action_id: str, block_id: str | None = None) -> tuple[Json, Json]:
    """The block and the element of an action id (and a block id) in a message or a view."""
    if isinstance(place, Message) and place.deleted:
        raise CannotDo("the message is deleted")
    if isinstance(place, View) and not place.open:
        raise CannotDo("the view is closed")
    there = []
    for block in place.blocks:
        for element in elements(block):
            if element.get("action_id") == action_id and block_id in (None, block["block_id"]):
                return block, element
            if "action_id" in element:
                there.append(f"{block['block_id']}/{element['action_id']}")
    raise CannotDo(f"no {block_id or '*'}/{action_id}; there are: {', '.join(there) or 'none'}")


def initial(element: Json) -> Any:
    """What an element holds before anybody touches it."""
    if element.get("initial_option"):
        return element["initial_option"]["value"]
    if element.get("initial_options"):
        return [each["value"] for each in element["initial_options"]]
    keys = [key for key in element if key.startswith("initial_")]
    return element[keys[0]] if keys else None


def state(place: Message | View) -> dict[str, dict[str, Json]]:
    """What every element that takes input holds; in a view what was typed before is kept."""
    held: dict[str, dict[str, Json]] = {}
    for block in place.blocks:
        for element in elements(block):
            if element["type"] not in INPUTS:
                continue
            name, action = block["block_id"], element["action_id"]
            kept = place.values.get(name, {}).get(action) if isinstance(place, View) else None
            held.setdefault(name, {})[action] = kept or value_of(element, initial(element))
    return held


def value_of(element: Json, value: Any) -> Json:
    """A value as `state.values` holds it. Raises `CannotDo` where it can't be chosen or typed."""
    several = element["type"].startswith("multi_") or element["type"] == "checkboxes"
    if value is None:
        empty: Json = {"type": element["type"]}
        if element["type"] in ("static_select", "radio_buttons", "external_select"):
            return empty | {"selected_option": None}
        return empty | {"selected_options": []} if several else empty | {"value": None}
    if element["type"] == "plain_text_input":
        most, least = element.get("max_length", 3000), element.get("min_length", 0)
        if not least <= len(str(value)) <= most:
            raise CannotDo(f"{element['action_id']} takes {least} to {most} characters")
    try:
        return chosen_value(element, value)
    except LookupError as missing:
        raise CannotDo(str(missing)) from missing


def filled(view: View, given: Json) -> dict[str, dict[str, Json]]:
    """The state of a view after a member has filled in these fields, by block_id (or action_id)."""
    values = state(view)
    left = dict(given)
    for block in view.blocks:
        for element in elements(block):
            if element["type"] not in INPUTS:
                continue
            name, action = block["block_id"], element["action_id"]
            for key in (name, action):
                if key in left:
                    values[name][action] = value_of(element, left.pop(key))
            held = values[name][action]
            full = any(one not in (None, "", []) for key, one in held.items() if key != "type")
            if block["type"] == "input" and not block.get("optional") and not full:
                raise CannotDo(f"{name} must be filled in")
    if left:
        raise CannotDo(f"no field {', '.join(left)}; there are: {', '.join(values)}")
    return values
