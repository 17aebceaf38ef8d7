"""Runs without a service, as a process: the document of a preview, the problem of a refusal, or one line."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import clean_environment

PROGRAM = "function process(d) { console.log(Math.random()); return {d, at: Date.now()}; }"
CHOICES = json.dumps({"clock": "2026-03-31T23:59:59Z", "seed": "0" * 32, "limits": {"wall_ms": 8000}})


def tried(folder: Path, source: str, dataset: bytes, *words: str, **env: str) -> tuple[int, Any, str]:
    (folder / "source.js").write_text(source, "utf-8")
    command = [sys.executable, "-m", "entrypoints.try_source", str(folder / "source.js"), "-", *words]
    root, env = Path(__file__).parents[2], clean_environment() | env
    ended = subprocess.run(command, cwd=root, env=env, input=dataset, capture_output=True, timeout=60, check=False)
    return ended.returncode, json.loads(ended.stdout or b"null"), ended.stderr.decode()


def test_a_run_is_a_preview_with_the_limits_of_an_execution_and_can_be_repeated(tmp_path: Path) -> None:
    code, shown, errors = tried(tmp_path, PROGRAM, b"1.50\n[2]\n", "--ndjson", "--choices", CHOICES)
    assert (code, errors, shown["state"]) == (0, "", "succeeded")
    assert shown["result"] == {"d": [1.5, [2]], "at": 1775001599000}
    assert (shown["limits"]["wall_ms"], shown["seed"]) == (8000, "0" * 32)
    again = tried(tmp_path, PROGRAM, b"[1.50,[2]]", "--choices", CHOICES)[1]
    assert (again["result"], again["logs"]) == (shown["result"], shown["logs"])


def test_a_failed_run_is_an_outcome(tmp_path: Path) -> None:
    code, shown, _ = tried(tmp_path, "function process() {\n  throw new Error('no') }", b"1")
    assert (code, shown["state"], shown["error"]["line"]) == (0, "failed", 2)


@pytest.mark.parametrize(
    ("source", "dataset", "problem"),
    [("let a = ;", b"1", "invalid-script"), (PROGRAM, b"{'a'}", "json-single-quotes")],
)
def test_a_refusal_is_the_problem_of_the_service(tmp_path: Path, source: str, dataset: bytes, problem: str) -> None:
    code, shown, _ = tried(tmp_path, source, dataset, LANG="pt_BR.UTF-8")
    assert (code, shown["code"]) == (3, problem)
    assert shown["title"] in {"Script inválido", "JSON malformado"}


@pytest.mark.parametrize("words", [["--choices", "{"], ["--choices", '{"version": 1}']])
def test_other_choices_are_refused_in_a_line(tmp_path: Path, words: list[str]) -> None:
    code, _, errors = tried(tmp_path, PROGRAM, b"1", *words)
    assert (code, errors.count("\n")) == (2, 1)
