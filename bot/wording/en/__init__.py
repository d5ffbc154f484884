"""The one catalogue: every word Muse says, in English.

Texts with ``{names}`` are templates: presenters fill them with spans, so that a person's
text stays literal and a platform draws names and moments its own way. Texts that go into
errors are functions of plain strings.
"""

from bot.wording.en.ballots import *  # noqa: F403 a catalogue in pages is one catalogue
from bot.wording.en.boards import *  # noqa: F403
from bot.wording.en.budgets import *  # noqa: F403
from bot.wording.en.challenges import *  # noqa: F403
from bot.wording.en.given_up import *  # noqa: F403
from bot.wording.en.guarding import *  # noqa: F403
from bot.wording.en.helping import *  # noqa: F403
from bot.wording.en.labels import *  # noqa: F403
from bot.wording.en.linking import *  # noqa: F403
from bot.wording.en.organising import *  # noqa: F403
from bot.wording.en.privacy import *  # noqa: F403
from bot.wording.en.private import *  # noqa: F403
from bot.wording.en.problems import *  # noqa: F403
from bot.wording.en.result_files import *  # noqa: F403
from bot.wording.en.rounds import *  # noqa: F403
from bot.wording.en.rules import *  # noqa: F403
from bot.wording.en.themes import *  # noqa: F403
from bot.wording.en.typing import *  # noqa: F403
from bot.wording.en.verdicts import *  # noqa: F403
from bot.wording.en.welcome import *  # noqa: F403
