"""Random programs, run once as an execution and once more as its replay, in other processes and another isolation.

`python -m tests.adapters.javascript.reproducing 10000` does so with that many programs.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from attrs import evolve, frozen
from hypothesis import HealthCheck, Phase, given, settings

from adapters.javascript.warm_processes import ReusePolicy
from application.ports.queue import Claimed
from domain.body import Body, Encoding, digest
from domain.circumstances import circumstances_of_earlier_releases
from domain.engine import EngineName
from domain.execution import Claim, Failed, Finished
from domain.reproduction import Comparison, compare, is_reproduction
from domain.transitions import finish, replay, start
from tests.adapters.javascript.programs import datasets, programs
from tests.adapters.javascript.sandboxes import TIGHT, Bench, a_bench
from tests.support.values import NOON, a_pending, a_script, an_id

_LATER: Final = NOON + timedelta(days=400, milliseconds=1)


@frozen
class TwoSandboxes:
    """The first serves many runs in one process, the second one run in each."""

    first: Bench
    second: Bench


@contextmanager
def two_sandboxes(engine: EngineName) -> Iterator[TwoSandboxes]:
    """Provide both, whose processes are gone afterwards."""
    reuse = ReusePolicy()
    with a_bench(engine=engine, reuse=reuse, analyses=False) as first, a_bench(engine=engine, analyses=False) as second:
        yield TwoSandboxes(first, second)


def reproduced(
    sandboxes: TwoSandboxes, program: str, dataset: bytes, by_earlier_release: bool
) -> tuple[str, Comparison]:
    """Run a program over a dataset and its replay; return the outcome and the comparison.

    Earlier releases recorded no circumstances, and derived others.
    """
    script, version = a_script(text=program, limits=TIGHT)
    body = Body(digest(dataset), Encoding.IDENTITY, dataset)
    pending = a_pending(version, dataset=body)
    if by_earlier_release:
        submission = pending.submission
        derived = circumstances_of_earlier_releases(submission.script.sha256, body.digest, submission.submitted_at)
        original = _run(sandboxes.first, Claimed(_started(pending, derived), version.source, body))
        recorded = evolve(original.submission, circumstances=None)
        original = evolve(original, submission=recorded, provenance=_as_earlier_releases_recorded(original))
    else:
        original = _run(sandboxes.first, Claimed(_started(pending), version.source, body))
    again = replay(original, an_id(), script, version, _LATER)
    ended = _run(sandboxes.second, Claimed(_started(again), version.source, body))
    assert is_reproduction(ended.submission, original.submission)
    return original.error.kind if isinstance(original, Failed) else "succeeded", compare(original, ended)


def _started(pending: Any, circumstances: Any = None) -> Any:
    if circumstances is not None:
        pending = evolve(pending, submission=evolve(pending.submission, circumstances=circumstances))
    return start(pending, Claim(an_id(), "worker"), pending.submission.submitted_at)


def _run(bench: Bench, claimed: Claimed) -> Finished:
    return finish(claimed.running, bench.do(bench.sandbox.run(claimed)).unwrap(), timedelta())


def _as_earlier_releases_recorded(original: Finished) -> Any:
    assert original.provenance is not None, "its run was complete"
    return evolve(original.provenance, circumstances=None)


def reproduce_programs(sandboxes: TwoSandboxes, count: int) -> Counter[tuple[str, str]]:
    """Reproduce so many random programs; count the pairs of outcome and comparison."""
    counted: Counter[tuple[str, str]] = Counter()

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(programs, datasets)
    def run(program: str, value: Any) -> None:
        by_earlier_release = counted.total() % 2 == 0
        outcome, comparison = reproduced(sandboxes, program, json.dumps(value).encode(), by_earlier_release)
        counted[outcome, type(comparison).__name__] += 1

    run()
    return counted


def main() -> None:
    """Reproduce random programs on each engine, and print the counts."""
    for engine in EngineName:
        with two_sandboxes(engine) as sandboxes:
            print(engine, dict(reproduce_programs(sandboxes, int(sys.argv[1]))), flush=True)


if __name__ == "__main__":
    main()
