#!/usr/bin/env bash
# usage: scripts/test.sh
#
# Installs what is missing and runs every check and every test, against a PostgreSQL of its own.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/help.sh"
refuse_arguments "$@"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

./scripts/setup.sh --dev
exec ./scripts/check
