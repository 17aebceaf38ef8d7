"""The example stands by itself: its generator makes datasets of the payload's shape, the same ones every time."""

import json
import subprocess
import sys
from pathlib import Path


def generated(repository: Path, *arguments: str) -> bytes:
    command = [sys.executable, str(repository / "examples/bacen/generate.py"), *arguments]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout


def test_generated_rows_have_the_columns_of_the_payload(repository: Path) -> None:
    payload = json.loads((repository / "examples/bacen/payload.json").read_text())
    rows = json.loads(generated(repository, "50"))
    assert len(rows) == 50
    assert {frozenset(row) for row in rows} == {frozenset(payload[0])}
    assert {name: type(value) for name, value in rows[0].items()} == {
        name: type(value) for name, value in payload[0].items()
    }


def test_equal_seeds_make_equal_bytes_and_different_seeds_different_ones(repository: Path) -> None:
    assert generated(repository, "5", "7") == generated(repository, "5", "7") != generated(repository, "5", "8")
