"""A background task that fails is logged with its name, while the work beside it goes on."""

import pytest

from entrypoints.composition.background import background_task
from tests.support.waiting import eventually_sees


async def sampling() -> None:
    raise ValueError("broken")


@pytest.mark.anyio
async def test_a_background_task_that_fails_is_logged_with_its_name(caplog: pytest.LogCaptureFixture) -> None:
    async def logged() -> bool:
        return "background task sampling failed and has stopped" in caplog.text

    with pytest.raises(ValueError, match="broken"):
        async with background_task(sampling()):
            await eventually_sees(logged)
    assert "ValueError: broken" in caplog.text
