"""Advice on failures of scripts: hints by the kind and the message of an error, and by names that do not exist here.

Hints are derived when an error is shown, so that executions of earlier releases have them too. A script can throw an
error with any message; the advice is about what the message says.
"""

import re
from typing import Final

from domain.hint import Hint, hint
from domain.outcome import ErrorKind, ScriptError

_NETWORK: Final = ("fetch", "XMLHttpRequest", "WebSocket", "EventSource", "Request", "Response", "Headers")
_FILES: Final = ("fs", "__dirname", "__filename", "FileReader")
_PAGE: Final = ("document", "navigator", "location", "history", "alert", "prompt", "confirm", "DOMParser")
_STORAGE: Final = ("localStorage", "sessionStorage", "indexedDB")
_GLOBAL: Final = ("window", "global", "self")
_THREADS: Final = ("Worker", "MessageChannel", "BroadcastChannel", "SharedArrayBuffer", "Atomics")
_PROCESS_MEMBER: Final = "process."

MISSING_NAMES: Final = {
    "Buffer": "script-no-buffer",
    **dict.fromkeys(_NETWORK, "script-no-network"),
    "require": "script-no-require",
    **dict.fromkeys(("module", "exports"), "script-no-exports"),
    **dict.fromkeys(_FILES, "script-no-files"),
    **dict.fromkeys(_PAGE, "script-no-page"),
    **dict.fromkeys(_STORAGE, "script-no-storage"),
    **dict.fromkeys(_GLOBAL, "script-global-this"),
    **dict.fromkeys(_THREADS, "script-no-threads"),
    **dict.fromkeys(("WeakRef", "FinalizationRegistry"), "script-no-weak-references"),
    "WebAssembly": "script-only-javascript",
    "process.env": "script-no-environment",
    **dict.fromkeys(("process.argv", "process.stdin"), "script-no-arguments"),
    "process.exit": "script-no-exit",
    "process.nextTick": "script-no-next-tick",
    "process.stdout": "script-no-stdout",
    "process.stderr": "script-no-stderr",
    "process.hrtime": "script-no-hrtime",
}
"""The names that scripts find in Node or in a browser and not here, each with the code of its hint."""

_KINDS: Final = {
    ErrorKind.TIMEOUT: "run-timeout",
    ErrorKind.MEMORY_LIMIT: "run-memory-limit",
    ErrorKind.OUTPUT_LIMIT: "run-output-limit",
    ErrorKind.CANCELLED: "run-cancelled",
    ErrorKind.WORKER_LOST: "run-worker-lost",
    ErrorKind.SANDBOX_VIOLATION: "run-sandbox-violation",
    ErrorKind.ENGINE_UNAVAILABLE: "run-engine-unavailable",
}
_RESULTS: Final = (
    (re.compile(r"process returned undefined"), "result-undefined"),
    (re.compile(r"process returned a (?:function|symbol|value whose toJSON)"), "result-no-json"),
    (re.compile(r"TypeError: Do not know how to serialize a BigInt|TypeError: BigInt are"), "result-big-int"),
    (re.compile(r"TypeError: (?:Converting circular structure to JSON|circular reference)"), "result-circular"),
)
_UNDEFINED_NAME: Final = re.compile(r"ReferenceError: '?([^\s']{1,200})'? is not defined")
_NEVER_SETTLES: Final = re.compile(r"the promise that process returned never settles")
_MODULES: Final = re.compile(r"\bthere are no modules\)?\Z")
_PARSED_VALUE: Final = re.compile(r"SyntaxError: .{1,500} is no JSON text[;)]", re.DOTALL)
_SHAPES: Final = {
    "an object": "dataset-object",
    "an array": "dataset-array",
    "an empty array": "dataset-array",
    "a string": "dataset-string",
    "a number": "dataset-number",
    "a boolean": "dataset-boolean",
    "null": "dataset-null",
}
_DATASET: Final = re.compile(rf"[(;] ?([\w$]{{1,80}}) is ({'|'.join(_SHAPES)})(?:: [^\n]{{0,400}})?\)\Z")
_UNDEFINED_VALUE: Final = re.compile(r"\(([^()\n]{1,200}) is (undefined|null)\)\Z")


def missing_name(name: str) -> Hint | None:
    """Advise about a name that exists elsewhere; None about any other."""
    code = MISSING_NAMES.get(name, "script-own-process" if name.startswith(_PROCESS_MEMBER) else None)
    return None if code is None else hint(code, name=name)


def advise(error: ScriptError) -> Hint | None:
    """Advise on the failure of an execution; None if its message says all there is to say."""
    if error.kind in _KINDS:
        return hint(_KINDS[error.kind])
    if error.kind is ErrorKind.INVALID_RESULT:
        code = next((code for pattern, code in _RESULTS if pattern.match(error.message)), None)
        return None if code is None else hint(code)
    return _of_script_error(error.message)


def _of_script_error(message: str) -> Hint | None:
    if _NEVER_SETTLES.match(message):
        return hint("script-never-settles")
    if undefined := _UNDEFINED_NAME.match(message):
        return missing_name(undefined[1]) or hint("script-undefined-name", name=undefined[1])
    if _MODULES.search(message):
        return hint("script-no-modules")
    if _PARSED_VALUE.match(message):
        return hint("script-parsed-value")
    return _of_values(message)


def _of_values(message: str) -> Hint | None:
    """Advise on the shape of the dataset, or on a value that is undefined, which the message names at its end."""
    if dataset := _DATASET.search(message):
        return hint(_SHAPES[dataset[2]], name=dataset[1])
    if value := _UNDEFINED_VALUE.search(message):
        missing = missing_name(value[1].removeprefix("globalThis."))
        return missing or hint("script-undefined-value", value=value[1], kind=value[2])
    return None
