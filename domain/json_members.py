"""Members of a JSON object by their types; a wrong one is named by its path, as in `predicate.runDetails.builder`."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.strict_json import parsed_time


class WrongMember(Exception):
    """A member is missing or of another type than expected."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Members:
    """An object in a document, with its path."""

    def __init__(self, members: Mapping[str, Any], path: str = "") -> None:
        self._members, self._path = members, path

    def object(self, name: str) -> "Members":
        """Return a member that is an object."""
        if not isinstance(value := self._members.get(name), dict):
            raise self.wrong(name)
        return Members(value, f"{self._path}{name}.")

    def objects(self, name: str) -> Sequence["Members"]:
        """Return the items of a member that is a list of objects."""
        value = self._members.get(name)
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(name)
        return [Members(one, f"{self._path}{name}.{at}.") for at, one in enumerate(value)]

    def text(self, name: str) -> str:
        """Return a member that is a string."""
        if not isinstance(value := self._members.get(name), str):
            raise self.wrong(name)
        return value

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        """Return a member that is a string of that pattern."""
        if not pattern.fullmatch(value := self.text(name)):
            raise self.wrong(name)
        return value

    def number(self, name: str) -> int:
        """Return a member that is an integer."""
        if type(value := self._members.get(name)) is not int:
            raise self.wrong(name)
        return value

    def time(self, name: str) -> datetime:
        """Return a member that is a time with its zone."""
        if (at := parsed_time(self.text(name))) is None:
            raise self.wrong(name)
        return at

    def only(self, *names: str) -> None:
        """Refuse other members than these."""
        for name in self._members:
            if name not in names:
                raise self.wrong(name)

    def wrong(self, name: str) -> WrongMember:
        """Build the refusal of a member."""
        return WrongMember(f"{self._path}{name}")
