"""The use case on a client that is generated from the service's own document.

    openapi-python-client generate --url http://127.0.0.1:8000/openapi.json --meta none --output-path bateia_client
    PYTHONPATH=. python examples/bacen/client.py http://127.0.0.1:8000

It prints the result of the execution.
"""

import json
import sys
from pathlib import Path

from bateia_client import Client
from bateia_client.api.executions import get_execution, submit_to_latest
from bateia_client.api.scripts import get_script, register_script
from bateia_client.models import Execution, NewScript, Problem, Script

HERE = Path(__file__).parent


def shown(answer):
    """Return the answer, unless it is a refusal."""
    if answer is None or isinstance(answer, Problem):
        sys.exit(f"refused: {answer}")
    return answer


def hosted(client: Client) -> Script:
    """Host the script, or find it if that happened before."""
    new = NewScript(name="corporate-cards", source=(HERE / "script.js").read_text("utf-8"))
    answer = register_script.sync(client=client, body=new)
    if isinstance(answer, Problem) and answer.code == "name-taken":
        answer = get_script.sync(new.name, client=client)
    return shown(answer)


def main(url: str) -> None:
    """Host the script, run it over the dataset, and print its result."""
    with Client(base_url=url, timeout=30) as client:
        script = hosted(client)
        dataset = json.loads((HERE / "payload.json").read_text("utf-8"))
        submitted: Execution = shown(submit_to_latest.sync(script.id, client=client, body=dataset))
        ended: Execution = shown(get_execution.sync(submitted.id, client=client, prefer="wait=20"))
        print(json.dumps(ended.result if ended.error is None else ended.error.to_dict(), ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1])
