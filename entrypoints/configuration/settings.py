"""Settings of all processes, read once from an environment into one frozen value.

The fields of `Settings` are the only list of settings: the reader, the check for misspelt names and the documentation's
table are derived from them. This module neither looks at the process's own environment nor reads a file, and the only
machine-dependent default is the number of cores.
"""

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from itertools import chain
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from attrs import Attribute, asdict, fields, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.http.transport.authorities import Authority
from adapters.postgres.session import Pooling
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.limits import CEILINGS, DEFAULTS, FLOORS, MIB, Limits
from domain.outcome import Isolation
from domain.versions import MAX_SOURCE_BYTES
from entrypoints.configuration.setting_kinds import (
    DECLARATION,
    Declaration,
    dask_address,
    database_url,
    flag,
    folder,
    host,
    hosts,
    is_loopback,
    networks,
    one_of,
    root_path,
    secret,
    setting,
    whole,
)

_URL: Final = database_url()
_PREFIX: Final = "BATEIA_"
VARIABLES_OF_CLIENTS: Final = frozenset({"BATEIA_KEY", "BATEIA_URL", "BATEIA_SERVICE"})
"""The variables of clients: API key, address, and installation; a shell that starts the service may have them too."""
_DATA_DIR: Final = Path(".bateia")
_CEILING_OF: Final = {one.name: re.sub(r"_(?=[a-z]+$)", "_ceiling_", one.name) for one in fields(Limits)}
"""The setting of a limit's default is named as the limit is, that of its ceiling with `ceiling` before the unit."""
_WALL: Final = whole(FLOORS.wall_ms, 24 * 60 * 60 * 1000)
_MEMORY: Final = whole(FLOORS.memory_bytes, 64 * 1024 * MIB)
_RESULT: Final = whole(FLOORS.result_bytes, 512 * MIB)
_LOG: Final = whole(FLOORS.log_bytes, 64 * MIB)
_ROOM_TO_DECODE: Final = 16 * MIB
_LAST_PORT: Final = 65_535


_PROCESSES: Final = min(64, os.cpu_count() or 1)
"""Two thirds of an execution's CPU time are the process's own, the rest is its script's and the database's; and a
process is often idle, while its executions are being stored."""
_SHOWN_SLOTS: Final = "number of cores, which `serve` divides among its workers"


class Layout(StrEnum):
    """The layout of the processes that `serve` starts."""

    COMBINED = "combined"
    SEPARATE = "separate"


