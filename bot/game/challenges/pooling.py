"""How what was put in becomes the pool: what counts as made together, the draw, the seals. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random

from bot.challenge import Contender, Contribution
from bot.game.challenges.aliases import aliases
from bot.game.challenges.commitments import commitment, maker_pseudonym
from bot.game.challenges.families import family_of
from bot.models import Origin
from bot.storage.outputs import Output
from bot.writing.guard import Past
from bot.writing.similarity import duplicate_of_past

FEWEST = 3  # people's entries that a challenge needs


def people_of(put_in: Sequence[Contribution]) -> list[Contribution]:
    """What people put in."""
    return [each for each in put_in if each.author and not each.withdrawn]


def together(put_in: Sequence[Contribution], outputs: Sequence[Output]) -> list[Contribution]:
    """What people put in, as what it counts: nearly one of Muse's own pieces is made together
    with that, whatever was declared; nearly one of the deck's is the deck's.
    """
    own = [
        Output(f"{each.key}", each.text, each.origin, each.model, each.lens)
        for each in put_in
        if not each.author
    ]
    everything = [*own, *outputs]
    by_text = {each.text: each for each in reversed(everything)}
    past = Past([each.text for each in everything])
    return [_counted(each, past, by_text) for each in people_of(put_in)]


def _counted(made: Contribution, past: Past, by_text: Mapping[str, Output]) -> Contribution:
    # By the rule against the past, also for Muse's pieces of this very challenge: nobody has seen
    # those, and short texts of two authors share half of their words soon enough.
    if not past.repeats(made.text):
        return made
    nearest = past.nearest(made.text).text
    if not duplicate_of_past(made.text, nearest):  # a short one that shares fewer words, but all
        nearest = next(text for text in by_text if duplicate_of_past(made.text, text))
    near = by_text[nearest]
    origin = Origin.DECK if near.origin is Origin.DECK else Origin.TOGETHER
    family = family_of(near.model) if origin is Origin.TOGETHER else ""
    return replace(
        made, origin=origin, model=near.model, family=family, parent=near.name, lens=near.lens
    )


def drawn(put_in: Sequence[Contribution], people: int, rng: Random) -> list[Contribution]:
    """Which of Muse's entries take part: one for each three people's, rounded, at least one."""
    own = [each for each in put_in if not each.author and not each.withdrawn]
    return rng.sample(own, min(len(own), max(1, int(people / 3 + 0.5))))


def pool_of(
    entries: Sequence[Contribution], rng: Random, secret: str, draw_salt: Callable[[], str]
) -> list[Contender]:
    """The pool: each entry under an alias, in no order but theirs, sealed.

    `secret` is what the community's pseudonyms are drawn from.
    """
    named = sorted(zip(aliases(len(entries), rng), entries, strict=True), key=lambda pair: pair[0])
    own = {each.key: alias for alias, each in named if not each.author}
    return [_contender(alias, each, own, secret, draw_salt()) for alias, each in named]


def _contender(
    alias: str, made: Contribution, own: Mapping[str, str], secret: str, salt: str
) -> Contender:
    """One entry of it. `own` are the aliases of Muse's by their keys: what was made from one is
    named by that, and what was made from one that was not drawn by nothing, since nobody sees it.
    """
    maker = maker_pseudonym(secret, made.author)
    return Contender(
        alias=alias,
        text=made.text,
        origin=made.origin,
        author=made.author,
        model=made.model,
        family=made.family,
        parent=made.parent if "/" in made.parent else own.get(made.parent, ""),
        lens=made.lens,
        salt=salt,
        commitment=commitment(salt, alias, made.text, made.origin, maker),
    )
