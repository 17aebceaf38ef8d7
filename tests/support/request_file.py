"""Sending the requests of an `.http` file in order, as an editor with a REST client does.

Of the format, the subset in the project's file: `###` between requests, `# @name`, `@variable = value`, `< ./file` as a
body, and `{{name.response.body.$.member}}`, which is taken from an earlier answer.
"""

import re
from pathlib import Path
from typing import Final

import httpx

_VARIABLE: Final = re.compile(r"^@(\w+) *= *(.+)$", re.MULTILINE)
_NAME: Final = re.compile(r"^# @name (\w+)$", re.MULTILINE)
_PLACE: Final = re.compile(r"\{\{([^}]+)\}\}")
_MEMBER: Final = re.compile(r"(\w+)\.response\.body\.\$\.(\w+)")


def send_all(path: Path, client: httpx.Client) -> dict[str, httpx.Response]:
    """Send all requests, and return the answers by the requests' names; the file's `host` is the client's."""
    text = path.read_text("utf-8")
    variables = dict(_VARIABLE.findall(text)) | {"host": ""}
    answers: dict[str, httpx.Response] = {}
    for request in re.split(r"^###.*$", text, flags=re.MULTILINE)[1:]:
        (name,) = _NAME.findall(request)
        filled = _PLACE.sub(lambda place: _value(place[1], variables, answers), request)
        answers[name] = _send(re.sub(r"^#.*\n", "", filled, flags=re.MULTILINE).strip("\n"), client, path.parent)
    return answers


def _value(place: str, variables: dict[str, str], answers: dict[str, httpx.Response]) -> str:
    member = _MEMBER.fullmatch(place)
    return str(answers[member[1]].json()[member[2]]) if member else variables[place]


def _send(request: str, client: httpx.Client, folder: Path) -> httpx.Response:
    head, _, body = request.partition("\n\n")
    (method, url), *headers = (line.split(" ", 1) for line in head.splitlines())
    content = (folder / body[2:].strip()).read_bytes() if body.startswith("< ") else body.encode() or None
    fields = {name.removesuffix(":"): value for name, value in headers}
    return client.request(method, url, headers=fields, content=content)
