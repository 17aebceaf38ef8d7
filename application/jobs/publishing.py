"""Publishing: the objects of the output move into the client's folder, then its manifest, and last the marker.

The manifest is stored among the temporary objects first. Whoever finds it there knows what may have been published,
and can repeat that, or undo it.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from returns.pipeline import is_successful

from application.jobs.carried import CarriedJob, JobFailed, ensure
from application.jobs.places import Places
from application.jobs.results import StoredResults
from application.ports.stores import ObjectStores
from domain.body import digest
from domain.job_outputs import MANIFEST, MARKER, listed_objects, manifest_of
from domain.jobs import JobErrorKind, JobOutcome, OutputFile, job_error
from domain.stores import ObjectUrl

_AT_ONCE: Final = 16


async def publish(carried: CarriedJob, objects: Sequence[OutputFile], stored: StoredResults) -> JobOutcome:
    """Publish the output. Only a process that holds the job begins, and only it says that the output is complete."""
    manifest = manifest_of(carried.job, objects, stored.partitions, stored.partitions_root)
    places, work = carried.places, carried.ports.work
    await _check_folder(carried, objects)
    ensure(await work.renew(carried.job.id))
    await carried.write(places.manifest, manifest)
    for start in range(0, len(objects), _AT_ONCE):
        await _move_all(carried, objects[start : start + _AT_ONCE])
    await carried.write(places.published(MANIFEST), manifest)
    ensure(await work.renew(carried.job.id))
    await carried.write(places.published(MARKER), b"")
    size_bytes = sum(one.size_bytes for one in objects)
    return JobOutcome(digest(manifest).sha256, len(objects), size_bytes, stored.partitions_root)


async def unpublish(stores: ObjectStores, places: Places) -> None:
    """Delete what a job has published that does not succeed. Objects of others, which came into the folder when this
    job had not published yet, stay."""
    manifest = await _read(stores, places.manifest)
    if manifest is None:
        return
    published = places.published(MANIFEST)
    there = await stores.head(published)
    if there is not None and (there.size_bytes != len(manifest) or await _read(stores, published) != manifest):
        return
    if there is not None:
        await stores.delete(places.published(MARKER))
    for one in listed_objects(manifest):
        await _delete(stores, places.published(_name(places, one)), one)
    await stores.delete(published)


async def _check_folder(carried: CarriedJob, objects: Sequence[OutputFile]) -> None:
    """Check that nothing came into the folder but what this job has published before it was interrupted."""
    places, folder = carried.places, carried.job.request.output.folder
    own = {one.path for one in objects} | {places.published(name).path.value for name in (MANIFEST, MARKER)}
    there = await carried.ports.stores.page(folder, "", len(own) + 1)
    was_begun = await carried.ports.stores.head(places.manifest) is not None
    foreign = next((one.path for one in there if not was_begun or one.path not in own), None)
    if foreign is not None:
        message = f"{foreign} was written into the output's folder while the job ran; submit the job with an empty one"
        raise JobFailed(job_error(JobErrorKind.OUTPUT_EXISTS, message))


async def _move_all(carried: CarriedJob, objects: Sequence[OutputFile]) -> None:
    """Move objects, and wait for each before the first failure is raised: none moves later."""
    moved = await asyncio.gather(*(_move(carried, one) for one in objects), return_exceptions=True)
    for failure in (one for one in moved if one is not None):
        raise failure


async def _move(carried: CarriedJob, one: OutputFile) -> None:
    places, name = carried.places, _name(carried.places, one)
    await carried.ports.stores.move(places.output(name), places.published(name))


def _name(places: Places, one: OutputFile) -> str:
    return one.path.removeprefix(places.folder.prefix)


async def _delete(stores: ObjectStores, url: ObjectUrl, expected: OutputFile) -> None:
    there = await stores.head(url)
    if there is not None and there.size_bytes == expected.size_bytes:
        await stores.delete(url)


async def _read(stores: ObjectStores, url: ObjectUrl) -> bytes | None:
    read = await stores.read(url)
    return b"".join([piece async for piece in read.unwrap()]) if is_successful(read) else None
