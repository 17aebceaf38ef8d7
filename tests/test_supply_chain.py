"""The list of licences matches the lock, and an audit without an answer does not pass for a clean one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CLEAN = {"name": "a", "version": "1", "vulns": []}
HIT = {"name": "b", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}
UNKNOWN = {"name": "c", "skip_reason": "Dependency not found"}


def test_the_licences_are_those_of_the_locked_packages(repository: Path) -> None:
    listed = subprocess.run(
        [sys.executable, "scripts/licences.py"], cwd=repository, capture_output=True, text=True, check=True
    )
    assert listed.stdout == (repository / "docs" / "licences.md").read_text()


@pytest.mark.parametrize(
    ("packages", "status", "says"),
    [
        ([CLEAN], 0, "no advisory for any of 1 packages"),
        ([CLEAN, HIT], 1, "b 2: CVE-1, fixed in 3"),
        ([CLEAN, UNKNOWN], 2, "1 of 2 packages could not be looked up"),
        ([UNKNOWN, HIT], 1, "1 of 2 packages could not be looked up"),
        ([], 2, "0 of 0"),
    ],
)
def test_an_audit_passes_only_if_everything_was_looked_up(
    repository: Path, packages: list[object], status: int, says: str
) -> None:
    answer = json.dumps({"dependencies": packages, "fixes": []})
    command = [sys.executable, "scripts/audit_verdict.py"]
    judged = subprocess.run(command, cwd=repository, input=answer, capture_output=True, text=True, check=False)
    assert (judged.returncode, says in judged.stdout + judged.stderr) == (status, True)
