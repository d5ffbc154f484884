"""What the faults and the soak take for a fault of Muse’s, and what for none."""

from __future__ import annotations

import time

import pytest

from bot.present.lines import count_people
from bot.wording import en
from tests.fakes.discord_asked import NeverShown
from tests.fakes.discord_modals import CannotAct
from tests.faults import __main__ as table
from tests.faults.faults import FAULTS, Skipped
from tests.faults.ledger import KINDS, Ledger, Verdict
from tests.faults.places import Late, Said, Wait, waited


def _verdict(**found: object) -> Verdict:
    none = dict.fromkeys(KINDS, 0)
    kept: dict[str, object] = {"lost": none, "twice": none, "waiting": (), "wrong": ()}
    return Verdict(told=none, there=none, refused=0, late=0, silent=0, **(kept | found))  # type: ignore[arg-type]


def test_silence_is_a_fault_unless_muse_was_gone_meanwhile() -> None:
    ledger = Ledger()
    with ledger.trying("a vote"):
        raise NeverShown("no private message")
    ledger.leave()
    with ledger.trying("another"):
        raise NeverShown("no private message")
    ledger.come_back()
    assert [each.what.partition(":")[0] for each in ledger.unheard] == ["a vote"]
    assert len(ledger.silences) == 2


def test_a_no_and_a_late_answer_are_no_silence_and_any_other_error_is_told() -> None:
    ledger = Ledger()
    with ledger.trying("a vote"):
        raise CannotAct("no button")
    with ledger.trying("a vote"):
        raise Late
    with ledger.trying("a vote"):
        raise AssertionError("what no act may come to")
    assert (ledger.refused, ledger.late, len(ledger.silences)) == (1, 1, 0)
    assert "what no act may come to" in ledger.broken[0]


def test_muse_was_gone_for_whoever_waited_at_any_time_meanwhile() -> None:
    ledger = Ledger()
    before = time.monotonic()
    ledger.leave()
    ledger.come_back()
    assert ledger.gone_since(before)
    assert not ledger.gone_since(time.monotonic() + 1)


@pytest.mark.parametrize("wrong", [{"wrong": ("x",)}, {"waiting": ("x",)}, {"lost": {"votes": 1}}])
def test_a_verdict_is_not_good_with_anything_in_it(wrong: dict[str, object]) -> None:
    assert _verdict().good
    assert not _verdict(**wrong).good


@pytest.mark.parametrize("count", [0, 1, 2, 1234])
def test_how_many_a_card_says_have_voted_is_read_from_its_text(count: int) -> None:
    one = en.ROUND_ONE_VOTER if count else en.ROUND_NO_VOTES
    still = en.ROUND_VOTERS.format(count=count) if count > 1 else one
    closed = en.ROUND_CLOSED if count else en.ROUND_CLOSED_UNVOTED
    over = closed.format(when="today", voters=count_people(count))
    assert [Said("1", text, 4).voters for text in (still, over)] == [count, count]
    assert Said("1", "a lighthouse", 4).voters is None


def test_a_wait_counts_whether_it_was_acknowledged_or_not() -> None:
    waits: list[Wait] = []
    with waited(waits):
        pass
    with pytest.raises(NeverShown), waited(waits):
        raise NeverShown("no acknowledgement")
    with pytest.raises(CannotAct), waited(waits):
        raise CannotAct("no button")
    assert [each.told for each in waits] == [True, False]


def test_what_was_not_run_is_not_called_good(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_disk(folder: object) -> None:
        raise Skipped(f"no small disk at {folder}")

    monkeypatch.setattr(table, "small_disk", no_disk)
    assert "disk-full" in FAULTS
    assert table.main(["disk-full"]) == 1
    assert "NOT RUN" in capsys.readouterr().out
