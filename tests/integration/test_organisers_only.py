"""What only organisers may do, through every door, and that the log tells all of it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.actions import ACTIONS, Action, decode, encode
from bot.actions import request as request_of
from bot.cards import Answer, Card
from bot.challenge_requests import (
    CancelChallenge,
    ExtendChallenge,
    RunChallenges,
    ShowUnlikePicks,
    SkipChallenge,
    StartChallenge,
)
from bot.commands import COMMANDS, CommandSpec
from bot.community_requests import (
    AddLore,
    Block,
    DeleteRound,
    DescribeAngle,
    Disqualify,
    HideAngle,
    HideEntry,
    KeepEntry,
    NameOrganiser,
    RemoveAngle,
    RemoveLore,
    Report,
    RestoreEntry,
    SetWord,
    ShowLog,
    ShowOrganisers,
    ShowUsage,
    ShowWelcome,
    ShowWords,
)
from bot.errors import BadInput, MuseError, NotAllowed, NotFound
from bot.grammar import read_slashed
from bot.models import Address, RoundRef, SpaceRef
from bot.requests import Add, Ask, Blank, Compose, Help, Request, Vote
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.wording import en
from tests.support import Table, command, words

ORGANISERS_COMMANDS = [spec for spec in COMMANDS if spec.for_organisers]
EVERY = pytest.mark.parametrize("spec", ORGANISERS_COMMANDS, ids=lambda spec: spec.name)
ELSEWHERE = SpaceRef("test", "elsewhere")
#: Commands that change nothing in Redis but what they themselves tell.
READING = {
    "welcome",
    "settings",
    "organisers",
    "log",
    "given-up",
    "usage",
    "lore",
    "angles",
    "words",
    "reports",
    "challenge-setup",
    "challenge-unlike",
    "daily-setup",
}


def tail(spec: CommandSpec) -> str:
    return spec.name.partition(" ")[2]


def examples(spec: CommandSpec) -> list[Request]:
    """What a command's examples ask for, said for sure where it is asked for twice."""
    asked = [read_slashed(example) for example in spec.examples]
    return [replace(each, sure=True) if isinstance(each, DeleteRound) else each for each in asked]


async def prepared(table: Table) -> RoundRef:
    """A community in which every organisers' example finds what it speaks of."""
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    await table.do(Add("mine", 0, ref), "mal")
    await table.do(Report(3, "odd", ref), "bo")
    for n in range(3):
        await table.do(AddLore(f"line {n}"), "boss", manages=True)
    await table.do(DescribeAngle("the last bus", "as its driver"), "boss", manages=True)
    dead = keys.agenda_dead(keys.shard(ref.community))
    given_up = items.expire(RoundRef(ref.community, "gone"))
    await table.muse.store.call("HSET", dead, given_up, '{"at": 0}')
    return ref


#: What has to be so before a command's example changes something.
BEFORE: Mapping[str, tuple[Request, ...]] = {
    "challenge-skip": (RunChallenges(),),
    "challenge-extend": (StartChallenge("a theme for all of us"),),
    "challenge-cancel": (StartChallenge("a theme for all of us"),),
    "organiser-remove": (NameOrganiser("ana"),),
    "unblock": (Block("ana"),),
    "angle-show": (HideAngle("a weather report"),),
    "word-remove": (SetWord("grackle"),),
    "restore": (HideEntry(3),),
}


async def state(table: Table, *but: str) -> dict[str, str]:
    """All that Redis holds, by key, but what is named."""
    reads: dict[str, tuple[object, ...]] = {
        "string": ("GET",),
        "hash": ("HGETALL",),
        "list": ("LRANGE", 0, -1),
        "set": ("SMEMBERS",),
        "zset": ("ZRANGE", 0, -1, "WITHSCORES"),
    }
    found: dict[str, str] = {}
    call = table.muse.store.call
    for key in await call("KEYS", "*"):
        if not str(key).endswith(but):
            name, *rest = reads[str(await call("TYPE", key))]
            held = await call(str(name), key, *rest)  # type: ignore[arg-type]
            flat = sorted(map(str, held.items() if isinstance(held, dict) else held or ""))
            found[str(key)] = repr(flat)
    return found


