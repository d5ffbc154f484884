"""What the openai client raises, in Muse's terms. Texts are Muse's own: none holds a secret.

    what happened                                           what it becomes
    429, 408, 409, 5xx, no connection, an error in a stream Passing: worth another try
    401, 403, 404, 429 with `insufficient_quota`            WriterUnready
    400 with `content_filter` or a policy's code            WriterRefused
    a body or a stream that is no JSON                      AnswerUnusable
    everything else                                         WriterFailed
    of moderation: 404, 405, 501                            ModerationMissing
    of moderation: everything else                          ModerationFailed

Imported with the client itself, late: it needs the client's classes.
https://platform.openai.com/docs/guides/error-codes
"""

from __future__ import annotations

import email.utils
import math
import re
import time

import httpx2
import openai

from bot.errors import WriterFailed
from bot.writing.calls import AnswerUnusable, Passing, WriterRefused, WriterUnready
from bot.writing.judging import ModerationFailed, ModerationMissing

#: Everything that a call through the client may raise, a malformed answer included: a body
#: that is no JSON comes as a bare `JSONDecodeError`, one of another shape as any of the rest.
RAISED = (
    openai.OpenAIError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    RuntimeError,
    OSError,
    httpx2.InvalidURL,
)

#: Optional parts of a request, and the words by which a server names each when refusing it.
_NAMED = {
    "response_format": re.compile(r"response_format|json_schema|structured.?output|grammar"),
    "stream_options": re.compile(r"stream_options|include_usage"),
    "max_completion_tokens": re.compile(r"\bmax(?:_completion)?_tokens\b"),
    "temperature": re.compile(r"\btemperature\b"),
    "top_p": re.compile(r"\btop_p\b"),
    "reasoning_effort": re.compile(r"\breasoning(?:_|\.)effort\b"),
}
_REFUSING = (400, 404, 422, 501)
_PASSING = (408, 409, 425, 429)
_NO_CREDIT = ("insufficient_quota", "billing_hard_limit_reached")
_UNREADY = {
    401: "The model's service does not accept the key it was given.",
    403: "The model's service does not allow this with the key it was given.",
    404: "The model's service does not know the model, or the address is wrong.",
}
_NO_SUCH_ENDPOINT = (404, 405, 501)
_POLICIES = ("content_filter", "content_policy_violation", "moderation_blocked")


def refused_parts(error: Exception) -> frozenset[str]:
    """The optional parts of a request that a server names as the reason why it refuses."""
    if not isinstance(error, openai.APIStatusError) or error.status_code not in _REFUSING:
        return frozenset()
    if error.param in _NAMED:
        return frozenset((error.param,))
    # A validation error may quote the whole request: only its beginning says what is wrong.
    said = f"{error.param} {error.message}".lower()[:400]
    return frozenset(part for part, names in _NAMED.items() if names.search(said))


def translated(error: Exception) -> WriterFailed:
    """`error` as one of Muse's; to be raised from it."""
    if isinstance(error, openai.APIStatusError):
        return _of_status(error)
    if isinstance(error, openai.APITimeoutError):
        return Passing("The model's service did not take the connection in time.")
    if isinstance(error, openai.APIConnectionError | OSError):
        return Passing("The model's service can't be reached.")
    if isinstance(error, openai.APIError):
        return Passing("The model's service broke off with an error.")
    if isinstance(error, openai.OpenAIError):
        return WriterUnready("The model's client is not set up: a key or an address is missing.")
    return AnswerUnusable("The model's service gave an answer that can't be read.")


def moderation_failure(error: Exception) -> ModerationFailed:
    """`error` of a call to the moderation as one of Muse's; to be raised from it."""
    if isinstance(error, openai.APIStatusError) and error.status_code in _NO_SUCH_ENDPOINT:
        return ModerationMissing("The model's service has no moderation.")
    return ModerationFailed(str(translated(error)))


def _of_status(error: openai.APIStatusError) -> WriterFailed:
    status = error.status_code
    if error.code in _POLICIES:
        return WriterRefused("The model's service will not have this written.")
    if error.code in _NO_CREDIT:
        return WriterUnready("The account at the model's service has no credit left.")
    if status in _PASSING or status >= 500:
        what = "has too much to do" if status == 429 else "had an error"
        return Passing(f"The model's service {what}.", _retry_after(error))
    if status == 413 or error.code == "context_length_exceeded":
        return WriterFailed("The brief is longer than the model can read.")
    if status in _UNREADY:
        return WriterUnready(_UNREADY[status])
    return WriterFailed(f"The model's service answers with status {status}.")


def _retry_after(error: openai.APIStatusError) -> float | None:
    """The wait that a service asks for, in seconds; it may be told in two headers, three ways.

    https://platform.openai.com/docs/guides/rate-limits#error-mitigation
    """
    headers = error.response.headers
    for header, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(header, "")) * unit
        except ValueError:
            continue
        return seconds if math.isfinite(seconds) and seconds >= 0 else None
    date = email.utils.parsedate_tz(headers.get("retry-after", ""))
    return max(0.0, email.utils.mktime_tz(date) - time.time()) if date else None
