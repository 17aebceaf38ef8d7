"""Folders of scripts: what they hold, and the changes that would make the service's scripts those of the folder."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from bateia.command.exits import Unusable
from bateia.command.folders import LocalScript, LocalTest, manifest_text, read_folder
from bateia.command.planning import HostedScript, plan_of
from hypothesis import given
from hypothesis import strategies as st

SOURCE = "function process(data) { return data; }"
LIMITS = {"wall_ms": 10_000, "memory_bytes": 1 << 29}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cards.js").write_text(SOURCE)
    (tmp_path / "cards.tests").mkdir()
    (tmp_path / "cards.tests" / "none.json").write_text('{"dataset": [], "expected": {"result": []}}')
    (tmp_path / "bateia.toml").write_text('[defaults]\nengine = "dukpy"\n[scripts.cards]\ndescription = "é"\n')
    return tmp_path


def test_the_script_of_the_example_folder_is_that_of_the_use_case(repository: Path) -> None:
    copy = repository / "clients/python/examples/scripts/cards.js"
    assert copy.read_bytes() == (repository / "examples/bacen/script.js").read_bytes()


def test_a_folder_has_scripts_with_tests_and_settings(folder: Path) -> None:
    (script,) = read_folder(folder)
    assert (script.name, script.source, [one.name for one in script.tests]) == ("cards", SOURCE, ["none"])
    assert script.settings == {"engine": "dukpy", "description": "é"}


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("Cards.js", SOURCE, "cannot be the name of a script"),
        ("b.js", b"\xff", "is not UTF-8"),
        ("cards.tests/A.json", "{}", "cannot be the name of a test"),
        ("cards.tests/a.json", "{", "is not JSON"),
        ("cards.tests/a.json", "NaN", "is not JSON"),
        ("cards.tests/a.json", '{"dataset": 1}', "must have the members dataset and expected"),
        ("cards.tests/a.json", '{"dataset": 1, "expected": {}, "x": 1}', "must have the members"),
        ("cards.tests/a.json", '{"dataset": 1, "expected": {}}', "either result or error"),
        ("bateia.toml", "[", "is not TOML"),
        ("bateia.toml", "[other]", "unknown table 'other'"),
        ("bateia.toml", "[scripts.gone]", "has no gone.js"),
        ("bateia.toml", "scripts = 1", "must be a table"),
        ("bateia.toml", "[defaults]\nwall_ms = 1", "wall_ms is unknown"),
        ("bateia.toml", "[defaults]\nengine = 1", "value of a wrong type"),
        ("bateia.toml", "[defaults]\nlimits = { wall = 1 }", "limits.wall is unknown"),
    ],
)
def test_a_wrong_file_is_named_with_its_fault(folder: Path, file: str, text: str | bytes, words: str) -> None:
    (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Unusable, match=words):
        read_folder(folder)


def test_a_folder_without_scripts_is_refused(tmp_path: Path) -> None:
    for path, words in ((tmp_path, "has no scripts"), (tmp_path / "gone", "is not a folder")):
        with pytest.raises(Unusable, match=words):
            read_folder(path)
    (tmp_path / "a.js").write_text(SOURCE)
    with pytest.raises(Unusable, match=r"has no b\.js"):
        read_folder(tmp_path, ["b"])


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "description": TEXTS,
        "engine": st.sampled_from(["dukpy", "quickjs-ng"]),
        "limits": st.fixed_dictionaries({}, optional={"wall_ms": st.integers(10, 10**6)}),
        "gate": st.just({"aliases": ["live"], "tests": True, "replay": {"last": 50}}),
    },
)


@given(SETTINGS)
def test_a_manifest_that_is_written_is_read_as_it_was(tmp_path_factory: Any, settings: dict[str, Any]) -> None:
    folder = tmp_path_factory.mktemp("manifest")
    (folder / "cards.js").write_text(SOURCE)
    (folder / "bateia.toml").write_text(manifest_text({"cards": settings}), "utf-8")
    assert read_folder(folder)[0].settings == settings


def hosted(local: LocalScript, **script: Any) -> HostedScript:
    """Make the script that a push of a folder's script leaves on the service."""
    wanted = local.settings
    retention = {"content_days": None, "rows_days": None, **wanted.get("retention", {})}
    gate = {"tests": False, "replay": None, **wanted["gate"]} if "gate" in wanted else None
    sha256 = hashlib.sha256(local.source.encode()).hexdigest()
    version = {"sha256": sha256, "engine": "quickjs-ng", "limits": LIMITS}
    version |= {
        name: {**LIMITS, **wanted[name]} if name == "limits" else wanted[name]
        for name in ("engine", "limits")
        if name in wanted
    }
    document = {"latest_version": 4, "description": wanted.get("description", ""), "retention": retention, **script}
    return HostedScript(document, version, {one.name: stored(one) for one in local.tests}, gate)


