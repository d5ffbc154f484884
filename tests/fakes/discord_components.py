"""What Discord checks of a message's components. Pure.

https://docs.discord.com/developers/components/reference
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from tests.fakes.discord_rules import Json, Refused, count, length

ROW, BUTTON, SELECT, INPUT, SECTION, TEXT, THUMBNAIL = 1, 2, 3, 4, 9, 10, 11
GALLERY, FILE, SEPARATOR, CONTAINER, LABEL, UPLOAD = 12, 13, 14, 17, 18, 19
RADIO, CHECKS, CHECK = 21, 22, 23
SELECTS = (SELECT, 5, 6, 7, 8)
LINK, PREMIUM = 5, 6
#: What may stand at the top of a message with Components V2, and in a container.
IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
AT_TOP = (*IN_CONTAINER, CONTAINER)
KNOWN = (*AT_TOP, BUTTON, *SELECTS, THUMBNAIL)


Check = Callable[[Json, str], None]


def inside(component: Json) -> Iterator[Json]:
    """The components within one, one level down."""
    yield from component.get("components") or ()
    for name in ("accessory", "component"):
        if isinstance(component.get(name), dict):
            yield component[name]


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component, in the order in which Discord counts them."""
    for each in components:
        yield each
        yield from walk(list(inside(each)))


def texts(components: list[Json]) -> list[str]:
    """What the text displays say."""
    return [str(each["content"]) for each in walk(components) if each.get("type") == TEXT]


def check_message(components: Any, *, v2: bool, uploaded: Collection[str] = ()) -> None:
    """Raise `Refused` where a message's components break a rule.

    `uploaded` are the names of the files that come or stay with the message.
    """
    count("component_total" if v2 else "legacy_rows", components, 40 if v2 else 5, "components")
    for at, each in enumerate(components):
        kind = each.get("type")
        if kind not in KNOWN:
            raise Refused("component_type", f"components.{at}", f"{kind} may not be in a message.")
        if not v2 and kind != ROW:
            raise Refused("v2_needed", f"components.{at}")
        if kind not in AT_TOP:
            raise Refused("component_place", f"components.{at}")
        _check(each, f"components.{at}", uploaded)
    _check_whole(components)


def _check_whole(components: list[Json]) -> None:
    every = list(walk(components))
    if len(every) > 40:
        raise Refused("component_total", "components", f"{len(every)} components")
    if (said := sum(map(len, texts(components)))) > 4000:
        raise Refused("text_total", "components", f"{said} characters")
    named = [each["custom_id"] for each in every if "custom_id" in each]
    if len(named) != len(set(named)):
        raise Refused("custom_id_unique", "components")
    numbered = [each["id"] for each in every if each.get("id")]
    if len(numbered) != len(set(numbered)):
        raise Refused("component_id", "components")


def _check(component: Json, at: str, uploaded: Collection[str]) -> None:
    if check := CHECKED.get(component["type"]):
        check(component, at)
    for media in _media(component):
        name = str(media.get("url", "")).removeprefix("attachment://")
        if str(media.get("url", "")).startswith("attachment://") and name not in uploaded:
            raise Refused("media_uploaded", at, f"No file {name!r} comes with the message.")
        if not str(media.get("url", "")).startswith(("attachment://", "http://", "https://")):
            raise Refused("media_uploaded", at, "Not a URL.")
    for index, each in enumerate(inside(component)):
        _check(each, f"{at}.components.{index}", uploaded)


def _media(component: Json) -> Iterator[Json]:
    if component["type"] == THUMBNAIL:
        yield component.get("media") or {}
    elif component["type"] == FILE:
        yield component.get("file") or {}
    elif component["type"] == GALLERY:
        yield from (each.get("media") or {} for each in component["items"])


def check_custom_id(component: Json, at: str) -> None:
    length("custom_id_length", component.get("custom_id"), 100, f"{at}.custom_id", least=1)


def _row(row: Json, at: str) -> None:
    count("row_buttons", row.get("components"), 5, at, least=1)
    kinds = [each.get("type") for each in row["components"]]
    if any(kind not in (BUTTON, *SELECTS) for kind in kinds):
        raise Refused("component_type" if INPUT in kinds else "component_place", at)
    if len(kinds) > 1 and any(kind in SELECTS for kind in kinds):
        raise Refused("row_select", at)


def _button(button: Json, at: str) -> None:
    style, named = button.get("style"), "custom_id" in button
    if style == LINK and (named or not button.get("url")):
        raise Refused("button_link", at)
    if style not in (LINK, PREMIUM):
        if not named or "url" in button or "sku_id" in button:
            raise Refused("button_custom_id", at)
        check_custom_id(button, at)
    if button.get("label") is not None:
        length("button_label", button["label"], 80, f"{at}.label")
    elif not button.get("emoji") and style != PREMIUM:
        raise Refused("button_label", f"{at}.label", "A button needs a label or an emoji.")


def check_select(select: Json, at: str) -> None:
    """A select menu, in a message or in a modal."""
    check_custom_id(select, at)
    length("select_placeholder", select.get("placeholder") or "", 150, f"{at}.placeholder")
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not 0 <= least <= 25 or not 1 <= most <= 25 or least > most:
        raise Refused("select_values", at)
    if select["type"] != SELECT:
        return
    count("select_options", select.get("options"), 25, f"{at}.options", least=1)
    values = [option.get("value") for option in select["options"]]
    if len(values) != len(set(values)):
        raise Refused("select_value", f"{at}.options", "The values must be unique.")
    for index, option in enumerate(select["options"]):
        where = f"{at}.options.{index}"
        length("select_label", option.get("label"), 100, where, least=1)
        length("select_value", option.get("value"), 100, where, least=1)
        length("select_description", option.get("description") or "", 100, where)


def _section(section: Json, at: str) -> None:
    count("section_texts", section.get("components"), 3, at, least=1)
    if any(each.get("type") != TEXT for each in section["components"]):
        raise Refused("section_texts", at, "Only text displays may stand in a section.")
    if (section.get("accessory") or {}).get("type") not in (BUTTON, THUMBNAIL):
        raise Refused("section_accessory", f"{at}.accessory")


def check_text(text: Json, at: str) -> None:
    length("text_empty", text.get("content"), 10**6, f"{at}.content", least=1)


def _gallery(gallery: Json, at: str) -> None:
    count("gallery_items", gallery.get("items"), 10, f"{at}.items", least=1)


def _container(container: Json, at: str) -> None:
    count("container_children", container.get("components"), 40, at, least=1)
    if any(each.get("type") not in IN_CONTAINER for each in container["components"]):
        raise Refused("container_children", at)


CHECKED: dict[int, Check] = {
    ROW: _row,
    BUTTON: _button,
    SECTION: _section,
    TEXT: check_text,
    GALLERY: _gallery,
    CONTAINER: _container,
    **dict.fromkeys(SELECTS, check_select),
}
