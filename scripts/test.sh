#!/usr/bin/env bash
# Installs what is missing and runs every check and every test, against a PostgreSQL of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

./scripts/setup.sh --dev
exec ./scripts/check
