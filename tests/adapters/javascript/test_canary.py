"""A secret in a service's environment, memory, files and earlier executions is nowhere in what scripts can find.

`canary_program` is the service that stores it and runs the corpus; scripts of `tests/corpus/seekers` look for it.
"""

import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.folders import let_others_through
from tests.support.processes import clean_environment

ROOT = Path(__file__).parents[3]
HAUNTED = Path(__file__).with_name("canary_program.py")


class Haunting:
    """The secret, the leaks by kind and by name, and all that the process wrote to standard error."""

    def __init__(self, secret: str, said: subprocess.CompletedProcess[str]) -> None:
        assert said.returncode == 0, said.stderr
        self.secret, self.told = secret, said.stderr
        self.heard: dict[str, dict[str, Any]] = json.loads(said.stdout)


@pytest.fixture(scope="module")
def haunting(tmp_path_factory: pytest.TempPathFactory) -> Haunting:
    """Run with the secret present from the exec on, as an operator's would be."""
    folder, secret = tmp_path_factory.mktemp("secrets"), f"canary{secrets.token_hex(24)}"
    files = [folder / "open.js", folder / "closed.js"]
    for path, mode in zip(files, (0o644, 0o600), strict=True):
        path.write_text(f"export default {secret!r}; globalThis.found = {secret!r};")
        path.chmod(mode)
    let_others_through(folder)
    environment = clean_environment() | {"CANARY": secret, "DATABASE_URL": f"postgresql://bateia:{secret}@db/bateia"}
    command = [sys.executable, str(HAUNTED), str(ROOT), *map(str, files)]
    return Haunting(secret, subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120))


def test_the_controls_find_the_secret(haunting: Haunting) -> None:
    controls = haunting.heard["controls"]
    assert {"echo", "throw"} <= controls.keys()
    assert set(controls.values()) == {True}


def test_no_script_finds_it(haunting: Haunting) -> None:
    runs = haunting.heard["runs"]
    assert len(runs) > 80
    assert [name for name, found in runs.items() if found] == []


def test_no_zygote_and_no_child_has_it_in_its_memory(haunting: Haunting) -> None:
    """Read from outside, for which it takes root; the next test does without."""
    memory = haunting.heard["memory"]
    assert bool(memory) == (os.geteuid() == 0)
    assert set(memory.values()) <= {False}


def test_a_child_that_searches_its_own_memory_does_not_find_it(haunting: Haunting) -> None:
    (told,) = re.findall(r"^SEARCHED \((\d+), (\w+), (.*)\)$", haunting.told, re.MULTILINE)
    assert int(told[0]) > 10_000_000
    assert told[1] == "True"  # the search finds a text that is in its environment
    assert told[2] == "False, False, False, False"


def test_the_service_s_own_output_does_not_contain_it(haunting: Haunting) -> None:
    assert haunting.secret not in haunting.told
