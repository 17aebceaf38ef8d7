"""Port `OpenEngine`: the way to the embedded cluster, or to an existing one."""

from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from attrs import frozen
from distributed import Client, Security

from adapters.dask.configuration import configure
from adapters.dask.embedded import ClusterSize, EmbeddedCluster
from adapters.dask.engine import DaskEngine
from application.ports.errors import Unavailable

_CONNECT_SECONDS: Final = 10
_LOCALHOST: Final = "localhost"


class ClusterRefused(Exception):
    """An existing cluster must not be used as it is configured. The message is one line for the operator."""


@frozen(kw_only=True)
class ExistingCluster:
    """The address of a scheduler, and the files of the certificates, in PEM format, of this side and its authority."""

    address: str
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    allow_plaintext: bool = False


class DaskEngines:
    """One way for all jobs of a process. Close it at the end."""

    def __init__(self, cluster: ClusterSize | ExistingCluster) -> None:
        self.embedded = EmbeddedCluster(cluster) if isinstance(cluster, ClusterSize) else None
        self._address = "" if isinstance(cluster, ClusterSize) else cluster.address
        self._security = self.embedded.security if self.embedded else security_of(cluster)

    async def __call__(self) -> DaskEngine:
        """Implement the port."""
        configure()
        try:
            address = await self.embedded.address() if self.embedded else self._address
            client = await Client(
                address,
                security=self._security,
                asynchronous=True,
                set_as_default=False,
                timeout=_CONNECT_SECONDS,
                name="bateia-job",
            )
            engine = DaskEngine(client)
            await engine.open()
        except Exception as error:  # a worker that cannot start, a scheduler that does not answer
            raise Unavailable(f"the engine of jobs cannot be opened: {type(error).__qualname__}: {error}") from error
        return engine

    async def close(self) -> None:
        """End the embedded cluster, if it runs."""
        if self.embedded:
            await self.embedded.close()


def security_of(cluster: ClusterSize | ExistingCluster) -> Security:
    """Provide the certificates of a cluster, for both of its sides. Raises `ClusterRefused`."""
    assert isinstance(cluster, ExistingCluster)
    parts = urlsplit(cluster.address)
    if parts.scheme == "tcp":
        if not (cluster.allow_plaintext or _is_loopback(parts.hostname or "")):
            raise ClusterRefused(
                "BATEIA_DASK_ADDRESS: anyone who can reach a scheduler without TLS can run code on its workers: "
                "use tls:// with certificates, or set BATEIA_DASK_PLAINTEXT=true where the network admits nobody else"
            )
        return Security(require_encryption=False)
    files = (cluster.ca_file, cluster.cert_file, cluster.key_file)
    if missing := [str(one) for one in files if one is None or not one.is_file()]:
        raise ClusterRefused(
            f"BATEIA_DASK_ADDRESS: tls:// needs certificates, and {missing[0]} is no file: set BATEIA_DASK_CA_FILE, "
            "BATEIA_DASK_CERT_FILE and BATEIA_DASK_KEY_FILE"
        )
    ca, cert, key = map(str, files)
    return Security(
        require_encryption=True,
        tls_ca_file=ca,
        tls_client_cert=cert,
        tls_client_key=key,
        tls_worker_cert=cert,
        tls_worker_key=key,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == _LOCALHOST
