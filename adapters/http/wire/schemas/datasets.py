"""Wire schema of a reference to a stored dataset."""

from uuid import UUID

from attrs import field, frozen

from adapters.http.wire.schemas.executions import EXECUTION_ID
from adapters.http.wire.schemas.metadata import RequestModel, describe


@frozen(kw_only=True)
class DatasetReference(RequestModel):
    """A reference to the stored dataset of an execution, in place of a dataset."""

    input_of: UUID = field(metadata=describe("Id of the execution over whose dataset to run.", EXECUTION_ID))
