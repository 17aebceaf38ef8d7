"""The event loop that the service runs on, whose connections and TLS are not those of asyncio's own."""

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    return "asyncio", {"use_uvloop": True}
