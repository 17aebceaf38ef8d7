"""Following the guide: the blocks of a page as a shell script with the output of each, and its scripts with their data.

The notes behind a block's language say what it is for: `output` is what the block before it gives, `input` the dataset
of the script before it. `refused` marks commands whose requests fail, `needs=client` programs that import the Python
client, and `skip=…` commands that need what tests lack.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from tests.support.abridged import matches
from tests.support.curl import DOCUMENTED
from tests.support.documents import Block
from tests.support.processes import clean_environment

CLIENT: Final = Path(__file__).parents[2] / "clients/python/src"
"""The Python client, where the checkout has it."""
_SECONDS: Final = 300
_STAND_IN: Final = 'curl() { "$PYTHON" -m tests.support.curl "$@"; }'
_END: Final = Block("", "")


@frozen
class Recipe:
    """A script of a page, with a dataset and the result of the script for it."""

    source: str
    dataset: str
    result: str


def recipes(page: Sequence[Block]) -> Iterator[Recipe]:
    """Find the scripts of a page; each must have a dataset and a result."""
    for at, block in enumerate(page):
        if block.language == "js":
            dataset, result = page[at + 1 : at + 3]
            assert (dataset.language, dataset.notes) == ("json", ("input",)), block.text
            assert (result.language, result.notes) == ("json", ("output",)), block.text
            yield Recipe(block.text, dataset.text, result.text)


def is_skipped(block: Block) -> bool:
    """Tell whether a block needs what a test lacks, such as Docker."""
    lacks_client = "needs=client" in block.notes and not CLIENT.is_dir()
    return lacks_client or any(one.startswith("skip=") for one in block.notes)


def follow(page: Sequence[Block], folder: Path, url: str, environment: dict[str, str]) -> list[tuple[Block, str, str]]:
    """Run the commands and programs of a page in `folder`, in one shell, on the service at `url`.

    Return each block that is shown with its output, that output, and the real one. A failing command ends the page.
    """
    ran = [
        (block, shown if "output" in shown.notes else None)
        for block, shown in pairwise((*page, _END))
        if block.language in ("sh", "python") and not is_skipped(block)
    ]
    outputs = folder.with_name(f"{folder.name}-outputs")
    outputs.mkdir()
    script = "".join(_step(block, outputs / str(number)) for number, (block, _) in enumerate(ran))
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script.replace(DOCUMENTED, url)],
        cwd=folder,
        env=clean_environment() | {"PYTHON": sys.executable, "SERVICE_URL": url} | environment,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    texts = [path.read_text() for number in range(len(ran)) if (path := outputs / str(number)).exists()]
    assert ended.returncode == 0, (ended.stderr, *texts[-1:])
    return [(block, shown.text, text) for (block, shown), text in zip(ran, texts, strict=True) if shown]


def _step(block: Block, output: Path) -> str:
    """Write a block as a part of a shell script whose output goes to a file."""
    text = block.text if block.language == "sh" else f"\"$PYTHON\" - <<'END_OF_PROGRAM'\n{block.text}END_OF_PROGRAM\n"
    return f"{_curl(block)}\nexec >'{output}'\n{text}"


def _curl(block: Block) -> str:
    if shutil.which("curl") is None:
        return _STAND_IN
    return 'curl() { command curl %s "$@"; }' % ("" if "refused" in block.notes else "--fail-with-body")


def assert_output(shown: str, seen: str) -> None:
    """Fail unless a command gave what the page shows, abridged: a JSON value, or the text."""
    expected = _value(shown)
    if expected is None:
        assert matches(shown.strip(), seen.strip()), (shown, seen)
    else:
        assert matches(expected, _value(seen)), (shown, seen)


def _value(text: str) -> Any:
    """Parse a text as JSON, or as lines of it; None if it is neither."""
    for read in (json.loads, lambda lines: [json.loads(line) for line in lines.splitlines()]):
        try:
            return read(text)
        except ValueError:
            continue
    return None
