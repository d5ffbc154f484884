"""Every way to write, played in the terminal from a script: with the deck, and with a model."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.e2e.driving import play
from tests.e2e.test_model import flat, of_muse, pieces, played
from tests.fakes.openai_images import GPT_IMAGE
from tests.fakes.openai_server import OpenAIServer

GERALD = "Every Friday the lift breaks, and we call it Gerald."
#: What is typed, and what is said to it, each part of it somewhere.
WITH_THE_DECK: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "a lighthouse afraid of the dark --without gulls,whispers --bold",
        (
            "Asked by you · without gulls, whispers · boldly",
            "/refine …",
            "No AI model is connected",
        ),
    ),
    (
        "/refine 2 fewer words, and a dog",
        ("Refined by you, from 2: “fewer words, and a dog”", "The deck can’t go on from a piece"),
    ),
    (
        "/again --form haiku --without moon",
        ("Asked once more by you", "without moon", "haiku"),
    ),
    (
        "/remix 1 The dark was afraid, and said so.",
        ("Your version is in, as 5", "No AI model is connected, so your own words stand"),
    ),
    ("/add The moth was there. --from 5", ("Your version is in, as 6",)),
    ("/show", ("Who came from whom", "The dark was afraid, and said so.")),
    (
        "/prompt the sea --form six-words",
        ("Asked for by you, for you to answer", "six words", "Over to you", "/answer"),
    ),
    ("/as bo", ("You are bo now.",)),
    ("/add Salt, gulls, and my grandmother’s sleeve.", ("Your piece is in, as 1",)),
    ("/answer", ("Muse answers too. Its pieces appear below yours.",)),
    ("/answer", ("Muse answers in this round already.",)),
    ("/vote 2", ("You voted for 2.",)),
    ("/prompt", ("Asked for by bo", "Over to you")),
    ("/spark a lost umbrella", ("Three questions for you, on “a lost umbrella”", "/spark")),
    ("/spark", ("Three questions for you",)),
    ("/muse-admin lore", ("Only organisers can do that",)),
    ("/muse-admin", ("needs one more word", "/help muse-admin")),
    ("/as you", ("yourself again",)),
    (f"/muse-admin lore-add {GERALD}", ("Muse knows it now, as 1.", GERALD)),
    (f"/muse-admin lore-add {GERALD}", ("Muse knows that already, as 1.",)),
    ("/muse-admin lore", (f"1 {GERALD}",)),
    ("/muse-admin lore-remove 1", (f"Muse has forgotten 1. {GERALD}",)),
    (
        "/muse-admin angle-add the last bus: As its driver, who has seen us all.",
        ("“the last bus” is one of the angles now.", "the last bus — As its driver"),
    ),
    (
        "/muse-admin angle-hide a weather report",
        ("“a weather report” comes up no more.", "at sea. (hidden)"),
    ),
    ("/muse-admin angles", ("the last bus — As its driver", "(hidden)")),
    ("/admin angle-show A weather report", ("“a weather report” comes up again.",)),
    ("/muse-admin angle-remove the last bus", ("“the last bus” is removed. It went: “As its",)),
    ("a woodcut of the sea --form picture", ("there is no image model",)),
    ("/help muse-admin", ("/muse-admin lore-add", "/muse-admin angle-add")),
    ("/help refine", ("/refine 2 fewer words, and a dog", "--without")),
)


def test_every_way_to_write_with_the_deck(tmp_path: Path) -> None:
    done = play(tmp_path / "data", *(line for line, _ in WITH_THE_DECK), seed=11)
    assert "Traceback" not in done.out + done.log
    for (line, wanted), outcome in zip(WITH_THE_DECK, done.outcomes, strict=True):
        for part in wanted:
            assert part in flat(outcome), (line, outcome)
    assert done.status == 1, "some lines are refused"
    first = flat(done.outcomes[0]).casefold()
    assert "gulls" not in first.replace("without gulls, whispers", "")
    answered = pieces(done.outcomes[9])
    assert [each.number for each in answered] == [2, 3, 4, 5]
    assert all(each.from_deck for each in answered)
    # What was told stays told.
    again = play(tmp_path / "data", "/muse-admin angles", "/muse-admin lore", "/show")
    assert again.status == 0
    assert "hidden)" not in again.outcomes[0]
    assert "Nothing yet" in again.outcomes[1]
    assert "Over to you" in again.outcomes[2]


async def test_every_way_to_write_with_a_model(tmp_path: Path) -> None:
    script = (
        f"/muse-admin lore-add {GERALD}",
        "a lift that breaks --without moon --bold",
        "/as bo",
        "/remix 2 told by the moth",
        "/as cem",
        "/remix 5 in winter",
        "/vote 5",
        "/as you",
        "/vote 8",
        "/show",
        "/close",
        "/top people",
        "/refine 2 5 shorter --bold",
        "/again",
        "/prompt the sea",
        "/as bo",
        "/add Salt, and my grandmother’s sleeve.",
        "/answer",
        "a lighthouse by night --form picture",
    )
    async with OpenAIServer() as server:
        done = await played(server, tmp_path / "data", *script, OPENAI_IMAGE_MODEL=GPT_IMAGE)
        said = dict(zip(script, done.outcomes, strict=True))
        blocks = [
            json.loads(str(each["messages"][-1]["content"]).split("<data>\n")[1].split("\n</")[0])
            for each in server.requests
        ]
    assert done.status == 0, done.out + done.log

    four = of_muse(said["a lift that breaks --without moon --bold"])
    assert "deck" not in done.out
    versions = pieces(said["/remix 2 told by the moth"])
    assert [each.number for each in versions] == [5, 6, 7]
    assert {each.byline for each in versions} == {"bo with Muse · a person with AI, from 2 by Muse"}
    assert "Muse is writing versions of 2 with your twist." in flat(
        said["/remix 2 told by the moth"]
    )
    assert "credit for 5 stays with bo" in flat(said["/remix 5 in winter"])
    assert "Who came from whom" in said["/show"]
    assert "cem with Muse · a person with AI, from 5 by bo, itself from 2 by Muse" in flat(
        said["/show"]
    )
    people = flat(said["/top people"])
    assert re.search(r"bo\W+1½ points", people)  # one vote on 5, half a point for one on 8
    assert re.search(r"cem\W+1 point", people)

    asked, first_remix, second_remix, refined = blocks[:4]
    assert asked["lore"] == [GERALD]
    assert asked["without"] == ["moon"]
    assert (first_remix["twist"], first_remix["parents"]) == ("told by the moth", [four[1].text])
    assert (second_remix["twist"], second_remix["parents"]) == ("in winter", [versions[0].text])
    assert refined["twist"] == "shorter"
    assert refined["parents"] == [four[1].text, versions[0].text]
    assert "Refined by you, from 2 and 5: “shorter”" in said["/refine 2 5 shorter --bold"]
    answered = pieces(said["/answer"])
    assert [each.byline.endswith("· AI") for each in answered] == [True] * 4
    kept = sorted((tmp_path / "data" / "pictures").iterdir())
    assert len(kept) == 4
    painted = said["a lighthouse by night --form picture"]
    assert all(path.name in painted for path in kept)
