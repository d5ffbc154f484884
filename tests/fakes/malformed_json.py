"""The other half: names, types, too little of it, cuts, broken JSON, broken characters, floods."""

from __future__ import annotations

import json
import re
from random import Random

from tests.fakes.malformed import ALL, ASKED, Case, Piece, dump, named, piece, renamed

# --- Other names and types.


@named
def other_names(p: list[Piece], rng: Random) -> Case:
    text = rng.choice(["content", "entry", "response", "piece", "answer"])
    held = renamed(p, {"text": text, "lens": "angle", "plan": "idea"})
    key = rng.choice(["responses", "items", "answers", "results"])
    return Case(json.dumps({key: held}, ensure_ascii=False), ALL)


@named
def other_case(p: list[Piece], _: Random) -> Case:
    held = renamed(p, {"text": "Text", "lens": "LENS", "plan": "Plan"})
    return Case(json.dumps({"Entries": held}, ensure_ascii=False), ALL)


@named
def lens_by_name(p: list[Piece], _: Random) -> Case:
    return Case(dump([e | {"lens": ASKED[int(str(e["lens"])) - 1].name} for e in p]), ALL)


@named
def lens_by_label(p: list[Piece], _: Random) -> Case:
    return Case(dump([e | {"lens": ASKED[int(str(e["lens"])) - 1].label.upper()} for e in p]), ALL)


@named
def lens_by_number_in_words(p: list[Piece], rng: Random) -> Case:
    way = rng.choice(["{}", "#{}", "lens {}", "{}. something", "Angle {}"])
    return Case(dump([e | {"lens": way.format(e["lens"])} for e in p]), ALL)


@named
def lens_unknown(p: list[Piece], rng: Random) -> Case:
    way = rng.choice(["a pirate", 99, -1, None, True, ["child"], {"x": 1}, 2.5, ""])
    return Case(dump([e | {"lens": way} for e in p]), ALL, lenses=False)


@named
def lens_as_object(p: list[Piece], _: Random) -> Case:
    held = [e | {"lens": {"name": ASKED[int(str(e["lens"])) - 1].name}} for e in p]
    return Case(dump(held), ALL)


@named
def probability_anything(p: list[Piece], rng: Random) -> Case:
    odd: list[object] = ["low", None, [0.1], {"value": 0.1}, "3%", -5, 1e308, True]
    return Case(dump([e | {"probability": rng.choice(odd)} for e in p]), ALL)


@named
def not_a_number(p: list[Piece], _: Random) -> Case:
    return Case(dump(p).replace("0.03", "NaN"), ALL)


@named
def only_texts_kept(p: list[Piece], _: Random) -> Case:
    return Case(dump([{"text": e["text"]} for e in p]), ALL, lenses=False)


@named
def fields_missing(p: list[Piece], _: Random) -> Case:
    held: list[Piece] = [dict(e) for e in p]
    del held[1]["text"], held[2]["plan"], held[3]["probability"]
    held[4] = {}
    return Case(dump(held), (0, 2, 3, 5))


@named
def wrong_types(p: list[Piece], rng: Random) -> Case:
    held: list[object] = [*p]
    held[1] = rng.choice([None, 7, True, [], {}])
    held[3] = p[3] | {"text": rng.choice([None, True, [], {}, [1, 2]])}
    return Case(dump(held), (0, 2, 4, 5))


@named
def a_number_as_text(p: list[Piece], _: Random) -> Case:
    return Case(dump([*p[:5], piece(4, "x") | {"text": 42}]), (0, 1, 2, 3, 4), only=False)


@named
def texts_empty(p: list[Piece], _: Random) -> Case:
    return Case(dump([*p[:4], piece(4, "  "), piece(4, "…")]), (0, 1, 2, 3), only=False)


# --- Too few.


@named
def five_of_six(p: list[Piece], _: Random) -> Case:
    return Case(dump(p[:5]), (0, 1, 2, 3, 4))


