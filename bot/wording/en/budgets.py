"""What the model costs, in words."""

from __future__ import annotations

USAGE_HEADING = "What the model has cost here"
USAGE_TODAY = "Today: {tokens} tokens in {calls}."
USAGE_UNIT = "A token is about four letters, read or written by the model."
USAGE_CALL, USAGE_CALLS = "1 call to the model", "{count} calls to the model"
USAGE_CACHED = "{cached} of these tokens had been sent before, which costs less."
USAGE_COST = "That is {cost}."
USAGE_LITTLE = "less than {money}"
USAGE_RENEWS = "The day’s budget renews {when}."
USAGE_UNLIMITED = "There is no limit. Whoever runs Muse can set one, and so can you: {example}."
USAGE_TOKENS = "{tokens} tokens"
USAGE_MEMBERS = "Who used most today"
USAGE_LIMIT = "At most {tokens} tokens a day for everybody here."
USAGE_MEMBER_LIMIT = "At most {tokens} tokens a day for one member."
USAGE_MONEY_LIMIT = "At most {money} a day for everybody here."
USAGE_TOO_LITTLE = (
    "One call to the model can take {most} tokens or more. With so low a limit the model is never "
    "called, and Muse’s deck answers instead. Raise the limit to have the model write."
)
