"""A job on an existing cluster of real processes, with mutual TLS, whose members are killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from attrs import define, field

from tests.support.processes import clean_environment, command, family, free_port, running
from tests.support.receivers import an_authority
from tests.support.waiting import eventually
from tests.system.conftest import Service, a_service
from tests.system.test_jobs import SUMS, expected, job, lines, output, partitions, put, submit

ROWS: Final = 7_000


@define
class Cluster:
    """Processes of a cluster that share a folder: a scheduler and workers."""

    folder: Path
    repository: Path
    files: Path
    port: int = field(factory=free_port)
    processes: list["subprocess.Popen[bytes]"] = field(factory=list)

    def certificates(self, name: str) -> dict[str, str]:
        """Make an authority and a certificate of it, unless they are there; return the settings of a member."""
        folder = self.folder / name
        own = folder / "cluster-1.pem"  # its certificate and key
        if not folder.exists():
            folder.mkdir()
            an_authority(folder).server("cluster")
        return {
            "BATEIA_DASK_ADDRESS": f"tls://127.0.0.1:{self.port}",
            "BATEIA_DASK_CA_FILE": str(folder / "authority.pem"),
            "BATEIA_DASK_CERT_FILE": str(own),
            "BATEIA_DASK_KEY_FILE": str(own),
        }

    def scheduler(self) -> "subprocess.Popen[bytes]":
        """Start the scheduler as its operator does."""
        ours = self.certificates("ours")
        where = ["--host", "tls://127.0.0.1", "--port", str(self.port), "--dashboard-address", "127.0.0.1:0"]
        tls = ["--tls-ca-file", ours["BATEIA_DASK_CA_FILE"], "--tls-cert", ours["BATEIA_DASK_CERT_FILE"]]
        words = [*where, "--no-dashboard", *tls, "--tls-key", ours["BATEIA_DASK_KEY_FILE"]]
        return self._start("scheduler", ["distributed.cli.dask_scheduler", *words], {})

    def worker(self, name: str, **settings: str) -> "subprocess.Popen[bytes]":
        """Start a worker as its operator does."""
        members = {**self.certificates("ours"), "BATEIA_JOB_WORKERS": "1", "BATEIA_FILES_DIR": str(self.files)}
        return self._start(name, ["entrypoints.dask_worker"], members | settings)

    def log(self, name: str) -> str:
        """Read what a member has said."""
        return (self.folder / f"{name}.log").read_text()

    def _start(self, name: str, words: Sequence[str], settings: dict[str, str]) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{name}.log").open("ab") as log:
            program = [sys.executable, "-m", *words]
            env = clean_environment() | settings
            process = subprocess.Popen(program, cwd=self.repository, env=env, stdout=log, stderr=log)
        self.processes.append(process)
        return process


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a member with all its processes, as the end of a machine does."""
    for pid in (members := family(process.pid)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()
    eventually(lambda: not any(map(running, members)))


def has_sandbox(process: "subprocess.Popen[bytes]") -> bool:
    """Tell whether a member performs tasks."""
    return any("zygote" in command(pid) for pid in family(process.pid))


@contextmanager
def a_cluster(folder: Path, repository: Path, files: Path) -> Iterator[Cluster]:
    """Run a cluster for the block."""
    folder.mkdir()
    files.mkdir(parents=True)
    cluster = Cluster(folder, repository, files)
    try:
        yield cluster
    finally:
        for one in cluster.processes:
            kill(one)


def done(service: Service, job_id: str) -> dict[int, Any]:
    """List the partitions that are done, with their attempts."""
    return {one["number"]: one["attempts"] for one in partitions(service, job_id) if one["state"] == "done"}


def test_a_job_survives_its_cluster_which_admits_no_strangers(tmp_path: Path, repository: Path) -> None:
    with ExitStack() as stack:
        cluster = stack.enter_context(a_cluster(tmp_path / "cluster", repository, tmp_path / "shared"))
        scheduler, first = cluster.scheduler(), cluster.worker("first")
        cluster.worker("second")
        theirs = {**cluster.certificates("theirs"), "BATEIA_DASK_CA_FILE": str(cluster.folder / "ours/authority.pem")}
        stranger = cluster.worker("stranger", **theirs)
        without = cluster.worker("without", BATEIA_DASK_KEY_FILE="")
        settings = {**cluster.certificates("ours"), "BATEIA_FILES_DIR": str(cluster.files)}
        service = stack.enter_context(a_service(tmp_path, **settings))
        assert service.host("sums", SUMS).status_code == 201
        put(service, "in/slow.ndjson", "".join(f"{line}\n" for line in lines(ROWS, is_slow=True)))
        job_id = submit(service, "sums", "in/slow.ndjson", "out", verify="skip")

        def has_done(count: int) -> dict[int, Any]:
            found: dict[int, Any] = eventually(
                lambda: seen if len(seen := done(service, job_id)) >= count else {}, 60, pause=0.05
            )
            return found

        before = has_done(2)
        kill(first)
        before |= has_done(len(before) + 1)
        kill(scheduler)
        cluster.scheduler()
        third = cluster.worker("third")
        shown = job(service, job_id, 60)
        assert shown["status"] == "succeeded", (shown, service.log.read_text())
        assert output(service, "out/result.json") == expected(ROWS)
        assert done(service, job_id).items() >= before.items()
        assert "certificate verify failed" in cluster.log("scheduler")
        eventually(lambda: 'bateia_jobs_total{outcome="succeeded"} 1.0' in service.client.get("/metrics").text)
        assert without.wait() != 0
        assert "BATEIA_DASK_KEY_FILE" in cluster.log("without")
        assert "TLS handshake failed" in cluster.log("scheduler")
        assert cluster.log("scheduler").count("Register worker addr") >= len(("first", "second", "third"))
        assert [has_sandbox(one) for one in (third, stranger)] == [True, False]
