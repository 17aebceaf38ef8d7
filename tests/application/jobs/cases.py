"""The use cases of jobs over the store in memory."""

from datetime import UTC, datetime
from typing import Any, Final

from attrs import evolve

from adapters.memory.store import MemoryStore
from adapters.memory.stores import MemoryStores
from adapters.signing.signer import Ed25519Signer
from adapters.signing.signing_keys import SigningKeys, new_signing_key
from adapters.system import utc_now, uuid7
from application.jobs.ports import JobPorts
from application.jobs.submission import SubmitJob
from application.jobs.use_cases import JobUseCases
from application.ports.jobs import JobRecord
from application.ports.stores import StoreInfo
from application.scripts.known import KnownScripts
from domain.stores import StoreRules, store_name
from tests.application.test_executions import NAME
from tests.support.job_values import REQUEST

SIGNER: Final = Ed25519Signer(SigningKeys((new_signing_key(bytes(32), datetime(2026, 11, 1, tzinfo=UTC)),)))


def some_stores(**rules: StoreRules) -> MemoryStores:
    """Make stores with those rules."""
    infos = [StoreInfo(store_name(name).unwrap(), rule, can_resume=False) for name, rule in rules.items()]
    return MemoryStores(utc_now, infos)


def use_cases(store: MemoryStore, **others: Any) -> JobUseCases:
    """Bind the ports; the store `lake` allows everything."""
    ports = JobPorts(
        known_scripts=KnownScripts(store.scripts),
        jobs=store.jobs,
        stores=some_stores(lake=StoreRules()),
        completions=store.endings,
        installation=store.installation,
        signer=SIGNER,
        clock=utc_now,
        new_id=uuid7,
    )
    return JobUseCases(evolve(ports, **others))


async def submitted(cases: JobUseCases) -> JobRecord:
    """Submit a job."""
    return (await cases.submit(SubmitJob(script=NAME, request=REQUEST))).unwrap().record
