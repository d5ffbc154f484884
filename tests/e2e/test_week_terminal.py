"""A challenge from its set-up to the verdict in the terminal's own process, as anybody types it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from bot.clock import SystemClock
from bot.models import SpaceRef, UserRef
from bot.storage.client import Store
from bot.wording import en
from tests.blind import Seen, from_text
from tests.e2e.driving import Played, environment, play
from tests.e2e.week import (
    PIECES,
    THEME,
    VOTERS,
    Week,
    liked,
    model,
    told_verdict,
    written_blind,
)
from tests.fakes.openai_calls import SECRET
from tests.fakes.openai_server import MODEL
from tests.support import FakeClock

FEW = 2  # picks of each: people take turns at a terminal
PEOPLE = [f"voter{n}" for n in range(VOTERS)]


async def nothing() -> None:
    """A process that has ended has nothing to settle."""


async def test_a_week_in_the_terminal(tmp_path: Path, empty_url: str, store: Store) -> None:
    """Each stage is a process of its own, on a clock that a file shifts, so that whatever is said
    came through Redis.
    """
    hours = tmp_path / "clock"

    def now() -> datetime:
        return SystemClock(hours).now()

    async with model() as (service, _):
        settings = {
            **environment(),
            "REDIS_URL": empty_url,
            "MUSE_CLOCK_FILE": str(hours),
            "OPENAI_API_KEY": SECRET,
            "OPENAI_BASE_URL": service.url,
            "OPENAI_MODEL": MODEL,
        }

        async def sit(*lines: str) -> Played:
            done = await asyncio.to_thread(play, tmp_path / "data", *lines, env=settings)
            assert done.status == 0, done.out + done.log
            return done

        # The set-up and themes; then the day on which it begins.
        begun = await sit(
            "/muse-admin challenge-set weekday Wednesday",
            "/muse-admin challenge-set time 18:00",
            "/muse-admin challenge-set zone UTC",
            "/muse-admin challenge-resume",
            "/as voter0",
            f"/challenge propose {THEME}",
            "/as voter1",
            "/challenge upvote 1",
        )
        assert "Every Wednesday at 18:00 (UTC)" in begun.outcomes[3]
        week = Week(store, FakeClock(now()), SpaceRef("console", "terminal"), nothing)
        left = int((await week.next() - now()).total_seconds()) + 1
        opened = await sit(f"/wait {left}s", "/challenge status")
        assert THEME in opened.outcomes[0]
        assert en.STATUS_NOT_ENTERED in opened.outcomes[1]
        challenge = await week.now()
        assert challenge.theme == THEME

        # Entries, and the deadline.
        lines: list[str] = []
        for who, piece in zip(PEOPLE, PIECES, strict=False):
            lines += [f"/as {who}", f"/challenge enter {piece}"]
        left = int((challenge.deadline - now()).total_seconds()) + 1
        entered = await sit(*lines, f"/wait {left}s")
        for outcome, piece in zip(entered.outcomes[1::2], PIECES, strict=False):
            assert en.ENTERED in outcome
            assert piece in outcome
        await week.until(now())
        challenge = await week.voting()
        assert all(e.commitment in entered.outcomes[-1] for e in (await week.pool()).values())
        assert written_blind(service)

        # Everybody's ballot: what each picks depends on what they are shown, so a sitting a pick.
        pool = (await week.pool()).values()
        shown = await sit(*typed(dict.fromkeys(PEOPLE, "/challenge vote")))
        voted = [shown]
        for _ in range(FEW):
            cards = dict(zip(PEOPLE, voted[-1].outcomes[1:-1:2], strict=True))
            picks = {who: f"/challenge pick {liked(c, pool).value}" for who, c in cards.items()}
            voted.append(await sit(*typed(picks)))
        assert await week.voters(FEW) == VOTERS
        sittings = [begun, opened, entered, *voted]
        seen = [part for each in sittings for part in told(each)]
        seen += [part for each in sittings for part in from_text(each.log, "the log")]
        users = [UserRef("console", who) for who in PEOPLE[: len(PIECES)]]
        assert await week.leaks(seen, users) == []

        # The close, the results, the verdict.
        left = int((challenge.closes - now()).total_seconds()) + 1
        ended = await sit(
            f"/wait {left}s",
            *(f"/challenge results {page}" for page in (1, 2, 3)),
            "/as voter1",
            "/challenge mine",
            "/challenge verdict",
        )
    closed, *pages, _, mine, verdict = ended.outcomes
    assert f"{VOTERS} people picked" in closed
    assert closed.index(PIECES[0]) < closed.index(PIECES[1])
    everything = "\n".join(pages)
    for who, piece in zip(PEOPLE, PIECES, strict=False):
        assert piece in everything
        assert who in everything
    assert everything.count("Muse, with") >= 2
    assert PIECES[1] in mine
    assert told_verdict(" ".join(verdict.split()))


def told(sitting: Played) -> list[Seen]:
    """What a sitting printed, and to whom: the terminal is read by whoever sits there."""
    seen: list[Seen] = []
    who = ""
    for part in f"\n{sitting.out}".split("\n> ")[1:]:
        line, _, outcome = part.partition("\n")
        who = line.removeprefix("/as ") if line.startswith("/as ") else who
        seen += from_text(outcome, to="" if line.startswith("/wait") else who)
    return seen


def typed(by: dict[str, str]) -> list[str]:
    """What each types, in turn, and the time that people then take to read."""
    return [line for who, line in by.items() for line in (f"/as {who}", line)] + ["/wait 3s"]
