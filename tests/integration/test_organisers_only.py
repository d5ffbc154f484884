"""What only organisers may do, through every door, and that the log tells all of it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.actions import ACTIONS, Action, decode, encode
from bot.actions import request as request_of
from bot.cards import Answer, Card, FormCard
from bot.challenge_requests import (
    CancelChallenge,
    ComposeContribution,
    DecideContender,
    ExtendChallenge,
    ProposeTheme,
    RemoveTheme,
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
    LinkMember,
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
    UnlinkMember,
    Welcome,
)
from bot.errors import BadInput, MuseError, NotAllowed, NotFound, Refusal
from bot.grammar import read_slashed
from bot.models import Address, RoundRef, SpaceRef
from bot.requests import Add, Ask, Blank, Compose, Help, Request, Say, Vote
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.wording import en
from tests.challenging import pool_of, voting_challenge
from tests.support import SPACE, Table, command, words

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
    "challenge-unlist": (ProposeTheme("a theme for all of us"),),
    "word-remove": (SetWord("grackle"),),
    "restore": (HideEntry(3),),
}


async def state(table: Table, *but: str) -> dict[str, tuple[str, ...]]:
    """All that Redis holds, by key, but what is named."""
    reads: dict[str, tuple[object, ...]] = {
        "string": ("GET",),
        "hash": ("HGETALL",),
        "list": ("LRANGE", 0, -1),
        "set": ("SMEMBERS",),
        "zset": ("ZRANGE", 0, -1, "WITHSCORES"),
    }
    found: dict[str, tuple[str, ...]] = {}
    call = table.muse.store.call
    for key in await call("KEYS", "*"):
        if not str(key).endswith(but):
            name, *rest = reads[str(await call("TYPE", key))]
            held = await call(str(name), key, *rest)  # type: ignore[arg-type]
            parts = [held] if isinstance(held, str) else held or ()
            flat = sorted(map(str, held.items() if isinstance(held, dict) else parts))
            found[str(key)] = tuple(flat)
    return found


async def ours(table: Table, community: str) -> dict[str, tuple[str, ...]]:
    """All of that which is a community's: its keys, and what names it in others, as the agenda."""
    found = {
        key: held if community in key else tuple(part for part in held if community in part)
        for key, held in (await state(table)).items()
    }
    return {key: held for key, held in found.items() if held}


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
    before = await ours(table, ref.community)
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
    assert await ours(table, ref.community) == before


# --- Through every door.

FIELDS = {"text": "a line", "name": "the baker", "instruction": "as a baker", "value": "on"}
OF_ORGANISERS = (Blank.LORE, Blank.ANGLE, Blank.STRIKE, Blank.REMOVE)
OF_MEMBERS = (Blank.ENTRY, Blank.REFINE, Blank.THEME)
#: What is asked for in other ways: `/mine link`, a message to Muse, Muse's coming to a place.
OTHERWISE: frozenset[type[Any]] = frozenset({LinkMember, Say, Welcome})
#: What members have a button for and no command.
PRESSED_ONLY: frozenset[type[Any]] = frozenset({Compose, ComposeContribution, UnlinkMember})
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
    "spark": "1.1",
    "top": "entries.all.1",
    "pick": "left",
    "praise": "deep",
}


def all_actions(ref: RoundRef) -> list[tuple[str, Request, Answer]]:
    """Every action id, and what it asks for, as a button or a form sends it."""
    found = []
    for verb, spec in ACTIONS.items():
        for argument in {ARGUMENTS.get(verb, ""), "", "1", *OF_ORGANISERS}:
            action = decode(encode(Action(verb, ref.community, ref.round, 3, argument)))
            with contextlib.suppress(BadInput):
                found.append((encode(action), request_of(action, FIELDS), spec.answer))
    return found


def organisers_actions(ref: RoundRef) -> list[tuple[str, Request, Answer]]:
    """Those that make an organiser's request."""
    types = {spec.request for spec in ORGANISERS_COMMANDS}
    return [
        (sent, made, answer)
        for sent, made, answer in all_actions(ref)
        if type(made) in types or (isinstance(made, Compose) and made.blank in OF_ORGANISERS)
    ]


