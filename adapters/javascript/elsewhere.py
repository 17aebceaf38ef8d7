"""The names that scripts find in Node or in a browser and not here, each with what to use in its place. Pure data."""

from typing import Final

from adapters.javascript.error_hints import NO_MODULES

_NO_NETWORK: Final = "scripts have no network: put what is needed into the dataset"
_NO_FILES: Final = "scripts have no files: put what is needed into the dataset, and return the result from `process`"
_NO_BROWSER: Final = "there is no page: `process(data)` gets its input as an argument and returns its result"
_NO_STORAGE: Final = "nothing is kept between runs: put what is needed into the dataset"
_GLOBAL: Final = "use `globalThis`"
_OWN_PROCESS: Final = "`process` is the script's own function here, without the members of Node's"
_NO_THREADS: Final = "a script runs alone, on one thread"

ALTERNATIVES: Final = {
    "Buffer": "use `Uint8Array` for bytes, `TextEncoder` and `TextDecoder` for text, `btoa` and `atob` for base64",
    **dict.fromkeys(
        ("fetch", "XMLHttpRequest", "WebSocket", "EventSource", "Request", "Response", "Headers"), _NO_NETWORK
    ),
    "require": f"{NO_MODULES}: put the code that is needed into the script itself",
    "module": f"{NO_MODULES}: a function named `process` at the top level is found without being exported",
    "exports": f"{NO_MODULES}: a function named `process` at the top level is found without being exported",
    **dict.fromkeys(("fs", "__dirname", "__filename", "FileReader"), _NO_FILES),
    **dict.fromkeys(
        ("document", "navigator", "location", "history", "alert", "prompt", "confirm", "DOMParser"), _NO_BROWSER
    ),
    **dict.fromkeys(("localStorage", "sessionStorage", "indexedDB"), _NO_STORAGE),
    **dict.fromkeys(("window", "global", "self"), _GLOBAL),
    **dict.fromkeys(("Worker", "MessageChannel", "BroadcastChannel", "SharedArrayBuffer", "Atomics"), _NO_THREADS),
    **dict.fromkeys(("WeakRef", "FinalizationRegistry"), "use `Map`, `WeakMap` or `WeakSet`"),
    "WebAssembly": "only JavaScript runs here",
    "process.env": f"{_OWN_PROCESS}: put what is needed into the dataset",
    "process.argv": f"{_OWN_PROCESS}: it gets its input as an argument",
    "process.exit": f"{_OWN_PROCESS}: return the result, or throw an error",
    "process.nextTick": f"{_OWN_PROCESS}: use `queueMicrotask` or `setImmediate`",
    "process.stdin": f"{_OWN_PROCESS}: it gets its input as an argument",
    "process.stdout": f"{_OWN_PROCESS}: use `console.log`, or return the result",
    "process.stderr": f"{_OWN_PROCESS}: use `console.error`",
    "process.hrtime": f"{_OWN_PROCESS}: use `performance.now()`, which stands still",
}
_PROCESS_MEMBER: Final = "process."


def alternative_to(name: str) -> str | None:
    """Advise about a name that exists elsewhere; None about any other."""
    return ALTERNATIVES.get(name, _OWN_PROCESS if name.startswith(_PROCESS_MEMBER) else None)
