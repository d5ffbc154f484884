"""Finding the pieces in what an answer held, however it was laid out. Pure.

The asked-for shape is `{"entries": [{"lens", "plan", "text", "probability"}]}`. Models rename
keys, nest lists, answer with a map from angle to text or with bare texts, put the JSON into a
string, and dress a text up in quotes and markdown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.brief import Lens
from bot.writing.lenient_json import DEPTH, parse
from bot.writing.plain import plain

#: Characters of a text that are kept; more than any form has.
TEXT_CHARS = 4000
PLAN_CHARS = 200

_TEXT_KEYS = (
    *("text", "entry", "content", "response", "answer", "piece", "output", "body", "story"),
    *("poem", "haiku", "line", "tagline", "letter", "sentence", "question", "completion", "result"),
)
_LENS_KEYS = ("lens", "angle", "lensname", "perspective", "voice", "lensid", "anglenumber")
_PLAN_KEYS = ("plan", "idea", "concept", "outline", "thought", "approach")
_LIST_KEYS = (
    *("entries", "responses", "items", "answers", "texts", "pieces", "outputs", "results"),
    *("candidates", "drafts", "options", "list", "data", "completions", "content", "output"),
    *("response", "variations"),
)
_NUMBERED = re.compile(r"(?:entry|response|answer|item|text|option|piece|lens|angle)?\d{1,2}")
_CHAT = frozenset(("user", "assistant", "system", "developer", "tool"))

_WRAPS = (("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"), ("```", "```"), ("`", "`"))
_QUOTES = (('"', '"'), ("“", "”"), ("„", "“"), ("«", "»"), ("'", "'"), ("‘", "’"), ("「", "」"))
_LEAD = re.compile(
    r"\A(?:#{1,6}\s+|[-*•–]\s+|>\s+|\(?\d{1,2}[.):]\s+|"
    r"(?:\*\*)?(?:text|entry|piece|output)(?:\s*\d{1,2})?\s*:(?:\*\*)?\s+)",
    re.IGNORECASE,
)
_FENCE = re.compile(r"\A```\w*\n(.*?)\n?```\Z", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")
_REFUSALS = re.compile(
    r"\bas an ai\b|\bas a (?:large )?language model\b"
    r"|\bi(?:(?:['’]m| am) (?:unable|not able) to| can(?:no|['’])?t| can not| won['’]?t| will not"
    r"| must decline to) (?:assist\b|comply\b|help (?:with|you with)\b"
    r"|(?:fulfil|provide|create|write|generate|produce|continue|engage)\w* (?:with |in |on )?"
    r"(?:this|that|such|any|content|explicit)\b)",
    re.IGNORECASE,
)
# The same in other languages: only where what is refused is a request, or to help "with this".
_REFUSALS_ELSEWHERE = re.compile(
    r"\bno puedo (?:ayudar|asistir)\w* con (?:es[eao]|est[eao])\b"
    r"|\bno puedo (?:crear|generar|escribir|proporcionar) (?:es[eao]|est[eao]) (?:tipo|contenido)"
    r"|\bje ne peux pas (?:vous |t['’])?aider (?:avec|à) (?:cela|ça|cette demande)"
    r"|\bje ne peux pas (?:créer|générer|écrire|fournir) (?:ce|cette|de tel) (?:type|contenu)"
    r"|\b(?:dabei|damit|bei dieser anfrage) (?:kann ich )?(?:dir |ihnen )?(?:leider )?nicht helfen"
    r"|\bnão posso (?:ajudar|auxiliar)\w* com (?:iss?[oe]|ess[ea]|est[ea])\b"
    r"|\bnon posso aiutar\w* con (?:questa richiesta|questo|ciò)"
    r"|\bik kan (?:je |u )?(?:daar(?:mee)? niet|niet met dit verzoek) (?:bij |mee )?helpen"
    r"|\bне могу (?:вам |тебе )?(?:помочь|выполнить)\w* (?:с )?эт(?:им|ой|от|у) (?:запрос|просьб)"
    r"|(?:ご要望|リクエスト|ご依頼)に(?:は)?(?:お応え|お答え|対応)(?:すること(?:は|が))?でき(?:ません|かねます)"
    r"|(?:无法|不能|無法)(?:协助|提供|满足|帮助|完成|協助|滿足)[^。]{0,8}(?:请求|要求|請求)"
    r"|요청[은을에]?[^.]{0,10}(?:도와드릴|응할) 수 (?:가 )?없습니다",
    re.IGNORECASE,
)
#: A refusal comes first or not at all; further on the words are somebody's in the piece.
_REFUSAL_WITHIN = 90


@dataclass(frozen=True, slots=True)
class Candidate:
    """One piece as a model gave it. `lens` is a lens's name, or "" where none was told."""

    lens: str
    plan: str
    text: str


def refusal(text: str) -> str:
    """The beginning of `text` where it says that the model will not write; else ""."""
    head = plain(text, 300)
    found = _REFUSALS.search(head) or _REFUSALS_ELSEWHERE.search(head)
    return head if found and found.start() < _REFUSAL_WITHIN else ""


def candidates(value: Any, lenses: Sequence[Lens] = (), depth: int = 0) -> Iterator[Candidate]:
    """The pieces in `value`, in order, with their texts made clean."""
    if depth > DEPTH:
        return
    if isinstance(value, dict):
        yield from _in_object(value, lenses, depth)
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, str):
                yield from _from_text("", "", each, lenses, depth)
            else:
                yield from candidates(each, lenses, depth + 1)


