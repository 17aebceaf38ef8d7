"""The files in `examples/`: requests, datasets and results of the story, and answers that the domain does not make."""

import json
from pathlib import Path
from typing import Any, Final

from adapters.http.responses.audit import CSV_HEAD, entry_line

_FOLDER: Final = Path(__file__).parent.parent / "examples"


def example_bytes(name: str) -> bytes:
    """Read an example of that name."""
    (path,) = _FOLDER.glob(f"{name}.*")
    return path.read_bytes()


def example_value(name: str) -> Any:
    """Read the JSON value of an example."""
    return json.loads(example_bytes(name))


def file_values() -> dict[str, Any]:
    """Map each example's name to its value: JSON is parsed, anything else is a text."""
    texts = {path: path.read_text("utf-8") for path in sorted(_FOLDER.iterdir())}
    values: dict[str, Any] = {
        path.stem: json.loads(text) if path.suffix == ".json" else text for path, text in texts.items()
    }
    return values | {"audit-records": CSV_HEAD + "".join(map(entry_line, values["audit"]["items"]))}
