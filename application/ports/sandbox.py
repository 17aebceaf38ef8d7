"""Ports to the sandbox: run a script, check a source, and do either while a client waits."""

from collections.abc import Awaitable
from typing import Final, Protocol, TypeAlias

from attrs import field, frozen
from returns.result import Result

from application.ports.queue import Claimed
from domain.body import Body
from domain.circumstances import Circumstances
from domain.engine import EngineName
from domain.hint import Hint
from domain.limits import Limits, trial_limits
from domain.outcome import Run
from domain.versions import ScriptVersion, Source
from domain.warnings import SourceWarning


@frozen
class ScriptFault:
    """A reason why a source cannot be hosted; `line` and `column` count from 1 in the source as it was sent.

    `position_is_exact` is None without a position.
    """

    detail: str
    line: int | None = None
    column: int | None = None
    position_is_exact: bool | None = None
    hint: Hint | None = None


@frozen
class NotRunnable:
    """The sandbox tried the source and refused it."""

    faults: tuple[ScriptFault, ...]


@frozen
class SandboxLost:
    """The sandbox itself died, by no fault of the script that it ran: nothing is known of the run."""


@frozen
class SandboxUnavailable:
    """No process could be started to run the script in, by no fault of the script: it has not begun."""


@frozen
class EngineMissing:
    """The version's engine is not installed here, or not known."""


RunFailure: TypeAlias = SandboxLost | SandboxUnavailable | EngineMissing


class RunScript(Protocol):
    """The sandbox that runs scripts."""

    def __call__(self, claimed: Claimed, /) -> Awaitable[Result[Run, RunFailure]]:
        """Run the source on its version's engine over the dataset, within the limits. Cancelling the call ends the run
        at once."""
        ...


@frozen
class SandboxBusy:
    """No slot for runs that a client waits for became free in time."""


@frozen
class WholeCall:
    """The call `process(data)`."""


@frozen
class PartCall:
    """The call `process(data, {index, count})` over a part of a dataset. `count` is None where it is not known yet."""

    index: int
    count: int | None


@frozen
class MergeCall:
    """The call `merge(data)`, where the dataset is the array of partial results."""


Call: TypeAlias = WholeCall | PartCall | MergeCall
WHOLE_CALL: Final = WholeCall()
MERGE_CALL: Final = MergeCall()


@frozen(kw_only=True)
class Trial:
    """A run that belongs to no execution: a source, which may not be hosted, over a dataset, with all that it needs."""

    source: Source = field(repr=False)
    engine: str
    limits: Limits
    dataset: Body
    circumstances: Circumstances
    source_warnings: tuple[SourceWarning, ...] = ()
    call: Call = WHOLE_CALL


def trial_of(version: ScriptVersion, dataset: Body, circumstances: Circumstances) -> Trial:
    """Plan the trial of a version over a dataset."""
    return Trial(
        source=version.source,
        engine=version.engine,
        limits=trial_limits(version.limits),
        dataset=dataset,
        circumstances=circumstances,
        source_warnings=version.warnings,
    )


class RunTrial(Protocol):
    """The sandbox as it runs what a client waits for: previews and tests. It has few slots, apart from the workers'."""

    async def __call__(self, trial: Trial, /) -> Result[Run, RunFailure | SandboxBusy]:
        """Run the source over the dataset, within the limits. Cancelling the call ends the run at once."""
        ...


class CheckScript(Protocol):
    """The sandbox that tries whether a source can be hosted."""

    async def __call__(
        self, source: Source, limits: Limits, engine: EngineName, /
    ) -> Result[tuple[SourceWarning, ...], NotRunnable]:
        """Check that the source parses, its top level ends within the limits, and `process` is a function then.

        What can be hosted may still be warned about.
        """
        ...


class CheckTrial(Protocol):
    """The check of a source that a client is editing, in the slots of trials."""

    async def __call__(
        self, source: Source, limits: Limits, engine: EngineName, /
    ) -> Result[tuple[SourceWarning, ...], NotRunnable | SandboxBusy]:
        """Check the source as `CheckScript` does. Cancelling the call ends the check at once."""
        ...
