"""What is in the way of the service's work is the first thing that is wrong."""

import pytest
from attrs import evolve

from application.messages import Readiness

PARTS = ("database", "schema", "writing", "sealing")


def test_what_cannot_be_seen_and_workers_that_are_away_are_no_trouble() -> None:
    unseen = Readiness(database=None, schema=None, writing=None, sealing=None, workers=None)
    assert [one.trouble for one in (Readiness(), Readiness(workers=0), unseen)] == ["", "", ""]


@pytest.mark.parametrize("part", PARTS)
def test_each_part_can_be_in_the_way(part: str) -> None:
    assert evolve(Readiness(workers=2), **{part: "it is broken"}).trouble == "it is broken"
