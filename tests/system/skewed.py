"""A process of the service on a machine whose clock is wrong: `python -m tests.system.skewed SECONDS MODULE`.

The functions for the time of day are replaced before the module is imported; monotonic time is left alone.
"""

import runpy
import sys
import time
from datetime import datetime, timedelta, tzinfo

import adapters.system


def skew(seconds: int) -> None:
    """Put this process's clock ahead; behind if negative."""
    real_time, real_ns = time.time, time.time_ns
    time.time = lambda: real_time() + seconds
    time.time_ns = lambda: real_ns() + seconds * 10**9

    class Skewed:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            return datetime.now(zone) + timedelta(seconds=seconds)

    vars(adapters.system)["datetime"] = Skewed


if __name__ == "__main__":
    seconds, module = sys.argv[1:]
    del sys.argv[1:]
    skew(int(seconds))
    runpy.run_module(module, run_name="__main__", alter_sys=True)
