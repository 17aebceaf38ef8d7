"""The generated part of the client library is what its generator prints now, and it needs no package of the service."""

import ast
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from bateia.problems import PROBLEM_CLASSES

from adapters.http.problems.types import PROBLEM_TYPES

SOURCES = "clients/python/src/bateia"


def test_the_classes_of_problems_are_those_of_the_service(repository: Path) -> None:
    command = [sys.executable, "clients/python/generate_problems.py"]
    printed = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout
    assert printed == (repository / SOURCES / "problems.py").read_text("utf-8")
    assert set(PROBLEM_CLASSES) == {one.slug for one in PROBLEM_TYPES.values()}


def test_nothing_of_the_service_and_nothing_undeclared_is_imported(repository: Path) -> None:
    allowed = {"bateia", "httpx", "cyclopts", "rich", "tomli", "pandas", "polars"} | sys.stdlib_module_names
    for path in (repository / SOURCES).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"), feature_version=(3, 10))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= allowed, path


def test_the_wheel_has_the_command_and_says_that_it_is_typed(repository: Path, tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    (tmp_path / "bateia-0.0.1-py3-none-any.whl").touch()  # an older one, which is not printed
    command = [repository / "scripts" / "build-client", tmp_path]
    env = os.environ | {"PYTHON": sys.executable}
    built = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert built.returncode == 0, built.stderr
    with ZipFile(built.stdout.strip()) as wheel:
        names = set(wheel.namelist())
        sources = {f"bateia/{path.relative_to(repository / SOURCES)}" for path in (repository / SOURCES).rglob("*.py")}
        assert sources | {"bateia/py.typed"} <= names
        entry_points = wheel.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
        assert "bateia = bateia.command:main" in entry_points