@named
def duplicates(p: list[Piece], _: Random) -> Case:
    return Case(dump([p[0], p[0], p[1], p[0] | {"lens": 3}, p[1]]), (0, 1))


@named
def an_empty_list(_p: list[Piece], _: Random) -> Case:
    return Case(dump([]), ())


@named
def empty(_p: list[Piece], rng: Random) -> Case:
    return Case(rng.choice(["", " \n", "{}", "[]", "null", "[[]]", "{}{}{}"]), ())


@named
def a_refusal(_p: list[Piece], rng: Random) -> Case:
    said = ["I'm sorry, but I can't help with that.", "As an AI language model, I do not feel."]
    return Case(rng.choice(said), ())


@named
def a_refusal_in_json(_p: list[Piece], _: Random) -> Case:
    return Case(dump([piece(1, "I’m sorry, but I cannot assist with this request.")]), ())


@named
def an_error_object(_p: list[Piece], _: Random) -> Case:
    return Case('{"error": {"message": "model overloaded", "type": "server_error"}}', ())


@named
def prose_only(_p: list[Piece], _: Random) -> Case:
    return Case("What a lovely prompt! Shall we begin with (1) a lighthouse?", ())


@named
def reasoning_only(_p: list[Piece], _: Random) -> Case:
    return Case("<think>Let me think about lighthouses. They are tall and", ())


@named
def the_schema_itself(_p: list[Piece], _: Random) -> Case:
    return Case('{"type": "object", "properties": {"entries": {"type": "array"}}}', ())


# --- Cut off.


@named
def cut_within_a_text(p: list[Piece], rng: Random) -> Case:
    answer = dump(p)
    end = answer.index('"text"', answer.index(json.dumps(p[2]["text"], ensure_ascii=False)) + 9)
    return Case(answer[: end + 10 + rng.randrange(4)], (0, 1, 2))


@named
def cut_after_a_quote_left_unescaped(p: list[Piece], _: Random) -> Case:
    answer = dump(p[:2])[:-2]
    return Case(answer + ', {"lens": 3, "text": "She said "no" and "nev', (0, 1))


@named
def cut_after_a_text(p: list[Piece], _: Random) -> Case:
    answer = dump(p)
    inside = json.dumps(p[3]["text"], ensure_ascii=False)
    return Case(answer[: answer.index(inside) + len(inside) + 9], (0, 1, 2, 3))


@named
def cut_between_pieces(p: list[Piece], _: Random) -> Case:
    return Case(dump(p[:3])[:-2] + ",", (0, 1, 2))


@named
def cut_in_a_fence(p: list[Piece], _: Random) -> Case:
    return Case("```json\n" + dump(p, indent=1)[:-3], ALL)


@named
def cut_in_an_escape(p: list[Piece], rng: Random) -> Case:
    tail = rng.choice(["\\", "\\u", "\\u00", "\\ud83d"])
    return Case(dump(p[:2])[:-2] + ', {"lens": 3, "text": "half of ' + tail, (0, 1))


# --- Bad JSON.


@named
def trailing_commas(p: list[Piece], _: Random) -> Case:
    return Case(re.sub(r"(?<=0\.03)}", ",}", dump(p)).replace("]}", ",],}"), ALL)


@named
def missing_commas(p: list[Piece], _: Random) -> Case:
    return Case(dump(p).replace("}, {", "} {").replace(', "probability"', ' "probability"'), ALL)


@named
def single_quotes(p: list[Piece], _: Random) -> Case:
    keys = [f"{{'lens': {e['lens']}, 'text': '{_raw(e)}', 'probability': 0.03}}" for e in p]
    return Case("{'entries': [" + ", ".join(keys) + "]}", ALL)


@named
def typographic_quotes(p: list[Piece], _: Random) -> Case:
    keys = [f"{{“lens”: {e['lens']}, “text”: “{_raw(e)}”, “plan”: “x”}}" for e in p]
    return Case("{“entries”: [" + ", ".join(keys) + "]}", ALL)


