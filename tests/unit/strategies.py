"""What Hypothesis draws for the shapes that people meet: texts, requests, rounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.challenge import Declared, Side
from bot.challenge_requests import (
    CancelChallenge,
    DecideContender,
    Enter,
    ExportResults,
    ExtendChallenge,
    GuessMaker,
    MorePicks,
    NominateTheme,
    OpenBallot,
    Pick,
    PlanPreset,
    PraiseContender,
    ProposeTheme,
    Remind,
    RemoveTheme,
    ReportContender,
    RunChallenges,
    SetPlan,
    ShowChallenge,
    ShowOwnResult,
    ShowPlan,
    ShowPodiums,
    ShowResults,
    ShowThemes,
    ShowUnlikePicks,
    ShowVerdict,
    SkipChallenge,
    StartChallenge,
    TakeBackEntry,
    Unpick,
    VoteTheme,
    WithdrawTheme,
)
from bot.commands import BOARDS, FACETS, FORM_NAMES, NAMES, PERIODS
from bot.commands.challenge_running import DAILY_NAMES, PLAN_NAMES
from bot.community_requests import (
    AddLore,
    DescribeAngle,
    HideAngle,
    Lore,
    RemoveAngle,
    RemoveLore,
    ShowAngles,
)
from bot.models import (
    Address,
    Choice,
    Entry,
    Facet,
    Origin,
    Round,
    RoundState,
    SpaceRef,
    Standing,
    Tally,
    UserRef,
)
from bot.requests import (
    Add,
    Again,
    Ask,
    Close,
    Help,
    Invite,
    LetMuse,
    Refine,
    Remix,
    Request,
    Show,
    Spark,
    Top,
    Unvote,
    Vote,
    Withdraw,
)
from bot.wording import en
from bot.writing.forms import DECK_FORMS
from bot.writing.lenses import LENSES

#: Every code point, halves of characters too.
ANYTHING = st.text(alphabet=st.characters(), max_size=60)

#: What trips a grammar up.
_AWKWARD = st.sampled_from(
    (
        *NAMES,
        *FACETS,
        *PERIODS,
        "--form",
        "--form haiku",
        "--form=haiku",
        "—form haiku",
        "–form",
        "--frm",
        "--",
        "—",
        "-",
        '"',
        '""',
        "“",
        "”",
        "„",
        "«",
        "»",
        "‘",
        "'",
        "\\",
        '\\"',
        "\\\\",
        "/",
        "#",
        "#2",
        "2",
        "0",
        "007",
        "²",
        "٣",
        "99999999999999999999",
        ",",
        "{curly}",
        "{0}",
        "%s",
        "[bold]",
        "\n",
        "\t",
        "\x1b[31m",
        "\x00",
        "👩‍🚀",
        "🏳️‍🌈",
        "مرحبا",
        "\u202eabc",
        "ſhow",
        "VOTE",
        "É",
        "e\u0301",
        "@everyone",
        "<@1>",
        "`code`",
    )
)
_JOINTS = st.sampled_from((" ", " ", "", "\n", "  "))

#: Awkward words and any others, joined by spaces, lines or nothing.
AWKWARD_TEXT = st.lists(st.tuples(_AWKWARD | st.text(max_size=8), _JOINTS), max_size=8).map(
    lambda parts: "".join(word + joint for word, joint in parts)
)

#: A text as a request holds it: stripped, and not nothing.
TEXT = AWKWARD_TEXT.map(str.strip).filter(bool)

NUMBER = st.integers(1, 10_000)
_NUMBERS = st.lists(NUMBER, min_size=1, max_size=6, unique=True).map(tuple)
_WRITTEN = tuple(form.name for form in DECK_FORMS)
_FORMS = st.sampled_from(("", *FORM_NAMES))
#: Phrases as a list holds them: without the commas and quotes that stand around them.
_PHRASES = (
    st.lists(
        st.text(
            st.characters(exclude_categories=("C", "Z"), exclude_characters=',;"“”—–-\\'),
            min_size=1,
            max_size=8,
        ),
        max_size=3,
        unique=True,
    )
).map(tuple)
_ANGLE_NAME = st.from_regex(r"[a-zé’]{1,8}( [a-zé’]{1,8}){0,2}", fullmatch=True)
_FACETS = st.lists(st.sampled_from(Facet), max_size=3, unique=True).map(tuple)

#: Every request that a command makes, as it makes them.
REQUESTS: dict[type[Request], st.SearchStrategy[Request]] = {
    Ask: st.builds(Ask, TEXT, st.sampled_from(FORM_NAMES), _PHRASES, st.booleans()),
    Again: st.builds(Again, st.none(), _FORMS, _PHRASES, st.booleans()),
    Refine: st.builds(Refine, TEXT, st.just(()) | _NUMBERS, _FORMS, _PHRASES, st.booleans()),
    Remix: st.builds(Remix, NUMBER, TEXT),
    Invite: st.builds(Invite, st.just("") | TEXT, st.sampled_from(_WRITTEN)),
    LetMuse: st.just(LetMuse()),
    Spark: st.builds(Spark, st.just("") | TEXT),
    Lore: st.just(Lore()),
    AddLore: st.builds(AddLore, TEXT),
    RemoveLore: st.builds(RemoveLore, NUMBER),
    ShowAngles: st.just(ShowAngles()),
    DescribeAngle: st.builds(DescribeAngle, _ANGLE_NAME, TEXT),
    HideAngle: st.builds(HideAngle, TEXT, st.booleans()),
    RemoveAngle: st.builds(RemoveAngle, TEXT),
    Vote: st.builds(Vote, _NUMBERS, _FACETS),
    Unvote: st.builds(Unvote, _NUMBERS, _FACETS),
    Add: st.builds(Add, TEXT, st.just(0) | NUMBER),
    Close: st.just(Close()),
    Withdraw: st.builds(Withdraw, st.just(0) | NUMBER),
    Show: st.just(Show()),
    Top: st.builds(Top, st.sampled_from(BOARDS), st.sampled_from(PERIODS), NUMBER),
    Help: st.builds(Help, st.sampled_from(("", *NAMES))),
    ShowChallenge: st.just(ShowChallenge()),
    Enter: st.builds(Enter, st.just("") | TEXT, st.sampled_from(Declared)),
    TakeBackEntry: st.just(TakeBackEntry()),
    Remind: st.builds(Remind, st.booleans()),
    ProposeTheme: st.builds(ProposeTheme, st.just("") | TEXT),
    VoteTheme: st.builds(VoteTheme, NUMBER.map(str), st.booleans()),
    ShowThemes: st.builds(ShowThemes, NUMBER),
    WithdrawTheme: st.builds(WithdrawTheme, NUMBER.map(str)),
    RemoveTheme: st.builds(RemoveTheme, NUMBER.map(str), TEXT),
    NominateTheme: st.builds(NominateTheme, TEXT),
    OpenBallot: st.just(OpenBallot()),
    Pick: st.builds(Pick, st.just(0) | NUMBER, st.sampled_from(Side)),
    Unpick: st.builds(Unpick, st.just(0) | NUMBER),
    MorePicks: st.just(MorePicks()),
    ReportContender: st.builds(
        ReportContender, st.just(0), st.sampled_from((Side.LEFT, Side.RIGHT)), st.just("") | TEXT
    ),
    GuessMaker: st.builds(
        GuessMaker,
        NUMBER,
        st.sampled_from((Origin.HUMAN, Origin.AI, Origin.TOGETHER, None)),
    ),
    PraiseContender: st.builds(PraiseContender, st.sampled_from(Facet), NUMBER),
    ShowResults: st.builds(ShowResults, st.none(), NUMBER),
    ShowOwnResult: st.just(ShowOwnResult()),
    ShowPodiums: st.builds(ShowPodiums, NUMBER),
    ExportResults: st.builds(
        ExportResults, st.sampled_from(("html", "csv", "jsonl", "commitments"))
    ),
    ShowVerdict: st.just(ShowVerdict()),
    ShowPlan: st.just(ShowPlan(daily=True))
    | st.builds(ShowPlan, st.just(False), st.sampled_from(("when", "how"))),
    SetPlan: st.booleans().flatmap(
        lambda daily: st.builds(
            SetPlan,
            st.sampled_from(DAILY_NAMES if daily else PLAN_NAMES),
            st.just("") | TEXT,
            st.just(daily),
        )
    ),
    PlanPreset: st.builds(PlanPreset, st.sampled_from(tuple(en.PLAN_PRESETS))),
    StartChallenge: st.builds(StartChallenge, st.just("") | TEXT, st.booleans()),
    RunChallenges: st.builds(RunChallenges, st.booleans()),
    SkipChallenge: st.just(SkipChallenge()),
    ExtendChallenge: st.builds(ExtendChallenge, NUMBER),
    CancelChallenge: st.builds(CancelChallenge, TEXT),
    ShowUnlikePicks: st.just(ShowUnlikePicks()),
    DecideContender: st.builds(
        DecideContender,
        st.from_regex(r"[a-z2-7]{4,8}", fullmatch=True),
        st.sampled_from(("keep", "hide", "restore", "strike")),
        st.just("") | TEXT,
    ),
}
REQUEST = st.one_of(*REQUESTS.values())

USER = st.builds(UserRef, st.just("console"), st.text(min_size=1, max_size=32))
_LENS_NAMES = (*(lens.name for lens in LENSES), "gone")
OPENED = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ADDRESS = Address(SpaceRef("console", "terminal"), "room")


@st.composite
def rounds(draw: st.DrawFn, text: st.SearchStrategy[str] = TEXT) -> Round:
    """Any round that the store could hold: of any state, with remixes of remixes, with
    entries withdrawn, members forgotten and tallies missing.
    """
    members = draw(st.integers(1, 5))
    entries: list[Entry] = []
    for number in range(1, draw(st.integers(0, 9)) + 1):
        author = draw(st.integers(0, members))
        parent = draw(st.sampled_from((None, *entries))) if author else None
        entries.append(
            Entry(
                number,
                number,
                draw(text),
                draw(st.sampled_from(Origin)),
                author,
                draw(st.sampled_from(_LENS_NAMES)) if not author else "",
                "a-model",
                parent.number if parent else 0,
                parent.author if parent else 0,
                draw(st.booleans()),
            )
        )
    counts = st.integers(0, 9)
    tallies = {
        entry.number: Tally(draw(counts), draw(counts), {f: draw(counts) for f in Facet})
        for entry in entries
        if draw(st.booleans())
    }
    state = draw(st.sampled_from(RoundState))
    return Round(
        community="c" * 10,
        id="r" * 12,
        state=state,
        prompt=" ".join(draw(text).split()) or "a prompt",
        form=draw(st.sampled_from(FORM_NAMES)),
        asker=draw(st.integers(1, members)),
        address=ADDRESS,
        wanted=draw(st.integers(1, 6)),
        seed=1,
        opened=OPENED,
        closes=OPENED + timedelta(hours=24),
        closed=OPENED + timedelta(hours=24) if state is RoundState.CLOSED else None,
        parent=draw(st.sampled_from(("", "q" * 12))),
        entries=tuple(entries),
        tallies=tallies,
        voters=draw(st.integers(0, 9)),
        people={n: draw(USER) for n in range(1, members + 1) if draw(st.booleans())},
    )


@st.composite
def choices(draw: st.DrawFn, of: Round) -> tuple[Choice, ...]:
    """Some member's votes in a round."""
    numbers = [entry.number for entry in of.standing]
    chosen = draw(st.lists(st.sampled_from(numbers), unique=True)) if numbers else []
    facets = st.frozensets(st.sampled_from(Facet))
    return tuple(Choice(number, draw(facets)) for number in sorted(chosen))


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    """What a vote left behind."""
    of = draw(rounds())
    return Standing(of.state, draw(choices(of)), of.tallies, of.voters)
