"""Every error Muse raises on purpose, and the words a person may be shown for it.

    MuseError
    ├── Refusal                 the member asked for something that can't be; they can mend it
    │   ├── BadInput            the text could not be read: an unknown option, a missing number
    │   ├── NotFound            the round, entry or board is not there (any more)
    │   ├── NotAllowed          it is there, but not theirs to do
    │   ├── TooLate             the round has closed, or was withdrawn
    │   └── LimitReached        too long, too many, too soon
    ├── SetupError              the operator can mend it: a setting, the engine, the data folder
    │   └── NotYet              it may mend itself: Redis is not up, the folder is still in use
    └── OutsideError            something Muse talks to failed; nothing the member did
        ├── StoreUnavailable    Redis did not answer
        ├── WriterFailed        the writer gave nothing usable
        └── StageFailed         the platform would not take a message

`str(error)` is safe to show: it names no secret, no internal id and no stack.
SDK errors are translated into this tree once, at the edge, with `raise … from`.
"""


class MuseError(Exception):
    """Base of the tree. `str()` of it is a whole sentence, safe for people."""


class Refusal(MuseError):
    """The member asked for something that can't be done as asked."""


class BadInput(Refusal):
    """What was typed could not be read; the text says how to put it right."""


class NotFound(Refusal):
    """What was named is not there."""


class NotAllowed(Refusal):
    """It is there, but this member may not do that."""


class TooLate(Refusal):
    """The round has closed or was withdrawn."""


class LimitReached(Refusal):
    """A limit was hit; the text says which, why and when it ends."""


class SetupError(MuseError):
    """The operator can mend it; the text says where and how."""


class NotYet(SetupError):
    """As `SetupError`, but it may be over when it is tried again; the text says what else to do."""


class OutsideError(MuseError):
    """Something Muse depends on failed."""


class StoreUnavailable(OutsideError):
    """Redis did not answer in time, or refused."""


class WriterFailed(OutsideError):
    """A writer gave nothing usable."""


class StageFailed(OutsideError):
    """A platform would not take a message."""
