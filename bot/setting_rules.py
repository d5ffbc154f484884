"""What a setting's value must be, and how a wrong one is told.

Each check raises `ValueError` with a text that goes on from the variable: "REDIS_URL must
begin with …". No text holds a secret's value. Nothing here reads the environment.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import SecretStr

from bot.errors import SetupError

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

#: What `REDIS_URL` may begin with. Sentinel and Cluster name their hosts in one URL:
#: `redis+sentinel://host:26379,host:26379/service/0`, `redis+cluster://host:7000,host:7001`.
REDIS_SCHEMES = (
    "redis",
    "rediss",
    "unix",
    "redis+sentinel",
    "rediss+sentinel",
    "redis+cluster",
    "rediss+cluster",
)


def web_address(value: str) -> str:
    """An http address; a slash at its end is taken off."""
    return _address(value, ("http", "https"))


def socket_address(value: str) -> str:
    """A web socket's address; a slash at its end is taken off."""
    return _address(value, ("ws", "wss"))


def _address(value: str, schemes: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(value)
        # Reading the port is what checks it.
        whole = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        whole = False
    if not whole or re.search(r"\s", value):
        raise ValueError(f"must begin with {schemes[0]}:// or {schemes[1]}:// and name a host")
    return value.rstrip("/")


def one_word(secret: SecretStr) -> SecretStr:
    """A token or a key as services give them: without blanks."""
    if re.search(r"\s", secret.get_secret_value()):
        raise ValueError("holds a space or a line break; it was probably copied with too much")
    return secret


def _begins(secret: SecretStr, *prefixes: str) -> SecretStr:
    if not one_word(secret).get_secret_value().startswith(prefixes):
        raise ValueError(f"must begin with {prefixes[0]}; this is another kind of token")
    return secret


def bot_token(secret: SecretStr) -> SecretStr:
    """Slack's token for a bot; the second kind is a workspace's with token rotation."""
    return _begins(secret, "xoxb-", "xoxe.xoxb-")


def app_token(secret: SecretStr) -> SecretStr:
    """Slack's token for Socket Mode."""
    return _begins(secret, "xapp-")


def redis_url(secret: SecretStr) -> SecretStr:
    """Where a Redis is, by one of `REDIS_SCHEMES`; the store reads the rest."""
    scheme, _, rest = one_word(secret).get_secret_value().partition("://")
    if scheme not in REDIS_SCHEMES or not rest.strip("/"):
        raise ValueError(
            "must begin with redis://, rediss:// or unix:// (redis+sentinel:// and "
            "redis+cluster:// name several hosts) and say where the server is"
        )
    return secret


def slash_command(value: str) -> str:
    """A slash command as Slack takes one. Raises ValueError."""
    name = value if value.startswith("/") else f"/{value}"
    if not re.fullmatch(r"/[a-z0-9_-]{1,31}", name):
        raise ValueError("must be a slash and up to 31 small letters, digits, - or _")
    return name


def numbers(value: object) -> object:
    """Whole numbers with commas between them, each once. Raises ValueError."""
    if not isinstance(value, str):
        return value
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isdecimal() for part in parts):
        raise ValueError("must be whole numbers with commas between them")
    return tuple(sorted({int(part) for part in parts}))


def zone(value: str) -> str:
    """A time zone that this system knows."""
    from zoneinfo import ZoneInfo  # only when a zone is named: it reads files

    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise ValueError("must be a time zone of the IANA list, Region/City") from None
    return value


def lower(value: object) -> object:
    """A choice, however it is capitalised."""
    return value.lower() if isinstance(value, str) else value


# --- The file.


def read_env_file(path: Path) -> dict[str, str]:
    """The variables that a `.env` file sets, empty ones left out; no file is no variables.

    Raises `SetupError` where the file can't be read, or names the first line that can't.
    """
    if not path.is_file():  # a folder of that name is somebody's virtual environment
        return {}
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SetupError(f"{path} can't be read: {reason}.") from error
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key and binding.value is None):
            blank = len(binding.original.string) - len(binding.original.string.lstrip())
            line = binding.original.line + binding.original.string[:blank].count("\n")
            # The line itself is not shown: it may hold a secret.
            raise SetupError(
                f"Line {line} of {path} can't be read. "
                "A line is NAME=value. For example: MUSE_LOG_LEVEL=info"
            )
    values = dotenv_values(stream=io.StringIO(text))
    return {name.upper(): value for name, value in values.items() if value}


#: What a container platform sets by itself for a service that is named muse, or muse-….
_NOT_OURS = re.compile(
    r"MUSE_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_\w+)?)?)"
)
_ITS_PORT = re.compile(r"(tcp|udp|sctp)://")
#: What the test suite reads; no setting.
_FOR_TESTS = "MUSE_TEST_"


def misspelt(values: Mapping[str, str], known: Sequence[str], where: str) -> Iterator[str]:
    """A sentence for each name in `values` that begins with `MUSE_` and is no setting."""
    for name, value in values.items():
        upper = name.upper()
        if not upper.startswith("MUSE_") or upper in known or upper.startswith(_FOR_TESTS):
            continue
        # MUSE_PORT=8080 is meant for Muse; theirs is MUSE_PORT=tcp://10.0.0.1:8080.
        theirs = _NOT_OURS.fullmatch(upper) is not None
        if theirs and ("_SERVICE_" in upper or "_PORT_" in upper or _ITS_PORT.match(value)):
            continue
        from difflib import get_close_matches  # only where something is wrong

        near = get_close_matches(upper, known, n=1, cutoff=0.6)
        hint = f"Did you mean {near[0]}?" if near else "Look at .env.example for the settings."
        yield f"{name}, set in {where}, is no setting of Muse. {hint}"


# --- The sentence.


def explain(variable: str, field: FieldInfo, problem: ErrorDetails) -> str:
    """One sentence for one wrong value, and an example: never a secret's value."""
    low, high = (_bound(field, side) for side in ("ge", "le"))
    choices = get_args(field.annotation)
    if problem["type"] == "value_error":
        reason = str(problem["ctx"]["error"])
    elif problem["type"] == "literal_error":
        reason = f"must be one of {', '.join(map(str, choices))}"
    elif low is not None:
        number = "a number" if "float" in repr(field.annotation) else "a whole number"
        reason = f"must be {number} from {low} " + (f"to {high}" if high is not None else "on")
    else:  # nothing that comes from a variable, which is text
        reason = "can't be read"
    example = field.examples[0] if field.examples else field.default
    return f"{variable} {reason}{_shown(field, problem)}. For example: {variable}={example}"


def _bound(field: FieldInfo, side: str) -> object:
    return next((getattr(m, side) for m in field.metadata if hasattr(m, side)), None)


def _shown(field: FieldInfo, problem: ErrorDetails) -> str:
    value = problem["input"]
    secret = SecretStr.__name__ in repr(field.annotation)  # however deep it is wrapped
    # An address may hold a password even where the field is no secret.
    if secret or not isinstance(value, str) or "@" in value:
        return ""
    return f", not {value if len(value) <= 60 else value[:57] + '…'!r}"