@frozen(kw_only=True)
class Settings:
    """Every setting of every process. Build it with `read_settings`."""

    host: str = setting("BATEIA_HOST", host(), "127.0.0.1", "listen address of the API")
    port: int = setting("BATEIA_PORT", whole(1, _LAST_PORT), 8000, "TCP port of the API")
    root_path: str = setting(
        "BATEIA_ROOT_PATH", root_path(), "", "path prefix under which a proxy publishes the API", shown="none"
    )
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = setting(
        "BATEIA_TRUSTED_PROXIES", networks(), (), "proxies whose `X-Forwarded-*` headers are trusted", shown="none"
    )
    allowed_hosts: tuple[Authority, ...] = setting(
        "BATEIA_ALLOWED_HOSTS",
        hosts(),
        (),
        "additional hosts under which clients reach the API; requests for other hosts are refused",
        shown="none",
    )
    worker_metrics_port: int = setting(
        "BATEIA_WORKER_METRICS_PORT",
        whole(0, _LAST_PORT),
        0,
        "TCP port for metrics and health of the first worker; further workers use the following ports; 0 disables it",
    )
    metrics_scripts: int = setting(
        "BATEIA_METRICS_SCRIPTS",
        whole(0, 10_000),
        200,
        "scripts that have metrics of their own in a process; the others are counted together",
    )
    data_dir: Path = setting("BATEIA_DATA_DIR", folder(), _DATA_DIR, "data folder of the embedded PostgreSQL")  # noqa: RUF009 - a field, not a value
    database_url: str = setting(
        "DATABASE_URL", _URL, "", "URL of the PostgreSQL database", shown="an embedded server", repr=False
    )
    database_url_file: Path | None = setting(  # noqa: RUF009 - a field, not a value
        "DATABASE_URL_FILE", folder(), None, "file to read `DATABASE_URL` from", shown="none"
    )
    database_direct_url: str = setting(
        "DATABASE_DIRECT_URL",
        _URL,
        "",
        "URL of the same database without a pooler, for notifications, migrations and backups",
        shown="`DATABASE_URL`",
        repr=False,
    )
    database_direct_url_file: Path | None = setting(  # noqa: RUF009 - a field, not a value
        "DATABASE_DIRECT_URL_FILE", folder(), None, "file to read `DATABASE_DIRECT_URL` from", shown="none"
    )
    database_pooler: str = setting(
        "DATABASE_POOLER",
        one_of(*Pooling),
        Pooling.AUTO.value,
        "pooling mode of the pooler at `DATABASE_URL`; `auto` detects whether there is one",
    )
    api_processes: int = setting(
        "BATEIA_API_PROCESSES",
        whole(1, 64),
        _PROCESSES,
        "number of API processes started by `serve`",
        "processes",
        "number of cores, at most 64",
    )
    layout: str = setting(
        "BATEIA_LAYOUT",
        one_of(*Layout),
        Layout.COMBINED.value,
        "layout of the processes of `serve`; `combined` puts each worker into an API process, which starts executions "
        "without the queue while slots are free",
    )
    workers: int = setting(
        "BATEIA_WORKERS",
        whole(1, 64),
        _PROCESSES,
        "number of workers started by `serve`",
        "processes",
        "number of cores, at most 64",
    )
    slots: int = setting(
        "BATEIA_SLOTS", whole(1, 1024), os.cpu_count() or 1, "concurrent runs per worker", "runs", _SHOWN_SLOTS
    )
    isolation: str = setting(
        "BATEIA_ISOLATION",
        one_of(*Isolation),
        "",
        "executions that a sandbox process serves: one alone, or those of one script version and API key",
        shown="`version`, or `execution` if there are master keys",
    )
    idle_process_bytes: int = setting(
        "BATEIA_IDLE_PROCESS_BYTES",
        whole(0, 1024 * 1024 * MIB),
        256 * MIB,
        "memory that idle sandbox processes may hold per worker and engine, with `BATEIA_ISOLATION=version`",
        "bytes",
    )
    script_runs: int = setting(
        "BATEIA_SCRIPT_RUNS",
        whole(0, 65_536),
        0,
        "maximum concurrent runs of one script across all workers; 0 for no limit",
        "runs",
    )
    queue_depth: int = setting(
        "BATEIA_QUEUE_DEPTH",
        whole(0, 100_000_000),
        100_000,
        "maximum queue length, beyond which submissions are refused; 0 for no limit",
        "executions",
    )
    idempotency_hours: int = setting(
        "BATEIA_IDEMPOTENCY_HOURS", whole(1, 8_760), 24, "lifetime of an idempotency key", "h"
    )
    engine: str = setting(
        "BATEIA_ENGINE",
        one_of(*EngineName),
        DEFAULT_ENGINE.value,
        "JavaScript engine, by package name, of new script versions that name none",
    )
    wall_ms: int = setting(
        "BATEIA_WALL_MS",
        _WALL,
        DEFAULTS.wall_ms,
        "default time limit of a run, applied to wall-clock and to CPU time",
        "ms",
    )
    wall_ceiling_ms: int = setting(
        "BATEIA_WALL_CEILING_MS", _WALL, CEILINGS.wall_ms, "highest time limit that a script may request", "ms"
    )
    memory_bytes: int = setting(
        "BATEIA_MEMORY_BYTES", _MEMORY, DEFAULTS.memory_bytes, "default memory limit of a run's engine", "bytes"
    )
    memory_ceiling_bytes: int = setting(
        "BATEIA_MEMORY_CEILING_BYTES",
        _MEMORY,
        CEILINGS.memory_bytes,
        "highest memory limit that a script may request",
        "bytes",
    )
    result_bytes: int = setting(
        "BATEIA_RESULT_BYTES", _RESULT, DEFAULTS.result_bytes, "default size limit of a result", "bytes"
    )
    result_ceiling_bytes: int = setting(
        "BATEIA_RESULT_CEILING_BYTES",
        _RESULT,
        CEILINGS.result_bytes,
        "highest result limit that a script may request",
        "bytes",
    )
    log_bytes: int = setting(
        "BATEIA_LOG_BYTES",
        _LOG,
        DEFAULTS.log_bytes,
        "default limit of a run's console output; the rest is dropped",
        "bytes",
    )
    log_ceiling_bytes: int = setting(
        "BATEIA_LOG_CEILING_BYTES",
        _LOG,
        CEILINGS.log_bytes,
        "highest console output limit that a script may request",
        "bytes",
    )
    source_bytes: int = setting(
        "BATEIA_SOURCE_BYTES", whole(1, 16 * MIB), MAX_SOURCE_BYTES, "maximum size of a script's source", "bytes"
    )
    dataset_bytes: int = setting(
        "BATEIA_DATASET_BYTES", whole(2, 512 * MIB), 64 * MIB, "maximum size of a dataset, decompressed", "bytes"
    )
    inline_result_bytes: int = setting(
        "BATEIA_INLINE_RESULT_BYTES",
        whole(0, 64 * MIB),
        1 * MIB,
        "maximum size of a result that is included in its execution",
        "bytes",
    )
    inflight_bytes: int = setting(
        "BATEIA_INFLIGHT_BYTES",
        whole(MIB, 1024 * 1024 * MIB),
        512 * MIB,
        "memory budget for request and response bodies per API process",
        "bytes",
    )
    silence_seconds: int = setting(
        "BATEIA_SILENCE_SECONDS", whole(1, 3600), 10, "maximum pause of a client in the middle of a request", "s"
    )
    pace_seconds: int = setting(
        "BATEIA_PACE_SECONDS",
        whole(1, 3600),
        30,
        "window over which a client must send a body and read a response at 1 KiB/s or faster",
        "s",
    )
    head_bytes: int = setting(
        "BATEIA_HEAD_BYTES", whole(1024, MIB), 32 * 1024, "maximum size of request line and headers together", "bytes"
    )
    connections: int = setting(
        "BATEIA_CONNECTIONS",
        whole(1, 1_000_000),
        10_000,
        "maximum number of connections per API process",
        "connections",
    )
    lease_seconds: int = setting(
        "BATEIA_LEASE_SECONDS",
        whole(3, 3600),
        15,
        "lease of a claim: a worker silent for longer loses its executions",
        "s",
    )
    attempts: int = setting(
        "BATEIA_ATTEMPTS", whole(1, 100), 3, "maximum attempts of an execution whose workers are lost", "attempts"
    )
    grace_seconds: int = setting(
        "BATEIA_GRACE_SECONDS", whole(0, 600), 20, "time for running executions to finish after a stop signal", "s"
    )
    master_keys_file: Path | None = setting(  # noqa: RUF009 - a field, not a value
        "BATEIA_MASTER_KEYS_FILE",
        folder(),
        None,
        "file with master keys, one per line; see docs/security.md",
        shown="none",
    )
    master_keys: str = setting(
        "BATEIA_MASTER_KEYS",
        secret("id:key in base64, separated by commas"),
        "",
        "master keys, where a file is not possible",
        shown="none",
        repr=False,
    )
    signing_keys_file: Path | None = setting(  # noqa: RUF009 - a field, not a value
        "BATEIA_SIGNING_KEYS_FILE",
        folder(),
        None,
        "file with the signing keys of receipts, one per line, read again when it changes; see docs/provenance.md",
        shown="none; with an embedded server, `signing-keys` in the data folder",
    )
    signing_keys: str = setting(
        "BATEIA_SIGNING_KEYS",
        secret("keys as in the file, separated by commas"),
        "",
        "signing keys, where a file is not possible",
        shown="none",
        repr=False,
    )
    stores_file: Path | None = setting(  # noqa: RUF009 - a field, not a value
        "BATEIA_STORES_FILE",
        folder(),
        None,
        "file with the stores that clients and jobs may use; see docs/stores.md",
        shown="none",
    )
    files_dir: Path | None = setting(  # noqa: RUF009 - a field, not a value
        "BATEIA_FILES_DIR",
        folder(),
        None,
        "folder of the store `files`, unless the file of stores has one of that name",
        shown="with `serve`, `files` in the data folder; otherwise there is no such store",
    )
    jobs: int = setting(
        "BATEIA_JOBS",
        whole(0, 1),
        1,
        "1: the worker starts the process that carries jobs on whenever one waits; `serve` leaves that to its first "
        "worker; 0: it leaves jobs to others",
    )
    job_idle_seconds: int = setting(
        "BATEIA_JOB_IDLE_SECONDS",
        whole(1, 86_400),
        60,
        "time without a job after which the process that carries jobs on ends, with its Dask workers",
        "s",
    )
    job_workers: int = setting(
        "BATEIA_JOB_WORKERS",
        whole(0, 1024),
        0,
        "Dask workers of this machine, each with one task of a job at a time; 0 for the number of cores",
        "processes",
    )
    job_worker_memory_mb: int = setting(
        "BATEIA_JOB_WORKER_MEMORY_MB",
        whole(256, 1024 * 1024),
        768,
        "memory of a Dask worker beyond which it is killed and its task runs again; the script's own is limited apart",
        "MiB",
    )
    dask_address: str = setting(
        "BATEIA_DASK_ADDRESS",
        dask_address(),
        "",
        "scheduler of an existing Dask cluster that runs the tasks of jobs; see docs/decisions/jobs-engine.md",
        shown="a cluster of this machine, while there are jobs",
    )
    dask_ca_file: Path | None = setting(  # noqa: RUF009 - a field, not a value
        "BATEIA_DASK_CA_FILE", folder(), None, "certificate authority of the cluster, in PEM format", shown="none"
    )
    dask_cert_file: Path | None = setting(  # noqa: RUF009 - a field, not a value
        "BATEIA_DASK_CERT_FILE", folder(), None, "certificate for the cluster, in PEM format", shown="none"
    )
    dask_key_file: Path | None = setting(  # noqa: RUF009 - a field, not a value
        "BATEIA_DASK_KEY_FILE", folder(), None, "key of that certificate, in PEM format", shown="none"
    )
    dask_plaintext: bool = setting(
        "BATEIA_DASK_PLAINTEXT",
        flag(),
        default=False,
        about="allow a scheduler on another machine without TLS: anyone who can reach it can run code on its workers",
        shown="`false`",
    )
    reproduce_every: int = setting(
        "BATEIA_REPRODUCE_EVERY",
        whole(0, 1_000_000_000),
        0,
        "each worker reproduces one in so many of the executions that it has completed successfully, behind all other "
        "work; 0 for none",
        "executions",
    )
    retain_content_days: int = setting(
        "BATEIA_RETAIN_CONTENT_DAYS",
        whole(0, 36_500),
        0,
        "retention of dataset, result and logs after an execution's end, unless its script overrides it; 0 for ever",
        "days",
    )
    retain_rows_days: int = setting(
        "BATEIA_RETAIN_ROWS_DAYS",
        whole(0, 36_500),
        0,
        "retention of an execution record after its end, unless its script overrides it; 0 for ever",
        "days",
    )
    webhook_http: bool = setting(
        "BATEIA_WEBHOOK_HTTP",
        flag(),
        default=False,
        about="allow receivers of webhooks without TLS",
        shown="`false`",
    )
    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = setting(
        "BATEIA_WEBHOOK_NETWORKS",
        networks(),
        (),
        "networks in which receivers of webhooks may be, beside public addresses",
        shown="none",
    )
    webhook_ca_file: Path | None = setting(  # noqa: RUF009 - a field, not a value
        "BATEIA_WEBHOOK_CA_FILE",
        folder(),
        None,
        "file with further certificate authorities, in PEM format, that receivers of webhooks may have",
        shown="none",
    )
    webhook_days: int = setting(
        "BATEIA_WEBHOOK_DAYS", whole(1, 365), 7, "retention of a webhook's deliveries after their end", "days"
    )
    log_level: str = setting(
        "BATEIA_LOG_LEVEL", one_of("debug", "info", "warning", "error"), "info", "minimum severity to log"
    )
    log_format: str = setting(
        "BATEIA_LOG_FORMAT",
        one_of("auto", "json", "text"),
        "auto",
        "format of log lines; `auto` is text on a terminal, JSON elsewhere",
    )
    allow_unconfined: bool = setting(
        "BATEIA_ALLOW_UNCONFINED",
        flag(),
        default=False,
        about="run scripts even if seccomp is unavailable",
        shown="`false`",
    )

    allow_open: bool = setting(
        "BATEIA_ALLOW_OPEN",
        flag(),
        default=False,
        about="allow anonymous access on non-loopback addresses while no API key exists",
        shown="`false`",
    )

    @property
    def may_be_open(self) -> bool:
        """True if the API allows anonymous access while no API key exists."""
        return self.allow_open or is_loopback(self.host)

    @property
    def reuses_processes(self) -> bool:
        """True if a sandbox process may serve more than one execution."""
        is_encrypted = bool(self.master_keys or self.master_keys_file)
        default = Isolation.EXECUTION if is_encrypted else Isolation.VERSION
        return Isolation(self.isolation or default) is Isolation.VERSION

    @property
    def direct_url(self) -> str:
        """The database URL that bypasses the pooler, if one is configured."""
        return self.database_direct_url or self.database_url

    @property
    def pooling(self) -> Pooling:
        """The mode of the pooler behind `database_url`."""
        return Pooling(self.database_pooler)

    @property
    def direct_pooling(self) -> Pooling:
        """The mode of a pooler behind `direct_url`, if there is one."""
        return Pooling.AUTO if self.database_direct_url else Pooling(self.database_pooler)

    @property
    def default_limits(self) -> Limits:
        """The limits of a version that sets none."""
        return Limits(**{limit: getattr(self, limit) for limit in _CEILING_OF})

    @property
    def ceilings(self) -> Limits:
        """The highest limits that a version may request."""
        return Limits(**{limit: getattr(self, ceiling) for limit, ceiling in _CEILING_OF.items()})


