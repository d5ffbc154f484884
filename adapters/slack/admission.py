"""Whether what came is to be served: Slack signed it, and Muse is installed where it is from."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from adapters.slack import words
from adapters.slack.grants import NotInstalled
from adapters.slack.payloads import Heard, enterprise_of
from adapters.slack.web import Web
from adapters.slack.work import Work
from bot.errors import MuseError, StageFailed

log = logging.getLogger(__name__)


class Admission:
    """Asked within the time that an event has: what is known of a workspace may be far away."""

    def __init__(self, web: Web, work: Work) -> None:
        self._web = web
        self._work = work

    async def admits(self, heard: Heard, body: Mapping[str, Any]) -> bool:
        """Whether an event is to be served; tells the log where it is not."""
        try:
            await self._web.grants.grant(heard.team, enterprise_of(body))
        except NotInstalled:
            log.warning(
                "an event of workspace %s, where Muse is not installed, is refused", heard.team
            )
            return False
        except MuseError as error:  # Slack signed it; what can be served without, is
            log.warning("whether Muse is still in %s is not known: %s", heard.team, error)
        return True

    def refuse(self, heard: Heard) -> None:
        """Tell whoever acted that Muse is not there, where they can be told without a token."""
        if heard.response_url:
            self._work.start(self._tell(heard.response_url))

    async def _tell(self, url: str) -> None:
        said = {"text": words.NOT_INSTALLED, "response_type": "ephemeral"}
        try:
            await self._web.respond(url, said | {"replace_original": False})
        except StageFailed as failure:
            log.info("nobody could be told that Muse is not installed: %s", failure)
