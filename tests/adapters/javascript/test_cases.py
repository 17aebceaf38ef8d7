"""Scripts as practitioners write them give the results that they give in Node 20, on both engines."""

import json
from pathlib import Path
from typing import Final

import pytest
from attrs import evolve

from domain.limits import DEFAULTS
from tests.adapters.javascript.sandboxes import Bench

FOLDER: Final = Path(__file__).parents[2] / "corpus" / "cases"
NAMES: Final = sorted(path.stem for path in FOLDER.glob("*.js"))
FAILING: Final = [name for name in NAMES if name.startswith("err_")]
LIMITS: Final = evolve(DEFAULTS, wall_ms=10_000)
SHORT: Final = evolve(DEFAULTS, wall_ms=1_500)

NOT_IN_ANY_ENGINE: Final = {
    "global_buffer": "Buffer is refused at upload, with the alternative",
    "regexp_last_match": "RegExp.$1 is undefined in QuickJS; a warning at upload says so",
}
DUKPY: Final = {
    "for_await_pages": "`for await` calls return() after a normal end in QuickJS-NG 0.11",
    "perf_csv_append": "appending to a string copies it in QuickJS-NG 0.11",
}
BOTH: Final = {
    "num_residual": "of two shortest texts for a number, QuickJS writes the one that is farther from it",
}


def dataset(name: str) -> bytes:
    return (FOLDER / f"{name}.json").read_bytes()


def source(name: str) -> str:
    return (FOLDER / f"{name}.js").read_text()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in FAILING])
def test_a_script_gives_the_result_that_it_gives_in_node(
    bench: Bench, name: str, request: pytest.FixtureRequest
) -> None:
    reasons = {**NOT_IN_ANY_ENGINE, **BOTH} | (DUKPY if bench.sandbox.engine.startswith("dukpy") else {})
    if name in reasons:
        request.applymarker(pytest.mark.xfail(strict=True, reason=reasons[name]))
    limits = SHORT if reasons.get(name) == DUKPY["perf_csv_append"] else LIMITS
    text = bench.text(bench.run(source(name), dataset(name), limits))
    expected = (FOLDER / f"{name}.expected.json").read_bytes()
    assert json.loads(text) == json.loads(expected)
    if name == "num_residual":
        assert text == expected.strip()


def test_every_case_has_its_files() -> None:
    stems = {path.name.split(".")[0] for path in FOLDER.glob("*.js*")}
    assert stems == set(NAMES)
    assert {name for name in NAMES if not (FOLDER / f"{name}.expected.json").exists()} == set(FAILING)