@frozen
class SettingProblem:
    """An invalid setting. `wrong` never repeats a secret."""

    setting: str
    wrong: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.setting}: {self.wrong} (allowed: {self.allowed})"


def read_settings(env: Mapping[str, str]) -> Result[Settings, tuple[SettingProblem, ...]]:
    """Read the settings in an environment, or collect all problems with it. Empty variables count as unset."""
    given = {one.name: _declared(one).kind.read(text) for one in _all() if (text := env.get(_declared(one).name))}
    refused = {member: result.failure() for member, result in given.items() if not is_successful(result)}
    accepted: dict[str, Any] = {member: one.unwrap() for member, one in given.items() if member not in refused}
    settings = Settings(**accepted)
    contradictions = (
        _low_ceilings(settings, refused),
        _no_room(settings, refused),
        _no_port(settings, refused),
        _no_url(settings, refused),
        _open_scheduler(settings, refused),
    )
    problems = (*_unknown(env), *_refusals(refused), *chain(*contradictions))
    return Failure(problems) if problems else Success(settings)


def settings_table() -> str:
    """Format every setting as a Markdown table."""
    head = "| setting | default | unit | allowed | description |\n| --- | --- | --- | --- | --- |\n"
    rows = (
        f"| `{known.name}` | {known.shown} | {known.unit} | {known.kind.allowed} | {known.about} |\n"
        for known in declarations()
    )
    return head + "".join(rows)


