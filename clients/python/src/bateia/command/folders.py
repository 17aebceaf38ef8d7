"""A folder with scripts: `name.js`, `name.tests/*.json` and an optional `bateia.toml`, read as values."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bateia.command.exits import Unusable
from bateia.matching import exact_json
from bateia.texts import say

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MANIFEST = "bateia.toml"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_MEMBERS = {"engine": str, "description": str, "limits": dict, "retention": dict, "gate": dict}
_RETENTION = frozenset({"content_days", "rows_days"})
_LIMITS = frozenset({"wall_ms", "memory_bytes", "result_bytes", "log_bytes"})
_GATE = frozenset({"aliases", "tests", "replay"})
_TEST = frozenset({"dataset", "expected", "clock", "seed"})


@dataclass(frozen=True)
class LocalTest:
    """A test of a script: its name, and the text of its file."""

    name: str
    text: bytes = field(repr=False)

    @property
    def document(self) -> Mapping[str, Any]:
        """The test with all digits of its numbers."""
        return exact_json(self.text)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class LocalScript:
    """A script of the folder. `settings` is what the manifest says about it."""

    name: str
    source: str = field(repr=False)
    tests: tuple[LocalTest, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


def read_folder(folder: Path, names: Sequence[str] = ()) -> list[LocalScript]:
    """Read the scripts of a folder, all or those with these names. Raises `Unusable`."""
    if not folder.is_dir():
        raise Unusable(say("{folder} is not a folder: name the folder with the scripts", folder=folder))
    manifest = _manifest(folder)
    found = {path.stem: path for path in sorted(folder.glob("*.js"))}
    if missing := [name for name in (*names, *manifest) if name not in found and name != "defaults"]:
        raise Unusable(say("{folder} has no {value}.js", folder=folder, value=missing[0]))
    if not found:
        raise Unusable(
            say(
                "{folder} has no scripts: a script is a file such as cards.js with `function process(data)`",
                folder=folder,
            )
        )
    return [_script(path, manifest) for name, path in found.items() if not names or name in names]


def tests_folder(folder: Path, script: str) -> Path:
    """Return the place of a script's tests."""
    return folder / f"{script}.tests"


def _script(path: Path, manifest: Mapping[str, Any]) -> LocalScript:
    if not _NAME.fullmatch(path.stem):
        raise Unusable(
            say("{path} cannot be the name of a script: use lower-case letters, digits and hyphens", path=path)
        )
    try:
        source = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise Unusable(say("{path} is not UTF-8: convert it", path=path)) from None
    settings = {**manifest.get("defaults", {}), **manifest.get(path.stem, {})}
    return LocalScript(path.stem, source, tuple(_tests(tests_folder(path.parent, path.stem))), settings)


def _tests(folder: Path) -> Iterator[LocalTest]:
    for path in sorted(folder.glob("*.json")):
        if not _NAME.fullmatch(path.stem):
            raise Unusable(
                say("{path} cannot be the name of a test: use lower-case letters, digits and hyphens", path=path)
            )
        test = LocalTest(path.stem, path.read_bytes())
        try:
            document = test.document
        except (ValueError, RecursionError) as error:
            raise Unusable(say("{path} is not JSON: {error}", path=path, error=error)) from None
        if not isinstance(document, dict) or not {"dataset", "expected"} <= document.keys() <= _TEST:
            raise Unusable(
                say("{path} must have the members dataset and expected, and no others than clock and seed", path=path)
            )
        if not isinstance(document["expected"], dict) or ("result" in document["expected"]) == (
            "error" in document["expected"]
        ):
            raise Unusable(say("{path}: expected must have either result or error", path=path))
        yield test


def _manifest(folder: Path) -> Mapping[str, Any]:
    """Read the manifest: a table for each script, and one for the defaults of all."""
    path = folder / MANIFEST
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unusable(say("{path} is not TOML: {error}", path=path, error=error)) from None
    if others := sorted(document.keys() - {"defaults", "scripts"}):
        raise Unusable(
            say("{path} has the unknown table {value!r}: use [defaults] and [scripts.NAME]", path=path, value=others[0])
        )
    scripts = document.get("scripts", {})
    tables = {
        "defaults": document.get("defaults", {}),
        **(scripts if isinstance(scripts, dict) else {"scripts": scripts}),
    }
    for name, table in tables.items():
        _check(f"{path}, {name}", table)
    return tables


def _check(place: str, table: Any) -> None:
    if not isinstance(table, dict):
        raise Unusable(say("{place} must be a table", place=place))
    for name, value in table.items():
        if name not in _MEMBERS or not isinstance(value, _MEMBERS[name]):
            raise Unusable(
                say(
                    "{place}: {name} is unknown, or has a value of a wrong type; known are {value}",
                    place=place,
                    name=name,
                    value=", ".join(_MEMBERS),
                )
            )
    for name, known in (("limits", _LIMITS), ("retention", _RETENTION), ("gate", _GATE)):
        if others := sorted(table.get(name, {}).keys() - known):
            raise Unusable(
                say(
                    "{place}: {name}.{value} is unknown; known are {value2}",
                    place=place,
                    name=name,
                    value=others[0],
                    value2=", ".join(sorted(known)),
                )
            )


def manifest_text(settings: Mapping[str, Mapping[str, Any]]) -> str:
    """Write a manifest; JSON's texts, numbers and arrays are TOML's."""
    lines = []
    for script, table in settings.items():
        lines.append(f"[scripts.{script}]")
        lines += [f"{name} = {_toml(value)}" for name, value in table.items()]
        lines.append("")
    return "\n".join(lines)


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{name} = {_toml(one)}' for name, one in value.items())} }}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
