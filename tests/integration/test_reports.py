"""Reports, what they hide, and what organisers make of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.actions import Action, decode, encode, request
from bot.cards import Answer, Buttons, Card, FormCard, Select
from bot.community.reporting import by_a_few
from bot.community_requests import (
    DeleteRound,
    Disqualify,
    HideEntry,
    KeepEntry,
    Report,
    RestoreEntry,
    SetRule,
    SetWord,
    ShowReports,
    ShowWords,
)
from bot.errors import NotAllowed, NotFound, Refusal, TooLate
from bot.grammar import read
from bot.listings import Accusation
from bot.models import RoundRef, RoundState, Tenure
from bot.requests import Add, Ask, Close, Compose, Help, Remix, Show, Top, Unvote, Vote, Withdraw
from bot.storage import charters, keys
from bot.storage.audit import AuditLog
from bot.wording import en
from tests.support import SPACE, Table, command, words

KNOWN = ("bo", "cem", "dee", "eva")  # members of standing


async def settled(table: Table) -> RoundRef:
    """A round in a community whose members have voted the day before."""
    await table.do(Ask("a first round"), "ana")
    for who in KNOWN:
        await table.do(Vote((1,)), who)
    table.clock.shift(timedelta(hours=25))
    await table.muse.settle()
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    await table.do(Add("Something nasty.", 0, ref), "mal")
    return ref


async def show(table: Table, ref: RoundRef) -> str:
    return words(table.stage.now_showing("round", ref))


async def boards(table: Table) -> dict[str, dict[str, float]]:
    """Every board of entries and people, and what is kept of pieces."""
    found: dict[str, dict[str, float]] = {}
    community = (await table.community()).id
    shared = keys.community(community)
    root = shared.board_root
    for key in sorted(await table.muse.store.call("KEYS", f"{root}:*")):
        kind = await table.muse.store.call("TYPE", key)
        if kind == "zset" and ":lenses:" not in key:
            flat = await table.muse.store.call("ZRANGE", key, 0, -1, "WITHSCORES")
            found[key] = {
                str(name): round(float(score), 6)
                for name, score in (
                    flat
                    if flat and isinstance(flat[0], list | tuple)
                    else zip(flat[::2], flat[1::2], strict=True)
                )
            }
    names = await table.muse.store.call("HKEYS", shared.pieces)
    found["pieces"] = dict.fromkeys(map(str, names), 0.0)
    return found


# --- Reporting.


async def test_enough_members_of_standing_hide_a_piece_until_an_organiser_looks(
    table: Table,
) -> None:
    ref = await settled(table)
    await table.do(Vote((5,), (), ref), "eva")
    for who in KNOWN[:2]:
        assert en.REPORTED in words(await table.do(Report(5, "it is nasty", ref), who))
    assert "Something nasty." in await show(table, ref)
    assert en.REPORT_AGAIN in words(await table.do(Report(5, "", ref), "bo"))
    assert "Something nasty." in await show(table, ref)
    await table.do(Report(5, "", ref), "dee")
    shown = await show(table, ref)
    assert "Something nasty." not in shown
    assert "5: hidden until an organiser has looked." in shown
    for who in ("bo", "mal"):
        assert "Something nasty." not in words(await table.do(Show(ref), who))

    with pytest.raises(Refusal, match="hidden until"):
        await table.do(Vote((5,), (), ref), "bo")
    with pytest.raises(Refusal, match="hidden until"):
        await table.do(Add("more of it", 5, ref), "bo")
    with pytest.raises(Refusal, match="hidden until"):
        await table.do(Remix(5, "more of it", ref), "bo")

    queue = words(await table.do(ShowReports(), manages=True))
    assert "Something nasty." in queue
    assert "3 reports, 3 by members of standing" in queue
    assert en.REPORTS_HIDDEN in queue
    assert "it is nasty" in queue
    assert "@" not in queue, "nobody is named"

    await table.do(RestoreEntry(5, ref), manages=True)
    assert "Something nasty." in await show(table, ref)
    tally = (await table.rounds.read(ref)).round.tallies[5]
    assert tally.approvals == 1
    assert en.REPORT_KEPT in words(await table.do(Report(5, "", ref), "eva"))
    assert "Something nasty." in await show(table, ref)
    assert en.REPORTS_NONE in words(await table.do(ShowReports(), manages=True))


async def test_reports_count_only_from_members_of_standing(table: Table) -> None:
    ref = await settled(table)
    await table.do(Ask("mine, who never voted"), "ola")
    table.clock.shift(timedelta(hours=1))
    await table.do(Vote((1,), (), ref), "new")
    for who in ("x1", "x2", "x3", "ola", "new", "ana"):  # ana only asks
        await table.do(Report(5, "", ref), who)
    assert "Something nasty." in await show(table, ref)
    assert "6 reports, 0 by members" in words(await table.do(ShowReports(), manages=True))
    await table.do(SetRule("account-days", "7"), manages=True)
    young = Tenure(table.clock.now())
    for who in KNOWN[:3]:
        await table.muse.app.handle(command(Report(5, "", ref), who, standing=young))
    assert "9 reports, 0 by members" in words(await table.do(ShowReports(), manages=True))


async def test_how_many_hide_is_the_communitys_to_say(table: Table) -> None:
    ref = await settled(table)
    await table.do(SetRule("reports", "0"), manages=True)
    for who in KNOWN:
        await table.do(Report(5, "", ref), who)
    assert "Something nasty." in await show(table, ref)
    await table.do(SetRule("reports", "2"), manages=True)
    await table.do(Report(1, "", ref), "bo")
    assert "1: hidden" not in await show(table, ref)
    await table.do(Report(1, "", ref), "cem")
    assert "1: hidden" in await show(table, ref)


async def test_what_can_be_reported(table: Table) -> None:
    ref = await settled(table)
    with pytest.raises(Refusal, match="your own"):
        await table.do(Report(5, "", ref), "mal")
    with pytest.raises(NotFound):
        await table.do(Report(9, "", ref), "bo")
    with pytest.raises(NotFound):
        await table.do(Report(1, "", RoundRef(ref.community, "nosuchround")), "bo")
    await table.do(SetWord("grackle"), manages=True)
    with pytest.raises(Refusal, match="That reason"):
        await table.do(Report(5, "grackle", ref), "bo")
    await table.do(Report(5, "", ref), "bo")
    await table.do(Withdraw(5, ref), "mal")
    assert en.REPORTS_NONE in words(await table.do(ShowReports(), manages=True))
    with pytest.raises(NotFound):
        await table.do(Report(5, "", ref), "cem")


async def test_the_select_reports_what_is_chosen(table: Table) -> None:
    ref = await settled(table)
    card = await table.do(Show(ref), "mal")
    select = next(block for block in card.blocks if isinstance(block, Select))
    assert [option.value for option in select.options] == ["1", "2", "3", "4"], "not one's own"
    chosen = request(decode(select.action), {"value": "4"})
    assert chosen == Report(4, "", ref)
    await table.do(chosen, "mal")
    with pytest.raises(Refusal):
        request(decode(select.action), {"value": "four"})


async def test_reports_at_once_hide_once(table: Table) -> None:
    ref = await settled(table)
    await asyncio.gather(*(table.quick(Report(5, "", ref), who) for who in KNOWN for _ in "12"))
    await table.muse.settle()
    assert "4 reports, 4 by members" in words(await table.do(ShowReports(), manages=True))
    assert "5: hidden" in await show(table, ref)


def test_who_is_reported_by_the_same_few_again_and_again() -> None:
    def told(*pairs: tuple[int, int]) -> list[Accusation]:
        return [Accusation(a, r, f"r/{n}") for n, (a, r) in enumerate(pairs)]

    assert not by_a_few(told((1, 2), (1, 3), (1, 4), (1, 5)), 1), "one piece, many people"
    assert not by_a_few(told((1, 2), (1, 2)), 1), "too few to say"
    assert by_a_few(told((1, 2), (1, 2), (1, 2)), 1)
    assert by_a_few(told(*[(1, r) for r in (2, 3, 4)] * 2), 1)
    assert not by_a_few(told(*[(1, r) for r in range(2, 12)] * 2), 1)
    assert not by_a_few(told((3, 2), (3, 2), (3, 2)), 1)
    assert not by_a_few(told((0, 2), (0, 2), (0, 2)), 0), "Muse itself"


async def test_reports_by_the_same_few_are_marked_and_fade(table: Table) -> None:
    ref = await settled(table)
    for text in ("six", "seven"):
        await table.do(Add(text, 0, ref), "mal")
    for number in (5, 6, 7):
        await table.do(Report(number, "", ref), "bo")
    assert words(await table.do(ShowReports(), manages=True)).count(en.REPORTS_FEW) == 3
    table.clock.shift(timedelta(days=31))
    await table.muse.settle()
    assert en.REPORTS_FEW not in words(await table.do(ShowReports(), manages=True))


async def test_nobody_is_counted_twice_in_a_flood_of_reports(table: Table) -> None:
    ref = await settled(table)
    for _ in range(2):
        await asyncio.gather(*(table.quick(Report(1, "x", ref), f"x{n}") for n in range(80)))
    assert "80 reports, 0 by members" in words(await table.do(ShowReports(), manages=True))
    with pytest.raises(Refusal, match="can’t be read"):
        await table.do(Report(2, "\0", ref), "bo")


async def test_an_organisers_reason_is_checked_too(table: Table) -> None:
    ref = await settled(table)
    await table.do(SetWord("grackle"), manages=True)
    for made in (
        Disqualify(5, "a grackle", ref),
        HideEntry(5, "a grackle", ref),
        DeleteRound("a grackle", ref, sure=True),
    ):
        with pytest.raises(Refusal, match="That reason"):
            await table.do(made, manages=True)
    assert "Something nasty." in await show(table, ref)


# --- Deciding.


async def test_hiding_and_restoring_before_and_after_the_close_are_the_same(table: Table) -> None:
    ref = await settled(table)
    await table.do(Add("A remix of it.", 5, ref), "cem")
    for who in KNOWN:
        await table.do(Vote((5,) if who == "cem" else (5, 6), (), ref), who)
    await table.do(HideEntry(6, "", ref), manages=True)
    await table.do(Close(ref), "ana")
    assert "A remix of it." not in words(table.stage.now_showing("result", ref))
    without = await boards(table)
    assert f"{ref.round}/6" not in without["pieces"]
    await table.do(RestoreEntry(6, ref), manages=True)
    whole = await boards(table)
    assert f"{ref.round}/6" in whole["pieces"]
    for _ in range(2):
        await table.do(HideEntry(6, "", ref), manages=True)
        assert await boards(table) == without
        await table.do(RestoreEntry(6, ref), manages=True)
        assert await boards(table) == whole
    await table.do(Disqualify(6, "copied", ref), manages=True)
    assert await boards(table) == without
    await table.do(HideEntry(6, "", ref), manages=True)
    assert await boards(table) == without
    await table.do(RestoreEntry(6, ref), manages=True)
    assert await boards(table) == whole


async def test_the_message_of_the_result_does_not_show_what_is_hidden(table: Table) -> None:
    ref = await settled(table)
    await table.do(Vote((5,), (), ref), "bo")
    await table.do(Close(ref), "ana")
    assert "Something nasty." in words(table.stage.now_showing("result", ref))
    await table.do(HideEntry(5, "", ref), manages=True)
    assert "Something nasty." not in words(table.stage.now_showing("result", ref))
    assert "Something nasty." not in await show(table, ref)
    assert "Something nasty." not in words(await table.do(Top("entries", "all")))


async def test_a_disqualified_piece_can_be_read_and_not_voted_for(table: Table) -> None:
    ref = await settled(table)
    await table.do(Vote((5,), (), ref), "bo")
    card = await table.do(Disqualify(5, "it was copied from a song", ref), manages=True)
    assert "they are told why" in words(card)
    shown = await show(table, ref)
    assert "Something nasty." in shown
    assert en.PIECE_STRUCK in shown
    with pytest.raises(Refusal, match="out of the running"):
        await table.do(Vote((5,), (), ref), "cem")
    await table.do(Unvote((5,), (), ref), "bo")
    await table.do(Vote((1,), (), ref), "bo")

    told = words(await table.do(Help(), "mal"))
    assert told.startswith("An organiser took your piece 5 in “a lighthouse” out of the running")
    assert "it was copied from a song" in told
    assert "An organiser took" not in words(await table.do(Help(), "mal")), "once"
    assert "An organiser took" not in words(await table.do(Help(), "bo"))

    await table.do(Close(ref), "ana")
    assert "Something nasty." not in words(table.stage.now_showing("result", ref))
    community = (await table.community()).id
    names = await table.muse.store.call("HKEYS", keys.community(community).pieces)
    assert f"{ref.round}/5" not in names


async def test_who_is_pardoned_before_they_were_told_is_not_told(table: Table) -> None:
    ref = await settled(table)
    await table.do(Disqualify(5, "copied", ref), manages=True)
    await table.do(RestoreEntry(5, ref), manages=True)
    assert "An organiser took" not in words(await table.do(Help(), "mal"))
    await table.do(Vote((5,), (), ref), "bo")


async def test_a_refusal_tells_nothing_and_keeps_the_notice(table: Table) -> None:
    ref = await settled(table)
    await table.do(Disqualify(5, "copied", ref), manages=True)
    with pytest.raises(NotFound):
        await table.do(Vote((9,), (), ref), "mal")
    assert "An organiser took" in words(await table.do(Vote((1,), (), ref), "mal"))


async def test_what_an_organiser_keeps_stays(table: Table) -> None:
    ref = await settled(table)
    await table.do(Report(5, "", ref), "bo")
    await table.do(KeepEntry(5, ref), manages=True)
    for who in KNOWN[1:]:
        await table.do(Report(5, "", ref), who)
    assert "Something nasty." in await show(table, ref)
    await table.do(HideEntry(5, "", ref), manages=True)
    assert "5: hidden" in await show(table, ref)


async def test_the_queue_decides_with_its_buttons(table: Table) -> None:
    ref = await settled(table)
    for number in (1, 2, 3, 4, 5):
        await table.do(Report(number, "", ref), "bo")
    card = await table.do(ShowReports(), manages=True)
    pressed = [
        button for block in card.blocks if isinstance(block, Buttons) for button in block.buttons
    ]
    assert {each.typed for each in pressed} >= {"muse-admin keep 5", "muse-admin hide 5"}
    hide = next(each for each in pressed if decode(each.action).verb == "hide")
    number = decode(hide.action).entry
    made = command(request(decode(hide.action)), "boss", manages=True)
    made = type(made)(
        made.event, made.space, made.user, made.address, made.request, Answer.UPDATE, True
    )
    reply = await table.muse.app.handle(made)
    assert isinstance(reply.card, Card)
    assert f"Piece {number} is hidden" in words(reply.card)
    assert f"{number}: hidden" in await show_after(table, ref)
    more = await table.do(ShowReports(2), manages=True)
    assert en.REPORTS_NONE in words(more)


async def test_the_queue_disqualifies_in_whatever_round_it_is(table: Table) -> None:
    """A command means the latest round where it is typed; the queue's button opens a form."""
    ref = await settled(table)
    await table.do(Report(5, "nasty", ref), "bo")
    await table.do(Ask("a newer round"), "ana")
    card = await table.do(ShowReports(), manages=True)
    (ident,) = [
        button.action
        for block in card.blocks
        if isinstance(block, Buttons)
        for button in block.buttons
        if button.label == "Disqualify 5…"
    ]
    asked = command(request(decode(ident)), "boss", manages=True)
    form = (await table.muse.app.handle(asked)).card
    assert isinstance(form, FormCard)
    assert [field.name for field in form.fields] == ["text"]
    made = request(decode(form.action), {"text": "it was copied from a song"})
    assert made == Disqualify(5, "it was copied from a song", ref)
    assert "out of the running" in words(await table.do(made, "boss", manages=True))
    assert "it was copied from a song" in words(await table.do(Help(), "mal"))
    with pytest.raises(Refusal, match="say why"):
        await table.do(request(decode(form.action), {"text": " "}), "boss", manages=True)


