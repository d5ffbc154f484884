"""The settings: what is read from where, what is refused, and in which words."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.errors import SetupError
from bot.settings import GROUPS, LimitSettings, Settings, load_settings, variables

NAMES = [name for group in GROUPS.values() for name in variables(group)]
SECRETS = [
    name
    for group in GROUPS.values()
    for name, field in variables(group).items()
    if "SecretStr" in repr(field.annotation)
]


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without settings, in an empty folder."""
    for name in list(os.environ):
        if name.startswith("MUSE_") or name in NAMES:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


Refused = Callable[..., str]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> Refused:
    """Sets variables and gives the sentence that refuses them."""

    def load(**values: str) -> str:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SetupError) as caught:
            load_settings()
        return str(caught.value)

    return load


def test_nothing_set_is_a_whole_tree_of_defaults() -> None:
    settings = load_settings()

    assert settings.muse.data_dir == Path("data")
    assert settings.muse.timezone == "UTC"
    assert settings.redis.url is None
    assert settings.limits.entries_per_round == 4
    assert settings.limits.tallies == "vote"
    assert settings.secrets() == ()


def test_variables_and_their_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "abc.def")
    monkeypatch.setenv("SLACK_API_URL", "http://localhost:1/api/")
    monkeypatch.setenv("MUSE_LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("MUSE_TALLIES", "Close")
    monkeypatch.setenv("MUSE_HTTP_PORT", "0")
    monkeypatch.setenv("MUSE_DATA_DIR", "~/muse")

    settings = load_settings()

    assert settings.discord.token is not None
    assert settings.discord.token.get_secret_value() == "abc.def"
    assert settings.slack.api_url == "http://localhost:1/api"
    assert settings.muse.log_level == "debug"
    assert settings.limits.tallies == "close"
    assert settings.muse.http_port == 0
    assert settings.muse.data_dir == Path.home() / "muse"


def test_frozen_all_through() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.muse = settings.muse
    with pytest.raises(ValidationError):
        settings.limits.page_size = 3


def test_a_field_that_is_not_there_can_not_be_given() -> None:
    assert LimitSettings(page_size=5).page_size == 5
    with pytest.raises(ValidationError):
        LimitSettings(pagesize=5)  # type: ignore[call-arg]


def test_the_environment_goes_before_the_file_and_empty_is_unset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text(
        "\ufeffMUSE_PAGE_SIZE=5\nexport MUSE_KEEP_DAYS=30 # a month\nMUSE_ROUND_HOURS=2\n"
        "MUSE_TALLIES=\nOTHER=x\n",
        "utf-8",
    )
    monkeypatch.setenv("MUSE_PAGE_SIZE", "7")
    monkeypatch.setenv("MUSE_ROUND_HOURS", "")

    limits = load_settings().limits

    assert (limits.page_size, limits.keep_days, limits.round_hours) == (7, 30, 2)
    assert limits.tallies == "vote"


def test_a_file_elsewhere_and_none(tmp_path: Path) -> None:
    Path(".env").write_text("MUSE_PAGE_SIZE=5")
    other = tmp_path / "other"
    other.write_text("MUSE_PAGE_SIZE=6")

    assert load_settings(None).limits.page_size == 10
    assert load_settings(other).limits.page_size == 6
    assert load_settings(tmp_path / "none").limits.page_size == 10


def test_the_command_line_goes_before_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSE_DATA_DIR", "elsewhere")
    assert load_settings(data_dir=Path("here")).muse.data_dir == Path("here")


def test_a_virtual_environment_named_env_is_no_settings_file() -> None:
    Path(".env").mkdir()
    load_settings()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("MUSE_PAGE_SIZE=5\nhunter2 secret\n", 2),
        ("\n\n# one\nDISCORD_TOKEN='hunter2\n", 4),
        ("DISCORD_TOKEN\n", 1),
    ],
)
def test_a_file_that_can_not_be_read_names_the_line_and_shows_nothing(text: str, line: int) -> None:
    Path(".env").write_text(text)
    with pytest.raises(SetupError) as caught:
        load_settings()
    assert str(caught.value).startswith(f"Line {line} of .env can't be read.")
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_text() -> None:
    Path(".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SetupError, match=r"^\.env can't be read: it is not UTF-8 text\.$"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("MUSE_HTTP_PORT", "http", "must be a whole number from 0 to 65535, not 'http'"),
        ("MUSE_HTTP_PORT", "70000", "must be a whole number from 0 to 65535, not '70000'"),
        ("MUSE_ENTRIES_PER_ROUND", "0", "must be a whole number from 1 to 6, not '0'"),
        ("MUSE_ENTRIES_PER_ROUND", "2.5", "must be a whole number from 1 to 6, not '2.5'"),
        ("MUSE_MAX_ENTRIES", "61", "must be a whole number from 10 to 60, not '61'"),
        ("MUSE_TALLIES", "never", "must be one of vote, always, close, not 'never'"),
        ("MUSE_LOG_FORMAT", "xml", "must be one of text, json, not 'xml'"),
        ("MUSE_LOG_LEVEL", "loud", "must be one of debug, info, warning, error, not 'loud'"),
        ("MUSE_TIMEZONE", "Vienna", "must be a time zone of the IANA list, Region/City, not 'Vien"),
        ("MUSE_TIMEZONE", "../../etc", "must be a time zone of the IANA list, Region/City, not"),
        ("MUSE_PUBLIC_URL", "muse.org", "must begin with http:// or https:// and name a host"),
        ("MUSE_PUBLIC_URL", "https://x:99999", "must begin with http:// or https:// and name a h"),
        ("MUSE_PUBLIC_URL", "https://", "must begin with http:// or https:// and name a host"),
        ("DISCORD_GATEWAY_URL", "https://x", "must begin with ws:// or wss:// and name a host"),
        ("SLACK_BOT_TOKEN", "xapp-1", "must begin with xoxb-; this is another kind of token."),
        ("SLACK_APP_TOKEN", "xoxb-1", "must begin with xapp-; this is another kind of token."),
        ("DISCORD_TOKEN", "Bot abc", "holds a space or a line break; it was probably copied"),
        ("REDIS_URL", "localhost:6379", "must begin with redis://, rediss:// or unix://"),
        ("REDIS_URL", "redis://", "must begin with redis://, rediss:// or unix://"),
    ],
)
def test_a_wrong_value_is_told_in_one_sentence(
    refused: Refused, name: str, value: str, sentence: str
) -> None:
    text = refused(**{name: value})
    assert text.startswith(f"{name} {sentence}")
    assert f". For example: {name}=" in text
    assert "\n" not in text


