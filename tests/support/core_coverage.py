"""A pytest plugin (`-p tests.support.core_coverage`): measures the core's coverage while the core's own tests run.

Lines that the slow tests execute by accident do not count, and those tests run at full speed. Measuring starts with the
import of this plugin, for the core's definitions run when it is imported. Several processes share the tests, so each
keeps a file of its own; `coverage combine` joins them and `coverage report` judges the result.
"""

from pathlib import Path
from typing import Final

import pytest
from coverage import Coverage

_MEASURED: Final = tuple(Path(__file__).parents[1] / layer for layer in ("domain", "application"))


class _Gauge:
    """Coverage that may be started and stopped repeatedly."""

    def __init__(self) -> None:
        self._coverage, self._on = Coverage(data_suffix=True), False

    def measure(self, wanted: bool) -> None:
        if wanted != self._on:
            (self._coverage.start if wanted else self._coverage.stop)()
            self._on = wanted

    def keep(self) -> None:
        self.measure(False)
        self._coverage.save()


_gauge: Final = _Gauge()
_gauge.measure(True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Measure this test if it is one of the core's."""
    _gauge.measure(any(item.path.is_relative_to(folder) for folder in _MEASURED))


def pytest_sessionfinish() -> None:
    """Write the measurements, for `coverage report`."""
    _gauge.keep()
