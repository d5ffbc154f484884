"""Results as files, and what is said of the seals in them."""

from __future__ import annotations

FILE_HTML = "The results as one page that opens in any browser. It holds no names, only pseudonyms."
FILE_CSV = "The results as a table, one row an entry. It holds no names, only pseudonyms."
FILE_JSONL = (
    "The results, an object of JSON a line. It holds no names, only pseudonyms. Picks, each with "
    "its voter’s pseudonym, are in it for organisers."
)
FILE_SEALS = (
    "The seals that were published when voting opened, with what they sealed. "
    "`python -m bot verify FILE` checks them."
)
FILE_PUBLISHED = (
    "The seals of all entries, whole, as they were published when voting opened. They tell nothing "
    "by themselves; what opens them comes with the results. Keep this file: `python -m bot verify "
    "RESULTS --published THIS` will hold the results against it."
)
FILE_NAME = "muse-challenge-{number}"
FILE_MUSE = "Muse"


def no_such_file(kind: str) -> str:
    """A kind of file that is not made."""
    return f"There is no file of kind “{kind}”. There are html, csv, jsonl and commitments."


PAGE_TITLE = "Challenge {number}: {theme}"
PAGE_OPENED = "Opened {opened}, closed {closed} (UTC)."
PAGE_ORDER = "The order"
PAGE_PIECES = "The pieces"
PAGE_CHANCE = "Picked over an average entry, times in 100"
PAGE_SHOWN = "Shown"
PAGE_BAR = "{chance} in 100, between {low} and {high}"
PAGE_TOLD = "What else was found"
PAGE_SEALS = "Seals"
PAGE_SEALS_HOW = (
    "When voting opened, each entry was sealed: the SHA-256 of its salt, label, text, origin and "
    "maker’s pseudonym. The files of results have the salts, and `python -m bot verify FILE` "
    "checks them."
)
PAGE_PSEUDONYMS = (
    "Makers have pseudonyms, the same in all of this community’s files. “declared human” is what "
    "an author said; nobody can check it."
)
PAGE_OUT = "Not in the order"
PAGE_OUT_WHY = {
    "struck": "taken out by organisers",
    "hidden": "hidden after reports",
    "gone": "its author left",
}

# Verify.
VERIFY_HOLDS = "{alias}: holds"
VERIFY_BROKEN = "{alias}: DOES NOT HOLD. What is here is not what was sealed."
VERIFY_UNSALTED = (
    "{alias}: can’t be checked; its salt is not in here, since its author left or it is hidden"
)
VERIFY_UNSEALED = "{alias}: can’t be checked; there is no seal for it"
VERIFY_ALL = "All {count} seals hold."
VERIFY_ONE = "The one seal holds."
VERIFY_SOME = "{held} of {count} seals hold; {open} can’t be checked."
VERIFY_BAD = "{broken} of {count} seals do not hold."
VERIFY_ROOT = "One hash of all seals: {root}."
VERIFY_SAME = "They are the very seals that were published."
VERIFY_ADDED = "{commitment}: WAS NOT PUBLISHED when voting opened."
VERIFY_GONE = "{commitment}: was published, and IS NOT HERE."
VERIFY_OTHER = "They are not the seals that were published."
VERIFY_NONE = "Not one of the {count} seals can be checked."


def verify_unreadable(name: str) -> str:
    """The file is none that holds seals."""
    return (
        f"No seals that can be read are in {name}. The files “commitments”, “jsonl” and “csv” of "
        "/challenge export do, once a challenge has closed."
    )


def verify_published(name: str) -> str:
    """The file holds seals that were published, and nothing yet that opens them."""
    return (
        f"Only published seals are in {name}. What opens them comes with the results: "
        "`verify RESULTS --published FILE`."
    )


def verify_missing(name: str, why: str) -> str:
    """The file can't be read."""
    return f"The file {name} can’t be read: {why}."
