"""Results as one page that stands alone: escaped, without script, for light and dark."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

from bot.cards import Line, Literal, Person, Plain, Strong
from bot.challenge import Contender
from bot.challenge_results import Closed, Placed
from bot.models import UserRef
from bot.present.challenges.files import Named
from bot.present.challenges.makers import facets, hundred, shown
from bot.present.challenges.results import lead
from bot.present.lines import words
from bot.wording import en

# Okabe and Ito's colours, which all kinds of colour vision tell apart; the same as pictures have.
_STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1b1f;--faint:#5c5c66;--rule:#d9d9e0;
--human:#0072b2;--ai:#d55e00;--together:#009e73;--deck:#6b6b76}
@media (prefers-color-scheme:dark){:root{--paper:#16161a;--ink:#ececf1;--faint:#a3a3b0;
--rule:#34343c;--human:#56b4e9;--ai:#e69f00;--together:#2fc79a;--deck:#9a9aa6}}
body{margin:0 auto;max-width:46rem;padding:1.5rem 1rem 4rem;background:var(--paper);
color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin-top:2.5rem}
article{border-top:1px solid var(--rule);padding:1rem 0}
.text{white-space:pre-wrap;overflow-wrap:anywhere;margin:.5rem 0;font-size:1.05rem}
.by,.note,figcaption{color:var(--faint);font-size:.9rem}.place{font-weight:700}
figure{margin:.5rem 0 0}svg{display:block;width:100%;height:1.5rem}
.track{fill:var(--rule)}.human{fill:var(--human)}.ai{fill:var(--ai)}
.together{fill:var(--together)}.deck{fill:var(--deck)}
.reach{stroke:var(--ink);stroke-width:2}.half{stroke:var(--faint);stroke-dasharray:3 3}
table{border-collapse:collapse;width:100%;font-size:.8rem}
td,th{text-align:left;padding:.25rem .5rem .25rem 0;border-bottom:1px solid var(--rule);
vertical-align:top}code{overflow-wrap:anywhere}
""".strip()
_CODE = re.compile(r"`([^`]*)`")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def as_page(closed: Closed, named: Named, lines: Iterable[Line]) -> str:
    """The whole page. `lines` are what else was found; for names they get makers' pseudonyms."""
    challenge, counted = closed.challenge, closed.counted
    title = words(en.PAGE_TITLE, number=challenge.number, theme=challenge.theme)
    if not challenge.theme:
        title = words(en.CHALLENGE_TITLE_UNTHEMED, number=challenge.number)
    ended = challenge.closed or challenge.closes
    dates = words(en.PAGE_OPENED, opened=f"{challenge.opened:%Y-%m-%d}", closed=f"{ended:%Y-%m-%d}")
    whose = {
        user: named.makers[alias]
        for alias in closed.pool
        if named.makers.get(alias) and (user := closed.maker(alias)) is not None
    }
    example = f'<p class="note">{_safe(en.CHALLENGE_IS_EXAMPLE)}</p>\n' if challenge.example else ""
    quiet = [] if counted.order else [each for each in closed.pool.values() if each.standing]
    articles = "\n".join(
        [
            *(_article(closed, each, named) for each in counted.order),
            *(_unplaced(each, named) for each in quiet),
        ]
    )
    told = "\n".join(f"<p>{_line(line, whose)}</p>" for line in lines)
    out = ""
    if counted.out:
        rows = "".join(
            f"<li>{_safe(alias)}: {_safe(en.PAGE_OUT_WHY[why.value])}</li>"
            for alias, why in counted.out.items()
        )
        out = f"<h2>{_safe(en.PAGE_OUT)}</h2>\n<ul>{rows}</ul>"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{_safe(title)}</title>
