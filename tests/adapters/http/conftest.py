"""One fresh application a test."""

import pytest

from tests.adapters.http.api import Api


@pytest.fixture
def api() -> Api:
    return Api()
