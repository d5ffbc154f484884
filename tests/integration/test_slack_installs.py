"""Installations and states in Redis: encrypted, single-use, expiring, erased."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from slack_sdk.oauth.installation_store.models.installation import Installation

from adapters.slack.grants import Grant, ManyWorkspaces, NotInstalled, OneWorkspace
from adapters.slack.installs import KeptInstallations, KeptStates
from adapters.slack.options import SlackOptions
from bot.errors import SetupError, StageFailed, StoreUnavailable
from bot.models import SpaceRef
from bot.storage.client import Store
from bot.storage.installations import StoredInstallations, StoredStates, new_key
from tests.support import FakeClock, free_port

pytest.importorskip("cryptography")

HOME = SpaceRef("slack", "T1")
TOKEN = "xoxb-very-secret"
OPTIONS = SlackOptions(
    client_id="1.2", client_secret="c", signing_secret="s", public_url="http://x"
)


async def test_what_is_kept_can_not_be_read_without_the_key(store: Store) -> None:
    key = new_key()
    kept = StoredInstallations(store, [key])
    await kept.save(HOME, {"token": TOKEN, "bot": "U1"})
    sealed = str(await store.call("GET", "installation:slack:T1"))
    assert TOKEN not in sealed
    assert await kept.find(HOME) == {"token": TOKEN, "bot": "U1"}
    assert await StoredInstallations(store, [new_key()]).find(HOME) is None


async def test_a_new_key_before_the_old_one_still_opens(store: Store) -> None:
    old, new = new_key(), new_key()
    await StoredInstallations(store, [old]).save(HOME, {"token": TOKEN})
    both = StoredInstallations(store, [new, old])
    held = await both.find(HOME)
    assert held == {"token": TOKEN}
    await both.save(HOME, held)
    assert await StoredInstallations(store, [new]).find(HOME) == {"token": TOKEN}


async def test_what_is_erased_is_gone(store: Store) -> None:
    kept = StoredInstallations(store, [new_key()])
    await kept.save(HOME, {"token": TOKEN})
    await kept.erase(HOME)
    await kept.erase(HOME)
    assert await kept.find(HOME) is None
    assert await store.call("KEYS", "*") == []


@pytest.mark.parametrize("keys", [[], ["short"], ["not base64 at all!"]])
async def test_without_a_fit_key_there_is_one_sentence_and_no_key_in_it(
    store: Store, keys: list[str]
) -> None:
    with pytest.raises(SetupError, match="MUSE_ENCRYPTION_KEY") as told:
        StoredInstallations(store, keys)
    assert not any(key in str(told.value) for key in keys)
    assert told.value.__cause__ is None


async def test_a_state_works_once_and_for_a_while(store: Store, clock: FakeClock) -> None:
    states = StoredStates(store, clock)
    state = await states.issue(600)
    assert await states.consume(state)
    assert not await states.consume(state)
    late = await states.issue(600)
    clock.shift(timedelta(seconds=600))
    assert not await states.consume(late)
    assert not await states.consume("forged")
    assert await store.call("KEYS", "*") == []


async def test_a_state_itself_is_not_kept_and_goes_by_itself(
    store: Store, clock: FakeClock
) -> None:
    state = await StoredStates(store, clock).issue(600)
    (key,) = await store.call("KEYS", "*")
    assert state not in str(key)
    assert 0 < int(await store.call("TTL", key)) <= 3600


async def test_bolts_stores_are_the_cores(store: Store, clock: FakeClock) -> None:
    kept = StoredInstallations(store, [new_key()])
    grants = ManyWorkspaces(OPTIONS, kept, clock)
    bolts = KeptInstallations(kept, grants, clock)
    installation = Installation(
        team_id="T1", user_id="U9", bot_token=TOKEN, bot_user_id="U1", bot_id="B1"
    )
    await bolts.async_save(installation)
    assert await grants.grant("T1") == Grant("T1", TOKEN, "U1")
    states = KeptStates(StoredStates(store, clock))
    state = await states.async_issue()
    assert await states.async_consume(state)
    assert not await states.async_consume(state)


async def test_an_organisations_installation_serves_its_workspaces(
    store: Store, clock: FakeClock
) -> None:
    kept = StoredInstallations(store, [new_key()])
    grants = ManyWorkspaces(OPTIONS, kept, clock)
    installation = Installation(
        enterprise_id="E1",
        team_id=None,
        user_id="U9",
        bot_token=TOKEN,
        bot_user_id="U1",
        is_enterprise_install=True,
    )
    await KeptInstallations(kept, grants, clock).async_save(installation)
    with pytest.raises(NotInstalled):
        await grants.grant("T1")
    assert (await grants.grant("T1", "E1")).token == TOKEN
    # A worker, which sees no event, finds it by the workspace alone.
    assert (await ManyWorkspaces(OPTIONS, kept, clock).grant("T1")).token == TOKEN
    await grants.spoilt("E1")
    with pytest.raises(NotInstalled):
        await ManyWorkspaces(OPTIONS, kept, clock).grant("T1")


async def test_another_process_takes_a_removal_in_within_a_minute(
    store: Store, clock: FakeClock
) -> None:
    kept = StoredInstallations(store, [new_key()])
    await kept.save(HOME, {"token": TOKEN})
    here, there = (ManyWorkspaces(OPTIONS, kept, clock) for _ in range(2))
    assert (await here.grant("T1")).token == TOKEN
    await there.spoilt("T1")
    assert (await here.grant("T1")).token == TOKEN
    clock.shift(timedelta(seconds=61))
    with pytest.raises(NotInstalled):
        await here.grant("T1")


def test_the_settings_token_serves_no_workspace_before_slack_says_whose_it_is() -> None:
    one = OneWorkspace(SlackOptions(bot_token=TOKEN, app_token="xapp-1"))
    assert one.only == ""
    assert TOKEN not in repr(Grant("T1", TOKEN))


class Halting(StoredInstallations):
    """Installations that are found once the gate is open, or not while Redis is `away`."""

    gate: asyncio.Event
    reads = 0
    away = False

    async def find(self, space: SpaceRef) -> Mapping[str, str] | None:
        self.reads += 1
        await self.gate.wait()
        if self.away:
            raise StoreUnavailable
        return await super().find(space)


async def test_a_known_workspace_is_served_while_redis_is_slow_and_read_once(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.grants._PATIENCE", 0.01)
    kept = Halting(store, [new_key()])
    kept.gate = asyncio.Event()
    kept.gate.set()
    await kept.save(HOME, {"token": TOKEN})
    grants = ManyWorkspaces(OPTIONS, kept, clock)
    await asyncio.gather(*(grants.grant("T1") for _ in range(5)))
    assert kept.reads == 1
    clock.shift(timedelta(seconds=61))
    kept.gate.clear()
    held = await asyncio.gather(*(grants.grant("T1") for _ in range(5)))
    assert [each.token for each in held] == [TOKEN] * 5
    assert kept.reads == 2
    kept.away = True
    kept.gate.set()
    assert (await grants.grant("T1")).token == TOKEN


async def test_a_token_is_used_while_it_is_good_though_it_can_not_be_renewed(
    store: Store, clock: FakeClock
) -> None:
    kept = StoredInstallations(store, [new_key()])
    ends = (clock.now() + timedelta(minutes=110)).isoformat()
    await kept.save(HOME, {"token": TOKEN, "refresh": "r", "expires": ends})
    nowhere = replace(OPTIONS, api_url=f"http://127.0.0.1:{free_port()}/")
    grants = ManyWorkspaces(nowhere, kept, clock)
    assert (await grants.grant("T1")).token == TOKEN
    clock.shift(timedelta(minutes=111))
    with pytest.raises(StageFailed):
        await grants.grant("T1")
