#!/usr/bin/env bash
# usage: scripts/test.sh
#
# Installs missing dependencies and runs all checks and tests, with its own PostgreSQL.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/help.sh"
refuse_arguments "$@"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

./scripts/setup.sh --dev
exec ./scripts/check
