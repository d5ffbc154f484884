"""The moderation of the fake of OpenAI: it flags what holds one of its words, or fails to.

https://platform.openai.com/docs/api-reference/moderations
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.openai_rules import Refused, error_body


@dataclass
class Moderations:
    """The endpoint. `status` answers with an error instead, `pause` is in seconds, `body` is
    answered as it is; nothing is answered while it is not `open`.
    """

    flags: tuple[str, ...] = ("harmful",)
    status: int = 200
    pause: float = 0.0
    body: Any = None
    calls: int = 0
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    def add_to(self, app: web.Application) -> None:
        """Serve from `app`."""
        app.router.add_post("/v1/moderations", self._moderate)

    async def _moderate(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.calls += 1
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        await self.open.wait()
        if self.pause:
            await asyncio.sleep(self.pause)
        if self.status != 200:
            refusal = Refused(self.status, "no moderation here")
            return web.json_response(error_body(refusal), status=self.status)
        if self.body is not None:
            return web.json_response(self.body)
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        assert set(body) <= {"input", "model"}
        return web.json_response(
            {
                "id": "modr-1",
                "model": body.get("model", "omni-moderation-latest"),
                "results": [self._result(text) for text in texts],
            }
        )

    def _result(self, text: str) -> dict[str, Any]:
        flagged = any(word in text for word in self.flags)
        return {
            "flagged": flagged,
            "categories": {"harassment": flagged, "violence": False},
            "category_scores": {"harassment": 0.9 if flagged else 0.01, "violence": 0.01},
            "category_applied_input_types": {"harassment": ["text"], "violence": ["text"]},
        }
