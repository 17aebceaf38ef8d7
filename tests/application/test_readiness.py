"""The first failed check is the reason why the service is not ready."""

import pytest

from application.ports.operations import UNKNOWN, CheckFailed, Readiness

BROKEN = CheckFailed("it is broken")


def test_unknown_checks_and_absent_workers_are_no_trouble() -> None:
    unseen = Readiness(database=UNKNOWN, schema=UNKNOWN, writing=UNKNOWN, sealing=UNKNOWN, workers=None)
    assert [one.trouble for one in (Readiness(), Readiness(workers=0), unseen)] == [None, None, None]


@pytest.mark.parametrize(
    "readiness",
    [Readiness(database=BROKEN), Readiness(schema=BROKEN), Readiness(writing=BROKEN), Readiness(sealing=BROKEN)],
)
def test_each_part_can_be_in_the_way(readiness: Readiness) -> None:
    assert readiness.trouble == BROKEN.reason
