"""Write a script's test: from a dataset and an expected outcome, or from an execution as it was recorded."""

from typing import TypeAlias
from uuid import UUID

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.bodies import Bodies, MalformedJson
from application.ports.script_tests import NewTest, ScriptTests
from application.ports.scripts import ScriptRef, Scripts
from application.ports.system import Clock, NewId
from application.scripts.read import UnknownScript, read_script
from domain.audit import ANONYMOUS, Actor
from domain.circumstances import Circumstances, RequestedCircumstances, completed
from domain.preconditions import UNCONDITIONAL, Precondition, PreconditionFailed
from domain.script import Script, ScriptArchived
from domain.script_tests import (
    MOST_TEST_BYTES,
    Expectation,
    ScriptTest,
    ScriptTestContent,
    ScriptTestName,
    TooManyTests,
)


@frozen
class ScriptTestTooLarge:
    """The dataset or the expected result of a test, `part`, is larger than it may be."""

    part: str
    size_bytes: int
    limit_bytes: int = MOST_TEST_BYTES


WriteRefused: TypeAlias = (
    UnknownScript | ScriptArchived | TooManyTests | PreconditionFailed | ScriptTestTooLarge | MalformedJson
)


@frozen(kw_only=True)
class WritePorts:
    """The ports of writing a test."""

    scripts: Scripts
    tests: ScriptTests
    bodies: Bodies
    clock: Clock
    new_id: NewId


@frozen(kw_only=True)
class Target:
    """The test that a command writes: its place, the state that the client requires of it, and the client."""

    script: ScriptRef
    name: ScriptTestName
    precondition: Precondition = UNCONDITIONAL
    actor: Actor = ANONYMOUS


@frozen(kw_only=True)
class WriteScriptTest:
    """The command: expect that outcome of a run over the dataset. `expected` is its text, as the content has it."""

    target: Target
    dataset: bytes = field(repr=False)
    expectation: Expectation
    expected: bytes | None = field(repr=False)
    circumstances: RequestedCircumstances | None = None


@frozen(kw_only=True)
class ScriptTestFacts:
    """The members of a test that do not depend on where it is stored."""

    expectation: Expectation
    circumstances: Circumstances
    from_execution: UUID | None = None


@frozen
class WrittenTest:
    """A stored test, and whether it replaced one."""

    test: ScriptTest
    content: ScriptTestContent
    replaced: bool


async def write_test(ports: WritePorts, command: WriteScriptTest) -> Result[WrittenTest, WriteRefused]:
    """Store a test. Clock and seed that it does not set are chosen now, so that all of its runs see the same."""
    found = await read_script(ports.scripts, command.target.script)
    if not is_successful(found):
        return Failure(found.failure())
    for part, text in (("dataset", command.dataset), ("result", command.expected or b"")):
        if len(text) > MOST_TEST_BYTES:
            return Failure(ScriptTestTooLarge(part, len(text)))
    encoded = await ports.bodies.encode(command.dataset)
    if not is_successful(encoded):
        return Failure(encoded.failure())
    facts = ScriptTestFacts(
        expectation=command.expectation,
        circumstances=completed(command.circumstances, encoded.unwrap().digest, ports.clock()),
    )
    content = ScriptTestContent(encoded.unwrap(), command.expected)
    return await store_test(ports, command.target, found.unwrap(), facts, content)


async def store_test(
    ports: WritePorts, target: Target, script: Script, facts: ScriptTestFacts, content: ScriptTestContent
) -> Result[WrittenTest, TooManyTests | PreconditionFailed | ScriptArchived]:
    """Store a test under a new id."""
    test = ScriptTest(
        id=ports.new_id(),
        script_id=script.id,
        name=target.name,
        dataset=content.dataset.digest,
        circumstances=facts.circumstances,
        expectation=facts.expectation,
        created_at=ports.clock(),
        from_execution=facts.from_execution,
    )
    put = await ports.tests.put(NewTest(test, content, target.precondition), target.actor)
    if not is_successful(put):
        return Failure(put.failure())
    stored = put.unwrap()
    return Success(WrittenTest(stored.test, content, stored.replaced))
