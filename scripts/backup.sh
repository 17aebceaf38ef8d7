#!/usr/bin/env bash
# Writes a verified backup of the database (DATABASE_URL, or the embedded one in BATEIA_DATA_DIR) into a file.
# The service may be at work, or stopped.
set -euo pipefail

if [[ $# -gt 1 || ${1:-} == -* ]]; then
    echo "usage: scripts/backup.sh [FILE]   (without one: backups/bateia-TIME.backup in the project's folder)" >&2
    exit 2
fi
file=${1:-}
if [[ -n $file && $file != /* ]]; then file=$PWD/$file; fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
file=${file:-$PWD/backups/bateia-$(date -u +%Y%m%dT%H%M%SZ).backup}

./scripts/setup.sh
exec .venv/bin/python -m entrypoints.backup "$file"
