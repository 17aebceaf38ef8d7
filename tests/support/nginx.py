"""A real nginx in front of a service, with the configuration that the page about deployment shows, or another."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.browser.chromium import required
from tests.support.documents import blocks
from tests.support.processes import free_port
from tests.support.waiting import eventually

PREFIX: Final = "/bateia"

_MAIN: Final = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{documented}
}}
"""
_STRIPPING: Final = "proxy_pass http://bateia/;"
_PASSING_ON: Final = "proxy_pass http://bateia;"
_NAMING: Final = "proxy_set_header X-Forwarded-Prefix /bateia;"


def nginx() -> str:
    """Find the machine's nginx. Without one, the test is skipped where none is required."""
    if path := shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"):
        return path
    reason = "there is no nginx here (on Debian: apt-get install nginx-light)"
    if required():
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def behind_nginx(
    folder: Path, repository: Path, service_port: int, *, strips: bool = True, names_prefix: bool = True
) -> Iterator[str]:
    """Provide the origin at which nginx publishes the service, under `PREFIX`, with TLS and its own certificate."""
    replaced = {
        _STRIPPING: _STRIPPING if strips else _PASSING_ON,
        _NAMING: _NAMING if names_prefix else "",
    }
    documented = _replaced(_documented(repository), replaced)
    with published(folder, documented, service_port, f"{PREFIX}/health/live") as origin:
        yield origin


@contextmanager
def published(folder: Path, documented: str, service_port: int, live: str = "/health/live") -> Iterator[str]:
    """Run nginx with a configuration for operators, and provide its origin once the path `live` answers."""
    program, port = nginx(), free_port()
    folder.mkdir()
    _make_certificate(folder)
    replaced = {
        "127.0.0.1:8000": f"127.0.0.1:{service_port}",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "/etc/ssl/data.example": str(folder),
    }
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, documented=_replaced(documented, replaced)))
    with (folder / "log").open("wb") as log:
        command = [program, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        eventually(lambda: _answers(process, f"https://127.0.0.1:{port}{live}", folder / "log"), 20)
        yield f"https://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _replaced(documented: str, texts: Mapping[str, str]) -> str:
    for shown, used in texts.items():
        assert documented.count(shown) >= 1, shown
        documented = documented.replace(shown, used)
    return documented


def _documented(repository: Path) -> str:
    (block,) = (one for one in blocks(repository / "docs/deployment.md") if one.language == "nginx")
    return block.text


def _answers(process: "subprocess.Popen[bytes]", address: str, log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    try:
        return httpx.get(address, verify=False).status_code == 200
    except httpx.TransportError:
        return False


def _make_certificate(folder: Path) -> None:
    words = [
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=data.example",
    ]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(["openssl", "req", "-x509", *words, *files], check=True, capture_output=True)
