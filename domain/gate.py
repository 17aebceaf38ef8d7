"""The gate of a script: the requirements on a version before one of the guarded aliases may be promoted to it.

It asks for passing tests, for a replay of past executions on the version, or for both. Evaluating a gate is a pure
function of the gate and of a version's standing: the results of the script's current tests on it, and its replays.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final
from uuid import UUID

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.aliases import AliasName
from domain.preconditions import Precondition, PreconditionFailed

MOST_REPLAYED: Final = 1_000
"""The most executions that a gate may ask a replay for, which is the most that one replay runs."""
MOST_REPLAYS: Final = 20
"""The latest replays on a version that a gate looks at: they may have a thousand executions each."""


@frozen(kw_only=True)
class Gate:
    """The requirements on a version, and the aliases that they guard.

    `replay_last` is the number of past executions that a replay must have compared; None if no replay is required.
    """

    aliases: frozenset[AliasName]
    tests: bool
    replay_last: int | None = None

    def guards(self, alias: AliasName) -> bool:
        """Tell whether the alias is guarded."""
        return alias in self.aliases


@frozen
class StoredGate:
    """A gate with its revision, which no other gate of any script ever had."""

    gate: Gate
    revision: int


@frozen
class TestStanding:
    """A current test of the script, and the result that it last had on the version; None if it has not run on it."""

    __test__ = False

    name: str
    passed: bool | None


@frozen(kw_only=True)
class ReplayStanding:
    """A replay of past executions on the version.

    `last` is the number of the script's most recent executions that it was to run; None if it named its executions, or
    restricted them to a version or a time. Of its `total` executions, `compared` were compared, `different` of these
    differ, and `incomplete` may still turn out to. The rest was skipped.
    """

    id: UUID
    last: int | None
    is_finished: bool
    is_accepted: bool
    total: int
    compared: int
    different: int
    incomplete: int

    def covers(self, last: int) -> bool:
        """Tell whether it has compared that many of the script's last executions, or all that there were.

        Skipped executions do not count, so a longer replay makes up for them. If all that there were had to be skipped,
        a person must have accepted that nothing was compared.
        """
        if self.last is None or not self.is_finished:
            return False
        took_all_there_were = self.total < self.last
        has_compared = self.compared > 0 or self.incomplete > 0 or self.total == 0 or self.is_accepted
        return self.compared + self.incomplete >= last or (took_all_there_were and has_compared)

    @property
    def passes(self) -> bool:
        """Tell whether it shows no difference, and leaves none open, that no person has accepted."""
        return self.is_accepted or (self.different == 0 and self.incomplete == 0)


@frozen(kw_only=True)
class VersionStanding:
    """The facts that gates ask about a version: the script's current tests, and the latest replays, newest first."""

    tests: tuple[TestStanding, ...] = ()
    replays: tuple[ReplayStanding, ...] = ()


NOTHING_KNOWN: Final = VersionStanding()


class ReasonCode(StrEnum):
    """The kind of a reason why a version does not pass a gate. The values are part of the wire format."""

    TEST_FAILED = "test-failed"
    TEST_NOT_RUN = "test-not-run"
    NO_TESTS = "no-tests"
    REPLAY_MISSING = "replay-missing"
    REPLAY_NOT_FINISHED = "replay-not-finished"
    REPLAY_DIFFERS = "replay-differs"


@frozen(kw_only=True)
class GateReason:
    """A requirement of the gate that the version does not meet: the test or the replay that stands in the way, if one
    does, and the number of executions that a missing replay has to compare."""

    code: ReasonCode
    test: str | None = None
    replay: ReplayStanding | None = None
    last: int | None = None


@frozen
class MissingGate:
    """The script has no gate that could be removed."""


def replace_gate(
    gate: Gate, precondition: Precondition, stored: StoredGate | None
) -> Result[Gate | None, PreconditionFailed]:
    """Decide to set a gate in place of the stored one."""
    revision = None if stored is None else stored.revision
    return Success(gate) if precondition.holds(revision) else Failure(PreconditionFailed(revision))


def remove_gate(
    precondition: Precondition, stored: StoredGate | None
) -> Result[Gate | None, PreconditionFailed | MissingGate]:
    """Decide to remove the stored gate."""
    if stored is None:
        return Failure(MissingGate())
    return Success(None) if precondition.holds(stored.revision) else Failure(PreconditionFailed(stored.revision))


def unmet_requirements(gate: Gate, standing: VersionStanding) -> tuple[GateReason, ...]:
    """List every requirement that a version of that standing does not meet; the version passes if there is none."""
    tests = _unmet_by_tests(standing.tests) if gate.tests else ()
    replays = () if gate.replay_last is None else _unmet_by_replays(standing.replays, gate.replay_last)
    return (*tests, *replays)


def _unmet_by_tests(tests: Sequence[TestStanding]) -> tuple[GateReason, ...]:
    if not tests:
        return (GateReason(code=ReasonCode.NO_TESTS),)
    codes = {None: ReasonCode.TEST_NOT_RUN, False: ReasonCode.TEST_FAILED}
    return tuple(GateReason(code=codes[one.passed], test=one.name) for one in tests if one.passed is not True)


def _unmet_by_replays(replays: Sequence[ReplayStanding], last: int) -> tuple[GateReason, ...]:
    """Judge by the newest replay that covers the last executions: an older one knows less of them."""
    covering = next((one for one in replays if one.covers(last)), None)
    if covering is not None:
        differs = GateReason(code=ReasonCode.REPLAY_DIFFERS, replay=covering)
        return () if covering.passes else (differs,)
    running = next((one for one in replays if one.last is not None and not one.is_finished), None)
    if running is not None:
        return (GateReason(code=ReasonCode.REPLAY_NOT_FINISHED, replay=running, last=last),)
    return (GateReason(code=ReasonCode.REPLAY_MISSING, last=last),)
