"""The page about webhooks: its commands are accepted, its messages and lists are the service's, its receiver works."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from standardwebhooks import Webhook

from domain.deliveries import RETRY_DELAYS, SendFault
from domain.webhook_messages import secret_text
from domain.webhooks import EventType
from tests.adapters.http.api import Api
from tests.adapters.http.contract import DOCUMENT
from tests.support.curl import DOCUMENTED, curl
from tests.support.documents import blocks, commands, headings, links

ROOT: Final = Path(__file__).parents[3]
PAGE: Final = ROOT / "docs/webhooks.md"
TRANSLATION: Final = ROOT / "docs/notificacoes.md"
SECRET: Final = secret_text(bytes(range(32)))
BODY: Final = '{"type":"webhook.test","timestamp":"2026-11-24T09:20:00Z","data":{"webhook":"x","links":{}}}'


class Transport(httpx.BaseTransport):
    """Sends requests to the application in memory."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        path = request.url.raw_path.decode()
        answer = self._api(request.method, path, content=request.read(), headers=dict(request.headers))
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def text_of(pause: timedelta) -> str:
    for unit, seconds in (("h", 3_600), ("min", 60), ("s", 1)):
        if pause >= timedelta(seconds=seconds):
            return f"{pause // timedelta(seconds=seconds)} {unit}"
    raise AssertionError(pause)


def blocks_of(language: str) -> list[str]:
    found = [block.text for block in blocks(PAGE) if block.language == language]
    assert found
    return found


def test_every_command_of_the_page_is_accepted(api: Api, tmp_path: Path) -> None:
    api.host()
    names = {"KEY": api.key()[1]["Authorization"].removeprefix("Bearer ")}
    lines = [f"curl {text}" for text in "".join(commands(PAGE)).split("curl ")[1:]]
    assert len(lines) >= 10
    with httpx.Client(transport=Transport(api), base_url=DOCUMENTED) as client:
        for line in lines:
            written = re.sub(r"\$(\w+)", lambda found: names[found[1]], line)
            answer = curl(written, client, tmp_path)
            assert answer.is_success, (written, answer.text)
            if answer.status_code == 201:
                names["webhook"] = answer.json()["id"]
            elif answer.status_code == 202:
                names["delivery"] = answer.json()["id"]


@pytest.mark.parametrize("block", blocks_of("json"))
def test_a_message_of_the_page_is_an_example_of_the_document(block: str) -> None:
    examples = [one["value"] for one in DOCUMENT["components"]["examples"].values()]
    assert json.loads(block) in examples


@pytest.mark.parametrize(("page", "last"), [(PAGE, "and"), (TRANSLATION, "e")])
def test_the_page_lists_every_event_fault_and_pause(page: Path, last: str) -> None:
    text = re.sub(r"\s+", " ", page.read_text("utf-8"))
    for name in (*EventType, *SendFault):
        assert f"| `{name}` |" in text
    pauses = [text_of(one) for one in RETRY_DELAYS]
    assert f" {', '.join(pauses[:-1])} {last} {pauses[-1]} (" in text


def test_the_pages_of_both_languages_have_the_same_parts_and_blocks() -> None:
    assert headings(PAGE) == headings(TRANSLATION)
    assert blocks(PAGE) == blocks(TRANSLATION)
    assert (TRANSLATION.name in links(PAGE), PAGE.name in links(TRANSLATION)) == (True, True)


def test_the_function_of_the_page_is_that_of_the_example() -> None:
    (function,) = blocks_of("py")
    assert function in (ROOT / "examples/webhooks/receiver.py").read_text("utf-8")


@contextmanager
def receiver() -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Run the receiver of the examples, and provide its URL."""
    command = [sys.executable, str(ROOT / "examples/webhooks/receiver.py"), "0"]
    env = os.environ | {"WEBHOOK_SECRET": SECRET}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[-1], process
        finally:
            process.terminate()


def headers(secret: str = SECRET, message_id: str = "a", age: timedelta = timedelta(), **others: str) -> dict[str, str]:
    at = datetime.now(UTC) - age
    signed = {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, BODY),
    }
    return signed | {name.replace("_", "-"): value for name, value in others.items()}


def test_the_receiver_of_the_examples_takes_each_signed_message_once() -> None:
    other = secret_text(bytes(32))
    rotated = " ".join(headers(one, "c")["webhook-signature"] for one in (other, SECRET))
    requests: list[tuple[dict[str, str], str, int]] = [
        (headers(), BODY, 204),
        (headers(), BODY, 204),
        (headers(message_id="b"), BODY, 204),
        (headers(message_id="c", webhook_signature=rotated), BODY, 204),
        (headers(other, "d"), BODY, 400),
        (headers(message_id="e"), BODY.replace("x", "y"), 400),
        (headers(message_id="f", age=timedelta(minutes=6)), BODY, 400),
        (headers(message_id="g", webhook_signature="v1"), BODY, 400),
        (headers(message_id="h", webhook_signature="v1,!"), BODY, 400),
        ({}, BODY, 400),
    ]
    with receiver() as (url, process), httpx.Client() as client:
        for sent, body, status in requests:
            assert client.post(url, content=body.encode(), headers=sent).status_code == status, sent
        process.terminate()
        assert process.stdout is not None
        printed = [line.split(" ", 1) for line in process.stdout.read().splitlines()]
    expected: Any = json.loads(BODY)
    assert [(kind, json.loads(data)) for kind, data in printed] == [(expected["type"], expected["data"])] * 3
