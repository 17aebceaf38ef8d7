"""Places of a job's objects: the temporary ones, in the service's own part of the output's store, and the output's."""

from typing import Final
from uuid import UUID

from attrs import frozen

from domain.jobs import Job
from domain.stores import RESERVED_PREFIX, Folder, ObjectPath, ObjectUrl, StoreName

_ROOT: Final = f"{RESERVED_PREFIX}jobs"


def jobs_folder(store: StoreName) -> Folder:
    """Return the folder with the temporary objects of all jobs."""
    return Folder(store, ObjectPath(_ROOT))


def behind(job: UUID) -> str:
    """Return a path behind those of all temporary objects of a job, and before those of jobs with greater ids."""
    return f"{_ROOT}/{job}0"  # the digit follows the slash


def job_of(path: str) -> UUID | None:
    """Tell the job of a temporary object; None if the path is none of this module's."""
    try:
        return UUID(path.removeprefix(f"{_ROOT}/").partition("/")[0])
    except ValueError:
        return None


@frozen
class Places:
    """The places of one job."""

    job: UUID
    folder: Folder

    @property
    def root(self) -> Folder:
        """The folder of all temporary objects."""
        return self._folder("")

    @property
    def spare(self) -> tuple[Folder, ...]:
        """The folders that a job which may be tried again does not need: all but its partitions' results."""
        return tuple(self._folder(f"/{name}") for name in ("output", "text", "merged", "verified"))

    @property
    def manifest(self) -> ObjectUrl:
        """The manifest, from before the first object is published."""
        return self._url("manifest.json")

    @property
    def whole(self) -> ObjectUrl:
        """The result of a verification's rows as one piece."""
        return self._url("verified/whole.json")

    @property
    def pieces(self) -> ObjectUrl:
        """The result of a verification's rows in pieces."""
        return self._url("verified/pieces.json")

    def text(self, partition: int) -> ObjectUrl:
        """Return the place of a partition's text, if it is one of a stream."""
        return self._url(f"text/{partition:05}.ndjson")

    def result(self, partition: int) -> ObjectUrl:
        """Return the place of a partition's result."""
        return self._url(f"results/{partition:05}.json")

    def merged(self, level: int, number: int) -> ObjectUrl:
        """Return the place of a merge's result."""
        return self._url(f"merged/{level}/{number:05}.json")

    def output(self, name: str) -> ObjectUrl:
        """Return the place of an object of the output until it is published."""
        return self._url(f"output/{name}")

    def published(self, name: str) -> ObjectUrl:
        """Return the place of an object in the folder that the client named."""
        return ObjectUrl(self.folder.store, ObjectPath(f"{self.folder.prefix}{name}"))

    def _url(self, path: str) -> ObjectUrl:
        return ObjectUrl(self.folder.store, ObjectPath(f"{_ROOT}/{self.job}/{path}"))

    def _folder(self, path: str) -> Folder:
        return Folder(self.folder.store, ObjectPath(f"{_ROOT}/{self.job}{path}"))


def places_of(job: Job) -> Places:
    """Return the places of a job."""
    return Places(job.id, job.request.output.folder)
