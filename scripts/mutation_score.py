"""The share of mutants that tests notice, read from mutmut's statistics (a JSON file, named by the first argument)."""

import json
import sys
from pathlib import Path
from typing import Final

LOWEST_SHARE: Final = 0.95


def main() -> int:
    """Print the share; exit status 1 if it is below `LOWEST_SHARE`."""
    counts = json.loads(Path(sys.argv[1]).read_text())
    noticed = counts["killed"] + counts["timeout"]
    checked = noticed + counts["survived"] + counts["no_tests"] + counts["suspicious"] + counts["segfault"]
    share = noticed / checked if checked else 0.0
    print(f"mutate: {noticed} of {checked} mutants were noticed ({share:.1%}; at least {LOWEST_SHARE:.0%} must be)")
    return 0 if share >= LOWEST_SHARE else 1


if __name__ == "__main__":
    sys.exit(main())