async def rows(table: Table) -> int:
    community = (await table.community()).id
    return int(await table.muse.store.call("LLEN", keys.community(community).log))


# --- Who may not.


@EVERY
async def test_a_member_may_not(table: Table, spec: CommandSpec) -> None:
    await prepared(table)
    before = await state(table)
    for request in examples(spec):
        with pytest.raises(NotAllowed) as refused:
            await table.do(request, "mal")
        assert str(refused.value) == en.ORGANISERS_ONLY
    assert await state(table) == before


@EVERY
async def test_who_is_blocked_may_not_though_they_were_named(
    table: Table, spec: CommandSpec
) -> None:
    await prepared(table)
    await table.do(NameOrganiser("mal"), "boss", manages=True)
    await table.do(Block("mal"), "boss", manages=True)
    before = await state(table)
    for request in examples(spec):
        for manages in (False, True):
            with pytest.raises(NotAllowed) as refused:
                await table.do(request, "mal", manages=manages)
            assert str(refused.value) == en.YOU_ARE_BLOCKED
    assert await state(table) == before


@EVERY
async def test_an_organiser_of_another_community_may_not(table: Table, spec: CommandSpec) -> None:
    ref = await prepared(table)
    home = Address(ELSEWHERE, "room")
    named = replace(
        command(NameOrganiser("mal"), "theirs", space=ELSEWHERE, manages=True), address=home
    )
    await table.muse.app.handle(named)
    ours = {key: held for key, held in (await state(table)).items() if ref.community in key}
    for request in examples(spec):
        # Here they are one of many, whatever they are there.
        with pytest.raises(NotAllowed):
            await table.do(request, "mal")
        # There they may, but nothing of it is here, even where they name a round of ours.
        if hasattr(request, "round"):
            request = replace(request, round=ref)  # type: ignore[arg-type] # noqa: PLW2901 - as forged
        theirs = command(request, "mal", space=ELSEWHERE, manages=True)
        if hasattr(request, "round"):
            with pytest.raises(NotAllowed):
                await table.muse.app.handle(theirs)
            continue
        with contextlib.suppress(MuseError):  # what it speaks of is not there
            await table.muse.app.handle(theirs)
    now = {key: held for key, held in (await state(table)).items() if ref.community in key}
    assert now == ours


# --- Through every door.

FIELDS = {"text": "a line", "name": "the baker", "instruction": "as a baker", "value": "on"}
OF_ORGANISERS = (Blank.LORE, Blank.ANGLE, Blank.STRIKE, Blank.REMOVE)
#: An argument for each verb that needs one.
ARGUMENTS = {
    "compose": Blank.LORE.value,
    "rules": "place.all",
    "rule": "links.all.off",
    "preset": "busy",
    "log": "1",
    "given-up": "1",
    "again-one": "k3qzw7ab",
    "reports": "1",
    "usage": "",
    "join": "BCDFG-HJKMN",
    "part": "slack:T200",
    "decide": "hide.oak",
    "plan": "plan.when",
    "planof": "daily",
    "setplan": "plan.open-days.3",
    "planpreset": "week",
    "runplan": "off",
    "tryplan": "example",
}


def organisers_actions(ref: RoundRef) -> list[tuple[str, Request, Answer]]:
    """Every action id that makes an organiser's request, as a button or a form sends it."""
    types = {spec.request for spec in ORGANISERS_COMMANDS}
    found = []
    for verb, spec in ACTIONS.items():
        for argument in {ARGUMENTS.get(verb, ""), "", "1", *OF_ORGANISERS}:
            action = decode(encode(Action(verb, ref.community, ref.round, 3, argument)))
            try:
                made = request_of(action, FIELDS)
            except BadInput:
                continue
            of_organisers = type(made) in types or (
                isinstance(made, Compose) and made.blank in OF_ORGANISERS
            )
            if of_organisers:
                found.append((encode(action), made, spec.answer))
    return found


