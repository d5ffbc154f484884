"""Forms that a member fills in. They open at once: nothing is read for them."""

from __future__ import annotations

from bot.actions import BOLD, OWN, TWIST, USUAL, Action, encode
from bot.cards import Field, FieldKind, FormCard, Option
from bot.models import RoundRef
from bot.present.lines import words
from bot.wording import en
from bot.writing.forms import FORMS

PIECES = 40  # characters of a few numbers


def entry_form(ref: RoundRef, parent: int, limit: int, *, twists: bool = False) -> FormCard:
    """The form for one's own entry, or for a remix of `parent`.

    With `twists`, a remix may be what Muse is to make of it, as well as one's own words.
    """
    title = words(en.FORM_REMIX, number=parent) if parent else en.FORM_ADD
    action = encode(Action("add", ref.community, ref.round, parent))
    if not (parent and twists):
        text = Field("text", en.FORM_TEXT, max_length=limit, hint=en.FORM_HINT)
        return FormCard(title, action, (text,), en.FORM_SUBMIT)
    text = Field("text", en.FORM_REMIX_TEXT, max_length=limit, hint=en.FORM_REMIX_HINT)
    how = Field(
        "how",
        en.FORM_HOW,
        FieldKind.SELECT,
        value=TWIST,
        options=(Option(TWIST, en.FORM_HOW_TWIST), Option(OWN, en.FORM_HOW_OWN)),
    )
    return FormCard(title, action, (text, how), en.FORM_SEND)


def refine_form(ref: RoundRef, limit: int) -> FormCard:
    """The form that goes on from a round: what to change, from which pieces, and how."""
    forms = (
        Option("same", en.FORM_SAME_FORM),
        *(Option(f.name, f.label) for f in FORMS if not f.painted),
    )
    fields = (
        Field("twist", en.FORM_CHANGE, max_length=limit, required=False, hint=en.FORM_CHANGE_HINT),
        Field(
            "pieces",
            en.FORM_PIECES,
            FieldKind.LINE,
            max_length=PIECES,
            required=False,
            hint=en.FORM_PIECES_HINT,
        ),
        Field(
            "without",
            en.FORM_WITHOUT,
            FieldKind.LINE,
            max_length=200,
            required=False,
            hint=en.FORM_WITHOUT_HINT,
        ),
        Field("form", en.FORM_FORM, FieldKind.SELECT, value="same", options=forms),
        Field(
            "bold",
            en.FORM_BOLD,
            FieldKind.SELECT,
            value=USUAL,
            options=(Option(USUAL, en.FORM_USUAL), Option(BOLD, en.FORM_BOLDER)),
        ),
    )
    action = encode(Action("refine", ref.community, ref.round))
    return FormCard(en.FORM_REFINE, action, fields, en.FORM_SEND)
