"""Object storage for tests: a server of S3's protocol on the loopback, and stores in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import uuid4

import boto3  # type: ignore[import-untyped] # it has no types
from moto.server import ThreadedMotoServer

from adapters.stores.configuration import StoreDefinition
from adapters.stores.stores import ConfiguredStores
from domain.stores import StoreName

BUCKET: Final = "lake"
SECRET: Final = "a-secret-access-key-of-tests"
OPTIONS: Final = {"aws_access_key_id": "testing", "aws_secret_access_key": SECRET, "aws_region": "us-east-1"}


@contextmanager
def s3_server() -> Iterator[str]:
    """Run a server with an empty bucket, and provide its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    keys = {name: OPTIONS[name] for name in ("aws_access_key_id", "aws_secret_access_key")}
    client = boto3.client("s3", endpoint_url=address, region_name=OPTIONS["aws_region"], **keys)
    client.create_bucket(Bucket=BUCKET)
    try:
        yield address
    finally:
        server.stop()


def s3_stores(address: str) -> ConfiguredStores:
    """Provide an empty store called `lake` on a server."""
    options = {**OPTIONS, "aws_endpoint": address, "allow_http": "true"}
    return ConfiguredStores([StoreDefinition(StoreName("lake"), f"s3://{BUCKET}/{uuid4()}", options=options)])
