"""Domain values for tests: plain ones by name, and Hypothesis strategies for any of them."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import AttrsInstance, fields
from hypothesis import strategies as st

from adapters.system import uuid7
from domain.body import Body, Encoding, digest
from domain.circumstances import EARLIEST_CLOCK, LATEST_CLOCK, SEED_BYTES, Circumstances, circumstances
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.execution import Attribution, Claim, Pending, Running, ScriptReference, Submission
from domain.limits import DEFAULTS, Limits
from domain.outcome import (
    ErrorKind,
    Isolation,
    LogLevel,
    LogLine,
    Logs,
    Measures,
    Outcome,
    Produced,
    Provenance,
    Rejected,
    Run,
    script_error,
    with_exactness,
)
from domain.script import Description, Script, ScriptName, register
from domain.trace import TraceContext
from domain.versions import ScriptVersion, Source, VersionRequest, source
from domain.warnings import (
    ExecutionWarning,
    NumberWarningKind,
    RunWarningKind,
    SourceWarning,
    SourceWarningKind,
    number_warning,
    run_warning,
    source_warning,
)

_T = TypeVar("_T")

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ENGINE = "an engine 1.0"
MEASURES = Measures(wall_ms=2.5, cpu_ms=1.25, peak_memory_bytes=9_000_000)
CIRCUMSTANCES = circumstances(NOON, "0f" * SEED_BYTES).unwrap()


def any_of(shape: type[_T], **given: st.SearchStrategy[Any]) -> st.SearchStrategy[_T]:
    """Draw every member of the class, those that are not given by their types: a new member varies in all tests."""
    members = fields(cast("type[AttrsInstance]", shape))
    others = {one.name: st.from_type(one.type) for one in members if one.name not in given}
    return st.builds(shape, **given, **others)


times = st.datetimes(
    min_value=NOON.replace(tzinfo=None, year=2000),
    max_value=NOON.replace(tzinfo=None, year=2100),
    timezones=st.just(UTC),
)
any_circumstances: st.SearchStrategy[Circumstances] = st.builds(
    lambda clock, seed: circumstances(clock, seed.hex()).unwrap(),
    st.datetimes(EARLIEST_CLOCK.replace(tzinfo=None), LATEST_CLOCK.replace(tzinfo=None), timezones=st.just(UTC)),
    st.binary(min_size=SEED_BYTES, max_size=SEED_BYTES),
)
elapsed = st.timedeltas(min_value=timedelta(seconds=-5), max_value=timedelta(days=2))
digests = st.binary(min_size=1, max_size=20).map(digest)
bodies = st.binary(min_size=1, max_size=50).map(lambda data: Body(digest(data), Encoding.IDENTITY, data))
messages = st.text(max_size=40)
measures = st.builds(
    Measures,
    wall_ms=st.floats(0, 1e6),
    cpu_ms=st.floats(0, 1e6),
    peak_memory_bytes=st.integers(0, 2**40),
)
errors = st.builds(
    lambda is_exact, **members: with_exactness(script_error(**members), is_exact),
    is_exact=st.booleans(),
    kind=st.sampled_from(ErrorKind),
    message=messages,
    line=st.none() | st.integers(1, 10_000),
    column=st.none() | st.integers(1, 10_000),
    stack=st.none() | messages,
)
outcomes: st.SearchStrategy[Outcome] = st.builds(Produced, bodies) | st.builds(Rejected, errors)
log_lines = st.builds(
    LogLine, level=st.sampled_from(LogLevel), message=st.text(st.characters(codec="utf-8"), max_size=20)
)
logs = st.builds(Logs, lines=st.lists(log_lines, max_size=3).map(tuple), truncated=st.booleans())
number_warnings = st.lists(
    st.builds(number_warning, st.sampled_from(NumberWarningKind), messages, st.none() | messages), max_size=2
).map(tuple)
source_warnings = st.lists(
    st.builds(
        source_warning,
        st.sampled_from(SourceWarningKind),
        messages,
        st.none() | st.integers(1, 10_000),
        st.none() | st.integers(1, 10_000),
    ),
    max_size=2,
).map(tuple)
run_warnings = st.lists(st.builds(run_warning, st.sampled_from(RunWarningKind), messages), max_size=2).map(tuple)
warnings_of_runs = st.builds(lambda numbers, others: (*numbers, *others), number_warnings, run_warnings)
provenances = any_of(
    Provenance,
    engine=st.just(ENGINE),
    measures=measures,
    warnings=warnings_of_runs,
    circumstances=st.none() | any_circumstances,
)
runs = st.builds(Run, outcome=outcomes, logs=logs, provenance=provenances)
traces = st.builds(
    TraceContext,
    trace_id=st.integers(1, 2**128 - 1).map("{:032x}".format),
    parent_id=st.integers(1, 2**64 - 1).map("{:016x}".format),
    flags=st.integers(0, 255).map("{:02x}".format),
)
attributions = any_of(Attribution, trace=st.none() | traces)
claims = st.builds(Claim, id=st.uuids(), worker=st.just("worker"))
submissions = any_of(
    Submission,
    id=st.uuids(),
    script=st.builds(
        ScriptReference,
        id=st.uuids(),
        name=st.just(ScriptName("corporate-cards")),
        version=st.integers(1, 9),
        sha256=st.just("0" * 64),
        engine=st.sampled_from(EngineName),
    ),
    dataset=digests,
    limits=st.just(DEFAULTS),
    submitted_at=times,
    warnings=number_warnings,
    attribution=attributions,
    circumstances=st.none() | any_circumstances,
)
pendings = st.builds(Pending, submission=submissions, attempts=st.integers(0, 5))
runnings = st.builds(
    lambda pending, claim, late: Running(
        submission=pending.submission,
        attempt=pending.attempts + 1,
        claim=claim,
        started_at=pending.submission.submitted_at + late,
    ),
    pendings,
    claims,
    st.timedeltas(min_value=timedelta(), max_value=timedelta(days=1)),
)


def a_source(text: str = "function process(data) { return data; }") -> Source:
    """Create a source that is known to be valid."""
    return source(text.encode()).unwrap()


def a_script(
    name: str = "corporate-cards",
    text: str = "function process(data) { return data; }",
    limits: Limits = DEFAULTS,
    warnings: tuple[SourceWarning, ...] = (),
    engine: EngineName = DEFAULT_ENGINE,
) -> tuple[Script, ScriptVersion]:
    """Create a script and its first version."""
    wanted = a_request(a_source(text), limits, engine)
    return register(uuid7(), ScriptName(name), Description("about it"), wanted, warnings, NOON)


def a_request(
    source: Source,
    limits: Limits = DEFAULTS,
    engine: EngineName | None = None,
    default_engine: EngineName = DEFAULT_ENGINE,
) -> VersionRequest:
    """Request a version as its author wants it, on the service's default engine unless another is named."""
    return VersionRequest(source, limits, engine, default_engine)


