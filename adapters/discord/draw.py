"""Cards as Discord messages with Components V2. Pure but for what discord.py makes of it.

https://docs.discord.com/developers/components/overview. A view is finished when it is made:
discord.py then keeps nothing of it, and every click is read from its own id
(`adapters.discord.dispatch`), so that a button works after a restart and a year later.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import ui

from adapters.discord import limits, words
from adapters.discord.fit import pages, shorten
from adapters.discord.parts import (
    Choice,
    Document,
    Entry,
    Media,
    Part,
    Row,
    Rule,
    Shown,
    Words,
    alt,
    file_name,
    parts,
    picture_url,
)
from adapters.discord.text import Writing, shortened
from bot.cards import (
    Attachment,
    Button,
    Card,
    Illustration,
    Option,
    Picture,
    Pool,
    Select,
    Style,
)

Item = ui.Item[Any]
PAGE = "page"  #: begins the id of a button that turns the page of a private message
_STYLES = {
    Style.MAIN: discord.ButtonStyle.primary,
    Style.PLAIN: discord.ButtonStyle.secondary,
    Style.DANGER: discord.ButtonStyle.danger,
}
_POOLS = {
    Pool.CHANNELS: (ui.ChannelSelect, discord.SelectDefaultValueType.channel),
    Pool.ROLES: (ui.RoleSelect, discord.SelectDefaultValueType.role),
    Pool.PEOPLE: (ui.UserSelect, discord.SelectDefaultValueType.user),
}


@dataclass(frozen=True, slots=True)
class PageId:
    """The id of a button that turns a page: which one, and what is to be asked again for it.

    `again` is an action's id, or a command as it is typed behind a slash.
    """

    page: int
    again: str

    def __str__(self) -> str:
        return f"{PAGE}~{self.page}~{self.again}"

    @classmethod
    def parse(cls, text: str) -> PageId | None:
        """The page that an id turns to, or None where it is no such id."""
        head, _, rest = text.partition("~")
        number, _, again = rest.partition("~")
        if head != PAGE or not again or not number.isdecimal() or len(number) > 3:
            return None
        return cls(int(number), again)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message: its view, and the files that go with it."""

    view: ui.LayoutView
    files: tuple[Attachment | Illustration, ...] = ()

    def sent(self) -> dict[str, Any]:
        """As what a new message is sent with."""
        return {"view": self.view, "files": self.attached()} if self.files else {"view": self.view}

    def edited(self) -> dict[str, Any]:
        """As what a message is changed with."""
        files = {"attachments": self.attached()} if self.files else {}
        return {"view": self.view, **files}

    def attached(self) -> list[discord.File]:
        """The files, each to be sent once."""
        return [_file(each) for each in self.files]


class Drawing:
    """Draws cards. `command_ids` gives the native commands' ids by name."""

    def __init__(self, command_ids: Callable[[], Mapping[str, str]] = dict) -> None:
        self._writing = Writing(command_ids)

    def everyone(
        self, card: Card, *, mark: int | None = None, message: str = "", role: int | None = None
    ) -> Drawn:
        """A message for everyone, shortened if need be. `mark` is a number to know it by.

        `message` is the id it has, so that its own pictures are drawn from it; `role` is named
        above all else.
        """
        made = parts(card, self._writing)
        if role is not None:
            made.insert(0, Words((f"<@&{role}>",)))
        view = _view(shorten(made), mark, message)
        return Drawn(view, (card.illustration,) if card.illustration else ())

    def private(self, card: Card, again: str = "", page: int = 1) -> list[Drawn]:
        """A message to one member: one page of it where `again` says what to ask to turn it,
        else as many messages as it takes.
        """
        made = pages(parts(card, self._writing), besides=card.file is not None)
        page = min(max(page, 1), len(made))
        turnable = bool(again) and len(str(PageId(len(made), again))) <= limits.CUSTOM_ID
        if card.file is not None:
            made[-1].append(Document(card.file.name))
        elif len(made) > 1 and turnable:
            made = [[*made[page - 1], Row(tuple(_turns(page, len(made), again)))]]
        drawn = [Drawn(_view(each), _illustrations(card, each)) for each in made]
        if card.file is not None:
            drawn[-1] = replace(drawn[-1], files=(*drawn[-1].files, card.file))
        return drawn


