"""A round as everyone sees it, and the forms that members fill in."""

from __future__ import annotations

ROUND_ASKED = "Asked by {who}"
ROUND_AGAIN = "Asked once more by {who}, for answers unlike the last ones"
ROUND_REFINED = "Refined by {who}, from {numbers}"
ROUND_FROM_TEXT = "Asked by {who}, going on from {text}"
ROUND_INVITED = "Asked for by {who}, for you to answer"
ROUND_DAILY = "Today’s prompt, for you to answer"
ROUND_WITHOUT = "without {words}"
ROUND_BOLD = "boldly"
ROUND_FOR_PEOPLE = "A prompt is on its way"
ROUND_NO_PROMPT = "A prompt that never came"
ROUND_OVER_TO_YOU = "Over to you: a line or two is plenty. Muse answers only if you let it."
ROUND_FINDING = "Muse is looking for a good one…"
ROUND_REMIXING = "Muse is writing {who}’s twist on {number}…"
ROUND_UNREMIXED = "A twist could not be written. {why}"
ROUND_CLOSES = "Open until {when}"
ROUND_WRITING = "Muse is writing…"
ROUND_BUSY = "Muse is busy: about {length} until it writes."
ROUND_NO_VOTES = "No votes yet."
ROUND_ONE_VOTER = "One person has voted."
ROUND_VOTERS = "{count} people have voted."
ROUND_VOTE_TO_SEE = "{voted} Vote, and you see how many votes each piece has."
ROUND_CLOSED = "Closed {when}. {voters} voted."
ROUND_CLOSED_UNVOTED = "Closed {when}. Nobody voted."
ROUND_LOST = (
    "Something broke where Muse keeps its rounds, and this one was lost. Please ask for it again."
)
ROUND_IS_LOST = "This round was lost. Please ask for it again."
ROUND_WITHDRAWN = "{who} took this round back."
ROUND_DECK = (
    "No AI model is connected, so Muse’s own deck of hand-written turns wrote these. "
    "Whoever runs Muse can connect one: set OPENAI_API_KEY."
)
ROUND_DECK_UNREFINED = (
    "The deck can’t go on from a piece or follow a change, as a model can: "
    "what it wrote is simply new."
)
ROUND_WHY = {
    "failed": "The model did not answer as it should",
    "busy": "The model’s service is busy or out of reach",
    "late": "The model took too long",
    "unready": "The model can’t be asked as it is set up",
    "refused": "The model would not write on this",
    "dull": "The model repeated itself or strayed from the form",
    "budget": "Too little is left of today’s budget for the model",
}
ROUND_FILLED = "{why}, so Muse’s deck wrote {numbers}."
ROUND_CAME = "{why}, so only {count} came."
ROUND_UNREADY = "For whoever runs Muse: its log and “muse check” say why."
ROUND_RENEWS = "The model writes again from {when}."
UNLIKE_ANYTHING = "unlike anything here before"
ROUND_SHORT = "Only {count} came out different enough to show."
ROUND_UNWRITTEN = "Muse could not write this time. Add your own, or ask again."
ROUND_UNWRITTEN_WHY = "{why}, so nothing came from Muse. Add your own, or ask again."

BYLINE_WRITTEN = "{lens} · {origin}"
BYLINE_PERSON = "{who} · {origin}"
BYLINE_REMIX = "{who} · {origin}, from {chain}"
BYLINE_TOGETHER = "{who} with Muse · {origin}, from {chain}"
WITH_MUSE = "{who} with Muse"
LINEAGE_HEADING = "Who came from whom"
TREE_MUSE = "{number} {text} · Muse"
TREE_PERSON = "{number} {text}"
TREE_WITHDRAWN = "{number} (taken back)"
LINEAGE_PERSON = "{number} by {who}"
LINEAGE_MUSE = "{number} by Muse"
LINEAGE_MORE = ", and more before"
LINEAGE_JOIN = ", itself from "
BYLINE_VOTES = "{byline} · {votes}"

ROUND_SUMMARY = "Prompt: {prompt} {pieces}"

VOTE = "Vote"
ADD = "Add yours"
AGAIN = "Again"
REFINE = "Refine"
LET_MUSE = "Let Muse answer too"
CLOSE = "Close"
SHOW = "See all"
NEXT = "Next"
PREVIOUS = "Back"

FORM_ADD = "Add yours"
FORM_REMIX = "Remix {number}"
FORM_TEXT = "Your text"
FORM_HINT = "Everyone here can read it and vote for it."
FORM_SUBMIT = "Add it"
FORM_SEND = "Send"
FORM_REMIX_TEXT = "Your twist, or your own version"
FORM_REMIX_HINT = "the same night, told by the moth"
FORM_HOW = "What is it?"
FORM_HOW_TWIST = "A twist: Muse writes versions with me"
FORM_HOW_OWN = "My own version, as it stands"
FORM_REFINE = "Refine"
FORM_CHANGE = "What should change?"
FORM_CHANGE_HINT = "Leave it empty for answers unlike these."
FORM_PIECES = "From which pieces?"
FORM_PIECES_HINT = "Their numbers; empty means the best liked."
FORM_WITHOUT = "What should be left out?"
FORM_WITHOUT_HINT = "Words or ideas, with commas between them."
FORM_FORM = "In which form?"
FORM_SAME_FORM = "the same"
FORM_BOLD = "How bold?"
FORM_USUAL = "as usual"
FORM_BOLDER = "bolder, for the unlikely"
