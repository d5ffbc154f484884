"""What a model does wrong with its answer, by name: mutators over a few good answers.

Each gives an answer's text and says which pieces of the good one must come out of it.
This half is about layout: what stands around the JSON, and its shape.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bot.writing.lenses import LENSES

ASKED = LENSES[:4]  # the night shift, a child explains, somebody’s list, a smell first
Piece = dict[str, object]


def piece(lens: object, text: str, plan: str = "a plan") -> Piece:
    return {"lens": lens, "plan": plan, "text": text, "probability": 0.03}


BASES: dict[str, list[Piece]] = {
    "plain": [
        piece(1, "The lamp hums at four. I mop around it."),
        piece(2, "Lighthouses are candles for whales, my uncle fixed one."),
        piece(3, "Buy bulbs. Buy rope. Call Anna, if the line holds."),
        piece(4, "Diesel first, then toast; then the door she never shut."),
        piece(4, "A wet dog by the radiator told me you were home."),
        piece(4, "Bleach, and under it, faintly, oranges."),
    ],
    "haiku": [
        piece(1, "fog on the stairwell\nthe guard counts his own footsteps\none too many now"),
        piece(2, "snow is just the sky\ntaking a very long time\nto say anything"),
        piece(
            3, "rope, matches, your coat\nthe good scissors, a stamp, bread\nnothing for the dog"
        ),
        piece(4, "burnt sugar, then rain\nsomebody’s radio stops\nthe boat is leaving"),
        piece(4, "tar in the morning\na gull lands where father stood\nand looks about him"),
        piece(4, "old paint on the hull\nyou scrape until it is you\nwho is the colour"),
    ],
    "tongues": [
        piece(1, "Um vier Uhr früh zählt er die Schiffe, die nicht kommen."),
        piece(2, "La lune, c’est la lampe de quelqu’un qui a oublié d’éteindre."),
        piece(3, "Купить хлеб, позвонить маме, не звонить ей."),
        piece(4, "海の匂いがして、だれかが窓を閉めた。"),
        piece(4, "رائحة البن ثم صوت الباب القديم"),
        piece(4, "Кофе, мокрая шерсть, и твой шарф на гвозде."),
    ],
    "marks": [
        piece(1, 'She said "hold {still}" and I held, [mostly] still.'),
        piece(2, "It’s 5 o'clock because the clock’s hungry & that’s why \\ it eats."),
        piece(3, "1. milk\n2. eggs\n3. a reason, any"),
        piece(4, "Smoke: <b>not</b> ours // we checked, twice, # and again."),
        piece(4, "Emoji 👩‍👩‍👧 live here; so do 🏳️‍🌈 and ☕️, it smells of rain."),
        piece(4, "Tabs, commas, ,, and a } for luck."),
    ],
}


@dataclass(frozen=True)
class Case:
    """An answer's text and the pieces, by position in the base, that must come out of it."""

    answer: str
    whole: tuple[int, ...]
    lenses: bool = True  # whether their lenses must be told right too
    only: bool = True  # whether nothing else may come out


Mutator = Callable[[list[Piece], Random], Case]
CLASSES: dict[str, Mutator] = {}
ALL = (0, 1, 2, 3, 4, 5)


def named(mutate: Mutator) -> Mutator:
    CLASSES[mutate.__name__] = mutate
    return mutate


def dump(pieces: object, **options: object) -> str:
    return json.dumps({"entries": pieces}, ensure_ascii=False, **options)  # type: ignore[arg-type]


def renamed(pieces: list[Piece], names: dict[str, str]) -> list[Piece]:
    return [{names.get(key, key): value for key, value in each.items()} for each in pieces]


# --- What is right.


@named
def as_asked(p: list[Piece], _: Random) -> Case:
    return Case(dump(p), ALL)


@named
def indented(p: list[Piece], _: Random) -> Case:
    return Case(dump(p, indent=4), ALL)


@named
def escaped_to_ascii(p: list[Piece], _: Random) -> Case:
    return Case(json.dumps({"entries": p}), ALL)


# --- What stands around it.


@named
def fenced(p: list[Piece], rng: Random) -> Case:
    return Case(f"```{rng.choice(['json', '', 'JSON'])}\n{dump(p, indent=2)}\n```", ALL)


