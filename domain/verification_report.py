"""The report of a verification: the result of the check of each part of a receipt, with its reason."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from attrs import field, frozen

from domain.job_statement import JobStatement
from domain.statement import Statement, StatementFault


class Part(StrEnum):
    """Part of a receipt, in the order in which they are checked."""

    SIGNATURE = "signature"
    PAYLOAD_TYPE = "payload-type"
    STATEMENT = "statement"
    INSTALLATION = "installation"
    EXECUTION = "execution"
    RESULT = "result"
    ERROR = "error"
    DATASET = "dataset"
    SOURCE = "source"
    JOB = "job"
    PARTITIONS = "partitions"
    MANIFEST = "manifest"
    OUTPUT = "output"


_JOB: Final = (Part.JOB, Part.PARTITIONS, Part.MANIFEST, Part.OUTPUT)
_EXECUTION: Final = (Part.EXECUTION, Part.RESULT, Part.ERROR, Part.DATASET)
PARTS_OF_EXECUTIONS: Final = tuple(one for one in Part if one not in _JOB)
"""The parts of a receipt of an execution."""
PARTS_OF_JOBS: Final = tuple(one for one in Part if one not in _EXECUTION)
"""The parts of a receipt of a job."""


class CheckResult(StrEnum):
    """Result of the check of a part."""

    HOLDS = "holds"
    MISMATCH = "mismatch"
    NOT_CHECKED = "not-checked"


class Reason(StrEnum):
    """Reason for a result. Those of a statement that is none of ours are `StatementFault`."""

    SIGNED = "signed"
    EXPECTED_TYPE = "expected-type"
    WELL_FORMED = "well-formed"
    SAME_ID = "same-id"
    SAME_DIGEST = "same-digest"
    UNKNOWN_KEY = "unknown-key"
    WRONG_SIGNATURE = "wrong-signature"
    FINISHED_AFTER_RETIREMENT = "finished-after-retirement"
    OTHER_PAYLOAD_TYPE = "other-payload-type"
    OTHER_INSTALLATION = "other-installation"
    OTHER_EXECUTION = "other-execution"
    OTHER_DIGEST = "other-digest"
    HAS_FAILED = "has-failed"
    HAS_SUCCEEDED = "has-succeeded"
    NOT_GIVEN = "not-given"
    NOT_TRUSTED = "not-trusted"
    OTHER_JOB = "other-job"
    IS_OF_A_JOB = "is-of-a-job"
    IS_OF_AN_EXECUTION = "is-of-an-execution"
    SAME_ROOT = "same-root"
    OTHER_ROOT = "other-root"
    SAME_OBJECTS = "same-objects"
    OTHER_OBJECT = "other-object"
    OBJECT_MISSING = "object-missing"


class Form(StrEnum):
    """Form of a file's content whose digest is compared: the service stores text, not the bytes as they were sent."""

    RAW = "raw"
    WITHOUT_MARK = "without-byte-order-mark"
    LINES = "lines"
    DECODED = "decoded"
    DECODED_LINES = "decoded-lines"
    ERROR = "error"


@frozen
class CheckedPart:
    """A part with the result of its check and the reason; the facts complete the reason's text."""

    part: Part
    result: CheckResult
    reason: Reason | StatementFault
    facts: Mapping[str, str] = field(factory=dict)


@frozen
class VerificationReport:
    """All parts in order, and the statement if it is trusted."""

    parts: tuple[CheckedPart, ...]
    statement: Statement | JobStatement | None

    @property
    def holds(self) -> bool:
        """Tell whether everything that was checked holds. The signature always is."""
        return all(one.result is not CheckResult.MISMATCH for one in self.parts)