def declarations() -> tuple[Declaration, ...]:
    """List the declarations of all settings, in the order of the documentation."""
    return tuple(map(_declared, _all()))


def limit_settings() -> tuple[str, ...]:
    """List the names of the settings of limits: for each limit its default and its ceiling."""
    return tuple(_declared(getattr(fields(Settings), member)).name for pair in _CEILING_OF.items() for member in pair)


def _all() -> "tuple[Attribute[Any], ...]":
    return tuple(fields(Settings))


def _declared(one: "Attribute[Any]") -> Declaration:
    declaration = one.metadata[DECLARATION]
    assert isinstance(declaration, Declaration)
    return declaration


def _unknown(env: Mapping[str, str]) -> Iterator[SettingProblem]:
    known = {_declared(one).name.removeprefix(_PREFIX): _declared(one).name for one in _all()}
    for name in sorted(env):
        if name.startswith(_PREFIX) and name not in {*known.values(), *VARIABLES_OF_CLIENTS}:
            close = get_close_matches(name.removeprefix(_PREFIX), known)
            allowed = " or ".join(known[one] for one in close) or ", ".join(known.values())
            yield SettingProblem(name, "unknown setting", allowed)


def _refusals(refused: Mapping[str, str]) -> Iterator[SettingProblem]:
    for one in _all():
        if one.name in refused:
            known = _declared(one)
            yield SettingProblem(known.name, refused[one.name], known.kind.allowed)


