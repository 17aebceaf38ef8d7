"""The client of a problem response, as far as its texts and links depend on it."""

from attrs import frozen

from adapters.http.language import Language


@frozen
class Audience:
    """The facts about a client that shape its problem details: its language, and the service's address as it sees it.

    `origin` is scheme and host, "" if they are not known; `root_path` is the path prefix.
    """

    language: Language = Language.ENGLISH
    origin: str = ""
    root_path: str = ""
