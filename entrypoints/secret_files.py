"""Secrets that an environment names the file of, so that it does not hold them itself.

Only `DATABASE_URL` can be given so: as a file mounted into a container, say.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from returns.result import Failure, Result, Success

from entrypoints.settings import SettingProblem

_URL: Final = "DATABASE_URL"
_FILE: Final = "DATABASE_URL_FILE"


def with_secret_files(env: Mapping[str, str]) -> Result[Mapping[str, str], tuple[SettingProblem, ...]]:
    """The environment as if it held what is in the files that it names, or why a file does not do."""
    path = env.get(_FILE)
    if not path:
        return Success(env)
    if env.get(_URL):
        return Failure((SettingProblem(_FILE, f"{_URL} is given too", "one of them"),))
    try:
        text = Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        return Failure((SettingProblem(_FILE, f"it cannot be read ({type(error).__name__})", "a readable text file"),))
    if not text:
        return Failure((SettingProblem(_FILE, "the file is empty", "a file that holds a URL"),))
    return Success({**env, _URL: text})