def _low_ceilings(settings: Settings, refused: Mapping[str, str]) -> Iterator[SettingProblem]:
    usual, highest = asdict(settings.default_limits), asdict(settings.ceilings)
    for limit, most in _CEILING_OF.items():
        if not refused.keys() & {limit, most} and usual[limit] > highest[limit]:
            name = _declared(getattr(fields(Settings), most)).name
            wrong = f"{highest[limit]} is below {_declared(getattr(fields(Settings), limit)).name}"
            yield SettingProblem(name, wrong, f"{usual[limit]} or more, or lower the limit")


def _no_room(settings: Settings, refused: Mapping[str, str]) -> Iterator[SettingProblem]:
    """Require room for the largest dataset twice: NDJSON is held beside the array that it becomes."""
    least = 2 * settings.dataset_bytes + _ROOM_TO_DECODE
    if not refused.keys() & {"inflight_bytes", "dataset_bytes"} and settings.inflight_bytes < least:
        wrong = f"{settings.inflight_bytes} is too small for datasets of {settings.dataset_bytes} bytes"
        yield SettingProblem("BATEIA_INFLIGHT_BYTES", wrong, f"{least} or more, or lower BATEIA_DATASET_BYTES")


def _no_port(settings: Settings, refused: Mapping[str, str]) -> Iterator[SettingProblem]:
    """Require ports for the workers started by `serve` that differ from the API's."""
    first = settings.worker_metrics_port
    if not first or refused.keys() & {"worker_metrics_port", "workers", "port"}:
        return
    last = first + settings.workers - 1
    if last > _LAST_PORT or first <= settings.port <= last:
        wrong = f"{settings.workers} workers would use the ports {first} to {last}"
        yield SettingProblem("BATEIA_WORKER_METRICS_PORT", wrong, f"ports up to {_LAST_PORT}, without {settings.port}")


