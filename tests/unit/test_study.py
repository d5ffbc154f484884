"""`muse study` up to its first call: prompts, plan, wording, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from bot.errors import BadInput, SetupError
from bot.studying import plain_asking
from bot.studying.arms import KEPT, Arm
from bot.studying.command import Request, study
from bot.studying.plan import estimate, read_prompts, steps
from bot.writing import briefs
from bot.writing.calls import SPARE
from bot.writing.similarity import content, distinct

PROMPTS = read_prompts(None, 500)


# --- Prompts.


def test_the_prompts_are_sixty_of_many_kinds() -> None:
    assert len(PROMPTS) == 60
    assert distinct(PROMPTS) == 60
    for one, other in combinations(PROMPTS, 2):
        # Two characters of Chinese, or an article, are soon shared; a subject is not.
        assert len(content(one) & content(other)) <= 1, (one, other)
    assert max(map(len, PROMPTS)) <= 100
    foreign = PROMPTS[-20:]
    assert sum(not each.isascii() for each in foreign) >= 12
    assert all(each.isascii() for each in PROMPTS[:40])


def test_a_file_of_prompts(tmp_path: Path) -> None:
    file = tmp_path / "prompts.txt"
    file.write_text("\ufeff# mine\n\n  a  fox \na hen\n#not this\na fox\n", "utf-8")
    assert read_prompts(file, 500) == ("a fox", "a hen")


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (None, "can't be read: No such file"),
        (b"\xff\xfe\x00a", "not UTF-8"),
        (b"# nothing\n\n", "no prompts"),
        (b"short\n" + b"x" * 501, "Line 2 of"),
    ],
)
def test_a_file_that_can_t_be_used(tmp_path: Path, held: bytes | None, words: str) -> None:
    file = tmp_path / "prompts.txt"
    if held is not None:
        file.write_bytes(held)
    with pytest.raises(BadInput, match=words):
        read_prompts(file, 500)


# --- The plan.


def test_every_prompt_is_asked_once_in_every_way() -> None:
    planned = steps(PROMPTS, 20, "Micro-Story", seed=1)
    assert len(planned) == 60
    assert [each.number for each in planned] == [n for n in range(1, 21) for _ in Arm]
    orders = set()
    for at in range(0, 60, 3):
        block = planned[at : at + 3]
        assert {each.arm for each in block} == set(Arm)
        assert len({each.brief for each in block}) == 1
        assert len(set(block[0].brief.lenses)) == KEPT
        assert block[0].brief.form == "micro-story"
        orders.add(tuple(each.arm for each in block))
    assert len(orders) == 6, "no order of the arms is left out"
    assert len({each.brief.prompt for each in planned}) == 20


def test_a_seed_draws_it_all_again() -> None:
    one, same, other = (steps(PROMPTS, 20, "free", seed) for seed in (1, 1, 2))
    assert one == same
    assert {each.brief.prompt for each in one} != {each.brief.prompt for each in other}
    assert len(steps(PROMPTS, 500, "free", 1)) == 3 * 60
    with pytest.raises(BadInput, match="Did you mean"):
        steps(PROMPTS, 20, "haiko", 1)


def test_the_estimate_is_of_what_is_sent() -> None:
    planned = steps(PROMPTS, 10, "free", 1)
    expected = estimate(planned)
    assert expected.calls == (60, 70)
    sent = 0
    for brief in {each.brief for each in planned}:
        sent += sum(len(each.content) for each in briefs.messages(brief, KEPT + SPARE))
        sent += len(plain_asking.message(brief.prompt, "free", 4))
        sent += 4 * len(plain_asking.message(brief.prompt, "free", 1))
    assert sent / 4 - 30 <= expected.tokens_in[0] <= sent / 4
    assert expected.tokens_in[0] < expected.tokens_in[1] < 2 * expected.tokens_in[0]
    assert expected.tokens_out[0] < expected.tokens_out[1]


# --- The plain call.


def test_a_plain_call_says_what_muse_says_of_prompt_and_form() -> None:
    four = plain_asking.message("a \u202efox", "haiku", 4)
    assert four.startswith("Write four different creative responses")
    assert "exactly three lines" in four
    assert "At most 150 characters each." in four
    assert four.endswith("Prompt: a fox"), "nothing hidden is sent"
    one = plain_asking.message("a fox", "haiku", 1)
    assert one.startswith("Write one creative response")
    assert "At most 150 characters." in one
    assert "each" not in one


# --- The command, as far as it goes without a service.


@pytest.fixture
def quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings but a key, and an empty folder."""
    for name in ("OPENAI_BASE_URL", "OPENAI_MODEL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-unused")
    monkeypatch.chdir(tmp_path)
    yield
    assert not list(tmp_path.iterdir()), "nothing was begun"


@pytest.mark.usefixtures("quiet")
def test_without_a_model_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(SetupError, match="set OPENAI_API_KEY, or OPENAI_BASE_URL"):
        study(Request(yes=True), print)


@pytest.mark.usefixtures("quiet")
def test_without_a_terminal_it_wants_a_yes() -> None:
    said: list[str] = []
    with pytest.raises(BadInput, match="add --yes"):
        study(Request(count=2), said.append)
    assert "12 to 14 calls" in said[0]
    assert "gpt-5.4-mini at api.openai.com" in said[0]


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("answer", ["n", "", "maybe", None])
def test_at_a_terminal_it_asks_first(answer: str | None) -> None:
    said: list[str] = []

    def ask(_: str) -> str:
        if answer is None:
            raise EOFError
        return answer

    assert study(Request(), said.append, ask) == 0
    assert said[-1] == "Nothing was called."


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (Request(count=0), "at least one prompt"),
        (Request(form="haiko"), "Did you mean"),
        (Request(form="picture"), "of pictures"),
        (Request(prompts=Path("missing.txt")), "can't be read"),
    ],
)
def test_what_can_t_be_studied(request_: Request, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        study(replace(request_, yes=True), print)
