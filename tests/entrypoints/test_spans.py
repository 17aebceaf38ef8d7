"""Spans are wanted by naming a collector, and only then is anything of OpenTelemetry needed."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from entrypoints.composition.spans import ENDPOINT, around_requests, around_runs

IMPORTED = """
import sys
import entrypoints.api, entrypoints.worker
from entrypoints.composition.spans import around_runs
with around_runs({}) as around:
    assert around(print) is print
print([name for name in sys.modules if name.startswith("opentelemetry")])
"""


def test_without_a_collector_nothing_of_it_is_imported(repository: Path) -> None:
    command = [sys.executable, "-c", IMPORTED]
    assert subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("around", [around_requests, around_runs])
def test_with_a_collector_and_without_its_packages_a_process_names_the_packages_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], around: Any
) -> None:
    monkeypatch.delitem(sys.modules, "adapters.spans.tracing", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.context", None)
    with pytest.raises(SystemExit) as ended, around({ENDPOINT: "http://127.0.0.1:1"}):
        pass
    said = capsys.readouterr().err
    assert (ended.value.code, said.count("\n"), "requirements-spans.lock" in said) == (2, 1, True)
