"""What keeps a community safe and its own, as cards: at their fullest, and with awkward texts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.cards import Card, FormCard
from bot.community.rules import PRESETS, Rules, Section
from bot.community.settled import settings_card, told
from bot.community_requests import SetPreset, SetRule
from bot.listings import AuditRow, GivenUp, Notice, Page, Reported, Spending, UsageDay
from bot.models import Entry, Limits, Origin, RoundRef, SpaceRef, Tally, UserRef
from bot.present.given_up import given_up_card, given_up_note
from bot.present.governing import log_card, organisers_card
from bot.present.guarding import (
    QueueRow,
    decided,
    noticed,
    reports_card,
    strike_form,
    waiting,
    words_card,
)
from bot.present.linking import (
    code_card,
    join_card,
    linked_card,
    moved,
    own_code_card,
    places_card,
    unlinked_card,
)
from bot.present.mine import Own, PieceRow, VoteRow, forget_card, forgotten_card, mine_card
from bot.present.usage import usage_card
from bot.present.welcome import welcome_card
from bot.wording import en

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANA, BEN = UserRef("discord", "101"), UserRef("slack", "U202")
SERVER, WORKSPACE = SpaceRef("discord", "100"), SpaceRef("slack", "T200")
REF = RoundRef("commun", "round1")
AWKWARD = "</data> **bold** @everyone <b> `x`"
CODE = "BCDFG-HJKMN"
ROOM = "discord:100/1"
SET = {
    **PRESETS["strict"],
    "hours": "48",
    "language": "uk",
    f"forms@{ROOM}": "haiku",
    f"hours@{ROOM}": "1",
    "quiet@discord:100/2": "60",
}


def _entry(number: int, text: str, author: int = 0, *, hidden: str = "") -> Entry:
    origin = Origin.HUMAN if author else Origin.AI
    return Entry(number, number, text, origin, author, hidden=hidden)


def _queued(number: int, text: str, *, few: bool = False, hidden: str = "") -> QueueRow:
    reported = Reported(
        REF.round,
        _entry(number, text, 2, hidden=hidden),
        "a lighthouse",
        number,
        number - 1,
        ("spam", AWKWARD, "rude", "a fourth"),
    )
    return QueueRow(REF, reported, few, here=number == 1)


_QUEUE = [
    _queued(1, "Something odd."),
    _queued(2, AWKWARD, few=True),
    _queued(3, "One more.", hidden="reports"),
    _queued(4, "x" * 1000),
]
_LOG = [
    AuditRow(AT, ANA, "rule", f"hours@{ROOM}\n48\n6", ""),
    AuditRow(AT, BEN, "rule", "links\n\noff", ""),
    AuditRow(AT, None, "block", "discord:303", AWKWARD),
    AuditRow(AT, ANA, "preset", "busy", ""),
    AuditRow(AT, ANA, "preset-back", "", ""),
    AuditRow(AT, ANA, "disqualify", "5 (round1)", "copied"),
    AuditRow(AT, ANA, "place-joined", "slack T200", ""),
]
_GIVEN_UP = (
    GivenUp("show@slack:c:r", "k3qzw7ab", "show", "slack", AT, "Muse can’t see that channel."),
    GivenUp("write:c:r", "b7yx2mno", "write", "", AT, ""),
    GivenUp("compete:c:x1", "c2dcd5ef", "compete", "", AT, "The model gave nothing."),
    GivenUp("proclaim@discord:c:x1.opened.s", "d5fgh6jk", "proclaim", "discord", AT, AWKWARD),
    GivenUp("new:c:r", "e7lmn2pq", "new", "", AT, ""),
)
_DAYS = [
    UsageDay(
        date(2026, 11, 23), Spending(1, 900, 400, 100, 2_000), ((ANA, 700), (BEN, 200), (None, 100))
    ),
    *(UsageDay(date(2026, 11, 22 - back), Spending(4, 3_000 * back, 0, 500)) for back in range(6)),
]
_MINE = Own(
    pieces=(
        PieceRow(
            REF, "a lighthouse", _entry(5, "mine, for the moths", 1), AT, None, None, latest=True
        ),
        PieceRow(REF, "", _entry(6, "of old", 1), AT, AT, Tally(3, 4)),
    ),
    votes=(VoteRow("a bridge", (1, 3)),),
    challenges=(),
    page=1,
    more=True,
    known=True,
    organiser=True,
    keep_days=90,
    linked=(BEN,),
)
_NOTICES = (Notice(5, "a lighthouse", AWKWARD), Notice(6, "", "copied"))

COMMUNITY: dict[str, Card | FormCard] = {
    **{f"settings_{each}": settings_card(each, SET, ROOM, Rules()) for each in Section},
    "settings_none": settings_card(Section.PLACE, {}, ROOM, Rules()),
    "settings_here": settings_card(
        Section.ROUNDS,
        SET,
        ROOM,
        Rules(),
        here=True,
        done="Done.",
        undo=SetRule("hours", "6", True),
    ),
    "settings_same": settings_card(Section.SAFETY, SET, ROOM, Rules(), here=True),
    "settings_preset": settings_card(
        Section.PACE, SET, ROOM, Rules(), done="Done.", undo=SetPreset(en.PRESET_BACK)
    ),
    "organisers": organisers_card((ANA, BEN), en.ORGANISER_NAMED),
    "organisers_none": organisers_card(()),
    "log": log_card(Page(40, tuple(map(told, _LOG))), 10, 10),
    "log_none": log_card(Page(0, ()), 0, 10),
    "given_up": given_up_card(Page(12, _GIVEN_UP), 2, 5, en.GIVEN_UP_AGAIN),
    "given_up_none": given_up_card(Page(0, ()), 1, 5),
    "usage": usage_card(_DAYS, Limits(20_000, 5_000, 500_000), 6_000, AT, "USD"),
    "usage_unlimited": usage_card(_DAYS[1:], Limits(), 6_000, AT, ""),
    "words": words_card(("grackle", AWKWARD), en.WORD_ADDED),
    "words_none": words_card(()),
    "reports": reports_card(_QUEUE, 2, more=True, done=en.KEPT.format(number=3)),
    "reports_none": reports_card((), 1, more=False),
    "decided": decided(REF, 5, en.HIDDEN_NOW.format(number=5), undo=True),
    "form_strike": strike_form(REF, 5, 200),
    "noticed": Card((*noticed(_NOTICES), waiting(), *given_up_note()), "notices"),
    "mine": mine_card(_MINE),
    "mine_unknown": mine_card(
        Own((), (), (), 1, more=False, known=False, organiser=False, keep_days=90)
    ),
    "mine_joined": mine_card(
        Own((), (), (), 1, more=False, known=False, organiser=False, keep_days=90, joined=(AT,))
    ),
    "forget": forget_card(),
    "forgotten": forgotten_card(known=True, whole=False),
    "welcome": welcome_card(),
    "link_code": code_card(CODE, AT + timedelta(minutes=15)),
    "link_join": join_card(SERVER, CODE),
    "link_moved": moved(en.JOINED_THERE, WORKSPACE),
    "link_moved_here": moved(en.JOINED_HERE, WORKSPACE, en.JOINED_TOLD),
    "link_moved_here_untold": moved(en.JOINED_HERE, WORKSPACE, en.JOINED_UNTOLD),
    "link_places": places_card((SERVER, WORKSPACE), (WORKSPACE,)),
    "mine_code": own_code_card(CODE, AT),
    "mine_linked": linked_card((ANA, BEN)),
    "mine_unlinked": unlinked_card((ANA, BEN)),
}
