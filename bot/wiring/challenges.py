"""The part of the composition root that makes challenges."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.agenda import Work
from bot.app import Handler
from bot.challenge_requests import (
    CancelChallenge,
    ComposeContribution,
    Enter,
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
    ShowPlan,
    ShowThemes,
    SkipChallenge,
    StartChallenge,
    TakeBackEntry,
    Unpick,
    VoteTheme,
    WithdrawTheme,
)
from bot.community.reporting import Reporting
from bot.game.challenges.advancing import Advancing, Chance
from bot.game.challenges.announcing import Announcing, ResultsCard
from bot.game.challenges.balloting import Balloting
from bot.game.challenges.beginning import Beginnings
from bot.game.challenges.competing import Competing, Writers
from bot.game.challenges.contributing import Contributing
from bot.game.challenges.daily import Daily
from bot.game.challenges.finals import Finals
from bot.game.challenges.planning import Planning
from bot.game.challenges.proposing import Proposing
from bot.game.challenges.questioning import Questioning
from bot.game.challenges.status import Statuses
from bot.game.challenges.steering import Steering
from bot.game.challenges.theming import Theming
from bot.game.challenges.winning import Winning
from bot.storage.ballots import Ballots
from bot.storage.contributions import Contributions
from bot.storage.outputs import Outputs
from bot.storage.plans import PlanStore
from bot.storage.results import ResultStore
from bot.storage.themes import ThemeStore
from bot.wiring.around import Around
from bot.writing.engine import Engine
from bot.writing.invitations import InvitationDeck

SALT = 16  # bytes of chance that seal an entry


@dataclass(frozen=True, slots=True)
class ChallengesWired:
    """What the life of challenges brings: handlers, the agenda's work, and that of platforms."""

    handlers: Mapping[type[Any], Handler]
    work: Mapping[str, Work]
    staged: Mapping[str, Work]


def wire_challenges(around: Around, results_card: ResultsCard) -> ChallengesWired:
    """Challenges from the set-up to the close; `results_card` draws what is told then."""
    a, challenges = around, around.challenges
    contributions, themes = Contributions(a.store), ThemeStore(a.store)
    plans = PlanStore(a.store)
    kept, outputs = ResultStore(a.store), Outputs(a.store)
    winning = Winning(kept)
    deck = Engine(None, InvitationDeck(), stand_in=False)
    theming = Theming(a.briefing, a.moderation, a.composers.prompts, deck, a.draw_seed)
    daily = Daily(
        challenges,
        plans,
        a.rounds,
        a.agenda,
        a.charters,
        a.defaults,
        a.stages,
        a.clock,
        a.nudge,
        a.draw_seed,
    )
    beginnings = Beginnings(
        challenges, plans, themes, theming, a.clock, a.nudge, a.draw_seed, daily.give
    )
    chance = Chance(a.draw_seed, lambda: secrets.token_hex(SALT))
    advancing = Advancing(challenges, contributions, outputs, kept, a.clock, a.nudge, chance)
    competing = Competing(
        challenges,
        contributions,
        a.briefing,
        a.memory,
        a.knowledge,
        Writers(a.composers.remixes, a.composers.rounds),
        a.limits,
        a.clock,
    )
    announcing = Announcing(
        challenges,
        plans,
        a.stages,
        a.limits,
        results_card,
        winning.people,
        a.clock,
        winning.before,
        writes=a.composers.remixes is not None,
    )
    contributing = Contributing(
        challenges, contributions, a.moderation, a.limits, a.stages, a.clock
    )
    planning = Planning(plans, a.nudge)
    steering = Steering(challenges, plans, themes, theming, a.moderation, a.nudge, a.draw_seed)
    proposing = Proposing(challenges, plans, themes, a.moderation, winning.numbers)
    return ChallengesWired(
        {
            ShowChallenge: Statuses(challenges, plans, contributions).show,
            ComposeContribution: contributing.compose,
            Enter: contributing.enter,
            TakeBackEntry: contributing.take_back,
            Remind: contributing.remind,
            ProposeTheme: proposing.propose,
            VoteTheme: proposing.vote,
            ShowThemes: proposing.show,
            WithdrawTheme: proposing.withdraw,
            RemoveTheme: proposing.remove,
            NominateTheme: proposing.nominate,
            ShowPlan: planning.show,
            SetPlan: planning.set_plan,
            PlanPreset: planning.preset,
            RunChallenges: planning.run,
            SkipChallenge: planning.skip,
            StartChallenge: steering.start,
            ExtendChallenge: steering.extend,
            CancelChallenge: steering.cancel,
        },
        {
            "begin": beginnings.begin,
            "compete": competing.compete,
            "advance": advancing.advance,
        },
        {
            "proclaim": announcing.proclaim,
            "redraw": announcing.redraw,
            "remind": contributing.at_reminder,
            "weekend": daily.week_end,
        },
    )


def ballot_handlers(around: Around, reporting: Reporting) -> Mapping[type[Any], Handler]:
    """What serves the requests of voting in a challenge."""
    ballots = Ballots(around.store)
    balloting = Balloting(ballots, around.challenges, Finals(ballots), around.draw_seed)
    questioning = Questioning(ballots, balloting, reporting)
    return {
        OpenBallot: balloting.open,
        Pick: balloting.pick,
        Unpick: balloting.unpick,
        MorePicks: balloting.more,
        GuessMaker: questioning.guess,
        PraiseContender: questioning.praise,
        ReportContender: questioning.report,
    }
