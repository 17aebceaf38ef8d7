#!/usr/bin/env bash
# usage: scripts/restore.sh [--replace] FILE
#
# Restores a backup into the database (DATABASE_URL, or the embedded one in BATEIA_DATA_DIR). Stop the service first.
# --replace deletes the database's current content. Set PG_BIN to the folder of PostgreSQL's programs if they are not found.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/help.sh"

replace=()
if [[ ${1:-} == --replace ]]; then
    replace=(--replace)
    shift
fi
if [[ $# -ne 1 || $1 == -* ]]; then
    echo "restore: wrong arguments: $* (usage: restore.sh [--replace] FILE; see --help)" >&2
    exit 2
fi
file=$1
if [[ $file != /* ]]; then file=$PWD/$file; fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."

./scripts/setup.sh
exec .venv/bin/python -m entrypoints.restore ${replace[@]+"${replace[@]}"} "$file"
