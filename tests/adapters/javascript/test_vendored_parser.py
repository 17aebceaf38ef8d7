"""The vendored files of the sandbox are those that their page names, and their licences are beside them."""

import json
import re
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[3]
VENDOR = ROOT / "adapters" / "javascript" / "confined" / "vendor"


def test_the_vendored_files_are_those_that_their_readme_names() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text(), re.MULTILINE)
    present = {one.name: sha256(one.read_bytes()).hexdigest() for one in VENDOR.iterdir()}
    del present["README.md"]
    assert present == dict(rows)
    assert set(present) == {"LICENSES", "acorn.js", "formatjs.js", "intl.json"}


def test_its_version_is_the_pinned_one_and_its_licence_is_known() -> None:
    pinned = json.loads((ROOT / "scripts" / "vendor" / "package-lock.json").read_text())["packages"][
        "node_modules/acorn"
    ]
    assert f'var version = "{pinned["version"]}";' in (VENDOR / "acorn.js").read_text()
    assert (VENDOR / "LICENSES").read_text().startswith(f"acorn {pinned['version']}\n\nMIT License")
    assert (pinned["license"], "acorn (MIT)" in (ROOT / "docs" / "licences.md").read_text()) == ("MIT", True)


def test_the_packages_of_formatjs_are_pinned_and_their_licences_are_known() -> None:
    packages = json.loads((ROOT / "scripts" / "vendor" / "package-lock.json").read_text())["packages"]
    licences = (VENDOR / "LICENSES").read_text()
    known = (ROOT / "docs" / "licences.md").read_text()
    pinned = {name.removeprefix("node_modules/"): one for name, one in packages.items() if "/@formatjs/" in name}
    assert len(pinned) > 8
    for name, one in pinned.items():
        assert (f"{name} {one['version']}\n" in licences, one["license"]) == (True, "MIT"), name
    assert "SPDX-License-Identifier: Unicode-3.0" in licences
    assert ("FormatJS (MIT)" in known, "Unicode-3.0" in known) == (True, True)
    assert json.loads((VENDOR / "intl.json").read_text())["icu"] == "78.2"
