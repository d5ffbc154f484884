"""What every adapter owes the core, whatever its platform, and the adapters that are held to it.

An adapter under test draws cards and forms as its platform would be sent them, and says what a
reader sees of them, what can be pressed, what would ping somebody and what the platform would
refuse. `ADAPTERS` is the register: a new platform adds itself here.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rich.text import Text

from adapters.console import draw as console
from adapters.discord import forms, limits
from adapters.discord.draw import Drawing, Drawn
from adapters.slack import fitting as slack_fitting
from adapters.slack import forms as slack_forms
from adapters.slack import text as slack_text
from adapters.slack.controls import told
from adapters.slack.text import Pen
from bot.cards import Card, FormCard, Person
from tests.fakes.slack_block_shapes import view_problems
from tests.fakes.slack_blocks import problems
from tests.unit import discord_rendering as rendering


@dataclass(frozen=True, slots=True)
class Sent:
    """What a platform is sent for one card or form.

    `seen` is what a reader reads, without markup; `raw` is all of it; `actions` are the ids of
    what can be pressed or chosen; `refused` says what the platform would refuse.
    """

    seen: str
    raw: str
    actions: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


class AdapterUnderTest(Protocol):
    """One platform. `presses` is whether its cards have anything to press."""

    name: str
    presses: bool

    def everyone(self, card: Card) -> Sent:
        """The card as a message for everyone."""
        ...

    def private(self, card: Card) -> Sent:
        """The card as one member sees it, however many messages it takes."""
        ...

    def form(self, form: FormCard) -> Sent:
        """The form as it opens."""
        ...

    def pings(self, sent: Sent) -> bool:
        """Whether anything in it would ping or link somebody, but for names that Muse draws."""
        ...


class ConsoleUnderTest:
    """The terminal: everything is said in words."""

    name = "console"
    presses = False
    _steers = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

    def everyone(self, card: Card) -> Sent:
        return self._sent(console.draw(card, _console_name))

    def private(self, card: Card) -> Sent:
        return self.everyone(card)

    def form(self, form: FormCard) -> Sent:
        return self._sent(console.draw_form(form))

    def pings(self, sent: Sent) -> bool:
        return bool(self._steers.search(sent.raw))

    @staticmethod
    def _sent(lines: Sequence[Text]) -> Sent:
        text = "\n".join(line.plain for line in lines)
        return Sent(text, text)


def _console_name(person: Person) -> str:
    return person.user.id if person.user else "someone who left"


class DiscordUnderTest:
    """Discord: components, in messages and modals."""

    name = "discord"
    presses = True
    _drawing = Drawing(lambda: {"muse": "1", "help": "2", "top": "3", "muse-admin": "4"})
    _pings = re.compile(r"<@&\d+>|@everyone|@here|(?<!\\)<#|(?<!\\)\[|(?<!\\)://")

    def everyone(self, card: Card) -> Sent:
        return self._messages([self._drawing.everyone(card)])

    def private(self, card: Card) -> Sent:
        return self._messages(self._drawing.private(card))

    def form(self, form: FormCard) -> Sent:
        made = forms.modal(form).to_dict()
        every = list(rendering.walk(made["components"]))
        seen = [made["title"]]
        for each in every:
            seen += [each.get(name) or "" for name in ("label", "placeholder", "description")]
            seen += [option["label"] for option in each.get("options", [])]
        refused = ["title"] if len(made["title"]) > limits.MODAL_TITLE else []
        refused += ["fields"] if len(made["components"]) > limits.MODAL_FIELDS else []
        ids = (made["custom_id"],)
        return Sent("\n".join(seen), json.dumps(made), ids, tuple(refused))

    def pings(self, sent: Sent) -> bool:
        return bool(self._pings.search(sent.raw))

    @staticmethod
    def _messages(drawn: Sequence[Drawn]) -> Sent:
        all_parts = [rendering.components(each.view) for each in drawn]
        texts = [text for parts in all_parts for text in rendering.texts(parts)]
        ids = [ident for parts in all_parts for ident in rendering.ids(parts)]
        refused = [
            f"{len(every)} components, {length} characters"
            for parts in all_parts
            if (every := list(rendering.walk(parts)))
            and (length := sum(map(len, rendering.texts(parts)))) is not None
            and (len(every) > limits.MESSAGE_COMPONENTS or length > limits.MESSAGE_TEXT)
        ]
        refused += [ident for ident in ids if len(ident) > limits.CUSTOM_ID]
        seen = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", "\n".join(texts)).replace("@\u200b", "@")
        return Sent(seen, "\n".join(texts), tuple(ids), tuple(refused))


class SlackUnderTest:
    """Slack: Block Kit, in messages and, where one is too small, in the pages of a modal."""

    name = "slack"
    presses = True
    _pen = Pen(lambda user: user.id)
    # Any markup of Slack's but a moment; any element that names somebody or leads somewhere.
    _pings = re.compile(r"<(?!!date\^)|\"type\": \"(?:user|usergroup|broadcast|channel|link)\"")
    _steers = re.compile(r"\\u(?:202[a-e]|206[6-9]|001b|0007)")

    def everyone(self, card: Card) -> Sent:
        return self._sent([slack_fitting.fit(card, self._pen).blocks], "message", card.summary)

    def private(self, card: Card) -> Sent:
        fitted = slack_fitting.fit(card, self._pen)
        if not fitted.left:
            return self._sent([fitted.blocks], "message", card.summary)
        return self._sent(slack_fitting.pages(card, self._pen), "modal", card.summary)

    def form(self, form: FormCard) -> Sent:
        view = slack_forms.form_view(form, {})
        seen = html.unescape("\n".join(slack_texts(view)))
        refused = tuple(map(str, view_problems(view, "modal")))
        return Sent(seen, json.dumps(view), (view["callback_id"],), refused)

    def pings(self, sent: Sent) -> bool:
        return bool(self._pings.search(sent.raw) or self._steers.search(sent.raw))

    @staticmethod
    def _sent(messages: Sequence[list[dict[str, Any]]], surface: str, summary: str) -> Sent:
        every = [block for blocks in messages for block in blocks]
        files = {b["slack_file"]["id"] for b in every if b["type"] == "image"}
        refused = [str(p) for blocks in messages for p in problems(blocks, surface, files)]
        elements = [e for b in every for e in (*b.get("elements", ()), b.get("accessory") or {})]
        ids = tuple(told(e["action_id"]) for e in elements if "action_id" in e)
        # A row of rich text is one text to its reader, however many runs it has.
        seen = html.unescape("\n".join("".join(slack_texts(block)) for block in every))
        raw = json.dumps([_without_ids(every), slack_text.fallback(summary)])
        return Sent(seen, raw, ids, tuple(refused))


def _without_ids(part: Any) -> Any:
    if isinstance(part, dict):
        return {k: _without_ids(v) for k, v in part.items() if k != "action_id"}
    return [_without_ids(each) for each in part] if isinstance(part, list) else part


def slack_texts(part: object) -> Iterator[str]:
    """Every text in blocks, as it is written there."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from slack_texts(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from slack_texts(each)


ADAPTERS: tuple[Callable[[], AdapterUnderTest], ...] = (
    ConsoleUnderTest,
    DiscordUnderTest,
    SlackUnderTest,
)
