"""Bateia from a notebook, in one file to copy: `api = connect()`, then `host`, `run`, `wait`, `rows`. It needs httpx.

rows(api, wait(api, run(api, "corporate-cards", dataset)))     # pandas.DataFrame(...) takes it as it is
"""

import json
import time

import httpx


class Refused(Exception):
    """A request that the service refused; the message is its reason."""


class Failed(Exception):
    """A failed execution; the message is the kind of the error, the line, and the error's message."""


def connect(url="http://127.0.0.1:8000", headers=None):
    """Create a client of the service at `url`. With an API key: `headers={"Authorization": f"Bearer {key}"}`."""
    return httpx.Client(base_url=url, headers=headers, timeout=60)


def host(api, name, source):
    """Host the source under the name, or as its next version where the name exists. The version's number."""
    sent = {"content": source, "headers": {"Content-Type": "text/javascript"}}
    answer = api.post("/v1/scripts", params={"name": name}, **sent)
    if answer.status_code == 409:
        return _accepted(api.post(f"/v1/scripts/{name}/versions", **sent)).json()["number"]
    return _accepted(answer).json()["latest_version"]


def run(api, script, dataset):
    """Submit a dataset (anything that json can write) to the script's latest version. The id of the execution."""
    sent = {"content": json.dumps(dataset), "headers": {"Content-Type": "application/json"}}
    return _accepted(api.post(f"/v1/scripts/{script}/executions", **sent)).json()["id"]


def wait(api, execution_id, seconds=300):
    """Return the execution when it has ended, or as it is when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        left = max(0, min(30, int(deadline - time.monotonic())))
        execution = _accepted(api.get(f"/v1/executions/{execution_id}", headers={"Prefer": f"wait={left}"})).json()
        if execution["finished_at"] or not left:
            return execution


def rows(api, execution):
    """Read the result of an execution that has succeeded."""
    if error := execution["error"]:
        raise Failed(f"{error['kind']} in line {error['line']}: {error['message']}")
    return _accepted(api.get(f"/v1/executions/{execution['id']}/result")).json()


def _accepted(answer):
    if answer.is_error:
        raise Refused("{title}: {detail}".format_map({"detail": ""} | answer.json()))
    return answer
