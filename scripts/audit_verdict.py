"""Evaluate pip-audit's JSON answer on standard input, as text and exit status (see `scripts/audit`)."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any


def verdict(packages: Sequence[Mapping[str, Any]]) -> tuple[int, list[str]]:
    """Determine the exit status and the lines that explain it."""
    found = [
        f"{one['name']} {one['version']}: {advisory['id']}, fixed in {' or '.join(advisory['fix_versions']) or 'none'}"
        for one in packages
        for advisory in one.get("vulns", ())
    ]
    unknown = [one["name"] for one in packages if "vulns" not in one]
    if unknown or not packages:
        found.append(f"{len(unknown)} of {len(packages)} packages could not be looked up, so nothing is known of them")
        return (1 if len(found) > 1 else 2), found
    return (1, found) if found else (0, [f"no advisory for any of {len(packages)} packages"])


if __name__ == "__main__":
    status, lines = verdict(json.load(sys.stdin)["dependencies"])
    print(*(f"audit: {line}" for line in lines), sep="\n", file=sys.stderr if status else sys.stdout)
    sys.exit(status)
