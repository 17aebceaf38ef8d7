"""Receipts of jobs, made on request from stored data alone."""

from typing import TypeAlias
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.receipts import ReceiptsNotConfigured
from application.jobs.ports import JobPorts
from application.jobs.read import UnknownJob, find_job
from domain.dsse import Envelope
from domain.job_receipts import NoOutput, job_statement
from domain.jobs import JobNotFinished
from domain.receipts import message_of, receipt

JobReceiptRefused: TypeAlias = ReceiptsNotConfigured | UnknownJob | JobNotFinished | NoOutput


async def read_receipt(ports: JobPorts, job_id: UUID) -> Result[Envelope, JobReceiptRefused]:
    """Sign the receipt of a job that has succeeded."""
    if ports.signer is None:
        return Failure(ReceiptsNotConfigured())
    found = await find_job(ports.jobs, job_id)
    if not is_successful(found):
        return Failure(found.failure())
    payload = job_statement(found.unwrap().job, await ports.installation.installation_id())
    if not is_successful(payload):
        return Failure(payload.failure())
    return Success(receipt(payload.unwrap(), ports.signer.sign(message_of(payload.unwrap()))))