async def test_nothing_is_asked_for_that_these_tests_do_not_know(table: Table) -> None:
    """So that whatever is new is an organisers' command or button, or is said to be for all."""
    doors = all_actions(RoundRef("k3qzw7ab", "k3qzw7ab"))
    assert {decode(sent).verb for sent, _, _ in doors} == set(ACTIONS), "each asks for something"
    commanded = {spec.request for spec in COMMANDS}
    of_organisers = {spec.request for spec in ORGANISERS_COMMANDS}
    of_members = {spec.request for spec in COMMANDS if not spec.for_organisers}
    assert not of_organisers & of_members, "who may use it hangs on the request alone"
    assert {type(made) for _, made, _ in doors} <= commanded | PRESSED_ONLY
    assert table.muse.app.requests == commanded | PRESSED_ONLY | OTHERWISE
    assert {*OF_ORGANISERS, *OF_MEMBERS} == set(Blank)


async def test_what_the_organisers_forms_send_is_among_the_doors(table: Table) -> None:
    ref = await prepared(table)
    sent = set()
    for blank in OF_ORGANISERS:
        reply = await table.muse.app.handle(
            replace(command(Compose(ref, 3, blank), "boss", manages=True), answer=Answer.FORM)
        )
        assert isinstance(reply.card, FormCard)
        sent.add(decode(reply.card.action).verb)
    assert len(sent) == len(OF_ORGANISERS)
    assert sent <= {decode(door).verb for door, _, _ in organisers_actions(ref)}


async def test_no_button_or_form_lets_anybody_else_in(table: Table) -> None:
    ref = await prepared(table)
    await table.do(NameOrganiser("blocked"), "boss", manages=True)
    await table.do(Block("blocked"), "boss", manages=True)
    doors = organisers_actions(ref)
    # What has no button or form has a command alone.
    of_commands_alone = {
        *(ShowOrganisers, NameOrganiser, Block, ShowUsage, ShowWords, SetWord),
        *(RemoveLore, HideAngle, RemoveAngle, ShowWelcome),
        *(SkipChallenge, ExtendChallenge, CancelChallenge, ShowUnlikePicks, RemoveTheme),
    }
    assert {type(made) for _, made, _ in doors} == {
        *(spec.request for spec in ORGANISERS_COMMANDS if spec.request not in of_commands_alone),
        Compose,
    }
    before, of_this_one = await state(table), await ours(table, ref.community)
    for _, made, answer in doors:
        for who, manages in (("mal", False), ("blocked", False), ("blocked", True)):
            sent = replace(command(Help(), who, manages=manages), request=made, answer=answer)
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
    assert await ours(table, ref.community) == of_this_one


@pytest.mark.parametrize("decision", ["keep", "hide", "restore", "strike"])
async def test_nobody_else_decides_on_an_entry_of_a_challenge(table: Table, decision: str) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(3, 1))
    ref, alias = voting.ref, min(voting.pool)
    await table.do(NameOrganiser("blocked"), "boss", manages=True)
    await table.do(Block("blocked"), "boss", manages=True)
    await table.do(Help(), "theirs", space=ELSEWHERE, manages=True)
    before = await ours(table, ref.community)
    action = Action("decide", ref.community, ref.challenge, 0, f"{decision}.{alias}")
    pressed = request_of(decode(encode(action)), {})
    typed = DecideContender(alias, decision, "copied from a song", ref)
    for made, answer in ((pressed, Answer.UPDATE), (typed, Answer.PRIVATE)):
        for who, manages, space in (
            ("mal", False, SPACE),
            ("author1", False, SPACE),
            ("blocked", True, SPACE),
            ("theirs", True, ELSEWHERE),
            ("theirs", False, SPACE),
        ):
            sent = command(Help(), who, manages=manages, space=space)
            with pytest.raises((NotAllowed, Refusal)) as refused:
                await table.muse.app.handle(replace(sent, request=made, answer=answer))
            # A button carries no reason, so it strikes nothing, whoever presses it.
            reasonless = decision == "strike" and made is pressed and manages and who == "theirs"
            assert isinstance(refused.value, NotAllowed) is not reasonless
    assert await ours(table, ref.community) == before


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
