"""The parser that stands in the repository is the one that its page names, and its licence is beside it."""

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
    assert set(present) == {"LICENSES", "acorn.js"}


def test_its_version_is_the_pinned_one_and_its_licence_is_known() -> None:
    pinned = json.loads((ROOT / "scripts" / "vendor" / "package-lock.json").read_text())["packages"][
        "node_modules/acorn"
    ]
    assert f'var version = "{pinned["version"]}";' in (VENDOR / "acorn.js").read_text()
    assert (VENDOR / "LICENSES").read_text().startswith(f"acorn {pinned['version']}\n\nMIT License")
    assert (pinned["license"], "acorn (MIT)" in (ROOT / "docs" / "licences.md").read_text()) == ("MIT", True)