def _no_url(settings: Settings, refused: Mapping[str, str]) -> Iterator[SettingProblem]:
    """Refuse a direct URL for the embedded database, which has no pooler to bypass."""
    if settings.database_direct_url and not settings.database_url and "database_url" not in refused:
        yield SettingProblem("DATABASE_DIRECT_URL", "DATABASE_URL is not set", "both of them, or neither")


def _open_scheduler(settings: Settings, refused: Mapping[str, str]) -> Iterator[SettingProblem]:
    """Require certificates for an existing cluster, or a network that the operator says to be closed."""
    if not settings.dask_address or refused.keys() & {"dask_address", "dask_plaintext"}:
        return
    if settings.dask_address.startswith("tls"):
        for member in ("dask_ca_file", "dask_cert_file", "dask_key_file"):
            if getattr(settings, member) is None and member not in refused:
                name = _declared(getattr(fields(Settings), member)).name
                yield SettingProblem(name, "not set, and BATEIA_DASK_ADDRESS needs it for tls://", "a path")
    elif not settings.dask_plaintext and not is_loopback(urlsplit(settings.dask_address).hostname or ""):
        wrong = "anyone who can reach a scheduler without TLS can run code on its workers"
        allowed = "tls://host:port, or BATEIA_DASK_PLAINTEXT=true where the network admits nobody else"
        yield SettingProblem("BATEIA_DASK_ADDRESS", wrong, allowed)