async def show_after(table: Table, ref: RoundRef) -> str:
    await table.muse.settle()
    return await show(table, ref)


@pytest.mark.parametrize("closed", [False, True])
async def test_a_round_is_removed_with_all_its_texts(table: Table, closed: bool) -> None:
    before = await boards(table)
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    await table.do(Add("Something nasty.", 0, ref), "mal")
    await table.do(Report(5, "awful", ref), "bo")
    await table.do(Vote((5, 1), (), ref), "bo")
    if closed:
        await table.do(Close(ref), "ana")
    assert "removed" in words(
        await table.do(DeleteRound("it was aimed at bo", ref, sure=True), manages=True)
    )
    assert await show(table, ref) == en.ROUND_REMOVED
    if closed:
        assert words(table.stage.now_showing("result", ref)) == en.ROUND_REMOVED
        assert not any((await boards(table)).values())
    else:
        assert before == {"pieces": {}}
    for key in await table.muse.store.call("KEYS", "*"):
        kind = await table.muse.store.call("TYPE", key)
        read = {"hash": ("HGETALL",), "list": ("LRANGE", 0, -1), "zset": ("ZRANGE", 0, -1)}
        if kind in read and not key.endswith(":log"):
            name, *rest = read[kind]
            assert "nasty" not in str(await table.muse.store.call(name, key, *rest)), key
            assert "lighthouse" not in str(await table.muse.store.call(name, key, *rest)), key
    with pytest.raises(TooLate):
        await table.do(Vote((1,), (), ref), "bo")
    with pytest.raises(TooLate):
        await table.do(Add("more", 0, ref), "bo")
    assert en.NOTHING_CHANGED in words(
        await table.do(DeleteRound("again", ref, sure=True), manages=True)
    )
    table.clock.shift(timedelta(days=130))
    await table.muse.settle()
    with pytest.raises(NotFound):
        await table.rounds.read(ref)


