"""Secrets read from files that the environment names, so that the environment does not contain them.

The URLs of the database can be set so: as a file mounted into a container, for example.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from entrypoints.configuration.settings import SettingProblem

_SECRETS: Final = ("DATABASE_URL", "DATABASE_DIRECT_URL")


def with_secret_files(env: Mapping[str, str]) -> Result[Mapping[str, str], tuple[SettingProblem, ...]]:
    """Replace variables that name secret files with the content of the files, or collect the problems with them."""
    read = {name: _read(env, name) for name in _SECRETS if env.get(f"{name}_FILE")}
    problems = tuple(one.failure() for one in read.values() if not is_successful(one))
    if problems:
        return Failure(problems)
    return Success({**env, **{name: one.unwrap() for name, one in read.items()}})


def _read(env: Mapping[str, str], name: str) -> Result[str, SettingProblem]:
    """Read the secret in a file. White space around it, and a byte order mark, are no part of it."""
    file = f"{name}_FILE"
    if env.get(name):
        return Failure(SettingProblem(file, f"{name} is set too", "only one of them"))
    try:
        text = Path(env[file]).read_text("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        return Failure(
            SettingProblem(file, f"the file cannot be read ({type(error).__name__})", "a readable text file")
        )
    return Success(text) if text else Failure(SettingProblem(file, "the file is empty", "a file that contains a URL"))
