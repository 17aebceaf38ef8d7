"""The application over the store in memory, and a client that speaks HTTP to it without a socket."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from datetime import datetime, timedelta
from functools import partial
from os import urandom
from time import monotonic
from typing import Any, Final, TypeVar, cast
from uuid import UUID

import httpx
from attrs import AttrsInstance, define, field, fields
from returns.result import Failure, Result, Success
from starlette.types import Message

from adapters.http.app import build_app
from adapters.http.dependencies import Audit, Dependencies, Operations, RequestLimits, Site, UploadPolicy
from adapters.http.transport.authorities import Authority
from adapters.http.transport.memory_budget import MemoryBudget
from adapters.http.transport.minimum_rate import MinimumRate
from adapters.http.transport.own_hosts import OwnHosts
from adapters.json.bodies import JsonBodies
from adapters.memory.installation import MemoryInstallation
from adapters.memory.store import MemoryStore
from adapters.memory.stores import MemoryStores, any_store
from adapters.memory.uploads import MemoryUploads
from adapters.signing.signer import Ed25519Signer
from adapters.system import utc_now, uuid7
from application.access.authorise import Authorizer
from application.access.use_cases import ApiKeyUseCases
from application.batches.submit_batch import BatchPorts
from application.batches.use_cases import BatchUseCases
from application.executions.admission import Admission
from application.executions.compare import ComparisonUseCases
from application.executions.receipts import ReceiptUseCases
from application.executions.reproduce import ReproductionPorts
from application.executions.submit import SubmitPorts
from application.executions.use_cases import ExecutionUseCases, ReproductionUseCases
from application.jobs.ports import JobPorts
from application.jobs.use_cases import JobUseCases
from application.maintenance.flush_audit_reads import AuditReadBuffer
from application.ports.operations import Readiness
from application.ports.queue import Claimed, Completion
from application.ports.sandbox import NotRunnable, RunFailure, SandboxBusy, ScriptFault, Trial
from application.ports.status import DiskFolder, DiskStatus
from application.ports.stores import StoreInfo
from application.previews.preview import PreviewPorts
from application.previews.use_cases import PreviewUseCases
from application.replays.start import VersionReplayPorts
from application.replays.use_cases import VersionReplayUseCases
from application.script_tests.use_cases import ScriptTestUseCases
from application.scripts.activity import ActivityUseCases
from application.scripts.aliases import AliasUseCases
from application.scripts.gates import GateUseCases
from application.scripts.known import KnownScripts
from application.scripts.use_cases import ScriptUseCases
from application.status.read import StatusPorts, StatusReader
from application.stores.use import StorePorts
from application.stores.use_cases import StoreUseCases
from application.webhooks.subscribe import WebhookPorts
from application.webhooks.use_cases import WebhookUseCases
from domain import webhooks
from domain.access import SECRET_BYTES, Scope, new_key, new_token
from domain.body import Body
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.execution import Claim, Pending, Running
from domain.limits import CEILINGS, DEFAULTS, MIB, Limits
from domain.outcome import LogLevel, LogLine, Outcome, Produced, Run
from domain.stores import Operation, StoreName, StoreRules
from domain.transitions import finish, start
from domain.versions import MAX_SOURCE_BYTES, Source
from domain.warnings import ExecutionWarning, SourceWarning, SourceWarningKind
from tests.adapters.http.contract import check
from tests.support.plain_comparison import PlainComparison
from tests.support.signing import INSTALLATION, SIGNING_KEYS
from tests.support.values import ENGINE, a_failure, a_run

SOURCE: Final = "function process(data) { return data; } // naïve"
JSON_TYPE: Final = {"Content-Type": "application/json"}

HOSTS: Final = OwnHosts(port=8000, added=(Authority("bateia", None), Authority("x", None)))

STORES: Final = (
    any_store("files"),
    StoreInfo(StoreName("lake"), StoreRules(scripts=("cards*",), keys=("a key",)), can_resume=False),
    StoreInfo(StoreName("archive"), StoreRules(operations=frozenset({Operation.READ})), can_resume=False),
)
"""A folder for all, a store for some scripts and the keys that tests make, and one that is read-only."""

_T = TypeVar("_T")


async def refuse_braces(
    source: Source, limits: Limits, engine: EngineName
) -> Result[tuple[SourceWarning, ...], NotRunnable]:
    """Refuse sources with `{{{` in them, and warn about those with `Intl`, as a sandbox would."""
    if b"{{{" in source.data:
        return Failure(
            NotRunnable(
                (ScriptFault("unexpected token", line=1, column=2, position_is_exact=True), ScriptFault("no process"))
            )
        )
    if b"Intl" in source.data:
        return Success((SourceWarning(SourceWarningKind.MISSING_INTL, "there is no Intl", line=1, column=5),))
    return Success(())


@define
class Condition:
    """The service's condition, for tests to change."""

    readiness: Readiness = field(factory=lambda: Readiness(workers=2))

    async def __call__(self) -> Readiness:
        return self.readiness


