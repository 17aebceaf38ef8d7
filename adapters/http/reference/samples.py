"""Samples of an operation's request for curl, Python and JavaScript, without libraries. All state the same request."""

import json
import shlex
from collections.abc import Mapping
from pprint import pformat
from typing import Any, Final
from urllib.parse import quote, urlencode

from attrs import frozen

from adapters.http.reference.operations import Content, Described
from adapters.http.resources.guide_markdown import DOCUMENTED

LANGUAGES: Final[Mapping[str, str]] = {"curl": "sh", "Python": "python", "JavaScript": "js"}
"""The names of the samples, each with the language of its code."""
KEY_VARIABLE: Final = "BATEIA_KEY"
_SHOWN_HEADERS: Final = {"Prefer": "wait=10", "Upload-Offset": "0"}
"""Optional headers that samples have, since requests without them are of little use."""
_WIDTH: Final = 88


@frozen
class SampleRequest:
    """A request of an operation. `body` is None, text, or a JSON value as `is_json` tells."""

    method: str
    url: str
    headers: Mapping[str, str]
    needs_key: bool
    body: Any
    is_json: bool


def sample_request(operation: Described) -> SampleRequest:
    """Make the request of the operation's examples: path and required parameters, and the first form of the body."""
    body = operation.bodies[0] if operation.bodies else None
    names = [one["name"] for one in operation.parameters if one["in"] == "header"]
    return SampleRequest(
        method=operation.method,
        url=f"{DOCUMENTED}{_path(operation)}",
        headers={
            **({"Content-Type": body.media_type} if body else {}),
            **{name: value for name, value in _SHOWN_HEADERS.items() if name in names},
        },
        needs_key=not operation.is_public,
        body=_example(body) if body else None,
        is_json=body is not None and body.media_type.endswith("json") and not body.media_type.endswith("ndjson"),
    )


def samples(request: SampleRequest) -> dict[str, str]:
    """Write the request in each language."""
    return {"curl": curl(request), "Python": python(request), "JavaScript": javascript(request)}


def curl(request: SampleRequest) -> str:
    """Write a command for a shell."""
    words = ["curl"]
    if request.method != ("GET" if request.body is None else "POST"):
        words += ["-X", request.method]
    lines = [shlex.join([*words, request.url])]
    if request.needs_key:
        lines.append(f'-H "Authorization: Bearer ${KEY_VARIABLE}"')
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in request.headers.items()]
    if request.body is not None:
        lines.append(f"--data-binary {shlex.quote(_text(request))}")
    return " \\\n  ".join(lines) + "\n"


def python(request: SampleRequest) -> str:
    """Write a program that uses the standard library alone."""
    headers = [f'    "{name}": {json.dumps(value)},' for name, value in request.headers.items()]
    if request.needs_key:
        headers.insert(0, f'    "Authorization": f"Bearer {{os.environ[\'{KEY_VARIABLE}\']}}",')
    modules = {"json": request.is_json, "os": request.needs_key}
    lines = [f"import {name}" for name, is_used in modules.items() if is_used]
    lines += ["from urllib.request import Request, urlopen", ""]
    arguments = [f'    "{request.url}"', f'    method="{request.method}"']
    if headers:
        lines += ["headers = {", *headers, "}"]
        arguments.append("    headers=headers")
    if request.body is not None:
        lines.append(f"body = {_literal(request)}")
        arguments.append(f"    data={'json.dumps(body)' if request.is_json else 'body'}.encode()")
    lines += ["request = Request(", *(f"{one}," for one in arguments), ")"]
    return "\n".join([*lines, "with urlopen(request) as response:", "    print(response.read().decode())"]) + "\n"


def javascript(request: SampleRequest) -> str:
    """Write a module for Node or a browser."""
    headers = [f'    "{name}": {json.dumps(value)},' for name, value in request.headers.items()]
    if request.needs_key:
        headers.insert(0, f"    Authorization: `Bearer ${{process.env.{KEY_VARIABLE}}}`,")
    options = [f'  method: "{request.method}",']
    if headers:
        options += ["  headers: {", *headers, "  },"]
    if request.body is not None:
        body = json.dumps(request.body, indent=2, ensure_ascii=False).replace("\n", "\n  ")
        options.append(f"  body: {f'JSON.stringify({body})' if request.is_json else body},")
    lines = [f'const response = await fetch("{request.url}", {{', *options, "});"]
    return "\n".join([*lines, "console.log(await response.text());"]) + "\n"


def _path(operation: Described) -> str:
    path, query = operation.path, {}
    for one in operation.parameters:
        value = one.get("example", next(iter(one["schema"].get("examples", ())), ""))
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", quote(str(value)))
        elif one["in"] == "query" and one.get("required"):
            query[one["name"]] = value
    return f"{path}?{urlencode(query)}" if query else path


def _example(body: Content) -> Any:
    return next(iter(body.examples.values()))


def _text(request: SampleRequest) -> str:
    return json.dumps(request.body, indent=2, ensure_ascii=False) if request.is_json else str(request.body)


def _literal(request: SampleRequest) -> str:
    if request.is_json:
        return pformat(request.body, width=_WIDTH, sort_dicts=False)
    lines = str(request.body).splitlines(keepends=True)
    return "(\n" + "".join(f"    {line!r}\n" for line in lines) + ")"
