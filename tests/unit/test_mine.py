"""The private card of what is one's own, its file, and its way in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.console.pictures import PictureFolder
from bot.actions import Action, answer, decode, encode, request
from bot.cards import Answer, Attachment, Button, Buttons, Card, Piece, Style
from bot.challenge import ChallengeState
from bot.community_requests import Mine
from bot.errors import BadInput, StageFailed
from bot.grammar import read, write
from bot.models import Entry, Origin, RoundRef, Tally
from bot.present.challenges.mine import ChallengeRow
from bot.present.mine import (
    MOST_VOTES,
    Own,
    PieceRow,
    VoteRow,
    exported,
    forget_card,
    forgotten_card,
    mine_card,
)
from bot.storage.identities import own_number
from bot.wording import en
from tests.support import words
from tests.traces import traces

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
REF = RoundRef("c", "r")


def row(
    number: int, *, ended: bool = False, tally: Tally | None = None, text: str = "x"
) -> PieceRow:
    entry = Entry(number, number, text, Origin.HUMAN, author=1)
    return PieceRow(REF, "a lighthouse", entry, AT, AT if ended else None, tally, latest=True)


def own(
    *pieces: PieceRow, votes: tuple[VoteRow, ...] = (), page: int = 1, more: bool = False,
    known: bool = True, organiser: bool = False, challenges: tuple[ChallengeRow, ...] = (),
) -> Own:  # fmt: skip
    return Own(pieces, votes, challenges, page, more, known, organiser, 90)


def buttons(card: Card) -> list[Button]:
    rows = [block.buttons for block in card.blocks if isinstance(block, Buttons)]
    beside = [b.button for b in card.blocks if isinstance(b, Piece) and b.button]
    return [*beside, *(button for row in rows for button in row)]


def test_what_organisers_did_with_a_piece_stands_beside_it() -> None:
    entry = Entry(5, 5, "x", Origin.HUMAN, author=1)
    for changed, said in (
        (replace(entry, hidden="reports"), en.MINE_PIECE_HIDDEN),
        (replace(entry, struck=True), en.PIECE_STRUCK),
    ):
        assert said in words(mine_card(own(replace(row(5), entry=changed))))
        assert said not in words(mine_card(own(row(5))))


def test_a_piece_can_be_taken_back_while_its_round_is_open() -> None:
    card = mine_card(own(row(5), row(6, ended=True)))
    back = [button for button in buttons(card) if button.typed.startswith("withdraw")]
    assert [button.typed for button in back] == ["withdraw 5"]
    assert decode(back[0].action) == Action("withdraw", "c", "r", 5)


def test_votes_are_said_only_where_they_may_be_seen() -> None:
    assert "vote" not in words(mine_card(own(row(5)))).split("\n")[1]
    assert "1 vote" in words(mine_card(own(row(5, tally=Tally(1)))))
    assert "3 votes of 4 who saw it" in words(mine_card(own(row(5, ended=True, tally=Tally(3, 4)))))


def test_a_part_in_challenges_is_told_by_what_one_wrote_and_a_number_of_picks() -> None:
    rows = (
        ChallengeRow(4, ChallengeState.OPEN, "doors", "a door that hums", 0, AT),
        ChallengeRow(3, ChallengeState.VOTING, "rain", "", 5, AT),
        ChallengeRow(2, ChallengeState.CLOSED, "", "ash", 1, AT),
        ChallengeRow(1, ChallengeState.CLOSED, "fog", "", 4, AT),
    )
    said = words(mine_card(own(challenges=rows)))
    assert "a door that hums" in said
    assert "5 picks made so far" in said
    assert "One pick made." in said  # it is over, so nothing is “so far”
    assert "4 picks made." in said
    assert "Challenge 2" in said, "a theme that is taken back leaves a number"
    assert "/challenge enter" in said
    assert "/challenge enter" not in words(mine_card(own(challenges=rows[1:])))


def test_what_is_gone_is_named_so() -> None:
    gone = PieceRow(REF, "", Entry(5, 5, "", Origin.HUMAN), AT, AT, None)
    said = words(mine_card(own(gone)))
    assert en.FORGOTTEN_PIECE in said
    assert en.PROMPT_TAKEN_BACK in said


def test_pages() -> None:
    assert [b.typed for b in buttons(mine_card(own(row(5), page=2, more=True)))][1:3] == [
        "mine 1",
        "mine 3",
    ]
    assert en.MINE_NO_MORE in words(mine_card(own(page=4)))
    first = words(mine_card(own()))
    assert en.MINE_NO_PIECES in first
    assert en.MINE_NO_VOTES in first
    assert "90 days" in first


def test_many_votes_are_counted_rather_than_listed() -> None:
    votes = tuple(VoteRow(f"prompt {n}", (1, 2)) for n in range(MOST_VOTES + 3))
    said = words(mine_card(own(votes=votes)))
    assert f"“prompt {MOST_VOTES - 1}”: 1 and 2" in said
    assert f"prompt {MOST_VOTES}" not in said
    assert "in 3 more" in said


def test_who_is_unknown_has_nothing_to_have_or_to_end() -> None:
    card = mine_card(own(known=False))
    assert en.MINE_KEEPS_NOTHING in words(card)
    assert buttons(card) == []


def test_no_two_buttons_of_a_card_are_the_same() -> None:
    for card in (mine_card(own(row(5), page=2, more=True)), forget_card()):
        actions = [button.action for button in buttons(card)]
        assert len(actions) == len(set(actions))


def test_forgetting_is_asked_first_and_says_what_stays() -> None:
    card = forget_card()
    yes, no = buttons(card)
    assert (yes.style, no.style) == (Style.DANGER, Style.PLAIN)
    assert request(decode(yes.action)) == read(yes.typed) == Mine("forget", sure=True)
    assert request(decode(no.action)) == read(no.typed) == Mine()
    assert en.FORGET_GOES in card.summary
    assert en.FORGET_STAYS in card.summary
    said = {
        words(forgotten_card(known=known, whole=whole))
        for known in (True, False)
        for whole in (True, False)
    }
    assert said == {en.FORGOTTEN_NOW, en.FORGOTTEN_SOON, en.FORGOTTEN_BEFORE}


@pytest.mark.parametrize(
    "typed",
    ["mine", "mine 2", "mine export", "mine forget", "mine forget yes"],
)
def test_what_is_typed_reads_back(typed: str) -> None:
    assert write(read(typed)) == typed


def test_how_buttons_are_answered() -> None:
    assert answer(Action("mine", argument="2")) is Answer.UPDATE
    assert answer(Action("export")) is Answer.PRIVATE
    assert request(Action("export")) == Mine("export")
    for wrong in ("", "0", "no", "-1", "forget.yes"):
        with pytest.raises(BadInput):
            request(decode(encode(Action("mine", argument=wrong))))


def test_an_export_is_a_file_that_no_log_shows() -> None:
    card = exported("muse-2026-11-23.json", '{"a": "secret"}')
    assert card.file == Attachment("muse-2026-11-23.json", "application/json", '{"a": "secret"}')
    assert "secret" not in repr(card)
    assert forget_card().file is None


def test_the_terminal_writes_it_for_its_owner_alone_and_over_nothing(tmp_path: Path) -> None:
    folder = PictureFolder(tmp_path / "pictures")
    first = folder.save(Attachment("muse-2026.json", "application/json", "“one”"))
    second = folder.save(Attachment("muse-2026.json", "application/json", "two"))
    assert [first.name, second.name] == ["muse-2026.json", "muse-2026-2.json"]
    assert first.read_text(encoding="utf-8") == "“one”"
    assert second.read_text(encoding="utf-8") == "two"
    assert first.stat().st_mode & 0o777 == 0o600
    for name in ("../out.json", "no-ending", ".json", "a b.json"):
        with pytest.raises(StageFailed):
            folder.save(Attachment(name, "text/plain", ""))


@pytest.mark.parametrize(("held", "own_one"), [("7", 7), ("3 7@2", 7), ("7 3@5 7@2", 7)])
def test_an_identitys_own_number_is_its_first(held: str, own_one: int) -> None:
    assert own_number(held) == own_one


@pytest.mark.parametrize(
    "content", ["my quillwort", "6D79207175696C6C776F7274", "bXkgcXVpbGx3b3J0IQ=="]
)
def test_the_scan_of_the_privacy_tests_sees_every_form(content: str) -> None:
    assert traces({"k": ("string", content)}, "quillwort")
    assert not traces({"k": ("string", content)}, "harebells")