@named
def keys_unquoted(p: list[Piece], _: Random) -> Case:
    return Case(re.sub(r'"(entries|lens|plan|text|probability)":', r"\1:", dump(p)), ALL)


@named
def quotes_left_unescaped(p: list[Piece], _: Random) -> Case:
    held = [e | {"text": 'He said "no" to ' + _raw(e)} for e in p]
    answer = dump(held).replace('\\"', '"')
    return Case(answer, ALL, only=False)


@named
def raw_line_breaks(p: list[Piece], _: Random) -> Case:
    return Case(dump(p).replace("\\n", "\n"), ALL)


@named
def python_words(p: list[Piece], _: Random) -> Case:
    return Case(dump(p).replace("0.03", "None").replace('"a plan"', "True"), ALL)


@named
def comments(p: list[Piece], _: Random) -> Case:
    return Case(dump(p).replace('"plan"', '/* idea */ "plan"').replace("[{", "[ // six\n{"), ALL)


@named
def doubled_escapes(p: list[Piece], _: Random) -> Case:
    if any("\\" in str(e["text"]) or '"' in str(e["text"]) for e in p):
        return Case(dump(p), ALL)
    return Case(dump(p).replace("\\n", "\\\\n"), ALL)


@named
def brackets_never_closed(p: list[Piece], _: Random) -> Case:
    return Case(dump(p)[:-2], ALL)


@named
def too_many_brackets(p: list[Piece], _: Random) -> Case:
    return Case("}]" + dump(p) + "}}]]}", ALL)


# --- Bad characters.


@named
def half_characters(p: list[Piece], _: Random) -> Case:
    return Case(dump(p).replace('"text": "', '"text": "\\ud83d'), ALL)


@named
def raw_surrogates(p: list[Piece], _: Random) -> Case:
    return Case(dump(p).replace('"text": "', '"text": "\udc9d\ud83d'), ALL)


@named
def nul_and_control(p: list[Piece], _: Random) -> Case:
    return Case(dump(p).replace('"text": "', '"text": "\x00\x07\\u0000\\u001b'), ALL)


@named
def hidden_characters(p: list[Piece], _: Random) -> Case:
    return Case(dump(p).replace('"text": "', '"text": "\u200b\u202e\u2066\ufeff'), ALL)


@named
def entities(p: list[Piece], _: Random) -> Case:
    held = [e | {"text": str(e["text"]).replace("&", "&amp;").replace("'", "&#39;")} for e in p]
    return Case(dump(held), ALL)


# --- Dressed up.


@named
def markdown_around(p: list[Piece], rng: Random) -> Case:
    mark = rng.choice(["**", "*", "_", "`"])
    return Case(dump([e | {"text": f"{mark}{e['text']}{mark}"} for e in p]), ALL)


@named
def quotes_around(p: list[Piece], rng: Random) -> Case:
    left, right = rng.choice([("“", "”"), ('"', '"'), ("«", "»")])
    held = [e | {"text": f"{left}{e['text']}{right}"} for e in p]
    inner = [n for n, e in enumerate(p) if left not in str(e["text"])]
    return Case(dump(held), tuple(inner), only=False)


@named
def leads(p: list[Piece], rng: Random) -> Case:
    lead = rng.choice(["1. ", "- ", "Text: ", "**Entry 2:** ", "> ", "3) "])
    held = [e if "2." in str(e["text"]) else e | {"text": lead + str(e["text"])} for e in p]
    return Case(dump(held), ALL)


# --- Floods.


@named
def deep_nesting(p: list[Piece], rng: Random) -> Case:
    depth = rng.choice([30, 3000])
    return Case("[" * depth + "]" * depth + dump(p), ALL)


@named
def a_flood(p: list[Piece], _: Random) -> Case:
    return Case(dump(p) + "la " * 20_000, ALL)


def _raw(each: Piece) -> str:
    return str(each["text"]).replace("\\", "").replace('"', "").replace("\n", "\\n")
