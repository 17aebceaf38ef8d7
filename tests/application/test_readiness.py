"""The first failed check is the reason why the service is not ready."""

import pytest

from application.ports.operations import Readiness

BROKEN = "it is broken"


def test_unknown_checks_and_absent_workers_are_no_trouble() -> None:
    unseen = Readiness(database=None, schema=None, writing=None, sealing=None, workers=None)
    assert [one.trouble for one in (Readiness(), Readiness(workers=0), unseen)] == ["", "", ""]


@pytest.mark.parametrize(
    "readiness",
    [Readiness(database=BROKEN), Readiness(schema=BROKEN), Readiness(writing=BROKEN), Readiness(sealing=BROKEN)],
)
def test_each_part_can_be_in_the_way(readiness: Readiness) -> None:
    assert readiness.trouble == BROKEN
