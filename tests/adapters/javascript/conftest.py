"""One sandbox for the tests of a module, so that each of them also shows that the one before did it no harm."""

from collections.abc import Iterator

import pytest

from tests.adapters.javascript.sandboxes import Bench, a_bench


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with a_bench() as made:
        yield made