@pytest.mark.parametrize(
    "value",
    [
        "redis://:p%40ss@localhost:6379/0",
        "rediss://user@host",
        "unix:///run/redis.sock?db=1",
        "redis+sentinel://a:26379,b:26379/muse/0",
        "redis+cluster://a:7000,b:7001",
    ],
)
def test_where_redis_may_be(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("REDIS_URL", value)
    url = load_settings().redis.url
    assert url is not None
    assert url.get_secret_value() == value


@pytest.mark.parametrize("value", ["auto", "1024x1024", "3840x2160", "64x64"])
def test_how_large_a_picture_may_be(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("OPENAI_IMAGE_SIZE", value)
    assert load_settings().openai.image_size == value


@pytest.mark.parametrize("value", ["large", "1024", "1024X1024", "0x64", "99999x64", "64x64\n"])
def test_what_is_no_size_is_told(refused: Refused, value: str) -> None:
    text = refused(OPENAI_IMAGE_SIZE=value)
    assert text.startswith("OPENAI_IMAGE_SIZE can't be read, not '")
    assert text.endswith(" For example: OPENAI_IMAGE_SIZE=1024x1024")


def test_every_problem_is_told_the_good_ones_are_not(refused: Refused) -> None:
    text = refused(MUSE_PAGE_SIZE="x", MUSE_KEEP_DAYS="30", REDIS_URL="x", MUSE_PAGESIZE="4")
    lines = text.split("\n")
    assert [line.split()[0].rstrip(",") for line in lines] == [
        "MUSE_PAGESIZE",
        "REDIS_URL",
        "MUSE_PAGE_SIZE",
    ]


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_never_shown(refused: Refused, name: str) -> None:
    text = refused(**{name: "hunter2 hunter2"})
    assert text.startswith(name)
    assert "hunter2" not in text


def test_an_address_with_a_password_is_never_shown(refused: Refused) -> None:
    assert "hunter2" not in refused(OPENAI_BASE_URL="ftp://me:hunter2@host")


def test_a_secret_is_in_no_repr_and_in_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hunter2")
    settings = load_settings()
    assert "hunter2" not in repr(settings) + str(settings) + settings.model_dump_json()
    monkeypatch.setenv("SLACK_BOT_TOKEN", "hunter2")
    with pytest.raises(SetupError) as caught:
        load_settings()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_the_secrets_for_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "abc.def")
    monkeypatch.setenv("REDIS_URL", "redis+sentinel://me:p%40ss:w@a:1,b:2/x")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://me:hunter2@host/v1")
    assert load_settings().secrets() == (
        "abc.def",
        "hunter2",
        "redis+sentinel://me:p%40ss:w@a:1,b:2/x",
        "p%40ss:w",
        "p@ss:w",
    )


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("MUSE_DATADIR", "MUSE_DATA_DIR"),
        ("MUSE_LOGLEVEL", "MUSE_LOG_LEVEL"),
        ("MUSE_ENTRIES", "MUSE_MAX_ENTRIES"),
        ("muse_page_sise", "MUSE_PAGE_SIZE"),
        ("MUSE_PORT", "MUSE_HTTP_PORT"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_nearest(
    refused: Refused, wrong: str, right: str
) -> None:
    assert refused(**{wrong: ""}) == (
        f"{wrong}, set in the environment, is no setting of Muse. Did you mean {right}?"
    )


def test_a_misspelt_name_in_the_file() -> None:
    Path(".env").write_text("MUSE_XYZZY=1")
    with pytest.raises(SetupError) as caught:
        load_settings()
    assert str(caught.value) == (
        "MUSE_XYZZY, set in .env, is no setting of Muse. Look at .env.example for the settings."
    )


def test_what_container_platforms_set_by_themselves_is_let_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "MUSE_SERVICE_HOST": "10.0.0.1",
        "MUSE_SERVICE_PORT": "80",
        "MUSE_SERVICE_PORT_HTTP": "80",
        "MUSE_PORT": "tcp://10.0.0.1:80",
        "MUSE_PORT_80_TCP": "tcp://10.0.0.1:80",
        "MUSE_PORT_80_TCP_ADDR": "10.0.0.1",
        "MUSE_WEB_PORT_80_TCP_PROTO": "tcp",
        "MUSE_WEB_SERVICE_HOST": "10.0.0.1",
        "MUSE_TEST_REDIS": "for the tests",
        "REDIS_PORT": "tcp://10.0.0.2:6379",
    }.items():
        monkeypatch.setenv(name, value)
    load_settings()


def test_every_variable_is_one_field_only() -> None:
    assert len(NAMES) == len(set(NAMES))
    assert set(GROUPS) == set(Settings.model_fields)


def test_import_reads_nothing() -> None:
    code = (
        "import os\n"
        "class Sealed(dict):\n"
        "    def _no(self, key, *rest):\n"
        "        key = key if isinstance(key, str) else key.decode()\n"
        "        if key.startswith(('MUSE_', 'DISCORD_', 'SLACK_', 'OPENAI_', 'REDIS_')):\n"
        "            raise SystemExit(f'read {key}')\n"
        "        return dict.get(self, key, *rest)\n"
        "    get = __getitem__ = _no\n"
        "os.environ = Sealed(os.environ)\n"
        "import bot.settings\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env={**os.environ, "MUSE_PAGE_SIZE": "wrong"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
