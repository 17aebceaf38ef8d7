"""The pages' curl commands, executed without curl, which a user's machine may lack.

`python -m tests.support.curl ARGUMENTS` stands in for curl in a shell, for the service at SERVICE_URL.
"""

import os
import shlex
import sys
from pathlib import Path
from typing import Final

import httpx

DOCUMENTED: Final = "http://127.0.0.1:8000"
"""The address of the service in the pages."""
_UPLOAD: Final = " -X PUT --data-binary @"
"""The meaning of `-T`, in options that are known here."""


def curl(line: str, client: httpx.Client, folder: Path) -> httpx.Response:
    """Execute the command in `folder`, on the service that `client` is for; an unknown option is an error."""
    words = shlex.split(line.replace("\\\n", "").replace(" -T ", _UPLOAD))
    assert words.pop(0) == "curl"
    headers: dict[str, str] = {}
    method, data, address, output = None, None, "", None
    while words:
        match words.pop(0):
            case "-sS" | "-sSi":
                pass
            case "-X":
                method = words.pop(0)
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "-o":
                output = folder / words.pop(0)
            case "--data-binary" | "-d":
                data = _body(words.pop(0), folder)
            case word:
                assert word.startswith(DOCUMENTED), word
                address = word.removeprefix(DOCUMENTED)
    method = method or ("GET" if data is None else "POST")
    response = client.request(method, address, content=data, headers=headers)
    if output is not None:
        output.write_bytes(response.content)
    return response


def _body(word: str, folder: Path) -> bytes:
    return (folder / word[1:]).read_bytes() if word.startswith("@") else word.encode()


if __name__ == "__main__":
    with httpx.Client(base_url=os.environ["SERVICE_URL"], timeout=60) as service:
        print(curl(shlex.join(["curl", *sys.argv[1:]]), service, Path.cwd()).text)
