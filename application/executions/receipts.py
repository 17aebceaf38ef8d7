"""Receipts of executions, made on request from stored data alone, and the keys that verify them."""

from typing import TypeAlias
from uuid import UUID

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.read import UnknownExecution
from application.ports.executions import Executions
from application.ports.installation import Installation
from application.ports.signing import PublicKey, Signer
from domain.dsse import Envelope
from domain.execution import NotFinished, as_finished
from domain.receipts import NoStatement, message_of, receipt, statement


@frozen
class ReceiptsNotConfigured:
    """The service has no signing key."""


ReceiptRefused: TypeAlias = ReceiptsNotConfigured | UnknownExecution | NotFinished | NoStatement


@frozen
class ReceiptUseCases:
    """Sign receipts and publish their keys. Without a signer both are refused."""

    executions: Executions
    installation: Installation
    signer: Signer | None

    async def read(self, execution_id: UUID) -> Result[Envelope, ReceiptRefused]:
        """Sign the receipt of a finished execution."""
        if self.signer is None:
            return Failure(ReceiptsNotConfigured())
        payload = await self._statement(execution_id)
        if not is_successful(payload):
            return Failure(payload.failure())
        signature = self.signer.sign(message_of(payload.unwrap()))
        return Success(receipt(payload.unwrap(), signature))

    def public_keys(self) -> Result[tuple[PublicKey, ...], ReceiptsNotConfigured]:
        """List the keys that verify receipts, the present one first."""
        return Failure(ReceiptsNotConfigured()) if self.signer is None else Success(self.signer.public_keys())

    async def _statement(self, execution_id: UUID) -> Result[bytes, UnknownExecution | NotFinished | NoStatement]:
        report = await self.executions.report(execution_id, 0)
        if report is None:
            return Failure(UnknownExecution(execution_id))
        finished = as_finished(report.execution)
        if not is_successful(finished):
            return Failure(finished.failure())
        return statement(finished.unwrap(), await self.installation.installation_id())
