"""OAuth v2: the page of authorisation, codes, tokens and their rotation; and the way out.

https://docs.slack.dev/authentication/installing-with-oauth,
https://docs.slack.dev/authentication/using-token-rotation.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Literal

from aiohttp import ClientSession, CookieJar, web
from yarl import URL

from tests.fakes.slack_payloads import organisation
from tests.fakes.slack_rules import Refused
from tests.fakes.slack_state import Json, Member, Token, Workspace
from tests.fakes.slack_web_api import Call, method

if TYPE_CHECKING:
    from tests.fakes.slack_core import SlackCore

CODE_LIFE = 600.0
TOKEN_LIFE = 43_200


@dataclass(slots=True)
class Code:
    """What a member's consent is worth, once, within ten minutes."""

    value: str
    team: str
    user: str
    scopes: frozenset[str]
    redirect_uri: str
    born: float
    used: bool = False


class OAuth:
    """The app's credentials, the codes it was given, its refresh tokens."""

    def __init__(self, slack: SlackCore) -> None:
        self.slack = slack
        self.client_id = "1000.2000"
        self.client_secret = "client-secret-of-the-fake"
        self.rotation = False
        #: Where consent may lead back to; empty: anywhere.
        self.redirect_urls: list[str] = []
        #: The member who looks at the page of authorisation, and what is answered there.
        self.visitor: Member | None = None
        self.consents: Literal["allow", "deny"] = "allow"
        self.codes: dict[str, Code] = {}
        self.refresh_tokens: dict[str, tuple[str, frozenset[str]]] = {}
        self.granted: dict[str, frozenset[str]] = {}

    async def authorize(self, request: web.Request) -> web.Response:
        """The page, which this fake's visitor answers at once: a redirect with code and state."""
        query = request.query
        try:
            scopes, target = self._asked(request)
        except Refused as refused:
            self.slack.world.refuse(refused, "oauth/v2/authorize")
            return web.Response(status=400, text=refused.error)
        back = {"state": query.get("state", "")}
        if self.consents == "deny":
            back["error"] = "access_denied"
        else:
            visitor = self.visitor or self.slack.member()
            code = self.code(visitor, scopes, query.get("redirect_uri", ""))
            back["code"] = code.value
        raise web.HTTPFound(str(URL(target).update_query(back)))

    def _asked(self, request: web.Request) -> tuple[frozenset[str], str]:
        """The scopes that are asked for, and where consent leads back to; raises `Refused`."""
        if request.query.get("client_id") != self.client_id:
            raise Refused("authorize-client")
        scopes = frozenset(filter(None, request.query.get("scope", "").split(",")))
        if not scopes:
            raise Refused("authorize-scopes")
        target = request.query.get("redirect_uri") or (self.redirect_urls or [""])[0]
        if not target or not any(target.startswith(url) for url in self.redirect_urls or [""]):
            raise Refused("redirect-registered")
        return scopes, target

    def code(self, visitor: Member, scopes: frozenset[str], redirect_uri: str = "") -> Code:
        """A code as the redirect carries it."""
        value = secrets.token_hex(16)
        now = self.slack.world.clock.now()
        made = Code(value, visitor.team, visitor.id, scopes, redirect_uri, now)
        self.codes[value] = made
        return made

    async def install(
        self, install_url: str, visitor: Member, state: str | None = None
    ) -> tuple[int, str]:
        """Goes through an installation as this member's browser; `state` forges the way back.

        Gives the status and the text of the app's last page.
        """
        self.visitor = visitor
        jar = CookieJar(unsafe=True, treat_as_secure_origin=URL(install_url).origin())
        async with ClientSession(cookie_jar=jar) as browser:
            async with browser.get(install_url, allow_redirects=False) as page:
                link = re.search(r'href="([^"]*oauth/v2/authorize[^"]*)"', await page.text())
                to = page.headers.get("Location") or (unescape(link[1]) if link else "")
            async with browser.get(URL(to, encoded=True), allow_redirects=False) as consent:
                back = URL(consent.headers["Location"])
            if state is not None:
                back = back.update_query(state=state)
            async with browser.get(back) as last:
                return last.status, await last.text()

    def client(self, call: Call) -> None:
        """The app's credentials, by Basic or as arguments; raises `Refused`."""
        given = call.basic or (call.text("client_id"), call.text("client_secret"))
        if given[0] != self.client_id:
            raise Refused("client-known")
        if given[1] != self.client_secret:
            raise Refused("client-secret")

    def exchange(self, call: Call) -> Code:
        """The code of a call, used; raises `Refused`."""
        code = self.codes.get(call.text("code"))
        if code is None:
            raise Refused("code-known")
        if code.used:
            raise Refused("code-once")
        if self.slack.world.clock.now() - code.born > CODE_LIFE:
            raise Refused("code-fresh")
        if code.redirect_uri and call.text("redirect_uri") != code.redirect_uri:
            raise Refused("redirect-same")
        code.used = True
        return code

    def grant(self, space: Workspace, scopes: frozenset[str]) -> Json:
        """A bot's token, and with rotation what renews it."""
        rotates = self.rotation
        prefix = "xoxe.xoxb-1-" if rotates else "xoxb-"
        value = f"{prefix}{space.id}-{secrets.token_hex(12)}"
        expires = self.slack.world.clock.now() + TOKEN_LIFE if rotates else None
        scopes |= self.granted.get(space.id, frozenset())  # scopes are additive
        self.granted[space.id] = scopes
        self.slack.world.tokens[value] = Token(value, "bot", space.id, scopes, expires)
        space.bot_token, space.installed = value, True
        said: Json = {
            "access_token": value,
            "token_type": "bot",
            "scope": ",".join(sorted(scopes)),
            "bot_user_id": space.bot_user,
            "app_id": self.slack.app_id,
            "team": None if space.organisation else {"id": space.id, "name": space.name},
            "enterprise": organisation(space),
            "is_enterprise_install": bool(space.organisation),
        }
        if rotates:
            refresh = f"xoxe-1-{secrets.token_hex(12)}"
            self.refresh_tokens[refresh] = (space.id, scopes)
            said |= {"refresh_token": refresh, "expires_in": TOKEN_LIFE}
        return said


@method("oauth.v2.access", token="none")
def access(call: Call) -> Json:
    oauth = call.slack.oauth
    oauth.client(call)
    kind = call.text("grant_type") or "authorization_code"
    if kind == "authorization_code":
        code = oauth.exchange(call)
        space = call.world.workspaces[code.team]
        return oauth.grant(space, code.scopes) | {"authed_user": {"id": code.user}}
    if kind != "refresh_token":
        raise Refused("grant-type")
    held = oauth.refresh_tokens.pop(call.text("refresh_token"), None)
    if held is None or not call.world.workspaces[held[0]].installed:
        raise Refused("refresh-once")
    return oauth.grant(call.world.workspaces[held[0]], held[1])
