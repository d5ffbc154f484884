"""What is shipped beside the code says what it should, and names what there is."""

from __future__ import annotations

import re
from pathlib import Path

from bot.figures import FIGURES

ROOT = Path(__file__).parents[2]


def test_every_test_that_security_md_names_is_there() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "`" in line]
    assert len(rows) > 15
    for file in re.findall(r"`((?:unit|integration|e2e)/test_\w+\.py)`", text):
        assert (ROOT / "tests" / file).exists(), file
    for row in rows:
        files = re.findall(r"`(?:(?:unit|integration|e2e)/)?(test_\w+\.py)`", row)
        source = "".join(
            path.read_text("utf-8") for file in files for path in (ROOT / "tests").rglob(file)
        )
        for name in re.findall(r"`([a-z]+(?:_[a-z]+){2,})…?`", row.rpartition("|")[0]):
            assert f"def test_{name}" in source, name


def test_the_image_is_locked_and_runs_as_nobody_in_particular() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert text.count("FROM ") == 2
    assert "--require-hashes -r requirements.lock" in text
    assert re.search(r"^USER muse$", text, re.MULTILINE)
    assert "HEALTHCHECK" in text
    compose = (ROOT / "compose.yaml").read_text("utf-8")
    for wanted in ("--appendonly", "noeviction", "read_only: true", 'cap_drop: ["ALL"]'):
        assert wanted in compose


def test_the_unit_lets_work_in_hand_end() -> None:
    from bot.wiring import GRACE

    text = (ROOT / "deploy" / "muse.service").read_text("utf-8")
    found = re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
    assert found is not None
    assert int(found[1]) > GRACE


def test_the_unit_stays_down_only_where_a_person_must_mend_something() -> None:
    """And another unit on the same folder is the same user."""
    text = (ROOT / "deploy" / "muse.service").read_text("utf-8")
    assert re.search(r"(?m)^DynamicUser=yes$", text)
    assert re.search(r"(?m)^User=muse$", text)
    assert re.search(r"(?m)^RestartPreventExitStatus=2$", text)
    pause = re.search(r"(?m)^RestartSec=(\d+)$", text)
    assert pause is not None
    assert int(pause[1]) >= 10


def test_the_example_for_kubernetes_is_of_this_image_and_these_settings() -> None:
    from bot.wiring import GRACE

    text = (ROOT / "deploy" / "kubernetes.yaml").read_text("utf-8")
    image = (ROOT / "Dockerfile").read_text("utf-8")
    settings = (ROOT / ".env.example").read_text("utf-8")
    assert set(re.findall(r"runAsUser: (\d+)", text)) == set(re.findall(r"--uid (\d+)", image))
    for place in re.findall(r"name: data, mountPath: (\S+)}", text):
        assert f"VOLUME {place}\n" in image
    graces = [int(each) for each in re.findall(r"terminationGracePeriodSeconds: (\d+)", text)]
    assert len(graces) == text.count("kind: Deployment")
    assert min(graces) > GRACE
    drained = re.findall(r'command: \["sleep", "(\d+)"\]', text)
    assert all(max(graces) > GRACE + int(seconds) for seconds in drained)
    named = re.findall(r"\b(?:MUSE|DISCORD|SLACK|REDIS)_[A-Z][A-Z_]+", text)
    assert named
    for name in named:
        assert re.search(rf"^#?{name}=", settings, re.MULTILINE), name
    web = "".join(path.read_text("utf-8") for path in (ROOT / "bot").glob("*.py"))
    for path in re.findall(r"httpGet: {path: (\S+),", text):
        served, _, platform = path.removeprefix("/").partition("/")
        assert f'"/{served}"' in web, path
        assert platform in ("", "slack", "discord")
    assert text.count("readOnlyRootFilesystem: true") == text.count("kind: Deployment")


def test_every_alert_asks_for_what_there_is_and_says_what_to_do() -> None:
    text = (ROOT / "deploy" / "alerts.yaml").read_text("utf-8")
    guide = (ROOT / "docs" / "operating.md").read_text("utf-8")
    assert "`deploy/alerts.yaml`" in guide
    known = {figure.name: figure for figure in FIGURES}
    _, *alerts = re.split(r"(?m)^      - alert: ", text)
    assert len(alerts) > 5
    for alert in alerts:
        found = re.search(r"(?s)\n        expr:(.+?)\n        (?:for|labels):", alert)
        assert found is not None, alert
        asked = re.findall(r"\bmuse_\w+", found[1])
        assert asked, alert
        labels = {"le"}
        for name in asked:
            figure = known[re.sub(r"_(?:bucket|count|sum)$", "", name)]
            assert (figure.kind == "histogram") == (figure.name != name), name
            labels |= {*figure.labels}
        by = {word for each in re.findall(r"by \(([^)]*)\)", found[1]) for word in each.split(", ")}
        matched = re.findall(r'(\w+)=~?"([^"]+)"', found[1])
        assert by | {label for label, _ in matched} <= labels, alert
        for _, words in matched:
            for word in words.split("|"):
                assert f"`{word}`" in guide, word
        assert set(re.findall(r"\$labels\.(\w+)", alert)) <= by, alert
        assert re.search(r"\n          summary: \S", alert), alert
        assert re.search(r"\n          description: \S", alert), alert
        assert set(re.findall(r"\bmuse_\w+", alert)) <= {*known, *asked}, alert


def test_what_is_told_to_start_with_compose_is_started() -> None:
    """A service with a profile is left out by `up` where the command does not enable it."""
    compose = (ROOT / "compose.yaml").read_text("utf-8")
    _, *parts = re.split(r"(?m)^  (?=\w+:)", compose.partition("\nvolumes:")[0])
    profiles = {}
    for part in parts:
        found = re.search(r"(?m)^    profiles: \[(.*)\]$", part)
        profiles[part.partition(":")[0]] = re.findall(r'"(\w+)"', found[1]) if found else []
    assert profiles["worker"]
    assert not profiles["muse"]
    told = [ROOT / "compose.yaml", ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    text = "\n".join(path.read_text("utf-8") for path in told)
    commands = re.findall(
        r"docker compose (?:[\w=.-]+\s)+[\w=.-]+", re.sub(r"\s*\n(?:#  )?", "\n", text)
    )
    assert len(commands) > 3
    for command in commands:
        on = set(re.findall(r"--profile[ =](\w+)", command))
        named = re.findall(r"--scale (\w+)=", command)
        if " run " not in command:  # which starts what it names whatever its profile
            for service in named:
                assert not profiles[service] or on & {*profiles[service]}, command
        for service in [*named, *re.findall(r"run (?:--rm )?(\w+)", command)]:
            assert service in profiles, command
