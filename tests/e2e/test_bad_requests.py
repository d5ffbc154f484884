"""Whatever anybody sends to the web server and to Slack’s door on it: an answer that says no or
nothing, no trace, one line in the log at most, and the next is served.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.storage.client import Store
from bot.storage.connect import make_client
from bot.web import FIGURES, HEALTH, READY, WebServer
from tests.e2e.slack_table import SlackTable, slack_table
from tests.e2e.test_bad_input import fair, logged

DOOR = "/slack/events"
PATIENCE = 10.0  # seconds
METHODS = ("GET", "POST", "PUT", "HEAD", "OPTIONS", "PATCH", "DELETE", "TRACE", "BREW", "get")
PATHS = (DOOR, HEALTH, READY, FIGURES, "/", "*", "//", "/slack/", "/slack/install", "/.env", "/%00")
KINDS = (
    "application/json",
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data; boundary=x",
    "text/plain; charset=no-such",
    "application/json; charset=ebcdic-cp-be",
    "",
    "x",
)
printable = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
names = st.from_regex(r"\A[A-Za-z][A-Za-z0-9-]{0,20}\Z").filter(
    lambda name: name.lower() not in ("content-length", "transfer-encoding", "expect", "upgrade")
)
json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
bodies = (
    st.binary(max_size=300)
    | st.sampled_from([b"", b"payload=", b"payload=%7B%7D", b"payload=[]", b"{}", b"[[[", b"null"])
    | st.text(max_size=60).map(lambda text: f"payload={text}".encode("utf-8", "replace"))
    | json_like.map(lambda value: str(value).encode("utf-8", "replace"))
    | st.sampled_from(["command", "type", "event", "team_id", "trigger_id"]).map(
        lambda name: f"{name}=%00&{name}=x&ssl_check=1&payload={{".encode()
    )
)


@dataclass(frozen=True)
class Sent:
    """A request as bytes but for what is known when it is sent."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    signed: bool  #: by whoever has the secret: it comes to what is behind the door

    def raw(self, secret: str) -> bytes:
        """All of it."""
        head = [f"{self.method} {self.path} HTTP/1.1", "Host: muse", "Connection: close"]
        head += [f"{name}: {value}" for name, value in self.headers]
        head.append(f"Content-Length: {len(self.body)}")
        if self.signed:
            now = str(int(time.time()))
            said = b"v0:" + now.encode() + b":" + self.body
            mark = hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()
            head += [f"X-Slack-Request-Timestamp: {now}", f"X-Slack-Signature: v0={mark}"]
        return "\r\n".join(head).encode("latin-1", "replace") + b"\r\n\r\n" + self.body


headers = st.lists(st.tuples(names, printable), max_size=4).map(tuple)
anything = st.builds(
    Sent,
    st.sampled_from(METHODS),
    st.sampled_from(PATHS) | printable.map(lambda text: "/" + text.replace(" ", "")),
    st.tuples(headers, st.sampled_from(KINDS)).map(lambda b: (*b[0], ("Content-Type", b[1]))),
    bodies,
    st.booleans(),
)
to_the_door = st.builds(
    Sent,
    st.just("POST"),
    st.just(DOOR),
    st.sampled_from(KINDS).map(lambda kind: (("Content-Type", kind),)),
    bodies,
    st.just(True),
)


class Scene:
    """Muse’s own web server with Slack’s door, and somebody who sends bytes to it."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self.table: SlackTable
        self.web: WebServer

    async def begin(self, url: str) -> None:
        store = Store(make_client(url))
        self._stack.push_async_callback(store.close)
        self.table = await self._stack.enter_async_context(slack_table(store, socket=False))
        routes = self.table.platform.routes()

        async def figures() -> tuple[bytes, str]:
            return b"muse 1\n", "text/plain"

        web = WebServer("127.0.0.1", 0, routes, figures=figures)
        self.web = await self._stack.enter_async_context(web)

    async def end(self) -> None:
        await self._stack.aclose()

    async def answer(self, raw: bytes, *, whole: bool = True) -> bytes:
        """What comes back until the connection ends; of what is not `whole`, what comes first."""
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.web.port)
            writer.write(raw)
            try:
                return await (reader.read() if whole else reader.read(65_536))
            finally:
                writer.close()

    async def holds(self, raw: bytes, *, whole: bool) -> None:
        """It is answered with 200 or with a no, and those who come next are served."""
        with logged() as sink:
            said = await self.answer(raw, whole=whole)
            await self.table.platform.settle()
            fair(sink.getvalue(), 1)
        assert b"Traceback" not in said
        if said:  # what is no HTTP at all may be hung up on
            status = re.match(rb"HTTP/1\.[01] (\d{3})", said)
            assert status is not None, said[:200]
            assert status[1] == b"200" or status[1].startswith(b"4"), (raw, said[:300])
        alive = await self.answer(
            f"GET {HEALTH} HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n".encode()
        )
        assert alive.startswith(b"HTTP/1.1 200")


def test_any_request_is_answered_with_a_no_or_nothing(empty_url: str) -> None:
    with asyncio.Runner() as runner:
        scene = Scene()
        runner.run(scene.begin(empty_url))
        secret = scene.table.slack.http.signing_secret

        @settings(max_examples=150, deadline=None)
        @given(anything | to_the_door)
        def requests(sent: Sent) -> None:
            runner.run(scene.holds(sent.raw(secret), whole=True))

        @settings(max_examples=60, deadline=None)
        @given(
            st.binary(max_size=400) | bodies.map(lambda b: b"POST /slack/events HTTP/1.1\r\n" + b)
        )
        def bytes_of_any_kind(raw: bytes) -> None:
            runner.run(scene.holds(raw + b"\r\nx\r\n\r\n", whole=False))

        try:
            requests()
            bytes_of_any_kind()
        finally:
            runner.run(scene.end())
