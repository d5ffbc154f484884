"""What reports of entries have in common, in rounds and in challenges."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

KNOWN_FOR = timedelta(days=1)  # how long somebody of standing has been here
REMEMBERED = timedelta(days=30)  # reports against one author
MOST_ACCUSED = 5_000  # of them, in a community
MOST_OTHERS = 50  # reasons kept, of those who are not of standing; all reports are counted
MOST_NOTICES = 1_000


class Outcome(StrEnum):
    """What became of a report."""

    TAKEN = "taken"
    HIDDEN = "hidden"  #: it was the last that was needed
    AGAIN = "again"  #: the member had reported it before
    KEPT = "kept"  #: an organiser had looked, and kept it


class Decision(StrEnum):
    """What an organiser decides of an entry."""

    HIDE = "hide"
    KEEP = "keep"
    RESTORE = "restore"
    DISQUALIFY = "disqualify"