def stored(test: LocalTest) -> bytes:
    """Write a test as the service shows it."""
    document = {"clock": "2026-01-01T00:00:00.000000Z", "seed": "a" * 32, **json.loads(test.text), "name": test.name}
    expected = {**document["expected"], "tolerance": {"absolute": 0.0, "relative": 0}, "subset": False}
    return json.dumps({**document, "expected": expected}).encode()


def local(
    source: str = SOURCE, test: str = '{"dataset": [1.50], "expected": {"result": 1}}', **settings: Any
) -> LocalScript:
    return LocalScript("cards", source, (LocalTest("one", test.encode()),), settings)


@given(SETTINGS)
def test_after_a_push_nothing_is_left_to_push(settings: dict[str, Any]) -> None:
    assert plan_of(local(**settings), hosted(local(**settings))).changes == []
    changes = plan_of(local(**settings), None).changes
    assert [str(one) for one in changes[:2]] == ["+ script cards", "+ test cards/one"]


@pytest.mark.parametrize(
    ("changed", "changes"),
    [
        (local("function process() {}"), ["~ version cards 5"]),
        (local(engine="dukpy"), ["~ version cards 5"]),
        (local(limits={"wall_ms": 1}), ["~ version cards 5"]),
        (local(limits={"wall_ms": 10_000}), []),
        (local(test='{"dataset": [1.51], "expected": {"result": 1}}'), ["~ test cards/one"]),
        (local(test='{"dataset": [1.5], "expected": {"result": true}}'), ["~ test cards/one"]),
        (local(test='{"dataset": [1.5], "expected": {"result": 1, "subset": true}}'), ["~ test cards/one"]),
        (local(test='{"dataset": [15e-1], "expected": {"result": 1}, "clock": "2026-01-01T00:00:00Z"}'), []),
        (local(test='{"dataset": [1.5], "expected": {"result": 1}, "seed": "b"}'), ["~ test cards/one"]),
        (local(description="new"), ["~ description cards"]),
        (local(retention={"rows_days": 3}), ["~ retention cards"]),
        (local(retention={"rows_days": "forever"}), ["~ retention cards"]),
        (local(gate={"aliases": ["live"]}), ["~ gate cards"]),
    ],
)
def test_only_what_differs_is_changed(changed: LocalScript, changes: list[str]) -> None:
    assert [str(one) for one in plan_of(changed, hosted(local())).changes] == changes


def test_limits_and_engine_that_the_manifest_leaves_open_stay() -> None:
    plan = plan_of(local("function process() {}", limits={"wall_ms": 5}), hosted(local()))
    assert plan.version == {
        "source": "function process() {}",
        "engine": "quickjs-ng",
        "limits": {**LIMITS, "wall_ms": 5},
    }


def test_tests_that_only_the_service_has_are_no_change_by_themselves() -> None:
    plan = plan_of(LocalScript("cards", SOURCE), hosted(local()))
    assert (plan.changes, plan.surplus_tests) == ([], ("one",))
