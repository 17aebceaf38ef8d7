#!/usr/bin/env bash
# usage: scripts/restore.sh [--replace] FILE
#
# Puts a backup into the database (DATABASE_URL, or the embedded one in BATEIA_DATA_DIR). The service has to be stopped.
# With --replace what the database holds now is lost. PG_BIN names a folder with PostgreSQL's programs, if they are not found.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/help.sh"

replace=()
if [[ ${1:-} == --replace ]]; then
    replace=(--replace)
    shift
fi
if [[ $# -ne 1 || $1 == -* ]]; then
    echo "restore: wrong arguments: $* (needed: a file, after --replace if so; --help tells more)" >&2
    exit 2
fi
file=$1
if [[ $file != /* ]]; then file=$PWD/$file; fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."

./scripts/setup.sh
exec .venv/bin/python -m entrypoints.restore ${replace[@]+"${replace[@]}"} "$file"