def a_body(data: bytes = b"[1]") -> Body:
    """Create a body that is stored as it is."""
    return Body(digest(data), Encoding.IDENTITY, data)


def a_pending(version: ScriptVersion, name: str = "corporate-cards", dataset: Body | None = None) -> Pending:
    """Create an execution of a version."""
    reference = ScriptReference(
        id=version.script_id,
        name=ScriptName(name),
        version=version.number,
        sha256=version.source.digest.sha256,
        engine=version.engine,
    )
    body = dataset or a_body()
    return Pending(
        Submission(id=uuid7(), script=reference, dataset=body.digest, limits=version.limits, submitted_at=NOON)
    )


def a_run(
    outcome: Outcome | None = None,
    lines: tuple[LogLine, ...] = (),
    warnings: tuple[ExecutionWarning, ...] = (),
    isolation: Isolation | None = Isolation.VERSION,
    circumstances: Circumstances | None = CIRCUMSTANCES,
) -> Run:
    """Create a run with a result, unless another outcome is named."""
    provenance = Provenance(ENGINE, MEASURES, warnings, isolation, circumstances)
    return Run(outcome or Produced(a_body(b"[2]")), Logs(lines), provenance)


def a_failure(message: str = "boom") -> Rejected:
    """Create the outcome of a script that threw."""
    error = script_error(ErrorKind.SCRIPT_ERROR, message, line=3, column=7, stack="at process")
    return Rejected(with_exactness(error, position_is_exact=True))


def an_id() -> UUID:
    """Create an id."""
    return uuid7()