async def one_disk() -> tuple[DiskStatus, ...]:
    """Read the disk of the data folder, a quarter of which is free."""
    return (DiskStatus(folder=DiskFolder.DATA, total_bytes=400, free_bytes=100),)


class Api:
    """The application and its client. Every answer is held against the OpenAPI document."""

    def __init__(self, depth: int = 0, **changes: Any) -> None:
        self.store = MemoryStore(utc_now, timedelta(seconds=15))
        self.condition = Condition()
        self.objects = MemoryStores(utc_now, STORES)
        self.bodies = JsonBodies()
        self.status_ports = StatusPorts(
            database=self.store.status,
            queue=self.store.status.queue,
            disks=one_disk,
            api_keys=self.store.api_keys,
            clock=utc_now,
            monotonic=changes.get("monotonic", monotonic),
            started_at=utc_now(),
        )
        self.reads = changes.pop("reads", None) or AuditReadBuffer(self.store.audit, utc_now)
        defaults: dict[str, Any] = {
            "access": Authorizer(self.store.api_keys, utc_now, monotonic, allow_anonymous=True),
            "api_keys": self.store.api_keys,
            "new_key_secret": partial(urandom, SECRET_BYTES),
            "scripts": self.store.scripts,
            "activity": self.store.activity,
            "version_usage": self.store.version_usage,
            "aliases": self.store.aliases,
            "known_scripts": KnownScripts(changes.get("scripts", self.store.scripts)),
            "executions": self.store.executions,
            "batches": self.store.batches,
            "jobs": self.store.jobs,
            "stores": self.objects,
            "replays": self.store.replays,
            "idempotency_keys": self.store.keys,
            "admission": Admission(self.store.executions.waiting, depth, monotonic),
            "replay_admission": Admission(self.store.executions.replays_waiting, depth, monotonic),
            "bodies": self.bodies,
            "compare_results": PlainComparison(self.bodies),
            "check_script": refuse_braces,
            "script_tests": self.store.script_tests,
            "monotonic": monotonic,
            "check_trial": refuse_braces,
            "run_trial": self.run_trial,
            "record": self.reads.record,
            "check_readiness": self.condition,
            "read_queue": self.store.queue_state,
            "status": StatusReader(self.status_ports),
            "completions": self.store.endings,
            "installed_engine": {DEFAULT_ENGINE.value: ENGINE}.get,
            "clock": utc_now,
            "new_id": uuid7,
            "webhooks": self.store.webhooks,
            "new_secret": partial(urandom, webhooks.SECRET_BYTES),
            "default_limits": DEFAULTS,
            "limit_ceilings": CEILINGS,
            "max_source_bytes": MAX_SOURCE_BYTES,
            "max_dataset_bytes": 64 * MIB,
            "inline_result_bytes": MIB,
            "memory": MemoryBudget(512 * MIB),
            "minimum_rate": MinimumRate(),
            "hosts": HOSTS,
            "installation": MemoryInstallation(INSTALLATION),
            "store_ports": StorePorts(
                stores=self.objects,
                uploads=MemoryUploads(self.objects, utc_now),
                audit=self.store.audit,
                clock=utc_now,
                new_id=uuid7,
            ),
            "signer": Ed25519Signer(SIGNING_KEYS),
        }
        self.deps = self._dependencies(defaults | changes)
        self.app = build_app(self.deps)

    def _dependencies(self, values: dict[str, Any]) -> Dependencies:
        """Each group of dependencies, of the values that are named like its fields."""

        def group(kind: type[_T]) -> _T:
            names = {one.name for one in fields(cast("type[AttrsInstance]", kind))}
            return kind(**{name: value for name, value in values.items() if name in names})

        return Dependencies(
            access=values["access"],
            api_keys=group(ApiKeyUseCases),
            audit=Audit(self.store.audit, self.reads),
            scripts=group(ScriptUseCases),
            activity=group(ActivityUseCases),
            aliases=group(AliasUseCases),
            gates=group(GateUseCases),
            batches=BatchUseCases(group(BatchPorts)),
            jobs=JobUseCases(group(JobPorts)),
            executions=ExecutionUseCases(
                group(SubmitPorts), self.store.endings, self.store.live_logs, self.store.log_news
            ),
            receipts=group(ReceiptUseCases),
            reproductions=ReproductionUseCases(group(ReproductionPorts)),
            script_tests=group(ScriptTestUseCases),
            previews=PreviewUseCases(group(PreviewPorts)),
            replays=VersionReplayUseCases(group(VersionReplayPorts)),
            comparisons=group(ComparisonUseCases),
            stores=StoreUseCases(values["store_ports"]),
            webhooks=WebhookUseCases(group(WebhookPorts)),
            bodies=values["bodies"],
            uploads=group(UploadPolicy),
            limits=group(RequestLimits),
            site=group(Site),
            operations=group(Operations),
        )

    def key(self, *scopes: Scope) -> tuple[UUID, dict[str, str]]:
        """Create a key for those scopes (all, if none is named), and return its id and its request header."""
        token = new_token(urandom(SECRET_BYTES))
        key = new_key(uuid7(), "a key", scopes or tuple(Scope), utc_now(), None).unwrap()
        self.run(self.store.api_keys.add(key, token.digest))
        return key.id, {"Authorization": f"Bearer {token.text}"}

    async def run_trial(self, trial: Trial) -> Result[Run, RunFailure | SandboxBusy]:
        """Return the dataset as the result, unless the source has `throw` in it."""
        if b"throw" in trial.source.data:
            return Success(a_run(a_failure()))
        text = await self.bodies.decode(trial.dataset)
        return Success(a_run(Produced((await self.bodies.encode(text)).unwrap())))

    async def watched(self) -> object:
        """List the executions with waiting readers."""
        return self.store.endings.watched()

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run the coroutine to its end."""
        return asyncio.run(work)

    async def messages(self, path: str, most: int) -> list[Message]:
        """Receive so many messages of a response, or all of them if there are fewer, and then leave."""
        got: list[Message] = []
        gone = asyncio.Event()

        async def receive() -> Message:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            got.append(message)
            if len(got) >= most:
                assert self.deps.limits.memory.response_bytes > 0
                gone.set()
                await asyncio.Event().wait()  # as a client does that reads no further

        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": b"",
            "headers": [(b"host", b"bateia")],
            "asgi": {"spec_version": "2.3"},
        }
        await asyncio.wait_for(self.app(scope, receive, send), 10)
        return got

    async def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Send one request, and check its answer."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url="http://bateia") as client:
            answer = await client.request(method, path, **how)
        check(answer, answer.request.headers.get("X-Forwarded-Prefix", self.deps.site.root_path).rstrip("/"))
        return answer

    def __call__(self, method: str, path: str, **how: Any) -> httpx.Response:
        return self.run(self.ask(method, path, **how))

    def get(self, path: str, **how: Any) -> httpx.Response:
        return self("GET", path, **how)

    def post(self, path: str, **how: Any) -> httpx.Response:
        return self("POST", path, **how)

    def host(self, name: str = "corporate-cards", source: str = SOURCE) -> Any:
        """Host a script, and return its representation."""
        answer = self.post("/v1/scripts", json={"name": name, "source": source})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def submit(self, dataset: bytes = b"[1]", script: str = "corporate-cards", **headers: str) -> Any:
        """Submit an execution, and return its representation, which is pending."""
        answer = self.post(f"/v1/scripts/{script}/executions", content=dataset, headers=JSON_TYPE | headers)
        assert answer.status_code == 202, answer.text
        return answer.json()

    def promote(self, version: int, alias: str = "live", script: str = "corporate-cards", **how: Any) -> httpx.Response:
        """Point an alias of a script to a version; `how` has further members of the body, and `headers`."""
        headers = how.pop("headers", {})
        path = f"/v1/scripts/{script}/aliases/{alias}"
        return self("PUT", path, json={"version": version, **how}, headers=headers)

    async def begin(self) -> Completion:
        """Claim the oldest waiting execution, and say how it would end with the result 2."""
        claimed = await self._claim()
        return await self._ending(claimed.running, Produced((await self.bodies.encode(b"2")).unwrap()))

    async def _claim(self) -> Claimed:
        """Claim the oldest waiting execution; if there is none, the oldest replay."""
        queue = self.store.queue
        (claimed,) = await queue.claim(1, _starting) or await queue.claim_replays(1, _starting)
        return claimed

    async def _ending(
        self,
        running: Any,
        outcome: Outcome,
        warnings: tuple[ExecutionWarning, ...] = (),
        logs: tuple[LogLine, ...] = (LogLine(LogLevel.WARN, "careful"),),
    ) -> Completion:
        run = a_run(outcome, logs, warnings)
        result: Body | None = outcome.result if isinstance(outcome, Produced) else None
        return Completion(running.claim.id, finish(running, run, timedelta(milliseconds=2)), run.logs, result)

    async def work(
        self,
        outcome: Outcome,
        warnings: tuple[ExecutionWarning, ...] = (),
        logs: tuple[LogLine, ...] = (LogLine(LogLevel.WARN, "careful"),),
    ) -> None:
        """Run the oldest waiting execution to that end."""
        claimed = await self._claim()
        await self.store.queue.finish([await self._ending(claimed.running, outcome, warnings, logs)])

    def produce(self, result: bytes = b"2", warnings: tuple[ExecutionWarning, ...] = ()) -> None:
        """Run the oldest waiting execution to that result."""

        self.run(self.work_to(result, warnings))

    async def work_to(self, result: bytes, warnings: tuple[ExecutionWarning, ...] = ()) -> None:
        """Run the oldest waiting execution to that result."""
        await self.work(Produced((await self.bodies.encode(result)).unwrap()), warnings)

    def fail(self, outcome: Outcome) -> None:
        """Run the oldest waiting execution to that failure."""
        self.run(self.work(outcome))


def _starting(pending: Pending, at: datetime) -> Running:
    return start(pending, Claim(uuid7(), "w"), at)


async def in_pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    """Send a body without an announced length."""
    for piece in pieces:
        yield piece


def slug(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and the kind of a problem."""
    return answer.status_code, answer.json()["type"].rpartition("/problems/")[2]
