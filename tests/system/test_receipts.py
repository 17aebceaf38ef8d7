"""Receipts of a real service: a key of its own from the first start on, rotated while receipts are requested."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import httpx

from adapters.signing.key_file import change_key_file
from adapters.signing.signing_keys import KEY_BYTES, new_signing_key, rotated
from adapters.system import utc_now
from tests.support.signing import verified_statement
from tests.support.waiting import eventually
from tests.system.conftest import Service

ROTATIONS = 10


def receipt(service: Service, execution: str) -> Any:
    """Read a receipt on a connection of its own, so that any of the API's processes may answer."""
    answer = httpx.get(f"{service.url}/v1/executions/{execution}/receipt", verify=False, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rotate(file: Path) -> str:
    new = new_signing_key(secrets.token_bytes(KEY_BYTES), utc_now())
    return change_key_file(file, lambda keys: rotated(keys, new)).unwrap().current.keyid


def warned(service: Service) -> bool:
    check = service.client.get("/health/ready").json()["checks"]["signing"]
    return bool(check["status"] == "warning" and "former keys" in check["detail"])


def test_receipts_verify_while_the_key_is_rotated(start: Callable[..., Service]) -> None:
    service = start(BATEIA_API_PROCESSES="2")
    file = service.data_dir / "signing-keys"
    assert file.stat().st_mode & 0o777 == 0o600
    service.host("echo", "function process(d) { return d; }")
    executions = [service.submit("echo", str(n), wait=20).json()["id"] for n in range(3)]
    rotations, received = Event(), [receipt(service, executions[0])]

    def request(execution: str) -> None:
        while not rotations.is_set():
            received.append(receipt(service, execution))

    def is_used(keyid: str) -> bool:
        return any(one["signatures"][0]["keyid"] == keyid for one in received[-len(executions) :])

    with ThreadPoolExecutor(len(executions)) as readers:
        requests = [readers.submit(request, one) for one in executions]
        try:
            for _ in range(ROTATIONS):
                keyid = rotate(file)
                eventually(lambda used=keyid: is_used(used))  # type: ignore[misc]
        finally:
            rotations.set()
        for one in requests:
            one.result()
    published = service.client.get("/v1/receipts/keys").json()
    assert {one["signatures"][0]["keyid"] for one in received} == {one["keyid"] for one in published["keys"]}
    assert len(published["keys"]) == ROTATIONS + 1
    stated = {verified_statement(one, published)["subject"][0]["name"] for one in received}
    assert stated == set(executions)

    text = file.read_text()
    file.write_text("nonsense")
    eventually(lambda: warned(service))
    assert verified_statement(receipt(service, executions[0]), published)
    (secret,) = (line.split()[2] for line in text.splitlines() if " private " in line and not line.startswith("#"))
    assert secret not in service.log.read_text()
