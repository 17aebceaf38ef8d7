"""The words that the worker, its zygotes and their children exchange, as both ends spell them.

Two channels, which never mix. Worker and zygote speak in datagrams of a fixed shape over one SOCK_SEQPACKET pair, and
every one carries the number of the child that it is about, so a zygote can keep several. Worker and child share
a SOCK_STREAM pair that the worker made: a header, the source and the dataset go in, frames come out.

    worker -> zygote    SPAWN child (+ its end)    ARM child, limits    DISARM child    KILL child
    zygote -> worker    READY text | REFUSED text    BORN child, pid    ENDED child, facts
    worker -> child     HEADER source dataset
    child  -> worker    (LOG | CUT | DIFFERENCE)*  then  NON_FINITE? (RESULT | RESULT_READY)  or  ERROR
                        of an analysis  FINDING*  then  RESULT

A child ends after its final frame, but for RESULT_READY, after which it keeps silent and reads the next header; the
header must have allowed that. Its clock runs from ARM to DISARM or to its end, and from the next ARM again.

Only the standard library may be imported here: the zygote runs without site-packages.
"""

from enum import IntEnum
from struct import Struct
from typing import Final

COMMAND: Final = Struct("<B3xIIIQ")
"""Kind, child, wall milliseconds, CPU seconds, bytes of address space; a member that a command does not need is 0.
Of SPAWN the milliseconds are 1 if the child may serve several runs, and BORN shall report its process."""

REPORT: Final = Struct("<B3xIii3Q")
"""Kind, child, wait status, how its clock stood (`Clock`), wall and CPU microseconds, peak resident bytes. Of BORN the
status is the process's number and the rest 0."""

HEADER: Final = Struct("<BB2xIIIIQQq4III")
"""Mode; 1 if the child may stay for another run, else 0; wall milliseconds; bytes of the log budget, of the longest
result, of the source, of the dataset and of the engine's heap; the clock in milliseconds since 1970; the first state
of the random generator; of a PART its index and the number of parts, 0 if that is unknown."""

SEED: Final = Struct("<4I")
"""The first state of the random generator, as its sixteen bytes are numbers of a HEADER."""

FRAME: Final = Struct("<BI")
"""Kind and length of the payload that follows."""

FAULT: Final = Struct("<BBII")
"""The start of an ERROR's payload: phase, cause, lengths of message and stack. Message, stack and details (causes and
members of an error) follow, in UTF-8."""

COUNT: Final = Struct("<I")
"""The start of a NON_FINITE's payload: how many numbers were written as null. The pointer of the first follows."""

FINDING: Final = Struct("<BIIB")
"""The start of a FINDING's payload: the index of its kind in `FINDING_KINDS`, line and column of the source, and the
length of its subject. Subject and suggestion follow, in UTF-8."""

FINDING_KINDS: Final = (
    "syntax", "unclosed", "too-deep", "typescript", "jsx", "import", "export", "await", "python", "json", "html",
    "regexp", "no-process", "absent", "undefined", "intl", "locale", "no-intl-member", "import-call", "last-match",
    "v-flag", "v-any", "case", "kept-group", "pattern", "unsure",
)  # fmt: skip
"""As `confined/analysis/` spells them; `source_lint.py` has their meanings."""
MOST_FINDINGS: Final = 200
MAX_SUBJECT_BYTES: Final = 255
"""A subject is sent no further, and a suggestion either."""

DIFFERENCES: Final = (
    "last-match", "locale", "culture", "order", "date-range", "number-range", "compact", "narrow-percent",
    "fraction", "zone-name", "morocco", "resolved", "und",
)  # fmt: skip
"""Features that behave differently from Node, as `confined/prelude.js` numbers them; `differences.py` words them.
A DIFFERENCE's payload is one byte, the index of the feature. Each is sent at its first use in a run."""

PRELUDE_NAME: Final = "prelude.js"
SCRIPT_NAME: Final = "script.js"
"""The names of the two in stack traces."""

MAX_DATAGRAM_BYTES: Final = 4096
MAX_TEXT_BYTES: Final = 64 * 1024
"""A longer message, stack or pointer is not sent; the worker stores less."""
LINE_COST_BYTES: Final = 32
"""The log budget of a printed line besides its text, so that a flood of empty lines ends as well."""


class Command(IntEnum):
    """A worker's command to a zygote."""

    SPAWN = 1
    ARM = 2
    KILL = 3
    DISARM = 4


class Report(IntEnum):
    """A zygote's report. READY and REFUSED are one byte and then text: of READY the
    engine's version and the layers of confinement in words, of REFUSED the reason."""

    READY = 1
    REFUSED = 2
    ENDED = 3
    BORN = 4


class Clock(IntEnum):
    """A child's clock at its end: it was killed waiting for a run; it was in its run; its time ran out."""

    IDLE = 0
    RUNNING = 1
    OUT = 2


class Mode(IntEnum):
    """RUN calls `process` on the dataset, PART does on a part of one, with its place, and MERGE calls `merge`. CHECK
    checks that `process` exists, ANALYSE parses a source and runs nothing."""

    RUN = 1
    CHECK = 2
    ANALYSE = 3
    PART = 4
    MERGE = 5


class Frame(IntEnum):
    """A message of a child. CUT means that the log budget is spent and more was printed; RESULT_READY is a RESULT of
    a child that is ready for another run."""

    LOG = 1
    LOG_TRUNCATED = 2
    NON_FINITE = 3
    RESULT = 4
    ERROR = 5
    FINDING = 6
    DIFFERENCE = 7
    RESULT_READY = 8


class Phase(IntEnum):
    """The phase of a run: its top level, the call of `process`, the serialisation of what that returned."""

    LOAD = 1
    CALL = 2
    SERIALISE = 3


class Cause(IntEnum):
    """The reason that a child gives for its end. THROWN and PLACED are the script's own doing; with PLACED the position
    is known to be that of the failure."""

    THROWN = 1
    OUT_OF_MEMORY = 2
    TOO_LARGE = 3
    PLACED = 4


class Exit(IntEnum):
    """Exit statuses of a child that no signal ends."""

    DONE = 0
    OUT_OF_MEMORY = 3
    BROKEN = 4
