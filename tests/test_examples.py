"""The examples stand by themselves: the generator makes datasets of the payload's shape, the same ones every time, and
the example in Python needs nothing installed and explains what goes wrong."""

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import TypeAlias

import pytest


def generated(repository: Path, *arguments: str) -> bytes:
    command = [sys.executable, str(repository / "examples/bacen/generate.py"), *arguments]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout


def test_generated_rows_have_the_columns_of_the_payload(repository: Path) -> None:
    payload = json.loads((repository / "examples/bacen/payload.json").read_text())
    rows = json.loads(generated(repository, "50"))
    assert len(rows) == 50
    assert {frozenset(row) for row in rows} == {frozenset(payload[0])}
    assert {name: type(value) for name, value in rows[0].items()} == {
        name: type(value) for name, value in payload[0].items()
    }


def test_equal_seeds_make_equal_bytes_and_different_seeds_different_ones(repository: Path) -> None:
    assert generated(repository, "5", "7") == generated(repository, "5", "7") != generated(repository, "5", "8")


Received: TypeAlias = tuple[str, dict[str, str], bytes]


@contextmanager
def responding(status: int, headers: dict[str, str], body: bytes) -> Iterator[tuple[str, list[Received]]]:
    """Respond to every request in the same way; provide the address and the list of requests."""
    received: list[Received] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, dict(self.headers), sent))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the test's output free of requests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", received
        server.shutdown()


def use_case(repository: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the example in Python as on a machine with nothing installed."""
    command = [sys.executable, "-S", str(repository / "examples/bacen/use_case.py"), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_the_python_example_tells_a_refusal_its_hint_and_sends_the_key(repository: Path) -> None:
    problem = {"title": "An API key is required", "detail": "There is no key.", "hint": "Send a key.", "errors": []}
    with responding(401, {}, json.dumps(problem).encode()) as (url, received):
        by_variable = use_case(repository, url, BATEIA_KEY="from-variable")
        use_case(repository, url, "--key", "from-argument", BATEIA_KEY="from-variable")
        use_case(repository, url)
    assert by_variable.returncode == 1
    assert by_variable.stderr == "use_case: An API key is required: There is no key.\nSend a key.\n"
    keys = [headers.get("Authorization") for _, headers, _ in received]
    assert keys == ["Bearer from-variable", "Bearer from-argument", None]


@pytest.mark.parametrize(
    ("status", "headers", "body", "code", "words"),
    [
        (200, {}, b"<html>", 3, "not with JSON"),
        (502, {}, b"<html>", 1, "HTTP 502 without a reason"),
        (302, {"Location": "http://127.0.0.1:9/"}, b"", 1, "HTTP 302 without a reason"),
        (422, {}, b'{"title": "Invalid script", "errors": [{"detail": "at 1"}]}', 1, "Invalid script: at 1"),
        (422, {}, b'{"title": "No", "detail": "`a` is bad", "errors": [{"detail": "is bad"}]}', 1, "No: `a` is bad\n"),
    ],
)
def test_the_python_example_explains_responses_of_other_kinds(
    repository: Path, status: int, headers: dict[str, str], body: bytes, code: int, words: str
) -> None:
    with responding(status, headers, body) as (url, _):
        ended = use_case(repository, url)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--help",), 0, "BATEIA_KEY"),
        (("http://127.0.0.1:9",), 3, "no response from http://127.0.0.1:9"),
        (("127.0.0.1:8000",), 2, "is not an address such as http://127.0.0.1:8000"),
    ],
)
def test_the_python_example_ends_with_a_sentence_and_a_status(
    repository: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    ended = use_case(repository, *arguments)
    assert ended.returncode == code
    assert words in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


NAN = float("nan")


@pytest.fixture
def bateia(repository: Path) -> ModuleType:
    spec = spec_from_file_location("bateia", repository / "examples/bacen/bateia.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("dataset", "words"),
    [
        ([{"a": 1}, {"a": NAN}], "row 2, column 'a' is nan, which JSON does not have: replace it"),
        ({"rows": [1, {"b": float("-inf")}]}, "the dataset['rows'][1]['b'] is -inf"),
        (NAN, "the dataset is nan"),
        ([{"at": date(2026, 1, 1)}], "row 1, column 'at' is date, which JSON does not have: convert it"),
        ([{("a", "b"): 1}], "cannot be written as JSON: keys must be"),
    ],
)
def test_a_dataset_that_json_cannot_express_is_refused_with_its_place(
    bateia: ModuleType, dataset: object, words: str
) -> None:
    with pytest.raises(bateia.InvalidDataset, match=re.escape(words)):
        bateia.encoded(dataset)


def test_a_large_body_is_sent_compressed_and_a_small_one_as_it_is(bateia: ModuleType) -> None:
    with responding(202, {}, b'{"id": "1"}') as (url, received):
        for dataset in (["é"], ["é"] * 50_000):
            bateia.run(bateia.connect(url), "a b", dataset)
    (path, small, text), (_, large, packed) = received
    assert path == "/v1/scripts/a%20b/executions"
    assert (json.loads(text), "Content-Encoding" in small) == (["é"], False)
    assert large["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed)) == ["é"] * 50_000
