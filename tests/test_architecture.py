"""The layers, as far as import-linter cannot see them: the inner ones' imports from outside the project."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PURE = {
    "attrs",
    "returns",
    "base64",
    "binascii",
    "bisect",
    "collections",
    "datetime",
    "decimal",
    "enum",
    "fnmatch",
    "functools",
    "hashlib",
    "ipaddress",
    "itertools",
    "json",
    "math",
    "re",
    "typing",
} | {
    "uuid",
    "domain",
}


def imported(path: Path) -> set[str]:
    """Collect the top-level packages that a module imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add((node.module or ".").partition(".")[0])
    return names


@pytest.mark.parametrize("path", sorted((ROOT / "domain").glob("**/*.py")), ids=lambda path: path.stem)
def test_the_domain_imports_nothing_that_could_do_io(path: Path) -> None:
    assert imported(path) <= PURE


@pytest.mark.parametrize("path", sorted((ROOT / "application").glob("**/*.py")), ids=lambda path: path.stem)
def test_the_application_knows_no_technology(path: Path) -> None:
    assert imported(path) <= PURE | {"application", "asyncio", "contextlib", "contextvars", "logging", "math"}


CONFINED = sorted((ROOT / "adapters/javascript/confined").glob("*.py"))


@pytest.mark.parametrize("path", [*CONFINED, ROOT / "adapters/javascript/wire.py"], ids=lambda path: path.stem)
def test_confined_code_imports_the_standard_library_alone(path: Path) -> None:
    assert imported(path) - {"adapters"} <= sys.stdlib_module_names
    own = {
        node.module
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("adapters")
    }
    assert {name for name in own if not str(name).startswith("adapters.javascript.confined")} <= {"adapters.javascript"}


def test_the_domain_calls_no_clock() -> None:
    calls = {
        node.attr
        for path in (ROOT / "domain").glob("**/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
    }
    assert not calls & {"now", "utcnow", "today", "uuid1", "uuid4"}
