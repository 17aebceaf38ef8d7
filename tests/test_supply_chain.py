"""Licences match the lock, an audit without an answer does not pass for a clean one, and Git tracks no link."""

import json
import re
import shutil
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


def test_the_types_of_bundled_libraries_are_those_of_the_bundled_versions(repository: Path) -> None:
    bundled, checked = (
        json.loads((repository / "scripts" / folder / "package-lock.json").read_text())["packages"]
        for folder in ("vendor", "console")
    )
    declared = (repository / "scripts/console/vendor.d.ts").read_text()
    libraries = {f"node_modules/{name}" for name in re.findall(r'from "([^"]+)"', declared)}
    assert len(libraries) >= 7
    assert {name: checked[name]["version"] for name in libraries} == {
        name: bundled[name]["version"] for name in libraries
    }


def git(repository: Path, *words: str) -> str:
    """Ask Git about the checkout; skip in a copy without its history."""
    if shutil.which("git") is None or not (repository / ".git").exists():
        pytest.skip("not a checkout of Git")
    command = ["git", "-c", "safe.directory=*", *words]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout


def test_no_symbolic_link_is_committed(repository: Path) -> None:
    """A link leads to a place on one machine, and replaces an ignored folder of its name in every other checkout."""
    tracked = git(repository, "ls-files", "--stage").splitlines()
    assert len(tracked) > 100
    assert [line for line in tracked if line.startswith("120000")] == []


@pytest.mark.parametrize("folder", [".venv", "benchmarks/comparison/node_modules"])
def test_an_installation_is_ignored_even_as_a_link(repository: Path, tmp_path: Path, folder: str) -> None:
    """A pattern with a slash at its end would match a folder alone."""
    git(repository, "init", "-q", str(tmp_path))
    place = tmp_path / folder
    place.parent.mkdir(parents=True, exist_ok=True)
    for ignore in (".gitignore", "benchmarks/comparison/.gitignore"):
        (tmp_path / ignore).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(repository / ignore, tmp_path / ignore)
    place.symlink_to(tmp_path)
    assert git(repository, "-C", str(tmp_path), "check-ignore", folder).split() == [folder]


@pytest.mark.parametrize("folder", ["scripts/console", "scripts/vendor"])
def test_npm_locks_have_digests_and_name_no_registry(repository: Path, folder: str) -> None:
    lock = json.loads((repository / folder / "package-lock.json").read_text())
    installed = {name: package for name, package in lock["packages"].items() if name}
    assert len(installed) > 10
    assert [name for name, package in installed.items() if "integrity" not in package or "resolved" in package] == []


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
