"""Files: pictures that a message shows, and what is a member's own to keep.

https://docs.slack.dev/messaging/working-with-files
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import replace

from adapters.slack.limits import PICTURE_KINDS
from adapters.slack.troubles import SlackRefused
from adapters.slack.web import Web
from bot.cards import Attachment, Block, Buttons, Card, Paragraph, Picture, Plain, Select
from bot.errors import StageFailed
from bot.models import Image

log = logging.getLogger(__name__)

TRIES = 6  # Slack takes in a file after it has said that it has it
PAUSE = 1.0  # seconds
_REMEMBERED = 2_000


class Files:
    """Uploads, once for each workspace and name in this process."""

    def __init__(self, web: Web, pause: float = PAUSE) -> None:
        self._web = web
        self._pause = pause
        self._kept: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def keep(self, team: str, image: Image, name: str) -> str:
        """Upload a picture, which belongs to Muse alone until a message shows it; its id.

        Raises `StageFailed`.
        """
        if (team, name) in self._kept:
            return self._kept[team, name]
        ending = PICTURE_KINDS.get(image.mime)
        if ending is None:
            raise StageFailed(
                f"Slack shows PNG, JPEG and GIF pictures, and this one is {image.mime}. "
                "Choose another kind in the image model’s settings."
            )
        async with self._web.calling(team, "files.completeUploadExternal") as client:
            said = await client.files_upload_v2(
                filename=f"{name}.{ending}", file=image.data, title=name
            )
        kept = str(said["file"]["id"])
        self._kept[team, name] = kept
        if len(self._kept) > _REMEMBERED:
            self._kept.popitem(last=False)
        return kept

    async def illustrated(self, team: str, card: Card) -> Card:
        """The card with its illustration as a picture above its last buttons; where that can't
        be had, with the words that say the same.
        """
        drawn = card.illustration
        if drawn is None:
            return card
        shown: Block
        try:
            shown = Picture(await self.keep(team, drawn.image, drawn.version), drawn.alt)
        except StageFailed as failure:
            log.warning("an illustration could not be shown: %s", failure)
            shown = Paragraph((Plain(drawn.alt),))
        end = len(card.blocks)
        while end and isinstance(card.blocks[end - 1], Buttons | Select):
            end -= 1
        blocks = (*card.blocks[:end], shown, *card.blocks[end:])
        return replace(card, blocks=blocks, illustration=None)

    async def wait(self, refused: SlackRefused, left: int) -> None:
        """Wait a moment where Slack does not know a new file yet; else raise what it said.

        https://github.com/slackapi/python-slack-sdk/issues/1658
        """
        if not left or refused.code != "invalid_blocks" or "slack file" not in refused.detail:
            raise refused
        await asyncio.sleep(self._pause)

    async def hand(self, team: str, user: str, file: Attachment) -> None:
        """Give a member a file in their direct messages with Muse. Raises `StageFailed`."""
        async with self._web.calling(team, "conversations.open") as client:
            opened = await client.conversations_open(users=user)
        async with self._web.calling(team, "files.completeUploadExternal") as client:
            await client.files_upload_v2(
                channel=str(opened["channel"]["id"]),
                filename=file.name,
                content=file.text,
                title=file.name,
            )