<style>
{_STYLE}
</style>
</head>
<body>
<main>
<h1>{_safe(title)}</h1>
<p class="note">{_safe(dates)}</p>
{example}<p>{_line(lead(closed), whose)}</p>
<h2>{_safe(en.PAGE_ORDER if counted.picks else en.PAGE_PIECES)}</h2>
{articles}
{out}
{_found(closed, told)}<p class="note">{_safe(en.PAGE_PSEUDONYMS)}</p>
{_seals(closed)}
</main>
</body>
</html>
"""


def _found(closed: Closed, told: str) -> str:
    """What else was found; nothing where nobody picked."""
    if not closed.counted.picks:
        return told
    return f"""<h2>{_safe(en.PAGE_TOLD)}</h2>
{told}
<p class="note">{_safe(en.RESULTS_HOW)}</p>
"""


def _unplaced(entry: Contender, named: Named) -> str:
    """A piece of a week in which too few took part for a vote."""
    return f"""<article>
<p class="by">{_safe(_by(entry, named))}</p>
<p class="text" dir="auto">{_safe(entry.text)}</p>
</article>"""


def _by(entry: Contender, named: Named) -> str:
    """Who made a piece: their pseudonym, and how."""
    maker = named.makers.get(entry.alias, "") or en.FORGOTTEN
    if entry.muses and not entry.author:
        maker = en.FILE_MUSE
    model = f" ({entry.model or entry.family})" if entry.model or entry.family else ""
    return f"{maker} · {en.LABELS[entry.origin]}{model}"


def _article(closed: Closed, placed: Placed, named: Named) -> str:
    entry = closed.pool[placed.alias]
    picked = bool(closed.counted.picks)
    place = f'<span class="place">{_safe(en.ordinal(placed.place))}</span> · ' if picked else ""
    by = _by(entry, named)
    if placed.close and picked:
        by = words(en.PIECE_CLOSE, line=by)
    said = [said for said in (facets(placed),) if said]
    if placed.guessed:
        said.append(words(en.PIECE_FOOLED, line="", fooled=placed.fooled, of=placed.guessed)[3:])
    more = f'\n<p class="by">{_safe(" · ".join(said))}</p>' if said else ""
    text = entry.text or en.FORGOTTEN_PIECE
    return f"""<article>
<p class="by">{place}{_safe(by)}</p>
<p class="text" dir="auto">{_safe(text)}</p>{more}{_figure(placed) if picked else ""}
</article>"""


def _figure(placed: Placed) -> str:
    chance, low, high = (hundred(each) for each in (placed.chance, placed.low, placed.high))
    said = words(en.PAGE_BAR, chance=chance, low=low, high=high)
    times = shown(placed.appearances)
    return f"""
<figure><svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{_safe(said)}">
<rect class="track" width="100" height="10"/>
<rect class="{placed.origin.value}" width="{100 * placed.chance:.2f}" height="10"/>
<line class="half" x1="50" x2="50" y2="10" vector-effect="non-scaling-stroke"/>
<line class="reach" x1="{100 * placed.low:.2f}" x2="{100 * placed.high:.2f}" y1="5" y2="5" \
vector-effect="non-scaling-stroke"/></svg>
<figcaption>{_safe(en.PAGE_CHANCE)}: {_safe(said)}. {_safe(en.PAGE_SHOWN)} {_safe(times)}.\
</figcaption></figure>"""


def _seals(closed: Closed) -> str:
    rows = "".join(
        f"<tr><td>{_safe(alias)}</td><td><code>{_safe(entry.commitment)}</code></td></tr>"
        for alias, entry in sorted(closed.pool.items())
        if entry.commitment
    )
    if not rows:
        return ""
    how = _CODE.sub(r"<code>\1</code>", _safe(en.PAGE_SEALS_HOW))
    return f"""<h2>{_safe(en.PAGE_SEALS)}</h2>
<p class="note">{how}</p>
<table>{rows}</table>"""


def _line(line: Line, whose: Mapping[UserRef, str]) -> str:
    """A line without its people's names: makers have their pseudonyms, others none."""
    said = []
    for span in line:
        match span:
            case Plain(text) | Literal(text):
                said.append(_safe(text))
            case Strong(text):
                said.append(f"<strong>{_safe(text)}</strong>")
            case Person(user):
                said.append(_safe(whose.get(user, en.SOMEONE) if user else en.FORGOTTEN))
            case _:
                said.append(_safe(en.SOMEONE))
    return "".join(said)


def _safe(text: str) -> str:
    """A text as HTML shows it literally."""
    return html.escape(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))
