"""Breaking the rules of Block Kit: for each what is at the limit and passes, and what is over it.

`BLOCKS` are posted in a message, `VIEWS` opened as a modal.
"""

from __future__ import annotations

from typing import Any

from tests.fakes.slack_breaks import breaks, client, field, fine, modal, plain, room, said, section
from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_state import Json


def marked(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(text: str = "Press", **parts: Any) -> Json:
    return {"type": "button", "text": plain(text)} | parts


def told(text: Any) -> Json:
    """A section with this for its text, whatever it is."""
    return {"type": "section", "text": text}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def beside(**parts: Any) -> Json:
    """A section with a button that has these parts."""
    return section(accessory=button() | parts)


def option(value: str = "1", text: str = "One", **parts: Any) -> Json:
    return {"text": plain(text), "value": value} | parts


def options(number: int) -> list[Json]:
    return [option(str(each)) for each in range(number)]


def menu(kind: str = "static_select", **parts: Any) -> Json:
    return actions({"type": kind} | parts)


def image(**parts: Any) -> Json:
    return {
        "type": "image",
        "image_url": "https://example.org/x.png",
        "alt_text": "A board",
    } | parts


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


def confirm(**parts: Any) -> Json:
    usual = {
        "title": plain("Sure?"),
        "text": marked("x"),
        "confirm": plain("Y"),
        "deny": plain("N"),
    }
    return beside(confirm=usual | parts)


def typed(**parts: Any) -> Json:
    return field(element={"type": "plain_text_input"} | parts)


def group(label: str = "A group") -> Json:
    return {"label": plain(label), "options": options(1)}


def without(block: Json, key: str) -> Json:
    return {name: held for name, held in block.items() if name != key}


def x(number: int) -> str:
    return "x" * number


#: Rule: what passes, what is refused; a block, or a list of them.
BLOCKS: dict[str, tuple[Any, Any]] = {
    "message-blocks": ([section()] * 50, [section()] * 51),
    "block-kind": ({"type": "divider"}, {"type": "drawer"}),
    "block-fields": (section(expand=True), section(colour="red")),
    "block-required": (context(marked("x")), {"type": "context"}),
    "block-value": (section(), told("x")),
    "block-id-length": (section(block_id=x(255)), section(block_id=x(256))),
    "block-id-unique": (
        [section(block_id="a"), section(block_id="b")],
        [section(block_id="a"), section(block_id="a")],
    ),
    "section-text": (section(x(3_000)), section(x(3_001))),
    "section-fields": (section(fields=[marked("x")] * 10), section(fields=[marked("x")] * 11)),
    "section-field": (section(fields=[marked(x(2_000))]), section(fields=[marked(x(2_001))])),
    "section-kinds": (
        section(accessory=image()),
        section(accessory={"type": "plain_text_input"}),
    ),
    "section-empty": (section(), {"type": "section"}),
    "header-text": (
        {"type": "header", "text": plain(x(150))},
        {"type": "header", "text": plain(x(151))},
    ),
    "header-plain": (
        {"type": "header", "text": plain("x")},
        {"type": "header", "text": marked("x")},
    ),
    "context-elements": (context(*[marked("x")] * 10), context(*[marked("x")] * 11)),
    "context-kinds": (context(image(), plain("x")), context(button())),
    "actions-elements": (actions(*[button()] * 25), actions(*[button()] * 26)),
    "actions-kinds": (
        menu("static_select", options=options(1)),
        menu("multi_static_select", options=options(1)),
    ),
    "image-alt": (image(), without(image(), "alt_text")),
    "image-alt-length": (image(alt_text=x(2_000)), image(alt_text=x(2_001))),
    "image-source": (image(), image(slack_file={"id": "F1"})),
    "image-url": (image(image_url=x(3_000)), image(image_url=x(3_001))),
    "image-title": (image(title=plain(x(2_000))), image(title=plain(x(2_001)))),
    "input-label": (field(label=plain(x(2_000))), field(label=plain(x(2_001)))),
    "input-hint": (field(hint=plain(x(2_000))), field(hint=plain(x(2_001)))),
    "input-kinds": (typed(), field(element=button())),
    "markdown-length": (
        [{"type": "markdown", "text": x(6_000)}] * 2,
        [{"type": "markdown", "text": x(6_001)}] * 2,
    ),
    "action-id-length": (beside(action_id=x(255)), beside(action_id=x(256))),
    "action-id-unique": (
        [actions(button(action_id="a"), button(action_id="b")), beside(action_id="a")],
        actions(button(action_id="a"), button(action_id="a")),
    ),
    "button-text": (beside(text=plain(x(75))), beside(text=plain(x(76)))),
    "button-plain": (beside(), beside(text=marked("x"))),
    "button-value": (beside(value=x(2_000)), beside(value=x(2_001))),
    "button-url": (beside(url=x(3_000)), beside(url=x(3_001))),
    "button-style": (beside(style="danger"), beside(style="default")),
    "button-label": (beside(accessibility_label=x(75)), beside(accessibility_label=x(76))),
    "placeholder": (typed(placeholder=plain(x(150))), typed(placeholder=plain(x(151)))),
    "select-options": (menu(options=options(100)), menu(options=options(101))),
    "select-groups": (menu(option_groups=[group()] * 100), menu(option_groups=[group()] * 101)),
    "select-initial": (
        menu(options=options(2), initial_option=option("1")),
        menu(options=options(2), initial_option=option("2")),
    ),
    "overflow-options": (
        menu("overflow", options=options(5)),
        menu("overflow", options=options(6)),
    ),
    "radio-options": (
        menu("radio_buttons", options=options(10)),
        menu("radio_buttons", options=options(11)),
    ),
    "checkbox-options": (
        menu("checkboxes", options=options(10)),
        menu("checkboxes", options=options(11)),
    ),
    "input-max": (typed(max_length=3_000), typed(max_length=3_001)),
    "input-min": (typed(min_length=3_000), typed(min_length=3_001)),
    "text-kind": (section(), told({"type": "markdown", "text": "x"})),
    "text-empty": (section(), section("")),
    "text-emoji": (
        told({"type": "plain_text", "text": "x", "emoji": True}),
        told({"type": "mrkdwn", "text": "x", "emoji": True}),
    ),
    "option-text": (menu(options=[option(text=x(75))]), menu(options=[option(text=x(76))])),
    "option-plain": (
        menu("checkboxes", options=[option() | {"text": marked("x")}]),
        menu(options=[option() | {"text": marked("x")}]),
    ),
    "option-value": (menu(options=[option(x(150))]), menu(options=[option(x(151))])),
    "option-description": (
        menu(options=[option(description=plain(x(75)))]),
        menu(options=[option(description=plain(x(76)))]),
    ),
    "group-label": (menu(option_groups=[group(x(75))]), menu(option_groups=[group(x(76))])),
    "confirm-title": (confirm(title=plain(x(100))), confirm(title=plain(x(101)))),
    "confirm-text": (confirm(text=marked(x(300))), confirm(text=marked(x(301)))),
    "confirm-button": (confirm(deny=plain(x(30))), confirm(deny=plain(x(31)))),
}

VIEWS: dict[str, tuple[Json, Json]] = {
    "view-blocks": (modal(blocks=[section()] * 100), modal(blocks=[section()] * 101)),
    "view-kind": (modal(), {"type": "home", "blocks": [section()]}),
    "modal-title": (modal(title=plain(x(24))), modal(title=plain(x(25)))),
    "modal-submit": (modal(submit=plain(x(24))), modal(submit=plain(x(25)))),
    "modal-close": (modal(close=plain(x(24))), modal(close=plain(x(25)))),
    "modal-submit-needed": (modal(blocks=[field()], submit=plain("Go")), modal(blocks=[field()])),
    "private-metadata": (modal(private_metadata=x(3_000)), modal(private_metadata=x(3_001))),
    "callback-id": (modal(callback_id=x(255)), modal(callback_id=x(256))),
    "external-id": (modal(external_id=x(255)), modal(external_id=x(256))),
}


async def posted(slack: SlackServer, blocks: Any) -> str:
    held = blocks if isinstance(blocks, list) else [blocks]
    channel = room(slack).id
    return await said(client(slack).chat_postMessage(channel=channel, text="x", blocks=held))


async def opened(slack: SlackServer, view: Json) -> str:
    acted = slack.begin(slack.member(), None)
    assert acted.trigger is not None
    return await said(client(slack).views_open(trigger_id=acted.trigger.id, view=view))


def _registered(rule: str, pair: tuple[Any, Any], how: Any) -> None:
    @breaks(rule)
    async def _(slack: SlackServer) -> str:
        good, bad = pair
        assert await how(slack, good) == "ok", slack.refusals
        return str(await how(slack, bad))


for _rule, _pair in BLOCKS.items():
    _registered(_rule, _pair, posted)
for _rule, _pair in VIEWS.items():
    _registered(_rule, _pair, opened)


@breaks("image-file")
async def _(slack: SlackServer) -> str:
    done = await fine(client(slack).files_upload_v2(filename="board.png", content=b"\x89PNG"))
    there = without(image(slack_file={"id": done["file"]["id"]}), "image_url")
    assert await posted(slack, there) == "ok"
    return await posted(slack, without(image(slack_file={"id": "F1"}), "image_url"))
