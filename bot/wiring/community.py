"""The part of the composition root that makes what keeps a community safe, and its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.agenda import Work
from bot.app import Handler
from bot.cards import Card
from bot.challenge_requests import DecideContender
from bot.community.angles import AngleKeeping
from bot.community.budgets import Budgets
from bot.community.challenge_privacy import ChallengePrivacy
from bot.community.context import Context
from bot.community.given_up import GivenUpWork
from bot.community.governing import Governing
from bot.community.guarding import Guarding
from bot.community.identities import IdentityLinking
from bot.community.joining_dates import JoiningDates
from bot.community.leaving import Leaving
from bot.community.linking import Linking
from bot.community.lore import LoreKeeping
from bot.community.placing import Placing
from bot.community.privacy import Privacy
from bot.community.reporting import Reporting
from bot.community.welcoming import Welcoming
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
    LinkSpace,
    Lore,
    Mine,
    NameOrganiser,
    RemoveAngle,
    RemoveLore,
    Report,
    RestoreEntry,
    SetPreset,
    SetRule,
    SetWord,
    ShowAngles,
    ShowGivenUp,
    ShowLog,
    ShowOrganisers,
    ShowReports,
    ShowRules,
    ShowUsage,
    ShowWelcome,
    ShowWords,
    TryAgain,
    UnlinkMember,
    UnlinkSpace,
    Welcome,
)
from bot.models import RoundRef
from bot.storage.audit import AuditLog
from bot.storage.codes import Codes
from bot.storage.contenders import Contenders
from bot.storage.departures import Departures
from bot.storage.given_up import GivenUpStore
from bot.storage.joins import Joins
from bot.storage.linked import Linked
from bot.storage.links import Links
from bot.storage.members import Members
from bot.storage.own_challenges import OwnChallenges
from bot.storage.plans import PlanStore
from bot.storage.reports import Reports
from bot.storage.welcomes import Welcomes
from bot.wiring.around import Around


@dataclass(frozen=True, slots=True)
class CommunityWired:
    """What a community's own affairs bring: handlers, the agenda's work, that of platforms, and
    what the rest of the game needs of them.
    """

    handlers: Mapping[type[Any], Handler]
    work: Mapping[str, Work]
    staged: Mapping[str, Work]
    leaving: Leaving
    reporting: Reporting
    with_notices: Callable[[Context, Card], Awaitable[Card]]


def wire_community(
    around: Around, budgets: Budgets, refresh: Callable[[RoundRef], None]
) -> CommunityWired:
    """A community's own affairs; `refresh` has a round shown anew."""
    a = around
    audit, codes, linked = AuditLog(a.store), Codes(a.store), Linked(a.store)
    reports, contenders = Reports(a.store, a.rounds), Contenders(a.store)
    own = ChallengePrivacy(OwnChallenges(a.store))
    members = Members(a.store)
    joined = JoiningDates(members, own, Joins(a.store))
    privacy = Privacy(members, own, joined, a.rounds, audit, a.limits, a.clock, a.nudge)
    leaving = Leaving(Departures(a.store), a.clock)
    linking = Linking(
        Links(a.store),
        codes,
        audit,
        a.spaces,
        Placing(PlanStore(a.store)),
        a.stages,
        a.clock,
        a.nudge,
        a.draw_seed,
    )
    identities = IdentityLinking(linked, codes, a.draw_seed)
    welcoming = Welcoming(Welcomes(a.store), a.stages, a.nudge)
    governing = Governing(a.charters, linked, audit, a.defaults, a.limits)
    given_up = GivenUpWork(GivenUpStore(a.store), a.nudge)
    lore = LoreKeeping(a.knowledge, a.moderation)
    angles = AngleKeeping(a.knowledge, a.moderation)
    reporting = Reporting(reports, contenders, a.rounds, a.charters, a.moderation, refresh)
    guarding = Guarding(
        a.charters,
        reports,
        contenders,
        a.challenges,
        a.rounds,
        a.moderation,
        a.limits,
        refresh,
        a.nudge,
    )

    async def with_notices(context: Context, card: Card) -> Card:
        if not (context.organiser or context.told):  # as nearly always
            return card
        return await reporting.with_notices(context, await given_up.with_notice(context, card))

    return CommunityWired(
        {
            Lore: lore.show,
            AddLore: lore.add,
            RemoveLore: lore.remove,
            ShowAngles: angles.show,
            DescribeAngle: angles.describe,
            HideAngle: angles.hide,
            RemoveAngle: angles.remove,
            ShowRules: governing.show,
            SetRule: governing.set_rule,
            SetPreset: governing.set_preset,
            ShowOrganisers: governing.organisers,
            NameOrganiser: governing.name,
            ShowLog: governing.log,
            ShowGivenUp: given_up.show,
            TryAgain: given_up.again,
            ShowUsage: budgets.show,
            Block: governing.block,
            ShowWords: guarding.words,
            SetWord: guarding.set_word,
            Report: reporting.report,
            ShowReports: guarding.reports,
            KeepEntry: guarding.keep,
            HideEntry: guarding.hide,
            RestoreEntry: guarding.restore,
            Disqualify: guarding.disqualify,
            DeleteRound: guarding.delete_round,
            DecideContender: guarding.decide,
            Mine: privacy.mine,
            LinkSpace: linking.link,
            UnlinkSpace: linking.unlink,
            LinkMember: identities.link,
            UnlinkMember: identities.unlink,
            Welcome: welcoming.arrive,
            ShowWelcome: welcoming.show,
        },
        {"forget": privacy.forget, "erase": leaving.erase, "move": linking.move},
        {"tell": linking.tell, "welcome": welcoming.say},
        leaving,
        reporting,
        with_notices,
    )