async def test_a_round_is_not_removed_before_an_organiser_is_sure(table: Table) -> None:
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    asked = await table.do(DeleteRound("it was aimed at bo"), "boss", manages=True)
    assert "Remove the round “a lighthouse” for good?" in words(asked)
    assert "its 4 pieces" in words(asked)
    assert len((await table.round(ref)).standing) == 4
    log = AuditLog(table.muse.store)
    assert not (await log.page(ref.community, 0, 10)).rows, "nothing was done"
    [button] = next(block for block in asked.blocks if isinstance(block, Buttons)).buttons
    # Typed, it says all of it again; pressed, a form asks why, and sending it is the yes.
    assert read(button.typed) == DeleteRound("it was aimed at bo", sure=True)
    opened = request(decode(button.action))
    assert isinstance(opened, Compose)
    form = (await table.muse.app.handle(command(opened, "boss", manages=True))).card
    assert isinstance(form, FormCard)
    sent = request(decode(form.action), {"text": "it was aimed at bo"})
    assert "removed" in words(await table.do(sent, "boss", manages=True))
    assert await show(table, ref) == en.ROUND_REMOVED
    [row] = (await log.page(ref.community, 0, 10)).rows
    assert (row.what, row.why) == ("delete-round", "it was aimed at bo")


async def test_a_round_that_is_removed_while_it_is_written_stays_so(table: Table) -> None:
    table.writer.gate.clear()
    await table.quick(Ask("a lighthouse"), "ana")
    ref = await table.here()
    writing = asyncio.create_task(table.muse.agenda.settle())
    await asyncio.sleep(0.05)
    await table.quick(DeleteRound("wrong", ref, sure=True), manages=True)
    table.writer.gate.set()
    await writing
    await table.muse.settle()
    assert (await table.rounds.read(ref)).round.state is RoundState.WITHDRAWN
    assert await show(table, ref) == en.ROUND_REMOVED


