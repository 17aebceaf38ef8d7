"""The ports that the work of a task needs."""

from attrs import frozen

from adapters.partitions.bounds import Bounds
from adapters.partitions.sandbox import RunTask
from application.ports.bodies import Bodies
from application.ports.stores import ObjectStores


@frozen
class Tools:
    """Stores, sandbox, JSON text and the bounds of memory."""

    stores: ObjectStores
    run_task: RunTask
    bodies: Bodies
    bounds: Bounds
