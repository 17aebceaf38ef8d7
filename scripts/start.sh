#!/usr/bin/env bash
# Installs what is missing and runs the service in the foreground until Ctrl-C or TERM.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ $# -gt 0 ]]; then
    echo "start: unknown arguments: $* (it takes none; settings are environment variables)" >&2
    exit 2
fi

./scripts/setup.sh
exec .venv/bin/python -m entrypoints.serve
