"""Find two versions of a script whose sources are to be compared."""

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.scripts import ScriptRef, Scripts
from application.scripts.read import UnknownVersion, VersionNotFound, read_version
from domain.aliases import VersionRef
from domain.script import ScriptName
from domain.source_diff import unified_diff
from domain.versions import ScriptVersion


@frozen
class Compared:
    """A version, and the one that it is compared with: None for version 1, which is compared with nothing."""

    script: ScriptName
    before: ScriptVersion | None
    after: ScriptVersion

    @property
    def size_bytes(self) -> int:
        """The size of both sources together."""
        before = 0 if self.before is None else self.before.source.digest.size_bytes
        return before + self.after.source.digest.size_bytes

    def diff(self) -> bytes:
        """Write the difference of both sources, as a unified diff. It takes a while for long ones."""
        names = self._name("a", self.before), self._name("b", self.after)
        return unified_diff(b"" if self.before is None else self.before.source.data, self.after.source.data, names)

    def _name(self, side: str, version: ScriptVersion | None) -> str:
        """Name a file as git does. A tab separates the number, which tools skip as they skip a time."""
        return "/dev/null" if version is None else f"{side}/{self.script.value}.js\tversion {version.number}"


async def find_compared(
    scripts: Scripts, script_ref: ScriptRef, wanted: VersionRef, against: int | None
) -> Result[Compared, VersionNotFound]:
    """Find a version and the one to compare it with, the previous one if no number is given."""
    found = await read_version(scripts, script_ref, wanted)
    if not is_successful(found):
        return Failure(found.failure())
    script, after = found.unwrap()
    if against is None and after.number == 1:
        return Success(Compared(script.name, None, after))
    other = after.number - 1 if against is None else against
    before = await scripts.version(script.id, other)
    return Failure(UnknownVersion(script, other)) if before is None else Success(Compared(script.name, before, after))
