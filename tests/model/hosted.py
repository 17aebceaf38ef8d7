"""What must be true of a script."""

from uuid import UUID

from attrs import frozen

from domain.script import Script


@frozen
class Hosted:
    """A script's sources, version by version, and whether it is closed."""

    id: UUID
    versions: tuple[bytes, ...]
    archived: bool = False

    def agrees(self, name: str, script: Script) -> None:
        """The script as a store shows it, against this."""
        shown = (script.id, script.name.value, script.latest_version, script.archived_at is not None)
        assert shown == (self.id, name, len(self.versions), self.archived)
        assert script.archived_at is None or script.archived_at >= script.created_at
