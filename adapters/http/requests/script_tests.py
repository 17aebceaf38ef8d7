"""Reads a script's test out of a request's body. Dataset and expected result stay bytes."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success
from starlette.requests import Request

from adapters.http.operations import JSON, RequestContext
from adapters.http.problems.refusals import InvalidDocument, MalformedId, Refusal, ShortDocumentTooLarge
from adapters.http.requests.body import read_text
from adapters.http.requests.documents import read_document
from adapters.http.requests.parameters import media_type, script_ref
from adapters.http.requests.preconditions import precondition
from adapters.http.requests.raw_members import SplitDocument, split_document
from adapters.http.results import then
from adapters.http.wire.schemas.script_tests import NewExpectation, NewTest, NewTestTolerance
from adapters.http.wire.validation_errors import Fault
from application.script_tests.copy_execution import CopyExecution
from application.script_tests.write import Target, WriteScriptTest
from domain.audit import AuditEvent
from domain.circumstances import requested_circumstances
from domain.comparison.values import Tolerance
from domain.hint import hint
from domain.outcome import ErrorKind
from domain.script_tests import (
    MOST_TEST_BYTES,
    ErrorExpectation,
    Expectation,
    ResultExpectation,
    ScriptTestName,
    expected_message,
    script_test_name,
)

_ROOM_FOR_OTHER_MEMBERS: Final = 64 * 1024
_MOST_BYTES: Final = 2 * MOST_TEST_BYTES + _ROOM_FOR_OTHER_MEMBERS
_DATASET, _EXPECTED, _RESULT = "dataset", "expected", "result"

Command: TypeAlias = WriteScriptTest | CopyExecution


def path_test_name(request: Request) -> Result[ScriptTestName, MalformedId]:
    """Read `{test}`: the name of a test."""
    return script_test_name(request.path_params["test"]).alt(lambda one: MalformedId("malformed-test-name", one.name))


def target_of(call: RequestContext[Any]) -> Result[Target, MalformedId]:
    """Read the test that a request is about, and its precondition."""
    return Result.do(
        Target(script=script, name=name, precondition=precondition(call.request.headers), actor=call.actor)
        for script in script_ref(call.request)
        for name in path_test_name(call.request)
    )


async def read_test(call: RequestContext[Any], target: Target) -> Result[Command, Refusal]:
    """Read the test to be written."""
    sent_as = media_type(call.request, (JSON,))
    body = await then(sent_as, lambda _: read_text(call, ShortDocumentTooLarge(_MOST_BYTES)))
    split = await then(body, lambda text: _split(call, text))
    record = call.deps.audit.reads.record
    return split.bind(lambda one: _read(target, one, record))


def _read(target: Target, split: SplitDocument, record: Callable[[AuditEvent], None]) -> Result[Command, Refusal]:
    return Result.do(
        command for new in read_document(split.text, NewTest) for command in _command(target, new, split.values, record)
    )


async def _split(call: RequestContext[Any], text: bytes) -> Result[SplitDocument, Refusal]:
    """Take out the dataset and the expected result, which is a member of a member."""
    found = await split_document(call.deps.bodies, text, frozenset({_DATASET, _EXPECTED}), _MOST_BYTES)
    if not is_successful(found) or _EXPECTED not in found.unwrap().values:
        return found
    outer = found.unwrap()
    nested = await split_document(call.deps.bodies, outer.values[_EXPECTED], frozenset({_RESULT}), _MOST_BYTES)
    values = {name: value for name, value in outer.values.items() if name == _DATASET}
    return nested.map(
        lambda inner: SplitDocument(
            outer.text[:-1] + b',"expected":' + inner.text + b"}",  # of two members the last one counts
            {**values, **inner.values},
        )
    )


def _command(
    target: Target, new: NewTest, values: Mapping[str, bytes], record: Callable[[AuditEvent], None]
) -> Result[Command, Refusal]:
    faults = _of_execution(new, values) if new.from_execution is not None else _of_dataset(new, values)
    if faults:
        return Failure(InvalidDocument(tuple(faults)))
    if new.from_execution is not None:
        wanted = ResultExpectation(_tolerance(new.tolerance), new.subset is True)
        return Success(CopyExecution(target=target, execution_id=new.from_execution, expectation=wanted, record=record))
    assert new.expected is not None, "its absence is a fault"
    expectation, expected = _expected(new.expected, values.get(_RESULT))
    return Success(
        WriteScriptTest(
            target=target,
            dataset=values[_DATASET],
            expectation=expectation,
            expected=expected,
            circumstances=requested_circumstances(new.clock, new.seed).unwrap(),  # the shape's validators checked them
        )
    )


def _of_execution(new: NewTest, values: Mapping[str, bytes]) -> list[Fault]:
    """Find members that an execution determines."""
    given = {
        "dataset": _DATASET in values,
        "expected": new.expected is not None,
        "clock": new.clock is not None,
        "seed": new.seed is not None,
    }
    return [Fault(f"/{name}", hint("not-with-from-execution")) for name, is_given in given.items() if is_given]


def _of_dataset(new: NewTest, values: Mapping[str, bytes]) -> list[Fault]:
    faults = [
        Fault(f"/{name}", hint("required"), hint("or-from-execution"))
        for name, is_given in (("dataset", _DATASET in values), ("expected", new.expected is not None))
        if not is_given
    ]
    faults += [
        Fault(f"/{name}", hint("only-with-from-execution", member=f"expected.{name}"))
        for name, value in (("tolerance", new.tolerance), ("subset", new.subset))
        if value is not None
    ]
    if new.expected is not None:
        faults += _of_expectation(new.expected, has_result=_RESULT in values)
    return faults


def _of_expectation(new: NewExpectation, *, has_result: bool) -> list[Fault]:
    if has_result == (new.error is not None):
        return [Fault("/expected", hint("either-result-or-error"))]
    if has_result:
        return []
    return [
        Fault(f"/expected/{name}", hint("only-with-result"))
        for name, value in (("tolerance", new.tolerance), ("subset", new.subset))
        if value is not None
    ]


def _expected(new: NewExpectation, result: bytes | None) -> tuple[Expectation, bytes | None]:
    if new.error is None:
        return ResultExpectation(_tolerance(new.tolerance), new.subset is True), result
    message = None if new.error.message is None else expected_message(new.error.message)
    return ErrorExpectation(ErrorKind(new.error.kind.value)), message


def _tolerance(new: NewTestTolerance | None) -> Tolerance:
    if new is None:
        return Tolerance()
    return Tolerance(new.absolute or Decimal(0), new.relative or Decimal(0))  # the shape's validators checked them
