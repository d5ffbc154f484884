"""The shapes of Block Kit as data: each block, element and part with its fields and limits.

https://docs.slack.dev/reference/block-kit. The names of the rules are `slack_block_rules.py`'s.
Blocks and elements that Muse has no use for (video, file, rich text input …) are not here: to use
one, add its shape.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from tests.fakes.slack_blocks import (
    Check,
    Problem,
    anything,
    chosen,
    flag,
    many,
    number,
    plain,
    problems,
    shape,
    string,
    text,
    typed,
)

ACTION_ID = string("action-id-length", 255, 1)
PLACEHOLDER = plain("placeholder", 150)
CONFIRM = shape(
    {
        "title": plain("confirm-title", 100),
        "text": text("confirm-text", 300),
        "confirm": plain("confirm-button", 30),
        "deny": plain("confirm-button", 30),
        "style": chosen("button-style", ("primary", "danger")),
    },
    needs=("title", "text", "confirm", "deny"),
)
_OPTION: dict[str, Check] = {
    "value": string("option-value", 150, 1),
    "description": text("option-description", 75),
    "url": string("button-url", 3000),
}
#: An option of a menu is plain text; one of radio buttons or checkboxes may be mrkdwn.
OPTION = shape(
    _OPTION | {"text": plain("option-text", 75, "option-plain")}, needs=("text", "value")
)
MARKED_OPTION = shape(_OPTION | {"text": text("option-text", 75)}, needs=("text", "value"))
OPTIONS = many("select-options", 100, OPTION)
GROUPS = many(
    "select-groups",
    100,
    shape(
        {"label": plain("group-label", 75), "options": OPTIONS},
        needs=("label", "options"),
    ),
)


def _initial_is_there(value: Any, at: str) -> Iterator[Problem]:
    """An initial option equals one of the options."""
    groups = value.get("option_groups") or ({"options": value.get("options")},)
    offered = [one for group in groups for one in group.get("options") or ()]
    wanted = list(value.get("initial_options") or ())
    if value.get("initial_option"):
        wanted.append(value["initial_option"])
    for one in wanted:
        if one not in offered:
            yield Problem("select-initial", "initial option is none of the options", at)


def _options_or_groups(value: Any, at: str) -> Iterator[Problem]:
    if (value.get("options") is None) == (value.get("option_groups") is None):
        yield Problem("block-required", "missing required field: options", at)
    yield from _initial_is_there(value, at)


def _image_source(value: Any, at: str) -> Iterator[Problem]:
    if (value.get("image_url") is None) == (value.get("slack_file") is None):
        yield Problem("image-source", "must have one of image_url, slack_file", at)


def _section_content(value: Any, at: str) -> Iterator[Problem]:
    if value.get("text") is None and value.get("fields") is None:
        yield Problem("section-empty", "missing required field: text", at)


_COMMON: dict[str, Check] = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": flag}
_PICK = _COMMON | {"placeholder": PLACEHOLDER}
_ONE = _PICK | {"options": OPTIONS, "option_groups": GROUPS, "initial_option": OPTION}
_SEVERAL: dict[str, Check] = {"max_selected_items": number("block-value", 1, 100)}
_CHOICES: dict[str, Check] = {
    "initial_option": MARKED_OPTION,
    "initial_options": many("checkbox-options", 10, MARKED_OPTION),
}
_INPUT: dict[str, Check] = {
    "action_id": ACTION_ID,
    "placeholder": PLACEHOLDER,
    "focus_on_load": flag,
    "initial_value": string("input-max", 3000),
    "dispatch_action_config": anything,
}
_IMAGE: dict[str, Check] = {
    "image_url": string("image-url", 3000, 1),
    "slack_file": shape({"id": string("block-value", 50, 1), "url": string("image-url", 3000)}),
    "alt_text": string("image-alt-length", 2000),
}
_IMAGE_NEEDS = {"needs": ("alt_text",), "needed_rules": {"alt_text": "image-alt"}}

ELEMENTS: dict[str, Check] = {
    "button": shape(
        {
            "action_id": ACTION_ID,
            "confirm": CONFIRM,
            "text": plain("button-text", 75, "button-plain"),
            "value": string("button-value", 2000),
            "url": string("button-url", 3000),
            "style": chosen("button-style", ("primary", "danger")),
            "accessibility_label": string("button-label", 75),
        },
        needs=("text",),
    ),
    "static_select": shape(_ONE, also=_options_or_groups),
    "multi_static_select": shape(
        _PICK
        | _SEVERAL
        | {"options": OPTIONS, "option_groups": GROUPS, "initial_options": OPTIONS},
        also=_options_or_groups,
    ),
    "external_select": shape(
        _PICK | {"initial_option": OPTION, "min_query_length": number("block-value", 0, 3000)}
    ),
    "users_select": shape(_PICK | {"initial_user": string("block-value", 50)}),
    "multi_users_select": shape(_PICK | _SEVERAL | {"initial_users": anything}),
    "channels_select": shape(
        _PICK | {"initial_channel": string("block-value", 50), "response_url_enabled": flag}
    ),
    "conversations_select": shape(
        _PICK
        | {
            "initial_conversation": string("block-value", 50),
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": anything,
        }
    ),
    "overflow": shape(
        {"action_id": ACTION_ID, "confirm": CONFIRM}
        | {"options": many("overflow-options", 5, OPTION)},
        needs=("options",),
    ),
    "radio_buttons": shape(
        _COMMON | _CHOICES | {"options": many("radio-options", 10, MARKED_OPTION)},
        needs=("options",),
        also=_initial_is_there,
    ),
    "checkboxes": shape(
        _COMMON | _CHOICES | {"options": many("checkbox-options", 10, MARKED_OPTION)},
        needs=("options",),
        also=_initial_is_there,
    ),
    "plain_text_input": shape(
        _INPUT
        | {
            "multiline": flag,
            "min_length": number("input-min", 0, 3000),
            "max_length": number("input-max", 1, 3000),
        }
    ),
    "number_input": shape(
        _INPUT
        | {"is_decimal_allowed": flag}
        | {"min_value": string("block-value", 20), "max_value": string("block-value", 20)},
        needs=("is_decimal_allowed",),
    ),
    "email_text_input": shape(_INPUT),
    "url_text_input": shape(_INPUT),
    "datepicker": shape(_PICK | {"initial_date": string("block-value", 10, 10)}),
    "timepicker": shape(
        _PICK | {"initial_time": string("block-value", 5, 5), "timezone": string("block-value", 60)}
    ),
    "datetimepicker": shape(_COMMON | {"initial_date_time": number("block-value", 0, 9999999999)}),
    "image": shape(_IMAGE, also=_image_source, **_IMAGE_NEEDS),  # type: ignore[arg-type] # two keys
}
_TEXTS: dict[str, Check] = {
    "mrkdwn": text("section-text"),
    "plain_text": text("section-text"),
}
_TYPED = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
#: What may stand beside a section, in an actions block, in an input: each element's page says.
BESIDE = frozenset(ELEMENTS) - _TYPED - {"datetimepicker"}
IN_ACTIONS = frozenset(ELEMENTS) - _TYPED - {"image", "multi_static_select", "multi_users_select"}
INPUTS = frozenset(ELEMENTS) - {"image", "button", "overflow"}

_BLOCK: dict[str, Check] = {"block_id": string("block-id-length", 255, 1)}
BLOCKS: dict[str, Check] = {
    "section": shape(
        _BLOCK
        | {
            "text": text("section-text"),
            "fields": many("section-fields", 10, text("section-field", 2000)),
            "accessory": typed("section-kinds", ELEMENTS, BESIDE),
            "expand": flag,
        },
        also=_section_content,
    ),
    "header": shape(_BLOCK | {"text": plain("header-text", 150, "header-plain")}, needs=("text",)),
    "context": shape(
        _BLOCK
        | {
            "elements": many(
                "context-elements",
                10,
                typed("context-kinds", ELEMENTS | _TEXTS, ("image", "mrkdwn", "plain_text")),
            )
        },
        needs=("elements",),
    ),
    "actions": shape(
        _BLOCK
        | {"elements": many("actions-elements", 25, typed("actions-kinds", ELEMENTS, IN_ACTIONS))},
        needs=("elements",),
    ),
    "divider": shape(_BLOCK),
    "image": shape(
        _BLOCK | _IMAGE | {"title": plain("image-title", 2000)},
        also=_image_source,
        **_IMAGE_NEEDS,  # type: ignore[arg-type] # two keys of its own
    ),
    "input": shape(
        _BLOCK
        | {
            "label": plain("input-label", 2000),
            "hint": plain("input-hint", 2000),
            "element": typed("input-kinds", ELEMENTS, INPUTS),
            "dispatch_action": flag,
            "optional": flag,
        },
        needs=("label", "element"),
    ),
    "markdown": shape(_BLOCK | {"text": string("markdown-length", 12_000, 1)}, needs=("text",)),
    "rich_text": shape(_BLOCK | {"elements": anything}, needs=("elements",)),
}
#: https://docs.slack.dev/reference/block-kit/blocks: where each block may be.
SURFACES: dict[str, frozenset[str]] = {
    "message": frozenset(BLOCKS),
    "modal": frozenset(BLOCKS) - {"markdown"},
    "home": frozenset(BLOCKS) - {"markdown"},
}

_VIEW: dict[str, Check] = {
    "blocks": anything,
    "private_metadata": string("private-metadata", 3000),
    "callback_id": string("callback-id", 255),
    "external_id": string("external-id", 255),
}
MODAL = shape(
    _VIEW
    | {
        "title": plain("modal-title", 24),
        "submit": plain("modal-submit", 24),
        "close": plain("modal-close", 24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
    needs=("title", "blocks"),
)
HOME = shape(_VIEW, needs=("blocks",))


def view_problems(view: Any, surface: str, files: Collection[str] = ()) -> list[Problem]:
    """All that is wrong with a view that is to be a `modal` or a `home`."""
    if not isinstance(view, dict):
        return [Problem("block-value", "must be an object", "/view")]
    if view.get("type") != surface:
        said = f"unsupported type: {view.get('type')}"
        return [Problem("view-kind", said, "/view/type")]
    found = list((MODAL if surface == "modal" else HOME)(view, "/view"))
    blocks = view.get("blocks") or []
    found += problems(blocks, surface, files, "/view/blocks")
    inputs = any(isinstance(each, dict) and each.get("type") == "input" for each in blocks)
    if surface == "modal" and inputs and not view.get("submit"):
        found.append(Problem("modal-submit-needed", "missing required field: submit", "/view"))
    return found
