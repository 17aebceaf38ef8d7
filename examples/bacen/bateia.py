"""Bateia from a notebook, in one file to copy. It needs Python 3.9 or newer and nothing else.

api = connect()                                                # or connect("https://…", key="bateia_…")
host(api, "corporate-cards", source)
rows(api, wait(api, run(api, "corporate-cards", dataset)))     # pandas.DataFrame(...) takes it as it is

A dataset from pandas: `json.loads(frame.to_json(orient="records"))`, in which missing values are null.
"""

import gzip
import json
import os
import time
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

KEY_VARIABLE = "BATEIA_KEY"
COMPRESSED_FROM_BYTES = 64 * 1024
TIMEOUT_SECONDS = 60


class BateiaError(Exception):
    """Each error of this module; the message says what is wrong and what to do."""


class Refused(BateiaError):
    """A refused request; the message is its reason. `status` is that of HTTP, `problem` the response's document."""

    def __init__(self, message, status, problem):
        super().__init__(message)
        self.status = status
        self.problem = problem


class Failed(BateiaError):
    """A failed execution; the message is the kind of the error, the line, and the error's message."""


class Unreachable(BateiaError):
    """No response from the service."""


class InvalidDataset(BateiaError, ValueError):
    """A dataset with a value that JSON cannot express; the message has its row and column."""


def connect(url="http://127.0.0.1:8000", headers=None, key=None):
    """Create a client of the service at `url`. `key` is an API key; without it, that in BATEIA_KEY is used, if any."""
    return _Client(url, key or os.environ.get(KEY_VARIABLE), headers or {})


def host(api, name, source):
    """Create the script, or its next version where the name exists. Return the version's number."""
    sent = {"body": source.encode("utf-8"), "headers": {"Content-Type": "text/javascript"}}
    try:
        return api.json("POST", f"/v1/scripts?name={quote(name, safe='')}", **sent)["latest_version"]
    except Refused as refused:
        if refused.status != 409:
            raise
    return api.json("POST", f"/v1/scripts/{quote(name, safe='')}/versions", **sent)["number"]


def run(api, script, dataset):
    """Submit a dataset to the script's latest version. Return the execution's id."""
    sent = {"body": encoded(dataset), "headers": {"Content-Type": "application/json"}}
    return api.json("POST", f"/v1/scripts/{quote(script, safe='')}/executions", **sent)["id"]


def wait(api, execution_id, seconds=300):
    """Return the execution when it has finished, or its current state when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        left = max(0, min(30, int(deadline - time.monotonic())))
        execution = api.json("GET", f"/v1/executions/{execution_id}", headers={"Prefer": f"wait={left}"})
        if execution["finished_at"] or not left:
            return execution


def rows(api, execution):
    """Read the result of an execution that has succeeded."""
    if error := execution["error"]:
        place = f" in line {error['line']}" if error["line"] else ""
        raise Failed(f"{error['kind']}{place}: {error['message']}")
    return api.json("GET", f"/v1/executions/{execution['id']}/result")


def encoded(dataset):
    """Encode a dataset as JSON. Raises `InvalidDataset` for NaN, infinities, and objects that JSON does not have."""
    try:
        return json.dumps(dataset, allow_nan=False, separators=(",", ":")).encode("utf-8")
    except (TypeError, ValueError) as error:
        raise InvalidDataset(_explained(dataset, error)) from None


def _explained(dataset, error):
    path, value = _first_invalid(dataset)
    if path is None:
        return f"the dataset cannot be written as JSON: {error}"
    is_number = isinstance(value, float)
    remedy = "replace it, for instance with None" if is_number else "convert it to a number, a text, a list or a dict"
    return f"{_place(path)} is {value if is_number else type(value).__name__}, which JSON does not have: {remedy}"


def _first_invalid(value, path=()):
    """Find the first value that JSON cannot express: its path and itself. The path is None if there is none."""
    if isinstance(value, (dict, list, tuple)):
        members = value.items() if isinstance(value, dict) else enumerate(value)
        found = (_first_invalid(member, (*path, name)) for name, member in members)
        return next((one for one in found if one[0] is not None), (None, None))
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return path, value
    return None, None


def _place(path):
    if len(path) == 2 and isinstance(path[0], int) and isinstance(path[1], str):
        return f"row {path[0] + 1}, column {path[1]!r}"
    return "the dataset" + "".join(f"[{step!r}]" for step in path)


class _Client:
    """A sender of requests to one service."""

    def __init__(self, url, key, headers):
        address = urlsplit(url)
        if address.scheme not in ("http", "https") or not address.netloc:
            raise ValueError(f"{url!r} is not an address such as http://127.0.0.1:8000")
        self._url = url.rstrip("/")
        self._headers = {**({"Authorization": f"Bearer {key}"} if key else {}), **headers}
        self._opener = build_opener(_NoRedirects)

    def json(self, method, path, body=None, headers=None):
        """Send a request and return the JSON of the response."""
        text = self.text(method, path, body, headers)
        try:
            return json.loads(text)
        except ValueError:
            raise Unreachable(f"{self._url} responds, but not with JSON: is this the address of Bateia?") from None

    def text(self, method, path, body=None, headers=None):
        """Send a request, a large body compressed, and return the body of the response."""
        sent = {**self._headers, **(headers or {})}
        if body is not None and len(body) >= COMPRESSED_FROM_BYTES:
            body = gzip.compress(body, compresslevel=6, mtime=0)
            sent["Content-Encoding"] = "gzip"
        request = Request(self._url + path, data=body, headers=sent, method=method)  # noqa: S310 - http or https
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                return response.read()
        except HTTPError as error:
            with error:
                problem = _problem(error)
                raise Refused(_reason(error.code, problem), error.code, problem) from None
        except (URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", None) or error
            raise Unreachable(f"no response from {self._url} ({reason}): is the service running there?") from None


class _NoRedirects(HTTPRedirectHandler):
    """A handler that follows no redirect: the service sends none, and another server would get the API key."""

    def redirect_request(self, *_):
        return None


def _problem(error):
    """Read a refusal's problem document; empty if it has none."""
    try:
        problem = json.loads(error.read())
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) and "title" in problem else {}


def _reason(status, problem):
    """Format a refusal: its title, its detail, each of its errors, and the hints."""
    if not problem:
        return f"HTTP {status} without a reason: is this the address of Bateia?"
    lines = [problem["title"]]
    if problem.get("detail"):
        lines.append(problem["detail"])
    errors = problem.get("errors", [])
    lines += [one["detail"] for one in errors if not lines[-1].endswith(one["detail"])]
    hints = dict.fromkeys(one.get("hint") for one in errors or [problem])
    return "\n".join([": ".join(lines), *filter(None, hints)])
