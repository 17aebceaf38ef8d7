"""The story that the OpenAPI examples tell, played on the service: `python -m tests.adapters.http.example_story`.

The command rewrites the examples of answers in `adapters/http/examples/`, where the service answers otherwise now. Ids,
times and measures stay as they are, so a change of the files is a change of the API, to be reviewed.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from adapters.http.openapi.examples import FOLDER, examples
from domain.outcome import ErrorKind, Rejected, ScriptError
from tests.adapters.http.api import JSON_TYPE, Api

VOLATILE: Final = {"engine", "measures", "logs", "peak_memory_bytes"}


def sent(name: str) -> bytes:
    """Return the path of an example."""
    (path,) = FOLDER.glob(f"{name}.*")
    return path.read_bytes()


def answers(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for the answer that each example shows. The result and the error of the runs are those of the examples."""
    api = Api()
    script = api.post("/v1/scripts", content=sent("new-script"), headers=JSON_TYPE)
    versions = f"{script.headers['location']}/versions"
    told = {
        "script": script.json(),
        "scripts": api.get("/v1/scripts").json(),
        "version": api.get(f"{versions}/1").json(),
        "versions": api.get(versions).json(),
        "pending": api.submit(sent("dataset")),
    }
    api.produce(json.dumps(kept["result"], separators=(",", ":")).encode())
    told["succeeded"] = api.get(_path(told["pending"])).json()
    told["executions"] = api.get("/v1/executions").json()
    told["cancelled"] = api.post(f"{_path(api.submit(sent('dataset')))}/cancel").json()
    failed = api.submit(b'{"rows": []}')
    api.fail(Rejected(ScriptError(**kept["failed"]["error"] | {"kind": ErrorKind(kept["failed"]["error"]["kind"])})))
    return told | {"failed": api.get(_path(failed)).json()}


def _path(execution: Mapping[str, Any]) -> str:
    return f"/v1/executions/{execution['id']}"


def told(value: Any) -> Any:
    """Remove from a JSON value whatever depends on the time or the run."""
    text = json.dumps(value)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "an id", text)
    return json.loads(re.sub(r"20\d\d-\d\d-\d\dT[\d:.]+Z", "a time", text), object_hook=_without_the_volatile)


def _without_the_volatile(one: dict[str, Any]) -> dict[str, Any]:
    return {name: member for name, member in one.items() if name not in VOLATILE or member is None}


def renewed(example: Any, answer: Any, volatile: bool = False) -> Any:
    """Replace ids, times and measures of the answer by those of the example."""
    if isinstance(example, dict) and isinstance(answer, dict):
        return {
            name: renewed(example[name], value, volatile or name in VOLATILE) if name in example else value
            for name, value in answer.items()
        }
    if isinstance(example, list) and isinstance(answer, list) and len(example) == len(answer):
        return [renewed(*both, volatile) for both in zip(example, answer, strict=True)]
    same = (example is None) == (answer is None) if volatile else told(example) == told(answer)
    return example if same else answer


def main() -> None:
    """Rewrite the examples of answers."""
    kept = examples()
    for name, answer in answers(kept).items():
        text = json.dumps(renewed(kept[name], answer), indent=2, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
