"""The model: one tiny call as rounds make it, and a harmless text for its moderation."""

from __future__ import annotations

import asyncio

from bot.brief import Brief
from bot.checking.findings import Finding, fine, name, note, of_error, warning, wrong
from bot.errors import WriterFailed
from bot.settings import Settings
from bot.writing.calls import Retries, Sampling, Timeouts, Usage
from bot.writing.judging import ModerationFailed, ModerationMissing
from bot.writing.openai_moderator import OpenAIModerator
from bot.writing.openai_writer import OpenAIWriter

ABOUT = "model"
SECONDS = 12.0  # that the call may take
SLOW = 8.0  # seconds after which people wait for long
BRIEF = Brief("a lighthouse", "tagline", ("child",))
HARMLESS = "The keeper counts the ships and goes to bed."

_REMEDIES = {
    400: "Take OPENAI_TEMPERATURE, OPENAI_TOP_P and OPENAI_REASONING_EFFORT out, as far as set.",
    401: "Put a key that is valid into OPENAI_API_KEY.",
    403: "Allow the model to this key, or put another into OPENAI_API_KEY.",
    404: "Put a model that the service has into OPENAI_MODEL; look at OPENAI_BASE_URL, too.",
    429: "Look at the account’s credit and limits at the service.",
}


async def model_checks(settings: Settings) -> list[Finding]:
    """What there is to say of the model that the settings name."""
    openai = settings.openai
    if openai.api_key is None and openai.base_url is None:
        remedy = "For a model to write, set OPENAI_API_KEY or OPENAI_BASE_URL."
        return [note(ABOUT, "none is set up: Muse’s own deck writes", remedy)]
    written, moderated = await asyncio.gather(_written(settings), _moderated(settings))
    return [*written, *moderated]


async def _written(settings: Settings) -> list[Finding]:
    openai, usage = settings.openai, list[Usage]()
    loop = asyncio.get_running_loop()
    async with OpenAIWriter(
        api_key=openai.api_key.get_secret_value() if openai.api_key else None,
        base_url=openai.base_url,
        model=openai.model,
        sampling=Sampling(openai.temperature, openai.top_p, openai.reasoning_effort),
        timeouts=Timeouts(first=SECONDS, whole=SECONDS),
        retries=Retries(times=0),
        most_tokens=settings.budget.most_tokens,
    ) as model:
        began = loop.time()
        try:
            drafts = [draft async for draft in model.write(BRIEF, usage.append, spare=0)]
        except WriterFailed as failure:
            return [of_error(ABOUT, failure, _remedy(failure))]
        took = loop.time() - began
        refused = model.refused
    told = sum(each.tokens_in + each.tokens_out for each in usage)
    says = f"{name(drafts[0].model)} wrote a piece in {took:.1f} s, for {told} tokens"
    remedy = "Choose a quicker model, or a lower OPENAI_REASONING_EFFORT."
    quick = fine(ABOUT, says) if took < SLOW else warning(ABOUT, f"{says}: slow.", remedy)
    return [quick, *_parts(refused)]


def _parts(refused: frozenset[str]) -> list[Finding]:
    """What of a request the service would not take; Muse leaves it out from then on."""
    about = "model’s schema"
    if "response_format" in refused:
        found = [note(about, "not taken: answers are read without, which some models do worse")]
    else:
        found = [fine(about, "taken")]
    rest = sorted(refused - {"response_format"})
    if rest:
        found.append(note("model’s options", f"not taken, and left out: {', '.join(rest)}"))
    return found


def _remedy(failure: WriterFailed) -> str:
    """The one thing to do, by the status that the service answered with, where it did."""
    status = getattr(failure.__cause__, "status_code", None)
    if isinstance(status, int):
        return _REMEDIES.get(status, "Ask the service’s status page, and check again.")
    return "Look whether OPENAI_BASE_URL and OPENAI_MODEL are right, and whether it is up."


async def _moderated(settings: Settings) -> list[Finding]:
    """Whether the service's moderation answers, unless it is not to be asked."""
    openai, about = settings.openai, "moderation"
    if settings.muse.moderation == "off":
        return [note(about, "not asked: a community’s own rules hold")]
    async with OpenAIModerator(
        api_key=openai.api_key.get_secret_value() if openai.api_key else None,
        base_url=openai.base_url,
        model=openai.moderation_model,
        seconds=SECONDS,
    ) as moderator:
        try:
            objects = await moderator.objects(HARMLESS)
        except ModerationFailed as failure:
            return [_unmoderated(about, failure, required=settings.muse.moderation == "on")]
    if objects:
        says = "It objects to a harmless text, and will to most."
        return [wrong(about, says, "Put another into OPENAI_MODERATION_MODEL.")]
    return [fine(about, name(openai.moderation_model))]


def _unmoderated(about: str, failure: ModerationFailed, *, required: bool) -> Finding:
    """`required`: no text may pass that was not moderated."""
    if isinstance(failure, ModerationMissing):
        if required:
            return of_error(about, failure, "Set MUSE_MODERATION=auto, or use another service.")
        return note(about, "the service has none: a community’s own rules hold")
    remedy = "Put what the service calls it into OPENAI_MODERATION_MODEL."
    return of_error(about, failure, remedy) if required else warning(about, str(failure), remedy)
