"""What Muse says of work that it tried in vain."""

GIVEN_UP_HEADING = "What Muse gave up on"
GIVEN_UP_NONE = "Nothing. All that was to be done is done, or still being tried."
GIVEN_UP_HOW = (
    "Muse tried each of these a dozen times. Mend what stands in the way, such as a missing "
    "permission, and then let Muse try again."
)
GIVEN_UP_MORE = "More"
GIVEN_UP_ALL = "Try all again"
GIVEN_UP_TRY = "Try again"
GIVEN_UP_AGAIN = "It is being tried again. If it fails a dozen times more, it will be back here."
GIVEN_UP_NOT_THERE = "There is nothing here to try again."
GIVEN_UP_WAIT = "There is something here that Muse could not do and gave up on."
GIVEN_UP_SEE = "See what"
GIVEN_UP_ON = "{what} on {platform}"
GIVEN_UP_SAID = "The last time: “{why}”"
GIVEN_UP_FAULT = "The last time something went wrong that Muse did not expect."
GIVEN_UP_CODE = "Its code, for whoever runs Muse: {code}."
GIVEN_UP_OTHER = "Something"
#: What each kind of work is, as the agenda calls it.
GIVEN_UP_WORK = {
    "write": "Writing a round",
    "paint": "Painting a round’s pictures",
    "prompt": "Finding a prompt for people",
    "twist": "Writing a remix",
    "close": "Closing a round",
    "show": "Bringing a round’s message up to date",
    "announce": "Telling the result of a round",
    "expire": "Letting an old round go",
    "mend": "Taking out of messages what was forgotten",
    "forget": "Forgetting a member",
    "erase": "Erasing what was kept of a place that removed Muse",
    "move": "Joining or separating places",
    "tell": "Telling that places were joined or separated",
    "welcome": "Saying in a new place what Muse is",
    "begin": "Beginning the next challenge or daily prompt",
    "weekend": "Showing a week’s best answers",
    "compete": "Moving a challenge on",
    "advance": "Moving a challenge on",
    "count": "Counting a challenge",
    "proclaim": "Announcing a challenge",
    "redraw": "Showing a challenge’s messages anew",
    "remind": "Reminding somebody of a challenge’s deadline",
}
