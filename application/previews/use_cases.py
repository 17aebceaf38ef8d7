"""The use case of previews with its ports bound, once for each process."""

from attrs import frozen
from returns.result import Result

from application.previews.preview import Preview, Previewed, PreviewPorts, PreviewRefused, preview


@frozen
class PreviewUseCases:
    """Run sources that are not hosted."""

    ports: PreviewPorts

    async def preview(self, command: Preview) -> Result[Previewed, PreviewRefused]:
        """Run a source over a dataset."""
        return await preview(self.ports, command)
