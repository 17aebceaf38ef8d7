"""The vendored files of the sandbox are those that their page names, and their licences are beside them."""

import json
import re
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[3]
VENDOR = ROOT / "adapters" / "javascript" / "confined" / "vendor"
SCRIPTS = ROOT / "scripts" / "vendor"
PAGE = (VENDOR / "README.md").read_text()


def version_of(package: str) -> str:
    pinned = json.loads((SCRIPTS / "package-lock.json").read_text())["packages"][f"node_modules/{package}"]
    assert pinned["license"] == "MIT"
    assert f"{package} (MIT)" in (ROOT / "docs" / "licences.md").read_text()
    return str(pinned["version"])


def test_the_vendored_files_are_those_that_their_page_names() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", PAGE, re.MULTILINE)
    present = {one.name: sha256(one.read_bytes()).hexdigest() for one in VENDOR.iterdir()}
    del present["README.md"]
    assert present == dict(rows)
    assert set(present) == {"LICENSES", "acorn.js", "formatjs.js", "inspect.js", "intl.json"}


def test_their_versions_are_the_pinned_ones_and_their_licences_are_beside_them() -> None:
    licences = (VENDOR / "LICENSES").read_text()
    for package in ("acorn", "node-inspect-extracted"):
        assert f"{package} {version_of(package)}\n\n" in licences
    assert f'var version = "{version_of("acorn")}";' in (VENDOR / "acorn.js").read_text()


def test_the_inspector_is_the_packages_but_for_the_listed_changes() -> None:
    text = (VENDOR / "inspect.js").read_text()
    for original, replacement in reversed(json.loads((SCRIPTS / "inspect.json").read_text())):
        assert text.count(replacement) == 1, replacement
        text = text.replace(replacement, original)
    packages = text.split("\n", 2)[2].removesuffix("\nreturn module.exports;\n}\n")
    assert f"sha256 `{sha256(packages.encode()).hexdigest()}`" in PAGE


def test_the_packages_of_formatjs_are_pinned_and_their_licences_are_known() -> None:
    packages = json.loads((SCRIPTS / "package-lock.json").read_text())["packages"]
    licences = (VENDOR / "LICENSES").read_text()
    known = (ROOT / "docs" / "licences.md").read_text()
    pinned = {name.removeprefix("node_modules/"): one for name, one in packages.items() if "/@formatjs/" in name}
    assert len(pinned) > 8
    for name, one in pinned.items():
        assert (f"{name} {one['version']}\n" in licences, one["license"]) == (True, "MIT"), name
    assert "SPDX-License-Identifier: Unicode-3.0" in licences
    assert ("FormatJS (MIT)" in known, "Unicode-3.0" in known) == (True, True)
    assert json.loads((VENDOR / "intl.json").read_text())["icu"] == "78.2"
