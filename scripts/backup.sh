#!/usr/bin/env bash
# usage: scripts/backup.sh [FILE]
#
# Backs up the database (DATABASE_URL, or the embedded one in BATEIA_DATA_DIR) into a file and verifies the backup.
# The service may be running or stopped. The default FILE is backups/bateia-TIME.backup in the project's folder; an
# existing file is never overwritten. Set PG_BIN to the folder of PostgreSQL's programs if they are not found.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/help.sh"

if [[ $# -gt 1 || ${1:-} == -* ]]; then
    echo "backup: unknown arguments: $* (allowed: a file; see --help)" >&2
    exit 2
fi
file=${1:-}
if [[ -n $file && $file != /* ]]; then file=$PWD/$file; fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
file=${file:-$PWD/backups/bateia-$(date -u +%Y%m%dT%H%M%SZ).backup}

./scripts/setup.sh
exec .venv/bin/python -m entrypoints.backup "$file"