async def test_no_button_or_form_lets_anybody_else_in(table: Table) -> None:
    ref = await prepared(table)
    await table.do(NameOrganiser("blocked"), "boss", manages=True)
    await table.do(Block("blocked"), "boss", manages=True)
    doors = organisers_actions(ref)
    # What has no button or form has a command alone.
    of_commands_alone = {
        *(ShowOrganisers, NameOrganiser, Block, ShowUsage, ShowWords, SetWord),
        *(RemoveLore, HideAngle, RemoveAngle, ShowWelcome),
        *(SkipChallenge, ExtendChallenge, CancelChallenge, ShowUnlikePicks),
    }
    assert {type(made) for _, made, _ in doors} == {
        *(spec.request for spec in ORGANISERS_COMMANDS if spec.request not in of_commands_alone),
        Compose,
    }
    before = await state(table)
    for _, made, answer in doors:
        for who in ("mal", "blocked"):
            sent = replace(command(Help(), who), request=made, answer=answer)
            with pytest.raises(NotAllowed):
                await table.muse.app.handle(sent)
    assert await state(table) == before
    for _, made, answer in doors:
        # Somebody else's organiser, with an id forged for this community.
        forged = replace(
            command(Help(), "theirs", space=ELSEWHERE, manages=True), request=made, answer=answer
        )
        if isinstance(
            made, HideEntry | KeepEntry | RestoreEntry | Disqualify | DeleteRound
        ):  # an entry of this one
            with pytest.raises(NotAllowed):
                await table.muse.app.handle(forged)
        else:
            with contextlib.suppress(MuseError):  # it speaks of their own community
                await table.muse.app.handle(forged)
    now = await state(table)
    assert {k: v for k, v in now.items() if ref.community in k} == {
        k: v for k, v in before.items() if ref.community in k
    }


@pytest.mark.parametrize("community", ["", "nosuch"])
async def test_a_round_that_is_not_there_can_be_named_by_nobody(
    table: Table, community: str
) -> None:
    wrong = RoundRef(community or (await prepared(table)).community, "nosuchround")
    for made in (
        HideEntry(3, "", wrong),
        KeepEntry(3, wrong),
        RestoreEntry(3, wrong),
        Disqualify(3, "why", wrong),
        DeleteRound("why", wrong, sure=True),
    ):
        with pytest.raises(NotFound):
            await table.do(made, "boss", manages=True)


# --- The log.


@pytest.mark.parametrize(
    "spec",
    # Those two take two places, and so two logs: `test_linking.py` has them.
    [spec for spec in ORGANISERS_COMMANDS if tail(spec) not in ("link", "unlink")],
    ids=lambda spec: spec.name,
)
async def test_what_was_changed_is_told_by_one_row_of_the_log(
    table: Table, spec: CommandSpec
) -> None:
    if tail(spec) in ("challenge-decide", "challenge-unlike"):
        pytest.skip(
            "it takes a challenge that was voted in, as in the tests of ballots and results"
        )
    await prepared(table)
    for request in BEFORE.get(tail(spec), ()):
        await table.do(request, "boss", manages=True)
    first = examples(spec)[0]
    count, before = await rows(table), await state(table, ":log")
    card = await table.do(first, "boss", manages=True)
    assert isinstance(card, Card)
    changed = await state(table, ":log") != before
    assert changed is (tail(spec) not in READING)
    assert await rows(table) - count == int(changed)
    if changed:
        log = words(await table.do(ShowLog(), "boss", manages=True)).splitlines()
        assert "@boss" in log[1], "the latest stands first, and says who"


async def test_the_log_names_every_deed_in_words(table: Table) -> None:
    await prepared(table)
    for spec in ORGANISERS_COMMANDS:
        for request in (*BEFORE.get(tail(spec), ()), *examples(spec)[:1]):
            with contextlib.suppress(MuseError):  # an earlier one took away what it speaks of
                await table.do(request, "boss", manages=True)
    community = (await table.community()).id
    kept = await table.muse.store.call("LRANGE", keys.community(community).log, 0, -1)
    told = {json.loads(row)["a"] for row in kept}
    assert told <= set(en.DEEDS)
    assert told >= {"hide", "restore", "disqualify", "delete-round", "word-add", "block", "rule"}


async def test_votes_and_members_need_no_row(table: Table) -> None:
    await prepared(table)
    count = await rows(table)
    await table.do(Vote((1,)), "bo")
    await table.do(Report(1), "bo")
    assert await rows(table) == count