@named
def prose_around(p: list[Piece], _: Random) -> Case:
    before = "Sure! Here's what I've come up with (hope it's \"fun\"):\n\n"
    return Case(f"{before}{dump(p)}\n\nLet me know if you'd like {{more}}!", ALL)


@named
def reasoning_before(p: list[Piece], rng: Random) -> Case:
    tag = rng.choice(["think", "THINK", "reasoning", "scratchpad"])
    draft = dump([piece(1, "a draft that is not an answer")])
    return Case(f"<{tag}>Hmm. Maybe {draft}? It's odd. [</{tag}>\n{dump(p)}", ALL)


@named
def reasoning_that_only_ends(p: list[Piece], _: Random) -> Case:
    return Case(f'So the user wants {{ six " pieces. </think>\n\n{dump(p)}', ALL)


@named
def byte_order_mark(p: list[Piece], _: Random) -> Case:
    return Case("\ufeff" + dump(p), ALL)


@named
def unbalanced_prose(p: list[Piece], _: Random) -> Case:
    return Case('I like { and " and [ :\n' + dump(p), ALL)


@named
def footnotes(p: list[Piece], _: Random) -> Case:
    return Case(f"As asked [1], six pieces [2].\n{dump(p)}\n[1] you [2] me", ALL)


@named
def special_tokens(p: list[Piece], _: Random) -> Case:
    return Case(f"<|channel|>final<|message|>{dump(p)}<|end|>", ALL)


# --- Another shape.


@named
def a_bare_list(p: list[Piece], _: Random) -> Case:
    return Case(json.dumps(p, ensure_ascii=False), ALL)


@named
def json_lines(p: list[Piece], _: Random) -> Case:
    return Case("\n".join(json.dumps(each, ensure_ascii=False) for each in p), ALL)


@named
def two_objects(p: list[Piece], _: Random) -> Case:
    return Case(dump(p[:2]) + "\n" + dump(p[2:]), ALL)


@named
def nested_lists(p: list[Piece], _: Random) -> Case:
    return Case(dump([[p[0], p[1]], [[p[2]]], [p[3], [p[4], p[5]]]]), ALL)


@named
def wrapped_deeper(p: list[Piece], rng: Random) -> Case:
    key = rng.choice(["response", "output", "data"])
    return Case(json.dumps({key: {"result": {"entries": p}}}, ensure_ascii=False), ALL)


@named
def numbered_objects(p: list[Piece], _: Random) -> Case:
    return Case(dump({str(n): each for n, each in enumerate(p, 1)}), ALL)


@named
def each_in_its_own_object(p: list[Piece], _: Random) -> Case:
    return Case(dump([{"entry": each} for each in p]), ALL)


@named
def map_from_lens_to_text(p: list[Piece], _: Random) -> Case:
    return Case(json.dumps({ASKED[n].name: p[n]["text"] for n in range(4)}), (0, 1, 2, 3))


@named
def map_from_label_to_piece(p: list[Piece], _: Random) -> Case:
    held = {ASKED[n].label: {"text": p[n]["text"], "plan": ""} for n in range(4)}
    return Case(json.dumps({"entries": held}, ensure_ascii=False), (0, 1, 2, 3))


@named
def numbered_keys(p: list[Piece], rng: Random) -> Case:
    key = rng.choice(["entry", "response_", "Piece "])
    return Case(json.dumps({f"{key}{n + 1}": p[n]["text"] for n in range(6)}), ALL, lenses=False)


@named
def bare_texts(p: list[Piece], _: Random) -> Case:
    return Case(dump([each["text"] for each in p]), ALL, lenses=False)


@named
def a_list_of_texts_only(p: list[Piece], _: Random) -> Case:
    return Case(json.dumps([each["text"] for each in p]), ALL, lenses=False)


@named
def json_in_a_string(p: list[Piece], rng: Random) -> Case:
    return Case(json.dumps({rng.choice(["content", "json", "text"]): dump(p)}), ALL)


@named
def a_whole_completion(p: list[Piece], _: Random) -> Case:
    message = {"role": "assistant", "content": "```json\n" + dump(p) + "\n```"}
    return Case(json.dumps({"choices": [{"index": 0, "message": message}]}), ALL)


@named
def lines_as_a_list(p: list[Piece], _: Random) -> Case:
    return Case(dump([each | {"text": str(each["text"]).split("\n")} for each in p]), ALL)
