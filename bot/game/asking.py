"""Opening rounds: on a prompt, once more for other answers, going on from pieces, for people."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from random import Random

from bot.cards import Card
from bot.community.angles import offered
from bot.community.context import Context, bounded, round_here
from bot.community.moderation import Moderation
from bot.errors import NotAllowed, NotFound, Refusal, TooLate
from bot.game.challenges.secrecy import Secrecy
from bot.game.delivery import Delivery
from bot.game.queueing import Queue
from bot.models import Round, RoundState, Wish
from bot.present.receipts import said
from bot.present.rounds import round_card
from bot.requests import Again, Ask, Invite, LetMuse, Refine, Say
from bot.settings import LimitSettings
from bot.stats.lens_choice import choose
from bot.storage.knowledge import Knowledge
from bot.storage.memory import Memory
from bot.storage.messages import Messages
from bot.storage.rounds import Opening, Rounds
from bot.wording import en
from bot.writing.briefs import PARENTS, TWIST_CHARS, WITHOUT
from bot.writing.forms import FORMS, form

log = logging.getLogger(__name__)

MOST_WITHOUT, LONGEST_WITHOUT = WITHOUT
MOST_PARENTS, LONGEST_PARENT = PARENTS
THEME = 200  # characters


class Asking:
    """The use cases that open a round. `nudge` tells the agenda; `draw_seed` gives 32 bits."""

    def __init__(
        self,
        rounds: Rounds,
        messages: Messages,
        memory: Memory,
        knowledge: Knowledge,
        moderation: Moderation,
        limits: LimitSettings,
        nudge: Callable[[str], None],
        draw_seed: Callable[[], int],
        queue: Queue,
        delivery: Delivery,
        secrecy: Secrecy,
        *,
        paints: bool = False,
    ) -> None:
        """`paints`: whether an image model is there for rounds of pictures."""
        self._rounds = rounds
        self._messages = messages
        self._memory = memory
        self._knowledge = knowledge
        self._moderation = moderation
        self._limits = limits
        self._nudge = nudge
        self._draw_seed = draw_seed
        self._queue = queue
        self._delivery = delivery
        self._secrecy = secrecy
        self._paints = paints

    async def ask(self, context: Context, request: Ask) -> Card:
        """Open a round on a prompt."""
        wish = Wish(
            source=request.source.strip()[:LONGEST_PARENT],
            without=_without(request.without),
            bold=request.bold,
        )
        prompt = self._prompt(request.prompt)
        await self._moderation.check_each(
            context, (prompt, "prompt"), (wish.source, "source"), _left_out(wish)
        )
        return await self._open(context, prompt, request.form, wish=wish)

    async def say(self, context: Context, request: Say) -> Card:
        """What was said in reply to a message: it refines the round that the message shows."""
        community, ref = context.community.id, None
        if request.threaded:
            ref = await self._rounds.latest(community, context.command.address)
        if ref is None:
            ref = await self._messages.round_of(community, request.message)
        if ref is None:
            return await self.ask(context, Ask(request.text))
        return await self.refine(context, Refine(request.text, round=ref))

    async def again(self, context: Context, request: Again) -> Card:
        """Open a child of a round, on the same prompt, unlike it."""
        earlier = await self._earlier(context, request)
        wish = Wish(without=_without(request.without), bold=request.bold)
        await self._moderation.check_each(context, _left_out(wish))
        return await self._open(
            context, earlier.prompt, request.form or earlier.form, earlier.id, wish
        )

    async def refine(self, context: Context, request: Refine) -> Card:
        """Open a child of a round that goes on from its pieces, with what is to change.

        What was voted on stays as it is.
        """
        earlier = await self._earlier(context, request)
        twist = ""
        if request.twist.strip():
            twist = bounded(request.twist, TWIST_CHARS, "change", en.EMPTY_TWIST)
        wish = Wish(
            twist=" ".join(twist.split()),
            pieces=_parents(earlier, request.pieces),
            without=_without(request.without),
            bold=request.bold,
        )
        await self._moderation.check_each(context, (wish.twist, "change"), _left_out(wish))
        return await self._open(
            context, earlier.prompt, request.form or earlier.form, earlier.id, wish
        )

    async def invite(self, context: Context, request: Invite) -> Card:
        """Open a round for people: Muse finds its prompt, and writes nothing itself."""
        theme = ""
        if request.theme.strip():
            theme = " ".join(bounded(request.theme, THEME, "theme", en.EMPTY_PROMPT).split())
            await self._moderation.check(context, theme, "theme")
        return await self._open(context, "", request.form, for_people=True, theme=theme)

    async def let_muse(self, context: Context, request: LetMuse) -> Card:
        """Have Muse answer too, in a round that people began."""
        ref = await round_here(context, self._rounds, request.round)
        lenses = await self._lenses(context, self._draw_seed())
        command = context.command
        await self._rounds.let_muse(
            ref, context.event, command.space, lenses, self._limits.max_entries, context.now
        )
        self._nudge(ref.community)
        return said(en.MUSE_ANSWERS_TOO)

    def _prompt(self, text: str) -> str:
        clean = bounded(text, self._limits.max_prompt_chars, "prompt", en.EMPTY_PROMPT)
        return " ".join(clean.split())

    async def _earlier(self, context: Context, request: Again | Refine) -> Round:
        """The round that is gone on from."""
        ref = await round_here(context, self._rounds, request.round)
        earlier = (await self._rounds.read(ref, context.command.space)).round
        if earlier.state is RoundState.WITHDRAWN:
            raise TooLate(en.ROUND_IS_WITHDRAWN)
        if not earlier.prompt:  # Muse was asked for one, and has not found it
            raise Refusal(en.NOTHING_TO_REFINE)
        return earlier

    async def _lenses(self, context: Context, seed: int) -> tuple[str, ...]:
        """One lens for each place, as closed rounds have taught."""
        community = context.community.id
        records, angles = await asyncio.gather(
            self._memory.lenses(community), self._knowledge.angles(community)
        )
        names = [lens.name for lens in offered(angles)]
        return choose(records, names, self._limits.entries_per_round, Random(seed))

    async def _open(
        self,
        context: Context,
        prompt: str,
        form_name: str,
        parent: str = "",
        wish: Wish | None = None,
        *,
        for_people: bool = False,
        theme: str = "",
    ) -> Card:
        command = context.command
        shape, rules = form(form_name), context.rules
        if not rules.answers:
            raise NotAllowed(en.NOT_HERE)
        await self._secrecy.keep(context, prompt or theme)
        seed = self._draw_seed()
        if rules.offered and shape.name not in rules.offered:
            if shape is not FORMS[0]:
                raise Refusal(en.only_these_forms([form(each).label for each in rules.offered]))
            shape = form(rules.offered[seed % len(rules.offered)])  # where none was named
        if shape.painted and for_people:
            raise Refusal(en.PEOPLE_WRITE)
        if shape.painted and not self._paints:
            raise Refusal(en.NO_PICTURES)
        wait = await self._queue.wait(context.community.id)
        opening = Opening(
            prompt=prompt,
            form=shape.name,
            wanted=0 if for_people else self._limits.entries_per_round,
            seed=seed,
            closes=context.now + timedelta(hours=rules.hours),
            parent=parent,
            lenses=() if for_people else await self._lenses(context, seed),
            wish=wish or Wish(),
            for_people=for_people,
            theme=theme,
            painted=shape.painted,
            tallies_for=rules.tallies,
            language=rules.language,
            pause=rules.pause,
            quiet=rules.quiet,
        )
        ref = await self._rounds.open(
            context.community.id,
            context.event,
            command.user,
            command.address,
            opening,
            context.now,
        )
        log.info("round %s of community %s is open", ref.round, ref.community)
        self._nudge(ref.community)
        round_ = (await self._rounds.read(ref)).round
        card = round_card(round_, wait=wait)
        if wait and not round_.message and round_.state is RoundState.WRITING:
            await self._delivery.show_waiting(round_, card)
        return card


def _without(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """What is to be left out, as much of it as a brief takes."""
    clean = (" ".join(phrase.split())[:LONGEST_WITHOUT] for phrase in phrases)
    return tuple(dict.fromkeys(phrase for phrase in clean if phrase))[:MOST_WITHOUT]


def _left_out(wish: Wish) -> tuple[str, str]:
    """What is to be left out, as one text: the round's message shows it."""
    return ", ".join(wish.without), "without"


def _parents(earlier: Round, numbers: tuple[int, ...]) -> tuple[int, ...]:
    """The pieces that are gone on from: those named, else the best liked.

    Raises `NotFound` for a piece that is not there.
    """
    standing = [entry.number for entry in earlier.standing if entry.text]
    if not standing:
        raise NotFound(en.NOTHING_TO_REFINE)
    for number in numbers:
        if number not in standing:
            raise NotFound(en.no_such_entry(number, max(standing)))
    if numbers:
        return numbers[:MOST_PARENTS]
    tallies = earlier.tallies
    liked = sorted(standing, key=lambda n: -(tallies[n].approvals if n in tallies else 0))
    return tuple(sorted(liked[:MOST_PARENTS]))