def _illustrations(card: Card, page: Sequence[Part]) -> tuple[Illustration, ...]:
    """What a page shows of the card's illustration."""
    shown = any(isinstance(part, Shown) for part in page)
    return (card.illustration,) if card.illustration and shown else ()


def _file(each: Attachment | Illustration) -> discord.File:
    if isinstance(each, Attachment):
        return discord.File(io.BytesIO(each.text.encode()), each.name)
    # Its description is the gallery's: Discord shows that one.
    return discord.File(io.BytesIO(each.image.data), file_name(each))


def _turns(page: int, count: int, again: str) -> list[Button]:
    turns = []
    if page > 1:
        label = words.PAGE_BACK.format(page=page - 1, pages=count)
        turns.append(Button(str(PageId(page - 1, again)), label))
    if page < count:
        label = words.PAGE_NEXT.format(page=page + 1, pages=count)
        turns.append(Button(str(PageId(page + 1, again)), label))
    return turns


def _view(drawn: Sequence[Part], mark: int | None = None, message: str = "") -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    items: list[Item] = []
    for part in drawn:
        items += _items(part, message)
    view.add_item(ui.Container(*items, id=mark))
    view.stop()
    return view


def _items(part: Part, message: str) -> list[Item]:  # noqa: PLR0911 - one for each kind of part
    match part:
        case Words(lines):
            return [ui.TextDisplay("\n".join(lines))]
        case Entry():
            gallery = [_gallery(part.picture, message)] if part.picture else []
            text: Item = ui.TextDisplay(part.text)
            if part.button is None:
                return [*gallery, text]
            return [*gallery, ui.Section(text, accessory=_button(part.button))]
        case Rule():
            return [ui.Separator()]
        case Document(name):
            return [ui.File(f"attachment://{name}")]
        case Media(picture):
            return [_gallery(picture, message)]
        case Shown(name, described):
            item = discord.MediaGalleryItem(f"attachment://{name}", description=described)
            return [ui.MediaGallery(item)]
        case Row(buttons):
            return [ui.ActionRow(*(_button(button) for button in buttons))]
        case Choice(select):
            return [ui.ActionRow(_select(select))]


def _button(button: Button) -> ui.Button[Any]:
    return ui.Button(
        style=_STYLES[button.style],
        label=shortened(button.label, limits.BUTTON_LABEL),
        custom_id=button.action,
        disabled=button.disabled,
    )


def _select(select: Select) -> Item:
    placeholder = shortened(select.label, limits.SELECT_PLACEHOLDER)
    most = min(max(select.most, 1), limits.SELECT_OPTIONS)
    if select.pool is Pool.OPTIONS:
        return ui.Select(
            custom_id=select.action,
            placeholder=placeholder,
            max_values=min(most, len(select.options)),
            options=options(select.options, select.chosen),
        )
    kind, default = _POOLS[select.pool]
    chosen = [
        discord.SelectDefaultValue(id=int(value), type=default)
        for value in select.chosen[:most]
        if value.isdecimal()
    ]
    made: Item = kind(
        custom_id=select.action,
        placeholder=placeholder,
        min_values=0,  # nothing chosen takes back what was
        max_values=most,
        default_values=chosen,
    )
    return made


def options(offered: Sequence[Option], chosen: Sequence[str]) -> list[discord.SelectOption]:
    """A select's options, with what stands marked."""
    return [
        discord.SelectOption(
            label=shortened(option.label, limits.OPTION_LABEL),
            value=option.value,
            default=option.value in chosen,
        )
        for option in offered
    ]


def _gallery(picture: Picture, message: str) -> Item:
    where = picture_url(picture.kept, message)
    return ui.MediaGallery(discord.MediaGalleryItem(where, description=alt(picture)))
