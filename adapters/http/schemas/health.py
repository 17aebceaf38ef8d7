"""Health reports on the wire."""

from attrs import field, frozen

from adapters.http.schemas.describing import about


@frozen(kw_only=True)
class Liveness:
    """This process answers."""

    live: bool = field(metadata=about("True.", True))


@frozen(kw_only=True)
class Readiness:
    """Whether the service can do its work."""

    ready: bool = field(metadata=about("Whether requests will succeed.", True))
    trouble: str | None = field(metadata=about("What is in the way, if anything is."))
    needs_key: bool | None = field(
        metadata=about("Whether requests need an API key; null while that is not known.", True)
    )
    workers: int = field(metadata=about("Workers seen lately. Without one, executions wait.", 2))
