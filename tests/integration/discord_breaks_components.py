"""Breaking the rules of components, modals and commands: a bad body, and its nearest good one."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord_message import V2
from tests.fakes.discord_rules import Json
from tests.integration.discord_bench import (
    MODAL,
    Answer,
    Bench,
    bodies,
    breaks,
    button,
    field,
    label,
    modal,
    row,
    section,
    select,
    text,
    v2,
)


def options(n: int, **more: Any) -> list[Json]:
    return [{"label": f"{i}", "value": f"{i}"} | more for i in range(n)]


def buttons(n: int) -> list[Json]:
    return [button(custom_id=f"{i}") for i in range(n)]


def container(*children: Json) -> Json:
    return {"type": 17, "components": list(children)}


def gallery(n: int, url: str = "https://example.org/a.png") -> Json:
    return {"type": 12, "items": [{"media": {"url": url}}] * n}


LINK = {"type": 2, "style": 5, "label": "x", "url": "https://example.org"}
ROW_INPUT = row({"type": 4, "custom_id": "x", "style": 1, "label": "x"})

MESSAGES: dict[str, tuple[Json, Json]] = {
    "v2_alone": (v2(text(), content="x"), v2(text())),
    "v2_needed": ({"components": [text()]}, v2(text())),
    "component_total": (
        v2(*(container(*(text() for _ in range(19))) for _ in range(2)), text()),
        v2(*(container(*(text() for _ in range(19))) for _ in range(2))),
    ),
    "text_total": (v2(text("x" * 3999), text("xx")), v2(text("x" * 3999), text("x"))),
    "text_empty": (v2(text("")), v2(text(" "))),
    "legacy_rows": (
        {"components": [row(button(custom_id=f"{i}")) for i in range(6)]},
        {"components": [row(button(custom_id=f"{i}")) for i in range(5)]},
    ),
    "component_type": (v2(ROW_INPUT), v2(row(button()))),
    "component_place": (v2(button()), v2(row(button()))),
    "container_children": (v2(container(container(text()))), v2(container(text()))),
    "component_id": (v2(text() | {"id": 3}, text() | {"id": 3}), v2(text() | {"id": 3}, text())),
    "custom_id_length": (
        v2(row(button(custom_id="x" * 101))),
        v2(row(button(custom_id="x" * 100))),
    ),
    "custom_id_unique": (v2(row(*buttons(1), *buttons(1))), v2(row(*buttons(2)))),
    "button_custom_id": (
        v2(row({"type": 2, "style": 1, "label": "x"})),
        v2(row(button())),
    ),
    "button_link": (v2(row(LINK | {"custom_id": "x"})), v2(row(LINK))),
    "button_label": (v2(row(button(label="x" * 81))), v2(row(button(label="x" * 80)))),
    "row_buttons": (v2(row(*buttons(6))), v2(row(*buttons(5)))),
    "row_select": (v2(row(select(), button(custom_id="y"))), v2(row(select()))),
    "select_options": (
        v2(row(select(options=options(26)))),
        v2(row(select(options=options(25)))),
    ),
    "select_label": (
        v2(row(select(options=options(1, label="x" * 101)))),
        v2(row(select(options=options(1, label="x" * 100)))),
    ),
    "select_value": (
        v2(row(select(options=options(1, value="x" * 101)))),
        v2(row(select(options=options(1, value="x" * 100)))),
    ),
    "select_description": (
        v2(row(select(options=options(1, description="x" * 101)))),
        v2(row(select(options=options(1, description="x" * 100)))),
    ),
    "select_placeholder": (
        v2(row(select(placeholder="x" * 151))),
        v2(row(select(placeholder="x" * 150))),
    ),
    "select_values": (v2(row(select(max_values=26))), v2(row(select(max_values=25)))),
    "section_texts": (v2(section(*[text()] * 4)), v2(section(*[text()] * 3))),
    "section_accessory": (v2({"type": 9, "components": [text()]}), v2(section(text()))),
    "gallery_items": (v2(gallery(11)), v2(gallery(10))),
    "media_uploaded": (v2(gallery(1, "attachment://a.png")), v2(gallery(1))),
}
bodies(MESSAGES, Bench.send)


async def open_modal(bench: Bench, body: Json) -> Answer:
    return await bench.answer(await bench.slash(), MODAL, body)


PICK = select(options=options(2))
MODALS: dict[str, tuple[Json, Json]] = {
    "modal_components": (
        modal(*(label(field(custom_id=f"{i}")) for i in range(6))),
        modal(*(label(field(custom_id=f"{i}")) for i in range(5))),
    ),
    "modal_title": (modal(title="x" * 46), modal(title="x" * 45)),
    "modal_custom_id": (modal(custom_id="x" * 101), modal(custom_id="x" * 100)),
    "modal_children": (modal(row(button())), modal(ROW_INPUT, text())),
    "modal_disabled": (modal(label(PICK | {"disabled": True})), modal(label(PICK))),
    "modal_required": (
        modal(label(PICK | {"min_values": 0})),
        modal(label(PICK | {"min_values": 0, "required": False})),
    ),
    "label_text": (modal(label(label="x" * 46)), modal(label(label="x" * 45))),
    "label_description": (
        modal(label(description="x" * 101)),
        modal(label(description="x" * 100)),
    ),
    "input_length": (
        modal(label(field(max_length=4001))),
        modal(label(field(max_length=4000))),
    ),
    "input_value": (modal(label(field(value="x" * 4001))), modal(label(field(value="x" * 4000)))),
    "input_placeholder": (
        modal(label(field(placeholder="x" * 101))),
        modal(label(field(placeholder="x" * 100))),
    ),
}
bodies(MODALS, open_modal)


@breaks("v2_stays")
async def _(bench: Bench) -> Answer:
    message = await bench.sent(v2(text()))
    # Cleared in the request, and set all the same.
    kept = await bench.call("PATCH", bench.path(message), {"flags": 0})
    assert kept.said["flags"] & V2
    old = {"flags": 0, "content": "x", "components": []}
    return await bench.call("PATCH", bench.path(message), old)


@breaks("v2_set_on_edit")
async def _(bench: Bench) -> Answer:
    message = await bench.sent({"content": "x"})
    bad = await bench.call("PATCH", bench.path(message), v2(text()))
    assert not message.v2
    good = await bench.call("PATCH", bench.path(message), v2(text(), content=None, embeds=[]))
    assert (good.status, message.v2) == (200, True)
    return bad


def command(**more: Any) -> Json:
    return {"name": "muse", "description": "x"} | more


def many(n: int, **more: Any) -> list[Json]:
    return [command(name=f"c{i}") | more for i in range(n)]


def option(**more: Any) -> Json:
    return {"type": 3, "name": "x", "description": "x"} | more


def opts(n: int, **more: Any) -> Json:
    return command(options=[option(name=f"o{i}", **more) for i in range(n)])


def choices(n: int) -> list[Json]:
    return [{"name": f"{i}", "value": f"{i}"} for i in range(n)]


def worded(characters: int) -> list[Json]:
    """Choices whose names and values have so many characters together."""
    sizes = [100] * (characters // 100) + [characters % 100]
    return [{"name": "n" * (size - 2), "value": f"{i:02}"} for i, size in enumerate(sizes)]


def wordy(characters: int) -> Json:
    """A command of so many characters, in all that counts."""
    filled = [option(name=f"o{i:02}", choices=worded(650)) for i in range(11)]
    said = len("muse" + "x") + 11 * (len("o00" + "x") + 650) + len("last" + "x")
    last = option(name="last", choices=worded(characters - said))
    return command(options=[*filled, last])


COMMANDS: dict[str, tuple[list[Json], list[Json]]] = {
    "command_name": ([command(name="a b")], [command(name="naïve-プ'_1")]),
    "command_case": ([command(name="Muse")], [command(name="muse")]),
    "menu_name": ([{"type": 3, "name": "x" * 33}], [{"type": 3, "name": "Muse on This 2 & 3"}]),
    "command_description": (
        [command(description="x" * 101)],
        [command(description="x" * 100)],
    ),
    "menu_description": (
        [{"type": 3, "name": "x", "description": "x"}],
        [{"type": 3, "name": "x", "description": ""}],
    ),
    "command_options": ([opts(26)], [opts(25)]),
    "option_name": ([command(options=[option(name="a b")])], [command(options=[option()])]),
    "option_description": (
        [command(options=[option(description="")])],
        [command(options=[option(description="x" * 100)])],
    ),
    "option_order": (
        [command(options=[option(), option(name="y", required=True)])],
        [command(options=[option(required=True), option(name="y")])],
    ),
    "option_unique": ([command(options=[option(), option()])], [command(options=[option()])]),
    "option_choices": (
        [command(options=[option(choices=choices(26))])],
        [command(options=[option(choices=choices(25))])],
    ),
    "command_unique": ([command(), command()], [command(), {"type": 3, "name": "muse"}]),
    "command_size": ([wordy(8001)], [wordy(8000)]),
    "command_count": (many(101), many(100)),
    "menu_count": (
        [{"type": 3, "name": f"{i}"} for i in range(16)],
        [{"type": 3, "name": f"{i}"} for i in range(15)],
    ),
}


async def put_commands(bench: Bench, body: Any) -> Answer:
    return await bench.commands(*body)


bodies(COMMANDS, put_commands)


@breaks("unknown_command")
async def _(bench: Bench) -> Answer:
    made = (await bench.commands(command())).said[0]
    path = f"/applications/{bench.app}/commands/"
    assert (await bench.call("GET", path + made["id"])).said["name"] == "muse"
    assert (await bench.call("DELETE", path + made["id"])).status == 204
    return await bench.call("GET", path + made["id"])
