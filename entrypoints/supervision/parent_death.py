"""The tie between the supervisor and its children: they end when it does, even when it is killed outright.

Linux keeps the tie (`PR_SET_PDEATHSIG`, see prctl(2)); it hangs on the thread that started the child, so the
supervisor starts children from its main thread. Elsewhere there is none, and children outlive a killed supervisor.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Mapping
from typing import Final

PARENT: Final = "LIFELINE_PARENT_PID"
"""The variable that names a child's supervisor. A process started by hand has none, and no tie."""

_PR_SET_PDEATHSIG: Final = 1


def tied_to_me(env: Mapping[str, str]) -> dict[str, str]:
    """Build an environment for children that shall end with this process."""
    return {**env, PARENT: str(os.getpid())}


def die_with_parent(env: Mapping[str, str]) -> None:
    """Request a TERM when the supervisor named in `env` ends; exit at once if it already has."""
    parent = env.get(PARENT)
    if parent is None or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it ended before the tie was made
        sys.exit(1)
