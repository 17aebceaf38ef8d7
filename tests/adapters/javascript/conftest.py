"""One sandbox an engine for the tests of a module, so that each also shows that the one before did it no harm."""

from collections.abc import Iterator

import pytest

from domain.engine import EngineName
from tests.adapters.javascript.sandboxes import Bench, a_bench


@pytest.fixture(scope="module", params=EngineName)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with a_bench(engine=request.param) as made:
        yield made
