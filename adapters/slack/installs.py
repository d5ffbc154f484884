"""Installing by OAuth v2 with Bolt's flow, on stores that the core owns.

https://docs.slack.dev/authentication/installing-with-oauth. Only the bot's token is kept: Muse
asks for none of a person's.
"""

from __future__ import annotations

import logging
import re
from logging import Logger

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.grants import ManyWorkspaces, expiry
from adapters.slack.manifest import bot_scopes
from adapters.slack.options import AUTHORIZE_URL, INSTALL_PATH, REDIRECT_PATH, SlackOptions
from adapters.slack.payloads import PLATFORM
from bot.models import SpaceRef
from bot.ports import Clock, Installations, InstallStates

log = logging.getLogger(__name__)

STATE_SECONDS = 600  # that somebody has to agree to the installation
_CODE = re.compile(r"code: \S+")


class KeptInstallations(AsyncInstallationStore):
    """Bolt's installation store, on the core's."""

    def __init__(self, kept: Installations, grants: ManyWorkspaces, clock: Clock) -> None:
        self._kept = kept
        self._grants = grants
        self._clock = clock

    @property
    def logger(self) -> Logger:
        """Bolt's wish; nothing is logged of an installation."""
        return log

    async def async_save(self, installation: Installation) -> None:
        """Keep a new installation, in place of an earlier one."""
        owner = installation.enterprise_id if installation.is_enterprise_install else None
        ident = owner or installation.team_id
        assert ident is not None, "Slack names the workspace of an installation"
        # Slack tells how long a token lives, and slack_sdk makes a moment of it by its own clock.
        lives = installation.bot_token_expires_at
        left = lives - installation.installed_at if lives is not None else None
        await self._kept.save(
            SpaceRef(PLATFORM, ident),
            {
                "token": installation.bot_token or "",
                "bot": installation.bot_user_id or "",
                "refresh": installation.bot_refresh_token or "",
                "expires": expiry(self._clock.now(), left),
            },
        )
        await self._grants.installed(ident)
        log.info("Muse was installed in %s", ident)

    async def async_save_bot(self, bot: Bot) -> None:
        """Bolt would keep a renewed token so; Muse renews by itself."""
        raise NotImplementedError

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """Bolt would find a token so; Muse has its own way."""
        raise NotImplementedError


class KeptStates(AsyncOAuthStateStore):
    """Bolt's state store, on the core's: each state works once, and not for long."""

    def __init__(self, kept: InstallStates) -> None:
        self._kept = kept

    @property
    def logger(self) -> Logger:
        """Bolt's wish; nothing is logged of a state."""
        return log

    async def async_issue(self, *_: object, **__: object) -> str:
        """A new state."""
        return await self._kept.issue(STATE_SECONDS)

    async def async_consume(self, state: str) -> bool:
        """Whether it is one, used for the first time."""
        return await self._kept.consume(state)


class Authorize(AsyncAuthorize):
    """Whose token serves an event, for Bolt's listeners: Muse's need none, and whether it is
    installed there is asked once the time that an event has is running (`Dispatch.served`).
    """

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,  # noqa: ARG002 - Bolt's
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,  # noqa: ARG002 - Bolt's
        actor_enterprise_id: str | None = None,  # noqa: ARG002 - Bolt's
        actor_team_id: str | None = None,  # noqa: ARG002 - Bolt's
        actor_user_id: str | None = None,  # noqa: ARG002 - Bolt's
    ) -> AuthorizeResult | None:
        """A result without a token."""
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def oauth_flow(
    options: SlackOptions,
    installations: Installations,
    states: InstallStates,
    grants: ManyWorkspaces,
    clock: Clock,
) -> AsyncOAuthFlow:
    """Bolt's flow for installing Muse over the web."""
    logger = logging.getLogger(f"{__name__}.flow")
    logger.addFilter(_discreet)
    public = (options.public_url or "").rstrip("/")
    return AsyncOAuthFlow(
        client=AsyncWebClient(base_url=options.api),
        logger=logger,
        settings=AsyncOAuthSettings(
            client_id=options.client_id,
            client_secret=options.client_secret,
            scopes=list(bot_scopes()),
            user_scopes=[],
            redirect_uri=f"{public}{REDIRECT_PATH}",
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            authorization_url=options.authorize_url or AUTHORIZE_URL,
            callback_options=AsyncCallbackOptions(success=_installed, failure=_refused),
            installation_store=KeptInstallations(installations, grants, clock),
            state_store=KeptStates(states),
            state_expiration_seconds=STATE_SECONDS,
            logger=logger,
        ),
    )


async def _installed(args: AsyncSuccessArgs) -> BoltResponse:
    return await args.default.success(args)


async def _refused(args: AsyncFailureArgs) -> BoltResponse:
    """Tell the log why: a state that is forged, used or too old, or a browser that has none."""
    log.warning("an installation was refused: %s", args.reason)
    return await args.default.failure(args)


def _discreet(record: logging.LogRecord) -> bool:
    """Take the code of an installation out of Bolt's warning."""
    record.msg = _CODE.sub("code: (redacted)", str(record.msg))
    return True
