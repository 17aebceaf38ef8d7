"""Random programs are reproduced to the byte: in other processes, in another isolation, and at another time."""

from domain.engine import DEFAULT_ENGINE
from tests.adapters.javascript.reproducing import reproduce_programs, two_sandboxes


def test_random_programs_are_reproduced_those_of_earlier_releases_too() -> None:
    with two_sandboxes(DEFAULT_ENGINE) as sandboxes:
        counted = reproduce_programs(sandboxes, 20)
    assert {verdict for _, verdict in counted} == {"Reproduced"}
    assert {"succeeded", "script_error"} <= {outcome for outcome, _ in counted}