async def test_reports_go_with_their_round(table: Table) -> None:
    ref = await settled(table)
    await table.do(Report(5, "awful", ref), "bo")
    for days in (2, 130):
        table.clock.shift(timedelta(days=days))
        await table.muse.settle()
    found = await table.muse.store.call("KEYS", f"*{ref.round}*")
    assert found == []
    assert en.REPORTS_NONE in words(await table.do(ShowReports(), manages=True))


# --- Words.


async def test_the_word_list(table: Table) -> None:
    assert en.WORDS_NONE in words(await table.do(ShowWords(), manages=True))
    card = await table.do(SetWord("  Gräckle "), manages=True)
    assert "grackle" in words(card)
    assert en.WORD_ADDED in words(card)
    assert en.WORD_ADDED_BEFORE in words(await table.do(SetWord("GRACKLE"), manages=True))
    await table.do(SetWord("buy now"), manages=True)
    for said in ("a g.r.a.c.k.l.e", "BUY   now!"):
        with pytest.raises(Refusal, match="kept out of here"):
            await table.do(Ask(said))
    assert en.WORD_REMOVED in words(await table.do(SetWord("grackle", on=False), manages=True))
    assert en.WORD_REMOVED_BEFORE in words(
        await table.do(SetWord("grackle", on=False), manages=True)
    )
    await table.do(Ask("a grackle"))
    for bad in ("x", "…!", "y" * 41):
        with pytest.raises(Refusal):
            await table.do(SetWord(bad), manages=True)
    with pytest.raises(NotAllowed):
        await table.do(ShowWords())


def test_actions_of_a_report_fit_an_id() -> None:
    ref = RoundRef("c" * 10, "r" * 12)
    for verb in ("report", "keep", "hide", "restore"):
        action = Action(verb, ref.community, ref.round, 60)
        assert decode(encode(action)) == action
    assert SPACE.platform == "test"


async def test_organisers_hear_that_reports_wait(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to look for them: a private answer says so, until somebody has decided."""
    monkeypatch.setattr(charters, "KEPT", 0.0)
    ref = await settled(table)
    wait = "Reported pieces wait for an organiser: muse-admin reports"
    assert wait not in words(await table.do(Vote((1,)), "boss", manages=True))
    await table.do(Report(3, "odd", ref), "bo")
    assert wait in words(await table.do(Vote((2,)), "boss", manages=True))
    assert wait not in words(await table.do(Vote((2,)), "bo"))
    queue = words(await table.do(ShowReports(), "boss", manages=True))
    assert wait not in queue
    assert "Members of standing have been here for a day" in queue
    await table.do(KeepEntry(3, ref), "boss", manages=True)
    assert wait not in words(await table.do(Vote((1,)), "boss", manages=True))