def _in_object(value: dict[Any, Any], lenses: Sequence[Lens], depth: int) -> Iterator[Candidate]:
    fields = {_key(name): each for name, each in value.items()}
    told = _first(fields, _LENS_KEYS)
    if isinstance(told, Mapping):
        told = told.get("name") or told.get("label") or told.get("number")
    lens, plan = _lens(told, lenses), _first(fields, _PLAN_KEYS)
    plan = plain(plan, PLAN_CHARS) if isinstance(plan, str) else ""
    for name in _TEXT_KEYS:
        text = _as_text(fields.get(name), name, alone="lens" in fields or "plan" in fields)
        if text is None:
            continue
        if fields.get("role") in _CHAT and not _looks_like_json(text):
            return  # a chat message's own words
        yield from _from_text(lens, plan, text, lenses, depth)
        return
    if lens and len(held := [each for each in fields.values() if isinstance(each, dict)]) == 1:
        # The lens outside, its text one level in.
        for each in candidates(held[0], lenses, depth + 1):
            yield Candidate(each.lens or lens, each.plan or plan, each.text)
        return
    yield from _in_fields(value, lenses, depth)


def _in_fields(value: dict[Any, Any], lenses: Sequence[Lens], depth: int) -> Iterator[Candidate]:
    """An object that is no piece: what holds the pieces, or a map from angle to text."""
    for name, each in value.items():
        key = _key(name)
        named = _lens(str(name), lenses)
        if isinstance(each, str):
            if named or _NUMBERED.fullmatch(key):
                yield from _from_text(named, "", each, lenses, depth)
            elif _looks_like_json(each):
                yield from _from_text("", "", each, lenses, depth)
        elif isinstance(each, dict):
            for found in candidates(each, lenses, depth + 1):
                yield Candidate(found.lens or named, found.plan, found.text)
        elif isinstance(each, list) and named and each and all(isinstance(x, str) for x in each):
            yield from _from_text(named, "", "\n".join(each), lenses, depth)
        elif isinstance(each, list) and (
            key in _LIST_KEYS or any(isinstance(x, dict | list) for x in each)
        ):
            yield from candidates(each, lenses, depth + 1)


def _as_text(value: Any, key: str, *, alone: bool) -> str | None:
    """A text, or what stands for one: a number, the lines of a poem; None where it is neither."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return str(value) if key == "text" or alone else None
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        # Lines of one piece where the object is a piece; else a list of pieces.
        return "\n".join(value) if alone or key not in _LIST_KEYS else None
    if isinstance(value, dict) and alone:
        texts = [each for each in value.values() if isinstance(each, str) and each.strip()]
        return "\n".join(texts) if len(texts) == len(value) and texts else None
    return None


def _from_text(
    lens: str, plan: str, text: str, lenses: Sequence[Lens], depth: int
) -> Iterator[Candidate]:
    """A candidate of `text`, or those in it where it is JSON once more."""
    if _looks_like_json(text):
        start = min(at for at in (text.find("{"), text.find("[")) if at >= 0)
        try:
            inner = list(candidates(parse(text, start)[0], lenses, depth + 1))
        except (ValueError, RecursionError):
            inner = []
        if inner:
            yield from inner
            return
        if not re.search(r"\w.*\s.*\w", text):
            return  # brackets with next to nothing in them
    if cleaned := clean(text):
        yield Candidate(lens, plan, cleaned)


def _looks_like_json(text: str) -> bool:
    head = text.lstrip("\ufeff \t\r\n")
    held = head.startswith(("{", "```")) and "{" in head
    return held or re.match(r"\[\s*[{\[\"]", head) is not None


def _key(name: Any) -> str:
    return re.sub(r"[\W_]+", "", str(name)).casefold()


def _first(fields: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((fields[name] for name in names if fields.get(name) not in (None, "")), None)


def _lens(told: Any, lenses: Sequence[Lens]) -> str:
    """The name of the lens that was told by number, name or label; "" for any other."""
    if isinstance(told, bool) or told is None or isinstance(told, list | dict):
        return ""
    said = str(told).strip().strip("*_\"'`“”").casefold()
    number = re.fullmatch(
        r"(?:lens|angle|no\.?)?\s*#?\(?\[?(\d{1,2})(?:\.0+)?[\].)]?(?:\s.*)?", said
    )
    if number and 1 <= int(number[1]) <= len(lenses):
        return lenses[int(number[1]) - 1].name
    wanted = _key(said)
    for each in lenses:
        if wanted and wanted in (_key(each.name), _key(each.label)):
            return each.name
    return ""


def clean(text: str) -> str:
    """`text` without what is not seen and without what a model wraps round a piece.

    Entities and doubled escapes are read; fences, a leading number, bullet or "Text:", and
    quotes or emphasis round the whole are taken off; a list keeps its numbers.
    """
    if "\\n" in text and "\n" not in text:
        text = text.replace("\\r", "").replace("\\n", "\n").replace('\\"', '"')
    if _ENTITY.search(text):
        text = html.unescape(text)
    text = re.sub(r"(?i)<br\s*/?>", "\n", text)
    seen = plain(text, TEXT_CHARS)
    before = None
    while seen and seen != before:
        before = seen
        if fenced := _FENCE.match(seen):
            seen = fenced[1].strip()
        lead = _LEAD.match(seen)
        if lead and not any(_LEAD.match(line) for line in seen.split("\n")[1:]):
            seen = seen[lead.end() :].strip()
        for opening, closing in (*_WRAPS, *_QUOTES):
            seen = _unwrapped(seen, opening, closing)
    return seen if re.search(r"\w|[^\x00-\x7f]", seen) else ""


def _unwrapped(text: str, opening: str, closing: str) -> str:
    inside = text[len(opening) : -len(closing)]
    wrapped = text.startswith(opening) and text.endswith(closing) and bool(inside.strip())
    if wrapped and opening not in inside and closing not in inside:
        return inside.strip()
    return text
