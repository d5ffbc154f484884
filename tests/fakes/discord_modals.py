"""What Discord checks of a modal, and what a member's client sends when it is submitted. Pure.

https://docs.discord.com/developers/components/using-modal-components
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes import discord_components as c
from tests.fakes.discord_rules import Json, Refused, count, length

IN_LABEL = (c.INPUT, *c.SELECTS, c.UPLOAD, c.RADIO, c.CHECKS, c.CHECK)


def check_modal(data: Any) -> None:
    """Raise `Refused` where a modal breaks a rule."""
    if not isinstance(data, dict):
        raise Refused("modal_components", "data")
    length("modal_custom_id", data.get("custom_id"), 100, "data.custom_id", least=1)
    length("modal_title", data.get("title"), 45, "data.title", least=1)
    count("modal_components", data.get("components"), 5, "data.components", least=1)
    for at, each in enumerate(data["components"]):
        _check(each, f"data.components.{at}")
    named = [each["custom_id"] for each in c.walk(data["components"]) if "custom_id" in each]
    if len(named) != len(set(named)):
        raise Refused("custom_id_unique", "data.components")


def _check(component: Json, at: str) -> None:
    kind = component.get("type")
    if kind == c.TEXT:
        c.check_text(component, at)
    elif kind == c.LABEL:
        length("label_text", component.get("label"), 45, f"{at}.label", least=1)
        length("label_description", component.get("description") or "", 100, at)
        _field(component.get("component") or {}, f"{at}.component")
    elif kind == c.ROW and [each.get("type") for each in component["components"]] == [c.INPUT]:
        # Deprecated, and still taken: an action row with one text input that holds its label.
        length("label_text", component["components"][0].get("label"), 45, at, least=1)
        _field(component["components"][0], f"{at}.components.0")
    else:
        raise Refused("modal_children", at)


def _field(field: Json, at: str) -> None:
    if field.get("type") not in IN_LABEL:
        raise Refused("modal_children", at)
    if field.get("disabled"):
        raise Refused("modal_disabled", at)
    if field.get("min_values") == 0 and field.get("required", True):
        raise Refused("modal_required", at)
    if field["type"] in c.SELECTS:
        c.check_select(field, at)
    else:
        c.check_custom_id(field, at)
    if field["type"] == c.INPUT:
        _input(field, at)


def _input(field: Json, at: str) -> None:
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if not 0 <= least <= 4000 or not 1 <= most <= 4000 or least > most:
        raise Refused("input_length", at)
    length("input_value", field.get("value") or "", 4000, f"{at}.value")
    length("input_placeholder", field.get("placeholder") or "", 100, f"{at}.placeholder")


class CannotAct(AssertionError):
    """What a test asks of a member is not possible in Discord's client."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a modal that is shown: what a member reads, and how it may be filled."""

    label: str
    description: str
    component: Json

    @property
    def custom_id(self) -> str:
        return str(self.component["custom_id"])

    @property
    def value(self) -> str:
        """What a text input is filled with beforehand."""
        return str(self.component.get("value") or "")

    @property
    def options(self) -> list[str]:
        """What a select offers, by value."""
        return [str(each["value"]) for each in self.component.get("options", ())]

    def filled(self, given: Any) -> Json:
        """The field as it is submitted. Raises `CannotAct` where the client would not let it."""
        kind, required = self.component["type"], self.component.get("required", True)
        answer: Json = {"type": kind, "custom_id": self.custom_id}
        answer["id"] = self.component.get("id", 0)
        if kind == c.INPUT:
            return answer | {"value": self._text(given, required=required)}
        if kind in (c.RADIO, c.CHECK):
            return answer | {"value": given}
        chosen = [given] if isinstance(given, str) else list(given or self._defaults())
        if required and len(chosen) < self.component.get("min_values", 1):
            raise CannotAct(f"{self.label!r} needs a choice")
        if len(chosen) > self.component.get("max_values", 1):
            raise CannotAct(f"{self.label!r} takes fewer choices than {chosen}")
        if kind == c.SELECT and (odd := set(chosen) - set(self.options)):
            raise CannotAct(f"{self.label!r} offers {self.options}, not {odd}")
        return answer | {"values": chosen}

    def _defaults(self) -> list[str]:
        given = self.component.get("options", ())
        return [str(each["value"]) for each in given if each.get("default")]

    def _text(self, given: Any, *, required: bool) -> str:
        text = self.value if given is None else str(given)
        least = self.component.get("min_length") or (1 if required else 0)
        if text and not least <= len(text) <= (self.component.get("max_length") or 4000):
            raise CannotAct(f"{self.label!r} cannot hold {len(text)} characters")
        if required and not text:
            raise CannotAct(f"{self.label!r} is required")
        return text


def fields(data: Json) -> list[Field]:
    """The fields of a modal, as a member sees them."""
    return [found for _, found in _places(data)]


def _places(data: Json) -> Iterator[tuple[Json, Field]]:
    for each in data["components"]:
        if each["type"] == c.LABEL:
            found = Field(each["label"], each.get("description") or "", each["component"])
            yield each, found
        elif each["type"] == c.ROW:
            held = each["components"][0]
            yield each, Field(held["label"], "", held)


def submitted(data: Json, given: Mapping[str, Any]) -> list[Json]:
    """The components of a submission; `given` is by custom id or by label."""
    known = {name for each in fields(data) for name in (each.custom_id, each.label)}
    if odd := set(given) - known:
        raise CannotAct(f"the form has no fields {sorted(odd)}, only {sorted(known)}")
    sent = []
    for place, field in _places(data):
        answer = field.filled(given.get(field.custom_id, given.get(field.label)))
        nested = {"component": answer} if place["type"] == c.LABEL else {"components": [answer]}
        sent.append({"type": place["type"], "id": place.get("id", 0)} | nested)
    return sent
