"""Messages between client and workers: a task with its key, and its outcome. Their text shows no content."""

from typing import TypeAlias

from attrs import field, frozen

from application.ports.job_tasks import Task, TaskReport


@frozen
class Parcel:
    """A task under its key, which is unique to each attempt of the client's."""

    key: str
    task: Task = field(repr=False)


@frozen
class Reported:
    """A task that has its report."""

    report: TaskReport = field(repr=False)


@frozen
class Deferred:
    """A task that needs what is not available now. The reason quotes no data."""

    reason: str


@frozen
class Broken:
    """A task that raised what is a bug: the name of the exception, whose message may quote data."""

    exception: str


ParcelOutcome: TypeAlias = Reported | Deferred | Broken
